package main

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
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

// decode translates sentences.
func decode(e *phrase.Engine, source []string) []string {
	out := make([]string, len(source))
	each(len(source), func(i int) {
		if o, err := e.Translate(context.Background(), phrase.Input{Text: source[i]}); err == nil {
			out[i] = o.Text
		}
	})
	return out
}

// candidate is a translation of a sentence with what the weights multiply.
type candidate struct {
	x     weights
	stats stats
}

// nbest is how many translations of a sentence a round adds.
const nbest = 100

// tune finds weights by batch MIRA (Cherry and Foster 2012) on a development
// set of which the model has seen nothing: it translates with the weights that
// it has, gathers the best translations of each sentence, and moves the
// weights so that good ones win by as much as they are better. The pairs are
// first cut down to those that the set can use. The weights of the best round
// are taken.
func (f *features) tune(lm, joint []byte, w weights, source, reference []string, rounds int) (weights, error) {
	f.learn()
	f.restrict(source)
	index := f.index()
	pool := make([][]candidate, len(source))
	seen := make([]map[string]bool, len(source))
	refs := make([][]string, len(source))
	for i, r := range reference {
		refs[i], seen[i] = crude(r), make(map[string]bool)
	}
	best, bestScore := w, 0.0
	for round := range rounds + 1 {
		e, err := phrase.Open(f.pack(lm, joint, w, size{least: 1, most: 20, once: maxSource}))
		if err != nil {
			return w, err
		}
		var total stats
		var mu sync.Mutex
		each(len(source), func(i int) {
			list, err := e.Best(context.Background(), source[i], nbest)
			if err != nil || len(list) == 0 {
				return
			}
			for k, d := range list {
				s := compare(crude(d.Text), refs[i])
				if k == 0 {
					mu.Lock()
					total.add(s, 1)
					mu.Unlock()
				}
				if !seen[i][d.Text] {
					seen[i][d.Text] = true
					pool[i] = append(pool[i], candidate{f.sum(&d, index), s})
				}
			}
		})
		score := 100 * total.bleu()
		fmt.Fprintf(os.Stderr, "round %d: %.2f, length %.3f: %s\n", round, score, total.length/total.reference, w)
		if score > bestScore {
			best, bestScore = w, score
		}
		if round < rounds {
			w = mira(pool, w)
		}
	}
	return best, nil
}

// each calls f for 0 … n-1 on two cores.
func each(n int, f func(i int)) {
	var wg sync.WaitGroup
	for k := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := k; i < n; i += 2 {
				f(i)
			}
		}()
	}
	wg.Wait()
}

// pairKey is a phrase pair by its words.
func (f *features) pairKey(source []uint32, target []string) string {
	var b strings.Builder
	for _, id := range source {
		fmt.Fprintf(&b, "%d ", id)
	}
	return b.String() + "|" + strings.Join(target, " ")
}

func (f *features) index() map[string]*pair {
	index := make(map[string]*pair, len(f.pairs))
	for i := range f.pairs {
		p := &f.pairs[i]
		words := make([]string, len(p.tgt))
		for k, id := range p.tgt {
			words[k] = f.target[id]
		}
		index[f.pairKey(p.src, words)] = p
	}
	return index
}

// sum is what the weights multiply in a derivation.
func (f *features) sum(d *phrase.Derivation, index map[string]*pair) weights {
	var x weights
	for _, s := range d.Steps {
		if s.Copied {
			continue
		}
		p := index[f.pairKey(s.Source, s.Target)]
		if p == nil {
			continue
		}
		for i, v := range p.own() {
			x[i] += v
		}
		kind := int(f.kinds.of(p))
		x[turnWeight+s.Before] += f.kinds.log(0, kind/phrase.TurnKinds, s.Before)
		x[turnWeight+turns+s.After] += f.kinds.log(1, kind%phrase.TurnKinds, s.After)
	}
	x[lmWeight], x[jumpWeight], x[wordWeight], x[unknownWeight] = float64(d.LM), -float64(d.Jump), float64(d.Words), float64(d.Unknown)
	x[jointWeight], x[rareJointWeight], x[keptWeight], x[orderWeight] = float64(d.Joint[0]), float64(d.Joint[1]), float64(d.Kept), float64(d.Order)
	return x
}

func dot(a, b *weights) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// mira moves the weights over all candidates until they settle, and gives
// their average at the scale of the language model's weight that they came with.
func mira(pool [][]candidate, w weights) weights {
	const epochs, limit, fade = 40, 0.002, 0.999
	order := make([]int, len(pool))
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(1, 1))
	var background stats
	for n := range background.match {
		background.match[n], background.total[n] = 1, 1
	}
	background.length, background.reference = 1, 1
	scale := w[lmWeight]
	unknown := w[unknownWeight]
	var average weights
	kept := 0.0
	for epoch := range epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			if len(pool[i]) == 0 {
				continue
			}
			var hope, fear, top *candidate
			var hopeScore, fearScore, topScore, hopeBleu, fearBleu float64
			for k := range pool[i] {
				c := &pool[i][k]
				s := background
				s.add(c.stats, 1)
				gain := s.bleu() * s.reference
				model := dot(&w, &c.x)
				if hope == nil || model+gain > hopeScore {
					hope, hopeScore, hopeBleu = c, model+gain, gain
				}
				if fear == nil || model-gain > fearScore {
					fear, fearScore, fearBleu = c, model-gain, gain
				}
				if top == nil || model > topScore {
					top, topScore = c, model
				}
			}
			var d weights
			size := 0.0
			for k := range d {
				d[k] = hope.x[k] - fear.x[k]
				size += d[k] * d[k]
			}
			if loss := hopeBleu - fearBleu - dot(&w, &d); loss > 0 && size > 0 {
				step := min(limit, loss/size)
				for k := range w {
					w[k] += step * d[k]
				}
			}
			background.scale(fade)
			background.add(hope.stats, 1)
		}
		if epoch >= epochs/4 {
			kept++
			for k := range w {
				average[k] += w[k]
			}
		}
	}
	if average[lmWeight] <= 0 {
		return w
	}
	by := scale / average[lmWeight]
	for k := range average {
		average[k] *= by
	}
	average[unknownWeight] = min(average[unknownWeight], unknown/2)
	return average
}

// restrict keeps the pairs whose source stands in the text.
func (f *features) restrict(source []string) {
	seen := make(map[string]bool)
	for _, s := range source {
		words := phrase.Words(strings.ToLower(s))
		for i := range words {
			for j := i + 1; j <= min(len(words), i+maxSource); j++ {
				seen[strings.Join(words[i:j], " ")] = true
			}
		}
	}
	low := make([]string, len(f.source))
	for i, w := range f.source {
		low[i] = strings.ToLower(w)
	}
	kept := f.pairs[:0]
	var words []string
	for _, p := range f.pairs {
		words = words[:0]
		for _, id := range p.src {
			words = append(words, low[id])
		}
		if seen[strings.Join(words, " ")] {
			kept = append(kept, p)
		}
	}
	f.pairs = kept
}

// stats are what BLEU counts, for four orders on crude tokens: for climbing,
// not for reporting.
type stats struct {
	match, total      [4]float64
	length, reference float64
}

func (s *stats) add(o stats, by float64) {
	for n := range s.match {
		s.match[n] += by * o.match[n]
		s.total[n] += by * o.total[n]
	}
	s.length += by * o.length
	s.reference += by * o.reference
}

func (s *stats) scale(by float64) {
	o := *s
	*s = stats{}
	s.add(o, by)
}

func (s *stats) bleu() float64 {
	sum := 0.0
	for n := range s.match {
		sum += math.Log(max(s.match[n], 1e-3)/max(s.total[n], 1e-3)) / 4
	}
	return math.Exp(sum + min(0, 1-s.reference/max(s.length, 1e-3)))
}

func compare(h, r []string) stats {
	var s stats
	s.length, s.reference = float64(len(h)), float64(len(r))
	for n := 1; n <= len(s.match); n++ {
		have := make(map[string]int)
		for k := 0; k+n <= len(r); k++ {
			have[strings.Join(r[k:k+n], " ")]++
		}
		for k := 0; k+n <= len(h); k++ {
			s.total[n-1]++
			if g := strings.Join(h[k:k+n], " "); have[g] > 0 {
				have[g]--
				s.match[n-1]++
			}
		}
	}
	return s
}

func crude(s string) []string {
	return phrase.Words(strings.NewReplacer("’", "'", "'s", " 's").Replace(s))
}
