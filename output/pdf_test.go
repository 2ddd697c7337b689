package output

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
)

// poppler runs one of poppler's programs on a PDF.
func poppler(t *testing.T, data []byte, name string, args ...string) string {
	t.Helper()
	path := program(t, name)
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	args = append(args, file)
	if name == "pdftotext" {
		args = append(args, "-")
	}
	out, err := exec.Command(path, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}

// plain is a text with each run of spaces, which poppler does not tell apart,
// as one, and without the hyphens that a page adds.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ReplaceAll(s, "\u00ad", ""), unicode.IsSpace), " ")
}

// cells reads the texts of a PDF's structure, one of each paragraph or part
// of a heading, without the signs of notes and without what is on the page
// alone.
func cells(t *testing.T, data []byte) []string {
	t.Helper()
	var out []string
	sign, heading := 0, -1 // depths of an open Reference and of the last heading
	for _, line := range strings.Split(poppler(t, data, "pdfinfo", "-struct-text"), "\n") {
		text := strings.TrimLeft(line, " ")
		depth := len(line) - len(text)
		if strings.HasPrefix(text, `"`) && strings.HasSuffix(text, `"`) && len(text) > 1 {
			if sign == 0 || depth <= sign {
				out[len(out)-1] += text[1 : len(text)-1]
			}
			continue
		}
		if sign > 0 && depth <= sign {
			sign = 0
		}
		switch kind, _, _ := strings.Cut(text, " "); kind {
		case "P", "Note":
			out = append(out, "")
			heading = -1
		case "H1", "H2", "H3":
			out = append(out, "")
			heading = depth
		case "Span":
			if heading >= 0 {
				out = append(out, "")
			}
		case "Reference":
			sign = depth
		}
	}
	kept := out[:0]
	for _, s := range out {
		if s = plain(s); s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// expected is what a layout prints of the rows, in its order.
func expected(b *translate.Bitext, o Options) []string {
	var out []string
	rows := printRows(b, o)
	source := func(r *row) { out = append(out, plain(r.source())) }
	target := func(r *row) { out = append(out, plain(targetText(r))) }
	switch o.Layout {
	case SourceAbove:
		for i := range rows {
			source(&rows[i])
		}
		for i := range rows {
			target(&rows[i])
		}
	case Interleaved:
		for i := range rows {
			r := &rows[i]
			switch {
			case isHeading(r.block):
				target(r)
				source(r)
			case r.source() == r.target():
				target(r)
			default:
				source(r)
				target(r)
			}
		}
	default:
		for i := range rows {
			source(&rows[i])
			target(&rows[i])
		}
	}
	return out
}

// paragraphs is a document of long paragraphs: each has some of the sample's
// sentences, again and again.
func paragraphs(tb testing.TB, n int) *translate.Bitext {
	from := long(tb, n)
	out := *from
	d := *from.Document
	d.Blocks = nil
	out.Document, out.Pairs = &d, nil
	size := 1
	var block segment.Block
	flush := func() {
		if block.Text != "" {
			d.Blocks = append(d.Blocks, block)
			block = segment.Block{}
			size = size%9 + 1
		}
	}
	for _, p := range from.Pairs {
		b := from.Document.Blocks[p.Block]
		if b.Kind != segment.Paragraph {
			flush()
		} else if len(block.Segments) >= size {
			flush()
		}
		if block.Text == "" {
			block.Kind, block.Level = b.Kind, b.Level
		} else {
			block.Text += " "
		}
		s := segment.Segment{Text: p.Source.Text, Span: segment.Span{Start: len(block.Text), End: len(block.Text) + len(p.Source.Text)}}
		block.Text += s.Text
		block.Segments = append(block.Segments, s)
		p.Source, p.Block = s, len(d.Blocks)
		p.Target = fmt.Sprintf("%s (%d)", p.Target, len(out.Pairs)) // each is known again
		out.Pairs = append(out.Pairs, p)
		if b.Kind != segment.Paragraph {
			flush()
		}
	}
	flush()
	d.Identify()
	k := 0
	for _, b := range d.Blocks {
		for _, s := range b.Segments {
			out.Pairs[k].Source.ID = s.ID
			k++
		}
	}
	return &out
}

// TestPDFText reads back with poppler what the structure of each layout says.
func TestPDFText(t *testing.T) {
	b := lavrov(t)
	b.Pairs[4].Target += " «\u202fœuvre Œuvre\u00a0» 10\u202f000\u00a0€ – — … “x” ‘y’ Сергей Λαβρόφ 中文 😀 e\u0301"
	b.Pairs[5].Target, b.Pairs[5].Terms = "", nil
	b.Pairs[5].Findings = []translate.Finding{{Rule: "empty", Level: translate.LevelError, Message: "the segment has no translation"}}
	for _, text := range []*translate.Bitext{b, paragraphs(t, 60)} {
		for _, layout := range []Layout{"", Interleaved, SourceAbove} {
			for _, paragraph := range []bool{false, true} {
				o := Options{Layout: layout, Paragraph: paragraph, Letter: paragraph}
				data := write(t, "pdf", o, text)
				if again := write(t, "pdf", o, text); !bytes.Equal(data, again) {
					t.Error("two runs differ")
				}
				got, want := cells(t, data), expected(text, o)
				notes, findings := 0, 0
				for i := 0; i < len(got); i++ { // notes stand where their page ends
					if _, text, ok := strings.Cut(got[i], " "); ok && reFindingNote.MatchString(text) {
						got = append(got[:i:i], got[i+1:]...)
						findings++
						i--
						continue
					}
					if n := strings.IndexAny(got[i], " "); n > 0 && strings.Contains(got[i], " → ") && strings.Contains(got[i], "(sample.csv)") {
						if _, err := strconv.Atoi(got[i][:n]); err == nil {
							got = append(got[:i:i], got[i+1:]...)
							notes++
							i--
						}
					}
				}
				all := 0
				for i := range text.Pairs {
					all += len(text.Pairs[i].Findings)
				}
				if notes == 0 || findings != all {
					t.Errorf("%s: %d notes of terms, %d of %d findings", layout, notes, findings, all)
				}
				for i := range want {
					if i >= len(got) || got[i] != want[i] {
						t.Fatalf("%s, paragraphs %v: text %d:\n got %q\nwant %q", layout, paragraph, i, got[min(i, len(got)-1)], want[i])
					}
				}
				if rest := strings.Join(got[len(want):], "\n"); !strings.HasPrefix(rest, "Translated by machine") {
					t.Errorf("%s: behind the text stands %q", layout, rest)
				}
			}
		}
	}
}

// reFindingNote is the note of a finding, without its number.
var reFindingNote = regexp.MustCompile(`^(?:Error|Warning|Remark): `)

// TestPDFReading reads the columns as anyone would with pdftotext: what is
// on the page is the text, with soft hyphens where words are divided.
func TestPDFReading(t *testing.T) {
	b := paragraphs(t, 40)
	data := write(t, "pdf", Options{Terms: "index", Unmarked: true}, b)
	join := func(s string) string {
		return plain(strings.NewReplacer("\u00ad\n", "", "-\n", "-", "/\n", "/").Replace(s))
	}
	left := join(poppler(t, data, "pdftotext", "-x", "0", "-y", "77", "-W", "297", "-H", "712"))
	right := join(poppler(t, data, "pdftotext", "-x", "298", "-y", "77", "-W", "297", "-H", "712"))
	for _, r := range printRows(b, Options{}) {
		p := r.pairs[0]
		if !strings.Contains(left, plain(p.Source.Text)) {
			t.Errorf("not in the left column: %q", p.Source.Text)
		}
		if !strings.Contains(right, plain(p.Target)) {
			t.Errorf("not in the right column: %q", p.Target)
		}
	}
	all := poppler(t, data, "pdftotext")
	if n := strings.Count(all, "\u00ad\n"); n < 20 {
		t.Errorf("%d words are divided: the text is hardly hyphenated", n)
	}
	if whole := join(all); !strings.Contains(whole, plain(b.Pairs[20].Source.Text)) || !strings.Contains(whole, plain(b.Pairs[20].Target)) {
		t.Error("poppler's own order breaks the columns")
	}
}

// TestPDFAligned follows a long document from page to page: a sentence and
// its translation are on the same page, in both units.
func TestPDFAligned(t *testing.T) {
	b := paragraphs(t, 90)
	rows := printRows(b, Options{})
	for _, o := range []Options{{Terms: "index", Unmarked: true}, {Terms: "index", Unmarked: true, Paragraph: true}, {Terms: "index", Unmarked: true, Paragraph: true, Letter: true}} {
		name := fmt.Sprintf("paragraphs %v, letter %v", o.Paragraph, o.Letter)
		data := write(t, "pdf", o, b)
		pages := strings.Count(poppler(t, data, "pdftotext"), "\f")
		if pages < 5 {
			t.Fatalf("%d pages", pages)
		}
		where := make(map[int]int) // the page of each translation
		var left []string
		for page := 1; page <= pages; page++ {
			n := strconv.Itoa(page)
			half := "297"
			if o.Letter {
				half = "306"
			}
			column := func(x string) string {
				return letters(poppler(t, data, "pdftotext", "-f", n, "-l", n, "-x", x, "-y", "77", "-W", half, "-H", "700"))
			}
			left = append(left, column("0"))
			right := column(half)
			for i, r := range rows {
				p := r.pairs[0]
				if strings.Contains(right, letters(p.Target)) {
					where[i] = page
				}
			}
		}
		at := 0 // on the page
		page := 0
		for i, r := range rows {
			p := r.pairs[0]
			if where[i] == 0 {
				t.Errorf("%s: sentence %d is divided between pages, or lost: %q", name, i, p.Target)
				continue
			}
			k := strings.Index(left[page][at:], letters(p.Source.Text))
			if k < 0 && page+1 < pages {
				page, at = page+1, 0
				k = strings.Index(left[page], letters(p.Source.Text))
			}
			if k < 0 {
				t.Fatalf("%s: source %d is nowhere from page %d on", name, i, page+1)
			}
			at += k + len(letters(p.Source.Text))
			if where[i] != page+1 {
				t.Errorf("%s: sentence %d begins on page %d, its translation on page %d", name, i, page+1, where[i])
			}
		}
	}
}

// TestPDFLongSentence divides a sentence that is longer than a page: both
// columns go over together, and no line is alone.
func TestPDFLongSentence(t *testing.T) {
	b := lavrov(t)
	p := &b.Pairs[4]
	block := &b.Document.Blocks[p.Block]
	var source, target []string
	for i := range 1500 {
		source, target = append(source, fmt.Sprintf("mot%d", i)), append(target, fmt.Sprintf("word%d", i))
	}
	p.Terms, p.Findings, p.Source.Quotes = nil, nil, nil
	p.Source.Text, p.Target = strings.Join(source, " "), strings.Join(target, " ")
	block.Text, p.Source.Span = p.Source.Text, segment.Span{End: len(p.Source.Text)}
	block.Segments = []segment.Segment{p.Source}
	data := write(t, "pdf", Options{}, b)
	pages := strings.Split(poppler(t, data, "pdftotext", "-layout"), "\f")
	for n, page := range pages {
		left, right := strings.Count(page, "mot"), strings.Count(page, "word")
		if left > 0 && right == 0 && n == 0 {
			t.Errorf("page %d has %d words of the source and none of the target", n+1, left)
		}
		lines := 0
		for _, line := range strings.Split(page, "\n") {
			if strings.Contains(line, "mot") {
				lines++
			}
		}
		if lines == 1 {
			t.Errorf("page %d has one line of the long sentence", n+1)
		}
	}
	if got := cells(t, data); !strings.Contains(strings.Join(got, "\n"), p.Source.Text) || !strings.Contains(strings.Join(got, "\n"), p.Target) {
		t.Error("the long sentence is not whole")
	}
}

// TestPDFSays looks at what the document says about itself.
func TestPDFSays(t *testing.T) {
	b, second := lavrov(t), paragraphs(t, 30)
	second.Lang = language.MustParse("ar")
	data := write(t, "pdf", Options{Title: "Semaine <1>", Credit: "Translation: A. Keller", Terms: "index", Letter: true, Time: time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC)}, b, second)
	info := poppler(t, data, "pdfinfo", "-isodates")
	for _, want := range []string{"Title:           Semaine <1>", "Author:          Translation: A. Keller", "Tagged:          yes", "Page size:       612 x 792 pts (letter)", "CreationDate:    2026-11-24T08:30:00Z"} {
		if !strings.Contains(info, want) {
			t.Errorf("no %q in\n%s", want, info)
		}
	}
	if out := poppler(t, data, "pdffonts"); strings.Contains(out, " no ") || strings.Count(out, "yes yes yes") < 3 {
		t.Errorf("fonts:\n%s", out)
	}
	text := poppler(t, data, "pdftotext")
	for _, want := range []string{"Semaine <1>", "Translation: A. Keller", "Terms", "Daesh → ISIS", "Avec AFP"} {
		if !strings.Contains(text, want) {
			t.Errorf("not on the pages: %q", want)
		}
	}
	plainFile := filepath.Join(t.TempDir(), "plain.pdf")
	raw := filepath.Join(t.TempDir(), "raw.pdf")
	if err := os.WriteFile(raw, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program(t, "qpdf"), "--check", raw).CombinedOutput(); err != nil {
		t.Fatalf("qpdf --check: %v\n%s", err, out)
	}
	if out, err := exec.Command(program(t, "qpdf"), "--qdf", "--object-streams=disable", raw, plainFile).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, out)
	}
	objects, err := os.ReadFile(plainFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/Lang (fr)", "/Lang (ar)", "/S /H1", "/S /TR", "/ActualText <feff00ad>", "/Outlines", "/Title (Terms)"} {
		if !bytes.Contains(bytes.ToLower(objects), bytes.ToLower([]byte(want))) {
			t.Errorf("no %s in the file", want)
		}
	}
}

// TestPDFUA has veraPDF check the file against PDF/UA-1. VERAPDF names a
// folder with its library; testdata/verapdf says how to get it.
func TestPDFUA(t *testing.T) {
	folder := os.Getenv("VERAPDF")
	if folder == "" {
		t.Skip("VERAPDF names no folder with veraPDF's library (testdata/verapdf/pom.xml)")
	}
	b := lavrov(t)
	b.Pairs[4].Target += " Сергей سيرغي 中文 😀 e\u0301"
	b.Pairs[5].Target, b.Pairs[5].Terms, b.Pairs[5].Findings = "", nil, nil
	args := []string{"-cp", filepath.Join(folder, "*"), "testdata/verapdf/Check.java"}
	for i, o := range []Options{{}, {Layout: Interleaved, Paragraph: true}, {Layout: SourceAbove, Terms: "index", Title: "T", Credit: "C"}} {
		file := filepath.Join(t.TempDir(), strconv.Itoa(i)+".pdf")
		if err := os.WriteFile(file, write(t, "pdf", o, b, paragraphs(t, 40)), 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	if out, err := exec.Command(program(t, "java"), args...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// letters leaves out spaces and hyphens, which a page sets anew.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-\u00ad\u2010", r) {
			return -1
		}
		return r
	}, s)
}
