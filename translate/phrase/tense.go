package phrase

import (
	"slices"
	"strings"
)

// French tells what happened in the perfect (a été arrêté), English dispatches
// in the simple past (was arrested): what the engine learned from debates says
// "has been arrested", also beside a date, where no English does.

// perfects says for each token whether a perfect tense begins with it that
// tells of something past and done; none where something lasts (depuis).
func perfects(tokens []token) []bool {
	list := make([]bool, len(tokens))
	if slices.ContainsFunc(tokens, func(t token) bool { return lasting[strings.ToLower(t.text)] }) {
		return list
	}
	for i, t := range tokens {
		if !auxiliaries[strings.ToLower(t.text)] {
			continue
		}
		for j := i + 1; j < min(i+3, len(tokens)) && hasLetter(tokens[j].text); j++ {
			if participle(tokens[j].text) {
				list[i] = true
				break
			}
		}
	}
	return list
}

func participle(w string) bool {
	if len(w) < 2 || startsUpper(w) || functional[w] {
		return false
	}
	w = strings.TrimSuffix(strings.TrimSuffix(w, "s"), "e")
	for _, end := range []string{"é", "i", "u", "it", "is", "mis", "pris", "ert", "eint", "aint", "oint", "clus"} {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// narrate puts the perfects that stand for French ones and outside quotations
// into the simple past.
func narrate(parts []piece) {
	all := places(parts)
	word := func(n int) string {
		if n < 0 || n >= len(all) {
			return ""
		}
		return all[n].of(parts)
	}
	put := func(n int, w string) {
		p := &parts[all[n].part]
		p.words = slices.Clone(p.words)
		p.words[all[n].word] = w
	}
	quoted := 0
	for n := range all {
		switch w := word(n); {
		case w == "“":
			quoted++
		case w == "”":
			quoted = max(0, quoted-1)
		case quoted == 0 && (w == "has" || w == "have") && parts[all[n].part].perfect && !before[strings.ToLower(word(n-1))]:
			verb := n + 1
			if adverb(word(verb)) || word(verb) == "not" && word(verb+1) == "been" {
				verb++
			}
			if verb >= len(all) || parts[all[verb].part].given { // a name: has United
				continue
			}
			switch past := simple(word(verb), w == "have" && word(n-1) != "I"); past {
			case "":
			case "was", "were": // before the adverb
				put(n, past)
				put(verb, "")
			default:
				put(n, "")
				put(verb, past)
			}
		}
	}
}

// simple is the simple past of an English participle, "" where the word is none.
func simple(participle string, plural bool) string {
	switch {
	case participle == "been" && plural:
		return "were"
	case participle == "been":
		return "was"
	case strings.HasSuffix(participle, "ed") && len(participle) > 3 && participle != "need":
		return participle
	}
	return pasts[participle]
}

func adverb(w string) bool {
	return w == "also" || w == "thus" || w == "therefore" || w == "then" || len(w) > 4 && strings.HasSuffix(w, "ly") && w != "only" && w != "family"
}

func words(list string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

var (
	auxiliaries = words("a ont est sont ai avons avez s'est")
	lasting     = words("depuis déjà jamais toujours encore jusqu'ici jusqu'alors désormais longtemps si dernières derniers")
	functional  = words("un une du des le la les lui qui ici aussi ainsi plus sous vous nous tout toute tous toutes cette ce ces deux dans sans pas puis suis cet et est")
	before      = words("to will would may might must should could can shall not n't who've if")
	pasts       = func() map[string]string { // by participle
		m := map[string]string{"born": "bore"}
		for _, f := range strong {
			m[f[1]] = f[0]
		}
		return m
	}()
)
