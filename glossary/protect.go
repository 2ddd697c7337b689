package glossary

import (
	"strings"
	"unicode/utf8"

	"depeche/segment"
)

// Strategy says what a backend gets in place of a term.
type Strategy string

// The strategies. StrategyAuto chooses for each term: a name of one word is
// given in its English form, which engines copy like any name and which keeps
// the sentence natural; adjectives and verbs stay, for a sentence without them
// goes wrong, and so do terms that engines know, and are repaired afterwards;
// the rest becomes a placeholder.
// StrategyCode makes placeholders of all terms: for a second try.
// StrategyMarkup encloses the English form in <x id="n">…</x>, for backends
// that keep tags. StrategyLeave changes nothing and relies on the repair.
const (
	StrategyAuto   Strategy = ""
	StrategyCopy   Strategy = "copy"
	StrategyCode   Strategy = "code"
	StrategyMarkup Strategy = "markup"
	StrategyLeave  Strategy = "leave"
)

// Protected is a text whose terms were put out of a backend's reach.
type Protected struct {
	Text string // goes to the backend

	glossary *Glossary
	source   string
	matches  []Match
	slots    []slot
	code     code
}

// slot is a match's place in the protected text.
type slot struct {
	how   Strategy
	span  segment.Span // in Protected.Text
	token string       // for StrategyCode
}

// Protect replaces the matches of a text by what the backend shall copy, each
// in the way that suits it.
func (g *Glossary) Protect(text string, ms []Match) *Protected {
	return g.ProtectAs(text, ms, StrategyAuto)
}

// ProtectBut is Protect for a backend whose service keeps the list: its terms
// stay in the text.
func (g *Glossary) ProtectBut(text string, ms []Match, kept *List) *Protected {
	return g.protect(text, ms, func(m *Match) Strategy {
		if kept.Has(m.Term) {
			return StrategyLeave
		}
		return StrategyAuto
	})
}

// ProtectAs is Protect with one strategy for all matches.
func (g *Glossary) ProtectAs(text string, ms []Match, how Strategy) *Protected {
	return g.protect(text, ms, func(*Match) Strategy { return how })
}

func (g *Glossary) protect(text string, ms []Match, how func(*Match) Strategy) *Protected {
	entriesOf(ms)
	p := &Protected{glossary: g, source: text, matches: ms, slots: make([]slot, len(ms))}
	p.code = newCode(text, ms)
	var b strings.Builder
	at := 0
	for i := range ms {
		m := &ms[i]
		h := how(m)
		if h == StrategyAuto {
			h = m.strategy()
		}
		s := slot{how: h}
		whole := m.Whole
		lead := m.lead
		if h == StrategyLeave {
			// The article stays with the French words.
			whole.Start, lead = m.Span.Start, ""
		}
		b.WriteString(text[at:whole.Start])
		b.WriteString(lead)
		s.span.Start = b.Len()
		switch h {
		case StrategyLeave:
			b.WriteString(m.Span.Of(text))
		case StrategyCode:
			s.token = p.code.token(i)
			b.WriteString(s.token)
		case StrategyMarkup:
			b.WriteString(markupOpen(i))
			b.WriteString(m.Target)
			b.WriteString("</x>")
		default:
			b.WriteString(m.Target)
		}
		s.span.End = b.Len()
		b.WriteString(m.tail)
		at = whole.End
		p.slots[i] = s
	}
	b.WriteString(text[at:])
	p.Text = b.String()
	return p
}

// Again gives the text with placeholders for all terms, for a second try with
// a backend whose answer to the first one lost a term; nil if that would be
// the same text.
func (p *Protected) Again() *Protected {
	q := p.glossary.ProtectAs(p.source, p.matches, StrategyCode)
	if q.Text == p.Text {
		return nil
	}
	return q
}

// strategy is what suits the match with an engine that nothing is known of.
func (m *Match) strategy() Strategy {
	switch {
	case m.entry.known, m.Term.POS == "adjective", m.Term.POS == "verb", m.Term.POS == "adverb":
		return StrategyLeave
	}
	if m.entry.capital && m.Term.Article != ArticleThe && !m.Term.Keep && copyable(m.Target) {
		return StrategyCopy
	}
	return StrategyCode
}

// copyable reports whether an engine copies a word: a name of one word that
// does not look French.
func copyable(s string) bool {
	if utf8.RuneCountInString(s) < 3 || !startsUpper(s) || strings.ContainsAny(s, " -'’") {
		return false
	}
	switch fold(s) {
	case "les", "des", "une", "est", "son", "ses", "mes", "tes", "mon", "ton", "sur", "par", "pas", "que", "qui", "aux", "car", "mer", "cap", "sac", "fin", "ans", "eau", "air", "art", "bon", "pour", "dans", "mais", "plus", "nous", "vous", "tous", "elle", "leur", "dont", "sans", "sous", "cour", "pont", "port":
		return false
	}
	return true
}

// code makes placeholders. They look like acronyms, which engines copy: two
// consonants that stand nowhere in the text and one or two letters for the
// number.
type code struct {
	prefix string
	width  int
}

const codeLetters = "ABCDEFGHJKLMNPRTUVWYZ" // without I, O and S, which read as 1, 0 and a plural

func newCode(text string, ms []Match) code {
	var all strings.Builder
	all.WriteString(text)
	for i := range ms {
		all.WriteByte(' ')
		all.WriteString(ms[i].Target)
	}
	c := code{prefix: "XQ", width: 1}
	n := len(codeLetters)
	for n < len(ms) {
		n *= len(codeLetters)
		c.width++
	}
	packed := strings.Map(func(r rune) rune {
		if wordRune(r) {
			return r
		}
		return -1
	}, fold(all.String()))
	for _, p := range []string{"XQ", "ZX", "QX", "KX", "XJ", "WX", "QZ", "JX", "QK", "VQ", "XK", "ZQ", "QJ", "XZ", "JQ", "QV", "KQ", "WQ", "VX", "QW"} {
		if !strings.Contains(packed, strings.ToLower(p)) {
			c.prefix = p
			return c
		}
	}
	for a := 'A'; a <= 'Z'; a++ { // a text that holds them all
		for b := 'A'; b <= 'Z'; b++ {
			for d := 'A'; d <= 'Z'; d++ {
				if p := string([]rune{a, b, d}); !strings.Contains(packed, strings.ToLower(p)) {
					c.prefix = p
					return c
				}
			}
		}
	}
	return c
}

func (c code) token(i int) string {
	b := make([]byte, c.width)
	for k := c.width - 1; k >= 0; k-- {
		b[k] = codeLetters[i%len(codeLetters)]
		i /= len(codeLetters)
	}
	return c.prefix + string(b)
}

// number is the inverse of token for its letters; -1 if they are none.
func (c code) number(letters string) int {
	n := 0
	for _, r := range strings.ToUpper(letters) {
		k := strings.IndexRune(codeLetters, r)
		if k < 0 {
			return -1
		}
		n = n*len(codeLetters) + k
	}
	return n
}
