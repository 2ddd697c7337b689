package phrase

import (
	"regexp"
	"slices"
	"strings"
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
				if want := "a" + map[bool]string{true: "n"}[vowel(w)]; hasLetter(w) && !abbreviation(w) && parts[part].words[at] != want {
					words := slices.Clone(parts[part].words)
					words[at] = want
					parts[part].words = words
				}
			}
			if part = -1; !parts[i].given && (w == "a" || w == "an") {
				part, at = i, k
			}
		}
	}
	return parts
}

// abbreviation reports whether a word is in capitals: some are spelled (an MP)
// and some are read (a NATO base).
func abbreviation(w string) bool { return strings.ToUpper(w) == w }

// vowel reports whether a word begins with the sound of a vowel: an hour, a
// European union.
func vowel(w string) bool {
	w = strings.ToLower(w)
	if m := silent.FindString(w); m != "" {
		return true
	}
	return !glide.MatchString(w) && strings.ContainsRune("aeiouàâéèêëîïôöü", []rune(w)[0])
}

var (
	silent = regexp.MustCompile(`^(?:hour|hono|honest|heir)`)
	glide  = regexp.MustCompile(`^(?:unan|uni(?:[^nmds]|son)|us[aeu]|ut[eio]|ur[aieo]|ubiq|eu|ewe|one$|one-|once)`)
)
