package phrase

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// given gives the choices for a word or a mark whose English is given, so that
// no phrase of the table goes over it, and puts up the walls around marks. he is
// the English of a pronoun, "" where the search may choose.
func (s *sentence) given(e *Engine, i int, he string) ([]choice, bool) {
	t := s.tokens[i]
	one := func(w string) ([]choice, bool) { return []choice{e.copied(w, 0)}, true }
	if w := subjects[strings.ToLower(t.text)]; t.behind && w != "" {
		return one(w)
	}
	if he != "" {
		return one(he)
	}
	if t.object {
		var list []choice
		for k, w := range objects[strings.ToLower(t.text)] {
			c := e.copied(w, 0)
			c.score, c.guess = c.score-perRank*float32(k), c.guess-perRank*float32(k)
			list = append(list, c)
		}
		return list, true
	}
	if w := mark(s.text, s.tokens, i); w != "" {
		s.walls = append(s.walls, i, i+1)
		return one(w)
	}
	if t.text == "," {
		s.walls = append(s.walls, i)
	}
	if t.text == ";" || t.text == ":" {
		s.walls = append(s.walls, i+1)
	}
	if s.article(e, i) {
		return one("")
	}
	if w, ok := small(s.tokens, i); ok {
		return one(w)
	}
	return nil, false
}

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

// article reports whether des or du, word i, is an article behind a verb, which
// English has not: déversent du fumier, a bombardé des positions.
func (s *sentence) article(e *Engine, i int) bool {
	w := s.word(i)
	if i == 0 || w != "des" && w != "du" {
		return false
	}
	verb := s.word(i - 1)
	if len(s.verb[i-1]) > 0 {
		return !e.takesDe(verb)
	}
	return w == "des" && participle(verb) && !e.takesDe(verb) && !withDe[strings.TrimSuffix(verb, "e")] &&
		slices.ContainsFunc(s.tokens[max(0, i-4):i-1], func(t token) bool { return having[strings.ToLower(t.text)] })
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
	// participles of verbs that have de before what they are about
	withDe = words(`parlé discuté profité souffert manqué dépendu débattu douté disposé hérité bénéficié témoigné rêvé joui usé abusé changé accouché convenu décidé écopé
		été eu informé averti accusé chargé privé débarrassé libéré exclu extrait retiré sorti venu revenu parti tiré reçu obtenu appris entendu fait semblé relevé émané résulté
		traité ri répondu découlé dérivé émergé participé approché raffolé divergé différé jailli surgi triomphé délibéré`)
	weekdays = words("lundi mardi mercredi jeudi vendredi samedi dimanche")
	months   = words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
	timed    = words("depuis avant après dès entre et ou jusque vers ici pendant pour que daté datée c'est")
)
