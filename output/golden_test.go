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
}{
	{"lavrov.html", "html", Options{}},
	{"lavrov-paragraphs.html", "html", Options{Paragraph: true, Credit: "Translation: A. Keller", Title: "A <title>", Time: time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC)}},
	{"lavrov-interleaved.html", "html", Options{Layout: Interleaved}},
	{"lavrov-source-above.html", "html", Options{Layout: SourceAbove}},
	{"lavrov.xlf", "xliff", Options{}},
	{"lavrov.md", "md", Options{}},
	{"lavrov-interleaved.md", "md", Options{Layout: Interleaved, Paragraph: true, Credit: "A. *Keller*"}},
	{"lavrov-source-above.md", "md", Options{Layout: SourceAbove}},
	{"lavrov.tmx", "tmx", Options{}},
	{"lavrov.csv", "csv", Options{}},
	{"lavrov-neutral.csv", "csv", Options{Neutral: true, BOM: true}},
	{"lavrov.tsv", "tsv", Options{}},
	{"lavrov.jsonl", "jsonl", Options{}},
}

func TestGolden(t *testing.T) {
	known := make(map[string]bool)
	for _, g := range goldens {
		known[g.file] = true
		t.Run(g.file, func(t *testing.T) {
			golden(t, g.file, write(t, g.format, g.options, lavrov(t)))
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
