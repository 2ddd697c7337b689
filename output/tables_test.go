package output

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"depeche/segment"
	"depeche/translate"
)

func TestTMXValid(t *testing.T) {
	schema := schemas(t, "tmx/tmx14.dtd")
	for name, texts := range map[string][]*translate.Bitext{"sample": {lavrov(t)}, "awkward": awkward()} {
		data := write(t, "tmx", Options{}, texts...)
		validate(t, name+".tmx", data, program(t, "xmllint"), "--nonet", "--noout", "--dtdvalid", schema)
		if bare := regexp.MustCompile(`<tuv>|<tuv [^>]*lang=""`).Find(data); bare != nil {
			t.Errorf("%s: a tuv without a language", name)
		}
	}
}

// TestTableReads checks the tables with another program's reader.
func TestTableReads(t *testing.T) {
	b := awkward()[0]
	for name, comma := range map[string]rune{"csv": ',', "tsv": '\t'} {
		r := csv.NewReader(bytes.NewReader(write(t, name, Options{}, b)))
		r.Comma = comma
		records, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := [][]string{tableHeader, tableRecord(&b.Pairs[0]), tableRecord(&b.Pairs[1])}
		for _, record := range want[1:] {
			for k := range record {
				record[k] = strings.ReplaceAll(record[k], "\r\n", "\n") // as that reader does
			}
		}
		if diff := cmp.Diff(want, records); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestNeutral(t *testing.T) {
	for in, want := range map[string]string{"=1+1": "'=1+1", "-5": "'-5", "'=x": "''=x", "'quoted'": "'quoted'", "a=b": "a=b", "": "", "@x": "'@x", "\t=": "'\t="} {
		if got := neutral(in); got != want {
			t.Errorf("neutral(%q) = %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`['=+@\-\ta]{0,5}`).Draw(t, "cell")
		if n := neutral(s); plainCell(n) != s || formula(n) {
			t.Fatalf("%q became %q, then %q", s, n, plainCell(n))
		}
	})
}

func TestMarkdownText(t *testing.T) {
	for in, want := range map[string]string{
		"# no heading":              `\# no heading`,
		"1. no list":                `1\. no list`,
		"12) no list":               `12\) no list`,
		"2015. A year":              `2015\. A year`,
		"in 2015. A year":           "in 2015. A year",
		"- no item":                 `\- no item`,
		"a-b # c":                   "a-b # c",
		"*a* _b_ `c` [d](e) <f>":    `\*a\* \_b\_ ` + "\\`c\\`" + ` \[d\](e) \<f\>`,
		"AT&amp;T | ~x~ \\":         `AT\&amp;T \| \~x\~ \\`,
		"a\nb":                      "a\\\nb",
		"\u00ab\u202fa\u00a0\u00bb": "\u00ab\u202fa\u00a0\u00bb",
	} {
		if got := markdownText(in, false); got != want {
			t.Errorf("markdownText(%q) = %q, want %q", in, got, want)
		}
	}
	if got := markdownText("a|b\r\nc", true); got != `a\|b<br>c` {
		t.Errorf("in a cell: %q", got)
	}
}

// TestSound checks that writers refuse a bitext that they would spoil.
// TestMarkdownItems: an item's marker stands in its text and is written once.
func TestMarkdownItems(t *testing.T) {
	for text, want := range map[string]string{
		"- 12 blessés": "> - 12 blessés\n", "2) Désarmer": "> 2) Désarmer\n", "a) un *": "> - a) un \\*\n",
	} {
		sentence := segment.Segment{ID: "s1", Text: text, Span: segment.Span{End: len(text)}}
		b := &translate.Bitext{Document: &segment.Document{Blocks: []segment.Block{{Kind: segment.Item, Level: 1, Text: text, Segments: []segment.Segment{sentence}}}},
			Pairs: []translate.Pair{{Source: sentence, Target: text}}}
		var out strings.Builder
		if err := writeMarkdown(&out, []*translate.Bitext{b}, Options{Layout: Interleaved}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: want %q in %q", text, want, out.String())
		}
	}
}

func TestSound(t *testing.T) {
	for name, spoil := range map[string]func(*translate.Bitext){
		"missing pair": func(b *translate.Bitext) { b.Pairs = b.Pairs[1:] },
		"surplus pair": func(b *translate.Bitext) { b.Pairs = append(b.Pairs, b.Pairs[0]) },
		"shifted span": func(b *translate.Bitext) { b.Document.Blocks[3].Segments[0].Span.Start++ },
		"other text":   func(b *translate.Bitext) { b.Pairs[3].Source.Text += "x" },
		"bad ID":       func(b *translate.Bitext) { b.Document.Blocks[3].Segments[0].ID = "a/b" },
		"doubled ID":   func(b *translate.Bitext) { b.Document.Blocks[3].Segments[0].ID = b.Pairs[4].Source.ID },
		"bad UTF-8":    func(b *translate.Bitext) { b.Pairs[3].Target = "\xff" },
		"term outside": func(b *translate.Bitext) { b.Pairs[3].Terms[0].Target = segment.Span{Start: 3, End: 9999} },
		"finding in “": func(b *translate.Bitext) { b.Pairs[9].Findings[0].Target = segment.Span{Start: 1, End: 9} },
		"no document":  func(b *translate.Bitext) { b.Document = nil },
	} {
		for _, f := range Formats {
			b := lavrov(t)
			spoil(b)
			if err := f.Write(io.Discard, []*translate.Bitext{b}, Options{}); err == nil {
				t.Errorf("%s: %s wrote it", name, f.Name)
			}
		}
	}
	for _, f := range Formats {
		if err := f.Write(io.Discard, nil, Options{}); err == nil {
			t.Errorf("%s wrote nothing without complaint", f.Name)
		}
	}
}

// TestPOValid has gettext read the catalogue, and merge it into itself.
func TestPOValid(t *testing.T) {
	msgfmt, msgmerge := program(t, "msgfmt"), program(t, "msgmerge")
	for _, b := range append(awkward(), lavrov(t), edited(t)) {
		data := write(t, "po", Options{}, b)
		validate(t, "a.po", data, msgfmt, "--check", "-o", os.DevNull)
		file := filepath.Join(t.TempDir(), "a.po")
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		merged, err := exec.Command(msgmerge, "-q", file, file).Output()
		if err != nil {
			t.Fatal(err)
		}
		edits, err := ReadEdits("a.po", merged)
		if err != nil {
			t.Fatal(err)
		}
		if changed, err := Merge([]*translate.Bitext{b}, edits, "", time.Time{}); err != nil || len(changed[0]) > 0 {
			t.Errorf("%s: merging alone changed %v: %v\n%s", b.Document.Name, changed, err, merged)
		}
	}
}
