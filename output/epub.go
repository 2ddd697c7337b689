package output

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
)

//go:embed page/epub.css
var epubCSS string

const (
	nsXHTML = "http://www.w3.org/1999/xhtml"
	nsOPS   = "http://www.idpf.org/2007/ops"
)

// writeEPUB writes an EPUB 3.3 book: a chapter per document, a table of
// contents, and the terms at the end.
func writeEPUB(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	e := &epubWriter{texts: texts, o: o}
	e.terms, e.number = tellingTerms(texts)
	a := newArchive(w, o)
	if err := a.stored("mimetype", []byte("application/epub+zip")); err != nil {
		return err
	}
	part := func(name string, write func(*xmlWriter)) error {
		return a.add(name, func(w io.Writer) error {
			x := newXML(w)
			write(x)
			return x.flush()
		})
	}
	if err := part("META-INF/container.xml", epubContainer); err != nil {
		return err
	}
	if err := part("EPUB/package.opf", e.pack); err != nil {
		return err
	}
	if err := a.text("EPUB/style.css", epubCSS); err != nil {
		return err
	}
	if err := part("EPUB/nav.xhtml", e.nav); err != nil {
		return err
	}
	for i := range texts {
		if err := part("EPUB/"+chapterFile(i), func(x *xmlWriter) { e.chapter(x, i) }); err != nil {
			return err
		}
	}
	if e.indexed() {
		if err := part("EPUB/terms.xhtml", e.termsPage); err != nil {
			return err
		}
	}
	return a.close()
}

type epubWriter struct {
	texts  []*translate.Bitext
	o      Options
	terms  []*termEntry
	number map[translate.Term]int
	notes  []int // terms that have a note in the chapter being written
}

// indexed reports whether the terms have a page of their own at the end; else
// each chapter has them as notes, where they first occur in it.
func (e *epubWriter) indexed() bool { return len(e.terms) > 0 && e.o.Terms != "notes" }

func chapterFile(i int) string { return "text-" + strconv.Itoa(i+1) + ".xhtml" }

func epubContainer(x *xmlWriter) {
	x.open("container", "version", "1.0", "xmlns", "urn:oasis:names:tc:opendocument:xmlns:container")
	x.open("rootfiles")
	x.void("rootfile", "full-path", "EPUB/package.opf", "media-type", "application/oebps-package+xml")
	x.close()
	x.close()
}

// identifier depends on the texts alone.
func (e *epubWriter) identifier() string {
	h := sha256.New()
	for _, b := range e.texts {
		fmt.Fprintf(h, "%q %q %q\n", b.Document.Name, b.Document.Lang, b.Lang)
		for _, p := range b.Pairs {
			fmt.Fprintf(h, "%q %q\n", p.Source.Text, p.Target)
		}
	}
	s := h.Sum(nil)
	s[6], s[8] = s[6]&0x0f|0x80, s[8]&0x3f|0x80 // a UUID of version 8
	x := hex.EncodeToString(s[:16])
	return "urn:uuid:" + x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}

func (e *epubWriter) pack(x *xmlWriter) {
	first := e.texts[0]
	when := e.o.Time
	if when.IsZero() {
		when = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // EPUB wants a date; this one says nothing
	}
	x.open("package", "xmlns", "http://www.idpf.org/2007/opf", "version", "3.0", "unique-identifier", "id", "xml:lang", first.Lang.String())
	x.open("metadata", "xmlns:dc", "http://purl.org/dc/elements/1.1/")
	x.leaf("dc:identifier", e.identifier(), "id", "id")
	x.shown("dc:title", title(first, e.o))
	x.leaf("dc:language", first.Lang.String())
	if first.Document.Lang != first.Lang {
		x.leaf("dc:language", first.Document.Lang.String())
	}
	if e.o.Credit != "" {
		x.shown("dc:contributor", e.o.Credit, "id", "translator")
		x.leaf("meta", "trl", "refines", "#translator", "property", "role", "scheme", "marc:relators")
	}
	x.leaf("meta", when.UTC().Format("2006-01-02T15:04:05Z"), "property", "dcterms:modified")
	for _, m := range [][2]string{{"accessMode", "textual"}, {"accessModeSufficient", "textual"}, {"accessibilityFeature", "structuralNavigation"},
		{"accessibilityFeature", "tableOfContents"}, {"accessibilityHazard", "none"}} {
		x.leaf("meta", m[1], "property", "schema:"+m[0])
	}
	x.close()
	x.open("manifest")
	item := func(id, href, kind, properties string) {
		x.void("item", "id", id, "href", href, "media-type", kind, "properties", properties)
	}
	item("nav", "nav.xhtml", "application/xhtml+xml", "nav")
	item("css", "style.css", "text/css", "")
	for i := range e.texts {
		item("text-"+strconv.Itoa(i+1), chapterFile(i), "application/xhtml+xml", "")
	}
	if e.indexed() {
		item("terms", "terms.xhtml", "application/xhtml+xml", "")
	}
	x.close()
	x.open("spine")
	if len(e.texts) > 1 {
		x.void("itemref", "idref", "nav")
	}
	for i := range e.texts {
		x.void("itemref", "idref", "text-"+strconv.Itoa(i+1))
	}
	if e.indexed() {
		x.void("itemref", "idref", "terms")
	}
	x.close()
	x.close()
}

// page writes a content document around a body.
func (e *epubWriter) page(x *xmlWriter, heading string, lang language.Tag, class string, body func()) {
	l := lang.String()
	x.w.WriteString("\n<!DOCTYPE html>")
	x.open("html", "xmlns", nsXHTML, "xmlns:epub", nsOPS, "lang", l, "xml:lang", l)
	x.open("head")
	x.shown("title", heading)
	x.void("link", "rel", "stylesheet", "type", "text/css", "href", "style.css")
	x.close()
	x.open("body", "class", class)
	body()
	x.close()
	x.close()
}

func (e *epubWriter) nav(x *xmlWriter) {
	e.page(x, "Contents", language.English, "", func() {
		x.open("nav", "epub:type", "toc")
		x.leaf("h1", "Contents")
		x.open("ol")
		for i, b := range e.texts {
			x.open("li")
			x.shown("a", e.chapterTitle(i), "href", chapterFile(i), "lang", b.Lang.String(), "xml:lang", b.Lang.String())
			e.navHeadings(x, i)
			x.close()
		}
		if e.indexed() {
			x.open("li")
			x.leaf("a", "Terms", "href", "terms.xhtml")
			x.close()
		}
		x.close()
		x.close()
	})
}

// navHeadings lists the headings inside a document.
func (e *epubWriter) navHeadings(x *xmlWriter, i int) {
	open := false
	for _, r := range printRows(e.texts[i], e.o) {
		if r.block.Kind != segment.Heading || !r.first {
			continue
		}
		if !open {
			x.open("ol")
			open = true
		}
		x.open("li")
		lang := e.texts[i].Lang.String()
		x.shown("a", targetText(&r), "href", chapterFile(i)+"#"+rowID(&r), "lang", lang, "xml:lang", lang)
		x.close()
	}
	if open {
		x.close()
	}
}

func (e *epubWriter) chapterTitle(i int) string {
	if len(e.texts) == 1 {
		return title(e.texts[i], e.o)
	}
	return title(e.texts[i], Options{}) // the title asked for is the book's
}

func rowID(r *row) string { return "n" + strconv.Itoa(r.n) }

func (e *epubWriter) chapter(x *xmlWriter, i int) {
	b := e.texts[i]
	rows := printRows(b, e.o)
	class := "beside"
	if e.o.Layout == Interleaved || e.o.Layout == SourceAbove {
		class = ""
	}
	e.page(x, e.chapterTitle(i), b.Lang, class, func() {
		if source, _ := headline(b); source == "" {
			x.shown("h1", e.chapterTitle(i))
		}
		if e.o.Layout == SourceAbove {
			for k := range rows {
				e.row(x, b, &rows[k], true, false)
			}
			x.void("hr")
			for k := range rows {
				e.row(x, b, &rows[k], false, true)
			}
		} else {
			for k := range rows {
				e.row(x, b, &rows[k], true, true)
			}
		}
		e.chapterNotes(x)
		if i == len(e.texts)-1 {
			x.open("div", "class", "print", "lang", "en", "xml:lang", "en")
			if e.o.Credit != "" {
				x.shown("p", e.o.Credit)
			}
			for _, line := range provenance(e.texts, e.o) {
				x.shown("p", line)
			}
			x.close()
		}
	})
}

func (e *epubWriter) row(x *xmlWriter, b *translate.Bitext, r *row, source, target bool) {
	id := rowID(r)
	if !target && source {
		id = "s" + id
	}
	if isHeading(r.block) {
		level := 1
		if r.block.Kind == segment.Heading {
			level = min(max(r.block.Level, 1)+1, 3)
		}
		x.indent()
		x.begin("h"+strconv.Itoa(level), "id", id)
		if target {
			e.side(x, "span", "target", b.Lang, e.target(r))
		}
		if source {
			e.side(x, "span", "source", b.Document.Lang, e.source(r))
		}
		x.end()
		return
	}
	x.open("div", "class", "row "+string(r.block.Kind), "id", id)
	if source {
		x.indent()
		e.side(x, "p", "source", b.Document.Lang, e.source(r))
	}
	if target {
		x.indent()
		e.side(x, "p", "target", b.Lang, e.target(r))
	}
	x.close()
}

func (e *epubWriter) side(x *xmlWriter, element, class string, lang language.Tag, content string) {
	x.begin(element, "class", class, "lang", lang.String(), "xml:lang", lang.String(), "dir", direction(lang))
	x.w.WriteString(content)
	x.end()
}

func (e *epubWriter) source(r *row) string { return string(styledText(r.source(), nil)) }

func (e *epubWriter) target(r *row) string {
	out := ""
	for k, p := range r.pairs {
		if k > 0 {
			out += " "
		}
		if p.Target == "" {
			out += `<span class="absent" lang="en" xml:lang="en">[not translated]</span>`
			continue
		}
		var spans []styled
		for _, t := range p.Terms {
			n, known := e.number[entryOf(t)]
			switch {
			case !known:
			case e.indexed():
				spans = append(spans, styled{t.Target, `<a class="term" href="terms.xhtml#` + termID(n) + `">`, "</a>"})
			case !t.Target.Empty() && !slices.Contains(e.notes, n):
				e.notes = append(e.notes, n)
				spans = append(spans, styled{t.Target, `<span class="term">`, `</span><a class="ref" epub:type="noteref" role="doc-noteref" href="#` + termID(n) + `">` + strconv.Itoa(len(e.notes)) + `</a>`})
			}
		}
		out += string(styledText(p.Target, spans))
	}
	return out
}

// chapterNotes writes the notes that the chapter's text refers to.
func (e *epubWriter) chapterNotes(x *xmlWriter) {
	for i, n := range e.notes {
		x.open("aside", "class", "note", "epub:type", "footnote", "role", "doc-footnote", "id", termID(n))
		x.indent()
		x.begin("p")
		x.text(strconv.Itoa(i+1) + ". ")
		e.term(x, e.terms[n])
		if note := e.terms[n].Note; note != "" {
			x.text(": " + clean(note))
		}
		x.end()
		x.close()
	}
	e.notes = nil
}

// term writes an entry in both languages.
func (e *epubWriter) term(x *xmlWriter, t *termEntry) {
	b := t.pairs[0].text
	e.side(x, "span", "entry", b.Document.Lang, string(styledText(t.Entry, nil)))
	x.text(" → ")
	e.side(x, "span", "preferred", b.Lang, string(styledText(t.Preferred, nil)))
}

func (e *epubWriter) termsPage(x *xmlWriter) {
	e.page(x, "Terms", language.English, "", func() {
		x.leaf("h1", "Terms")
		x.open("dl")
		for i, t := range e.terms {
			x.indent()
			x.begin("dt", "id", termID(i))
			e.term(x, t)
			x.end()
			x.shown("dd", cmp.Or(t.Note, t.Glossary))
		}
		x.close()
	})
}
