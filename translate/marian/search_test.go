package marian

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// alphabet is a toy's words: single letters, with a space and without.
func alphabet(n int) []string {
	words := []string{"\u2581"}
	for i := range n {
		words = append(words, "\u2581"+string(rune('a'+i)), string(rune('a'+i)))
	}
	return words
}

func TestBeamOneIsGreedy(t *testing.T) {
	y := toy{dim: 16, hidden: 24, heads: 2, encoder: 2, decoder: 2, words: alphabet(12), seed: 5}
	m := y.load(t)
	w := m.newWorkspace()
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		text := randomText(r, 12)
		o := Options{}.withDefaults()
		greedy, wide := m.newPart(Input{Text: text}, 0, len(text), o), m.newPart(Input{Text: text}, 0, len(text), o)
		memories, err := w.encode(t.Context(), [][]int32{greedy.source})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []*part{greedy, wide} {
			p.sentence.memory, p.sentence.beam = &memories[0], 1
		}
		if err := w.search(t.Context(), []*sentence{&greedy.sentence}, 1); err != nil {
			t.Fatal(err)
		}
		if err := w.searchWith(t.Context(), []*sentence{&wide.sentence}, 1, (*picker).beam); err != nil {
			t.Fatal(err)
		}
		a, b := &greedy.sentence, &wide.sentence
		if !slices.Equal(wordsOf(a, &a.done[0]), wordsOf(b, &b.done[0])) || a.done[0].sum != b.done[0].sum {
			t.Fatalf("%q: greedy %v (%v), beam of one %v (%v)", text, wordsOf(a, &a.done[0]), a.done[0].sum, wordsOf(b, &b.done[0]), b.done[0].sum)
		}
	}
}

func wordsOf(s *sentence, h *hypothesis) []int32 {
	var ids []int32
	for _, n := range s.path(h) {
		ids = append(ids, s.nodes[n].id)
	}
	return ids
}

func randomText(r *rand.Rand, letters int) string {
	var words []string
	for range 2 + r.IntN(7) {
		var b strings.Builder
		for range 1 + r.IntN(3) {
			b.WriteByte(byte('a' + r.IntN(letters)))
		}
		words = append(words, b.String())
	}
	return strings.Join(words, " ")
}

func TestBeamBeatsGreedy(t *testing.T) {
	m := toy{dim: 16, hidden: 24, heads: 2, encoder: 2, decoder: 2, words: alphabet(12), seed: 6, endBias: 1}.load(t)
	r := rand.New(rand.NewPCG(2, 2))
	var inputs []Input
	for range 200 {
		inputs = append(inputs, Input{Text: randomText(r, 12)})
	}
	mean := func(beam int) float64 {
		out, err := m.Translate(t.Context(), inputs, Options{Beam: beam})
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, o := range out {
			sum += o.Score
		}
		return sum / float64(len(out))
	}
	one, four := mean(1), mean(4)
	t.Logf("mean score %.4f with beam 1, %.4f with beam 4", one, four)
	if four <= one {
		t.Errorf("mean score %.4f with beam 4, %.4f with beam 1", four, one)
	}
}

// TestBeamIsExhaustive compares a beam that holds every hypothesis with all
// hypotheses, and one as wide as the vocabulary with all of two words.
func TestBeamIsExhaustive(t *testing.T) {
	for seed := range uint64(20) {
		m := toy{dim: 8, hidden: 8, heads: 2, encoder: 1, decoder: 1, words: alphabet(2), seed: seed}.load(t)
		vocabulary := len(m.producible)
		for _, c := range []struct{ limit, beam int }{{2, vocabulary}, {3, vocabulary * vocabulary}, {4, vocabulary * vocabulary * vocabulary}} {
			s := searchToy(t, m, "ab ba", c.limit, c.beam)
			want, best := exhaustive(t, m, "ab ba", c.limit)
			if got := wordsOf(s, &s.done[0]); !slices.Equal(got, want) || math.Abs(s.done[0].normalized(1)-best) > 1e-6 {
				t.Errorf("seed %d limit %d beam %d: %v (%v), best is %v (%v)", seed, c.limit, c.beam, got, s.done[0].normalized(1), want, best)
			}
		}
	}
}

func searchToy(t *testing.T, m *Model, text string, limit, beam int) *sentence {
	t.Helper()
	w := m.newWorkspace()
	p := m.newPart(Input{Text: text}, 0, len(text), Options{}.withDefaults())
	memories, err := w.encode(t.Context(), [][]int32{p.source})
	if err != nil {
		t.Fatal(err)
	}
	p.sentence.memory, p.sentence.limit, p.sentence.beam = &memories[0], limit, beam
	p.sentence.guard.off = true
	if err := w.search(t.Context(), []*sentence{&p.sentence}, 1); err != nil {
		t.Fatal(err)
	}
	return &p.sentence
}

// exhaustive tries every sequence of words: those that end, and those of limit
// words. It runs the decoder along each sequence for itself.
func exhaustive(t *testing.T, m *Model, text string, limit int) (best []int32, score float64) {
	t.Helper()
	w := m.newWorkspace()
	p := m.newPart(Input{Text: text}, 0, len(text), Options{}.withDefaults())
	memories, err := w.encode(t.Context(), [][]int32{p.source})
	if err != nil {
		t.Fatal(err)
	}
	out := w.gather(nil)
	score = math.Inf(-1)
	var follow func(prefix []int32)
	follow = func(prefix []int32) {
		d := w.newDecoder(1, len(p.source), out)
		sum, previous := 0.0, int32(-1)
		var next []float32
		for i := 0; i <= len(prefix); i++ {
			if err := d.step(t.Context(), []int32{previous}, i, []group{{rows: 1, memory: &memories[0]}}); err != nil {
				t.Fatal(err)
			}
			next = next[:0]
			for _, id := range m.producible {
				next = append(next, d.row(0)[id])
			}
			if i < len(prefix) {
				previous = prefix[i]
				_, total := m.cpu.LogSumExp(next)
				sum += float64(d.row(0)[previous] - total)
			}
		}
		_, total := m.cpu.LogSumExp(next)
		for i, id := range m.producible {
			path := append(slices.Clone(prefix), id)
			value := (sum + float64(next[i]-total)) / float64(len(path))
			switch {
			case id != m.end && len(path) < limit:
				follow(path)
			case value > score:
				best, score = path, value
			}
		}
	}
	follow(nil)
	return best, score
}

func TestNBest(t *testing.T) {
	m := toy{dim: 16, hidden: 24, heads: 2, encoder: 2, decoder: 2, words: alphabet(12), seed: 6, endBias: 1}.load(t)
	out, err := m.Translate(t.Context(), []Input{{Text: "abc de f"}}, Options{NBest: 5})
	if err != nil {
		t.Fatal(err)
	}
	n := out[0].NBest
	if len(n) != 5 || n[0].Text != out[0].Text || math.Abs(n[0].Score-out[0].Score) > 1e-9 {
		t.Errorf("%d hypotheses %v for %+v", len(n), n, out[0])
	}
	if !slices.IsSortedFunc(n, func(a, b Hypothesis) int { return int(math.Copysign(1, b.Score-a.Score)) }) {
		t.Errorf("not in order: %v", n)
	}
}

func TestDeterminism(t *testing.T) {
	files := randomFiles(t)
	lines := sharedLines(t, "engine/vectors/bench256.txt")[:70]
	inputs := make([]Input, len(lines))
	for i, line := range lines {
		fields := strings.Fields(line)
		inputs[i].Text = strings.Join(fields[:4+i%(len(fields)-4)], " ")
		if i%9 == 0 {
			inputs[i].Terms = []Term{{0, len(fields[0]), []string{"Islamic State"}, false}}
		}
	}
	var first []Output
	var name string
	for _, path := range []string{"", "avx2", "generic"} {
		for _, o := range []Options{{Batch: 7, Threads: 1}, {Batch: 1, Threads: 2}, {Batch: 64, Threads: 1}, {Batch: 64, Threads: 2}, {Batch: 7, Threads: 2, Beam: 1, BatchTokens: 90}} {
			count := len(inputs)
			if path == "generic" { // slow
				count = 9
				if o.Batch == 1 || o.Threads == 2 {
					continue
				}
			}
			m := loadOn(t, path, files)
			out, err := m.Translate(t.Context(), inputs[:count], o)
			if err != nil {
				t.Fatal(err)
			}
			this := fmt.Sprintf("%s %+v", path, o)
			if first == nil {
				first, name = out, this
			}
			for i := range out {
				if fmt.Sprint(out[i]) != fmt.Sprint(first[i]) {
					t.Fatalf("%s: text %d\n%+v\n%s:\n%+v", this, i, out[i], name, first[i])
				}
			}
		}
	}
}

// TestBatches divides sentences among threads without leaving one idle.
func TestBatches(t *testing.T) {
	for _, c := range []struct{ sentences, tokens, threads, beam int }{
		{1, 20, 2, 1}, {2, 20, 2, 1}, {3, 20, 2, 1}, {5, 200, 4, 1}, {64, 20, 2, 1}, {96, 10, 2, 1}, {192, 10, 2, 1}, {193, 7, 2, 1}, {256, 26, 2, 1}, {256, 26, 3, 4}, {700, 1, 2, 1},
	} {
		var parts []*part
		for range c.sentences {
			parts = append(parts, &part{source: make([]int32, c.tokens)})
		}
		o := Options{Threads: c.threads, Beam: c.beam}.withDefaults()
		load, all := make([]int, c.threads), 0
		for _, b := range batches(parts, 64, o) {
			if n := len(b) * c.tokens; len(b)*c.beam > 64 || n > o.BatchTokens && len(b) > 1 {
				t.Errorf("%+v: a batch of %d", c, len(b))
			}
			i := slices.Index(load, slices.Min(load)) // the thread that is free first
			load[i] += len(b)
			all += len(b)
		}
		if all != c.sentences {
			t.Errorf("%+v: %d sentences in the batches", c, all)
		}
		if least := slices.Min(load); slices.Max(load) > least+max(2, all/20) {
			t.Errorf("%+v: the threads have %d", c, load)
		}
	}
}

func TestCancel(t *testing.T) {
	files := randomFiles(t)
	lines := sharedLines(t, "engine/vectors/bench256.txt")
	inputs := make([]Input, len(lines))
	for i, line := range lines {
		inputs[i].Text = line
	}
	for _, name := range []string{"generic", ""} {
		m := loadOn(t, name, files)
		ctx, cancel := context.WithCancel(t.Context())
		var cancelled time.Time
		time.AfterFunc(100*time.Millisecond, func() { cancelled = time.Now(); cancel() })
		_, err := m.Translate(ctx, inputs, Options{Beam: 8})
		took := time.Since(cancelled)
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v", err)
		}
		t.Logf("path %q: %v after the cancellation", m.CPU(), took)
	}
}
