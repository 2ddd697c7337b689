package output

import (
	"strconv"

	"golang.org/x/text/language"

	"depeche/output/pdf"
	"depeche/output/typeset"
)

// put prints lines of cells that stand side by side, and takes their notes.
func (p *pdfWriter) put(cells []*pdfCell, x []float64, from, to int) {
	if p.page == nil {
		p.newPage()
	}
	bottom := p.y
	for i, c := range cells {
		y := p.y
		for k := from; k < min(to, len(c.lines)); k++ {
			y += c.style.lead
			left := x[i] + c.style.indent
			width := c.width - c.style.indent
			if k > 0 { // what hangs, hangs at the side where lines begin
				width -= c.style.hang
				if direction(c.lang) == "" {
					left += c.style.hang
				}
			}
			base := p.height - (y - c.style.lead*.28)
			free := width - c.lines[k].Width
			switch c.style.align {
			case alignCentre:
				left += free / 2
			case alignEnd:
				left += free
			}
			p.page.Line(left, base, c.lines[k], c.spans, func(span int) *pdf.Element { return p.elementOf(c, span) }, pdf.Layout)
			for _, n := range c.notesIn(k) {
				p.addNote(n)
			}
		}
		bottom = max(bottom, y)
	}
	p.y = bottom
}

// artifact prints a text that belongs to the page and not to the document.
func (p *pdfWriter) artifact(s string, x, y float64, style typeset.Style, kind string) {
	spans := []typeset.Span{{Text: s, Lang: language.English, Style: style}}
	for _, line := range p.lines(spans, 1e4) {
		p.page.Line(x, y, line, spans, func(int) *pdf.Element { return nil }, kind)
	}
}

func (p *pdfWriter) lines(spans []typeset.Span, width float64) []typeset.Line {
	lines, err := p.set.Paragraph(spans, typeset.Shape{Width: width})
	if err != nil && p.err == nil {
		p.err = err
	}
	return lines
}

// space moves down.
func (p *pdfWriter) space(h float64) { p.y += h }

// need begins a new page if the height is not left on this one.
func (p *pdfWriter) need(h float64) {
	if p.page == nil || h > p.room() {
		p.newPage()
	}
}

// noteCell gives a note, set.
func (p *pdfWriter) noteCell(n int) *pdfCell {
	note := &p.noted[n-1]
	if note.cell != nil {
		return note.cell
	}
	lang, text := language.English, []typeset.Span(nil)
	if f := note.finding; f != nil {
		text = []typeset.Span{{Text: findingLabel(*f) + ": ", Lang: lang, Style: typeset.Style{Face: typeset.Italic, Ink: inkAccent}}, {Text: clean(findingText(*f)), Lang: lang}}
	} else {
		entry := p.terms[note.entry]
		lang, text = entry.pairs[0].text.Lang, p.termSpans(entry)
	}
	spans := append([]typeset.Span{{Text: strconv.Itoa(n) + "\u2002", Lang: lang, Style: typeset.Style{Ink: inkAccent}}}, text...)
	note.cell = p.cell(pdfStyle{size: pdfNoteSize, lead: pdfNoteLead}, lang, p.noteWidth(), spans)
	return note.cell
}

func (p *pdfWriter) noteWidth() float64 {
	_, width := p.columns()
	if p.sideBySide() {
		return p.width - 2*pdfSide
	}
	return width
}

// addNote keeps a note for the foot of the page.
func (p *pdfWriter) addNote(n int) {
	c := p.noteCell(n)
	c.element = p.doc.Element(p.sect, "Note", pdf.Attr{ID: "note-" + strconv.Itoa(n)})
	if len(p.notes) == 0 {
		p.notesAre += pdfLead
	}
	p.notesAre += c.height()
	p.notes = append(p.notes, c)
}

// newPage ends the page and begins another with its running title.
func (p *pdfWriter) newPage() {
	p.endPage()
	p.page = p.doc.AddPage()
	p.y = pdfTop
	columns, width := p.columns()
	small := typeset.Style{Face: typeset.Italic, Size: 8, Ink: inkMuted}
	right := columns[len(columns)-1] + width
	if p.page.Number() > 1 {
		p.running(small, columns[0], right)
	}
	p.top = p.y
	if !p.titled {
		p.heads()
	}
	number := []typeset.Span{{Text: strconv.Itoa(p.page.Number()), Lang: language.English, Style: typeset.Style{Size: 8.4, Ink: inkMuted}}}
	for _, line := range p.lines(number, 1e4) {
		p.page.Line((p.width-line.Width)/2, 40, line, number, func(int) *pdf.Element { return nil }, pdf.Footer)
	}
}

// heads names the languages above the columns.
func (p *pdfWriter) heads() {
	if !p.sideBySide() || p.text == nil {
		return
	}
	columns, width := p.columns()
	y := p.height - p.y
	for i, name := range []string{languageName(p.text.Document.Lang), languageName(p.text.Lang)} {
		p.artifact(name, columns[i], y+9, typeset.Style{SmallCaps: true, Size: 8.6, Ink: inkMuted}, pdf.Header)
	}
	right := columns[1] + width
	p.page.Rule(columns[0], y+3.5, right, y+3.5, .4, inkRule)
	p.y += 6
	p.top = p.y
}

// running prints the running title, as much of it as fits.
func (p *pdfWriter) running(style typeset.Style, left, right float64) {
	spans := []typeset.Span{{Text: p.head, Lang: p.lang, Style: style}}
	lines := p.lines(spans, right-left)
	if len(lines) > 1 {
		short := []typeset.Span{{Text: "…", Lang: p.lang, Style: style}}
		lines = p.lines(spans, right-left-10)
		end := p.lines(short, 100)
		p.page.Line(left+lines[0].Width+1, p.height-46, end[0], short, func(int) *pdf.Element { return nil }, pdf.Header)
	}
	p.page.Line(left, p.height-46, lines[0], spans, func(int) *pdf.Element { return nil }, pdf.Header)
}

// closeColumns draws the line between the columns down to here.
func (p *pdfWriter) closeColumns() {
	if p.ruleFrom > 0 && p.page != nil {
		x := p.width / 2
		p.page.Rule(x, p.height-p.ruleFrom-2, x, p.height-p.y, .4, inkRule)
	}
	p.ruleFrom = 0
}

// endPage prints the notes of the page.
func (p *pdfWriter) endPage() {
	if p.page == nil {
		return
	}
	p.closeColumns()
	if len(p.notes) > 0 {
		columns, _ := p.columns()
		p.y = p.height - pdfBottom - p.notesAre + .7*pdfLead
		p.page.Rule(columns[0], p.height-p.y, columns[0]+54, p.height-p.y, .4, inkRule)
		p.y += .3 * pdfLead
		notes := p.notes
		p.notes, p.notesAre = nil, 0
		for _, n := range notes {
			p.put([]*pdfCell{n}, columns[:1], 0, len(n.lines))
		}
	}
	p.page = nil
}

// separator prints a short line in the middle between two parts.
func (p *pdfWriter) separator() {
	if p.page != nil {
		p.page.Rule(p.width/2-27, p.height-p.y, p.width/2+27, p.height-p.y, .5, inkRule)
	}
	p.space(pdfLead)
}
