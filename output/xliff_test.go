package output

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
)

// sameBitext holds two bitexts equal where nil and empty lists are.
var sameBitext = cmp.Options{cmpopts.EquateEmpty(), cmp.Comparer(func(a, b language.Tag) bool { return a == b }),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })}

func roundTrip(t *testing.T, texts ...*translate.Bitext) []byte {
	t.Helper()
	first := write(t, "xliff", Options{}, texts...)
	back, err := readXLIFF(bytes.NewReader(first), "test.xlf")
	if err != nil {
		t.Fatalf("%v\n%s", err, first)
	}
	if diff := cmp.Diff(texts, back, sameBitext); diff != "" {
		t.Errorf("reading gives another bitext (-written +read):\n%s", diff)
	}
	if second := write(t, "xliff", Options{}, back...); !bytes.Equal(first, second) {
		t.Errorf("writing again gives other bytes:\n%s\n%s", first, second)
	}
	return first
}

// awkward has what the sample does not: several documents, empty and bare
// blocks, gaps at both ends, control characters, crossing and nested terms.
func awkward() []*translate.Bitext {
	text := "\u00a0\u202f« Le\x01 chef\r\nde l'État\\x{41} » & <b> ? \u2028"
	seg := func(id string, start, end int) segment.Segment {
		return segment.Segment{ID: id, Text: text[start:end], Span: segment.Span{Start: start, End: end}}
	}
	a, b := seg("s1", 2, 20), seg("s1-2", 22, len(text)-3)
	a.Quotes = []segment.Quotation{{Span: segment.Span{Start: 3, End: 18}, Level: 2, Opened: true}}
	return []*translate.Bitext{{
		Document: &segment.Document{Name: "a & \"b\".txt", Lang: language.French, Encoding: "windows-1252",
			Meta:   segment.Meta{Title: "T", Date: "D\x02", Byline: "Par <X>", Agency: "A", Place: "P", URL: "https://example.org/?a=1&b=2", URN: "urn:newsml:x"},
			Source: "\ufeffx\r\n\r\ny\x00\\x{0}" + text,
			Blocks: []segment.Block{
				{Kind: segment.Item, Level: 2, Text: text, Dateline: segment.Span{Start: 2, End: 5}, Span: segment.Span{Start: 3, End: 4}, Segments: []segment.Segment{a, b}},
				{Kind: segment.Separator, Text: "***"},
				{Kind: segment.Cell},
			}},
		Lang: language.BritishEnglish,
		Pairs: []translate.Pair{
			{Source: a, Target: "The\x1f chief ]]> of", State: translate.Final, HasScore: true, Score: -1.25e-7, Comment: "a\n\tb\x03 ",
				Origin: translate.Origin{Kind: translate.Human, By: "é", Time: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)},
				Links:  []translate.Link{{Source: segment.Span{Start: 0, End: 3}, Target: segment.Span{Start: 0, End: 3}}},
				Terms: []translate.Term{
					{Entry: "crossing", Preferred: "x", Source: segment.Span{Start: 3, End: 9}, Target: segment.Span{Start: 0, End: 4}},
					{Entry: "other", Source: segment.Span{Start: 7, End: 12}, Target: segment.Span{Start: 1, End: 3}},
					{Entry: "missing", Note: "n", Glossary: "g"},
				},
				Findings: []translate.Finding{
					{Rule: "r", Level: translate.LevelInfo, Message: "m\x04", Source: segment.Span{Start: 0, End: 3}, Target: segment.Span{Start: 1, End: 2}, Suggestion: " s "},
					{Level: translate.LevelError},
				},
				Matches: []translate.Match{{Source: "s\x05", Target: "t", Percent: 101, Note: "240.000 became 250.000", State: translate.Reviewed, Origin: translate.Origin{Kind: translate.Human, Backend: "b", By: "x"}}, {Percent: 3}},
			},
			{Source: b, State: translate.Initial, Origin: translate.Origin{Kind: translate.None}},
		},
		Run: translate.Run{Fingerprint: "f", Backend: "b", Model: "m", Glossary: "g", Tool: "t"},
	}, {Document: &segment.Document{Name: "empty", Lang: language.French}, Lang: language.BritishEnglish}}
}

func TestXLIFFRoundTrip(t *testing.T) {
	t.Run("sample", func(t *testing.T) { roundTrip(t, lavrov(t)) })
	t.Run("awkward", func(t *testing.T) { roundTrip(t, awkward()...) })
}

func TestXLIFFValid(t *testing.T) {
	schema := schemas(t, "xliff21/xliff_2_advanced_validation.nvdl")
	for name, texts := range map[string][]*translate.Bitext{"sample": {lavrov(t)}, "awkward": awkward()} {
		validate(t, name+".xlf", write(t, "xliff", Options{}, texts...), program(t, "jing"), schema)
	}
}

// schemas is the path of a schema beside the repository; the test skips where
// there is none.
func schemas(t *testing.T, file string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../shared/schemas", file))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no schemas here: %v", err)
	}
	return path
}

// program is the path of a program that a test needs; it skips without it.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

// validate runs a validator with the file as its last argument.
func validate(t *testing.T, name string, data []byte, command ...string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(command[0], append(command[1:], file)...).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s\n%s", filepath.Base(command[0]), err, out, data)
	}
}

func FuzzXLIFF(f *testing.F) {
	f.Add(write(f, "xliff", Options{}, awkward()...))
	files, _ := filepath.Glob("testdata/xliff/*")
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		texts, err := readXLIFF(bytes.NewReader(data), "f.xlf")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f.xlf:") {
				t.Errorf("error without a place: %v", err)
			}
			return
		}
		roundTrip(t, texts...)
	})
}
