package phrase

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words and marks whose English is given: no phrase of the table goes over them.

// mark gives what stands in English for a quotation mark or a bracket, and ""
// for anything else.
func mark(text string, tokens []token, i int) string {
	t := tokens[i]
	switch t.text {
	case "(", ")", "[", "]":
		return t.text
	case `"`:
	default:
		return ""
	}
	switch text[t.start:t.end] {
	case "«", "“", "„":
		return "“"
	case "»", "”":
		return "”"
	}
	before, _ := utf8.DecodeLastRuneInString(text[:t.start])
	if t.start == 0 || unicode.IsSpace(before) || strings.ContainsRune("([«“-–—'’", before) {
		return "“"
	}
	return "”"
}

// small gives the English of small words that the table takes for others: of le
// before a day of the month, which is no article, of a second ni, and of de
// behind qualifier, which English has not, and of pour before an infinitive in
// quotation marks.
func small(tokens []token, i int) (string, bool) {
	at := func(i int) string {
		if i < 0 || i >= len(tokens) {
			return ""
		}
		return strings.ToLower(tokens[i].text)
	}
	switch at(i) {
	case "le":
		day := i + 1
		if weekdays[at(day)] {
			day++
		}
		if !isNumber(at(day)) || len(at(day)) > 2 {
			return "", false
		}
		if at(day+1) == "er" {
			day++
		}
		if !months[at(day+1)] {
			return "", false
		}
		if timed[at(i-1)] {
			return "", true
		}
		return "on", true
	case "de": // qualifiant la rencontre de « constructive »
		if at(i+1) == `"` {
			for j := max(0, i-12); j < i; j++ {
				if strings.HasPrefix(at(j), "qualifi") {
					return "", true
				}
			}
		}
	case "pour": // pour « rendre … possible »
		if at(i+1) == `"` && slices.ContainsFunc(infinitives, func(end string) bool { return strings.HasSuffix(at(i+2), end) }) {
			return "to", true
		}
	case "ni":
		for j := max(0, i-10); j < i; j++ {
			if at(j) == "ni" {
				return "nor", true
			}
		}
	}
	return "", false
}

var (
	weekdays = words("lundi mardi mercredi jeudi vendredi samedi dimanche")
	months   = words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
	timed    = words("depuis avant après dès entre et ou jusque vers ici pendant pour que daté datée c'est")
)
