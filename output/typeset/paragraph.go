package typeset

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/bidi"
	"golang.org/x/text/language"
)

// Style is how a span of text looks. Lengths are points.
type Style struct {
	Face      Face
	Size      float64
	SmallCaps bool
	Rise      float64 // above the line, for signs of notes
	Ink       int     // a colour, of the caller's table
}

// Span is a part of a paragraph in one style and language.
type Span struct {
	Text  string
	Style Style
	Lang  language.Tag
}

// Shape is the form of a paragraph.
type Shape struct {
	Width      float64 // of its lines, in points
	Outdent    float64 // by which the first line is wider
	Justify    bool    // both edges straight, but for the last line
	Hyphenate  bool    // where the language of a span has patterns
	RightFirst bool    // the language runs from right to left
}

// Line is a line of a paragraph. All of its paragraph's text is in its lines:
// the spaces at which a line ends are in it, and a hyphen that was added
// stands for U+00AD.
type Line struct {
	Parts []Part
	Width float64 // as seen, in points
}

// Part is a piece of a line in one style, in the order in which it is seen.
type Part struct {
	X      float64 // from the left edge of the paragraph, in points
	Glyphs []Glyph
	Span   int  // index of its span
	Hyphen bool // a hyphen that was added
}

// Spaces stretch by three fifths of their width and shrink by one.
const (
	stretchOfSpace = 0.6
	shrinkOfSpace  = 0.2
)

// The costs of ending a line.
const (
	hyphenCost      = 130
	shortHyphenCost = 200  // behind two letters
	nameHyphenCost  = 350  // in a word with a capital
	insideCost      = 30   // behind a dash or stroke of the text
	ownHyphenCost   = 5000 // behind a hyphen of the text: programs that read pages take it for one that was added
	anywhereCost    = 2000
	heldCost        = 3e5 // at a space that does not break: rather than off the column, or into the next
	longWordOfWidth = 0.5 // words wider than this part of a line may be divided anywhere
)

// fragment is a part of the text that no line end divides.
type fragment struct {
	from, to int // in the text, in bytes
	span     int
	level    bidi.Level
	blank    bool // a space
}

// Paragraph breaks spans into lines.
func (s *Setter) Paragraph(spans []Span, shape Shape) ([]Line, error) {
	p := &paragraph{s: s, spans: spans, shape: shape}
	if shape.RightFirst {
		p.base = 1
	}
	var all strings.Builder
	for _, sp := range spans {
		all.WriteString(sp.Text)
		p.ends = append(p.ends, all.Len())
	}
	p.text = all.String()
	if p.text == "" {
		return nil, nil
	}
	if err := p.build(); err != nil {
		return nil, err
	}
	breaks := breakLines(p.items, shape.Width, shape.Outdent, !shape.Justify)
	lines := make([]Line, 0, len(breaks))
	start := 0
	for i, end := range breaks {
		next := len(p.items)
		if i < len(breaks)-1 {
			next = skipSpaces(p.items, end)
		}
		lines = append(lines, p.line(start, end, next, i == 0, i == len(breaks)-1))
		start = next
	}
	return lines, nil
}

type paragraph struct {
	s         *Setter
	spans     []Span
	ends      []int // of the spans in text
	shape     Shape
	text      string
	base      bidi.Level
	items     []item
	fragments []fragment
}

// rightToLeft reports whether a character runs, or may make others run, from
// right to left.
func rightToLeft(r rune) bool {
	return r >= 0x590 && (r <= 0x8FF || r == 0x200F || r == 0x202B || r == 0x202E || r == 0x2067 || r >= 0xFB1D && r <= 0xFDFF ||
		r >= 0xFE70 && r <= 0xFEFE || r >= 0x10800 && r <= 0x10FFF || r >= 0x1E800 && r <= 0x1EFFF)
}

// levels gives the embedding level of each rune, nil where all are base.
func (p *paragraph) levels(runes []rune) []bidi.Level {
	mixed := p.base != 0
	for _, r := range runes {
		mixed = mixed || rightToLeft(r)
	}
	if !mixed {
		return nil
	}
	// The mark in front keeps the text from choosing the direction itself.
	mark, direction := '\u200E', bidi.LeftToRight
	if p.base != 0 {
		mark, direction = '\u200F', bidi.RightToLeft
	}
	out := make([]bidi.Level, len(runes)+1)
	runs := p.s.bidi.Segment(append([]rune{mark}, runes...), direction)
	for i := range runs.NumRuns() {
		run := runs.Run(i)
		for k := run.Start; k < run.End; k++ {
			out[k] = run.Level
		}
		if p.base == 0 && run.Level == 2 {
			// The library gives the level of the run's beginning for all of
			// it. Only a number behind right-to-left text stands higher: from
			// the first letter on the run is the paragraph's.
			number := run.Start
			for k := run.Start; k < run.End && !unicode.IsLetter(runes[k-1]); k++ {
				if unicode.IsDigit(runes[k-1]) {
					number = k + 1
				}
			}
			if number < run.End && slices.ContainsFunc(runes[run.Start-1:run.End-1], unicode.IsLetter) {
				for k := number; k < run.End; k++ {
					out[k] = 0
				}
			}
		}
	}
	return out[1:]
}

// build makes the items and fragments of the paragraph.
func (p *paragraph) build() error {
	runes := []rune(p.text)
	levels := p.levels(runes)
	ends := make([]bool, len(runes)+1) // a line may end before the rune
	p.s.lines.Init(runes)
	for it := p.s.lines.LineIterator(); it.Next(); {
		l := it.Line()
		ends[l.Offset+len(l.Text)] = true
	}
	span, from, start := 0, 0, 0 // of the word that begins at rune start
	level := func(i int) bidi.Level {
		if levels == nil {
			return p.base
		}
		return levels[i]
	}
	flush := func(to int) error {
		if to > from {
			if err := p.word(fragment{from: from, to: to, span: span, level: level(start)}); err != nil {
				return err
			}
		}
		return nil
	}
	at := 0
	for i, r := range runes {
		n := utf8.RuneLen(r)
		for at >= p.ends[span] {
			if err := flush(at); err != nil {
				return err
			}
			from, start = at, i
			span++
		}
		blank := r == ' ' || r == 0xA0 || r == '\t' || r == '\n' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029
		switch {
		case blank:
			if err := flush(at); err != nil {
				return err
			}
			p.blank(fragment{from: at, to: at + n, span: span, level: level(i), blank: true}, r, runes, i)
			from, start = at+n, i+1
		case ends[i] && i > 0 && at > from:
			if err := flush(at); err != nil {
				return err
			}
			it := item{kind: place, cost: insideCost, piece: -1}
			switch runes[i-1] {
			case 0xAD:
				it.width, it.hyphen, it.cost = p.hyphenWidth(span), true, hyphenCost/2
			case '-', 0x2010:
				it.cost = ownHyphenCost
			}
			p.items = append(p.items, it)
			from, start = at, i
		case levels != nil && i > start && level(i) != level(i-1):
			if err := flush(at); err != nil {
				return err
			}
			from, start = at, i
		}
		at += n
	}
	return flush(at)
}

// blank adds a space or the end of a line.
func (p *paragraph) blank(f fragment, r rune, runes []rune, i int) {
	st := p.spans[f.span].Style
	width := p.s.shape(st.Face, false, false, " ").width * st.Size / 1000
	it := item{kind: space, width: width, piece: len(p.fragments)}
	if p.shape.Justify {
		it.stretch, it.shrink = width*stretchOfSpace, width*shrinkOfSpace
	}
	if r == 0xA0 || held(p.spans[f.span].Lang, runes, i) {
		it.cost = heldCost
	}
	p.items = append(p.items, it)
	p.fragments = append(p.fragments, f)
	if r == '\n' || r == 0x85 || r == 0x2028 || r == 0x2029 || r == '\r' && (i+1 == len(runes) || runes[i+1] != '\n') {
		p.items = append(p.items, item{kind: place, cost: forced, piece: -1})
	}
}

// held reports whether a plain space keeps its neighbours together: French
// writes one inside quotation marks, before high punctuation and in numbers.
func held(lang language.Tag, runes []rune, i int) bool {
	if runes[i] != ' ' {
		return false
	}
	if base, _ := lang.Base(); base.String() != "fr" {
		return false
	}
	if i > 0 && (runes[i-1] == '«' || runes[i-1] == '‹') {
		return true
	}
	if i+1 < len(runes) && strings.ContainsRune(":;!?»›%‰€", runes[i+1]) {
		return true
	}
	if i > 0 && i+3 < len(runes) && unicode.IsDigit(runes[i-1]) {
		return unicode.IsDigit(runes[i+1]) && unicode.IsDigit(runes[i+2]) && unicode.IsDigit(runes[i+3])
	}
	return false
}

func (p *paragraph) hyphenWidth(span int) float64 {
	st := p.spans[span].Style
	return p.s.shape(st.Face, st.SmallCaps, false, "-").width * st.Size / 1000
}

// shaped gives the glyphs of a fragment.
func (p *paragraph) shaped(f fragment) *word {
	st := p.spans[f.span].Style
	text := p.text[f.from:f.to]
	if f.blank {
		switch text {
		case " ", "\u00a0":
		default:
			text = " " // a tab or the end of a line
		}
	}
	return p.s.shape(st.Face, st.SmallCaps, f.level%2 == 1, text)
}

// word adds a text without spaces, with the places at which it may be divided.
func (p *paragraph) word(f fragment) error {
	shaped := p.shaped(f)
	size := p.spans[f.span].Style.Size
	text := p.text[f.from:f.to]
	type cut struct {
		at     int
		cost   float64
		hyphen bool
	}
	var cuts []cut
	if f.level%2 == 0 && p.shape.Hyphenate {
		places, err := p.s.hyphens(p.spans[f.span].Lang, text)
		if err != nil {
			return err
		}
		for _, at := range places {
			cost := float64(hyphenCost)
			if utf8.RuneCountInString(strings.TrimLeftFunc(text[:at], notLetter)) < 3 {
				cost = shortHyphenCost
			}
			if strings.IndexFunc(text, unicode.IsUpper) >= 0 {
				cost = nameHyphenCost
			}
			cuts = append(cuts, cut{at, cost, true})
		}
	}
	if shaped.width*size/1000 > p.shape.Width*longWordOfWidth {
		have := make(map[int]bool)
		for _, c := range cuts {
			have[c.at] = true
		}
		cuts = cuts[:0:0]
		for i := range text {
			if i == 0 {
				continue
			}
			if r, _ := utf8.DecodeRuneInString(text[i:]); unicode.IsMark(r) || ignorable(r) || strings.ContainsRune(",.;:!?)]}»”’…", r) {
				continue
			}
			if have[i] {
				cuts = append(cuts, cut{i, hyphenCost, true})
			} else {
				cuts = append(cuts, cut{i, anywhereCost, false})
			}
		}
	}
	add := func(from, to int, width float64) {
		p.items = append(p.items, item{kind: box, width: width * size / 1000, piece: len(p.fragments)})
		p.fragments = append(p.fragments, fragment{from: f.from + from, to: f.from + to, span: f.span, level: f.level})
	}
	from, before := 0, 0.0
	for _, c := range cuts {
		upTo := shaped.widthUpTo(c.at)
		add(from, c.at, upTo-before)
		it := item{kind: place, cost: c.cost, hyphen: c.hyphen, piece: -1}
		if c.hyphen {
			it.width = p.hyphenWidth(f.span)
		}
		p.items = append(p.items, it)
		from, before = c.at, upTo
	}
	add(from, len(text), shaped.width-before)
	return nil
}

// widthUpTo is the width of a word's text before a place in it. A ligature is
// shared out evenly.
func (w *word) widthUpTo(at int) float64 {
	width := 0.0
	for _, g := range w.glyphs {
		switch {
		case g.at+len(g.Text) <= at && g.at < at:
			width += g.Advance
		case g.at < at:
			width += g.Advance * float64(at-g.at) / float64(len(g.Text))
		}
	}
	return width
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }
