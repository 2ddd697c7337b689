package typeset

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

func setter(tb testing.TB) *Setter {
	tb.Helper()
	s, err := New()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// TestFonts opens every font, and looks for what French and English print in
// each face.
func TestFonts(t *testing.T) {
	s := setter(t)
	for _, file := range fallbackFiles {
		if _, err := openFont(file); err != nil {
			t.Error(err)
		}
	}
	const wanted = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ" +
		"\u00a0\u202f\u2009\u2002\u2011«»‹›“”‘’„‚–—…•·†‡°№§¶©®™€£$¥₽¢%‰½¼¾×÷±ªº!?.,;:'\"()[]{}/\\&@#*+-=<>|_~^`" +
		"АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ" + "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩάέήίόύώαβγδεζηθικλμνξοπρστυφχψω" + "čćđšžąęłńóśźżğışőűţșăňřťů\ufffd"
	for face := range s.faces {
		for _, r := range wanted {
			if !s.faces[face].has(r) {
				t.Errorf("%s has no %q", s.faces[face].Name, r)
			}
		}
	}
	for _, r := range "لافروفשלוםვლადიմիհայ→←≈≤✓☎😀🔴🚀" {
		if s.fontFor(Roman, r) == nil {
			t.Errorf("no font has %q", r)
		}
	}
}

func textOf(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		for _, p := range l.Parts {
			for _, g := range p.Glyphs {
				b.WriteString(g.Text)
			}
		}
	}
	return b.String()
}

const prose = "Moscou et Washington vont continuer à se parler : « Nous avons compris que notre travail commun doit être renforcé\u202f», a déclaré\u00a0M.\u00a0Lavrov ; l’œuvre coûte 240 000\u00a0€ ! Vraiment ? La coopération antiterroriste, disent-ils, l’intergouvernementalisation même, se poursuit."

// TestLines looks at the lines of a French text at every width: none is wider
// than its column, all of its text is there, French spaces are never at an
// end, and justified lines are straight.
func TestLines(t *testing.T) {
	s := setter(t)
	for width := 90.0; width < 400; width += 3.5 {
		for _, justify := range []bool{true, false} {
			lines, err := s.Paragraph([]Span{{Text: prose, Style: Style{Size: 10}, Lang: language.French}}, Shape{Width: width, Justify: justify, Hyphenate: justify})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.ReplaceAll(textOf(lines), "\u00ad", ""); got != prose {
				t.Fatalf("width %v: the text became %q", width, got)
			}
			straight := 0
			for i := range lines {
				l := &lines[i]
				if l.Width > width+.6 {
					t.Errorf("width %v: line %d is %.2f wide: %q", width, i, l.Width, textOf(lines[i:i+1]))
				}
				if math.Abs(l.Width-width) < .1 {
					straight++
				}
				text := textOf(lines[i : i+1])
				trimmed := strings.TrimRight(text, " ")
				if r, _ := utf8.DecodeLastRuneInString(trimmed); i < len(lines)-1 && strings.ContainsRune("«\u00a0\u202f", r) {
					t.Errorf("width %v: line %d ends with %q", width, i, r)
				}
				if r, _ := utf8.DecodeRuneInString(text); strings.ContainsRune(" \u00a0\u202f»:;!?,.", r) {
					t.Errorf("width %v: line %d begins with %q", width, i, r)
				}
				if !justify && strings.Contains(text, "\u00ad") {
					t.Errorf("width %v: a ragged line is hyphenated", width)
				}
			}
			if justify && width > 150 && straight < len(lines)-1 {
				t.Errorf("width %v: %d of %d lines are straight", width, straight, len(lines))
			}
		}
	}
}

// TestBest compares the breaker with the best of all ways to break short
// texts.
func TestBest(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var items []item
		for range 3 + random.IntN(8) {
			items = append(items, item{kind: box, width: 5 + 30*random.Float64()}, item{kind: space, width: 3, stretch: 2, shrink: .6})
		}
		items = items[:len(items)-1]
		const width = 70
		var spaces []int
		for i := range items {
			if items[i].kind == space {
				spaces = append(spaces, i)
			}
		}
		best, bestCost := -1, math.Inf(1)
		for ways := range 1 << len(spaces) {
			var ends []int
			for k, at := range spaces {
				if ways>>k&1 == 1 {
					ends = append(ends, at)
				}
			}
			if c := demerits(items, append(ends, len(items)), width); c < bestCost {
				best, bestCost = ways, c
			}
		}
		got := demerits(items, breakLines(items, width, 0, false), width)
		// Uneven neighbours cost something in the breaker that depends on the
		// way before, so that it may miss the best by as much.
		if got > bestCost+unevenLines*float64(len(spaces)) {
			t.Errorf("the breaker's way costs %.0f, way %b %.0f", got, best, bestCost)
		}
	}
}

// demerits is what a way to break costs, without what neighbours cost.
func demerits(items []item, ends []int, width float64) float64 {
	total, start := 0.0, 0
	for i, end := range ends {
		natural, stretch, shrink := 0.0, 0.0, 0.0
		for _, it := range items[start:end] {
			natural, stretch, shrink = natural+it.width, stretch+it.stretch, shrink+it.shrink
		}
		switch gap := width - natural; {
		case gap < -shrink:
			return math.Inf(1)
		case gap < 0:
			total += sq(lineCost + 100*math.Pow(-gap/shrink, 3))
		case i == len(ends)-1:
			total += sq(lineCost)
			if natural < width*shortLastFactor && i > 0 {
				total += shortLastCost
			}
		default:
			r := gap / max(stretch, width*.004)
			d := sq(lineCost + 100*math.Pow(min(r, loosestRatio), 3))
			if r > loosestRatio {
				d *= 4
			}
			total += d
		}
		start = skipSpaces(items, end)
	}
	return total
}

// TestDirections reads mixed text as it is seen, from left to right.
func TestDirections(t *testing.T) {
	s := setter(t)
	for _, c := range []struct{ text, seen string }{
		{"a שלום b", "a םולש b"},
		{"a של 123 ום b", "a םו 123 לש b"},
		{"M. \u0644\u0633 12 b \u0634 c", "M. 12 \u0633\u0644 b \u0634 c"},
	} {
		lines, err := s.Paragraph([]Span{{Text: c.text, Style: Style{Size: 10}}}, Shape{Width: 500})
		if err != nil {
			t.Fatal(err)
		}
		if got := textOf(lines); got != c.seen {
			t.Errorf("%q is seen as %q, want %q", c.text, got, c.seen)
		}
	}
}

// TestMissing prints what no font has as U+FFFD, keeps its text and says so.
func TestMissing(t *testing.T) {
	s := setter(t)
	lines, err := s.Paragraph([]Span{{Text: "a中文b", Style: Style{Size: 10}}}, Shape{Width: 500})
	if err != nil {
		t.Fatal(err)
	}
	if got := textOf(lines); got != "a中文b" {
		t.Errorf("the text became %q", got)
	}
	if got := string(s.Missing()); got != "中文" {
		t.Errorf("missing: %q", got)
	}
	replacement, _ := s.faces[Roman].face.NominalGlyph(utf8.RuneError)
	seen := 0
	for _, p := range lines[0].Parts {
		for _, g := range p.Glyphs {
			if g.ID == uint16(replacement) {
				seen++
			}
			if g.ID == 0 {
				t.Error("glyph 0 is printed")
			}
		}
	}
	if seen != 2 {
		t.Errorf("U+FFFD is seen %d times, not twice", seen)
	}
}

func FuzzParagraph(f *testing.F) {
	for _, s := range []string{prose, "a\u00adb\u00adc", "mot\nmot\r\nmot", "لافروف 123 (سيرغي) x", "e\u0301\u0301 \u200d\u200b", "中文中文中文", strings.Repeat("x", 200), "👩‍👩‍👧 ⚠️", "\u202e abc \u202c"} {
		f.Add(s, 100.0, true)
		f.Add(s, 30.0, false)
	}
	s := setter(f)
	f.Fuzz(func(t *testing.T, text string, width float64, justify bool) {
		if !utf8.ValidString(text) || !(width >= 20 && width < 1000) || len(text) > 3000 {
			t.Skip()
		}
		lines, err := s.Paragraph([]Span{{Text: text, Style: Style{Size: 10}, Lang: language.French}}, Shape{Width: width, Justify: justify, Hyphenate: justify})
		if err != nil {
			t.Fatal(err)
		}
		// Every character is there, in the order of sight for scripts that run
		// from right to left.
		want, got := map[rune]int{}, map[rune]int{}
		for _, r := range text {
			switch r {
			case '\n', '\r', '\t', 0x85, 0x2028, 0x2029:
				r = ' '
			}
			want[r]++
		}
		for _, r := range textOf(lines) {
			got[r]++
		}
		for r, n := range want {
			if got[r] < n && r != 0xAD || got[r] > n && r != 0xAD {
				t.Fatalf("%q: %d of %q, not %d", text, got[r], r, n)
			}
		}
		for i := range lines {
			l := &lines[i]
			inside := strings.TrimSpace(textOf(lines[i : i+1]))
			if l.Width > width+1 && utf8.RuneCountInString(inside) > 3 && !strings.ContainsFunc(inside, func(r rune) bool { return unicode.IsMark(r) || ignorable(r) || rightToLeft(r) }) && strings.ContainsFunc(inside, unicode.IsSpace) {
				t.Fatalf("%q: line %d is %.1f wide in %.1f: %q", text, i, l.Width, width, inside)
			}
		}
	})
}

func BenchmarkParagraph(b *testing.B) {
	s := setter(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(prose)))
	for b.Loop() {
		if _, err := s.Paragraph([]Span{{Text: prose, Style: Style{Size: 10}, Lang: language.French}}, Shape{Width: 220, Justify: true, Hyphenate: true}); err != nil {
			b.Fatal(err)
		}
	}
}
