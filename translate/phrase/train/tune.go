package main

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"

	"depeche/translate/phrase"
)

// lines reads a file of one sentence a line.
func lines(name string) ([]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []string
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		list = append(list, in.Text())
	}
	return list, in.Err()
}

// decode translates sentences on two cores.
func decode(e *phrase.Engine, source []string) []string {
	out := make([]string, len(source))
	var wg sync.WaitGroup
	for k := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := k; i < len(source); i += 2 {
				o, err := e.Translate(context.Background(), phrase.Input{Text: source[i]})
				if err == nil {
					out[i] = o.Text
				}
			}
		}()
	}
	wg.Wait()
	return out
}

// tune finds weights by going up one coordinate after the other, by BLEU on a
// development set of which the model has seen nothing. The pairs are first cut
// down to those that the set can use.
func (f *features) tune(lm []byte, w weights, source, reference []string, rounds int) (weights, error) {
	f.restrict(source)
	score := func(w weights) (float64, error) {
		e, err := phrase.Open(f.pack(lm, w, 1, 20))
		if err != nil {
			return 0, err
		}
		return bleu(decode(e, source), reference), nil
	}
	best, err := score(w)
	if err != nil {
		return w, err
	}
	fmt.Fprintf(os.Stderr, "start: %.2f\n", best)
	step := float32(0.4)
	for range rounds {
		for i := range w.list() {
			for _, d := range []float32{1 + step, 1 / (1 + step)} {
				try := w
				x := try.list()[i]
				if *x *= d; i == len(w.list())-1 && *x < -12 {
					continue
				}
				s, err := score(try)
				if err != nil {
					return w, err
				}
				if s > best+0.01 {
					best, w = s, try
					fmt.Fprintf(os.Stderr, "%.2f: %s\n", best, w)
					break
				}
			}
		}
		step /= 2
	}
	return w, nil
}

// restrict keeps the pairs whose source words all stand in the text.
func (f *features) restrict(source []string) {
	seen := make(map[string]bool)
	for _, s := range source {
		for _, w := range phrase.Words(s) {
			seen[w], seen[strings.ToLower(w)] = true, true
		}
	}
	known := make([]bool, len(f.source))
	for i, w := range f.source {
		known[i] = seen[w] || seen[strings.ToLower(w)]
	}
	kept := f.pairs[:0]
next:
	for _, p := range f.pairs {
		for _, id := range p.src {
			if !known[id] {
				continue next
			}
		}
		kept = append(kept, p)
	}
	f.pairs = kept
}

// bleu is corpus BLEU with four orders on crude tokens: for climbing, not for
// reporting.
func bleu(hypotheses, references []string) float64 {
	var match, total [5]float64
	var hl, rl float64
	for i := range hypotheses {
		h, r := crude(hypotheses[i]), crude(references[i])
		hl, rl = hl+float64(len(h)), rl+float64(len(r))
		for n := 1; n <= 4; n++ {
			have := make(map[string]int)
			for k := 0; k+n <= len(r); k++ {
				have[strings.Join(r[k:k+n], " ")]++
			}
			for k := 0; k+n <= len(h); k++ {
				total[n]++
				if g := strings.Join(h[k:k+n], " "); have[g] > 0 {
					have[g]--
					match[n]++
				}
			}
		}
	}
	sum := 0.0
	for n := 1; n <= 4; n++ {
		sum += math.Log(max(match[n], 0.1)/total[n]) / 4
	}
	return 100 * math.Exp(sum+min(0, 1-rl/hl))
}

func crude(s string) []string {
	return phrase.Words(strings.NewReplacer("’", "'", "'s", " 's").Replace(s))
}
