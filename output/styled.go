package output

import (
	"html/template"
	"sort"
	"strings"

	"depeche/segment"
)

// styled is a part of a text with the tags to put around it.
type styled struct {
	span        segment.Span
	open, close string
}

// styledText escapes a text and puts the tags around its parts. Where two
// parts overlap, earlier ones of the list are the outer ones, and the inner
// one is cut where an outer one begins or ends.
func styledText(text string, parts []styled) template.HTML {
	cuts := []int{0, len(text)}
	for _, p := range parts {
		if !p.span.Empty() {
			cuts = append(cuts, p.span.Start, p.span.End)
		}
	}
	sort.Ints(cuts)
	var b strings.Builder
	var open []int // indexes into parts of what is open, outermost first
	for i := 0; i+1 < len(cuts); i++ {
		from, to := cuts[i], cuts[i+1]
		if from == to {
			continue
		}
		var want []int
		anchor := false
		for k, p := range parts {
			if p.span.Empty() || p.span.Start > from || p.span.End < to {
				continue
			}
			link := strings.HasPrefix(p.open, "<a ")
			if link && anchor {
				continue // HTML has no links in links
			}
			anchor = anchor || link
			want = append(want, k)
		}
		same := 0
		for same < len(open) && same < len(want) && open[same] == want[same] {
			same++
		}
		for k := len(open) - 1; k >= same; k-- {
			b.WriteString(parts[open[k]].close)
		}
		for _, k := range want[same:] {
			b.WriteString(parts[k].open)
		}
		open = want
		b.WriteString(template.HTMLEscapeString(clean(text[from:to])))
	}
	for k := len(open) - 1; k >= 0; k-- {
		b.WriteString(parts[open[k]].close)
	}
	return template.HTML(b.String())
}

// clean replaces control characters, which HTML and office formats cannot
// hold, by U+FFFD so that they are seen. White space stays.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if !xmlChar(r) || r >= 0x7F && r < 0xA0 && r != 0x85 {
			return '\uFFFD'
		}
		return r
	}, s)
}
