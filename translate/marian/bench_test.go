package marian

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// benchOptions make the random model do the same work as its peers: 25 words
// in and 25 words out.
func benchOptions(batch, threads int) Options {
	return Options{MaxLengthFactor: 1, KeepLoops: true, Batch: batch, Threads: threads}
}

func BenchmarkTranslate(b *testing.B) {
	lines := sharedLines(b, "engine/vectors/bench256.txt")
	inputs := make([]Input, len(lines))
	words := 0
	for i, line := range lines {
		inputs[i].Text = line
		words += len(strings.Fields(line))
	}
	for _, name := range []string{"", "avx2"} {
		for _, c := range []struct {
			name           string
			batch, threads int
		}{{"batch=16", 16, 1}, {"batch=64", 64, 1}, {"batch=16/threads=2", 16, 2}} {
			b.Run("path="+name+"/"+c.name, func(b *testing.B) {
				m := loadOn(b, name, randomFiles(b))
				for b.Loop() {
					if _, err := m.Translate(context.Background(), inputs, benchOptions(c.batch, c.threads)); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(words*b.N)/b.Elapsed().Seconds(), "words/s")
			})
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	for _, name := range []string{"vocab.spm", "lex.50.50.bin"} {
		link(b, name, filepath.Join(dir, name))
	}
	link(b, "rand.tiny.intgemm.alphas.bin", filepath.Join(dir, "model.bin"))
	b.ResetTimer()
	for b.Loop() {
		m, err := Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		m.Close()
	}
}

func link(t testing.TB, vector, to string) {
	t.Helper()
	from, err := filepath.Abs(sharedFile(t, "engine/vectors/"+vector))
	if err == nil {
		err = os.Symlink(from, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}
