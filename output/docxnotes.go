package output

import (
	"sort"
	"strconv"
	"time"

	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
)

type docxComment struct{ label, text string }

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
