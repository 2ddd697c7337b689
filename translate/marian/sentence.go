package marian

import (
	"math"
	"slices"
)

// sentence is one source on its way through the search.
type sentence struct {
	source  []int32 // tokens with the end of sentence
	terms   *constraints
	words   []int32    // target words that may be produced, sorted
	own     *ownOutput // the output layer over words; nil where the batch shares one
	columns []int32    // there the columns of words
	memory  *memory
	limit   int // of steps
	beam    int
	guard   loopGuard

	nodes     []node
	attention []float32 // len(nodes)×len(source): the guided head's row for each node
	live      []hypothesis
	done      []hypothesis
}

// node is one word of a hypothesis. Hypotheses share their beginnings.
type node struct {
	parent  int32 // -1 at the start
	id      int32
	logProb float32
	logit   float32
}

// hypothesis is a path that ends in a node.
type hypothesis struct {
	last   int32 // node, -1 at the start
	length int
	sum    float64 // of log probabilities
	bonus  float64 // of placements, where terms are required; steers the search only
	state  termState
	broken int  // how often a loop was broken
	cut    bool // the limit was reached
}

func (s *sentence) start() {
	s.nodes, s.attention = s.nodes[:0], s.attention[:0]
	s.live = append(s.live[:0], hypothesis{last: -1, state: s.terms.start()})
	s.done = s.done[:0]
}

// extend adds a word to a hypothesis. row is the attention that it was chosen
// with.
func (s *sentence) extend(h hypothesis, id int32, logProb, logit float32, row []float32) hypothesis {
	s.nodes = append(s.nodes, node{h.last, id, logProb, logit})
	s.attention = append(s.attention, row...)
	h.last = int32(len(s.nodes) - 1)
	h.length++
	h.sum += float64(logProb)
	return h
}

// previous is a hypothesis's last word, -1 at the start.
func (s *sentence) previous(h *hypothesis) int32 {
	if h.last < 0 {
		return -1
	}
	return s.nodes[h.last].id
}

// path is the nodes of a hypothesis from its start.
func (s *sentence) path(h *hypothesis) []int32 {
	path := make([]int32, 0, h.length)
	for n := h.last; n >= 0; n = s.nodes[n].parent {
		path = append(path, n)
	}
	slices.Reverse(path)
	return path
}

// row is the attention of a node over the source.
func (s *sentence) row(n int32) []float32 {
	t := len(s.source)
	return s.attention[int(n)*t : int(n)*t+t]
}

// normalized is the score that hypotheses of different lengths are compared by.
func (h *hypothesis) normalized(exponent float64) float64 {
	return (h.sum + h.bonus) / power(float64(max(h.length, 1)), exponent)
}

// power is x^y; the common exponents do not go through package math, whose
// results may differ between processors in the last bit.
func power(x, y float64) float64 {
	switch y {
	case 0:
		return 1
	case 1:
		return x
	}
	return math.Pow(x, y)
}

// best orders the finished hypotheses, best first. Of equal ones the earlier
// finished stays first.
func (s *sentence) rank(exponent float64) {
	slices.SortStableFunc(s.done, func(a, b hypothesis) int {
		x, y := a.normalized(exponent), b.normalized(exponent)
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
}
