package phrase

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// piece is a translated phrase: its words and its place in the source.
type piece struct {
	words      []string
	start, end int // bytes in the source
	capital    bool
	shout      bool
}

// pieces gives the phrases of a hypothesis in the order of the translation.
func (s *sentence) pieces(h *hypothesis) []piece {
	var list []piece
	for ; h.back != nil; h = h.back {
		capital := slices.Contains(s.starts[h.from:h.last], true)
		list = append(list, piece{h.choice.words, s.tokens[h.from].start, s.tokens[h.last-1].end, capital, s.shout})
	}
	slices.Reverse(list)
	return list
}

// assemble writes the translation with its capitals and its alignment.
func assemble(source string, parts []piece) Output {
	var out Output
	var b strings.Builder
	glue, begin := true, true
	first := strings.IndexFunc(source, unicode.IsLetter)
	sentence := first >= 0 && startsUpper(source[first:])
	for _, p := range parts {
		from := -1
		for k, w := range p.words {
			if w == "" {
				continue
			}
			switch {
			case p.shout:
				w = strings.ToUpper(w)
			case hasLetter(w) && (begin && sentence || k == 0 && p.capital):
				r, size := utf8.DecodeRuneInString(w)
				w = string(unicode.ToUpper(r)) + w[size:]
			}
			if hasLetter(w) {
				begin = false
			}
			if w == "." || w == "!" || w == "?" {
				begin = true
			}
			if !glue && !closes(w) {
				b.WriteByte(' ')
			}
			if from < 0 {
				from = b.Len()
			}
			b.WriteString(w)
			glue = w == "(" || w == "[" || w == "“" || w == "$" || w == "£" || w == "#"
		}
		if from >= 0 {
			out.Links = append(out.Links, Link{p.start, p.end, from, b.Len()})
		}
	}
	out.Text = b.String()
	return out
}
