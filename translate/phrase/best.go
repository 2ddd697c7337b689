package phrase

import (
	"container/heap"
	"context"
)

// Derivation is one way to translate a text, for the tuning of weights: what
// a weight multiplies, summed over the phrases.
type Derivation struct {
	Text    string
	Score   float32    // the search's
	LM      float32    // natural logarithm
	Joint   [2]float32 // the joint model's, by JointKind
	Order   float32    // the order model's
	Kept    float32    // its natural logarithm of what has a translation and what has none
	Jump    int        // words jumped over
	Words   int        // in the translation
	Unknown int        // words copied for want of a phrase
	Steps   []Step
}

// Step is a phrase of a derivation.
type Step struct {
	Source []uint32 // numbers in the table's source words
	Target []string
	Copied bool // a mark or an unknown word: not from the table
	Before int  // how it follows the phrase before it: 0 straight, 1 swapped, 2 apart
	After  int  // how the next phrase follows it
}

// Best gives up to n different translations of a text, best first. A text
// that is too long for one search is translated up to there.
func (e *Engine) Best(ctx context.Context, text string, n int) ([]Derivation, error) {
	all := e.read(Input{Text: text})
	all = all[:min(len(all), maxWords)]
	if len(all) == 0 {
		return nil, ctx.Err()
	}
	s := e.sentence(Input{Text: text}, all, true)
	ends := e.search(ctx, s)
	if ends == nil {
		return nil, ctx.Err()
	}
	seen := make(map[string]bool)
	var out []Derivation
	each(ends, 5*n, func(t *tail, score float32) bool {
		d := s.derive(e, t)
		d.Score = score
		if !seen[d.Text] {
			seen[d.Text] = true
			out = append(out, d)
		}
		return len(out) < n
	})
	return out, nil
}

// each calls f for the best derivations that lead to the ends, best first,
// until it returns false or has had n.
func each(ends []*hypothesis, n int, f func(t *tail, score float32) bool) {
	var agenda paths
	for _, h := range ends {
		agenda = append(agenda, path{node: h, score: h.score})
	}
	heap.Init(&agenda)
	for range n {
		if len(agenda) == 0 {
			return
		}
		p := heap.Pop(&agenda).(path)
		after := p.after
		for h := p.node; h.back != nil; h = h.back {
			for _, other := range h.other {
				// From here to the end it is the same way.
				heap.Push(&agenda, path{other.back, &tail{other, after}, p.score - h.score + other.score})
			}
			after = &tail{h, after}
		}
		if !f(after, p.score) {
			return
		}
	}
}

// tail is the rest of a derivation, from a phrase to the end.
type tail struct {
	step *hypothesis
	next *tail
}

// path is a derivation: the best way to the node, and from there the tail.
type path struct {
	node  *hypothesis
	after *tail
	score float32
}

type paths []path

func (p paths) Len() int           { return len(p) }
func (p paths) Less(a, b int) bool { return p[a].score > p[b].score }
func (p paths) Swap(a, b int)      { p[a], p[b] = p[b], p[a] }
func (p *paths) Push(x any)        { *p = append(*p, x.(path)) }
func (p *paths) Pop() any          { old := *p; x := old[len(old)-1]; *p = old[:len(old)-1]; return x }

// derive sums up what the weights multiply.
func (s *sentence) derive(e *Engine, t *tail) Derivation {
	var d Derivation
	var parts []piece
	state, past, from, last := lmState{LMStart, 1}, jointOpening, 0, 0
	spot, done := uint8(0), coverage{}
	for ; t != nil; t = t.next {
		h := t.step
		parts = append(parts, s.piece(h))
		for _, w := range h.choice.lm {
			var p float32
			p, state = e.lm.score(state, w)
			d.LM += p
		}
		if s.scorer != nil {
			var o float32
			o, spot = s.scorer.order.phrase(done, past, spot, h.choice)
			d.Order += o
			done = h.cover
			for k, w := range h.choice.joint {
				d.Joint[JointKind(w)] += s.scorer.score(past, w, h.choice.at[k])
				past = then(past, w)
			}
			d.Kept += h.choice.kept
		}
		d.Jump += max(h.from-last, last-h.from)
		d.Words += len(h.choice.words)
		step := Step{Source: s.ids[h.from:h.last], Target: h.choice.words, Copied: h.choice.turn == &even,
			Before: turned(from, last, h.from, h.last)}
		if step.Copied && h.choice.unknown {
			d.Unknown++
		}
		from, last = h.from, h.last
		if t.next != nil {
			step.After = turned(from, last, t.next.step.from, t.next.step.last)
		} else {
			step.After = turned(from, last, len(s.tokens), len(s.tokens)+1)
		}
		d.Steps = append(d.Steps, step)
	}
	p, _ := e.lm.score(state, LMEnd)
	d.LM += p
	if s.scorer != nil {
		d.Joint[JointKind(LMEnd)] += s.scorer.end(past)
		d.Order += s.scorer.order.score(done, uint16(past), spot, uint8(len(s.tokens)+1))
	}
	d.Text = assemble(Input{Text: s.text}, parts).Text
	return d
}
