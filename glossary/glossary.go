// Package glossary holds terms: it parses glossaries, finds terms in French
// texts in every form, makes a backend obey them and checks what came out.
//
// A dispatch travels through it like this: Find gives the matches of a source
// text, with pairs in apposition ("Daesh (EI)") fallen together; Protect puts
// something in their place that a backend copies; Restore puts the terms into
// its answer, whatever became of the placeholders, and repairs what it can;
// Check compares source and target and reports what does not hold. Backends
// that obey terms themselves skip Protect and Restore; Repair takes their
// place.
package glossary

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"

	"depeche/segment"
)

// Term is an entry: what may stand in a source and what must stand in its
// translation.
type Term struct {
	Sources   []string // variants; the first one names the entry
	Target    string   // preferred, without article
	Forms     []string // target forms in the order of Sources, where the entry gives them; Forms[0] is Target
	Allowed   []string // targets that are accepted too
	Forbidden []string // targets that are an error
	Article   Article  // of the target
	Case      Case
	POS       string // noun, verb, adjective, adverb, other, "proper"
	Domain    string
	Client    string
	Context   []string // words one of which must be near, to choose between entries of one form
	Note      string
	Keep      bool // do not translate: the target is the source's own words
	File      string
	Pos       segment.Pos // in File
}

// Article says which article a target has in a sentence when it stands alone.
type Article string

// The articles. A target written with "the" in a glossary ("the UN") is
// ArticleThe; with ArticleNone ("ISIS") "the ISIS" is kept only before a noun.
const (
	ArticleAuto Article = ""     // none for acronyms that are spoken as words, for the rest as the backend has it
	ArticleThe  Article = "the"  // "the UN"
	ArticleNone Article = "none" // "NATO"
)

// Case is an entry's rule for capitals.
type Case string

// The case rules. With CaseAuto a variant all in capitals matches only in
// capitals and any other variant in any case.
const (
	CaseAuto   Case = ""
	CaseExact  Case = "exact"
	CaseIgnore Case = "ignore"
)

// Match is an occurrence of a term in a source text.
type Match struct {
	Term   *Term
	Span   segment.Span // the term's own words
	Whole  segment.Span // with article, elision and collapsed apposition
	Target string       // the form that the target shall hold
	Prefix string       // what makes a compound with it and stands right before Span: "anti-"

	entry *entry
	lead  string // what stands before the placeholder in place of the article: "", "de ", "la "
	tail  string // what stands after it, of a collapsed apposition: " ("
	head  bool   // the term is the head of its noun phrase: "l'EI", not "des combattants de l'EI"
}

// Required is what a backend that obeys terms puts the target for: the term's
// words with what makes a compound with them and what falls together with them.
// Where a part of a bracket stays, the names in it fall together afterwards.
func (m *Match) Required() segment.Span {
	s := segment.Span{Start: m.Span.Start - len(m.Prefix), End: m.Span.End}
	if m.tail == "" {
		s.End = max(s.End, m.Whole.End)
	}
	return s
}

// Set is a glossary as it was loaded: a name for messages and its entries.
type Set struct {
	Name  string
	Terms []Term
	// Known says that engines know these terms by themselves: they are left in
	// the text at first and put out of reach only in a second try, and one that
	// is missing is a warning.
	Known bool
}

// Glossary is a set of entries ready for use. It does not change and is safe
// for concurrent use.
type Glossary struct {
	entries   []entry
	source    matcher // variants
	banned    matcher // forbidden names, which are an error in any target
	hash      string
	name      string // of the sets that engines do not know
	conflicts []Conflict
	files     map[string]bool // names of the files and sets, without their folders
}

// entry is a term with what matching needs of it, in one cache line.
type entry struct {
	term    *Term
	target  string // term.Target
	group   string // entries of one group are counted together
	known   bool   // of a set that engines know
	proper  bool   // a name: no inflection
	bare    bool   // the target has no article
	capital bool   // the first source holds a capitalised word
	forms   bool   // the term has more than one target form
	keep    bool   // term.Keep
	targets atomic.Pointer[patterns]
}

func newEntry(t *Term) *entry {
	e := new(entry)
	e.init(t)
	return e
}

func (e *entry) init(t *Term) {
	e.term, e.target, e.group, e.forms = t, t.Target, fold(t.Target), len(t.Forms) > 0
	e.keep = t.Keep
	e.proper, e.bare, e.capital = t.isName(), t.bare(), t.hasCapital()
}

// Conflict is two entries that claim the same source form with different
// targets and nothing that would choose between them. The first one wins. That
// an entry takes the place of one that engines know is no conflict: the
// starter glossary is there to be overruled.
type Conflict struct {
	Form          string
	First, Second *Term
}

func (c Conflict) String() string {
	return fmt.Sprintf("%s: %q is %q here and %q in %s, which is used",
		place(c.Second), c.Form, c.Second.Target, c.First.Target, place(c.First))
}

func place(t *Term) string {
	if t.Pos.Line == 0 {
		return t.File
	}
	return fmt.Sprintf("%s:%s", t.File, t.Pos)
}

// New makes a glossary of sets; an earlier set has priority over a later one,
// and so has an earlier entry within a set. Entries without a source or
// without a target are an error with their place.
func New(sets ...Set) (*Glossary, error) {
	g := &Glossary{files: make(map[string]bool)}
	n := 0
	for _, s := range sets {
		n += len(s.Terms)
	}
	g.entries = make([]entry, n)
	n = 0
	for _, s := range sets {
		if !s.Known {
			g.name = strings.TrimPrefix(g.name+"-"+s.Name, "-")
		}
		for k := range s.Terms {
			t := s.Terms[k]
			if t.File == "" {
				t.File = s.Name
			}
			if err := t.valid(); err != nil {
				return nil, err
			}
			g.files[filepath.Base(t.File)] = true
			e := &g.entries[n]
			e.init(&t)
			e.known = s.Known
			n++
		}
	}
	g.inheritArticles()
	g.compile()
	g.conflicts = g.findConflicts()
	h := sha256.New()
	var buf []byte
	for i := range g.entries {
		buf = g.entries[i].term.appendHash(buf[:0])
		if g.entries[i].known {
			buf = append(buf, '*')
		}
		h.Write(buf)
	}
	g.hash = hex.EncodeToString(h.Sum(nil)[:16])
	return g, nil
}

// inheritArticles gives entries that say nothing of an article the one of the
// known name that is their target: few glossaries have a column for it.
func (g *Glossary) inheritArticles() {
	articles := make(map[string]Article)
	for i := range g.entries {
		if e := &g.entries[i]; e.known && e.proper && !e.keep {
			switch {
			case e.term.Article == ArticleAuto:
				e.bare = true // a known name that takes one has it: "the Kremlin"
				articles[e.target] = ArticleNone
			case articles[e.target] == ArticleAuto:
				articles[e.target] = e.term.Article
			}
		}
	}
	for i := range g.entries {
		if e := &g.entries[i]; !e.known && !e.keep && e.capital && e.term.Article == ArticleAuto && articles[e.target] != ArticleAuto {
			e.term.Article = articles[e.target]
			e.bare = e.term.bare()
		}
	}
}

func (t *Term) valid() error {
	if len(t.Sources) == 0 || strings.TrimSpace(t.Sources[0]) == "" {
		return fmt.Errorf("%s: the entry has no source term", place(t))
	}
	if strings.TrimSpace(t.Target) == "" && !t.Keep {
		return fmt.Errorf("%s: %q has no target", place(t), t.Sources[0])
	}
	return nil
}

// appendHash appends all that can change a translation, each value with its
// length, so that no two entries look alike.
func (t *Term) appendHash(b []byte) []byte {
	put := func(s string) {
		b = strconv.AppendInt(b, int64(len(s)), 10)
		b = append(append(b, ':'), s...)
	}
	for _, list := range [][]string{t.Sources, {t.Target}, t.Forms, t.Allowed, t.Forbidden, t.Context,
		{string(t.Article), string(t.Case), t.POS, t.Domain, t.Client, strconv.FormatBool(t.Keep)}} {
		b = strconv.AppendInt(b, int64(len(list)), 10)
		b = append(b, ' ')
		for _, s := range list {
			put(s)
		}
	}
	return b
}

// Hash identifies the entries and their order: two glossaries with the same
// hash treat every text alike. It is 32 hexadecimal digits.
func (g *Glossary) Hash() string { return g.hash }

// Len is the number of entries.
func (g *Glossary) Len() int { return len(g.entries) }

// Holds reports whether entries of the file or set with this name, without its
// folder, are in the glossary.
func (g *Glossary) Holds(name string) bool { return g != nil && g.files[name] }

// Terms gives the entries in the order of their priority. They must not be
// changed.
func (g *Glossary) Terms() []*Term {
	list := make([]*Term, len(g.entries))
	for i := range g.entries {
		list[i] = g.entries[i].term
	}
	return list
}

// Conflicts lists the entries that contradict each other, in their order.
func (g *Glossary) Conflicts() []Conflict { return g.conflicts }

//go:embed news.csv
var newsCSV string

// News is the starter glossary for news that comes with the program:
// international organisations, institutions, parties to conflicts, media.
func News() Set {
	terms, err := ReadCSV(strings.NewReader(newsCSV), "news")
	if err != nil {
		panic(err) // a test reads it
	}
	return Set{Name: "news", Terms: terms, Known: true}
}

// isName reports whether the entry is a name, which has no plural: it says so,
// or a capitalised source has an acronym for a target.
func (t *Term) isName() bool {
	switch t.POS {
	case "proper":
		return true
	case "":
		return len(t.Forms) <= 1 && t.hasCapital() && allCaps(t.Target)
	}
	return false
}

// hasCapital reports whether the entry's first source holds a capitalised word.
func (t *Term) hasCapital() bool {
	for w := range strings.FieldsSeq(t.Sources[0]) {
		if startsUpper(w) {
			return true
		}
	}
	return false
}

// bare reports whether the target stands without an article ("NATO", "ISIS").
// Where the entry does not say, that is so for acronyms that are spoken as
// words; names of other kinds keep the article that the backend gives them
// ("the Kremlin", "the FBI").
func (t *Term) bare() bool {
	switch t.Article {
	case ArticleThe:
		return false
	case ArticleNone:
		return true
	}
	return !t.Keep && t.hasCapital() && (allCaps(t.Target) && spoken(t.Target) || arabicName(t.Target))
}

// arabicName reports whether a name has its article already: "al-Qaeda", but
// "the al-Nusra Front".
func arabicName(s string) bool {
	return strings.HasPrefix(strings.ToLower(s), "al-") && !strings.Contains(s, " ")
}

// spoken reports whether an acronym can be said as a word: four letters or
// more, and no three consonants or vowels in a row.
func spoken(s string) bool {
	run, vowels, letters := 0, false, 0
	for _, r := range s {
		if !unicode.IsLetter(r) {
			return false
		}
		letters++
		v := strings.ContainsRune("AEIOUY", r)
		if v != vowels {
			run = 0
		}
		if run++; run == 3 {
			return false
		}
		vowels = v
	}
	return letters > 3
}
