package phrase

import (
	"cmp"
	"container/heap"
	"context"
	"math"
	"math/bits"
	"slices"
)

// Weights are what the search adds to the translation scores of phrases.
type Weights struct {
	LM         float32 // times the language model's natural logarithm
	Distortion float32 // times the words jumped over
	Word       float32 // a target word
	Unknown    float32 // a word that is copied
	Turns      Turns
	Joint      [2]float32 // times the joint model's natural logarithm, by JointKind
	Order      float32    // times the order model's natural logarithm
	Kept       float32    // times its natural logarithm of the words with a translation, and of those without
}

// list gives the weights in the order of a model file.
func (w *Weights) list() []*float32 {
	list := []*float32{&w.LM, &w.Distortion, &w.Word, &w.Unknown}
	for _, side := range []*[TurnKinds][turns]float32{&w.Turns.Before, &w.Turns.After} {
		for kind := range side {
			for k := range side[kind] {
				list = append(list, &side[kind][k])
			}
		}
	}
	return append(list, &w.Joint[0], &w.Joint[1], &w.Kept, &w.Order)
}

const (
	maxWords   = 120 // in one search; longer sentences are cut before it
	maxJump    = 6
	beam       = 80  // hypotheses kept for each number of covered words
	popLimit   = 200 // hypotheses tried for each
	maxOptions = 20
)

// choice is an option for a place in the sentence.
type choice struct {
	words   []string
	lm      []uint16 // the language model's numbers of the words
	joint   []uint16 // the joint model's
	at      []uint8  // and the French words that they belong to, from 1
	turn    *turn    // how it likes to follow and to be followed
	score   float32  // with the penalties
	guess   float32  // with the language model's guess from inside the phrase
	kept    float32  // what the joint model thinks of the words with and without a translation
	unknown bool     // a word that no phrase holds
	idiom   bool     // of several words: what the joint model thinks of them does not count
	keeps   bool     // an idiom that denies in its own way
}

// span is a range of source words with its choices, best first.
type span struct {
	from, to int
	choices  []choice
}

// coverage is the set of source words that are translated.
type coverage [2]uint64

func (c coverage) with(from, to int) coverage {
	for i := from; i < to; i++ {
		c[i>>6] |= 1 << (i & 63)
	}
	return c
}

func (c coverage) free(from, to int) bool {
	for i := from; i < to; i++ {
		if c[i>>6]&(1<<(i&63)) != 0 {
			return false
		}
	}
	return true
}

// gap is the first word that is not covered.
func (c coverage) gap() int {
	if n := bits.TrailingZeros64(^c[0]); n < 64 {
		return n
	}
	return 64 + bits.TrailingZeros64(^c[1])
}

type hypothesis struct {
	cover  coverage
	lm     lmState
	past   uint64 // words before, for the joint model
	spot   uint8  // the French word that the last of them belongs to
	last   int    // end of the phrase translated last
	score  float32
	future float32
	back   *hypothesis
	choice *choice
	from   int           // of the phrase
	other  []*hypothesis // worse ways to the same place
}

// search finds the best translation of a sentence: phrase-based search with
// stacks by covered words and cube pruning (Huang and Chiang 2007). Its walls
// are places that no jump crosses before all to the left is done. It gives the
// last hypotheses, best first; nil only when the context ends.
func (e *Engine) search(ctx context.Context, s *sentence) []*hypothesis {
	n, spans, walls, w := len(s.tokens), s.spans, s.walls, e.weights
	byStart := make([][]*span, n)
	for i := range spans {
		p := &spans[i]
		byStart[p.from] = append(byStart[p.from], p)
	}
	future := futures(n, spans)
	rest := func(c coverage) float32 {
		var sum float32
		for i := 0; i < n; {
			if !c.free(i, i+1) {
				i++
				continue
			}
			j := i
			for j < n && c.free(j, j+1) {
				j++
			}
			sum += future[i*(n+1)+j]
			i = j
		}
		return sum
	}
	stacks := make([][]*hypothesis, n+1)
	stacks[0] = []*hypothesis{{lm: lmState{LMStart, 1}, past: jointOpening, future: rest(coverage{}), choice: &choice{turn: &even}}}
	edges := make([][]edge, n+1)
	for k := range n {
		if ctx.Err() != nil {
			return nil
		}
		if k > 0 {
			stacks[k] = e.fill(s.scorer, edges[k])
			edges[k] = nil
		}
		for _, group := range groups(stacks[k]) {
			c, last := group[0].cover, group[0].last
			gap := c.gap()
			wall := n
			for _, x := range walls {
				if x > gap {
					wall = x
					break
				}
			}
			for from := gap; from < min(wall, gap+maxJump+1); from++ {
				for _, p := range byStart[from] {
					if p.to > wall && p.from != gap || !c.free(p.from, p.to) || p.from != gap && p.to-gap > maxJump+maxPhrase {
						continue
					}
					jump := p.from - last
					if jump < 0 {
						jump = -jump
					}
					cover := c.with(p.from, p.to)
					edges[k+p.to-p.from] = append(edges[k+p.to-p.from], edge{group, p, cover,
						rest(cover), -w.Distortion * float32(jump), turned(group[0].from, last, p.from, p.to)})
				}
			}
		}
	}
	ends := e.fill(s.scorer, edges[n])
	for _, h := range ends {
		p, _ := e.lm.score(h.lm, LMEnd)
		p *= w.LM
		if s.scorer != nil {
			p += w.Joint[JointKind(LMEnd)] * s.scorer.end(h.past)
			p += w.Order * s.scorer.order.score(h.cover, uint16(h.past), h.spot, uint8(n+1))
		}
		p += h.choice.turn.after[turned(h.from, h.last, n, n+1)]
		h.score += p
		for _, other := range h.other {
			other.score += p
		}
	}
	slices.SortStableFunc(ends, func(a, b *hypothesis) int { return cmp.Compare(b.score, a.score) })
	return ends
}

// futures estimates the best score of each range of words by itself.
func futures(n int, spans []span) []float32 {
	f := make([]float32, n*(n+1)+n+1)
	for i := range f {
		f[i] = float32(math.Inf(-1))
	}
	for _, s := range spans {
		at := s.from*(n+1) + s.to
		for i := range s.choices {
			f[at] = max(f[at], s.choices[i].guess)
		}
	}
	for size := 2; size <= n; size++ {
		for i := 0; i+size <= n; i++ {
			at := i*(n+1) + i + size
			for j := i + 1; j < i+size; j++ {
				f[at] = max(f[at], f[i*(n+1)+j]+f[j*(n+1)+i+size])
			}
		}
	}
	return f
}

// groups gathers hypotheses that differ in their words alone: the same
// extensions fit all of them.
func groups(stack []*hypothesis) [][]*hypothesis {
	type key struct {
		cover      coverage
		from, last int
	}
	index := make(map[key]int)
	var list [][]*hypothesis
	for _, h := range stack {
		k := key{h.cover, h.from, h.last}
		i, ok := index[k]
		if !ok {
			i = len(list)
			index[k] = i
			list = append(list, nil)
		}
		list[i] = append(list[i], h)
	}
	return list
}

// edge joins a group of hypotheses with a span: a grid of extensions.
type edge struct {
	group  []*hypothesis // best first
	span   *span
	cover  coverage
	future float32
	jump   float32
	turned int // the group's phrase and the span: straight, swapped or apart
}

type corner struct {
	edge  *edge
	i, j  int // hypothesis, choice
	score float32
}

type frontier []corner

func (f frontier) Len() int           { return len(f) }
func (f frontier) Less(a, b int) bool { return f[a].score > f[b].score }
func (f frontier) Swap(a, b int)      { f[a], f[b] = f[b], f[a] }
func (f *frontier) Push(x any)        { *f = append(*f, x.(corner)) }
func (f *frontier) Pop() any          { old := *f; x := old[len(old)-1]; *f = old[:len(old)-1]; return x }

// fill makes a stack of the best extensions, in falling order.
func (e *Engine) fill(s *scorer, edges []edge) []*hypothesis {
	var front frontier
	estimate := func(d *edge, i, j int) float32 {
		before, after := d.group[i], &d.span.choices[j]
		return before.score + before.choice.turn.after[d.turned] + after.turn.before[d.turned] + after.guess + d.jump + d.future
	}
	for k := range edges {
		front = append(front, corner{&edges[k], 0, 0, estimate(&edges[k], 0, 0)})
	}
	heap.Init(&front)
	type key struct {
		cover      coverage
		lm         lmState
		past       uint64
		spot       uint8
		from, last int
		turn       *turn
	}
	seen := make(map[key]*hypothesis)
	var stack []*hypothesis
	for pops := 0; len(front) > 0 && pops < popLimit; pops++ {
		c := heap.Pop(&front).(corner)
		d := c.edge
		if c.j == 0 && c.i+1 < len(d.group) {
			heap.Push(&front, corner{d, c.i + 1, 0, estimate(d, c.i+1, 0)})
		}
		if c.j+1 < len(d.span.choices) {
			heap.Push(&front, corner{d, c.i, c.j + 1, estimate(d, c.i, c.j+1)})
		}
		h := e.extend(s, d, d.group[c.i], &d.span.choices[c.j])
		k := key{h.cover, h.lm, h.past, h.spot, h.from, h.last, h.choice.turn}
		if old, ok := seen[k]; ok {
			if h.score > old.score {
				*old, *h = *h, *old
			}
			old.other = append(append(old.other, h.other...), h)
			h.other = nil
			continue
		}
		seen[k] = h
		stack = append(stack, h)
	}
	slices.SortStableFunc(stack, func(a, b *hypothesis) int {
		return cmp.Compare(b.score+b.future, a.score+a.future)
	})
	return stack[:min(beam, len(stack))]
}

func (e *Engine) extend(s *scorer, d *edge, h *hypothesis, c *choice) *hypothesis {
	state, past, lm, joint, spot := h.lm, h.past, float32(0), float32(0), h.spot
	for _, w := range c.lm {
		var p float32
		p, state = e.lm.score(state, w)
		lm += p
	}
	if s != nil {
		joint, spot = s.order.phrase(h.cover, past, h.spot, c)
		joint = e.weights.Order*joint + s.phrase(&past, c, e.weights.Joint)
	}
	return &hypothesis{cover: d.cover, lm: state, past: past, spot: spot, last: d.span.to, future: d.future, back: h, choice: c, from: d.span.from,
		score: h.score + c.score + e.weights.LM*lm + joint + d.jump + h.choice.turn.after[d.turned] + c.turn.before[d.turned]}
}
