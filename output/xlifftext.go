package output

import (
	"fmt"
	"sort"
	"strconv"

	"depeche/segment"
	"depeche/translate"
)

// mark is a part of a text that has an ID.
type mark struct {
	id   string
	span segment.Span
}

func termMarks(p *translate.Pair, of func(*translate.Term) segment.Span) []mark {
	var marks []mark
	for i := range p.Terms {
		if s := of(&p.Terms[i]); !s.Empty() {
			marks = append(marks, mark{p.Source.ID + idTerm + strconv.Itoa(i+1), s})
		}
	}
	sort.SliceStable(marks, func(i, j int) bool {
		a, b := marks[i].span, marks[j].span
		return a.Start < b.Start || a.Start == b.Start && a.End > b.End
	})
	return marks
}

// writeInline writes a <source> or <target> without marks.
func writeInline(x *xmlWriter, name, text string) { writeMarked(x, name, text, nil, false) }

// writeMarked writes a <source> or <target>. Marks, in order of their starts,
// become <mrk>, or <sm/> and <em/> where some cross each other; characters
// that XML lacks become <cp/>.
func writeMarked(x *xmlWriter, name, text string, marks []mark, cross bool) {
	x.indent()
	x.begin(name)
	if cross {
		writeCrossing(x, text, marks)
	} else {
		at := 0
		writeNested(x, text, &at, len(text), &marks)
	}
	x.end()
}

// crossing reports whether any two of the sorted marks overlap without one
// lying in the other.
func crossing(marks []mark) bool {
	var ends []int
	for _, m := range marks {
		for len(ends) > 0 && ends[len(ends)-1] <= m.span.Start {
			ends = ends[:len(ends)-1]
		}
		if len(ends) > 0 && ends[len(ends)-1] < m.span.End {
			return true
		}
		ends = append(ends, m.span.End)
	}
	return false
}

func writeNested(x *xmlWriter, text string, at *int, end int, marks *[]mark) {
	for len(*marks) > 0 && (*marks)[0].span.Start < end {
		m := (*marks)[0]
		*marks = (*marks)[1:]
		writeChars(x, text[*at:m.span.Start])
		*at = m.span.Start
		x.begin("mrk", "id", m.id, "type", "term", "ref", "#gls="+m.id)
		writeNested(x, text, at, m.span.End, marks)
		x.end()
	}
	writeChars(x, text[*at:end])
	*at = end
}

func writeCrossing(x *xmlWriter, text string, marks []mark) {
	ends := append([]mark(nil), marks...)
	sort.SliceStable(ends, func(i, j int) bool { return ends[i].span.End < ends[j].span.End })
	at := 0
	for len(ends) > 0 {
		if len(marks) > 0 && marks[0].span.Start < ends[0].span.End {
			m := marks[0]
			marks = marks[1:]
			writeChars(x, text[at:m.span.Start])
			at = m.span.Start
			x.point("sm", "id", m.id, "type", "term", "ref", "#gls="+m.id)
			continue
		}
		writeChars(x, text[at:ends[0].span.End])
		at = ends[0].span.End
		x.point("em", "startRef", ends[0].id)
		ends = ends[1:]
	}
	writeChars(x, text[at:])
}

func writeChars(x *xmlWriter, s string) {
	from := 0
	for i, r := range s {
		if !xmlChar(r) {
			x.text(s[from:i])
			x.point("cp", "hex", fmt.Sprintf("%04X", r))
			from = i + len(string(r))
		}
	}
	x.text(s[from:])
}
