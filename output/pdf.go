package output

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"depeche/output/pdf"
	"depeche/output/typeset"
	"depeche/segment"
	"depeche/translate"
)

// writePDF writes the document for print: tagged, with the program's own
// fonts, two columns by default, glossary entries as footnotes where a term
// first occurs and findings as footnotes where they are.
func writePDF(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	setter, err := typeset.New()
	if err != nil {
		return err
	}
	p := &pdfWriter{texts: texts, o: o, set: setter, width: 595.276, height: 841.89, noteOf: make(map[pdfNoteKey]int), pagesOf: make(map[int][]int)}
	if o.Letter {
		p.width, p.height = 612, 792
	}
	p.terms, p.number = tellingTerms(texts)
	p.doc = pdf.New(pdf.Info{Title: clean(title(texts[0], o)), Author: clean(o.Credit), Creator: texts[0].Run.Tool, Lang: texts[0].Lang.String(),
		Time: o.Time, Width: p.width, Height: p.height, Inks: pdfInks})
	for i, b := range texts {
		p.document(i, b)
	}
	p.closing()
	p.endPage()
	if p.err != nil {
		return p.err
	}
	if lost := setter.Missing(); len(lost) > 0 {
		slog.Warn("pdf: no font has these characters; they are printed as \uFFFD and kept in the text", "characters", characters(lost))
	}
	return p.doc.Write(w)
}

// characters lists characters with their numbers: "中 (U+4E2D)".
func characters(list []rune) string {
	var out []string
	for _, r := range list {
		out = append(out, fmt.Sprintf("%c (U+%04X)", r, r))
	}
	return strings.Join(out, ", ")
}

// The colours of print, by number.
const (
	inkText = iota
	inkMuted
	inkRule
	inkAccent
)

var pdfInks = []pdf.Ink{inkText: {R: .09, G: .09, B: .1}, inkMuted: {R: .36, G: .37, B: .4}, inkRule: {R: .74, G: .73, B: .7}, inkAccent: {R: .56, G: .13, B: .1}}

// pdfWriter lays a document out, page by page.
type pdfWriter struct {
	doc           *pdf.Document
	set           *typeset.Setter
	texts         []*translate.Bitext
	o             Options
	width, height float64 // of the paper
	err           error   // the first one

	terms   []*termEntry
	number  map[translate.Term]int
	noteOf  map[pdfNoteKey]int // number of the note of an entry or a finding, where it has one
	noted   []pdfNote          // by number of note - 1
	pagesOf map[int][]int      // pages on which an entry occurs

	text     *translate.Bitext // being written
	head     string            // the running title
	lang     language.Tag      // and its language
	titled   bool              // a title is to come before the columns
	sect     *pdf.Element
	table    *pdf.Element
	heading  int // level of the last one
	page     *pdf.Page
	top      float64    // where its text begins
	y        float64    // how far the page is filled, from the top
	notes    []*pdfCell // at the foot of the page
	notesAre float64    // their height
	ruleFrom float64    // of the line between the columns; 0 for none
}

// pdfNote is the footnote of a glossary entry or of a finding.
type pdfNote struct {
	entry   int                // index into terms
	finding *translate.Finding // nil for an entry
	pair    *translate.Pair    // that has its sign
	cell    *pdfCell           // nil until it is set
}

// pdfNoteKey tells notes apart: entries by their content, findings by their
// pair and number in it.
type pdfNoteKey struct {
	term    translate.Term
	pair    *translate.Pair // nil for an entry
	finding int
}

// Measures of the page, in points.
const (
	pdfSide     = 62.0 // margins left and right
	pdfTop      = 72.0
	pdfBottom   = 76.0
	pdfGutter   = 28.0
	pdfMeasure  = 372.0 // of one column alone
	pdfSize     = 9.4
	pdfLead     = 13.2
	pdfNoteSize = 7.6
	pdfNoteLead = 10.2
)

// columns gives the left edge and the width of each column.
func (p *pdfWriter) columns() (x []float64, width float64) {
	inner := p.width - 2*pdfSide
	if p.sideBySide() {
		width = (inner - pdfGutter) / 2
		return []float64{pdfSide, pdfSide + width + pdfGutter}, width
	}
	width = min(inner, pdfMeasure)
	return []float64{(p.width - width) / 2}, width
}

func (p *pdfWriter) sideBySide() bool {
	return p.o.Layout != Interleaved && p.o.Layout != SourceAbove
}

// document writes one bitext.
func (p *pdfWriter) document(i int, b *translate.Bitext) {
	p.text, p.heading, p.table = b, 0, nil
	p.sect = p.doc.Element(p.doc.Root(), "Sect", pdf.Attr{Lang: b.Lang.String()})
	p.endPage()
	p.head, p.lang = clean(title(b, p.o)), b.Lang
	if len(p.texts) > 1 {
		p.head = clean(title(b, Options{}))
	}
	source, _ := headline(b)
	p.titled = source == "" || p.o.Title != "" && i == 0
	p.newPage()
	if p.titled {
		heading := p.o
		if i > 0 {
			heading = Options{}
		}
		p.title(title(b, heading), b.Lang)
	}
	rows := printRows(b, p.o)
	if p.o.Layout != SourceAbove {
		p.flow(rows, true, true)
		return
	}
	p.flow(rows, true, false)
	p.space(2 * pdfLead)
	p.separator()
	p.flow(rows, false, true)
}

// title prints a title across the page.
func (p *pdfWriter) title(s string, lang language.Tag) {
	cell := p.cell(blockStyles[segment.Headline], lang, p.width-2*pdfSide, []typeset.Span{{Text: clean(s), Lang: lang}})
	e := p.doc.Element(p.sect, "H1", pdf.Attr{})
	cell.element = e
	p.heading = 1
	p.doc.Bookmark(1, clean(s), p.page, p.height-p.y, e)
	x := pdfSide
	if !p.sideBySide() {
		columns, _ := p.columns()
		x = columns[0]
	}
	p.put([]*pdfCell{cell}, []float64{x}, 0, len(cell.lines))
	p.space(pdfLead)
	p.titled = false
	if p.sideBySide() {
		p.space(pdfLead)
		p.heads()
	}
}

// closing writes what stands under the last document.
func (p *pdfWriter) closing() {
	p.sect = p.doc.Element(p.doc.Root(), "Sect", pdf.Attr{Lang: "en"})
	p.closeColumns()
	p.text, p.table = nil, nil
	columns, width := p.columns()
	if p.sideBySide() {
		width = p.width - 2*pdfSide
	}
	x := columns[:1]
	small := pdfStyle{size: pdfNoteSize, lead: pdfNoteLead, ink: inkMuted}
	if p.o.Terms == "index" && len(p.terms) > 0 {
		p.space(1.6 * pdfLead)
		head := p.cell(blockStyles[segment.Heading], language.English, width, []typeset.Span{{Text: "Terms", Lang: language.English}})
		p.need(head.height() + 3*pdfLead)
		head.element = p.doc.Element(p.sect, "H"+strconv.Itoa(min(2, p.heading+1)), pdf.Attr{})
		p.doc.Bookmark(2, "Terms", p.page, p.height-p.y, head.element)
		p.put([]*pdfCell{head}, x, 0, len(head.lines))
		p.space(4)
		for n, e := range p.terms {
			spans := p.termSpans(e)
			var pages []string
			for _, page := range p.pagesOf[n] {
				pages = append(pages, strconv.Itoa(page))
			}
			spans = append(spans, typeset.Span{Text: "  " + strings.Join(pages, ", "), Lang: language.English, Style: typeset.Style{Ink: inkMuted}})
			cell := p.cell(pdfStyle{size: pdfSize - .6, lead: pdfLead - 1, hang: 10}, e.pairs[0].text.Lang, width, spans)
			p.need(cell.height())
			cell.element = p.doc.Element(p.sect, "P", pdf.Attr{})
			p.put([]*pdfCell{cell}, x, 0, len(cell.lines))
			p.space(2)
		}
	}
	var cells []*pdfCell
	if p.o.Credit != "" {
		lang := p.texts[0].Lang
		cells = append(cells, p.cell(pdfStyle{size: pdfSize, lead: pdfLead + 3, face: typeset.Italic}, lang, width, []typeset.Span{{Text: clean(p.o.Credit), Lang: lang}}))
	}
	lines := provenance(p.texts, p.o)
	if lost := p.set.Missing(); len(lost) > 0 {
		var numbers []string
		for _, r := range lost {
			numbers = append(numbers, fmt.Sprintf("U+%04X", r))
		}
		lines = append(lines, "Printed as \uFFFD, because no font here has them: "+strings.Join(numbers, ", ")+".")
	}
	for _, line := range lines {
		cells = append(cells, p.cell(small, language.English, width, []typeset.Span{{Text: clean(line), Lang: language.English}}))
	}
	total := 3 * pdfLead
	for _, c := range cells {
		total += c.height()
	}
	p.need(total)
	p.space(1.6 * pdfLead)
	if p.page != nil {
		p.page.Rule(x[0], p.height-p.y, x[0]+54, p.height-p.y, .5, inkRule)
	}
	p.space(.5 * pdfLead)
	for _, c := range cells {
		c.element = p.doc.Element(p.sect, "P", pdf.Attr{Lang: different(c.lang, language.English)})
		p.put([]*pdfCell{c}, x, 0, len(c.lines))
	}
}

// different is a language as an attribute, "" where it is the parent's.
func different(lang, parent language.Tag) string {
	if lang == parent {
		return ""
	}
	return lang.String()
}

// termSpans is a glossary entry as print shows it.
func (p *pdfWriter) termSpans(e *termEntry) []typeset.Span {
	b := e.pairs[0].text
	spans := []typeset.Span{{Text: clean(e.Entry), Lang: b.Document.Lang, Style: typeset.Style{Face: typeset.Italic}},
		{Text: " → ", Lang: b.Lang}, {Text: clean(e.Preferred), Lang: b.Lang}}
	if e.Note != "" {
		spans = append(spans, typeset.Span{Text: ": " + clean(e.Note), Lang: b.Lang})
	}
	if e.Glossary != "" {
		spans = append(spans, typeset.Span{Text: " (" + clean(e.Glossary) + ")", Lang: b.Lang, Style: typeset.Style{Ink: inkMuted}})
	}
	return spans
}
