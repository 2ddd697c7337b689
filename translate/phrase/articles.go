package phrase

import (
	"slices"

	"depeche/glossary"
)

// articles puts an before a vowel and a before a consonant: a phrase does not
// know what it will stand before.
func articles(parts []piece) []piece {
	part, at := -1, 0 // where the last word stands, if it is an article
	for i := range parts {
		for k, w := range parts[i].words {
			if w == "" || part >= 0 && (w == "“" || w == "(") {
				continue
			}
			if part >= 0 {
				want := "a"
				if glossary.TakesAn(w) {
					want = "an"
				}
				words := slices.Clone(parts[part].words)
				words[at] = want
				parts[part].words = words
			}
			if part = -1; !parts[i].given && (w == "a" || w == "an") {
				part, at = i, k
			}
		}
	}
	return parts
}
