package output

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"depeche/translate"
)

// golden compares what a writer gives with testdata/golden/NAME.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata/golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if !bytes.Equal(got, want) {
		k := 0
		for k < len(got) && k < len(want) && got[k] == want[k] {
			k++
		}
		from := max(0, k-60)
		t.Errorf("%s differs from byte %d:\n got …%q\nwant …%q", file, k, got[from:min(len(got), k+80)], want[from:min(len(want), k+80)])
	}
}

// goldens are the files of testdata/golden: the sample in every format and
// with the options that change its look.
var goldens = []struct {
	file, format string
	options      Options
	parts        []string // of an archive: their texts are the golden file
}{
	{"lavrov.html", "html", Options{}, nil},
	{"lavrov-paragraphs.html", "html", Options{Paragraph: true, Credit: "Translation: A. Keller", Title: "A <title>", Time: time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC)}, nil},
	{"lavrov-interleaved.html", "html", Options{Layout: Interleaved}, nil},
	{"lavrov-source-above.html", "html", Options{Layout: SourceAbove}, nil},
	{"lavrov.docx.xml", "docx", Options{}, []string{"word/document.xml", "word/footnotes.xml", "docProps/core.xml"}},
	{"lavrov-interleaved.docx.xml", "docx", Options{Layout: Interleaved, Terms: "index", Letter: true}, []string{"word/document.xml"}},
	{"lavrov-review.docx.xml", "docx-review", Options{}, []string{"word/document.xml", "word/comments.xml"}},
	{"lavrov.xlf", "xliff", Options{}, nil},
	{"lavrov.md", "md", Options{}, nil},
	{"lavrov-interleaved.md", "md", Options{Layout: Interleaved, Paragraph: true, Credit: "A. *Keller*"}, nil},
	{"lavrov-source-above.md", "md", Options{Layout: SourceAbove}, nil},
	{"lavrov-1.2.xlf", "xliff12", Options{}, nil},
	{"lavrov.txt", "txt", Options{}, nil},
	{"lavrov-interleaved.txt", "txt", Options{Layout: Interleaved}, nil},
	{"lavrov-source-above.txt", "txt", Options{Layout: SourceAbove, Paragraph: true}, nil},
	{"lavrov-notes.txt", "txt", Options{Terms: "notes"}, nil},
	{"lavrov-notes.md", "md", Options{Terms: "notes", Layout: Interleaved}, nil},
	{"lavrov-notes.epub.xml", "epub", Options{Terms: "notes", Paragraph: true}, []string{"EPUB/package.opf", "EPUB/nav.xhtml", "EPUB/text-1.xhtml"}},
	{"lavrov-terms.fragment.html", "fragment", Options{Terms: "index", Title: "A <title>"}, nil},
	{"lavrov.fragment.html", "fragment", Options{Credit: "A. <Keller>"}, nil},
	{"lavrov-interleaved.fragment.html", "fragment", Options{Layout: Interleaved, Paragraph: true}, nil},
	{"lavrov-source-above.fragment.html", "fragment", Options{Layout: SourceAbove}, nil},
	{"lavrov.tmx", "tmx", Options{}, nil},
	{"lavrov.csv", "csv", Options{}, nil},
	{"lavrov-neutral.csv", "csv", Options{Neutral: true, BOM: true}, nil},
	{"lavrov.tsv", "tsv", Options{}, nil},
	{"lavrov.jsonl", "jsonl", Options{}, nil},
	{"lavrov.ninjs.json", "ninjs", Options{}, nil},
	{"lavrov.newsml.xml", "newsml-g2", Options{Credit: "A. Keller"}, nil},
}

func TestGolden(t *testing.T) {
	known := make(map[string]bool)
	for _, g := range goldens {
		known[g.file] = true
		t.Run(g.file, func(t *testing.T) {
			data := write(t, g.format, g.options, lavrov(t))
			if g.parts != nil {
				_, parts := unzip(t, data)
				data = nil
				for _, name := range g.parts {
					data = append(data, parts[name]...)
				}
			}
			golden(t, g.file, data)
		})
	}
	files, err := os.ReadDir("testdata/golden")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !known[f.Name()] {
			t.Errorf("testdata/golden/%s belongs to no test", f.Name())
		}
	}
}

// TestReproducible writes every format twice.
func TestReproducible(t *testing.T) {
	for _, f := range Formats {
		if a, b := write(t, f.Name, Options{}, lavrov(t)), write(t, f.Name, Options{}, lavrov(t)); !bytes.Equal(a, b) {
			t.Errorf("%s: two runs differ", f.Name)
		}
	}
}

func write(tb testing.TB, format string, o Options, texts ...*translate.Bitext) []byte {
	tb.Helper()
	f, err := Lookup(format)
	if err != nil {
		tb.Fatal(err)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf, texts, o); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}
