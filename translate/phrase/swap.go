package phrase

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// swaps says which words English puts before the word that they follow in the
// source: adjectives, mostly. A table of phrases knows it of pairs that it has
// seen, this of all.
type swaps struct {
	moves map[string]float32 // a word → the logarithm of how often it was moved
	keeps map[string]bool    // words that nothing behind them is moved before: articles, verbs
}

// Swap gives the engine its list of words that swap: one a line, with how often
// it was moved and how often it was not; a line with "-" before a word says
// that nothing is moved before this one. It is called before the first
// translation.
func (e *Engine) Swap(data []byte) error {
	s := &swaps{map[string]float32{}, map[string]bool{}}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		f := strings.Fields(line)
		switch {
		case len(f) == 0:
		case len(f) == 1 && f[0][0] == '-':
			s.keeps[f[0][1:]] = true
		case len(f) == 3:
			moved, err := strconv.Atoi(f[1])
			stayed, err2 := strconv.Atoi(f[2])
			if err != nil || err2 != nil || moved <= 0 || stayed < 0 {
				return fmt.Errorf("line %d: want a word and two counts", n)
			}
			s.moves[f[0]] = float32(math.Log(float64(moved) / float64(moved+stayed)))
		default:
			return fmt.Errorf("line %d: want a word and two counts, or - and a word", n)
		}
	}
	e.swaps = s
	return nil
}

const (
	swapChoices = 4 // of each of two words that are tried together
	// swapGain is what a pair is worth that stands in the order of English: the
	// weights were found without it. From 1 on it makes little difference.
	swapGain = 1.5
)

// swap adds, where words i to m and word m swap and the table has no phrase of
// the two, the choices of the second before those of the first: one word, or a
// term, which may have several.
func (e *Engine) swap(s *sentence, i, m int, term bool) {
	first, second := s.tokens[i].text, s.tokens[m].text
	cost, ok := e.swaps.moves[second]
	if !ok {
		return
	}
	if !term && (e.swaps.keeps[first] || e.swaps.keeps[strings.ToLower(first)] || utf8.RuneCountInString(first) < 3 || strings.ContainsFunc(first, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' })) {
		return
	}
	var a, b []choice
	for _, p := range s.spans {
		switch {
		case p.from == i && p.to == m+1:
			return
		case p.from == i && p.to == m:
			a = p.choices[:min(len(p.choices), swapChoices)]
		case p.from == m && p.to == m+1:
			b = p.choices[:min(len(p.choices), swapChoices)]
		}
	}
	var list []choice
	for _, x := range a {
		for _, y := range b {
			if len(x.words) == 0 || len(y.words) == 0 {
				continue
			}
			c := choice{score: x.score + y.score + cost + swapGain, turn: x.turn, unknown: x.unknown || y.unknown}
			c.words = append(append(c.words, y.words...), x.words...)
			c.lm = append(append(c.lm, y.lm...), x.lm...)
			list = append(list, e.guessed(c))
		}
	}
	if len(list) > 0 {
		sortChoices(list)
		s.add(i, m+1, list...)
	}
}
