package main

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
)

const (
	maxSource = 5 // words in a source phrase
	maxTarget = 6 // words in a target phrase
	shards    = 12
)

// occurrence is a phrase pair in one sentence pair.
type occurrence struct {
	src, tgt     uint64 // hashes of the phrases
	sent         uint32
	s, sl, t, tl uint8
}

// pair is a phrase pair with its features, natural logarithms.
type pair struct {
	src, tgt         []uint32
	count            uint32
	pef, pfe         float32 // p(target|source), p(source|target)
	lexef, lexfe     float32
	srcHash, tgtHash uint64
}

func hash(words []uint32) uint64 {
	h := uint64(14695981039346656037)
	for _, w := range words {
		h = (h ^ uint64(w+1)) * 1099511628211
		h ^= h >> 29
	}
	return h
}

// phrases calls f for every phrase pair that is consistent with the word
// alignment of sentence pair i (Och and Ney 2004).
func phrases(src, tgt []uint32, links []link, f func(s, sl, t, tl int)) {
	n, m := len(src), len(tgt)
	aligned := make([]bool, m)
	for _, l := range links {
		aligned[l.t] = true
	}
	for s := range n {
		lo, hi := m, -1
		for e := s; e < n && e-s < maxSource; e++ {
			for _, l := range links {
				if int(l.s) == e {
					lo, hi = min(lo, int(l.t)), max(hi, int(l.t))
				}
			}
			if hi < 0 || hi-lo >= maxTarget {
				continue
			}
			ok := true
			for _, l := range links {
				if int(l.t) >= lo && int(l.t) <= hi && (int(l.s) < s || int(l.s) > e) {
					ok = false
					break
				}
			}
			if !ok {
				continue
			}
			for t := lo; t >= 0 && (t == lo || !aligned[t]); t-- {
				for u := hi; u < m && (u == hi || !aligned[u]) && u-t < maxTarget; u++ {
					f(s, e-s+1, t, u-t+1)
				}
			}
		}
	}
}

// extract collects the phrase pairs of the corpus that occur often enough.
func extract(fr, en *side, links [][]link) []pair {
	var all []pair
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := make(chan int)
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var occ []occurrence
			for shard := range next {
				occ = occ[:0]
				for i := range fr.sents {
					src, tgt := fr.sents[i], en.sents[i]
					phrases(src, tgt, links[i], func(s, sl, t, tl int) {
						if h := hash(src[s : s+sl]); int(h>>40%shards) == shard {
							occ = append(occ, occurrence{h, hash(tgt[t : t+tl]), uint32(i), uint8(s), uint8(sl), uint8(t), uint8(tl)})
						}
					})
				}
				slices.SortFunc(occ, func(a, b occurrence) int {
					if c := cmp.Compare(a.src, b.src); c != 0 {
						return c
					}
					return cmp.Compare(a.tgt, b.tgt)
				})
				list := collect(occ, fr, en)
				mu.Lock()
				all = append(all, list...)
				fmt.Fprintf(os.Stderr, "shard %d: %d occurrences, %d pairs kept\n", shard, len(occ), len(list))
				mu.Unlock()
			}
		}()
	}
	for s := range shards {
		next <- s
	}
	close(next)
	wg.Wait()
	return all
}

// collect counts the pairs in sorted occurrences and keeps those that are
// more than chance: seen twice, or the only evidence for a single word.
func collect(occ []occurrence, fr, en *side) []pair {
	var list []pair
	for i := 0; i < len(occ); {
		j := i
		for j < len(occ) && occ[j].src == occ[i].src {
			j++
		}
		cf := j - i
		for a := i; a < j; {
			b := a
			for b < j && occ[b].tgt == occ[a].tgt {
				b++
			}
			o, c := occ[a], b-a
			least := 2
			if o.sl == 1 && cf <= 4 {
				least = 1
			}
			if c >= least && float64(c) >= 0.004*float64(cf) {
				src, tgt := fr.sents[o.sent][o.s:][:o.sl], en.sents[o.sent][o.t:][:o.tl]
				list = append(list, pair{src: src, tgt: tgt, count: uint32(c), srcHash: o.src, tgtHash: o.tgt,
					pef: float32(math.Log((float64(c) - 0.4) / float64(cf)))})
			}
			a = b
		}
		i = j
	}
	return list
}

// reverse fills p(source|target).
func reverse(pairs []pair, fr, en *side, links [][]link) {
	total := make(map[uint64]uint32, len(pairs)/2)
	for i := range pairs {
		total[pairs[i].tgtHash] = 0
	}
	for i := range fr.sents {
		tgt := en.sents[i]
		phrases(fr.sents[i], tgt, links[i], func(s, sl, t, tl int) {
			h := hash(tgt[t : t+tl])
			if c, ok := total[h]; ok {
				total[h] = c + 1
			}
		})
	}
	for i := range pairs {
		p := &pairs[i]
		p.pfe = float32(math.Log((float64(p.count) - 0.4) / float64(total[p.tgtHash])))
	}
}

// lexical fills the lexical weights from word translation probabilities:
// each word is taken to come from its best partner in the phrase.
func lexical(pairs []pair, fr, en *side, links [][]link) {
	const null = math.MaxUint32
	var all []uint64
	cf, ce := make([]uint32, len(fr.words)), make([]uint32, len(en.words))
	var cnull [2]uint32
	for i := range fr.sents {
		src, tgt := fr.sents[i], en.sents[i]
		doneS, doneT := make([]bool, len(src)), make([]bool, len(tgt))
		add := func(f, e uint32) {
			all = append(all, uint64(f)<<32|uint64(e))
			if f == null {
				cnull[0]++
			} else {
				cf[f]++
			}
			if e == null {
				cnull[1]++
			} else {
				ce[e]++
			}
		}
		for _, l := range links[i] {
			add(src[l.s], tgt[l.t])
			doneS[l.s], doneT[l.t] = true, true
		}
		for k, d := range doneS {
			if !d {
				add(src[k], null)
			}
		}
		for k, d := range doneT {
			if !d {
				add(null, tgt[k])
			}
		}
	}
	slices.Sort(all)
	table := make(map[uint64]uint32)
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j] == all[i] {
			j++
		}
		if j-i > 1 {
			table[all[i]] = uint32(j - i)
		}
		i = j
	}
	get := func(f, e uint32) float64 {
		if c := table[uint64(f)<<32|uint64(e)]; c > 0 {
			return float64(c)
		}
		return 0.5
	}
	totalF := func(f uint32) float64 {
		if f == null {
			return float64(cnull[0])
		}
		return float64(cf[f]) + 1
	}
	totalE := func(e uint32) float64 {
		if e == null {
			return float64(cnull[1])
		}
		return float64(ce[e]) + 1
	}
	for i := range pairs {
		p := &pairs[i]
		for _, e := range p.tgt {
			best := get(null, e) / totalF(null)
			for _, f := range p.src {
				best = max(best, get(f, e)/totalF(f))
			}
			p.lexef += float32(math.Log(best))
		}
		for _, f := range p.src {
			best := get(f, null) / totalE(null)
			for _, e := range p.tgt {
				best = max(best, get(f, e)/totalE(e))
			}
			p.lexfe += float32(math.Log(best))
		}
	}
}
