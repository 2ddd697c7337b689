package output

import (
	"embed"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
)

// The parts of a DOCX that are the same in every document; TARGET in them is
// the target language.
//
//go:embed docx/*.xml
var docxParts embed.FS

const nsWord = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

// writeDOCX writes the document for print (ISO/IEC 29500 transitional): two
// columns by default, glossary entries as footnotes where a term first
// occurs, and findings as footnotes where they are. Only the review table has
// them as comments: LibreOffice 7.4 loses the text of footnotes in a document
// that has comments too.
func writeDOCX(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	return packDOCX(w, texts, o, false, func(d *docxWriter) {
		for i, b := range texts {
			if i > 0 {
				d.pageBreak()
			}
			if d.document(b); i == 0 {
				d.o.Title = "" // stands above the first document
			}
		}
		d.closing(texts)
	})
}

// docxWriter writes the body and gathers what goes into other parts.
type docxWriter struct {
	x         *xmlWriter
	o         Options
	from, to  language.Tag
	terms     []*termEntry
	number    map[translate.Term]int
	noted     map[int]bool // entries that have their footnote
	footnotes []func()     // write the footnotes' texts, in order
	comments  []docxComment
	columns   []int // widths of the table's columns in twentieths of a point
	review    bool  // landscape, with comments and without footnotes
}

type docxComment struct{ label, text string }

// packDOCX writes the package around a body.
func packDOCX(w io.Writer, texts []*translate.Bitext, o Options, review bool, body func(*docxWriter)) error {
	a := newArchive(w, o)
	target := strings.NewReplacer("TARGET", wordLang(texts[0].Lang))
	part := func(name, file string) error {
		data, err := docxParts.ReadFile("docx/" + file)
		if err != nil {
			return err
		}
		return a.text(name, target.Replace(string(data)))
	}
	d := &docxWriter{o: o, noted: make(map[int]bool), review: review}
	d.terms, d.number = tellingTerms(texts)
	if err := part("[Content_Types].xml", "content-types.xml"); err != nil {
		return err
	}
	for _, p := range [][2]string{{"_rels/.rels", "rels.xml"}, {"word/_rels/document.xml.rels", "document-rels.xml"}, {"word/styles.xml", "styles.xml"},
		{"word/settings.xml", "settings.xml"}, {"word/footer.xml", "footer.xml"}} {
		if err := part(p[0], p[1]); err != nil {
			return err
		}
	}
	parts := []struct {
		name  string
		write func(*xmlWriter)
	}{
		{"word/document.xml", func(x *xmlWriter) {
			x.open("w:document", "xmlns:w", nsWord, "xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships")
			x.open("w:body")
			body(d)
			d.section()
			x.close()
			x.close()
		}},
		{"word/footnotes.xml", d.footnotesPart},
		{"word/comments.xml", d.commentsPart},
		{"word/header.xml", func(x *xmlWriter) {
			x.open("w:hdr", "xmlns:w", nsWord)
			d.paragraph("Header", texts[0].Lang, func() { d.run(title(texts[0], o), texts[0].Lang, "") })
			x.close()
		}},
		{"docProps/core.xml", func(x *xmlWriter) { coreProperties(x, texts, o) }},
		{"docProps/app.xml", func(x *xmlWriter) {
			x.open("Properties", "xmlns", "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties")
			x.leaf("Application", texts[0].Run.Tool)
			x.close()
		}},
	}
	for _, p := range parts {
		err := a.add(p.name, func(w io.Writer) error {
			d.x = newXML(w)
			p.write(d.x)
			return d.x.flush()
		})
		if err != nil {
			return err
		}
	}
	return a.close()
}

func coreProperties(x *xmlWriter, texts []*translate.Bitext, o Options) {
	x.open("cp:coreProperties", "xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
		"xmlns:dc", "http://purl.org/dc/elements/1.1/", "xmlns:dcterms", "http://purl.org/dc/terms/", "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
	x.shown("dc:title", title(texts[0], o))
	if o.Credit != "" {
		x.shown("dc:creator", o.Credit)
	}
	x.leaf("dc:language", texts[0].Lang.String())
	if !o.Time.IsZero() {
		when := o.Time.UTC().Format(time.RFC3339)
		x.leaf("dcterms:created", when, "xsi:type", "dcterms:W3CDTF")
		x.leaf("dcterms:modified", when, "xsi:type", "dcterms:W3CDTF")
	}
	x.close()
}

// wordLang is a language tag with its region, without which Word finds no
// proofing tools: "fr" is "fr-FR".
func wordLang(t language.Tag) string {
	if t == language.Und {
		return "x-none"
	}
	base, _ := t.Base()
	region, _ := t.Region()
	return base.String() + "-" + region.String()
}

// section ends the body: paper, margins, running title and page number.
func (d *docxWriter) section() {
	width, height := 11906, 16838
	if d.o.Letter {
		width, height = 12240, 15840
	}
	orient := ""
	if d.review {
		width, height, orient = height, width, "landscape"
	}
	x := d.x
	x.open("w:sectPr")
	x.void("w:headerReference", "w:type", "default", "r:id", "rId6")
	x.void("w:footerReference", "w:type", "default", "r:id", "rId7")
	x.void("w:pgSz", "w:w", strconv.Itoa(width), "w:h", strconv.Itoa(height), "w:orient", orient)
	x.void("w:pgMar", "w:top", "1134", "w:right", margin, "w:bottom", "1134", "w:left", margin, "w:header", "567", "w:footer", "567", "w:gutter", "0")
	x.close()
}

const margin = "1077" // 19 mm, left and right

// textWidth is what stands between the margins.
func (d *docxWriter) textWidth() int {
	width := 11906
	switch {
	case d.review && d.o.Letter:
		width = 15840
	case d.review:
		width = 16838
	case d.o.Letter:
		width = 12240
	}
	m, _ := strconv.Atoi(margin)
	return width - 2*m
}

// docxStyle is the paragraph style of a kind of block.
func docxStyle(b *segment.Block) string {
	switch b.Kind {
	case segment.Headline:
		return "Heading1"
	case segment.Heading:
		return "Heading" + strconv.Itoa(min(max(b.Level, 1)+1, 3))
	case segment.Lead:
		return "Lead"
	case segment.DateLine:
		return "DateLine"
	case segment.Byline:
		return "Byline"
	case segment.Signature:
		return "Signature"
	case segment.Item:
		return "List"
	case segment.Quote:
		return "Quote"
	case segment.Alert, segment.Correction, segment.Embargo:
		return "Alert"
	}
	return ""
}

func isHeading(b *segment.Block) bool {
	return b.Kind == segment.Headline || b.Kind == segment.Heading
}

// prose reports whether a block is running text and not a line about it.
func prose(b *segment.Block) bool {
	return b.Kind != segment.DateLine && b.Kind != segment.Byline && b.Kind != segment.Signature
}

// document writes one bitext in the layout asked for.
func (d *docxWriter) document(b *translate.Bitext) {
	d.from, d.to = b.Document.Lang, b.Lang
	rows := printRows(b, d.o)
	if source, _ := headline(b); source == "" || d.o.Title != "" {
		d.paragraph("Heading1", d.to, func() { d.run(title(b, d.o), d.to, "") })
	}
	switch d.o.Layout {
	case Interleaved:
		for i := range rows {
			d.row(&rows[i], true, true)
		}
	case SourceAbove:
		for i := range rows {
			d.row(&rows[i], true, false)
		}
		d.rule()
		for i := range rows {
			d.row(&rows[i], false, true)
		}
	default:
		d.columns = []int{d.textWidth() / 2, d.textWidth() - d.textWidth()/2}
		d.sideBySide(rows)
	}
}

// sideBySide writes tables of two columns. Headings stand between them: Word
// shows no heading of a table in its navigation pane.
func (d *docxWriter) sideBySide(rows []row) {
	open := false
	for i := range rows {
		r := &rows[i]
		if isHeading(r.block) {
			if open {
				d.x.close()
				open = false
			}
			d.row(r, true, true)
			continue
		}
		if !open && !prose(r.block) {
			d.row(r, true, true) // date and byline above the text
			continue
		}
		if !open {
			d.table("Bilingual", languageName(d.from), languageName(d.to))
			open = true
		}
		d.tableRow(!d.o.Paragraph, func(k int) {
			if k == 0 {
				d.block(r, d.source, d.from, docxStyle(r.block))
			} else {
				d.block(r, d.target, d.to, docxStyle(r.block))
			}
		})
	}
	if open {
		d.x.close()
	}
}

// row writes a row as paragraphs, one under the other: a heading with its
// translation first, anything else with its source first.
func (d *docxWriter) row(r *row, source, target bool) {
	style := docxStyle(r.block)
	if isHeading(r.block) {
		below := "SourceSubheading"
		if r.block.Kind == segment.Headline {
			below = "SourceHeading"
		}
		if target {
			d.block(r, d.target, d.to, style)
		} else {
			below = style // the source alone: its headings navigate too
		}
		if source {
			d.block(r, d.source, d.from, below)
		}
		return
	}
	if source && target && r.source() == r.target() {
		source = false // dates and signs are the same in both
	}
	if source {
		above := "SourceText"
		if !target || !prose(r.block) {
			above = style
		}
		d.block(r, d.source, d.from, above)
	}
	if target {
		d.block(r, d.target, d.to, style)
	}
}

// block writes one side of a row as a paragraph.
func (d *docxWriter) block(r *row, side func(*row, int), lang language.Tag, style string) {
	level := 0
	if style == "List" {
		level = min(max(r.block.Level-1, 0), 2)
	}
	d.levelParagraph(style, level, lang, func() {
		for k := range r.pairs {
			if k > 0 {
				d.run(" ", lang, "")
			}
			side(r, k)
		}
	})
}

// source writes a sentence of the source.
func (d *docxWriter) source(r *row, k int) {
	p := r.pairs[k]
	text, style := p.Source.Text, ""
	if dl := r.block.Dateline; !dl.Empty() && p.Source.Span.Start <= dl.Start && dl.End <= p.Source.Span.End {
		from, to := dl.Start-p.Source.Span.Start, dl.End-p.Source.Span.Start
		d.run(text[:from], d.from, style)
		d.run(text[from:to], d.from, "Dateline")
		text = text[to:]
	}
	d.run(text, d.from, style)
}

// event is what stands at a place of a text: a footnote's sign, the beginning
// or end of a comment.
type event struct {
	at    int
	write func()
}

// target writes a sentence of the translation with its footnotes and comments.
func (d *docxWriter) target(r *row, k int) {
	p := r.pairs[k]
	var starts, ends []event
	for _, c := range d.remarks(p) {
		id := strconv.Itoa(len(d.comments))
		d.comments = append(d.comments, c.docxComment)
		starts = append(starts, event{c.span.Start, func() { d.x.point("w:commentRangeStart", "w:id", id) }})
		ends = append(ends, event{c.span.End, func() {
			d.x.point("w:commentRangeEnd", "w:id", id)
			d.x.begin("w:r")
			d.x.begin("w:rPr")
			d.x.point("w:rStyle", "w:val", "CommentReference")
			d.x.end()
			d.x.point("w:commentReference", "w:id", id)
			d.x.end()
		}})
	}
	if !d.review {
		ends = append(ends, d.notes(p)...)
	}
	events := append(ends, starts...) // at one place, ends come before starts
	sort.SliceStable(events, func(i, j int) bool { return events[i].at < events[j].at })
	if p.Target == "" {
		d.run(absentText, language.English, "Absent")
	}
	at := 0
	for _, e := range events {
		d.run(p.Target[at:e.at], d.to, "")
		at = e.at
		e.write()
	}
	d.run(p.Target[at:], d.to, "")
}

// notes are the footnotes of a sentence: of glossary entries that occur for
// the first time and of findings, in the order in which their signs stand.
func (d *docxWriter) notes(p *translate.Pair) []event {
	var list []event // write the texts
	if d.o.Terms != "index" {
		for _, t := range p.Terms {
			n, known := d.number[entryOf(t)]
			if known && !d.noted[n] && !t.Target.Empty() {
				d.noted[n] = true
				list = append(list, event{t.Target.End, func() { d.term(d.terms[n], d.terms[n].pairs[0].text) }})
			}
		}
	}
	for _, f := range d.o.findings(p) {
		list = append(list, event{findingEnd(f, p), func() {
			d.run(findingLabel(f)+": ", language.English, "Finding")
			d.run(findingText(f), language.English, "")
		}})
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].at < list[j].at })
	for i, e := range list {
		d.footnotes = append(d.footnotes, e.write)
		id := strconv.Itoa(len(d.footnotes))
		list[i].write = func() {
			d.x.begin("w:r")
			d.x.begin("w:rPr")
			d.x.point("w:rStyle", "w:val", "FootnoteReference")
			d.x.end()
			d.x.point("w:footnoteReference", "w:id", id)
			d.x.end()
		}
	}
	return list
}

type placedComment struct {
	docxComment
	span segment.Span // in the target; the whole of it where no place is known
}

// remarks are a pair's findings as comments, in the review table only; an
// editor's own comment has its column there.
func (d *docxWriter) remarks(p *translate.Pair) []placedComment {
	if !d.review {
		return nil
	}
	whole := segment.Span{Start: 0, End: len(p.Target)}
	var out []placedComment
	for _, f := range p.Findings {
		c := placedComment{docxComment{findingLabel(f), findingText(f)}, f.Target}
		if f.Target.Empty() {
			c.span = whole
		}
		out = append(out, c)
	}
	return out
}

// closing writes what stands under the last document.
func (d *docxWriter) closing(texts []*translate.Bitext) {
	to := texts[0].Lang
	if d.o.Terms == "index" && len(d.terms) > 0 {
		d.paragraph("Heading2", language.English, func() { d.run("Terms", language.English, "") })
		for _, e := range d.terms {
			d.paragraph("", to, func() { d.term(e, texts[0]) })
		}
	}
	if d.o.Credit != "" {
		d.paragraph("Credit", to, func() { d.run(d.o.Credit, to, "") })
	}
	d.rule()
	for _, line := range provenance(texts, d.o) {
		d.paragraph("Small", language.English, func() { d.run(line, language.English, "") })
	}
}

// term writes a glossary entry into the open paragraph.
func (d *docxWriter) term(e *termEntry, b *translate.Bitext) {
	d.run(e.Entry, b.Document.Lang, "")
	d.run(" → ", language.English, "")
	d.run(e.Preferred, b.Lang, "")
	if e.Note != "" {
		d.run(": "+e.Note, b.Lang, "")
	}
	if e.Glossary != "" {
		d.run(" ("+e.Glossary+")", language.English, "")
	}
}

func (d *docxWriter) footnotesPart(x *xmlWriter) {
	x.open("w:footnotes", "xmlns:w", nsWord)
	d.footnoteLine("-1", "separator")
	d.footnoteLine("0", "continuationSeparator")
	for i, text := range d.footnotes {
		x.open("w:footnote", "w:id", strconv.Itoa(i+1))
		d.paragraph("FootnoteText", d.to, func() {
			x.begin("w:r")
			x.begin("w:rPr")
			x.point("w:rStyle", "w:val", "FootnoteReference")
			x.end()
			x.point("w:footnoteRef")
			x.end()
			d.run(" ", d.to, "")
			text()
		})
		x.close()
	}
	x.close()
}

func (d *docxWriter) footnoteLine(id, kind string) {
	d.x.open("w:footnote", "w:type", kind, "w:id", id)
	d.x.begin("w:p")
	d.x.begin("w:r")
	d.x.point("w:" + kind)
	d.x.end()
	d.x.end()
	d.x.close()
}

func (d *docxWriter) commentsPart(x *xmlWriter) {
	x.open("w:comments", "xmlns:w", nsWord)
	for i, c := range d.comments {
		when := ""
		if !d.o.Time.IsZero() {
			when = d.o.Time.UTC().Format(time.RFC3339)
		}
		x.open("w:comment", "w:id", strconv.Itoa(i), "w:author", wordAuthor, "w:date", when, "w:initials", "d")
		d.paragraph("CommentText", language.English, func() {
			d.run(c.label+": "+c.text, language.English, "")
		})
		x.close()
	}
	x.close()
}

// table begins a table whose first row is repeated on every page.
func (d *docxWriter) table(style string, heads ...string) {
	x := d.x
	x.open("w:tbl")
	x.open("w:tblPr")
	x.void("w:tblStyle", "w:val", style)
	x.void("w:tblW", "w:w", strconv.Itoa(d.textWidth()), "w:type", "dxa")
	x.void("w:tblLayout", "w:type", "fixed")
	x.void("w:tblLook", "w:val", "0020", "w:firstRow", "1", "w:lastRow", "0", "w:firstColumn", "0", "w:lastColumn", "0", "w:noHBand", "1", "w:noVBand", "1")
	x.close()
	x.open("w:tblGrid")
	for _, width := range d.columns {
		x.void("w:gridCol", "w:w", strconv.Itoa(width))
	}
	x.close()
	x.open("w:tr")
	x.open("w:trPr")
	x.void("w:cantSplit")
	x.void("w:tblHeader")
	x.close()
	for k, head := range heads {
		d.cell(k, func() {
			d.paragraph("ColumnHead", language.English, func() { d.run(head, language.English, "") })
		})
	}
	x.close()
}

// tableRow writes a row; whole ones are not broken across pages.
func (d *docxWriter) tableRow(whole bool, cell func(k int)) {
	d.x.open("w:tr")
	if whole {
		d.x.open("w:trPr")
		d.x.void("w:cantSplit")
		d.x.close()
	}
	for k := range d.columns {
		d.cell(k, func() { cell(k) })
	}
	d.x.close()
}

func (d *docxWriter) cell(k int, content func()) {
	d.x.open("w:tc")
	d.x.open("w:tcPr")
	d.x.void("w:tcW", "w:w", strconv.Itoa(d.columns[k]), "w:type", "dxa")
	d.x.close()
	content()
	d.x.close()
}

func (d *docxWriter) paragraph(style string, lang language.Tag, content func()) {
	d.levelParagraph(style, 0, lang, content)
}

// listIndent is how far a level of a list stands in, in twentieths of a point;
// the style "List" has it for the first. The items' markers are in their texts.
const listIndent = 284

func (d *docxWriter) levelParagraph(style string, level int, lang language.Tag, content func()) {
	x := d.x
	x.indent()
	x.begin("w:p")
	rtl := direction(lang) != ""
	if style != "" || rtl {
		x.begin("w:pPr")
		if style != "" {
			x.point("w:pStyle", "w:val", style)
		}
		if rtl {
			x.point("w:bidi")
		}
		if level > 0 {
			x.point("w:ind", "w:left", strconv.Itoa(listIndent*(level+1)), "w:hanging", strconv.Itoa(listIndent))
		}
		x.end()
	}
	content()
	x.end()
}

// run writes text in a language, with line breaks and tabs as Word has them.
func (d *docxWriter) run(text string, lang language.Tag, style string) {
	if text == "" {
		return
	}
	x := d.x
	x.begin("w:r")
	x.begin("w:rPr")
	if style != "" {
		x.point("w:rStyle", "w:val", style)
	}
	if direction(lang) != "" {
		x.point("w:rtl")
		x.point("w:lang", "w:bidi", wordLang(lang))
	} else {
		x.point("w:lang", "w:val", wordLang(lang))
	}
	x.end()
	text = strings.ReplaceAll(clean(text), "\r\n", "\n")
	for text != "" {
		i := strings.IndexAny(text, "\n\r\t")
		if i < 0 {
			i = len(text)
		}
		if i > 0 {
			x.begin("w:t", "xml:space", "preserve")
			x.text(text[:i])
			x.end()
		}
		if i < len(text) {
			if text[i] == '\t' {
				x.point("w:tab")
			} else {
				x.point("w:br")
			}
			i++
		}
		text = text[i:]
	}
	x.end()
}

func (d *docxWriter) pageBreak() {
	d.x.begin("w:p")
	d.x.begin("w:r")
	d.x.point("w:br", "w:type", "page")
	d.x.end()
	d.x.end()
}

// rule writes an empty paragraph with a line under it; between two tables it
// also keeps Word from joining them.
func (d *docxWriter) rule() {
	x := d.x
	x.open("w:p")
	x.open("w:pPr")
	x.open("w:pBdr")
	x.void("w:bottom", "w:val", "single", "w:sz", "4", "w:space", "1", "w:color", "CCCCCC")
	x.close()
	x.close()
	x.close()
}

// writeDOCXReview writes the table that editors correct and that comes back:
// every segment with its ID, source, target, comment and status.
func writeDOCXReview(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	if len(texts) > 1 {
		return fmt.Errorf("a review table holds one document, not %d", len(texts))
	}
	b := texts[0]
	return packDOCX(w, texts, o, true, func(d *docxWriter) {
		d.from, d.to = b.Document.Lang, b.Lang
		d.paragraph("Heading1", d.to, func() { d.run(title(b, o), d.to, "") })
		d.paragraph("Small", language.English, func() {
			d.run("Correct the target column; note remarks under Comment; set Status to initial, translated, reviewed or final. Leave the other columns as they are.", language.English, "")
		})
		width := d.textWidth()
		d.columns = []int{width * 10 / 100, width * 33 / 100, width * 33 / 100, width * 15 / 100, 0}
		d.columns[4] = width - d.columns[0] - d.columns[1] - d.columns[2] - d.columns[3]
		d.table("Review", reviewHeader(b)...)
		for i := range b.Pairs {
			p := &b.Pairs[i]
			r := row{block: &b.Document.Blocks[p.Block], pairs: []*translate.Pair{p}}
			d.tableRow(true, func(k int) {
				style, lang := "", d.to
				switch k {
				case 0:
					style = "SegmentID"
				case 1:
					lang = d.from
				}
				d.paragraph(style, lang, func() { d.reviewCell(&r, k) })
			})
		}
		d.x.close()
		d.rule()
		for _, line := range provenance(texts, o) {
			d.paragraph("Small", language.English, func() { d.run(line, language.English, "") })
		}
	})
}

// reviewHeader names the columns of the review table.
func reviewHeader(b *translate.Bitext) []string {
	return []string{"ID", "Source (" + b.Document.Lang.String() + ")", "Target (" + b.Lang.String() + ")", "Comment", "Status"}
}

func (d *docxWriter) reviewCell(r *row, k int) {
	p := r.pairs[0]
	switch k {
	case 0:
		d.run(p.Source.ID, language.Und, "")
	case 1:
		d.run(p.Source.Text, d.from, "")
	case 2:
		if p.Target != "" {
			d.target(r, 0)
		}
	case 3:
		d.run(p.Comment, d.to, "")
	case 4:
		d.run(string(p.State), language.English, "")
	}
}
