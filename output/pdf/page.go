package pdf

import (
	"fmt"
	"math"
	"strconv"

	"depeche/output/typeset"
)

// Page is a page in the making. Coordinates are points from its lower left
// corner.
type Page struct {
	d     *Document
	ref   ref
	n     int // from 0
	out   []byte
	marks []*Element // by MCID

	open     bool // marked content is open
	element  *Element
	artifact string
	inText   bool
	font     *embedded
	size     float64
	rise     float64
	ink      string
}

// AddPage adds a page at the end.
func (d *Document) AddPage() *Page {
	p := &Page{d: d, ref: d.reserve(), n: len(d.pages)}
	if p.n > 0 {
		d.pages[p.n-1].close()
	}
	p.out, d.spare = d.spare, nil
	d.pages = append(d.pages, p)
	return p
}

// Number is the page's number, from 1.
func (p *Page) Number() int { return p.n + 1 }

// Pages is how many pages there are so far.
func (d *Document) Pages() int { return len(d.pages) }

// close writes the page's contents. Nothing is added to it after that.
func (p *Page) close() {
	if p.d.objects[p.ref-1].body != nil {
		return
	}
	p.end()
	contents := p.d.stream("", p.out)
	p.d.spare, p.out = p.out[:0], nil
	p.d.set(p.ref, "<< /Type /Page /Parent %s /Contents %s /StructParents %d /Tabs /S >>", p.d.pageTree, contents, p.n)
}

// mark makes what follows belong to an element or, where that is nil, be an
// artifact of a kind.
func (p *Page) mark(e *Element, artifact string) {
	if p.open && p.element == e && p.artifact == artifact {
		return
	}
	p.end()
	p.open, p.element, p.artifact = true, e, artifact
	if e == nil {
		p.out = append(p.out, "/Artifact "+artifact+" BDC\n"...)
		return
	}
	p.out = fmt.Appendf(p.out, "/%s << /MCID %d >> BDC\n", e.kind, p.kid(e))
}

// markHyphen makes what follows an added hyphen within an element. Its text
// is a soft hyphen, which readers leave out. It stands beside the element's
// other content and not within it: there are readers that lose what comes
// behind marked content in marked content.
func (p *Page) markHyphen(e *Element) {
	p.end()
	p.open, p.element, p.artifact = true, nil, hyphen
	p.out = fmt.Appendf(p.out, "/Span << /MCID %d /ActualText <FEFF00AD> >> BDC\n", p.kid(e))
}

const hyphen = "hyphen" // what is open is neither an element's nor an artifact

func (p *Page) kid(e *Element) (mcid int) {
	mcid = len(p.marks)
	p.marks = append(p.marks, e)
	e.kids = append(e.kids, kid{page: p, mcid: mcid})
	return mcid
}

func (p *Page) end() {
	p.text(false)
	if p.open {
		p.out = append(p.out, "EMC\n"...)
	}
	p.open = false
}

func (p *Page) text(on bool) {
	if on == p.inText {
		return
	}
	p.inText = on
	if on {
		p.out = append(p.out, "BT\n"...)
	} else {
		p.out = append(p.out, "ET\n"...)
	}
}

// The kinds of artifact.
const (
	Layout = "<< /Type /Layout >>"
	Header = "<< /Type /Pagination /Subtype /Header >>"
	Footer = "<< /Type /Pagination /Subtype /Footer >>"
)

// Rule draws a line as an artifact.
func (p *Page) Rule(x1, y1, x2, y2, width float64, ink int) {
	p.mark(nil, Layout)
	p.text(false)
	p.out = append(p.out, p.d.inks[ink]+" RG "...)
	p.out = append(appendNumber(p.out, width), " w "...)
	for i, x := range []float64{x1, y1, x2, y2} {
		p.out = append(appendNumber(p.out, x), ' ')
		switch i {
		case 1:
			p.out = append(p.out, "m "...)
		case 3:
			p.out = append(p.out, "l S\n"...)
		}
	}
}

// Line shows a line with its left end at a place. The element of each span
// is given by its index; nil is an artifact of the kind given.
func (p *Page) Line(x, y float64, line typeset.Line, spans []typeset.Span, element func(span int) *Element, artifact string) {
	pen := math.Inf(1) // where the next glyph would stand
	inArray := false
	finish := func() {
		if inArray {
			p.out = append(p.out, ")] TJ\n"...)
		}
		inArray = false
	}
	for _, part := range line.Parts {
		style := spans[part.Span].Style
		e := element(part.Span)
		kind := artifact
		if e != nil {
			kind = ""
		}
		switch {
		case part.Hyphen && e != nil:
			finish()
			p.markHyphen(e)
			pen = math.Inf(1)
		case !p.open || p.element != e || p.artifact != kind:
			finish()
			p.mark(e, kind)
			pen = math.Inf(1)
		}
		p.text(true)
		if ink := p.d.inks[style.Ink]; ink != p.ink {
			finish()
			p.ink = ink
			p.out = append(p.out, ink+" rg\n"...)
		}
		at := x + part.X // where the next glyph is due
		for i := range part.Glyphs {
			g := &part.Glyphs[i]
			f := p.d.font(g.Font)
			rise := style.Rise + g.DY*style.Size/1000
			if f != p.font || style.Size != p.size {
				finish()
				p.font, p.size = f, style.Size
				p.out = append(p.out, '/')
				p.out = append(p.out, f.name...)
				p.out = append(appendNumber(append(p.out, ' '), style.Size), " Tf\n"...)
			}
			if rise != p.rise {
				finish()
				p.rise = rise
				p.out = append(appendNumber(p.out, rise), " Ts\n"...)
			}
			want := at + g.DX*style.Size/1000
			switch off := math.Round((want - pen) * 1000 / style.Size); {
			case math.IsInf(off, 0):
				finish()
				p.out = append(p.out, "1 0 0 1 "...)
				p.out = append(appendNumber(p.out, want), ' ')
				p.out = append(appendNumber(p.out, y), " Tm\n"...)
				pen = want
			case off != 0:
				if inArray {
					p.out = append(p.out, ')')
				} else {
					p.out = append(p.out, '[')
				}
				p.out = strconv.AppendInt(p.out, int64(-off), 10)
				p.out = append(p.out, '(')
				inArray = true
				pen += off * style.Size / 1000
			}
			if !inArray {
				p.out = append(p.out, '[', '(')
				inArray = true
			}
			cid, width := f.cid(g)
			p.out = appendByte(appendByte(p.out, byte(cid>>8)), byte(cid))
			pen += width * style.Size / 1000
			at += g.Advance * style.Size / 1000
		}
	}
	finish()
}

// appendByte appends a byte of a literal string.
func appendByte(b []byte, c byte) []byte {
	switch c {
	case '(', ')', '\\':
		return append(b, '\\', c)
	case '\r':
		return append(b, '\\', 'r')
	}
	return append(b, c)
}

// appendNumber appends a number with up to three decimals.
func appendNumber(b []byte, x float64) []byte {
	x = math.Round(x*1000) / 1000
	if x == 0 {
		x = 0 // not -0
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}
