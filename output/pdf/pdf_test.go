package pdf

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-text/typesetting/font"
	"golang.org/x/text/language"

	"depeche/output/typeset"
)

const sample = "« L’œuvre »\u202f: 10\u202f000\u00a0€, (a\\b) – Сергей, e\u0301 final; office fi 中"

// made is a document of one page with a text of two elements.
func made(t *testing.T, info Info) (*Document, *Page) {
	t.Helper()
	set, err := typeset.New()
	if err != nil {
		t.Fatal(err)
	}
	info.Inks = []Ink{{}, {R: .5, G: .25}}
	info.Width, info.Height = 300, 200
	d := New(info)
	p := d.AddPage()
	one := d.Element(d.Root(), "P", Attr{Lang: "fr"})
	note := d.Element(d.Root(), "Note", Attr{ID: "n1"})
	spans := []typeset.Span{{Text: sample, Style: typeset.Style{Size: 10}, Lang: language.French}, {Text: " intergouvernemental", Style: typeset.Style{Size: 8, Rise: 2, Ink: 1, SmallCaps: true}, Lang: language.French}}
	lines, err := set.Paragraph(spans, typeset.Shape{Width: 86, Justify: true, Hyphenate: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range lines {
		p.Line(20, 150-12*float64(i), l, spans, func(span int) *Element { return []*Element{one, note}[span] }, "")
	}
	p.Rule(10, 10, 100, 10, .5, 1)
	d.Bookmark(1, "Un", p, 100, one)
	d.Bookmark(3, "Dé (x)", p, 90, note)
	d.Bookmark(1, "Deux", p, 80, nil)
	return d, p
}

// TestGlyphs reads the glyphs of a page back through the fonts' maps: every
// character is there, also those that look like another.
func TestGlyphs(t *testing.T) {
	d, p := made(t, Info{Title: "T"})
	var got strings.Builder
	var current *embedded
	for _, m := range regexp.MustCompile(`(?s)/(F\d+) |\(((?:[^()\\]|\\.)*)\)`).FindAllStringSubmatch(latin(p.out), -1) {
		if m[1] != "" {
			n, _ := strconv.Atoi(m[1][1:])
			current = d.fontList[n-1]
			continue
		}
		codes := []rune(strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r").Replace(m[2]))
		for k := 0; k < len(codes); k += 2 {
			got.WriteString(current.keys[codes[k]<<8+codes[k+1]-1].text)
		}
	}
	if text := strings.ReplaceAll(got.String(), "\u00ad", ""); text != sample+" intergouvernemental" {
		t.Errorf("read back: %q", text)
	}
	if !strings.Contains(got.String(), "\u00ad") {
		t.Error("the long word is not divided: the test shows nothing of hyphens")
	}
	for _, e := range d.fontList {
		cmap := string(e.toUnicode())
		for i, k := range e.keys {
			want := hex16(k.text)
			if k.text == "" {
				want = "200B"
			}
			if !strings.Contains(cmap, "<"+strings.ToUpper(strconv.FormatInt(int64(i+1)|0x10000, 16)[1:])+"> <"+want+">") {
				t.Errorf("%s: the map lacks %q", e.font.Name, k.text)
			}
		}
	}
}

// latin is bytes as characters.
func latin(b []byte) string {
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
	}
	return string(out)
}

// TestSubset opens subsets and compares their outlines with the font's.
func TestSubset(t *testing.T) {
	d, _ := made(t, Info{Title: "T"})
	for _, e := range d.fontList {
		var glyphs []uint16
		for _, k := range e.keys {
			glyphs = append(glyphs, k.glyph)
		}
		data, place := subset(e.font.Data, glyphs)
		if len(data) > len(e.font.Data)/3 {
			t.Errorf("%s: the subset has %d bytes of %d", e.font.Name, len(data), len(e.font.Data))
		}
		if checksum(data) != 0xB1B0AFBA {
			t.Errorf("%s: checksum %X", e.font.Name, checksum(data))
		}
		// The parser wants a character map, which a font in a PDF need not have.
		with := []table{{"cmap", tables(e.font.Data)["cmap"]}}
		all := tables(data)
		for _, name := range []string{"glyf", "head", "hhea", "hmtx", "loca", "maxp"} {
			with = append(with, table{name, all[name]})
		}
		small, err := font.ParseTTF(bytes.NewReader(pack(with)))
		if err != nil {
			t.Fatalf("%s: %v", e.font.Name, err)
		}
		whole, err := font.ParseTTF(bytes.NewReader(e.font.Data))
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range glyphs {
			a, _ := whole.GlyphDataOutline(font.GID(g))
			b, _ := small.GlyphDataOutline(font.GID(place[g]))
			if len(a.Segments) != len(b.Segments) {
				t.Fatalf("%s: glyph %d has %d segments, not %d", e.font.Name, g, len(b.Segments), len(a.Segments))
			}
			for i := range a.Segments {
				if a.Segments[i] != b.Segments[i] {
					t.Fatalf("%s: glyph %d differs", e.font.Name, g)
				}
			}
			if whole.HorizontalAdvance(font.GID(g)) != small.HorizontalAdvance(font.GID(place[g])) {
				t.Errorf("%s: glyph %d has another width", e.font.Name, g)
			}
		}
	}
}

// TestFile has the file checked by qpdf, where it is installed.
func TestFile(t *testing.T) {
	program, err := exec.LookPath("qpdf")
	if err != nil {
		t.Skip("qpdf is not installed")
	}
	for _, info := range []Info{{Title: "Titre (é) \\ <x> & y", Author: "A. Keller", Creator: "c", Lang: "en", Time: time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC)}, {Lang: "fr"}} {
		d, _ := made(t, info)
		var buf bytes.Buffer
		if err := d.Write(&buf); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(file, buf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(program, "--check", file).CombinedOutput(); err != nil {
			t.Errorf("qpdf: %v\n%s", err, out)
		}
		out, err := exec.Command(program, "--qdf", "--object-streams=disable", file, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"/Marked true", "/DisplayDocTitle true", "<pdfuaid:part>1</pdfuaid:part>", "/StructTreeRoot", "/IDTree", "/Lang (fr)"} {
			if !bytes.Contains(out, []byte(want)) {
				t.Errorf("no %s", want)
			}
		}
		if info.Time.IsZero() == bytes.Contains(out, []byte("/CreationDate")) {
			t.Error("a date where there is none, or none where there is one")
		}
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{"a(b)\\": `(a\(b\)\\)`, "é": "<FEFF00E9>", "😀": "<FEFFD83DDE00>", "a\nb": "<FEFF0061000A0062>", "": "()"} {
		if got := text(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
	for in, want := range map[float64]string{0: "0", -0.0001: "0", 1.5: "1.5", -12.3456: "-12.346", 1e6: "1000000"} {
		if got := number(in); got != want {
			t.Errorf("%v: %s, want %s", in, got, want)
		}
	}
}
