// Package typeset sets text: it finds a font for every character, shapes
// words with kerning, ligatures and joined scripts, hyphenates, and breaks
// paragraphs into the best lines. It knows nothing of a file format.
package typeset

import (
	"bytes"
	"embed"
	"fmt"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/harfbuzz"
)

// The fonts, subsets of Noto; fonts/README.md says how they were made.
//
//go:embed fonts/*.ttf fonts/OFL.txt
var fontFiles embed.FS

// Face is a cut of the text's family.
type Face int

// The faces.
const (
	Roman Face = iota
	Italic
	Bold
)

// fontFile is a font in the program with its PostScript name.
type fontFile struct{ file, name string }

// faceFiles are the fonts of the faces.
var faceFiles = [...]fontFile{
	Roman:  {"serif", "NotoSerif-SemiCondensed"},
	Italic: {"serif-italic", "NotoSerif-SemiCondensedItalic"},
	Bold:   {"serif-bold", "NotoSerif-SemiCondensedBold"},
}

// fallbackFiles are asked, in this order, for what a face lacks.
var fallbackFiles = []fontFile{
	faceFiles[Roman],
	{"arabic", "NotoNaskhArabic-Regular"},
	{"hebrew", "NotoSerifHebrew-Regular"},
	{"georgian", "NotoSerifGeorgian-Regular"},
	{"armenian", "NotoSerifArmenian-Regular"},
	{"math", "NotoSansMath-Regular"},
	{"symbols", "NotoSansSymbols2-Regular"},
	{"emoji", "NotoEmoji-Regular"},
}

// Font is one font file, opened.
type Font struct {
	Name   string // PostScript name
	Data   []byte // the TrueType file
	PerEm  int    // units per em
	Ascent float64
	// Descent is negative; both are in thousandths of an em, as is CapHeight.
	Descent, CapHeight float64

	face *font.Face
	hb   *harfbuzz.Font
}

func openFont(file fontFile) (*Font, error) {
	data, err := fontFiles.ReadFile("fonts/" + file.file + ".ttf")
	if err != nil {
		return nil, err
	}
	face, err := font.ParseTTF(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", file.file, err)
	}
	f := &Font{Name: file.name, Data: data, PerEm: int(face.Upem()), face: face, hb: harfbuzz.NewFont(face)}
	if e, ok := face.FontHExtents(); ok {
		f.Ascent, f.Descent = f.thousandths(float64(e.Ascender)), f.thousandths(float64(e.Descender))
	}
	f.CapHeight = f.thousandths(float64(face.LineMetric(font.CapHeight)))
	return f, nil
}

func (f *Font) thousandths(units float64) float64 { return units * 1000 / float64(f.PerEm) }

// Width is the advance of a glyph in thousandths of an em, without kerning.
func (f *Font) Width(glyph uint16) float64 {
	return f.thousandths(float64(f.face.HorizontalAdvance(font.GID(glyph))))
}

func (f *Font) has(r rune) bool {
	_, ok := f.face.NominalGlyph(r)
	return ok
}
