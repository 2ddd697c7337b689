package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"sort"
)

// The language model is a 4-gram model with interpolated modified Kneser-Ney
// smoothing (Chen and Goodman 1998). Word numbers have 16 bits, so that a
// 4-gram is one 64-bit number, the first word highest.
const (
	lmUnknown  = 0
	lmStart    = 1
	lmEnd      = 2
	lmReserved = 3
	lmWords    = 1 << 16
	lmOrder    = 4
)

// lmID is the language model's number of a word.
func lmID(word uint32) uint64 {
	if word+lmReserved < lmWords {
		return uint64(word + lmReserved)
	}
	return lmUnknown
}

// ngrams are the n-grams of one order, sorted by key.
type ngrams struct {
	key     []uint64
	count   []uint32 // adjusted
	prob    []float32
	backoff []float32
	keep    []bool
}

func (g *ngrams) find(key uint64) int {
	i := sort.Search(len(g.key), func(i int) bool { return g.key[i] >= key })
	if i < len(g.key) && g.key[i] == key {
		return i
	}
	return -1
}

// countRuns makes sorted distinct keys with their counts of a list of keys.
func countRuns(keys []uint64) *ngrams {
	slices.Sort(keys)
	g := &ngrams{}
	for i := 0; i < len(keys); {
		j := i
		for j < len(keys) && keys[j] == keys[i] {
			j++
		}
		g.key = append(g.key, keys[i])
		g.count = append(g.count, uint32(j-i))
		i = j
	}
	return g
}

// estimate builds the model. prune[n] is the lowest adjusted count of an
// n-gram of order n that is kept; worth is how much the text's likelihood must
// fall without an n-gram, as a natural logarithm, that it is kept (Seymore and
// Rosenfeld 1996).
func estimate(en *side, prune [lmOrder + 1]uint32, worth float64) [lmOrder + 1]*ngrams {
	var order [lmOrder + 1]*ngrams
	begins := make([][]uint64, lmOrder) // n-grams of lower order that begin a sentence
	var top []uint64
	for _, s := range en.sents {
		var h uint64 = lmStart
		for i := 0; i <= len(s); i++ {
			w := uint64(lmEnd)
			if i < len(s) {
				w = lmID(s[i])
			}
			h = h<<16 | w
			if i+2 >= lmOrder {
				top = append(top, h)
			} else {
				begins[i+2] = append(begins[i+2], h)
			}
		}
	}
	order[lmOrder] = countRuns(top)
	top = nil
	for n := lmOrder - 1; n >= 1; n-- {
		mask := uint64(1)<<(16*n) - 1
		var keys []uint64
		for _, k := range order[n+1].key {
			keys = append(keys, k&mask)
		}
		if n >= 2 {
			keys = append(keys, begins[n]...)
		}
		order[n] = countRuns(keys)
	}
	for n := 1; n <= lmOrder; n++ {
		order[n].smooth(n, prune[n], worth, order[n-1])
		fmt.Fprintf(os.Stderr, "order %d: %d n-grams\n", n, len(order[n].key))
	}
	// A kept n-gram keeps its context, which carries the back-off weight.
	for n := lmOrder; n >= 2; n-- {
		for i, k := range order[n].key {
			if order[n].keep[i] {
				if j := order[n-1].find(k >> 16); j >= 0 {
					order[n-1].keep[j] = true
				}
			}
		}
	}
	return order
}

// smooth gives the n-grams their interpolated probabilities, and their
// contexts in lower the back-off weights; natural logarithms.
func (g *ngrams) smooth(n int, least uint32, worth float64, lower *ngrams) {
	var of [5]float64 // n-grams with count 1 … 4
	for _, c := range g.count {
		if c <= 4 {
			of[c]++
		}
	}
	y := of[1] / (of[1] + 2*of[2])
	d := [4]float64{0, 1 - 2*y*of[2]/of[1], 2 - 3*y*of[3]/of[2], 3 - 4*y*of[4]/of[3]}
	if of[1] == 0 || of[2] == 0 || of[3] == 0 {
		d = [4]float64{0, 0.5, 0.75, 1}
	}
	g.prob = make([]float32, len(g.key))
	g.backoff = make([]float32, len(g.key))
	g.keep = make([]bool, len(g.key))
	var short []float64
	for i := 0; i < len(g.key); {
		j, total := i, 0.0
		for j < len(g.key) && (n == 1 || g.key[j]>>16 == g.key[i]>>16) {
			total += float64(g.count[j])
			j++
		}
		// The share that the shorter n-grams get, and their probabilities.
		share := func() float64 {
			mass := 0.0
			for k := i; k < j; k++ {
				if g.keep[k] {
					mass += d[min(g.count[k], 3)]
				} else {
					mass += float64(g.count[k])
				}
			}
			return mass / total
		}
		short = short[:0]
		for k := i; k < j; k++ {
			g.keep[k] = g.count[k] >= least
			p := 1.0 / lmWords
			if n > 1 {
				p = 1e-7
				if at := lower.find(g.key[k] & (1<<(16*(n-1)) - 1)); at >= 0 {
					p = math.Exp(float64(lower.prob[at]))
				}
			}
			short = append(short, p)
		}
		own := func(k int) float64 { return (float64(g.count[k]) - d[min(g.count[k], 3)]) / total }
		gamma := share()
		if n > 1 {
			for k := i; k < j; k++ {
				if rest := gamma * short[k-i]; g.keep[k] && float64(g.count[k])*math.Log((own(k)+rest)/rest) < worth {
					g.keep[k] = false
				}
			}
			gamma = share()
		}
		for k := i; k < j; k++ {
			p := gamma * short[k-i]
			if g.keep[k] {
				p += own(k)
			}
			g.prob[k] = float32(math.Log(p))
		}
		if n > 1 {
			if at := lower.find(g.key[i] >> 16); at >= 0 {
				lower.backoff[at] = float32(math.Log(gamma))
			}
		}
		i = j
	}
}
