package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"

	"depeche/output/typeset"
)

// embedded is a font of the document. A character identifier (CID) stands for
// a glyph together with its text, so that one glyph can stand for several
// texts: a space that breaks and one that does not.
type embedded struct {
	font *typeset.Font
	name string // of the resource
	cids map[cidKey]uint16
	keys []cidKey // by CID - 1
	wide []float64
}

type cidKey struct {
	glyph uint16
	text  string
}

func (d *Document) font(f *typeset.Font) *embedded {
	e := d.fonts[f]
	if e == nil {
		e = &embedded{font: f, name: fmt.Sprintf("F%d", len(d.fontList)+1), cids: make(map[cidKey]uint16)}
		d.fonts[f] = e
		d.fontList = append(d.fontList, e)
	}
	return e
}

// cid gives the identifier of a glyph and its width in thousandths of an em.
func (e *embedded) cid(g *typeset.Glyph) (uint16, float64) {
	key := cidKey{g.ID, g.Text}
	c, ok := e.cids[key]
	if !ok {
		e.keys = append(e.keys, key)
		e.wide = append(e.wide, math.Round(e.font.Width(g.ID)))
		c = uint16(len(e.keys))
		e.cids[key] = c
	}
	return c, e.wide[c-1]
}

// embed writes the fonts and gives the resources.
func (d *Document) embed() string {
	var b bytes.Buffer
	b.WriteString("<< /Font <<")
	for _, e := range d.fontList {
		fmt.Fprintf(&b, " /%s %s", e.name, e.write(d))
	}
	b.WriteString(" >> >>")
	return b.String()
}

func (e *embedded) write(d *Document) ref {
	glyphs := make([]uint16, len(e.keys))
	for i, k := range e.keys {
		glyphs[i] = k.glyph
	}
	file, place := subset(e.font.Data, glyphs)
	sum := sha256.Sum256(file)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	name := string(tag) + "+" + e.font.Name
	toGlyph := []byte{0, 0}
	var widths bytes.Buffer
	for i, k := range e.keys {
		toGlyph = binary.BigEndian.AppendUint16(toGlyph, place[k.glyph])
		fmt.Fprintf(&widths, "%s ", number(e.wide[i]))
	}
	data := d.stream(fmt.Sprintf("/Length1 %d", len(file)), file)
	box := tables(e.font.Data)["head"]
	coordinate := func(at int) string {
		return number(math.Round(float64(int16(binary.BigEndian.Uint16(box[at:]))) * 1000 / float64(e.font.PerEm)))
	}
	descriptor := d.add("<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%s %s %s %s] /ItalicAngle 0 /Ascent %s /Descent %s /CapHeight %s /StemV 80 /FontFile2 %s >>",
		name, coordinate(36), coordinate(38), coordinate(40), coordinate(42), number(e.font.Ascent), number(e.font.Descent), number(e.font.CapHeight), data)
	cidFont := d.add("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor %s /DW 0 /W [1 [%s]] /CIDToGIDMap %s >>",
		name, descriptor, widths.Bytes(), d.stream("", toGlyph))
	return d.add("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%s] /ToUnicode %s >>",
		name, cidFont, d.stream("", e.toUnicode()))
}

// toUnicode is the map from identifiers to text. A glyph that stands for
// nothing, its cluster's text being another's, maps to a zero-width space.
func (e *embedded) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for from := 0; from < len(e.keys); from += 100 {
		to := min(from+100, len(e.keys))
		fmt.Fprintf(&b, "%d beginbfchar\n", to-from)
		for i := from; i < to; i++ {
			text := e.keys[i].text
			if text == "" || text == "\ufeff" {
				text = "\u200b"
			}
			fmt.Fprintf(&b, "<%04X> <%s>\n", i+1, hex16(text))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
