package main

import (
	"math"
	"slices"

	"depeche/translate/phrase"
)

// kinds are the turns that a model tells apart, before and after: the centres
// of clusters of the pairs' probabilities.
type kinds [2][phrase.TurnKinds][turns]float32

func (k *kinds) log(side, kind, i int) float64 { return math.Log(float64(max(k[side][kind][i], 1e-3))) }

// of gives a pair's turn as the model writes it.
func (k *kinds) of(p *pair) byte {
	return byte(k.nearest(0, p.turn[0])*phrase.TurnKinds + k.nearest(1, p.turn[1]))
}

func (k *kinds) nearest(side int, x [turns]float32) int {
	best, at := float32(math.Inf(1)), 0
	for kind, c := range k[side] {
		if d := apart(x, c); d < best {
			best, at = d, kind
		}
	}
	return at
}

// apart is the squared Hellinger distance, twice.
func apart(a, b [turns]float32) float32 {
	sum := float32(0)
	for i := range a {
		d := float32(math.Sqrt(float64(a[i])) - math.Sqrt(float64(b[i])))
		sum += d * d
	}
	return sum
}

// sortTurns finds the kinds by k-means on a sample of the pairs.
func (f *features) sortTurns() {
	f.kinds = &kinds{}
	step := max(1, len(f.pairs)/50_000)
	for side := range f.kinds {
		var sample [][turns]float32
		for i := 0; i < len(f.pairs); i += step {
			sample = append(sample, f.pairs[i].turn[side])
		}
		if len(sample) == 0 {
			continue
		}
		slices.SortFunc(sample, func(a, b [turns]float32) int { return slices.Compare(a[:], b[:]) })
		centres := &f.kinds[side]
		for kind := range centres {
			centres[kind] = sample[(2*kind+1)*len(sample)/(2*len(centres))]
		}
		for range 15 {
			var sum [phrase.TurnKinds][turns]float32
			var count [phrase.TurnKinds]float32
			for _, x := range sample {
				kind := f.kinds.nearest(side, x)
				count[kind]++
				for i := range x {
					sum[kind][i] += x[i]
				}
			}
			for kind := range centres {
				for i := range centres[kind] {
					if count[kind] > 0 {
						centres[kind][i] = sum[kind][i] / count[kind]
					}
				}
			}
		}
	}
}
