package marian

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/translate/marian/sentencepiece"
)

// text is an input on its way.
type text struct {
	input Input
	parts []*part // none for a text that is copied
}

// part is a text, or a piece of one that is too long to be translated at once.
type part struct {
	start, end int // bytes of the whole text
	text       string
	last       bool
	tokens     []sentencepiece.Token // spans within the part
	source     []int32               // the tokens' words and the end of sentence
	terms      []termTokens
	termIndex  []int // of terms, in the input
	sentence   sentence
	result     result
}

// prepare splits an input into tokens and, if need be, into parts.
func (m *Model) prepare(in Input, o Options) *text {
	t := &text{input: in}
	tokens := m.sourceVoc.Encode(in.Text)
	if !m.translatable(in.Text, tokens) && (len(in.Terms) == 0 || len(tokens) == 0) {
		return t
	}
	cuts := cutTokens(in, tokens, o.MaxSource-1)
	from := 0
	for i, to := range cuts {
		if to == from {
			continue
		}
		start, end := tokens[from].Start, len(in.Text)
		if i == 0 {
			start = 0
		}
		if i+1 < len(cuts) {
			end = tokens[to].Start
		}
		p := m.newPart(in, start, end, o)
		p.last = i+1 == len(cuts)
		t.parts = append(t.parts, p)
		from = to
	}
	return t
}

// newPart tokenises a piece of a text for itself, the longest being half of
// maxPositions.
func (m *Model) newPart(in Input, start, end int, o Options) *part {
	p := &part{start: start, end: end, text: in.Text[start:end]}
	for i, term := range in.Terms {
		if len(p.terms) < maxTerms && start <= term.Start && term.Start < term.End && term.End <= end && len(term.Targets) > 0 {
			p.terms = append(p.terms, termTokens{start: term.Start - start, end: term.End - start, forms: term.Targets, untold: term.Likely})
			p.termIndex = append(p.termIndex, i)
		}
	}
	p.tokens = m.tokenize(p.text, p.terms)
	if len(p.tokens) >= maxPositions { // annotations take too much room
		p.tokens = m.sourceVoc.Encode(p.text)
	}
	for _, t := range p.tokens {
		p.source = append(p.source, t.ID)
	}
	p.source = append(p.source, m.end)
	for i := range p.terms {
		t := &p.terms[i]
		t.start, t.end = tokensOf(p.tokens, t.start, t.end)
	}
	const least = 12 // a short text may need more words than its factor allows
	limit := int(o.MaxLengthFactor * float64(len(p.source)))
	if float64(limit) < o.MaxLengthFactor*float64(len(p.source)) {
		limit++
	}
	p.sentence = sentence{source: p.source, limit: min(max(limit, least), maxPositions), guard: newLoopGuard(p.source[:len(p.source)-1])}
	p.sentence.guard.off = o.KeepLoops
	return p
}

// tokensOf is the range of tokens that overlap a span of bytes. A token that
// covers only the space before the span is not among them.
func tokensOf(tokens []sentencepiece.Token, start, end int) (from, to int) {
	for from < len(tokens) && tokens[from].End <= start {
		from++
	}
	to = from
	for to < len(tokens) && tokens[to].Start < end {
		to++
	}
	return from, to
}

// translatable reports whether a text has words, written in characters that
// the model knows. Anything else is best left as it is: a model makes up text
// for it.
func (m *Model) translatable(text string, tokens []sentencepiece.Token) bool {
	if len(tokens) == 0 || utf8.RuneCountInString(strings.TrimSpace(text)) < 2 {
		return false
	}
	letters, strange := 0, 0
	for _, t := range tokens {
		n := 0
		for _, r := range text[t.Start:t.End] {
			if unicode.IsLetter(r) {
				n++
			}
		}
		letters += n
		switch m.sourceVoc.Kind(t.ID) {
		case sentencepiece.Unknown, sentencepiece.Byte:
			strange += n
		}
	}
	return letters > 0 && 3*strange <= 2*letters
}

// cutTokens divides tokens into pieces of at most limit, in as few and as
// equal pieces as good places allow, and returns the ends of the pieces.
func cutTokens(in Input, tokens []sentencepiece.Token, limit int) []int {
	var ends []int
	from := 0
	for len(tokens)-from > limit {
		pieces := (len(tokens) - from + limit - 1) / limit
		ideal := (len(tokens) - from + pieces - 1) / pieces
		best, bestValue := from+limit, -1e9
		for at := from + max(1, limit/4); at <= from+limit; at++ {
			value := cutValue(in, tokens, at)
			away := float64(at-from-ideal) / float64(limit)
			if value -= float64(4 * float64(away*away)); value >= bestValue {
				best, bestValue = at, value
			}
		}
		ends = append(ends, best)
		from = best
	}
	return append(ends, len(tokens))
}

// cutValue says how good a place before token at is for a cut.
func cutValue(in Input, tokens []sentencepiece.Token, at int) float64 {
	place := tokens[at].Start
	for _, t := range in.Terms {
		if t.Start < place && place < t.End {
			return -100
		}
	}
	next, _ := utf8.DecodeRuneInString(in.Text[place:])
	if !unicode.IsSpace(next) {
		return -10 // within a word
	}
	before := strings.TrimRightFunc(in.Text[:place], unicode.IsSpace)
	after := strings.TrimLeftFunc(in.Text[place:], unicode.IsSpace)
	trimmed := strings.TrimRight(before, "»”\"’)]\u00a0\u202f ")
	last, _ := utf8.DecodeLastRuneInString(trimmed)
	first, _ := utf8.DecodeRuneInString(after)
	switch {
	case strings.ContainsRune(".!?…", last) && !unicode.IsLower(first):
		return 4
	case last == ';' || last == ':' && trimmed == before:
		return 3
	case strings.ContainsRune("–—", last) || strings.ContainsRune("–—(«“", first):
		return 2.5
	case last == ',':
		if joins(after) {
			return 2.5
		}
		return 2
	case strings.ContainsRune("»”)", lastRune(before)):
		return 1.8
	case joins(after):
		return 1.5
	case strings.ContainsRune(",;:.!?»”)", first):
		return -5 // the mark belongs to what is before
	}
	return 0
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// joins reports whether a clause begins: with a conjunction or a relative
// pronoun.
func joins(after string) bool {
	word, _, _ := strings.Cut(after, " ")
	switch strings.ToLower(word) {
	case "et", "mais", "ou", "car", "donc", "or", "que", "qui", "dont", "où", "lorsque", "quand", "puisque",
		"parce", "alors", "tandis", "pendant", "afin", "pour", "comme", "si", "selon", "après", "avant":
		return true
	}
	return strings.HasPrefix(strings.ToLower(word), "qu’") || strings.HasPrefix(strings.ToLower(word), "qu'")
}
