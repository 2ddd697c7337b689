package phrase

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// piece is a translated phrase: its words and its place in the source.
type piece struct {
	words      []string
	start, end int  // bytes in the source
	given      bool // copied from the source, or a term
	capital    bool // a name
	starts     bool // a sentence begins in it, with a capital
	shout      bool
	person     bool   // a qui in it stands for somebody
	owner      string // his or her, where its would be wrong
	perfect    bool   // a tense begins in it that English tells in the simple past
}

// piece is the phrase that a hypothesis ends with.
func (s *sentence) piece(h *hypothesis) piece {
	start, end := s.tokens[h.from].start, s.tokens[h.last-1].end
	for _, t := range s.tokens[h.from:h.last] { // not in order where they were turned round
		start, end = min(start, t.start), max(end, t.end)
	}
	return piece{h.choice.words, start, end, h.choice.turn == &even,
		h.last == h.from+1 && s.names[h.from], slices.Contains(s.starts[h.from:h.last], true), s.shout,
		slices.Contains(s.persons[h.from:h.last], true), cmp.Or(s.owners[h.from:h.last]...), slices.Contains(s.perfect[h.from:h.last], true)}
}

// place is where a word stands in the pieces.
type place struct{ part, word int }

func (p place) of(parts []piece) string { return parts[p.part].words[p.word] }

// places are those of all words, in order.
func places(parts []piece) []place {
	var all []place
	for i, p := range parts {
		for k, w := range p.words {
			if w != "" {
				all = append(all, place{i, k})
			}
		}
	}
	return all
}

// assemble writes the translation with its capitals and its alignment.
func assemble(in Input, parts []piece) Output {
	source := in.Text
	var out Output
	var b strings.Builder
	glue, begin, opening, last := true, true, false, ""
	tight, dash := tightMarks(source), dashOf(source)
	parts = slices.Clone(parts)
	narrate(parts)
	appellations(parts)
	parts = articles(parts)
	if !strings.Contains(source, "EUR") {
		euros(parts)
	}
	first := strings.IndexFunc(source, unicode.IsLetter)
	sentence := first >= 0 && startsUpper(source[first:])
	for i, p := range parts {
		from := -1
		for k, w := range p.words {
			if w == "" {
				continue
			}
			if w == "which" && p.person && !p.given {
				w = "who"
			}
			if w == "its" && p.owner != "" && !p.given {
				w = p.owner
			}
			if in.Respell != nil && !p.given {
				w = in.Respell(w)
			}
			switch {
			case p.shout:
				w = strings.ToUpper(w)
			case hasLetter(w) && (begin && sentence || p.capital && k == 0 || opening && startAhead(parts[i:])):
				r, size := utf8.DecodeRuneInString(w)
				w = string(unicode.ToUpper(r)) + w[size:]
			}
			begin = begin && !hasLetter(w)
			opening = opens(w) || w == "“" || w == "”" || opening && !hasLetter(w)
			joins := strings.Contains(tight, w)
			if !glue && !joins && !closes(w) && !(ordinal(w) && isNumber(last)) {
				b.WriteByte(' ')
			}
			if w == "-" && !joins {
				w = dash
			}
			if from < 0 {
				from = b.Len()
			}
			b.WriteString(w)
			last = w
			glue = joins || w == "(" || w == "[" || w == "“" || w == "$" || w == "£" || w == "#"
		}
		if from >= 0 {
			out.Links = append(out.Links, Link{p.start, p.end, from, b.Len()})
		}
	}
	out.Text = b.String()
	return out
}

// startAhead reports whether a sentence begins in the first piece, or in one
// before it in the source that was moved behind it.
func startAhead(parts []piece) bool {
	for i, p := range parts {
		if p.starts && p.start <= parts[0].start {
			return true
		}
		if i > 0 && slices.ContainsFunc(p.words, opens) {
			break
		}
	}
	return false
}

// tightMarks gives the marks that stand in the source without spaces, wherever
// they stand: km/h, et/ou, AT&T.
func tightMarks(source string) string {
	var tight []byte
	for _, m := range []byte("/-&+_=") {
		spaced, glued := false, false
		for i := range len(source) {
			if source[i] != m {
				continue
			}
			before, _ := utf8.DecodeLastRuneInString(source[:i])
			after, _ := utf8.DecodeRuneInString(source[i+1:])
			if i == 0 || i+1 == len(source) || unicode.IsSpace(before) || unicode.IsSpace(after) {
				spaced = true
			} else {
				glued = true
			}
		}
		if glued && !spaced {
			tight = append(tight, m)
		}
	}
	return string(tight)
}

// dashOf is the dash that the source has between spaces.
func dashOf(source string) string {
	for _, dash := range []string{"–", "—"} {
		if strings.Contains(source, dash) {
			return dash
		}
	}
	return "-"
}

// ordinal is what a number takes on its end in English, which the tables know
// as a word.
func ordinal(w string) bool {
	switch w {
	case "st", "nd", "rd", "th", "s":
		return true
	}
	return false
}

func isNumber(w string) bool {
	return w != "" && !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsDigit(r) })
}
