package memory

import (
	"bufio"
	"context"
	"fmt"
	"html"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"depeche/translate"
)

// BenchmarkMillion fills a memory with units of ../shared/bitext and measures
// import, exact and fuzzy lookup. DEPECHE_UNITS=1000000 is the full form; the
// memory is on SQLite, as a laptop has it.
func BenchmarkMillion(b *testing.B) {
	units := 100_000
	if s := os.Getenv("DEPECHE_UNITS"); s != "" {
		var err error
		if units, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	dir := b.TempDir()
	tmx, sources := bitextTMX(b, dir, units)
	ctx := context.Background()
	m, err := Open(ctx, "sqlite:"+filepath.Join(dir, "memory.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	b.Run("import", func(b *testing.B) {
		for range b.N {
			f, err := os.Open(tmx)
			if err != nil {
				b.Fatal(err)
			}
			begin, used := time.Now(), processor(b)
			done, err := m.ImportTMX(ctx, f, tmx, "fr", "en", nil)
			f.Close()
			if err != nil || done.Units != units {
				b.Fatal(done, err)
			}
			b.ReportMetric(float64(units)/time.Since(begin).Seconds(), "units/s")
			b.ReportMetric(float64(units)/(processor(b)-used).Seconds(), "units/cpu-s")
		}
		s, err := m.Stats(ctx)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(s.Bytes)/float64(s.Entries), "bytes/entry")
	})
	measure := func(name string, query func() translate.Query, least int) {
		b.Run(name, func(b *testing.B) {
			var times []time.Duration
			hits := 0
			for range 300 * b.N {
				q := query()
				begin := time.Now()
				found, err := m.Lookup(ctx, q)
				times = append(times, time.Since(begin))
				if err != nil {
					b.Fatal(err)
				}
				if len(found) > 0 && found[0].Percent >= least {
					hits++
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds()), "µs-median")
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds()), "µs-p95")
			b.ReportMetric(100*float64(hits)/float64(len(times)), "%found")
		})
	}
	random := rand.New(rand.NewPCG(1, 2))
	any := func() string { return sources[random.IntN(len(sources))] }
	measure("exact", func() translate.Query { return translate.Query{From: "fr", To: "en", Source: any(), Fuzzy: 70} }, 100)
	measure("fuzzy", func() translate.Query {
		words := strings.Fields(any())
		for len(words) < 6 {
			words = strings.Fields(any())
		}
		words[random.IntN(len(words))] = "dépêche"
		return translate.Query{From: "fr", To: "en", Source: strings.Join(words, " "), Fuzzy: 70, Limit: 1}
	}, 70)
}

// processor is the processor time that this process has used, which tells more
// than the clock where other work goes on.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// bitextTMX writes units as TMX, and gives their sources.
func bitextTMX(b *testing.B, dir string, units int) (path string, sources []string) {
	b.Helper()
	files, err := filepath.Glob("../../../shared/bitext/europarl-*.tsv.xz")
	if err != nil || len(files) == 0 {
		b.Skip("../shared/bitext is not there")
	}
	if _, err := exec.LookPath("xz"); err != nil {
		b.Skip(err)
	}
	path = filepath.Join(dir, "units.tmx")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprint(w, `<?xml version="1.0"?><tmx version="1.4"><header srclang="fr"/><body>`)
	for _, name := range files {
		if len(sources) == units {
			break
		}
		cmd := exec.Command("xz", "-dc", name)
		out, err := cmd.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 1<<20)
		for len(sources) < units && lines.Scan() {
			fr, en, _ := strings.Cut(lines.Text(), "\t")
			fmt.Fprintf(w, "<tu><tuv xml:lang=\"fr\"><seg>%s</seg></tuv><tuv xml:lang=\"en\"><seg>%s</seg></tuv></tu>\n", html.EscapeString(fr), html.EscapeString(en))
			sources = append(sources, fr)
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	fmt.Fprint(w, "</body></tmx>\n")
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path, sources
}
