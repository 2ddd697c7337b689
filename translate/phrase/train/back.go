package main

import (
	"math"
	"slices"
)

// The other direction of an alignment. A forward alignment gives each English
// word a French one; what the words mean and how the order goes are counted
// there, and with them each French word gets an English one: the best path of
// a hidden Markov model (Vogel, Ney and Tillmann 1996).

const (
	jumpMost  = 8     // longer jumps are all alike
	noPartner = 0.08  // share of words without a partner
	newPair   = 0.002 // of a word's occurrences, for a pair that was never linked
)

// model is what a forward alignment tells.
type model struct {
	keys    []uint64 // open hash table of word pairs, French highest; 0 is empty
	logs    []float32
	none    []float32               // by English word: the logarithm for a pair that is not in the table
	jumps   [2*jumpMost + 3]float32 // by the distance from the partner before; the ends are all that is further
	byState [2*jumpMost + 3]float32 // the same, the furthest to the right first
}

func pairWord(f, e uint32) uint64 { return uint64(f+1)<<32 | uint64(e) }

func (m *model) slot(key uint64) int {
	h := key * 0x9e3779b97f4a7c15
	h ^= h >> 29
	at := int(h % uint64(len(m.keys)))
	for m.keys[at] != 0 && m.keys[at] != key {
		if at++; at == len(m.keys) {
			at = 0
		}
	}
	return at
}

func (m *model) log(f, e uint32) float32 {
	key := pairWord(f, e)
	if at := m.slot(key); m.keys[at] == key {
		return m.logs[at]
	}
	return m.none[e]
}

func jumpAt(d int) int { return max(-jumpMost-1, min(jumpMost+1, d)) + jumpMost + 1 }

func learnModel(fr, en *side, there [][]link) *model {
	var all []uint64
	total := make([]float64, len(en.words))
	m := &model{none: make([]float32, len(en.words))}
	var jumps [len(m.jumps)]float64
	for i, links := range there {
		last := -1
		sorted := slices.Clone(links)
		slices.SortFunc(sorted, func(a, b link) int { return int(a.s)<<8 + int(a.t) - int(b.s)<<8 - int(b.t) })
		for _, l := range sorted {
			e := en.sents[i][l.t]
			all = append(all, pairWord(fr.sents[i][l.s], e))
			total[e]++
			jumps[jumpAt(int(l.t)-last)]++
			last = int(l.t)
		}
	}
	slices.Sort(all)
	distinct := 0
	for i := range all {
		if i == 0 || all[i] != all[i-1] {
			distinct++
		}
	}
	m.keys, m.logs = make([]uint64, 2*distinct+1), make([]float32, 2*distinct+1)
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j] == all[i] {
			j++
		}
		at := m.slot(all[i])
		m.keys[at] = all[i]
		m.logs[at] = float32(math.Log((float64(j-i) - 0.3) / (total[uint32(all[i])] + 1)))
		i = j
	}
	for e := range m.none {
		m.none[e] = float32(math.Log(newPair / (total[e] + 1)))
	}
	sum := 0.0
	for _, c := range jumps {
		sum += c + 1
	}
	for d, c := range jumps {
		m.jumps[d] = float32(math.Log((c + 1) / sum))
	}
	// What is further away shares its part.
	m.jumps[0] -= float32(math.Log(10))
	m.jumps[len(m.jumps)-1] -= float32(math.Log(10))
	for d, x := range m.jumps {
		m.byState[len(m.jumps)-1-d] = x
	}
	return m
}

// back gives each French word its English partner.
func back(fr, en *side, there [][]link) [][]link {
	m := learnModel(fr, en, there)
	out := make([][]link, len(there))
	each(len(out), func(i int) { out[i] = m.path(fr.sents[i], en.sents[i], fr) })
	return out
}

// path is the best path through one sentence pair. A state is the English
// position of the latest partner, and whether the word at hand has it.
func (m *model) path(src, tgt []uint32, fr *side) []link {
	n, w := len(src), len(tgt)
	null := float32(math.Log(noPartner))
	low := float32(math.Inf(-1))
	states := w + 1 // state j+1: the latest partner is word j; 0: none yet
	score := make([]float32, states)
	for j := range score {
		score[j] = low
	}
	score[0] = 0
	next := make([]float32, states)
	from := make([]uint8, n*states) // the state before; 255: the same, without a partner
	for i, f := range src {
		far, farAt := low, 0
		for k, s := range score {
			if s > far {
				far, farAt = s, k
			}
		}
		// A word without a partner comes as often as it does anyway.
		alone := null + float32(math.Log(float64(fr.count[f]+1)/fr.total))
		for j := range states {
			best, at := low, 0
			if j > 0 {
				best, at = far+m.jumps[0], farAt
				first := max(0, j-jumpMost)
				near := score[first : min(w, j+jumpMost)+1]
				jumps := m.byState[first-j+jumpMost+1:][:len(near)]
				for k, s := range near {
					if s += jumps[k]; s > best {
						best, at = s, first+k
					}
				}
				best += m.log(f, tgt[j-1])
			}
			if s := score[j] + alone; s > best {
				best, at = s, 255
			}
			next[j], from[i*states+j] = best, uint8(at)
		}
		score, next = next, score
	}
	at := 0
	for j, s := range score {
		if s > score[at] {
			at = j
		}
	}
	var out []link
	for i := n - 1; i >= 0; i-- {
		if k := from[i*states+at]; k != 255 {
			out = append(out, link{uint8(i), uint8(at - 1)})
			at = int(k)
		}
	}
	slices.Reverse(out)
	return out
}
