package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"depeche/translate/phrase"
)

// defaultWeights were found on a development set; see README.md.
const defaultWeights = "0.3696,0.2333,0.28,0.1082,0.336,0.3571,0.33,0.3571,-5"

// weights of the features, in the order of the command line.
type weights struct {
	pef, pfe, lexef, lexfe, phrase float32
	search                         phrase.Weights
}

func parseWeights(s string) (weights, error) {
	var w weights
	at := w.list()
	list := strings.Split(s, ",")
	if len(list) != len(at) {
		return w, fmt.Errorf("-weights: %d numbers, not %d", len(list), len(at))
	}
	for i, f := range list {
		x, err := strconv.ParseFloat(f, 32)
		if err != nil {
			return w, fmt.Errorf("-weights: %w", err)
		}
		*at[i] = float32(x)
	}
	return w, nil
}

// list gives the weights in the order of the command line.
func (w *weights) list() []*float32 {
	return []*float32{&w.pef, &w.pfe, &w.lexef, &w.lexfe, &w.phrase, &w.search.LM, &w.search.Distortion, &w.search.Word, &w.search.Unknown}
}

func (w weights) String() string {
	var list []string
	for _, x := range w.list() {
		list = append(list, strconv.FormatFloat(float64(*x), 'g', 4, 32))
	}
	return strings.Join(list, ",")
}

func (w weights) score(p *pair) float32 {
	return w.pef*p.pef + w.pfe*p.pfe + w.lexef*p.lexef + w.lexfe*p.lexfe - w.phrase
}

// pack weighs the pairs, keeps the best of each source phrase and makes a
// model file.
func (f *features) pack(lm []byte, w weights, least, most int) []byte {
	bySource := make(map[string][]*pair)
	var key []byte
	for i := range f.pairs {
		p := &f.pairs[i]
		if len(p.src) > 1 && int(p.count) < least || !f.faithful(p) {
			continue
		}
		key = key[:0]
		for _, id := range p.src {
			key = append(key, byte(id), byte(id>>8), byte(id>>16))
		}
		bySource[string(key)] = append(bySource[string(key)], p)
	}
	keys := make([]string, 0, len(bySource))
	for k := range bySource {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var list []phrase.Phrase
	options := 0
	usedS, usedT := make([]bool, len(f.source)), make([]bool, len(f.target))
	for _, k := range keys {
		pairs := bySource[k]
		slices.SortStableFunc(pairs, func(a, b *pair) int {
			switch x, y := w.score(a), w.score(b); {
			case x > y:
				return -1
			case x < y:
				return 1
			}
			return slices.Compare(a.tgt, b.tgt)
		})
		limit := most
		if len(pairs[0].src) == 1 {
			limit = most * 2
		}
		ph := phrase.Phrase{Source: pairs[0].src}
		for _, p := range pairs[:min(limit, len(pairs))] {
			s := w.score(p)
			if len(ph.Options) > 0 && s < ph.Options[0].Score-3 {
				break // a translation that is twenty times worse is never taken
			}
			ph.Options = append(ph.Options, phrase.PhraseOption{Target: p.tgt, Score: s})
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
	return phrase.Pack(table, lm, w.search)
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

// faithful reports whether a pair keeps the digits, and holds no quotation
// mark or bracket: the search puts those itself.
func (f *features) faithful(p *pair) bool {
	var digits [2]string
	for i, ids := range [2][]uint32{p.src, p.tgt} {
		words := [2][]string{f.source, f.target}[i]
		for _, id := range ids {
			switch words[id] {
			case `"`, "(", ")", "[", "]":
				return false
			}
			for _, r := range words[id] {
				if unicode.IsDigit(r) {
					digits[i] += string(r)
				}
			}
		}
	}
	return digits[0] == digits[1]
}
