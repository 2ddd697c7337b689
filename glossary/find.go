package glossary

import (
	"slices"
	"strings"

	"github.com/kljensen/snowball/french"
)

// FindOptions narrows what Find looks for.
type FindOptions struct {
	Client string // desk or client: its entries go first, those of others are left out
	Domain string // entries of this domain go before others of the same form
	Around string // more text for context words: the neighbouring segments
}

// compile fills the matchers.
func (g *Glossary) compile() {
	g.source.init()
	g.banned.init()
	for i := range g.entries {
		e := &g.entries[i]
		t := e.term
		for k, s := range t.Sources {
			head, _, _ := strings.Cut(s, " ")
			g.source.add(variant{fixed: looksAlike(head), many: t.plural(k), entry: int32(i), form: int32(k), text: s, verb: t.POS == "verb", adj: t.POS == "adjective", inflects: !e.proper && !t.Keep,
				plain: !e.proper && t.Client == "" && t.Domain == "" && len(t.Context) == 0}, t.Case)
		}
		for k, s := range t.Forbidden {
			if startsUpper(s) {
				g.banned.add(variant{entry: int32(i), form: int32(k), text: s}, CaseExact)
			}
		}
	}
	g.source.seal()
	g.banned.seal()
}

// Find gives the occurrences of the glossary's terms in a text, in their
// order and without overlap: the longest wins, then the earlier one, then the
// set and the entry with the higher priority.
func (g *Glossary) Find(text string, o FindOptions) []Match {
	w := g.source.pool.Get().(*workspace)
	defer g.source.pool.Put(w)
	g.source.find(text, w)
	if len(w.hits) == 0 {
		return nil
	}
	return g.matches(text, w.toks, w.hits, o)
}

func (g *Glossary) matches(text string, toks []token, hits []hit, o FindOptions) []Match {
	var stems map[string]bool
	var ranks map[int32]int
	hits = slices.DeleteFunc(hits, func(h hit) bool {
		if h.v.plain && o.Client == "" && o.Domain == "" {
			return false // nothing to choose by, and no look at the entry
		}
		t := g.entries[h.v.entry].term
		r := 0
		switch {
		case t.Client == "" && o.Client != "", t.Client != "" && o.Client == "":
			r += 4
		case !strings.EqualFold(t.Client, o.Client):
			return true
		}
		if len(t.Context) > 0 {
			if stems == nil {
				stems = stemsOf(text + " " + o.Around)
			}
			if !slices.ContainsFunc(t.Context, func(c string) bool { return stemsIn(c, stems) }) {
				return true
			}
		} else {
			r += 2
		}
		if o.Domain != "" && !strings.EqualFold(t.Domain, o.Domain) {
			r++
		}
		if r != 2 { // the common case needs no map
			if ranks == nil {
				ranks = make(map[int32]int)
			}
			ranks[h.v.entry] = r - 2
		}
		return g.source.indefinite(text, toks, h, g.entries[h.v.entry].proper)
	})
	hits = settle(hits, func(h hit) int { return ranks[h.v.entry] })
	list := make([]Match, 0, len(hits))
	for _, h := range hits {
		e := &g.entries[h.v.entry]
		if h.plural == same && !e.proper && h.v.many {
			h.plural = plural // les chars, of "char|chars,tank"
		}
		if h.plural == same && !e.proper && (h.v.upper || h.v.fixed) && pluralBefore(text, toks, h.first) {
			h.plural = plural // les ONG, plusieurs cessez-le-feu
		}
		m := Match{Term: e.term, Span: h.span, entry: e, Target: e.target}
		if h.plural != same || e.forms {
			m.Target = e.term.form(int(h.v.form), h.plural)
		}
		if e.keep {
			m.Target = h.span.Of(text)
		}
		m.article(text, toks, h.first)
		list = append(list, m)
	}
	return collapse(text, list)
}

// plural reports whether source i is the plural of another one, and the entry
// has one target for both.
func (t *Term) plural(i int) bool {
	if len(t.Sources) == 1 || len(t.Forms) > 0 || allCaps(t.Sources[i]) {
		return false
	}
	head, _, _ := strings.Cut(t.Sources[i], " ")
	if looksAlike(head) {
		return false
	}
	one := numbered(t.Sources[i], singular)
	return one != t.Sources[i] && slices.ContainsFunc(t.Sources, func(s string) bool { return agree(one, s) })
}

// form is the target for a variant of the source, in its number.
func (t *Term) form(i int, n number) string {
	form := t.Target
	if i < len(t.Forms) && t.Forms[i] != "" {
		form = t.Forms[i]
	}
	if n == same || t.POS == "adjective" || t.POS == "verb" || t.POS == "adverb" {
		return form
	}
	if n == plural && len(t.Sources) == 1 && len(t.Forms) > 1 {
		return t.Forms[1]
	}
	// Another form of the entry is the wanted one if its source is.
	for k, s := range t.Sources {
		if k == i || k >= len(t.Forms) {
			continue
		}
		if agree(numbered(t.Sources[i], n), s) {
			return t.Forms[k]
		}
	}
	if n == plural {
		return Plural(form)
	}
	return form
}

// numbered gives a phrase in the other number: "chefs d'état-major". What
// stands behind a preposition does not change.
func numbered(s string, n number) string {
	words := strings.Fields(s)
	for i, w := range words {
		if i > 0 && (complement[fold(w)] || strings.HasPrefix(fold(w), "d'")) {
			break
		}
		list := plurals(w)
		if n == singular {
			list = singulars(w)
			if looksAlike(w) {
				list = nil
			}
		}
		if len(list) > 0 && !allCaps(w) {
			words[i] = list[0].of(w)
		}
	}
	return strings.Join(words, " ")
}

// complement words begin what a noun governs.
var complement = wordSet("de du des a au aux en pour contre sans sur sous par avec")

// prefixes of compounds that English makes in the same way: "anti-EI".
var prefixes = wordSet("anti pro non post ex")

// indefinite reports whether a name made of common words stands behind an
// indefinite article: "un État islamique" is any Islamic state.
func (m *matcher) indefinite(text string, toks []token, h hit, proper bool) bool {
	if !proper || h.first == 0 || h.v.n < 2 || !strings.ContainsAny(h.v.text, " ") {
		return false
	}
	w := m.words[h.v.from+1]
	if startsUpper(h.v.text[w.start:w.end]) {
		return false
	}
	t := toks[h.first-1]
	switch strings.ToLower(text[t.start:t.end]) {
	case "un", "une", "aucun", "aucune":
		return true
	}
	return false
}

// pluralBefore reports whether a plural determiner stands before token i.
func pluralBefore(text string, toks []token, i int) bool {
	if i == 0 || !toks[i].space {
		return false
	}
	switch strings.ToLower(text[toks[i-1].start:toks[i-1].end]) {
	case "les", "des", "ces", "mes", "tes", "ses", "nos", "vos", "leurs", "aux", "plusieurs", "certaines", "certains", "quelques", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix":
		return true
	}
	return false
}

// stemsOf gives the stems of a text's words, for context words: there it is
// the meaning that counts, so that "bancaire" may speak for "banque".
func stemsOf(text string) map[string]bool {
	stems := make(map[string]bool)
	for _, t := range scan(text, nil) {
		if t.word() {
			stems[stem(text[t.start:t.end])] = true
		}
	}
	return stems
}

func stemsIn(phrase string, stems map[string]bool) bool {
	for _, t := range scan(phrase, nil) {
		if t.word() && !stems[stem(phrase[t.start:t.end])] {
			return false
		}
	}
	return true
}

func stem(w string) string { return fold(french.Stem(strings.ToLower(w), true)) }

// article takes the article before the term into Whole and settles what the
// backend gets in its place. A name that has no article in English loses it
// in French too ("de l'EI" is "de ISIS"), for an engine would carry it over;
// before other terms an elided article becomes a full one, for what follows
// may begin with a consonant.
func (m *Match) article(text string, toks []token, first int) {
	m.Whole, m.head = m.Span, true
	if first == 0 {
		return
	}
	if first > 1 && toks[first-1].mark() == '-' && toks[first-2].end == toks[first-1].start {
		if p := text[toks[first-2].start:m.Span.Start]; prefixes[fold(p[:toks[first-2].end-toks[first-2].start])] {
			m.Prefix = p
		}
		return
	}
	word := func(i int) string { // if it is as short as an article
		if i < 0 || toks[i].end-toks[i].start > 3 {
			return ""
		}
		return strings.ToLower(text[toks[i].start:toks[i].end])
	}
	from := first - 1
	quoted := "" // « l'"État islamique" »: the article stands before the quotation mark
	if toks[from].quote && from > 0 && m.entry.bare {
		quoted = text[toks[from].start:m.Span.Start]
		from--
	}
	term := from + 1 // the first token behind the article
	if toks[from].mark() == '\'' && from > 0 && toks[from-1].end == toks[from].start {
		from--
	}
	w := word(from)
	if word(from-1) == "de" {
		m.head = false
	}
	elided := from == term-2
	bare := m.entry.bare
	lead := ""
	switch {
	case elided && w == "l":
		if m.strategy() == StrategyCopy && !bare && strings.ContainsRune("AEIOU", rune(m.Target[0])) {
			return
		}
		if !bare {
			lead = m.gender() + " "
		}
	case elided && w == "d":
		lead, m.head = "de ", false
	case elided || !toks[term].space:
		return
	case w == "le" || w == "la" || w == "les":
		if !bare {
			return
		}
	case w == "du" || w == "des":
		m.head = false
		if !bare {
			return
		}
		lead = "de "
	case w == "au" || w == "aux":
		if !bare {
			return
		}
		lead = "à "
	case w == "de":
		m.head = false
		return
	default:
		return
	}
	m.Whole.Start, m.lead = int(toks[from].start), lead+quoted
	if r := text[m.Whole.Start:]; startsUpper(r) && lead != "" {
		m.lead = capitalize(lead) + quoted
	}
}

// gender is the article for the French term when its elided one is undone.
func (m *Match) gender() string {
	w := strings.ToLower(strings.Fields(m.Term.Sources[0])[0])
	for _, e := range []string{"ion", "té", "ée", "ie", "ence", "ance", "ture", "enne"} {
		if strings.HasSuffix(w, e) {
			return "la"
		}
	}
	if allCaps(m.Term.Sources[0]) {
		return "la" // ONU, OMS, AIEA: organisation, agence, union
	}
	return "le"
}
