// Package align finds which sentences of two translated documents belong
// together, by their lengths (Gale and Church 1993) and by the words that
// translate each other: numbers, names, cognates, and a lexicon that the
// documents themselves and earlier pairs give (as in Moore 2002 and hunalign).
package align

import (
	"math"
	"slices"
	"unicode/utf8"
)

// Bead is a group of sentences that translate each other: Sources sentences
// from Source on, and Targets from Target on. One of the numbers may be 0.
type Bead struct {
	Source, Sources int
	Target, Targets int
	// Score says from 0 to 1 how well lengths and words agree.
	Score float64
}

// shapes are the kinds of beads, with the negative logarithm of how often they
// come (Gale and Church, table 5; 2-2 is made dearer, so that it does not
// swallow a sentence left out beside one added).
var shapes = []struct {
	sources, targets int
	cost             float64
}{
	{1, 1, 0.12}, {1, 2, 3.1}, {2, 1, 3.1}, {2, 2, 7}, {1, 0, 4.2}, {0, 1, 4.2},
}

// Sentences aligns two lists of sentences. All of them stand in the beads, in
// their order. Pairs is what is known: sentences and their translations.
func Sentences(source, target []string, pairs [][2]string) []Bead {
	a := &aligner{lexicon: starter()}
	for _, s := range source {
		a.source = append(a.source, read(s, true))
	}
	for _, s := range target {
		a.target = append(a.target, read(s, false))
	}
	var known [][2]sentence
	for _, p := range pairs {
		known = append(known, [2]sentence{read(p[0], true), read(p[1], false)})
	}
	a.lexicon.learn(known)
	// The first pass finds enough sure pairs to learn words from.
	for _, b := range a.run() {
		if b.Sources == 1 && b.Targets == 1 && b.Score > 0.5 {
			known = append(known, [2]sentence{a.source[b.Source], a.target[b.Target]})
		}
	}
	a.lexicon.learn(known)
	return a.run()
}

type aligner struct {
	source, target []sentence
	lexicon        lexicon
	ratio          float64 // characters of the target for one of the source
}

// run is one dynamic programme over both lists, in a band about the diagonal.
func (a *aligner) run() []Bead {
	n, m := len(a.source), len(a.target)
	length := func(list []sentence) float64 {
		sum := 1.0
		for _, s := range list {
			sum += float64(s.chars)
		}
		return sum
	}
	a.ratio = min(1.4, max(0.7, length(a.target)/length(a.source)))
	band := max(100, (max(n, m)-min(n, m))+max(n, m)/10)
	width := 2*band + 1
	middle := func(i int) int { return i * m / max(n, 1) }
	const never = math.MaxFloat64
	cost := make([][]float64, n+1)
	back := make([][]int8, n+1)
	at := func(i, j int) float64 {
		k := j - middle(i) + band
		if i < 0 || j < 0 || k < 0 || k >= width {
			return never
		}
		return cost[i][k]
	}
	for i := 0; i <= n; i++ {
		cost[i], back[i] = make([]float64, width), make([]int8, width)
		for k := range width {
			cost[i][k] = never
			j := middle(i) + k - band
			if j < 0 || j > m {
				continue
			}
			if i == 0 && j == 0 {
				cost[i][k] = 0
				continue
			}
			for s, shape := range shapes {
				before := at(i-shape.sources, j-shape.targets)
				if before == never {
					continue
				}
				c, _ := a.bead(i-shape.sources, shape.sources, j-shape.targets, shape.targets)
				if c += before + shape.cost; c < cost[i][k] {
					cost[i][k], back[i][k] = c, int8(s)
				}
			}
		}
	}
	var beads []Bead
	for i, j := n, m; i > 0 || j > 0; {
		shape := shapes[back[i][j-middle(i)+band]]
		i, j = i-shape.sources, j-shape.targets
		_, score := a.bead(i, shape.sources, j, shape.targets)
		beads = append(beads, Bead{i, shape.sources, j, shape.targets, score})
	}
	slices.Reverse(beads)
	return beads
}

// bead is what it costs to take the sentences for translations of each other,
// without the cost of the shape, and the score of it.
func (a *aligner) bead(i, sources, j, targets int) (cost, score float64) {
	if sources == 0 || targets == 0 {
		return 0, 0
	}
	s, t := join(a.source[i:i+sources]), join(a.target[j:j+targets])
	// The difference of the lengths in standard deviations.
	mean := (float64(s.chars) + float64(t.chars)/a.ratio) / 2
	delta := math.Abs(float64(t.chars)-float64(s.chars)*a.ratio) / math.Sqrt(6.8*max(mean, 1))
	fit := math.Erfc(delta / math.Sqrt2) // both tails of the normal distribution
	cost = min(20, -math.Log(max(fit, 1e-9)))
	shared, words := a.lexicon.shared(s, t)
	// A word with a partner speaks for the bead, one without a little against it.
	cost -= 1.6*shared - 0.35*(words-shared)
	score = min(1, shared/max(1, words)/0.6)*0.7 + 0.3*math.Exp(-max(0, delta-1)/2)
	return cost, score
}

func join(list []sentence) sentence {
	if len(list) == 1 {
		return list[0]
	}
	var s sentence
	for _, x := range list {
		s.chars += x.chars + 1
		s.words = append(s.words[:len(s.words):len(s.words)], x.words...)
		s.numbers = append(s.numbers[:len(s.numbers):len(s.numbers)], x.numbers...)
	}
	return s
}

func chars(s string) int { return utf8.RuneCountInString(s) }
