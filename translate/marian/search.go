package marian

import (
	"context"
	"slices"
)

// search decodes the sentences of a batch together. Each sentence's hypotheses
// depend on nothing but the sentence.
func (w *workspace) search(ctx context.Context, batch []*sentence, exponent float64) error {
	return w.searchWith(ctx, batch, exponent, func(p *picker, s *sentence, row int) {
		switch {
		case s.terms != nil:
			p.constrained(s, row)
		case s.beam == 1:
			p.greedy(s, row)
		default:
			p.beam(s, row)
		}
	})
}

// searchWith is search with a way to extend a sentence's hypotheses, the first
// of which is in the given row.
func (w *workspace) searchWith(ctx context.Context, batch []*sentence, exponent float64, extend func(p *picker, s *sentence, row int)) error {
	w.floats.release(mark{})
	w.bytes.release(mark{})
	rows, longest := 0, 0
	for _, s := range batch {
		s.start()
		rows += s.beam
		longest = max(longest, len(s.source))
	}
	d := w.newDecoder(rows, longest, w.outputFor(batch))
	p := picker{w: w, d: d}
	active := slices.Clone(batch)
	for position := 0; len(active) > 0; position++ {
		var previous []int32
		groups := make([]group, len(active))
		for i, s := range active {
			groups[i] = group{len(s.live), s.memory, s.own}
			for j := range s.live {
				previous = append(previous, s.previous(&s.live[j]))
			}
		}
		if err := d.step(ctx, previous, position, groups); err != nil {
			return err
		}
		p.parents = p.parents[:0]
		at, left := 0, active[:0]
		for i, s := range active {
			extend(&p, s, at)
			if at += groups[i].rows; len(s.live) > 0 {
				left = append(left, s)
			}
		}
		active = left
		d.keep(p.parents)
	}
	for _, s := range batch {
		s.rank(exponent)
	}
	return nil
}

// outputFor chooses the words of each sentence and makes the output layer.
func (w *workspace) outputFor(batch []*sentence) output {
	m := w.m
	if m.shortlist == nil {
		out := w.gather(nil)
		for _, s := range batch {
			s.words, s.columns = m.producible, m.producible
		}
		return out
	}
	for _, s := range batch {
		m.shortlist.choose(w.set, s.source, m.sharedVoc, s.terms.words())
		w.set.only(m.allowed)
		s.words = w.set.sorted()
	}
	if w.ownOutputs() {
		o := &m.net.output
		out := output{linear: linear{in: o.table.dim, qa: o.qa, unquant: o.unquant}, own: true}
		for _, s := range batch {
			s.own = w.pick(s.words)
			out.out = max(out.out, len(s.words))
		}
		return out
	}
	all := newWordSet(m.net.targetWords)
	for _, s := range batch {
		for _, id := range s.words {
			all.add(id)
		}
	}
	union := all.sorted()
	column := make([]int32, m.net.targetWords)
	for j, id := range union {
		column[id] = int32(j)
	}
	for _, s := range batch {
		s.columns = make([]int32, len(s.words))
		for i, id := range s.words {
			s.columns[i] = column[id]
		}
	}
	return w.gather(union)
}

// picker chooses the words that extend hypotheses. parents collects, for each
// row of the next step, the row that it continues.
type picker struct {
	w       *workspace
	d       *decoder
	parents []int
	logits  []float32 // of one sentence's words
	history []int32
	found   []candidate
}

// candidate is a word that may extend a hypothesis.
type candidate struct {
	parent  int // index of the hypothesis among the live ones
	index   int // of the word among the sentence's words
	logProb float32
	logit   float32
	score   float64
	state   termState
}

// scores returns the logits of a sentence's own words, to be changed at will,
// with the index of the largest and the logarithm of the sum of their
// exponentials.
func (p *picker) scores(s *sentence, row int) (logits []float32, top int, total float32) {
	all := p.d.row(row)
	if s.own != nil {
		logits = all[:len(s.words)]
	} else {
		p.logits = slices.Grow(p.logits[:0], len(s.columns))[:len(s.columns)]
		for i, c := range s.columns {
			p.logits[i] = all[c]
		}
		logits = p.logits
	}
	top, total = p.w.m.cpu.LogSumExp(logits)
	return logits, top, total
}

// lowest is the logit of a word that must not be chosen.
const lowest = -3.4028234663852886e38

// greedy extends a sentence's only hypothesis by its most probable word.
func (p *picker) greedy(s *sentence, row int) {
	h := s.live[0]
	logits, i, total := p.scores(s, row)
	if h.broken > maxBreaks {
		p.only(s, logits, p.w.m.end)
		i, _ = p.w.m.cpu.Argmax(logits)
	}
	if s.words[i] != p.w.m.end && s.closes(&h, s.words[i], &p.history) {
		h.broken++
		for s.words[i] != p.w.m.end && s.closes(&h, s.words[i], &p.history) {
			logits[i] = lowest
			i, _ = p.w.m.cpu.Argmax(logits)
		}
	}
	h = s.extend(h, s.words[i], logits[i]-total, logits[i], p.d.attention(row, len(s.source)))
	s.live = s.live[:0]
	p.settle(s, h, row)
}

// only rules out all words but one.
func (p *picker) only(s *sentence, logits []float32, word int32) {
	for i := range logits {
		if s.words[i] != word {
			logits[i] = lowest
		}
	}
}

// settle files an extended hypothesis as finished or as live.
func (p *picker) settle(s *sentence, h hypothesis, row int) {
	ended := s.nodes[h.last].id == p.w.m.end
	if !ended && h.length >= s.limit {
		h.cut, ended = true, true
	}
	if ended {
		s.done = append(s.done, h)
		return
	}
	s.live = append(s.live, h)
	p.parents = append(p.parents, row)
}

// beam extends a sentence's hypotheses by the best words over all of them. The
// beam is as wide as hypotheses are still to be finished.
func (p *picker) beam(s *sentence, row int) {
	width := s.beam - len(s.done)
	p.found = p.found[:0]
	for i := range s.live {
		logits, top, total := p.scores(s, row+i)
		p.best(s, i, logits, top, total, width)
	}
	p.take(s, row, width)
}

// best merges the words of one hypothesis, top the most probable one, into the
// width best candidates.
// Those that would close a loop are left out.
func (p *picker) best(s *sentence, parent int, logits []float32, top int, total float32, width int) {
	h := &s.live[parent]
	if h.broken > maxBreaks {
		p.only(s, logits, p.w.m.end)
	}
	for i, logit := range logits {
		if logit == lowest {
			continue
		}
		logProb := logit - total
		score := h.sum + float64(logProb)
		if len(p.found) == width && score <= p.found[width-1].score {
			continue
		}
		if s.words[i] != p.w.m.end && s.closes(h, s.words[i], &p.history) {
			if i == top {
				h.broken++
			}
			continue
		}
		if len(p.found) == width {
			p.found = p.found[:width-1]
		}
		at := len(p.found)
		for at > 0 && p.found[at-1].score < score {
			at--
		}
		p.found = slices.Insert(p.found, at, candidate{parent: parent, index: i, logProb: logProb, logit: logit, score: score})
	}
}

// take makes the candidates found the sentence's hypotheses.
func (p *picker) take(s *sentence, row, width int) {
	old := slices.Clone(s.live)
	s.live = s.live[:0]
	for _, c := range p.found[:min(width, len(p.found))] {
		h := s.extend(old[c.parent], s.words[c.index], c.logProb, c.logit, p.d.attention(row+c.parent, len(s.source)))
		p.settle(s, h, row+c.parent)
	}
}
