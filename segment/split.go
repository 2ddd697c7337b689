package segment

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Split cuts the text of one block into segments: sentences, a quotation of
// up to QuotesMax characters together with its attribution. The segments and
// the white space between them give text back byte for byte. Time and memory
// are linear in the length of text, whatever it holds.
func (s *Splitter) Split(text string) []Segment {
	var buf [64]mark
	marks := pair(text, buf[:0])
	return s.split(text, marks, quotations(marks, nil))
}

func (s *Splitter) split(text string, marks []mark, parts []part) []Segment {
	c := cutter{text: text, marks: marks, abbreviations: s.Abbreviations}
	if c.abbreviations == nil {
		c.abbreviations = french
	}
	var keep [32]Span
	c.keep = s.kept(text, marks, parts, keep[:0])
	var buf [32]int
	cuts := append(c.cuts(buf[:0]), len(text))

	segments := make([]Segment, 0, len(cuts))
	start := 0
	for _, end := range cuts {
		if sp := trim(text, Span{start, end}); !sp.Empty() {
			segments = append(segments, Segment{Text: sp.Of(text), Span: sp})
		}
		start = end
	}
	assign(segments, parts)
	return segments
}

// limit is the length in characters up to which a quotation stays whole.
func (s *Splitter) limit() int {
	if s.QuotesMax <= 0 {
		return DefaultQuotesMax
	}
	return s.QuotesMax
}

// trim takes the white space off both ends of a span.
func trim(text string, sp Span) Span {
	for sp.Start < sp.End {
		r, n := utf8.DecodeRuneInString(text[sp.Start:sp.End])
		if !unicode.IsSpace(r) {
			break
		}
		sp.Start += n
	}
	for sp.Start < sp.End {
		r, n := utf8.DecodeLastRuneInString(text[sp.Start:sp.End])
		if !unicode.IsSpace(r) {
			break
		}
		sp.End -= n
	}
	return sp
}

// kept lists the spans, by their start, that no cut may divide: quotations up
// to the limit and brackets up to the same length.
func (s *Splitter) kept(text string, marks []mark, parts []part, keep []Span) []Span {
	limit := s.limit()
	short := lengths{text: text}
	next, opened, sorted := 0, -1, true
	for i, m := range marks {
		for ; next < len(parts) && parts[next].span.Start <= m.pos; next++ {
			if p := parts[next]; !s.InsideQuotes && (p.whole || p.opened && p.closed && short.within(p.span, limit)) {
				keep = append(keep, p.span)
			}
		}
		switch {
		case m.kind != straights:
		case m.open && int(m.match) > i:
			opened = i
		case !m.open && m.match < 0 && opened >= 0 && int(marks[opened].match) > i && !s.InsideQuotes:
			// Inches inside a quotation, or its end: both readings are kept.
			if sp := (Span{marks[opened].pos, m.end()}); short.within(sp, limit) {
				keep, sorted = append(keep, sp), false
			}
		}
		if m.kind.bracket() && m.open && int(m.match) > i {
			if sp := (Span{m.pos, marks[m.match].end()}); short.within(sp, limit) {
				keep = append(keep, sp)
			}
		}
	}
	for ; next < len(parts); next++ {
		if p := parts[next]; p.whole && !s.InsideQuotes {
			keep = append(keep, p.span)
		}
	}
	if !sorted {
		slices.SortStableFunc(keep, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	}
	return keep
}

// lengths counts the characters of spans whose starts grow.
type lengths struct {
	text string
	runs []int // characters before every 64th byte, made when first needed
}

// within says whether the span has up to limit characters.
func (l *lengths) within(sp Span, limit int) bool {
	if sp.Len() <= limit {
		return true
	}
	if sp.Len() > utf8.UTFMax*limit {
		return false
	}
	if l.runs == nil {
		l.runs = make([]int, 0, len(l.text)/64+2)
		n := 0
		for i := 0; ; i += 64 {
			l.runs = append(l.runs, n)
			if i+64 > len(l.text) {
				break
			}
			n += starts(l.text[i : i+64])
		}
	}
	return l.before(sp.End)-l.before(sp.Start) <= limit
}

func (l *lengths) before(i int) int { return l.runs[i/64] + starts(l.text[i/64*64:i]) }

// starts counts the bytes that begin a character.
func starts(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if utf8.RuneStart(s[i]) {
			n++
		}
	}
	return n
}
