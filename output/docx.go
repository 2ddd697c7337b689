package output

import (
	"embed"
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

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
