package output

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"depeche/translate"
)

func FuzzEditsCSV(f *testing.F)      { fuzzEdits(f, "e.csv", "") }
func FuzzEditsMarkdown(f *testing.F) { fuzzEdits(f, "e.md", "") }
func FuzzEditsPO(f *testing.F)       { fuzzEdits(f, "e.po", "") }
func FuzzEditsXLIFF(f *testing.F)    { fuzzEdits(f, "e.xlf", "") }
func FuzzEditsDOCX(f *testing.F)     { fuzzEdits(f, "e.docx", "word/document.xml") }
func FuzzEditsXLSX(f *testing.F)     { fuzzEdits(f, "e.xlsx", "xl/worksheets/sheet1.xml") }

// fuzzEdits begins with the files of testdata/edits: whatever an edited file
// holds, an error names it, and an import that fails changes nothing. Of a
// package, part is what changes.
func fuzzEdits(f *testing.F, name, part string) {
	files, err := filepath.Glob("testdata/edits/*" + filepath.Ext(name))
	if err != nil || len(files) == 0 {
		f.Fatal("no files", err)
	}
	var names []string
	var parts map[string]string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if part != "" {
			names, parts = unzip(f, data)
			data = []byte(parts[part])
		}
		f.Add(data)
	}
	b := edited(f)
	before := dump([]*translate.Bitext{b})
	f.Fuzz(func(t *testing.T, data []byte) {
		if part != "" {
			parts[part] = string(data)
			data = rezip(t, names, parts)
		}
		edits, err := ReadEdits(name, data)
		if err != nil {
			if !strings.Contains(err.Error(), name) {
				t.Errorf("error without a place: %v", err)
			}
			return
		}
		if _, err := Merge([]*translate.Bitext{b}, edits, "", time.Time{}); err != nil {
			if dump([]*translate.Bitext{b}) != before {
				t.Error("an import that fails has changed something")
			}
			return
		}
		if err := sound([]*translate.Bitext{b}); err != nil {
			t.Error(err)
		}
		b = edited(t)
	})
}
