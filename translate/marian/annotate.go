package marian

import (
	"sort"
	"strings"

	"depeche/translate/marian/sentencepiece"
)

// The symbols around a term and its required target in the source of a model
// that was trained to read them.
const (
	beforeTerm   = "__source__ "
	beforeTarget = " __target__ "
	behindTarget = " __done__"
)

// tokenize splits a text into tokens. For a model that reads required terms in
// its source it writes each of them, in order and not overlapping, as
// "__source__ WORDS __target__ REQUIRED __done__"; the tokens that this adds
// cover the term's bytes. It learned that of single words, and writes half of
// several twice: White House House. Those are left to the search. The terms' spans
// are bytes here.
func (m *Model) tokenize(text string, terms []termTokens) []sentencepiece.Token {
	if !m.net.annotated || len(terms) == 0 {
		return m.sourceVoc.Encode(text)
	}
	// a mapped byte of the annotated text stands at byte from of the text; within
	// what was added, start and end of a token are those of the term
	type insert struct{ at, end, from, to int }
	var b strings.Builder
	var inserts []insert
	done := 0
	for _, t := range terms {
		if t.start < done || t.untold || strings.Contains(strings.TrimSpace(t.forms[0]), " ") {
			continue
		}
		b.WriteString(text[done:t.start])
		at := b.Len()
		b.WriteString(beforeTerm)
		b.WriteString(text[t.start:t.end])
		b.WriteString(beforeTarget)
		b.WriteString(strings.TrimSpace(t.forms[0]))
		b.WriteString(behindTarget)
		inserts = append(inserts, insert{at, b.Len(), t.start, t.end})
		done = t.end
	}
	b.WriteString(text[done:])
	place := func(at int, end bool) int {
		i := sort.Search(len(inserts), func(i int) bool { return inserts[i].end > at || end && inserts[i].end == at })
		shift := 0
		if i > 0 {
			shift = inserts[i-1].end - inserts[i-1].to
		}
		if i < len(inserts) && (at > inserts[i].at || at == inserts[i].at && !end) {
			if end {
				return inserts[i].to
			}
			return inserts[i].from
		}
		return at - shift
	}
	tokens := m.sourceVoc.Encode(b.String())
	for i := range tokens {
		t := &tokens[i]
		t.Start, t.End = place(t.Start, false), place(t.End, true)
	}
	return tokens
}
