package main

import (
	"os/exec"
	"strings"
	"testing"
)

// arrows are the imports that docs/architecture.md draws: each package, or
// tree of packages, with those it may import besides its own sub-packages'
// parents. The first matching line counts.
var arrows = []struct{ from, to string }{
	{"depeche/segment/dispatch", "segment"},
	{"depeche/segment", ""},
	{"depeche/glossary", "segment"},
	{"depeche/translate/marian", "translate/marian"},
	{"depeche/translate/dictionary", "segment glossary translate/dictionary"},
	{"depeche/translate/", "segment glossary translate"},
	{"depeche/translate", "segment glossary"},
	{"depeche/output", "segment glossary translate output"},
	{"depeche/cmd", "segment glossary translate output"},
}

// TestArrows holds the imports of the module against the drawing.
func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "depeche/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 5 {
		t.Fatalf("go list gave %d packages", len(lines))
	}
	for _, line := range lines {
		fields := strings.Fields(line)
		for _, imported := range fields[1:] {
			if reason := forbidden(fields[0], imported); reason != "" {
				t.Errorf("%s imports %s: %s", fields[0], imported, reason)
			}
		}
	}
}

// forbidden says why one package may not import another, or "".
func forbidden(from, to string) string {
	std := !strings.Contains(strings.SplitN(to, "/", 2)[0], ".") && !strings.HasPrefix(to, "depeche")
	if std {
		return ""
	}
	if !strings.HasPrefix(to, "depeche/") {
		if strings.HasPrefix(from, "depeche/translate/marian") {
			return "the engine needs nothing but the standard library"
		}
		return ""
	}
	for _, a := range arrows {
		if from != a.from && !strings.HasPrefix(from, strings.TrimSuffix(a.from, "/")+"/") {
			continue
		}
		for _, allowed := range strings.Fields(a.to) {
			if to == "depeche/"+allowed || strings.HasPrefix(to, "depeche/"+allowed+"/") {
				return ""
			}
		}
		return "no such arrow in docs/architecture.md"
	}
	return "the package is not in docs/architecture.md"
}

func TestForbiddenArrows(t *testing.T) {
	for _, c := range []struct{ from, to string }{
		{"depeche/segment", "depeche/glossary"},
		{"depeche/glossary", "depeche/translate"},
		{"depeche/translate", "depeche/output"},
		{"depeche/translate", "depeche/translate/backend"},
		{"depeche/translate/marian", "golang.org/x/text/language"},
		{"depeche/translate/marian/registry", "depeche/segment"},
		{"depeche/somewhere", "depeche/segment"},
	} {
		if forbidden(c.from, c.to) == "" {
			t.Errorf("%s may import %s", c.from, c.to)
		}
	}
}
