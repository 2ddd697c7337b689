//go:build unix

// Command peers measures the offline engine beside the WebAssembly build of
// Marian that browsers run (npm package @browsermt/bergamot-translator), on
// the random model of the tiny shape, where both must translate 25 tokens into
// 25. In the root of the repository:
//
//	npm install --prefix /tmp/peers @browsermt/bergamot-translator@0.4.9
//	go run ./translate/marian/peers -wasm /tmp/peers/node_modules/@browsermt/bergamot-translator/worker
//
// Every setting runs once a round, so that a busy machine is busy for all of
// them, but for plain Go, which takes longer than all others together and runs
// in the first alone; the table has the best round of each. Words are counted
// per second of elapsed time and per second of processor time: on a machine that
// does other work only the second can be compared. Three rounds take about a
// minute and a half on an idle machine; what each run gave is said as it ends.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"depeche/translate/marian"
	"depeche/translate/marian/gemm"
)

// setting is one line of the table.
type setting struct {
	name           string
	once           bool // only in the first round
	run            func() (elapsed, processor time.Duration, err error)
	elapsed, total time.Duration // the best so far
}

func main() {
	log.SetFlags(0)
	shared := flag.String("shared", "../shared/engine", "`folder` of the model, its vocabulary, shortlist and texts")
	wasm := flag.String("wasm", "", "`folder` worker of the npm package; empty: leave the peer out")
	rounds := flag.Int("rounds", 3, "how often each setting runs")
	only := flag.String("only", "", "run the settings whose name matches the `expression`")
	profile := flag.String("profile", "", "write a processor profile to the `file`")
	flag.Parse()
	if err := measure(*shared, *wasm, *rounds, *only, *profile); err != nil {
		log.Fatal(err)
	}
}

func measure(shared, wasm string, rounds int, only, profile string) error {
	match, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	text := filepath.Join(shared, "vectors", "bench256.txt")
	lines, err := os.ReadFile(text)
	if err != nil {
		return err
	}
	var inputs []marian.Input
	words := 0
	for line := range strings.Lines(string(lines)) {
		inputs = append(inputs, marian.Input{Text: strings.TrimSpace(line)})
		words += len(strings.Fields(line))
	}
	settings, err := engines(shared, inputs, match)
	if err != nil {
		return err
	}
	if name := "WebAssembly under Node, 1 thread"; wasm != "" && match.MatchString(name) {
		if _, err := os.Stat(filepath.Join(wasm, "bergamot-translator-worker.wasm")); err != nil {
			return fmt.Errorf("-wasm wants the folder worker of the npm package: %w", err)
		}
		if _, err := exec.LookPath("node"); err != nil {
			return fmt.Errorf("the WebAssembly engine runs under Node: %w", err)
		}
		settings = append([]*setting{{name: name, run: func() (time.Duration, time.Duration, error) {
			return runWASM(shared, wasm, text)
		}}}, settings...)
	}
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	if len(settings) == 0 {
		return fmt.Errorf("-only %s: there is no such setting", only)
	}
	for round := range rounds {
		for _, s := range settings {
			if s.once && round > 0 {
				continue
			}
			fmt.Fprintf(os.Stderr, "round %d of %d: %s: ", round+1, rounds, s.name)
			elapsed, processor, err := s.run()
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			fmt.Fprintf(os.Stderr, "%.0f words/s, %.0f of processor time\n", float64(words)/elapsed.Seconds(), float64(words)/processor.Seconds())
			if s.elapsed == 0 || elapsed < s.elapsed {
				s.elapsed = elapsed
			}
			if s.total == 0 || processor < s.total {
				s.total = processor
			}
		}
	}
	fmt.Println("| engine | words/s | words/s of processor time |")
	fmt.Println("| --- | --: | --: |")
	for _, s := range settings {
		first := settings[0]
		fmt.Printf("| %s | %.0f (%.2f×) | %.0f (%.2f×) |\n", s.name,
			float64(words)/s.elapsed.Seconds(), first.elapsed.Seconds()/s.elapsed.Seconds(),
			float64(words)/s.total.Seconds(), first.total.Seconds()/s.total.Seconds())
	}
	return nil
}

// engines are the settings of this engine that the processor can run.
func engines(shared string, inputs []marian.Input, match *regexp.Regexp) ([]*setting, error) {
	var files marian.Files
	for name, to := range map[string]*[]byte{
		"rand.tiny.intgemm.alphas.bin": &files.Model, "vocab.spm": &files.SourceVocab, "lex.50.50.bin": &files.Shortlist,
	} {
		b, err := os.ReadFile(filepath.Join(shared, "vectors", name))
		if err != nil {
			return nil, err
		}
		*to = b
	}
	var settings []*setting
	for _, path := range slices.Backward(gemm.Paths()) {
		var m *marian.Model
		for _, c := range []struct{ batch, threads int }{{16, 1}, {64, 1}, {16, 2}} {
			plain := path == "generic"
			if plain && (c.batch != 16 || c.threads != 1) {
				continue
			}
			name := fmt.Sprintf("%s, batch %d, %d threads", path, c.batch, c.threads)
			if c.threads == 1 {
				name = strings.TrimSuffix(name, "s")
			}
			if !match.MatchString(name) {
				continue
			}
			if m == nil {
				os.Setenv("DEPECHE_CPU", path)
				var err error
				if m, err = marian.Load(files); err != nil {
					return nil, err
				}
			}
			options := marian.Options{MaxLengthFactor: 1, KeepLoops: true, Batch: c.batch, Threads: c.threads}
			settings = append(settings, &setting{name: name, once: plain, run: func() (time.Duration, time.Duration, error) {
				before, start := processorTime(), time.Now()
				_, err := m.Translate(context.Background(), inputs, options)
				return time.Since(start), processorTime() - before, err
			}})
		}
	}
	return settings, nil
}

// processorTime is what this process has used.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var wasmTimes = regexp.MustCompile(`wall ([0-9.]+)s cpu ([0-9.]+)s`)

// runWASM starts the peer, which measures itself without its start.
func runWASM(shared, worker, text string) (elapsed, processor time.Duration, err error) {
	vectors := filepath.Join(shared, "vectors")
	out, err := exec.Command("node", filepath.Join(shared, "tools", "wasm_run.mjs"), "--pkg", worker,
		"--model", filepath.Join(vectors, "rand.tiny.intgemm.alphas.bin"), "--vocab", filepath.Join(vectors, "vocab.spm"),
		"--lex", filepath.Join(vectors, "lex.50.50.bin"), "--in", text, "--factor", "1.0").CombinedOutput()
	found := wasmTimes.FindSubmatch(out)
	if err != nil || found == nil {
		return 0, 0, fmt.Errorf("%w\n%s", err, out)
	}
	var seconds [2]float64
	for i, b := range found[1:] {
		if seconds[i], err = strconv.ParseFloat(string(b), 64); err != nil {
			return 0, 0, err
		}
	}
	return time.Duration(seconds[0] * 1e9), time.Duration(seconds[1] * 1e9), nil
}
