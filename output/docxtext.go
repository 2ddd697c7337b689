package output

import (
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

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
