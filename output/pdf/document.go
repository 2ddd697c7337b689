// Package pdf writes tagged PDF 1.7 (ISO 32000-1) that meets PDF/UA-1
// (ISO 14289-1): every mark on a page belongs to the structure tree or is an
// artifact, every glyph maps to its text, every font is embedded.
package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"

	"depeche/output/typeset"
)

// Info is what a document says about itself.
type Info struct {
	Title, Author, Creator string
	Lang                   string    // of the document, as in BCP 47
	Time                   time.Time // zero leaves dates out
	Width, Height          float64   // of its pages, in points
	Inks                   []Ink     // the colours that styles name by number
}

// Ink is a colour in parts of red, green and blue from 0 to 1.
type Ink struct{ R, G, B float64 }

// ref is an object's number.
type ref int

func (r ref) String() string { return fmt.Sprintf("%d 0 R", int(r)) }

// object is an indirect object; with stream, body is its dictionary's inside.
type object struct {
	body   []byte
	stream []byte
}

// Document is a PDF in the making.
type Document struct {
	info      Info
	objects   []object // number 1 first
	pages     []*Page
	root      *Element
	ids       []*Element
	bookmarks []bookmark
	fonts     map[*typeset.Font]*embedded
	fontList  []*embedded
	deflate   *zlib.Writer
	pageTree  ref
	inks      []string
	spare     []byte // the buffer of the last page's contents
}

// New begins a document.
func New(info Info) *Document {
	deflate, _ := zlib.NewWriterLevel(nil, 4) // a twentieth larger than the best, in half the time
	d := &Document{info: info, fonts: make(map[*typeset.Font]*embedded), deflate: deflate}
	for _, k := range info.Inks {
		d.inks = append(d.inks, fmt.Sprintf("%s %s %s", number(k.R), number(k.G), number(k.B)))
	}
	d.pageTree = d.reserve()
	d.root = &Element{kind: "Document", ref: d.reserve()}
	return d
}

func (d *Document) reserve() ref {
	d.objects = append(d.objects, object{})
	return ref(len(d.objects))
}

func (d *Document) set(r ref, format string, args ...any) {
	d.objects[r-1].body = fmt.Appendf(nil, format, args...)
}

func (d *Document) add(format string, args ...any) ref {
	r := d.reserve()
	d.set(r, format, args...)
	return r
}

// stream adds compressed data; dict is what its dictionary holds besides.
func (d *Document) stream(dict string, data []byte) ref {
	var buf bytes.Buffer
	d.deflate.Reset(&buf)
	d.deflate.Write(data)
	d.deflate.Close()
	r := d.reserve()
	d.objects[r-1] = object{body: []byte(dict + " /Filter /FlateDecode"), stream: buf.Bytes()}
	return r
}

// Write ends the document and writes it. It can be called once.
func (d *Document) Write(w io.Writer) error {
	for _, p := range d.pages {
		p.close()
	}
	kids := make([]string, len(d.pages))
	for i, p := range d.pages {
		kids[i] = p.ref.String()
	}
	d.set(d.pageTree, "<< /Type /Pages /Count %d /Kids [%s] /MediaBox [0 0 %s %s] /Resources %s >>",
		len(d.pages), strings.Join(kids, " "), number(d.info.Width), number(d.info.Height), d.embed())
	tree := d.structure()
	outlines := d.outlines()
	metadata := d.reserve()
	d.objects[metadata-1] = object{body: []byte("/Type /Metadata /Subtype /XML"), stream: []byte(d.xmp())}
	info := d.add("<< /Title %s%s%s /Producer %s%s >>", text(d.info.Title), optional("/Author", d.info.Author), optional("/Creator", d.info.Creator),
		text(producer), d.dates())
	show := ""
	if outlines != 0 {
		show = fmt.Sprintf(" /Outlines %s /PageMode /UseOutlines", outlines)
	}
	catalog := d.add("<< /Type /Catalog /Pages %s /Lang %s /MarkInfo << /Marked true >> /StructTreeRoot %s /Metadata %s /ViewerPreferences << /DisplayDocTitle true >>%s >>",
		d.pageTree, text(d.info.Lang), tree, metadata, show)
	return d.file(w, catalog, info)
}

const producer = "depeche"

func optional(key, value string) string {
	if value == "" {
		return ""
	}
	return " " + key + " " + text(value)
}

func (d *Document) dates() string {
	if d.info.Time.IsZero() {
		return ""
	}
	when := d.info.Time.UTC().Format("(D:20060102150405Z)")
	return " /CreationDate " + when + " /ModDate " + when
}

// packed is how many objects one object stream holds.
const packed = 200

// file writes the objects: those without a stream in object streams, and the
// table of all of them as a stream.
func (d *Document) file(w io.Writer, catalog, info ref) error {
	type entry struct {
		kind  byte // 1: at an offset, 2: in an object stream
		where uint32
		index uint16
	}
	n := len(d.objects)
	table := make([]entry, n+1)
	var loose []int // objects without a stream
	for i := range d.objects {
		if d.objects[i].stream == nil {
			loose = append(loose, i)
		}
	}
	for len(loose) > 0 {
		some := loose[:min(packed, len(loose))]
		loose = loose[len(some):]
		var head, body bytes.Buffer
		holder := len(d.objects) + 1
		for k, i := range some {
			fmt.Fprintf(&head, "%d %d ", i+1, body.Len())
			body.Write(d.objects[i].body)
			body.WriteByte('\n')
			table[i+1] = entry{2, uint32(holder), uint16(k)}
		}
		first := head.Len()
		head.Write(body.Bytes())
		d.stream(fmt.Sprintf("/Type /ObjStm /N %d /First %d", len(some), first), head.Bytes())
	}
	table = append(table, make([]entry, len(d.objects)-n+1)...)
	out := &counter{w: w, hash: sha256.New()}
	out.write("%%PDF-1.7\n%%\xE2\xE3\xCF\xD3\n")
	for i, o := range d.objects {
		if o.stream == nil {
			continue
		}
		table[i+1] = entry{kind: 1, where: uint32(out.n)}
		out.write("%d 0 obj\n<< %s /Length %d >>\nstream\n", i+1, o.body, len(o.stream))
		out.bytes(o.stream)
		out.write("\nendstream\nendobj\n")
	}
	self := len(d.objects) + 1
	start := out.n
	table[self] = entry{kind: 1, where: uint32(start)}
	rows := make([]byte, 0, 7*len(table))
	for i, e := range table {
		if i == 0 {
			e.index = 0xFFFF
		}
		rows = append(rows, e.kind)
		rows = binary.BigEndian.AppendUint32(rows, e.where)
		rows = binary.BigEndian.AppendUint16(rows, e.index)
	}
	var buf bytes.Buffer
	d.deflate.Reset(&buf)
	d.deflate.Write(rows)
	d.deflate.Close()
	id := fmt.Sprintf("<%x>", out.hash.Sum(nil)[:16])
	out.write("%d 0 obj\n<< /Type /XRef /Size %d /W [1 4 2] /Root %s /Info %s /ID [%s %s] /Filter /FlateDecode /Length %d >>\nstream\n",
		self, self+1, catalog, info, id, id, buf.Len())
	out.bytes(buf.Bytes())
	out.write("\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", start)
	return out.err
}

// counter counts and hashes what it writes, and keeps the first error.
type counter struct {
	w    io.Writer
	hash interface {
		io.Writer
		Sum([]byte) []byte
	}
	n   int
	err error
}

func (c *counter) write(format string, args ...any) { c.bytes(fmt.Appendf(nil, format, args...)) }

func (c *counter) bytes(b []byte) {
	if c.err != nil {
		return
	}
	c.hash.Write(b)
	c.n += len(b)
	_, c.err = c.w.Write(b)
}

// text is a text string: PDFDocEncoding for ASCII, else UTF-16 with its mark.
func text(s string) string {
	plain := true
	for _, r := range s {
		plain = plain && r >= 0x20 && r < 0x7F
	}
	if !plain {
		return "<FEFF" + hex16(s) + ">"
	}
	return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s) + ")"
}

// hex16 is a text's UTF-16 in hexadecimal.
func hex16(s string) string {
	const digits = "0123456789ABCDEF"
	units := utf16.Encode([]rune(s))
	b := make([]byte, 0, 4*len(units))
	for _, u := range units {
		b = append(b, digits[u>>12], digits[u>>8&15], digits[u>>4&15], digits[u&15])
	}
	return string(b)
}

// number writes a number with up to three decimals.
func number(x float64) string { return string(appendNumber(nil, x)) }

func (d *Document) xmp() string {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">` +
		`<pdfuaid:part>1</pdfuaid:part>`)
	fmt.Fprintf(&b, `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>`, escape(d.info.Title))
	if d.info.Author != "" {
		fmt.Fprintf(&b, `<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>`, escape(d.info.Author))
	}
	fmt.Fprintf(&b, `<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language><pdf:Producer>%s</pdf:Producer>`, escape(d.info.Lang), producer)
	if d.info.Creator != "" {
		fmt.Fprintf(&b, `<xmp:CreatorTool>%s</xmp:CreatorTool>`, escape(d.info.Creator))
	}
	if !d.info.Time.IsZero() {
		when := d.info.Time.UTC().Format("2006-01-02T15:04:05Z")
		fmt.Fprintf(&b, `<xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>`, when, when)
	}
	b.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>")
	return b.String()
}
