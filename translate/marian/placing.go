package marian

import (
	"cmp"
	"maps"
	"slices"
)

// The weights of what guides terms to their places, in units of log
// probability. The attention of the guided head says which source words the
// next word translates.
const (
	placeWeight  = 4.0 // a term begins where the attention lies elsewhere
	ownWeight    = 3.0 // a word of the model's own renders a term's source words
	againWeight  = 4.0 // a word renders a term that stands already
	repeatWeight = 6.0 // a term's form is repeated
	beamPerTerm  = 3
	smallestBeam = 6
	largestBeam  = 64
	freePerRow   = 6
)

// width is the beam of the search: places for each number of terms begun, and
// one for each word of the forms, since hypotheses of all stages must be live at
// once.
func (c *constraints) width() int {
	return min(max(beamPerTerm*(len(c.terms)+1), smallestBeam)+c.tokens, largestBeam)
}

// constrained extends hypotheses under constraints. Besides the best words of
// each hypothesis the first word of each missing term is a candidate.
// Candidates compete with those that have equally many terms, so that a term
// may come early or late (dynamic beam allocation: Post and Vilar 2018), and
// where the attention lies tells where a term belongs (Alkhouli et al. 2018).
func (p *picker) constrained(s *sentence, row int) {
	width := s.beam
	banks := map[bank][]candidate{}
	for i := range s.live {
		h := &s.live[i]
		attention := p.d.attention(row+i, len(s.source))
		logits, _, total := p.scores(s, row+i)
		p.found = p.found[:0]
		p.forcedWords(s, i, attention, logits, total)
		bound := h.state.active >= 0 && h.state.forced
		late := s.limit-h.length <= s.terms.needs(&h.state)+3
		if len(p.found) == 0 || !bound && !(late && !s.terms.complete(&h.state)) {
			p.freeWords(s, i, attention, logits, total)
		}
		for _, c := range p.found {
			b := s.terms.bank(&c.state)
			banks[b] = append(banks[b], c)
		}
	}
	for key, b := range banks {
		slices.SortStableFunc(b, byScore)
		banks[key] = p.distinct(s, b)
	}
	old, parents := slices.Clone(s.live), len(p.parents)
	s.live = s.live[:0]
	for _, c := range share(banks, width) {
		parent := old[c.parent]
		h := s.extend(parent, s.words[c.index], c.logProb, c.logit, p.d.attention(row+c.parent, len(s.source)))
		h.bonus = c.score - h.sum
		h.state = c.state
		p.settle(s, h, row+c.parent)
	}
	s.done = slices.DeleteFunc(s.done, func(h hypothesis) bool { return !s.terms.complete(&h.state) })
	if s.finished() {
		s.live, p.parents = s.live[:0], p.parents[:parents]
	}
}

// finished reports whether going on is not worth while: enough hypotheses
// ended, and the best of them beats all that are still live.
func (s *sentence) finished() bool {
	if len(s.done) >= s.beam {
		return true
	}
	if len(s.done) < 2 {
		return false
	}
	best := s.done[0].normalized(1)
	for i := range s.done {
		best = max(best, s.done[i].normalized(1))
	}
	for i := range s.live {
		if s.live[i].normalized(1) > best {
			return false
		}
	}
	return true
}

// distinct drops candidates that say the same as a better one and differ only
// in how they came to it.
func (p *picker) distinct(s *sentence, sorted []candidate) []candidate {
	out := sorted[:0]
	for _, c := range sorted {
		sum := s.live[c.parent].sum + float64(c.logProb)
		same := slices.ContainsFunc(out, func(o candidate) bool {
			return o.index == c.index && s.live[o.parent].sum+float64(o.logProb) == sum && o.state.met == c.state.met && o.state.active == c.state.active
		})
		if !same {
			out = append(out, c)
		}
	}
	return out
}

func byScore(a, b candidate) int {
	switch {
	case a.score > b.score:
		return -1
	case a.score < b.score:
		return 1
	}
	return 0
}

// bank is what hypotheses have in common that compete for places in the beam:
// how many terms they have begun, and how many words are still bound to
// follow. Without the second a term just begun would always win over one half
// written, which has paid for more of its words.
type bank struct{ begun, bound int }

func (c *constraints) bank(s *termState) bank {
	b := bank{begun: c.begun(s)}
	if s.active >= 0 && s.forced {
		b.bound = c.terms[s.active].tree[s.at].left
	}
	return b
}

// share deals the places of the beam to the banks in turn, those with the most
// terms first, until the beam is full or all are taken. A bank of hypotheses
// within a term has one place.
func share(banks map[bank][]candidate, width int) []candidate {
	keys := slices.SortedFunc(maps.Keys(banks), func(a, b bank) int {
		return cmp.Or(b.begun-a.begun, a.bound-b.bound)
	})
	var chosen []candidate
	for round := 0; ; round++ {
		before := len(chosen)
		for _, key := range keys {
			if b := banks[key]; round < len(b) && (round == 0 || key.bound == 0) && len(chosen) < width {
				chosen = append(chosen, b[round])
			}
		}
		if len(chosen) == before {
			return chosen
		}
	}
}

// forcedWords adds the words that go on with the term in progress, or else
// begin a missing term.
func (p *picker) forcedWords(s *sentence, parent int, attention, logits []float32, total float32) {
	h := &s.live[parent]
	c := s.terms
	state := newTermState()
	state.met = h.state.met
	add := func(term int, from int32) {
		t := &c.terms[term]
		for _, e := range t.tree[from].next {
			i, ok := slices.BinarySearch(s.words, e.id)
			if !ok || !p.w.m.accepts(&h.state, e.id) {
				continue
			}
			logProb := logits[i] - total
			score := h.sum + h.bonus + float64(logProb)
			if from < roots {
				score -= float64(placeWeight * float64(1-mass(attention, t.start, t.end)))
			}
			p.found = append(p.found, candidate{parent: parent, index: i, logProb: logProb, logit: logits[i], score: score,
				state: c.enter(state, term, e.to, true)})
		}
	}
	if h.state.active >= 0 && h.state.forced {
		add(int(h.state.active), h.state.at)
		return
	}
	root := p.w.m.root(s.previous(h))
	for i := range c.terms {
		if h.state.met&(1<<i) == 0 && c.terms[i].shortest > 0 {
			add(i, root)
		}
	}
}

// freeWords adds the best words that no term asks for.
func (p *picker) freeWords(s *sentence, parent int, attention, logits []float32, total float32) {
	h := &s.live[parent]
	c, m := s.terms, p.w.m
	complete := c.complete(&h.state)
	own, again := float32(0), float32(0)
	for i := range c.terms {
		share := mass(attention, c.terms[i].start, c.terms[i].end)
		if h.state.met&(1<<i) == 0 {
			own = max(own, share)
		} else {
			again = max(again, share)
		}
	}
	forced, from := slices.Clone(p.found), len(p.found)
	if h.broken > maxBreaks && complete {
		p.only(s, logits, m.end)
	}
	for n := 0; len(p.found)-from < freePerRow; n++ {
		i, logit := m.cpu.Argmax(logits)
		if logit == lowest {
			return
		}
		logits[i] = lowest
		id := s.words[i]
		if id == m.end && !complete || !m.accepts(&h.state, id) {
			continue
		}
		if id != m.end && s.closes(h, id, &p.history) {
			if n == 0 {
				h.broken++
			}
			continue
		}
		logProb := logit - total
		state := c.step(m, h.state, s.previous(h), id)
		if slices.ContainsFunc(forced, func(f candidate) bool { return f.index == i && f.state.met == state.met && f.state.active < 0 }) {
			continue // the same word, and it completes the same term
		}
		score := h.sum + h.bonus + float64(logProb)
		if word := m.words[id]; word.letter && state.active < 0 && state.endsTerm < 0 {
			score -= float64(ownWeight * float64(own))
			score -= float64(againWeight * float64(again))
		}
		if state.repeats {
			score -= repeatWeight
		}
		p.found = append(p.found, candidate{parent: parent, index: i, logProb: logProb, logit: logit, score: score, state: state})
	}
}

// mass is the share of the attention that lies on a span.
func mass(attention []float32, start, end int) float32 {
	sum := float32(0)
	for _, a := range attention[start:end] {
		sum += a
	}
	return sum
}
