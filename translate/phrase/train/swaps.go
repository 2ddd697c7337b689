package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// swaps counts, over aligned text, which words English puts before the word
// that they follow in French, and which words nothing is moved before, and
// lists them as phrase.Engine.Swap reads them, the commonest first.
func swaps(fr *side, links [][]link) string {
	type counts struct{ moved, stayed int }
	second, first := make([]counts, len(fr.words)), make([]counts, len(fr.words))
	letters := make([]bool, len(fr.words))
	for i, w := range fr.words {
		letters[i] = strings.IndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
	}
	for i, sent := range fr.sents {
		low, high, n := make([]int, len(sent)), make([]int, len(sent)), make([]int, len(sent))
		for _, l := range links[i] {
			if s, t := int(l.s), int(l.t); s < len(sent) {
				if n[s] == 0 {
					low[s], high[s] = t, t
				}
				low[s], high[s] = min(low[s], t), max(high[s], t)
				n[s]++
			}
		}
		for k := 0; k+1 < len(sent); k++ {
			a, b := sent[k], sent[k+1]
			if n[k] == 0 || n[k+1] != 1 || !letters[a] || !letters[b] || utf8.RuneCountInString(fr.words[b]) < 3 {
				continue
			}
			switch low[k+1] {
			case low[k] - 1:
				second[b].moved++
				first[a].moved++
			case high[k] + 1:
				second[b].stayed++
				first[a].stayed++
			}
		}
	}
	var moves, keeps []int
	for i, w := range fr.words {
		if c := second[i]; w == strings.ToLower(w) && c.moved >= 4 && c.moved*10 >= 6*(c.moved+c.stayed) {
			moves = append(moves, i)
		}
		if c := first[i]; c.moved+c.stayed >= 40 && c.moved*100 < 15*(c.moved+c.stayed) {
			keeps = append(keeps, i)
		}
	}
	slices.SortFunc(moves, func(a, b int) int {
		return cmp.Or(cmp.Compare(second[b].moved, second[a].moved), strings.Compare(fr.words[a], fr.words[b]))
	})
	slices.SortFunc(keeps, func(a, b int) int {
		return cmp.Or(cmp.Compare(first[b].stayed, first[a].stayed), strings.Compare(fr.words[a], fr.words[b]))
	})
	var out strings.Builder
	for _, i := range moves {
		fmt.Fprintf(&out, "%s %d %d\n", fr.words[i], second[i].moved, second[i].stayed)
	}
	for _, i := range keeps {
		fmt.Fprintf(&out, "-%s\n", fr.words[i])
	}
	return out.String()
}
