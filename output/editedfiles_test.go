package output

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"depeche/translate"
)

// TestEditedFiles imports files as people and their programs saved them. All
// in testdata/edits were made of base.bitext; beside each a .txt says what the
// import changes, or why it changes nothing.
func TestEditedFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/edits/*")
	if err != nil || len(files) < 3 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		if ext := filepath.Ext(file); ext == ".txt" || ext == ".bitext" {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := imported(t, filepath.Base(file), data)
			plain := file + ".txt"
			if *update {
				if err := os.WriteFile(plain, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(plain)
			if err != nil {
				t.Fatalf("%v (go test -update writes it)", err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// edited is the document that testdata/edits is about.
func edited(tb testing.TB) *translate.Bitext {
	b := readFixture(tb, "testdata/edits/base.bitext")
	b.Document.Name = "japon.txt"
	b.Run.Tool = "depeche 0.1.0"
	return b
}

// imported says in words what a file changes.
func imported(t *testing.T, name string, data []byte) string {
	t.Helper()
	b := edited(t)
	before := dump([]*translate.Bitext{b})
	edits, err := ReadEdits(name, data)
	var changed [][]int
	if err == nil {
		changed, err = Merge([]*translate.Bitext{b}, edits, "editor", time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	}
	if err != nil {
		if dump([]*translate.Bitext{b}) != before {
			t.Error("an import that fails has changed something")
		}
		return "nothing is imported\n" + err.Error() + "\n"
	}
	if err := sound([]*translate.Bitext{b}); err != nil {
		t.Error(err)
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%d changed\n", len(changed[0]))
	for _, i := range changed[0] {
		p := &b.Pairs[i]
		fmt.Fprintf(&s, "%s %s %s %q\n", p.Source.ID, p.State, p.Origin.Kind, p.Target)
		if p.Comment != "" {
			fmt.Fprintf(&s, "  comment %q\n", p.Comment)
		}
	}
	return s.String()
}
