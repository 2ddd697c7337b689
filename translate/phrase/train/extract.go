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
	shards    = 4
)

// occurrence is a phrase pair in one sentence pair.
type occurrence struct {
	src, tgt uint64 // hashes of the phrases
	sent     uint32
	s, t     uint8
	lengths  uint8 // of the source phrase in the upper four bits
	turn     uint8 // how it stands to its neighbours, see turned
}

// pair is a phrase pair with its features; logarithms are natural.
type pair struct {
	src, tgt         []uint32
	count            uint32
	where            uint8             // bits: in which of the text's parts it was seen
	lost, added      uint8             // words of some weight without a partner, of the source and of the target
	pef, pfe         float32           // p(target|source), p(source|target)
	lexef, lexfe     float32           // the same from words
	turn             [2][turns]float32 // probabilities of how it stands to the phrases before and behind it
	srcHash, tgtHash uint64
}

// turns is the number of ways in which neighbours in the translation stand in
// the source: straight, swapped, apart.
const turns = 3

func hash(words []uint32) uint64 {
	h := uint64(14695981039346656037)
	for _, w := range words {
		h = (h ^ uint64(w+1)) * 1099511628211
		h ^= h >> 29
	}
	return h
}

// spans are an alignment by words: the first and last partner of each, -1
// without one, and the pairs as bits.
type spans struct {
	loS, hiS, loT, hiT [maxSentence]int16
	linked             [maxSentence][2]uint64
	n, m               int
}

// maxSentence is the length of the longest sentence, in words.
const maxSentence = 128

func (p *spans) set(n, m int, links []link) {
	p.n, p.m = n, m
	for i := range n {
		p.loS[i], p.hiS[i], p.linked[i] = -1, -1, [2]uint64{}
	}
	for i := range m {
		p.loT[i], p.hiT[i] = -1, -1
	}
	grow := func(lo, hi *int16, at uint8) {
		if *lo < 0 || int16(at) < *lo {
			*lo = int16(at)
		}
		*hi = max(*hi, int16(at))
	}
	for _, l := range links {
		grow(&p.loS[l.s], &p.hiS[l.s], l.t)
		grow(&p.loT[l.t], &p.hiT[l.t], l.s)
		p.linked[l.s][l.t>>6] |= 1 << (l.t & 63)
	}
}

// each calls f for every phrase pair that is consistent with the alignment
// (Och and Ney 2004).
func (p *spans) each(f func(s, sl, t, tl int)) {
	for s := range p.n {
		lo, hi := p.m, -1
		for e := s; e < p.n && e-s < maxSource; e++ {
			if p.loS[e] >= 0 {
				lo, hi = min(lo, int(p.loS[e])), max(hi, int(p.hiS[e]))
			}
			if hi < 0 || hi-lo >= maxTarget {
				continue
			}
			ok := true
			for t := lo; t <= hi && ok; t++ {
				ok = p.loT[t] < 0 || int(p.loT[t]) >= s && int(p.hiT[t]) <= e
			}
			if !ok {
				continue
			}
			for t := lo; t >= 0 && (t == lo || p.loT[t] < 0); t-- {
				for u := hi; u < p.m && (u == hi || p.loT[u] < 0) && u-t < maxTarget; u++ {
					f(s, e-s+1, t, u-t+1)
				}
			}
		}
	}
}

// turned tells how the phrase pair stands to the words before and behind it in
// the translation, three times the first and the second; words without a
// partner are looked over.
func (p *spans) turned(s, sl, t, tl int) uint8 {
	left, right := s-1, s+sl
	for left >= 0 && p.loS[left] < 0 {
		left--
	}
	for right < p.n && p.loS[right] < 0 {
		right++
	}
	linked := func(i, j int) bool { return i >= 0 && i < p.n && p.linked[i][j>>6]&(1<<(j&63)) != 0 }
	way := func(straight, swapped, at, end, begin int) uint8 {
		switch {
		case at == end && straight == begin || at != end && linked(straight, at):
			return 0
		case at != end && linked(swapped, at):
			return 1
		}
		return 2
	}
	before, after := t-1, t+tl
	for before >= 0 && p.loT[before] < 0 {
		before--
	}
	for after < p.m && p.loT[after] < 0 {
		after++
	}
	return turns*way(left, right, before, -1, -1) + way(right, left, after, p.m, p.n)
}

// extract collects the phrase pairs of the corpus that occur often enough.
// part gives the part of the text that each sentence is of.
func extract(fr, en *side, links [][]link, part []uint8) []pair {
	c := &collector{fr, en, links, part}
	var all []pair
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := make(chan int)
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var occ []occurrence
			var p spans
			for shard := range next {
				occ = occ[:0]
				for i := range fr.sents {
					src, tgt := fr.sents[i], en.sents[i]
					p.set(len(src), len(tgt), links[i])
					p.each(func(s, sl, t, tl int) {
						if h := hash(src[s : s+sl]); int(h>>40%shards) == shard {
							occ = append(occ, occurrence{h, hash(tgt[t : t+tl]), uint32(i), uint8(s), uint8(t), uint8(sl<<4 | tl), p.turned(s, sl, t, tl)})
						}
					})
				}
				slices.SortFunc(occ, func(a, b occurrence) int {
					if c := cmp.Compare(a.src, b.src); c != 0 {
						return c
					}
					return cmp.Compare(a.tgt, b.tgt)
				})
				list := c.collect(occ)
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

// collector is the text that phrases are collected from.
type collector struct {
	fr, en *side
	links  [][]link
	part   []uint8 // of each sentence
}

// collect counts the pairs in sorted occurrences and keeps those that are
// more than chance: seen twice, or the only evidence for a single word.
func (col *collector) collect(occ []occurrence) []pair {
	var list []pair
	for i := 0; i < len(occ); {
		j := i
		var prior [2][turns]float32
		for ; j < len(occ) && occ[j].src == occ[i].src; j++ {
			prior[0][occ[j].turn/turns]++
			prior[1][occ[j].turn%turns]++
		}
		cf := j - i
		for k := range prior {
			smooth(&prior[k], [turns]float32{0.6, 0.06, 0.34}, 5)
		}
		for a := i; a < j; {
			var turn [2][turns]float32
			var where uint8
			b := a
			for ; b < j && occ[b].tgt == occ[a].tgt; b++ {
				turn[0][occ[b].turn/turns]++
				turn[1][occ[b].turn%turns]++
				where |= 1 << col.part[occ[b].sent]
			}
			o, c := occ[a], b-a
			least := 2
			if o.lengths>>4 == 1 && cf <= 4 {
				least = 1
			}
			if c >= least && float64(c) >= 0.004*float64(cf) {
				for k := range turn {
					smooth(&turn[k], prior[k], 5)
				}
				src, tgt := col.fr.sents[o.sent][o.s:][:o.lengths>>4], col.en.sents[o.sent][o.t:][:o.lengths&15]
				p := pair{src: src, tgt: tgt, count: uint32(c), where: where, turn: turn, srcHash: o.src, tgtHash: o.tgt,
					pef: float32(math.Log((float64(c) - 0.4) / float64(cf)))}
				p.lost, p.added = col.alone(o)
				list = append(list, p)
			}
			a = b
		}
		i = j
	}
	return list
}

// light is how many of the commonest words and marks may come and go.
const light = 120

// alone counts the words of an occurrence that have no partner, of each side,
// without the light ones.
func (col *collector) alone(o occurrence) (lost, added uint8) {
	var s, t [16]bool
	for _, l := range col.links[o.sent] {
		if i := int(l.s) - int(o.s); i >= 0 && i < len(s) {
			s[i] = true
		}
		if i := int(l.t) - int(o.t); i >= 0 && i < len(t) {
			t[i] = true
		}
	}
	for i, w := range col.fr.sents[o.sent][o.s:][:o.lengths>>4] {
		if !s[i] && w >= light {
			lost++
		}
	}
	for i, w := range col.en.sents[o.sent][o.t:][:o.lengths&15] {
		if !t[i] && w >= light {
			added++
		}
	}
	return lost, added
}

// smooth makes probabilities of counts, a prior weighing as much as the number
// of counts.
func smooth(x *[turns]float32, prior [turns]float32, weight float32) {
	total := weight
	for _, c := range x {
		total += c
	}
	for k := range x {
		x[k] = (x[k] + weight*prior[k]) / total
	}
}

// reverse fills p(source|target).
func reverse(pairs []pair, fr, en *side, links [][]link) {
	total := make(map[uint64]uint32, len(pairs)/2)
	for i := range pairs {
		total[pairs[i].tgtHash] = 0
	}
	var p spans
	for i := range fr.sents {
		tgt := en.sents[i]
		p.set(len(fr.sents[i]), len(tgt), links[i])
		p.each(func(s, sl, t, tl int) {
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
