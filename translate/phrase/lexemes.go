package phrase

import (
	"slices"
	"strings"
)

// rareWord is the first number of words that the table has so seldom that a
// lexicon knows better.
const rareWord = 30000

// perSense is what each alternative has less than the one before it.
const perSense = 2.5

// besides is what an entry has less than the table's best where the table knows
// the word, too.
const besides = -3

// rules says whether a lexicon's meanings take the place of the table's.
func (s *sentence) rules(i int, known, force bool) bool {
	return force || !known || s.ids[i] >= rareWord
}

// lexemes adds what a lexicon has for word i, beside the table's or, as own, in its
// place.
func (s *sentence) lexemes(e *Engine, i int, known bool) {
	w := s.word(i)
	list, force := e.lexicon.find(e, w, false)
	if len(list) == 0 && s.tokens[i].text != w {
		list, force = e.lexicon.find(e, s.tokens[i].text, false)
	}
	list = s.numbered(i, list)
	own := len(list) > 0 && s.rules(i, known, force) && !(known && doubtfulVerb(w, list))
	base := float32(single)
	if len(s.verb[i]) > 0 {
		list, own = s.verb[i], true
		if known && s.ids[i] < rareWord {
			list = closer(list)
		}
	}
	if !own && len(list) > 0 {
		base, list = s.beside(e, i, list)
	}
	if len(list) > 0 {
		s.add(i, i+1, s.means(e, list, base)...)
	}
	if i > 0 {
		s.country(e, i, known, list)
	}
	behind := s.reflexive(i)
	if behind {
		if list, _ := e.lexicon.find(e, w, true); len(list) > 0 {
			s.propose(i-1, i+1, s.means(e, list, single)...)
		}
	}
	s.denied(e, i, behind)
	s.moved(e, i)
	if own {
		s.own[i] = list
	}
}

// numbered leaves of the meanings of word i, a noun that looks alike in both
// numbers, those of the number that the word before it has.
func (s *sentence) numbered(i int, list []meaning) []meaning {
	if i > 0 && nominal(s.word(i-1)) { // rebelles houthis
		if fit := slices.DeleteFunc(slices.Clone(list), func(m meaning) bool { return m.noun }); slices.ContainsFunc(fit, func(m meaning) bool { return m.adjective }) {
			return fit
		}
	}
	if i > 0 && determiner[s.word(i-1)] && !s.qualifies(i) { // les forains menacent
		if fit := slices.DeleteFunc(slices.Clone(list), func(m meaning) bool { return m.adjective || m.verb }); slices.ContainsFunc(fit, func(m meaning) bool { return m.noun }) {
			list = fit
		}
	}
	for i--; i > 0 && prenominal[strings.TrimSuffix(s.word(i), "s")]; i-- {
	}
	if i < 0 {
		return list
	}
	plural := pluralWord[s.word(i)] || startsDigit(s.word(i)) && s.word(i) != "1" || cardinals[s.word(i)] != ""
	if !plural && !singularWord[s.word(i)] {
		return list
	}
	if fit := slices.DeleteFunc(slices.Clone(list), func(m meaning) bool { return m.noun && m.plural != plural }); len(fit) > 0 {
		return fit
	}
	return list
}

// qualifies reports whether a noun may follow word i, so that it may be an adjective.
func (s *sentence) qualifies(i int) bool {
	if i+1 >= len(s.tokens) || len(s.verb[i+1]) > 0 {
		return false
	}
	w := s.word(i + 1)
	return hasLetter(w) && !governor[w] && !determiner[w] && !auxiliaryForms[w]
}

// nominal reports whether a word may be a noun, and none that a noun stands behind.
func nominal(w string) bool {
	return hasLetter(w) && !determiner[w] && !governor[w] && !lightVerb[w] && !prenominal[strings.TrimSuffix(w, "s")]
}

var (
	pluralWord   = words("les des ces ses mes tes nos vos leurs aux plusieurs quelques certains certaines différents différentes tous toutes quels quelles")
	singularWord = words("le la l' un une du au ce cet cette son sa mon ma ton ta notre votre leur chaque aucun aucune quel quelle tout toute")
)

// country adds what word i means with its article, if it is the name of a country
// or a region, which have none in English.
func (s *sentence) country(e *Engine, i int, known bool, list []meaning) {
	switch s.word(i - 1) {
	case "la", "le", "l'":
	default:
		return
	}
	var bare []meaning
	if options := e.table.options(s.ids[i : i+1]); len(list) == 0 && known && startsUpper(s.tokens[i].text) && len(options) > 0 && int(slices.Max(options[0].words)) < len(e.table.target) {
		list = []meaning{{english: e.english(options[0])}}
	}
	for _, m := range list {
		if startsUpper(m.english) && slices.ContainsFunc(regions, func(end string) bool { return strings.HasSuffix(m.english, end) }) {
			bare = append(bare, m)
		}
	}
	if len(bare) > 0 {
		s.propose(i-1, i+1, s.means(e, bare, 0)...)
	}
}

// regions are the ends of names of countries and regions.
var regions = strings.Fields("ia land dy ny stan kia Judea Judaea Galilee Corsica Punjab Brittany Siberia Zealand Scotia Korea Guinea Guiana Africa America Crimea Tuscany ida ana ina ona ada Alaska Texas Martinique Guadeloupe Réunion Ukraine Palestine Sicily Sardinia Normandy Provence Alsace")

// near adds what près de and chez mean before a place, and not before a quantity.
func (s *sentence) near(e *Engine, i int) {
	english, at := "", i+1
	switch {
	case s.word(i) == "chez":
		english = "at"
	case s.word(i) == "près" && at < len(s.tokens) && (s.word(at) == "de" || s.word(at) == "d'"):
		english, at = "near", i+2
	}
	if english == "" || at >= len(s.tokens) {
		return
	}
	place := startsUpper(s.tokens[at].text)
	switch s.word(at) {
	case "la", "le", "l'":
		place = english == "near" && at+1 < len(s.tokens) && !fraction[s.word(at+1)]
	}
	if place {
		c := e.copied(english, 0)
		c.score, c.guess, c.idiom = c.score+perWord*float32(at-i), c.guess+perWord*float32(at-i), true
		s.propose(i, at, c)
	}
}

var fraction = words("moitié totalité quart tiers double limite fin barre")

// closer makes the alternatives of a common verb less unequal: the models know them
// and choose.
func closer(list []meaning) []meaning {
	near := slices.Clone(list)
	for k := range near {
		near[k].less, near[k].rank = near[k].less+near[k].rank, 0
	}
	return near
}

// doubtfulVerb reports whether all that a lexicon has for a word are verbs, though it
// may well be a noun that the table has: trône, sucres.
func doubtfulVerb(w string, list []meaning) bool {
	if strings.HasSuffix(w, "ée") || strings.HasSuffix(w, "ées") {
		return false
	}
	return (strings.HasSuffix(w, "e") || strings.HasSuffix(w, "es")) && !slices.ContainsFunc(list, func(m meaning) bool { return !m.verb })
}

// beside gives the score of what a lexicon has beside the table's translations of
// word i, and what the table has not.
func (s *sentence) beside(e *Engine, i int, list []meaning) (float32, []meaning) {
	options := e.table.options(s.ids[i : i+1])
	if len(options) == 0 {
		return single, list
	}
	return options[0].score + besides, slices.DeleteFunc(list, func(m meaning) bool {
		return slices.ContainsFunc(options, func(o option) bool {
			return len(o.words) == 1 && int(o.words[0]) < len(e.table.target) && e.table.target[o.words[0]] == m.english
		})
	})
}

// means makes choices of meanings; the best has the score base.
func (s *sentence) means(e *Engine, list []meaning, base float32) []choice {
	var choices []choice
	for _, m := range list {
		c := e.copied(m.english, 0)
		bonus := base - perSense*float32(m.rank) - perRank*float32(m.less)
		c.score, c.guess, c.turn = c.score+bonus, c.guess+bonus, &booked
		if m.adjective {
			c.turn = &e.adjective
		}
		choices = append(choices, c)
	}
	sortChoices(choices)
	return choices
}

// reflexive reports whether a pronoun that stands for the subject stands before
// word i: se, or nous behind nous.
func (s *sentence) reflexive(i int) bool {
	if i == 0 {
		return false
	}
	w := s.word(i - 1)
	return w == "se" || w == "s'" || i > 1 && subjectOf[w] != "" && subjectOf[w] == s.word(i-2)
}

// subjectOf are the subjects of pronouns that are reflexive behind them.
var subjectOf = map[string]string{"me": "je", "m'": "je", "te": "tu", "t'": "tu", "nous": "nous", "vous": "vous"}
