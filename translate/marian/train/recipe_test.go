// Package train holds the recipe of the embedded model, which is written in
// Python; its test runs the whole of it on a small text.
package train

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"depeche/translate/marian"
)

// python returns an interpreter with PyTorch, NumPy and SentencePiece: the one
// that DEPECHE_PYTHON names, or else python3.
func python(t *testing.T) string {
	t.Helper()
	names := []string{"python3", "/usr/bin/python3"}
	if own := os.Getenv("DEPECHE_PYTHON"); own != "" {
		names = []string{own}
	}
	for _, name := range names {
		if exec.Command(name, "-c", "import torch, numpy, sentencepiece").Run() == nil {
			return name
		}
	}
	t.Skip("no Python with torch, numpy and sentencepiece (Debian: python3-torch python3-sentencepiece libopenblas0-pthread, or PyPI; DEPECHE_PYTHON names another interpreter)")
	return ""
}

// run runs a command of the recipe and logs what it says.
func run(t *testing.T, limit time.Duration, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	t.Logf("%s", out)
}

func lines(t *testing.T, file string) []string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

// translate returns what the engine makes of the sources with the model in a
// folder, and how many of its alignments' links there are to a sentence.
func translate(t *testing.T, dir string, sources []string) (texts []string, links float64) {
	t.Helper()
	m, err := marian.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	inputs := make([]marian.Input, len(sources))
	for i, s := range sources {
		inputs[i].Text = s
	}
	outputs, err := m.Translate(t.Context(), inputs, marian.Options{KeepLoops: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outputs {
		texts = append(texts, o.Text)
		links += float64(len(o.Alignment)) / float64(len(outputs))
	}
	return texts, links
}

func equal(a, b []string) float64 {
	n := 0
	for i := range a {
		if a[i] == b[i] {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

// The recipe makes a model of two thousand pairs that knows them by heart, and
// the engine says what PyTorch says, with float32 and with int8 weights.
func TestRecipe(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	py := python(t)
	bitext, out := t.TempDir(), t.TempDir()
	pairs, err := os.ReadFile("testdata/tatoeba.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bitext, "tatoeba.tsv"), pairs, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, 8*time.Minute, py, "mini.py", "--bitext", bitext, "--out", out)
	sources := lines(t, filepath.Join(out, "source.fr"))
	references := lines(t, filepath.Join(out, "reference.en"))
	torch := lines(t, filepath.Join(out, "pytorch.en"))
	if len(sources) < 1900 || len(references) != len(sources) || len(torch) != len(sources) {
		t.Fatalf("%d sources, %d references, %d translations by PyTorch", len(sources), len(references), len(torch))
	}
	float, links := translate(t, filepath.Join(out, "float"), sources)
	if got := equal(float, torch); got < 0.99 {
		t.Errorf("engine with float32 weights: %.2f%% as PyTorch, want 99%%", 100*got)
	}
	if links < 3 {
		t.Errorf("%.2f alignment links to a sentence, want 3 or more", links)
	}
	whole, _ := translate(t, filepath.Join(out, "int8"), sources)
	known := equal(whole, references)
	t.Logf("by heart: PyTorch %.1f%%, engine float32 %.1f%%, int8 %.1f%%", 100*equal(torch, references), 100*equal(float, references), 100*known)
	if known < 0.9 {
		t.Errorf("engine with int8 weights: %.2f%% of the pairs by heart, want 90%%", 100*known)
	}
}

// The Python modules' own tests: alignment, typography, formats, resumption.
func TestModules(t *testing.T) {
	py := python(t)
	if exec.Command(py, "-c", "import pytest").Run() != nil {
		t.Skip("no pytest (Debian: python3-pytest)")
	}
	run(t, 3*time.Minute, py, "-m", "pytest", "-q", "-p", "no:cacheprovider", ".")
}
