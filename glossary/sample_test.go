package glossary

import (
	"os"
	"strings"
	"testing"
)

// sample is the sample glossary above the starter glossary, as the command
// line joins them.
func sample(t testing.TB) *Glossary {
	t.Helper()
	terms, err := Load("testdata/sample.csv")
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(Set{Name: "sample", Terms: terms}, News())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestSampleDispatch holds the sample's places of ISIS: five, after "Daesh
// (EI)" has fallen together, and nothing of the French names reaches a backend.
func TestSampleDispatch(t *testing.T) {
	data, err := os.ReadFile("../testdata/lavrov-syrie.txt")
	if err != nil {
		t.Fatal(err)
	}
	g := sample(t)
	text := string(data)
	ms := g.Find(text, FindOptions{})
	p := g.Protect(text, ms)
	if n := strings.Count(p.Text, "ISIS"); n != 5 {
		t.Errorf("ISIS stands %d times in the protected text, not 5:\n%s", n, p.Text)
	}
	for _, left := range []string{"Daesh", "EI,", "l'ISIS", "ISIS ("} {
		if strings.Contains(p.Text, left) {
			t.Errorf("%q is left in\n%s", left, p.Text)
		}
	}
	target, _ := p.Restore(p.Text)
	if n := strings.Count(target, "ISIS"); n != 5 || strings.Contains(target, "XQ") {
		t.Errorf("restored:\n%s", target)
	}
	for _, problem := range g.Check(text, target, ms) {
		t.Errorf("%+v", problem)
	}
}

// TestNews holds the starter glossary to its own rules.
func TestNews(t *testing.T) {
	news := News()
	if len(news.Terms) < 150 {
		t.Errorf("%d entries", len(news.Terms))
	}
	faults, err := Lint(news)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
	g, err := New(news)
	if err != nil {
		t.Fatal(err)
	}
	for i := range news.Terms {
		term := &news.Terms[i]
		for _, s := range term.Sources {
			ms := g.Find("selon "+s+" et", FindOptions{})
			if len(ms) != 1 || ms[0].Term.Sources[0] != term.Sources[0] {
				t.Errorf("%q is not found as %q: %v", s, term.Sources[0], ms)
			}
		}
	}
}
