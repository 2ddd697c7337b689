package output

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"depeche/output/pdf"
	"depeche/output/typeset"
	"depeche/segment"
	"depeche/translate"
)

// pdfStyle is how a block looks. Lengths are points.
type pdfStyle struct {
	face       typeset.Face
	size, lead float64
	ink        int
	before     float64 // space above the block
	indent     float64 // of all lines
	hang       float64 // of all lines but the first
	justify    bool
	align      pdfAlign
}

type pdfAlign int

const (
	alignStart pdfAlign = iota
	alignCentre
	alignEnd
)

// blockStyles are the looks of the kinds of block. One that is missing looks
// like a paragraph.
var blockStyles = map[segment.Kind]pdfStyle{
	segment.Paragraph:  {size: pdfSize, lead: pdfLead, before: 7, justify: true},
	segment.Headline:   {face: typeset.Bold, size: 15, lead: 19, before: 10},
	segment.Repeat:     {face: typeset.Bold, size: 15, lead: 19, before: 10},
	segment.Heading:    {face: typeset.Bold, size: 11, lead: 14, before: 15},
	segment.Lead:       {face: typeset.Bold, size: pdfSize, lead: pdfLead, before: 10, justify: true},
	segment.Item:       {size: pdfSize, lead: pdfLead, before: 3, hang: 9},
	segment.Quote:      {face: typeset.Italic, size: pdfSize, lead: pdfLead, before: 7, indent: 11, justify: true},
	segment.Cell:       {size: pdfSize, lead: pdfLead, before: 3},
	segment.DateLine:   {face: typeset.Italic, size: 8.4, lead: pdfLead, ink: inkMuted, before: 3},
	segment.Byline:     {face: typeset.Italic, size: 8.4, lead: pdfLead, ink: inkMuted, before: 3},
	segment.Signature:  {face: typeset.Italic, size: pdfSize, lead: pdfLead, before: 7, align: alignEnd},
	segment.Alert:      {face: typeset.Bold, size: 9, lead: pdfLead, ink: inkAccent, before: 7},
	segment.Correction: {face: typeset.Bold, size: 9, lead: pdfLead, ink: inkAccent, before: 7},
	segment.Embargo:    {face: typeset.Bold, size: 9, lead: pdfLead, ink: inkAccent, before: 7},
	segment.Separator:  {size: pdfSize, lead: pdfLead, ink: inkMuted, before: 7, align: alignCentre},
}

func blockStyle(b *segment.Block) pdfStyle {
	s, ok := blockStyles[b.Kind]
	if !ok {
		return blockStyles[segment.Paragraph]
	}
	if b.Kind == segment.Item {
		s.indent = s.hang * float64(min(max(b.Level-1, 0), 2))
	}
	return s
}

// pdfCell is one side of a row, set.
type pdfCell struct {
	style pdfStyle
	lang  language.Tag
	width float64
	spans []typeset.Span
	notes map[int]int // of the spans that are signs of notes: the note's number
	lines []typeset.Line

	element *pdf.Element         // what it belongs to
	within  map[int]*pdf.Element // of spans in other languages, and signs
}

func (c *pdfCell) height() float64 { return float64(len(c.lines)) * c.style.lead }

// cell sets spans in a style. Of the spans' styles, a size or face that is
// not given is the cell's.
func (p *pdfWriter) cell(style pdfStyle, lang language.Tag, width float64, spans []typeset.Span) *pdfCell {
	for i := range spans {
		s := &spans[i].Style
		if s.Size == 0 {
			s.Size = style.size
		}
		if s.Face == typeset.Roman {
			s.Face = style.face
		}
		if s.Ink == inkText {
			s.Ink = style.ink
		}
	}
	c := &pdfCell{style: style, lang: lang, width: width, spans: spans}
	lines, err := p.set.Paragraph(spans, typeset.Shape{Width: width - style.indent - style.hang, Outdent: style.hang, Justify: style.justify, Hyphenate: style.justify, RightFirst: direction(lang) != ""})
	if err != nil && p.err == nil {
		p.err = err
	}
	c.lines = lines
	return c
}

// source sets the source of some pairs of a row, which goes on on the next
// page if cut.
func (p *pdfWriter) source(r *row, style pdfStyle, width float64, cut bool) *pdfCell {
	lang := p.text.Document.Lang
	var spans []typeset.Span
	for k, pair := range r.pairs {
		if k > 0 {
			spans = append(spans, typeset.Span{Text: r.block.Text[r.pairs[k-1].Source.Span.End:pair.Source.Span.Start], Lang: lang})
		}
		text := pair.Source.Text
		if d := r.block.Dateline; !d.Empty() && pair.Source.Span.Start <= d.Start && d.End <= pair.Source.Span.End {
			from, to := d.Start-pair.Source.Span.Start, d.End-pair.Source.Span.Start
			spans = append(spans, typeset.Span{Text: text[:from], Lang: lang}, typeset.Span{Text: text[from:to], Lang: lang, Style: typeset.Style{SmallCaps: true}})
			text = text[to:]
		}
		spans = append(spans, typeset.Span{Text: text, Lang: lang})
	}
	if last := r.pairs[len(r.pairs)-1].Source; cut {
		if gap := r.block.Text[last.Span.End:]; gap != "" {
			spans = append(spans, typeset.Span{Text: gap[:len(gap)-len(strings.TrimLeftFunc(gap, unicode.IsSpace))], Lang: lang})
		}
	}
	return p.cell(style, lang, width, tidy(spans))
}

// target sets the target of some pairs of a row, with the signs of its notes.
func (p *pdfWriter) target(r *row, style pdfStyle, width float64, cut bool) *pdfCell {
	lang := p.text.Lang
	var spans []typeset.Span
	notes := make(map[int]int)
	for k, pair := range r.pairs {
		if k > 0 {
			spans = append(spans, typeset.Span{Text: " ", Lang: lang})
		}
		if pair.Target == "" {
			spans = append(spans, typeset.Span{Text: absentText, Lang: language.English, Style: typeset.Style{Face: typeset.Italic, Ink: inkAccent}})
		}
		at := 0
		for _, sign := range p.signs(pair) {
			if sign.at > at {
				spans = append(spans, typeset.Span{Text: pair.Target[at:sign.at], Lang: lang})
			} else if n := len(spans) - 1; n >= 0 && notes[n] != 0 { // two at one place
				spans = append(spans, typeset.Span{Text: "\u202f", Lang: lang, Style: spans[n].Style})
			}
			at = sign.at
			notes[len(spans)] = sign.n
			spans = append(spans, typeset.Span{Text: strconv.Itoa(sign.n), Lang: lang, Style: typeset.Style{Size: style.size * .62, Rise: style.size * .35, Ink: inkAccent}})
		}
		spans = append(spans, typeset.Span{Text: pair.Target[at:], Lang: lang})
	}
	if cut {
		spans = append(spans, typeset.Span{Text: " ", Lang: lang})
	}
	c := p.cell(style, lang, width, tidy(spans))
	c.notes = notes
	return c
}

// tidy cleans the texts of spans.
func tidy(spans []typeset.Span) []typeset.Span {
	for i := range spans {
		spans[i].Text = clean(spans[i].Text)
	}
	return spans
}

// pdfSign is where the number of a note stands in a target.
type pdfSign struct{ at, n int }

// signs gives the notes that a pair has: those of the entries that occur in
// it for the first time, and those of its findings.
func (p *pdfWriter) signs(pair *translate.Pair) []pdfSign {
	var out []pdfSign
	var keys []pdfNoteKey
	sign := func(at int, key pdfNoteKey) {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
			out = append(out, pdfSign{at, len(keys) - 1})
		}
	}
	if p.o.Terms != "index" {
		for _, t := range pair.Terms {
			if _, known := p.number[entryOf(t)]; known && !t.Target.Empty() {
				sign(t.Target.End, pdfNoteKey{term: entryOf(t)})
			}
		}
	}
	findings := p.o.findings(pair)
	for i := range findings {
		sign(findingEnd(findings[i], pair), pdfNoteKey{pair: pair, finding: i})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].at < out[j].at })
	for i := range out {
		key := keys[out[i].n]
		n, have := p.noteOf[key]
		if !have {
			note := pdfNote{entry: p.number[key.term], pair: pair}
			if key.pair != nil {
				note.finding = &findings[key.finding]
			}
			p.noted = append(p.noted, note)
			n = len(p.noted)
			p.noteOf[key] = n
		}
		out[i].n = n
	}
	return slices.DeleteFunc(out, func(s pdfSign) bool { return p.noted[s.n-1].pair != pair })
}

// notesIn lists the notes whose signs stand in a line.
func (c *pdfCell) notesIn(line int) []int {
	if len(c.notes) == 0 {
		return nil
	}
	var out []int
	for _, part := range c.lines[line].Parts {
		if n, ok := c.notes[part.Span]; ok {
			out = append(out, n)
		}
	}
	return out
}

// elementOf gives the element that a span belongs to.
func (p *pdfWriter) elementOf(c *pdfCell, span int) *pdf.Element {
	_, sign := c.notes[span]
	lang := different(c.spans[span].Lang, c.lang)
	if !sign && lang == "" {
		return c.element
	}
	if e := c.within[span]; e != nil {
		return e
	}
	if c.within == nil {
		c.within = make(map[int]*pdf.Element)
	}
	kind := "Span"
	if sign {
		kind = "Reference"
	}
	e := p.doc.Element(c.element, kind, pdf.Attr{Lang: lang})
	c.within[span] = e
	return e
}
