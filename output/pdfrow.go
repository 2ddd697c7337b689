package output

import (
	"strconv"
	"strings"

	"depeche/output/pdf"
	"depeche/output/typeset"
	"depeche/segment"
)

// pdfRow is a row, set: its cells side by side, or one under the other where
// there is one column.
type pdfRow struct {
	row
	cells  []*pdfCell
	before float64
	parts  *pdfElements // of a row that began on an earlier page
}

type pdfElements struct{ cells []*pdf.Element }

// setRow sets the pairs of a row, which goes on on the next page if cut.
func (p *pdfWriter) setRow(r row, source, target, cut bool) *pdfRow {
	_, width := p.columns()
	out := &pdfRow{row: r}
	style := blockStyle(r.block)
	if out.before = style.before; !r.first {
		out.before = 2.4
	}
	if p.o.Layout == Interleaved {
		out.before += 3
	}
	if !p.sideBySide() && source && target && r.source() == r.target() {
		source = false // dates and signs are the same in both
	}
	above := style
	if !p.sideBySide() && source && target { // the source steps back
		above.ink = inkMuted
		if isHeading(r.block) {
			above.face, above.size, above.lead = typeset.Italic, style.size*.72, style.lead*.76
		}
	}
	if source {
		out.cells = append(out.cells, p.source(&r, above, width, cut))
	}
	if target {
		out.cells = append(out.cells, p.target(&r, style, width, cut))
	}
	if len(out.cells) == 2 && !p.sideBySide() && isHeading(r.block) {
		out.cells[0], out.cells[1] = out.cells[1], out.cells[0] // what navigates comes first
	}
	return out
}

// height is what the row needs, without the space above it.
func (p *pdfWriter) rowHeight(r *pdfRow) float64 {
	h := 0.0
	for _, c := range r.cells {
		if p.sideBySide() {
			h = max(h, c.height())
		} else {
			h += c.height()
		}
	}
	return h + p.notesHeight(r.cells)
}

// notesHeight is what the notes of cells need that are not on the page yet.
func (p *pdfWriter) notesHeight(cells []*pdfCell) float64 {
	h := 0.0
	for _, c := range cells {
		for i := range c.lines {
			for _, n := range c.notesIn(i) {
				h += p.noteCell(n).height()
			}
		}
	}
	if h > 0 && len(p.notes) == 0 {
		h += pdfLead
	}
	return h
}

// room is what is left of the page.
func (p *pdfWriter) room() float64 { return p.height - pdfBottom - p.notesAre - p.y }

// whole is the height of an empty page.
func (p *pdfWriter) whole() float64 { return p.height - p.top - pdfBottom }

// flow writes rows. A row stays on one page if it can; where a row of several
// sentences does not fit, the page ends after the same sentence in both
// columns, and only a sentence that is longer than half a page is divided
// itself, after the same line in both.
func (p *pdfWriter) flow(rows []row, source, target bool) {
	var next *pdfRow
	for i := 0; i < len(rows); i++ {
		r := next
		next = nil
		if r == nil {
			r = p.setRow(rows[i], source, target, false)
		}
		need := p.rowHeight(r)
		for k := i; k+1 < len(rows) && together(&rows[k], &rows[k+1]) && need < p.whole()/2; k++ {
			n := p.setRow(rows[k+1], source, target, false)
			if k == i {
				next = n
			}
			need += n.before + min(p.rowHeight(n), 6*pdfLead)
		}
		p.place(r, need, source, target)
	}
	p.closeColumns()
	p.table = nil
}

// together reports whether a row must not be the last of its page.
func together(r, next *row) bool {
	return isHeading(r.block) || next.block.Kind == segment.Signature || !prose(r.block) && !isSignature(r.block) ||
		r.block == next.block && len(r.pairs) == 1 && len([]rune(r.pairs[0].Source.Text)) < 60
}

func isSignature(b *segment.Block) bool { return b.Kind == segment.Signature }

// place puts a row on the page, or on several.
func (p *pdfWriter) place(r *pdfRow, need float64, source, target bool) {
	for {
		before := r.before
		if p.y <= p.top+.1 {
			before = 0
		}
		if need+before <= p.room() {
			p.space(before)
			p.putRow(r, 0, 1<<30)
			return
		}
		// The sentences that still fit.
		if len(r.pairs) > 1 {
			if k, part := p.fitting(r, before, source, target); k > 0 {
				p.space(before)
				part.parts = r.parts
				p.putRow(part, 0, 1<<30)
				rest := r.row
				rest.pairs, rest.first = r.pairs[k:], false
				elements := part.parts
				r = p.setRow(rest, source, target, false)
				r.parts = elements
				p.newPage()
				need = p.rowHeight(r)
				continue
			}
		}
		if p.y > p.top+.1 && p.rowHeight(r) <= p.whole()/2 || p.room() < 8*pdfLead {
			p.newPage()
			if p.rowHeight(r) <= p.whole() && len(r.pairs) == 1 {
				need = min(need, p.whole())
			}
			if need > p.whole() {
				need = p.rowHeight(r)
			}
			continue
		}
		if need > p.rowHeight(r) {
			need = p.rowHeight(r) // what must stand with it does not fit anyway
			continue
		}
		p.space(before)
		p.divide(r)
		return
	}
}

// fitting finds how many pairs of a row fit on the page, with two lines at
// least on either side of the break.
func (p *pdfWriter) fitting(r *pdfRow, before float64, source, target bool) (int, *pdfRow) {
	for k := len(r.pairs) - 1; k > 0; k-- {
		head := r.row
		head.pairs = r.pairs[:k]
		part := p.setRow(head, source, target, true)
		if p.rowHeight(part)+before <= p.room() {
			if len(part.cells[0].lines) < 2 {
				return 0, nil
			}
			return k, part
		}
	}
	return 0, nil
}

// divide puts a row over several pages, line by line.
func (p *pdfWriter) divide(r *pdfRow) {
	if !p.sideBySide() { // one cell after the other
		for _, c := range r.cells {
			one := &pdfRow{row: r.row, cells: []*pdfCell{c}, parts: r.parts}
			p.divideLines(one)
			r.parts = one.parts
		}
		return
	}
	p.divideLines(r)
}

func (p *pdfWriter) divideLines(r *pdfRow) {
	total := 0
	for _, c := range r.cells {
		total = max(total, len(c.lines))
	}
	for from := 0; from < total; {
		lead := r.cells[0].style.lead
		to := from
		notes := 0.0
		for to < total {
			for _, c := range r.cells {
				if to < len(c.lines) {
					for _, n := range c.notesIn(to) {
						notes += p.noteCell(n).height()
					}
				}
			}
			extra := notes
			if notes > 0 && len(p.notes) == 0 {
				extra += pdfLead
			}
			if float64(to-from+1)*lead+extra > p.room() {
				break
			}
			to++
		}
		if to < total {
			for _, c := range r.cells { // two lines of each column on either side
				n := len(c.lines)
				if to == n-1 {
					to--
				}
			}
			if to-from < 2 {
				if p.y <= p.top+.1 {
					to = from + 1 // not even a line fits: notes fill the page
				} else {
					p.newPage()
					continue
				}
			}
		}
		p.putRow(r, from, to)
		if from = to; from < total {
			p.newPage()
		}
	}
}

// putRow puts the lines of a row from one to another onto the page.
func (p *pdfWriter) putRow(r *pdfRow, from, to int) {
	x, _ := p.columns()
	if r.parts == nil {
		r.parts = p.elements(r)
	}
	if p.sideBySide() && p.ruleFrom == 0 {
		p.ruleFrom = p.y
	}
	for _, pair := range r.pairs {
		for _, t := range pair.Terms {
			if n, known := p.number[entryOf(t)]; known {
				if pages := p.pagesOf[n]; len(pages) == 0 || pages[len(pages)-1] != p.page.Number() {
					p.pagesOf[n] = append(pages, p.page.Number())
				}
			}
		}
	}
	for i, c := range r.cells {
		c.element = r.parts.cells[i]
	}
	if p.sideBySide() {
		p.put(r.cells, x, from, to)
		return
	}
	for i, c := range r.cells {
		if i > 0 {
			p.space(1)
		}
		p.put([]*pdfCell{c}, x, from, to)
	}
}

// elements adds a row to the structure.
func (p *pdfWriter) elements(r *pdfRow) *pdfElements {
	out := &pdfElements{}
	if isHeading(r.block) {
		level := 1
		if r.block.Kind == segment.Heading {
			level = min(max(r.block.Level, 1)+1, 3)
		}
		level = min(level, p.heading+1)
		p.heading = level
		h := p.doc.Element(p.sect, "H"+strconv.Itoa(level), pdf.Attr{})
		p.table = nil
		name := ""
		for _, c := range r.cells {
			out.cells = append(out.cells, p.doc.Element(h, "Span", pdf.Attr{Lang: different(c.lang, p.text.Lang)}))
			if name == "" || p.sideBySide() {
				name = spansText(c)
			}
		}
		p.doc.Bookmark(level, strings.TrimSpace(name), p.page, p.height-p.y+2, h)
		return out
	}
	if !p.sideBySide() {
		for _, c := range r.cells {
			out.cells = append(out.cells, p.doc.Element(p.sect, "P", pdf.Attr{Lang: different(c.lang, p.text.Lang)}))
		}
		return out
	}
	if p.table == nil {
		p.table = p.doc.Element(p.sect, "Table", pdf.Attr{})
	}
	tr := p.doc.Element(p.table, "TR", pdf.Attr{})
	for _, c := range r.cells {
		td := p.doc.Element(tr, "TD", pdf.Attr{})
		out.cells = append(out.cells, p.doc.Element(td, "P", pdf.Attr{Lang: different(c.lang, p.text.Lang)}))
	}
	return out
}

// spansText is the text of a cell without the signs of notes.
func spansText(c *pdfCell) string {
	var b strings.Builder
	for i, s := range c.spans {
		if _, sign := c.notes[i]; !sign {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}
