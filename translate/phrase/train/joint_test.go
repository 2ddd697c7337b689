package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Each English word belongs to its partner, or to that of its neighbour.
func TestAffiliated(t *testing.T) {
	links := []link{{1, 0}, {3, 3}, {9, 4}} // the last lies outside
	if got, want := affiliated(links, 4, 5), []int{1, 1, 3, 3, 3}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got, want := affiliated(nil, 2, 3), []int{0, 1, 1}; !slices.Equal(got, want) {
		t.Errorf("without links: %v, want %v", got, want)
	}
}

// The joint model learns a text by heart, in the program's hands as in its
// teacher's. It needs the interpreter that DEPECHE_PYTHON names, or python3,
// with PyTorch.
func TestJointRecipe(t *testing.T) {
	names := []string{"python3", "/usr/bin/python3"}
	if own := os.Getenv("DEPECHE_PYTHON"); own != "" {
		names = []string{own}
	}
	i := slices.IndexFunc(names, func(name string) bool { return exec.Command(name, "-c", "import torch, numpy").Run() == nil })
	if i < 0 {
		t.Skip("no Python with torch and numpy (Debian: python3-torch libopenblas0-pthread, or PyPI; DEPECHE_PYTHON names another interpreter)")
	}
	fr, en, forward, parts := toyText(t, "chat noir")
	dir := t.TempDir()
	lm, feats, text, joint, model := filepath.Join(dir, "lm"), filepath.Join(dir, "features"), filepath.Join(dir, "text"), filepath.Join(dir, "joint"), filepath.Join(dir, "model")
	command := func(args ...string) {
		t.Helper()
		if err := run(args); err != nil {
			t.Fatalf("%s: %v", args[0], err)
		}
	}
	command("lm", "-en", en, "-o", lm, "-prune", "1,1,1,1")
	command("joint", "-fr", fr, "-en", en, "-forward", forward, "-lm", lm, "-o", text)
	cmd := exec.CommandContext(t.Context(), names[i], "joint.py", text, joint, "--words", "80000", "--threads", "1")
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "PYTHONDONTWRITEBYTECODE=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("joint.py: %v\n%s", err, out)
	}
	command("extract", "-fr", fr, "-en", en, "-forward", forward, "-parts", parts, "-o", feats)
	command("pack", "-features", feats, "-lm", lm, "-joint", joint, "-least", "1", "-o", model)
	e, err := openModel(model)
	if err != nil {
		t.Fatal(err)
	}
	best, err := e.Best(context.Background(), "le chat noir dort .", 1)
	if err != nil || len(best) == 0 || best[0].Text != "the black cat sleeps." {
		t.Fatalf("%+v, %v", best, err)
	}
	if mean := (best[0].Joint[0] + best[0].Joint[1]) / float32(best[0].Words+1); mean < -0.7 {
		t.Errorf("the joint model gives a word of a sentence that it knows all of %.2f on average", mean)
	}
	if best[0].Kept < -0.7*float32(len(strings.Fields("le chat noir dort ."))) {
		t.Errorf("the joint model gives the words that have a translation %.2f", best[0].Kept)
	}
	if best[0].Order < -0.5*float32(best[0].Words) {
		t.Errorf("the order model gives the words' order %.2f", best[0].Order)
	}
}
