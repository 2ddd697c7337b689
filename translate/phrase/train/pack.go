package main

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"depeche/translate/phrase"
)

// The weights, in the order of the command line. Those before lmWeight
// multiply what a phrase pair has by itself.
const (
	pefWeight = iota
	pfeWeight
	lexefWeight
	lexfeWeight
	phraseWeight // 1
	onceWeight   // 1 for a pair seen once
	rareWeight   // 1 for a pair seen two or three times
	debateWeight // 1 for a pair of the debates
	plainWeight  // 1 for a pair of everyday text or the press
	lostWeight   // words of the source that come to nothing
	addedWeight  // words of the target from nowhere
	lmWeight
	jumpWeight // minus the words jumped over
	wordWeight
	unknownWeight
	turnWeight                       // six: before straight, swapped, apart; after the same
	jointWeight = iota + 2*turns - 1 // of common words, and of others
	rareJointWeight
	keptWeight
	orderWeight
	weightCount
)

type weights [weightCount]float64

// defaultWeights were found on a development set; see README.md.
const defaultWeights = "0.37,0.23,0.28,0.11,-0.336,0,0,0,0,0,0,0.357,0.15,0.357,-5,0.15,0.15,0.15,0.15,0.15,0.15,0.3,0.3,0,0"

func parseWeights(s string) (weights, error) {
	var w weights
	list := strings.Split(strings.TrimSpace(s), ",")
	if len(list) != len(w) {
		return w, fmt.Errorf("-weights: %d numbers, not %d", len(list), len(w))
	}
	for i, f := range list {
		x, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return w, fmt.Errorf("-weights: %w", err)
		}
		w[i] = x
	}
	return w, nil
}

func (w weights) String() string {
	var list []string
	for _, x := range w {
		list = append(list, strconv.FormatFloat(x, 'g', 4, 64))
	}
	return strings.Join(list, ",")
}

// own is what a pair has by itself, for the weights before lmWeight.
func (p *pair) own() [lmWeight]float64 {
	x := [lmWeight]float64{float64(p.pef), float64(p.pfe), float64(p.lexef), float64(p.lexfe), 1}
	switch {
	case p.count == 1:
		x[onceWeight] = 1
	case p.count <= 3:
		x[rareWeight] = 1
	}
	if p.where&(1<<debates) != 0 {
		x[debateWeight] = 1
	}
	if p.where&(1<<everyday|1<<press) != 0 {
		x[plainWeight] = 1
	}
	x[lostWeight], x[addedWeight] = float64(p.lost), float64(p.added)
	return x
}

func (w *weights) score(p *pair) float32 {
	sum := 0.0
	for i, x := range p.own() {
		sum += w[i] * x
	}
	return float32(sum)
}

// search gives the weights that the search applies itself.
func (w *weights) search(k *kinds) phrase.Weights {
	out := phrase.Weights{LM: float32(w[lmWeight]), Distortion: float32(w[jumpWeight]), Word: float32(w[wordWeight]), Unknown: float32(w[unknownWeight]), Joint: [2]float32{float32(w[jointWeight]), float32(w[rareJointWeight])}, Kept: float32(w[keptWeight]), Order: float32(w[orderWeight])}
	for kind := range phrase.TurnKinds {
		for i := range turns {
			out.Turns.Before[kind][i] = float32(w[turnWeight+i] * k.log(0, kind, i))
			out.Turns.After[kind][i] = float32(w[turnWeight+turns+i] * k.log(1, kind, i))
		}
	}
	return out
}

// entry is a source phrase with its pairs, best first.
type entry struct {
	src    []uint32
	pairs  []*pair
	scores []float32
}

// size says what of the pairs a model holds.
type size struct {
	least int     // lowest count of a phrase of several words
	most  int     // translations of a phrase of several words; of a word twice as many
	once  int     // words of the longest phrase that one sentence of the press is enough for
	loss  float32 // a pair is left out if shorter ones give the same with this loss; nothing is at 0
}

// choose weighs the pairs and keeps the best of each source phrase.
func (f *features) choose(w *weights, z size) []entry {
	bySource := make(map[string][]*pair)
	var key []byte
	for i := range f.pairs {
		p := &f.pairs[i]
		least := z.least
		if p.where == 1<<press && len(p.src) > z.once {
			least = max(least, pressTimes+1)
		}
		if len(p.src) > 1 && int(p.count) < least || f.accident(p) || !f.faithful(p) {
			continue
		}
		key = appendWords(key[:0], p.src)
		bySource[string(key)] = append(bySource[string(key)], p)
	}
	list := make([]entry, 0, len(bySource))
	for _, pairs := range bySource {
		type scored struct {
			*pair
			score float32
		}
		var all []scored
		for _, p := range pairs {
			all = append(all, scored{p, w.score(p)})
		}
		slices.SortFunc(all, func(a, b scored) int {
			return cmp.Or(cmp.Compare(b.score, a.score), slices.Compare(a.tgt, b.tgt))
		})
		limit := z.most
		if len(pairs[0].src) == 1 {
			limit *= 2
		}
		e := entry{src: pairs[0].src}
		for _, p := range all[:min(limit, len(all))] {
			if p.score < all[0].score-3 {
				break // a translation that is twenty times worse is never taken
			}
			e.pairs, e.scores = append(e.pairs, p.pair), append(e.scores, p.score)
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b entry) int {
		return cmp.Or(cmp.Compare(len(a.src), len(b.src)), slices.Compare(a.src, b.src))
	})
	if z.loss > 0 {
		list = thin(list, w, z.loss)
	}
	return list
}

// accident reports whether a pair of a word is likely to be one of the alignment: of
// a single sentence of the press, of words that are not alike and that have other
// partners, too.
func (f *features) accident(p *pair) bool {
	const often = -0.7 // logarithm of a half
	if len(p.src) > 1 || p.where != 1<<press || p.count > pressTimes || len(p.tgt) == 1 && p.pef >= often && p.pfe >= often {
		return false
	}
	french, english := phrase.Unaccent(strings.ToLower(f.source[p.src[0]])), phrase.Unaccent(strings.ToLower(f.target[p.tgt[0]]))
	return shared(french, english) < 4
}

func appendWords(b []byte, words []uint32) []byte {
	for _, id := range words {
		b = append(b, byte(id), byte(id>>8), byte(id>>16))
	}
	return b
}

// thin leaves out the pairs that shorter ones give one after the other, at
// hardly a lower score. Shorter source phrases stand first in the list.
func thin(list []entry, w *weights, loss float32) []entry {
	reach := make(map[string]float32) // the score of a pair, whole or put together
	var b []byte
	name := func(src, tgt []uint32) []byte {
		b = append(appendWords(b[:0], src), 255, 255, 255)
		return appendWords(b, tgt)
	}
	straight := float32((w[turnWeight] + w[turnWeight+turns]) * math.Log(0.8))
	for i := range list {
		e := &list[i]
		kept := 0
		for k, p := range e.pairs {
			best := float32(math.Inf(-1))
			for s := 1; s < len(p.src); s++ {
				for t := 1; t < len(p.tgt); t++ {
					if x, ok := reach[string(name(p.src[:s], p.tgt[:t]))]; ok {
						if y, ok := reach[string(name(p.src[s:], p.tgt[t:]))]; ok {
							best = max(best, x+y+straight)
						}
					}
				}
			}
			if best >= e.scores[k]-loss {
				reach[string(name(p.src, p.tgt))] = best
				continue
			}
			reach[string(name(p.src, p.tgt))] = e.scores[k]
			e.pairs[kept], e.scores[kept] = p, e.scores[k]
			kept++
		}
		e.pairs, e.scores = e.pairs[:kept], e.scores[:kept]
	}
	return slices.DeleteFunc(list, func(e entry) bool { return len(e.pairs) == 0 })
}

// pack makes a model file.
func (f *features) pack(lm, joint []byte, w weights, z size) []byte {
	f.learn()
	var list []phrase.Phrase
	options := 0
	usedS, usedT := make([]bool, len(f.source)), make([]bool, len(f.target))
	for _, e := range f.choose(&w, z) {
		ph := phrase.Phrase{Source: e.src}
		for k, p := range e.pairs {
			ph.Options = append(ph.Options, phrase.PhraseOption{Target: p.tgt, Score: e.scores[k], Turn: f.kinds.of(p)})
			for _, id := range p.tgt {
				usedT[id] = true
			}
		}
		for _, id := range ph.Source {
			usedS[id] = true
		}
		options += len(ph.Options)
		list = append(list, ph)
	}
	// Words that no phrase holds are cut off the end of the lists.
	cut := func(words []string, used []bool) []string {
		n := len(words)
		for n > 0 && !used[n-1] {
			n--
		}
		return words[:n]
	}
	table := phrase.BuildTable(cut(f.source, usedS), cut(f.target, usedT), list)
	fmt.Fprintf(os.Stderr, "%d phrases, %d translations, %.1f MB of table, %.1f MB of language model\n",
		len(list), options, float64(len(table))/1e6, float64(len(lm))/1e6)
	return phrase.Pack(phrase.Parts{Table: table, LM: lm, Guesses: phrase.BuildGuesses(f.rules), Joint: joint, Weights: w.search(f.kinds)})
}

// renumber gives the target words the numbers of the language model's words,
// and higher ones to those that it does not know.
func (f *features) renumber(words []string) {
	number := make(map[string]uint32, len(f.target))
	for i, w := range words {
		number[w] = uint32(i)
	}
	to := make([]uint32, len(f.target))
	for i, w := range f.target {
		n, ok := number[w]
		if !ok {
			n = uint32(len(words))
			words = append(words, w)
		}
		to[i] = n
	}
	f.target = words
	for i := range f.pairs {
		for k, id := range f.pairs[i].tgt {
			f.pairs[i].tgt[k] = to[id]
		}
	}
}

// faithful reports whether a pair keeps its amounts, holds no quotation mark or
// bracket, which the search puts itself, and no initial that the source has not:
// a piece of U.N. for ONU.
func (f *features) faithful(p *pair) bool {
	var words [2][]string
	for i, ids := range [2][]uint32{p.src, p.tgt} {
		for _, id := range ids {
			w := [2][]string{f.source, f.target}[i][id]
			switch w {
			case `"`, "(", ")", "[", "]":
				return false
			}
			if i == 1 && len(w) == 1 && w[0] >= 'A' && w[0] <= 'Z' && w != "A" && w != "I" && !slices.Contains(words[0], w) {
				return false
			}
			words[i] = append(words[i], w)
		}
	}
	return phrase.Faithful(words[0], words[1])
}
