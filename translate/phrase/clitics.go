package phrase

import (
	"slices"
	"strings"
)

// Objects that are pronouns stand before the verb in French (le roi l'a
// acceptée), behind it in English, so far from where the search looks for them
// that it loses them.

// clitics moves such pronouns behind their verbs.
func clitics(tokens []token, terms []Term) []token {
	for i := 0; i+1 < len(tokens); i++ {
		w := strings.ToLower(tokens[i].text)
		if objects[w] == nil {
			continue
		}
		end := governed(tokens, i)
		if end == i || cuts(terms, tokens, i, i+1, end) {
			continue
		}
		moved := tokens[i]
		moved.object = true
		tokens = slices.Concat(tokens[:i], tokens[i+1:end], []token{moved}, tokens[end:])
		i = end - 1
	}
	return tokens
}

// governed gives the end of the verb that the pronoun at i is an object of, or i
// if it is none: nous avons, les as, il le faut.
func governed(tokens []token, i int) int {
	at := func(i int) string {
		if i < 0 || i >= len(tokens) {
			return ""
		}
		return strings.ToLower(tokens[i].text)
	}
	w, verb := at(i), i+1
	switch w {
	case "l'", "le": // comme ils le veulent: as they wish
		if likening[at(i-1)] || likening[at(i-2)] {
			return i
		}
	case "nous", "vous":
		if own := map[string]string{"nous": "ons", "vous": "ez"}[w]; strings.HasSuffix(at(verb), own) {
			return i
		}
	}
	if having[at(verb)] { // l'a acceptée, nous ont longtemps abandonnés
		for j := verb + 1; j < len(tokens) && j <= verb+2 && hasLetter(tokens[j].text); j++ {
			if participle(tokens[j].text) && !remaining[strings.TrimSuffix(tokens[j].text, "e")] {
				return j + 1
			}
		}
		return i
	}
	if w != "le" && w != "la" && w != "les" && w != "l'" || !subjectPronoun[at(i-1)] || copulas[at(verb)] || objects[at(verb)] != nil || !hasLetter(at(verb)) || len(at(verb)) < 4 {
		return i
	}
	return verb + 1 // qui les accuse
}

var (
	objects = map[string][]string{"l'": {"it", "him", "her"}, "le": {"it", "him"}, "la": {"it", "her"}, "les": {"them"}, "nous": {"us", "to us"}, "vous": {"you", "to you"},
		"m'": {"me", "to me"}, "t'": {"you", "to you"}, "lui": {"him", "her", "to him", "to her"}, "leur": {"them", "to them"}}
	likening       = words("comme que qu' autant ainsi")
	remaining      = words("été resté devenu fait fallu dû pu su voulu")
	having         = words(`a ont ai as avons avez avait avaient avais avions aviez aura auront aurait auraient`)
	subjectPronoun = words("il elle ils elles on qui ne n' je tu")
	copulas        = words("est sont était étaient fut furent sera seront serait faut fallait faudra suis")
)
