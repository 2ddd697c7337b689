package phrase

import (
	"slices"
	"strconv"
	"strings"

	"depeche/translate/quantity"
)

// numerals gives the numbers of a sentence that are written out in several words
// (trois mille, deux cent cinquante), and rough ones (deux-trois mille), by their
// first token.
func (s *sentence) numerals() map[int]figure {
	found := make(map[int]figure)
	list := slices.DeleteFunc(quantity.Find(s.text, quantity.French), func(t quantity.Token) bool { return t.Kind != quantity.Number || t.Digits })
	for k, t := range list {
		n := whole(t)
		start, end := t.Span.Start, t.Span.End
		i := slices.IndexFunc(s.tokens, func(t token) bool { return t.start == start })
		if n == 0 || i < 0 {
			continue
		}
		english := spell(n)
		if k+1 < len(list) && list[k+1].Span.Start == end+1 && s.text[end] == '-' { // deux-trois mille
			or := whole(list[k+1])
			if pair := quantity.Find(s.tokens[i].text, quantity.French); or == 0 || len(pair) != 2 || n >= whole(pair[1]) {
				continue
			}
			english, end = english+" or "+spell(or), list[k+1].Span.End
		}
		j := i + 1
		for j < len(s.tokens) && s.tokens[j-1].end < end && s.tokens[j].start == nextWord(s.text, s.tokens[j-1].end) {
			j++
		}
		if j < i+2 || s.tokens[j-1].end != end {
			continue
		}
		if j < len(s.tokens) && (s.word(j) == "un" || s.word(j) == "une") {
			if n%100 != 0 || end != t.Span.End {
				continue
			}
			english, j = spell(n+1), j+1 // trois cent un
		}
		found[i] = figure{j, english}
	}
	return found
}

// nextWord is where the word behind a place begins.
func nextWord(text string, at int) int {
	return at + len(text[at:]) - len(strings.TrimLeftFunc(text[at:], quantity.Space))
}

// whole is the value of a number from two to below a million, 0 for any other.
func whole(t quantity.Token) int {
	n, err := strconv.Atoi(t.Values[0])
	if err != nil || n < 2 || n >= 1e6 || t.Weak && n > 2 && n != 6 && n != 9 { // une centaine, vingt et unième
		return 0
	}
	return n
}

// spell writes a number in English words, as a dispatch does that has it in words.
func spell(n int) string {
	switch {
	case n >= 1000:
		return strings.TrimSpace(spell(n/1000) + " thousand " + spell(n%1000))
	case n >= 100:
		return strings.TrimSpace(spell(n/100) + " hundred " + spell(n%100))
	case n >= 20 && n%10 > 0:
		return spell(n-n%10) + "-" + spell(n%10)
	case n >= 20:
		return englishTens[n/10-2]
	case n > 0:
		return englishUnits[n-1]
	}
	return ""
}

var (
	englishUnits = strings.Fields("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	englishTens  = strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety")
)
