package typeset

import (
	"sort"
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
	tag "golang.org/x/text/language"
)

// Glyph is a glyph at its place in a word. Lengths are thousandths of an em.
type Glyph struct {
	Font    *Font
	ID      uint16
	Advance float64
	DX, DY  float64 // how far it stands from the place where it is due
	// Text is what the glyph stands for: of a cluster of several glyphs, the
	// first in the order of reading has the whole text and the others none.
	Text string

	at int // of its cluster in the word's text, in bytes
}

// word is a shaped text, in the order in which it is seen.
type word struct {
	glyphs []Glyph
	width  float64 // in thousandths of an em
}

type wordKey struct {
	face Face
	caps bool // small capitals
	rtl  bool
	text string
}

// Setter sets the paragraphs of a document. It opens fonts when they are
// needed and remembers words; one goroutine may use it.
type Setter struct {
	faces     [len(faceFiles)]*Font
	fallbacks []*Font // as fallbackFiles, nil while not opened
	words     map[wordKey]*word
	patterns  map[tag.Tag]*Patterns
	places    map[placesKey][]int
	missing   map[rune]bool
	buffer    *harfbuzz.Buffer
	lines     segmenter.Segmenter
	bidi      bidi.Paragraph
}

type placesKey struct {
	patterns *Patterns
	text     string
}

// New makes a setter. An error is a fault of the program's fonts.
func New() (*Setter, error) {
	s := &Setter{fallbacks: make([]*Font, len(fallbackFiles)), words: make(map[wordKey]*word), patterns: make(map[tag.Tag]*Patterns),
		places: make(map[placesKey][]int), missing: make(map[rune]bool), buffer: harfbuzz.NewBuffer()}
	for i, file := range faceFiles {
		f, err := openFont(file)
		if err != nil {
			return nil, err
		}
		s.faces[i] = f
	}
	s.fallbacks[0] = s.faces[Roman]
	return s, nil
}

// Missing are the characters so far that no font has, in order. U+FFFD is
// seen in their place.
func (s *Setter) Missing() []rune {
	var out []rune
	for r := range s.missing {
		out = append(out, r)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// fontFor finds the font that has a character, nil if none does.
func (s *Setter) fontFor(face Face, r rune) *Font {
	if f := s.faces[face]; f.has(r) {
		return f
	}
	for i, f := range s.fallbacks {
		if f == nil {
			var err error
			if f, err = openFont(fallbackFiles[i]); err != nil {
				panic(err) // it is in the program: a test opens every font
			}
			s.fallbacks[i] = f
		}
		if f.has(r) {
			return f
		}
	}
	return nil
}

// ignorable characters are never seen, so that no font needs to have them.
func ignorable(r rune) bool {
	switch {
	case r == 0xAD, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF,
		r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF, r == 0x34F, r == 0x61C:
		return true
	}
	return false
}

// shape gives the glyphs of a text without spaces and of one direction.
func (s *Setter) shape(face Face, caps, rtl bool, text string) *word {
	key := wordKey{face, caps, rtl, text}
	if w := s.words[key]; w != nil {
		return w
	}
	w := &word{}
	runes := []rune(text)
	offsets := make([]int, 0, len(runes)+1)
	for i := range text {
		offsets = append(offsets, i)
	}
	offsets = append(offsets, len(text))
	var parts [][]Glyph
	for from := 0; from < len(runes); {
		f, to := s.fontFor(face, runes[from]), from+1
		lost := f == nil && !ignorable(runes[from])
		if f == nil {
			f = s.faces[face]
		}
		script := language.LookupScript(runes[from])
		for to < len(runes) && !lost {
			r := runes[to]
			if !ignorable(r) && !(unicode.IsMark(r) && f.has(r)) {
				if s.fontFor(face, r) != f {
					break
				}
				if c := language.LookupScript(r); c != script && c.Strong() {
					if script.Strong() {
						break
					}
					script = c
				}
			}
			to++
		}
		if lost {
			s.missing[runes[from]] = true
		}
		parts = append(parts, s.shapeRun(f, script, caps, rtl, lost, runes[from:to], text, offsets[from:to+1]))
		from = to
	}
	if rtl {
		for i := len(parts) - 1; i >= 0; i-- {
			w.glyphs = append(w.glyphs, parts[i]...)
		}
	} else {
		for _, p := range parts {
			w.glyphs = append(w.glyphs, p...)
		}
	}
	for _, g := range w.glyphs {
		w.width += g.Advance
	}
	s.words[key] = w
	return w
}

var smallCaps = []harfbuzz.Feature{
	{Tag: opentype.MustNewTag("smcp"), Value: 1, End: harfbuzz.FeatureGlobalEnd},
	{Tag: opentype.MustNewTag("c2sc"), Value: 1, End: harfbuzz.FeatureGlobalEnd},
}

// shapeRun shapes what one font has. The offsets are those of the runes in
// text, and of their end.
func (s *Setter) shapeRun(f *Font, script language.Script, caps, rtl, lost bool, runes []rune, text string, offsets []int) []Glyph {
	b := s.buffer
	b.Clear()
	if lost {
		b.AddRune(utf8.RuneError, 0)
	} else {
		b.AddRunes(runes, 0, len(runes))
	}
	b.Props = harfbuzz.SegmentProperties{Direction: harfbuzz.LeftToRight, Script: script, Language: "en"}
	if rtl {
		b.Props.Direction = harfbuzz.RightToLeft
	}
	var features []harfbuzz.Feature
	if caps {
		features = smallCaps
	}
	b.Shape(f.hb, features)
	out := make([]Glyph, len(b.Info))
	for i, info := range b.Info {
		p := b.Pos[i]
		out[i] = Glyph{Font: f, ID: uint16(info.Glyph), Advance: f.thousandths(float64(p.XAdvance)),
			DX: f.thousandths(float64(p.XOffset)), DY: f.thousandths(float64(p.YOffset)), at: offsets[info.Cluster]}
	}
	// The text of each cluster goes to its first glyph; where there are as
	// many glyphs as characters, each gets its own.
	next := offsets[len(runes)]
	clusters := func(i, j int) { // glyphs i to j have one cluster
		from := out[i].at
		cluster := text[from:next]
		if !rtl && utf8.RuneCountInString(cluster) == j-i && j-i > 1 {
			for k := i; k < j; k++ {
				_, n := utf8.DecodeRuneInString(text[from:])
				out[k].Text = text[from : from+n]
				from += n
			}
		} else if rtl {
			out[j-1].Text = cluster // the base comes last
		} else {
			out[i].Text = cluster
		}
		next = out[i].at
	}
	if rtl {
		for i := 0; i < len(out); {
			j := i + 1
			for j < len(out) && out[j].at == out[i].at {
				j++
			}
			clusters(i, j)
			i = j
		}
	} else {
		for j := len(out); j > 0; {
			i := j - 1
			for i > 0 && out[i-1].at == out[i].at {
				i--
			}
			clusters(i, j)
			j = i
		}
	}
	return out
}
