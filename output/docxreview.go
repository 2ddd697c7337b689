package output

import (
	"fmt"
	"io"

	"golang.org/x/text/language"

	"depeche/translate"
)

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
