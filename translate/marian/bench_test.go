package marian

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
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
	dir := modelDir(b)
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

// modelDir is a folder with the random model.
func modelDir(b testing.TB) string {
	b.Helper()
	dir := b.TempDir()
	for _, name := range []string{"vocab.spm", "lex.50.50.bin"} {
		link(b, name, filepath.Join(dir, name))
	}
	link(b, "rand.tiny.intgemm.alphas.bin", filepath.Join(dir, "model.bin"))
	return dir
}

// BenchmarkResident reports the largest resident memory of a process that
// opens the model and translates 256 lines, and what of it goes beyond the
// model's files.
func BenchmarkResident(b *testing.B) {
	if dir := os.Getenv("MARIAN_RESIDENT_DIR"); dir != "" {
		translateResident(b, dir)
		return
	}
	dir := modelDir(b)
	for _, threads := range []string{"1", "2"} {
		b.Run("threads="+threads, func(b *testing.B) {
			files := 0.0
			for _, name := range []string{"model.bin", "vocab.spm", "lex.50.50.bin"} {
				info, err := os.Stat(filepath.Join(dir, name))
				if err != nil {
					b.Fatal(err)
				}
				files += float64(info.Size()) / 1e6
			}
			for b.Loop() {
				cmd := exec.Command(os.Args[0], "-test.run=^$", "-test.bench=^BenchmarkResident$", "-test.benchtime=1x")
				cmd.Env = append(os.Environ(), "MARIAN_RESIDENT_DIR="+dir, "MARIAN_RESIDENT_THREADS="+threads)
				out, err := cmd.Output()
				if err != nil {
					b.Fatal(err)
				}
				_, rest, _ := strings.Cut(string(out), "resident ")
				var kilobytes float64
				if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
					b.Skipf("no figure: %v", err)
				}
				b.ReportMetric(kilobytes/1e3, "resident-MB")
				b.ReportMetric(kilobytes/1e3-files, "beyond-model-MB")
			}
		})
	}
}

func translateResident(b *testing.B, dir string) {
	m, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	var inputs []Input
	for _, line := range sharedLines(b, "engine/vectors/bench256.txt") {
		inputs = append(inputs, Input{Text: line})
	}
	threads, _ := strconv.Atoi(os.Getenv("MARIAN_RESIDENT_THREADS"))
	if _, err := m.Translate(context.Background(), inputs, benchOptions(0, threads)); err != nil {
		b.Fatal(err)
	}
	status, _ := os.ReadFile("/proc/self/status")
	if _, peak, ok := strings.Cut(string(status), "VmHWM:"); ok {
		fmt.Println("resident", strings.Fields(peak)[0])
	}
}

// BenchmarkCancel reports the longest time from a cancellation to the return of
// Translate, under way with wide beams and required terms.
func BenchmarkCancel(b *testing.B) {
	var inputs []Input
	for i, line := range sharedLines(b, "engine/vectors/bench256.txt") {
		in := Input{Text: line}
		if i%2 == 0 {
			in.Terms = []Term{{0, len(strings.Fields(line)[0]), []string{"Islamic State"}, false}}
		}
		inputs = append(inputs, in)
	}
	for _, name := range []string{"generic", "avx2", ""} {
		b.Run("path="+name, func(b *testing.B) {
			m := loadOn(b, name, randomFiles(b))
			longest := time.Duration(0)
			for i := 0; b.Loop(); i++ {
				ctx, cancel := context.WithCancel(context.Background())
				var cancelled time.Time
				time.AfterFunc(time.Duration(20+37*i%400)*time.Millisecond, func() { cancelled = time.Now(); cancel() })
				if _, err := m.Translate(ctx, inputs, Options{Beam: 1 + 7*(i%2)}); err == nil {
					b.Fatal("not cancelled")
				}
				longest = max(longest, time.Since(cancelled))
			}
			b.ReportMetric(float64(longest.Microseconds())/1e3, "longest-ms")
		})
	}
}
