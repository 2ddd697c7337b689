package output

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// node is an element of a parsed document or, with an empty name, a run of
// character data.
type node struct {
	name   xml.Name
	attrs  []xml.Attr
	kids   []*node
	data   string
	offset int // in xmlTree.data
}

// xmlTree is a parsed document; it knows its text so that errors can say where.
type xmlTree struct {
	name string
	data []byte
	root *node
}

// Limits of what is read. A dispatch is a few thousand elements; these are far
// above it and keep a hostile file from taking the machine.
const (
	maxXMLDepth = 200
	maxXMLBytes = 256 << 20
)

const xmlNS = "http://www.w3.org/XML/1998/namespace"

// parseXML reads a document without ever following a reference out of it:
// document types, and so all entities but the five of XML, are refused.
func parseXML(r io.Reader, name string) (*xmlTree, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxXMLBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > maxXMLBytes {
		return nil, fmt.Errorf("%s: more than %d MB of XML", name, maxXMLBytes>>20)
	}
	t := &xmlTree{name: name}
	if t.data, err = utf8XML(data); err != nil {
		return nil, t.errorf(0, "%w", err)
	}
	d := xml.NewDecoder(bytes.NewReader(t.data))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // is UTF-8 by now
	var stack []*node
	for {
		offset := int(d.InputOffset())
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) {
				err = errors.New(syntax.Msg)
			}
			return nil, t.errorf(int(d.InputOffset()), "%w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{name: token.Name, attrs: append([]xml.Attr(nil), token.Attr...), offset: offset}
			switch {
			case len(stack) > maxXMLDepth:
				return nil, t.errorf(offset, "elements nested deeper than %d", maxXMLDepth)
			case len(stack) > 0:
				top := stack[len(stack)-1]
				top.kids = append(top.kids, n)
			case t.root != nil:
				return nil, t.errorf(offset, "a second root element <%s>", token.Name.Local)
			default:
				t.root = n
			}
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 0 {
				top := stack[len(stack)-1]
				top.kids = append(top.kids, &node{data: string(token), offset: offset})
			} else if len(bytes.Trim(token, " \t\r\n\ufeff")) > 0 {
				return nil, t.errorf(offset, "text outside the root element")
			}
		case xml.Directive:
			return nil, t.errorf(offset, "document types and entities are not accepted")
		}
	}
	if t.root == nil {
		return nil, t.errorf(0, "no XML element")
	}
	return t, nil
}

var xmlEncoding = regexp.MustCompile(`^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']`)

// utf8XML converts a document to UTF-8 from the encoding that its byte order
// mark or declaration names.
func utf8XML(data []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")),
		bytes.HasPrefix(data, []byte("<\x00?\x00")), bytes.HasPrefix(data, []byte("\x00<\x00?")):
		order := unicode.LittleEndian
		if data[0] == 0 {
			order = unicode.BigEndian
		}
		out, _, err := transform.Bytes(unicode.UTF16(order, unicode.UseBOM).NewDecoder(), data)
		return out, err
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if m := xmlEncoding.FindSubmatch(data); m != nil && !strings.EqualFold(string(m[1]), "utf-8") {
		enc, err := htmlindex.Get(string(m[1]))
		if err != nil {
			return nil, fmt.Errorf("unknown encoding %q", m[1])
		}
		out, _, err := transform.Bytes(enc.NewDecoder(), data)
		return out, err
	}
	return data, nil
}

// errorf makes an error that begins with file:line:column.
func (t *xmlTree) errorf(offset int, format string, args ...any) error {
	before := t.data[:min(offset, len(t.data))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Errorf("%s:%d:%d: %w", t.name, line, column, fmt.Errorf(format, args...))
}

// lines gives the line of each offset; the offsets ascend.
func (t *xmlTree) lines(offsets []int) []int {
	lines := make([]int, len(offsets))
	line, at := 1, 0
	for i, offset := range offsets {
		if offset = min(offset, len(t.data)); offset > at {
			line += bytes.Count(t.data[at:offset], []byte("\n"))
			at = offset
		}
		lines[i] = line
	}
	return lines
}

// is reports whether n is the element local of a namespace.
func (n *node) is(space, local string) bool { return n.name.Local == local && n.name.Space == space }

// attr is the value of an attribute without a namespace, "" without it.
func (n *node) attr(local string) string { return n.attrNS("", local) }

func (n *node) attrNS(space, local string) string {
	for _, a := range n.attrs {
		if a.Name.Local == local && a.Name.Space == space {
			return a.Value
		}
	}
	return ""
}

// first is the first child element of that name, nil without one or in a nil node.
func (n *node) first(space, local string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.is(space, local) {
			return k
		}
	}
	return nil
}

// all gives the child elements of that name.
func (n *node) all(space, local string) []*node {
	var out []*node
	for _, k := range n.kids {
		if k.is(space, local) {
			out = append(out, k)
		}
	}
	return out
}

// text is all character data under n; a nil node has none.
func (n *node) text() string {
	if n == nil {
		return ""
	}
	if n.name.Local == "" {
		return n.data
	}
	if len(n.kids) == 1 {
		return n.kids[0].text()
	}
	var b strings.Builder
	for _, k := range n.kids {
		b.WriteString(k.text())
	}
	return b.String()
}

// elements is all for a node that may be nil.
func (n *node) elements(space, local string) []*node {
	if n == nil {
		return nil
	}
	return n.all(space, local)
}
