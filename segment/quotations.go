package segment

// part is a quotation in a block, or what lies in the block of one that was
// opened in an earlier block or is closed in a later one.
type part struct {
	span           Span
	level          int
	opened, closed bool
	whole          bool // no cut may divide it, whatever its length in this block
}

// maxLevel is the deepest level of nesting that segments report. It bounds the
// work on text that nests without end.
const maxLevel = 8

// quotations lists the paired quotations among the marks by their start, with
// the parts of quotations that reach over the block's ends merged in, and
// gives them their levels.
func quotations(marks []mark, outer []part) []part {
	n := len(outer)
	for i, m := range marks {
		if m.open && int(m.match) > i && !m.kind.bracket() {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	parts := make([]part, 0, n)
	for i, m := range marks {
		for len(outer) > 0 && outer[0].span.Start <= m.pos {
			parts = append(parts, outer[0])
			outer = outer[1:]
		}
		if m.open && int(m.match) > i && !m.kind.bracket() {
			parts = append(parts, part{span: Span{m.pos, marks[m.match].end()}, opened: true, closed: true})
		}
	}
	parts = append(parts, outer...)
	var ends []int
	for i := range parts {
		for len(ends) > 0 && ends[len(ends)-1] <= parts[i].span.Start {
			ends = ends[:len(ends)-1]
		}
		ends = append(ends, parts[i].span.End)
		parts[i].level = len(ends)
	}
	return parts
}

// assign tells each segment its quotations.
func assign(segments []Segment, parts []part) {
	if len(parts) == 0 {
		return
	}
	all := make([]Quotation, 0, len(parts))
	var active []part // reach into the next segment
	for i := range segments {
		sp := segments[i].Span
		first := len(all)
		rest := active[:0]
		for _, p := range active {
			all = append(all, p.in(sp))
			if p.span.End > sp.End {
				rest = append(rest, p)
			}
		}
		active = rest
		for len(parts) > 0 && parts[0].span.Start < sp.End {
			p := parts[0]
			parts = parts[1:]
			if p.level > maxLevel {
				continue
			}
			all = append(all, p.in(sp))
			if p.span.End > sp.End {
				active = append(active, p)
			}
		}
		if len(all) > first {
			segments[i].Quotes = all[first:len(all):len(all)]
		}
	}
}

// in gives the part of the quotation that lies in the segment at sp.
func (p part) in(sp Span) Quotation {
	return Quotation{
		Span:   Span{max(p.span.Start, sp.Start) - sp.Start, min(p.span.End, sp.End) - sp.Start},
		Level:  p.level,
		Opened: p.opened && p.span.Start >= sp.Start,
		Closed: p.closed && p.span.End <= sp.End,
	}
}
