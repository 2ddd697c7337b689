package output

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// xmlWriter writes indented XML. Structure goes through open, leaf, empty and
// close; mixed content, where white space counts, through begin, text and end
// between them. The first error of the stream sticks and comes out of flush.
type xmlWriter struct {
	w     *bufio.Writer
	out   *counter
	names []string
}

// counter counts the bytes that pass.
type counter struct {
	w io.Writer
	n int
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += n
	return n, err
}

func newXML(w io.Writer) *xmlWriter {
	x := newXMLPart(w, 1<<16)
	x.w.WriteString(`<?xml version="1.0" encoding="UTF-8"?>`)
	return x
}

// newXMLPart writes what stands in elements of these names.
func newXMLPart(w io.Writer, size int, names ...string) *xmlWriter {
	out := &counter{w: w}
	return &xmlWriter{w: bufio.NewWriterSize(out, size), out: out, names: names}
}

// at is the place in the stream, in bytes.
func (x *xmlWriter) at() int { return x.out.n + x.w.Buffered() }

func (x *xmlWriter) flush() error {
	if len(x.names) != 0 {
		return fmt.Errorf("element %s was not closed", x.names[len(x.names)-1])
	}
	x.w.WriteByte('\n')
	return x.w.Flush()
}

func (x *xmlWriter) indent() {
	x.w.WriteByte('\n')
	for range x.names {
		x.w.WriteByte(' ')
	}
}

// tag writes "<name a="b"" without its end. Attributes are names and values in
// turn; one whose value is empty is left out.
func (x *xmlWriter) tag(name string, attrs []string) {
	x.w.WriteByte('<')
	x.w.WriteString(name)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] == "" {
			continue
		}
		x.w.WriteByte(' ')
		x.w.WriteString(attrs[i])
		x.w.WriteString(`="`)
		xmlAttr.WriteString(x.w, xmlSafe(attrs[i+1]))
		x.w.WriteByte('"')
	}
}

// open begins a structural element on its own line.
func (x *xmlWriter) open(name string, attrs ...string) {
	x.indent()
	x.begin(name, attrs...)
}

// close ends the element that open began.
func (x *xmlWriter) close() {
	name := x.names[len(x.names)-1]
	x.names = x.names[:len(x.names)-1]
	x.indent()
	x.w.WriteString("</" + name + ">")
}

// leaf writes an element with text only, on its own line.
func (x *xmlWriter) leaf(name, text string, attrs ...string) {
	x.indent()
	x.begin(name, attrs...)
	x.text(xmlSafe(text))
	x.end()
}

// shown is leaf for documents that are never read back: what XML cannot hold
// is replaced by U+FFFD.
func (x *xmlWriter) shown(name, text string, attrs ...string) {
	x.indent()
	x.begin(name, attrs...)
	x.text(clean(text))
	x.end()
}

// void writes an element without content on its own line.
func (x *xmlWriter) void(name string, attrs ...string) {
	x.indent()
	x.point(name, attrs...)
}

// begin and end enclose mixed content; point is an element without content in it.
func (x *xmlWriter) begin(name string, attrs ...string) {
	x.tag(name, attrs)
	x.w.WriteByte('>')
	x.names = append(x.names, name)
}

func (x *xmlWriter) end() {
	name := x.names[len(x.names)-1]
	x.names = x.names[:len(x.names)-1]
	x.w.WriteString("</" + name + ">")
}

func (x *xmlWriter) point(name string, attrs ...string) {
	x.tag(name, attrs)
	x.w.WriteString("/>")
}

// text writes character data that holds only characters of XML.
func (x *xmlWriter) text(s string) { xmlText.WriteString(x.w, s) }

var (
	xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	xmlAttr = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)

// xmlChar reports whether XML 1.0 has the character at all.
func xmlChar(r rune) bool {
	return r >= 0x20 && r != 0xFFFE && r != 0xFFFF || r == '\t' || r == '\n' || r == '\r'
}

const xmlEscape = `\x{`

// xmlSafe replaces what XML cannot hold by \x{HEX}, and a literal \x{ by
// \x{5C}x{, so that xmlPlain gives back the same string. Text content of XLIFF
// has an element for this; attributes, notes and metadata do not.
func xmlSafe(s string) string {
	bad := strings.Contains(s, xmlEscape)
	for _, r := range s {
		bad = bad || !xmlChar(r)
	}
	if !bad {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case !xmlChar(r), r == '\\' && strings.HasPrefix(s[i:], xmlEscape):
			fmt.Fprintf(&b, `\x{%X}`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// xmlPlain undoes xmlSafe. Only what xmlSafe writes is undone.
func xmlPlain(s string) string {
	if !strings.Contains(s, xmlEscape) {
		return s
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, xmlEscape)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		hex, rest, closed := strings.Cut(after, "}")
		n, err := strconv.ParseUint(hex, 16, 21)
		if r := rune(n); closed && err == nil && (!xmlChar(r) || r == '\\') {
			b.WriteRune(r)
			s = rest
		} else {
			b.WriteString(xmlEscape)
			s = after
		}
	}
}
