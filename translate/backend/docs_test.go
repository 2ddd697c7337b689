package backend

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// The example of the documentation and the one in the doc comment are the
// same, and work.
func TestExecExample(t *testing.T) {
	doc, err := os.ReadFile("../../docs/backends.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(doc), "```python\n")
	program, _, ok := strings.Cut(rest, "```")
	if !ok || strings.Count(program, "\n") != 10 {
		t.Fatalf("no example of ten lines: %q", program)
	}
	source, _ := os.ReadFile("exec.go")
	for line := range strings.Lines(program) {
		if want := strings.TrimRight("//\t"+line, "\n\t"); !strings.Contains(string(source), want) {
			t.Errorf("the doc comment lacks %q", line)
		}
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is absent")
	}
	file := filepath.Join(t.TempDir(), "engine.py")
	os.WriteFile(file, []byte(program), 0o644)
	b := openExecWith(t, Config{Command: []string{python, file}})
	if got, err := b.Translate(t.Context(), ask("un « é »", "deux 😀")); err != nil || texts(got) != "UN « É »|DEUX 😀" {
		t.Error(got, err)
	}
}

// The configurations in the documentation have no unknown fields.
func TestDocumentedConfigurations(t *testing.T) {
	doc, _ := os.ReadFile("../../docs/backends.md")
	for _, m := range regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(string(doc), -1) {
		var file struct {
			Backend  string            `toml:"backend"`
			Backends map[string]Config `toml:"backends"`
		}
		if meta, err := toml.Decode(m[1], &file); err != nil || len(meta.Undecoded()) > 0 {
			t.Error(err, meta.Undecoded(), m[1])
		}
	}
}
