package phrase

import (
	"math"
)

const (
	voters  = 60  // translations that are compared
	sharper = 0.5 // times the scores, for their weight
)

// consensus gives the derivation that the best ones agree with most, by BLEU
// against the n-grams that they hold on average (DeNero, Chiang and Knight
// 2009). What one of them has by chance the others outvote.
func consensus(ends []*hypothesis) *tail {
	type voter struct {
		tail   *tail
		ngrams [4]map[[4]string]float64
		words  int
	}
	var list []voter
	var expected [4]map[[4]string]float64
	for n := range expected {
		expected[n] = make(map[[4]string]float64)
	}
	var mass, words, top float64
	each(ends, voters, func(t *tail, score float32) bool {
		if list == nil {
			top = float64(score)
		}
		weight := math.Exp(sharper * (float64(score) - top))
		v := voter{tail: t}
		var last [4]string // the latest word first
		for ; t != nil; t = t.next {
			for _, w := range t.step.choice.words {
				v.words++
				last[1], last[2], last[3] = last[0], last[1], last[2]
				last[0] = w
				for n := 0; n < min(4, v.words); n++ {
					var g [4]string
					copy(g[:n+1], last[:])
					if v.ngrams[n] == nil {
						v.ngrams[n] = make(map[[4]string]float64)
					}
					v.ngrams[n][g]++
				}
			}
		}
		for n := range v.ngrams {
			for g, c := range v.ngrams[n] {
				expected[n][g] += weight * c
			}
		}
		mass += weight
		words += weight * float64(v.words)
		list = append(list, v)
		return true
	})
	best, bestScore := 0, math.Inf(-1)
	for i, v := range list {
		score := min(0, 1-words/mass/float64(max(v.words, 1)))
		for n := range v.ngrams {
			match := 0.1
			for g, c := range v.ngrams[n] {
				match += min(c, expected[n][g]/mass)
			}
			score += math.Log(match/(0.1+float64(max(1, v.words-n)))) / 4
		}
		if score > bestScore+1e-9 {
			best, bestScore = i, score
		}
	}
	return list[best].tail
}
