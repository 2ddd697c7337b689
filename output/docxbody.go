package output

import (
	"sort"
	"strconv"

	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
)

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
