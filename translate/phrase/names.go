package phrase

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// common is how many of the words, the most frequent, are read in capitals
// inside a text that has small letters, too: NON, but not HT as ht.
const common = 1000

// doubtful is the score below which an acronym is not taken for a common noun:
// the table saw OM as a fan, but CRS is riot police.
const doubtful = -2

// rareAcronym is the first number of words that the text has so seldom that a
// short acronym is what it is in French, unless English has its letters in another
// order: OLP is PLO, but EI is not IAs.
const rareAcronym = 20000

// anagram reports whether a translation has the letters of the acronym.
func (e *Engine) anagram(acronym string, o option) bool {
	return slices.ContainsFunc(o.words, func(w uint32) bool {
		return int(w) < len(e.table.target) && sortedLetters(strings.TrimSuffix(e.table.target[w], "s")) == sortedLetters(acronym)
	})
}

func sortedLetters(w string) string {
	letters := []rune(Unaccent(w))
	slices.Sort(letters)
	return string(letters)
}

// rareName is the first number of words that the text has so seldom that the
// translation of a name is an accident, unless it begins with the same letter:
// the table saw Italo as Calvino.
const rareName = 60000

// proper reports whether a word has a capital in the table, and has it always.
func (e *Engine) proper(word string) bool {
	_, common := e.table.source[strings.ToLower(word)]
	return startsUpper(word) && !common
}

// alike reports whether a translation begins like the word.
func (e *Engine) alike(word string, o option) bool {
	first := func(w string) string {
		w = strings.ToLower(Unaccent(w))
		if strings.HasPrefix(w, "k") {
			return "c"
		}
		return w[:min(1, len(w))]
	}
	return len(o.words) > 0 && int(o.words[0]) < len(e.table.target) && first(word) == first(e.table.target[o.words[0]])
}

func (e *Engine) capital(o option) bool {
	return slices.ContainsFunc(o.words, func(w uint32) bool {
		return int(w) < len(e.table.target) && strings.ContainsFunc(e.table.target[w], unicode.IsUpper)
	})
}

// acronym reports whether the word is of capitals, two or more.
func acronym(w string) bool {
	return utf8.RuneCountInString(w) > 1 && !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsUpper(r) })
}

// beside reports whether a word next to i is so.
func beside(tokens []token, i int, is func(string) bool) bool {
	return i > 0 && is(tokens[i-1].text) || i+1 < len(tokens) && is(tokens[i+1].text)
}

// title reports whether most words begin with a capital, as in a headline in
// the English manner.
func title(tokens []token) bool {
	words, upper := 0, 0
	for _, t := range tokens {
		if utf8.RuneCountInString(t.text) < 4 || !hasLetter(t.text) {
			continue
		}
		words++
		if startsUpper(t.text) {
			upper++
		}
	}
	return words > 3 && 3*upper > 2*words
}

// modern takes the old English plural off a city's name: Lyons, Marseilles.
func modern(tokens []token, list []choice) []choice {
	for _, t := range tokens {
		if !startsUpper(t.text) {
			continue
		}
		for i := range list {
			for k, w := range list[i].words {
				if w == t.text+"s" {
					list[i].words = slices.Clone(list[i].words)
					list[i].words[k] = t.text
				}
			}
		}
	}
	return list
}

// shouts reports whether the words are all in capitals.
func shouts(tokens []token) bool {
	upper := 0
	for _, t := range tokens {
		if strings.ContainsFunc(t.text, unicode.IsLower) {
			return false
		}
		if hasLetter(t.text) {
			upper++
		}
	}
	return upper >= 3
}
