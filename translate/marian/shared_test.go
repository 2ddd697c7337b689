package marian

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"depeche/translate/marian/gemm"
)

// sharedFile is a file of the material that lies beside the repository; a test
// that needs it is skipped where it is absent.
func sharedFile(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s beside the repository", filepath.Join("shared", name))
	}
	return path
}

func sharedLines(t testing.TB, name string) []string {
	t.Helper()
	f, err := os.Open(sharedFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var lines []string
	for s := bufio.NewScanner(f); s.Scan(); {
		lines = append(lines, s.Text())
	}
	return lines
}

// randomFiles is the random model of the tiny shape with its vocabulary and
// shortlist.
func randomFiles(t testing.TB) Files {
	t.Helper()
	read := func(name string) []byte {
		b, err := os.ReadFile(sharedFile(t, "engine/vectors/"+name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	return Files{Model: read("rand.tiny.intgemm.alphas.bin"), SourceVocab: read("vocab.spm"), Shortlist: read("lex.50.50.bin")}
}

func path(t testing.TB, name string) *gemm.CPU {
	t.Helper()
	cpu, err := gemm.Detect(name)
	if err != nil {
		t.Skip(err)
	}
	return cpu
}

// loadOn loads a model for a processor path.
func loadOn(t testing.TB, name string, files Files) *Model {
	t.Helper()
	m, err := newModelOn(path(t, name), files, fileNames{model: "model", source: "vocabulary", shortlist: "shortlist"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func numbers(t testing.TB, line string) []int32 {
	t.Helper()
	var ids []int32
	for _, f := range strings.Fields(line) {
		n, err := strconv.Atoi(f)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, int32(n))
	}
	return ids
}
