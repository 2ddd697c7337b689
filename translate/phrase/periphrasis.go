package phrase

import (
	"slices"
	"strings"
)

// What French says with an auxiliary, a preposition or a denial around a verb, the
// engine makes of the verb, which it has seen in other company.

// infinitive gives the English of a verb in the infinitive, word i, the best first.
func (s *sentence) infinitive(e *Engine, i int) []string {
	var list []string
	for _, v := range e.lexicon.verbs(e, s.word(i), false, "") {
		if v.form == infinitive && v.english == v.verb {
			list = append(list, v.verb)
		}
	}
	if len(list) > 0 || s.ids[i] < frequent || !slices.ContainsFunc(infinitives, func(end string) bool { return strings.HasSuffix(s.word(i), end) }) {
		return list
	}
	for _, o := range e.table.options(s.ids[i : i+1]) {
		if len(o.words) > 0 && len(list) < maxGuess && !e.bare(o) && int(slices.Max(o.words)) < len(e.table.target) {
			verb := strings.TrimPrefix(e.english(o), "to ")
			if first, _, _ := strings.Cut(verb, " "); !strings.HasSuffix(first, "ing") && !strings.HasSuffix(first, "ed") && hasLetter(first) && e.knows(forms(first, e.knows).ing) {
				list = append(list, verb)
			}
		}
	}
	return list
}

// english are the words of an option.
func (e *Engine) english(o option) string {
	var list []string
	for _, n := range o.words {
		list = append(list, e.table.target[n])
	}
	return strings.Join(list, " ")
}

// frame is what stands before an infinitive: its English, with the verb as V,
// V-ing, V-ed (the past), V-en (the participle) or V-s.
type frame []string

// frames are those that the table seldom has with the verb in question.
var frames = map[string]frame{
	"veut": {"wants to V"}, "veulent": {"want to V"}, "voulait": {"wanted to V"}, "voulaient": {"wanted to V"}, "souhaite": {"wants to V"}, "souhaitent": {"want to V"},
	"espère": {"hopes to V"}, "espèrent": {"hope to V"}, "préfère": {"prefers to V"}, "préfèrent": {"prefer to V"}, "doit": {"must V"}, "doivent": {"must V"},
	"devrait": {"should V"}, "devraient": {"should V"}, "peut": {"can V"}, "peuvent": {"can V"}, "pourrait": {"could V"}, "pourraient": {"could V"},
	"va": {"will V"}, "vont": {"will V"}, "allait": {"was going to V"}, "allaient": {"were going to V"}, "compte": {"plans to V"}, "comptent": {"plan to V"},
	"entend": {"intends to V"}, "entendent": {"intend to V"}, "aurait pu": {"could have V-en"}, "auraient pu": {"could have V-en"}, "aurait dû": {"should have V-en"},
	"auraient dû": {"should have V-en"}, "aurais pu": {"could have V-en"}, "aurais dû": {"should have V-en"}, "avant de": {"before V-ing"},
	"vient de": {"has just V-en"}, "viennent de": {"have just V-en"}, "viens de": {"have just V-en"}, "venons de": {"have just V-en"}, "venait de": {"had just V-en"}, "venaient de": {"had just V-en"},
	"en train de": {"V-ing"}, "sur le point de": {"about to V"}, "ne cesse de": {"keeps V-ing"}, "ne cessent de": {"keep V-ing"}, "n' a cessé de": {"has continued to V"},
	"n' ont cessé de": {"have continued to V"}, "finit par": {"eventually V-s"}, "finissent par": {"eventually V"}, "a fini par": {"eventually V-ed"}, "ont fini par": {"eventually V-ed"},
	"ne peut": {"cannot V"}, "ne peuvent": {"cannot V"}, "ne pouvait": {"could not V"}, "ne pouvaient": {"could not V"}, "ne pourrait": {"could not V"}, "ne pourraient": {"could not V"},
	"capable de": {"capable of V-ing"}, "capables de": {"capable of V-ing"}, "au lieu de": {"instead of V-ing"}, "accusé de": {"accused of V-ing"}, "accusée de": {"accused of V-ing"},
	"accusés de": {"accused of V-ing"}, "accusées de": {"accused of V-ing"}, "soupçonné de": {"suspected of V-ing"}, "soupçonnée de": {"suspected of V-ing"}, "soupçonnés de": {"suspected of V-ing"},
	"il a fallu": {"it was necessary to V"}, "devoir": {"have to V"}, "avant de devoir": {"before having to V"}, "sans pouvoir": {"without being able to V"},
	"sans devoir": {"without having to V"}, "pour pouvoir": {"to be able to V"}, "de pouvoir": {"to be able to V", "of being able to V"}, "de devoir": {"to have to V", "of having to V"},
	"finira par": {"will eventually V"}, "finiront par": {"will eventually V"}, "finir par": {"eventually V"}, "a failli": {"almost V-ed"}, "ont failli": {"almost V-ed"},
}

// ownFrames are those that count where a lexicon has the verb in the place of the table.
var ownFrames = map[string]frame{"de": {"to V", "of V-ing", "from V-ing"}, "à": {"to V", "V-ing"}, "pour": {"to V"}, "sans": {"without V-ing"}, "par": {"by V-ing"},
	"en": {"by V-ing", "while V-ing", "V-ing"}}

const maxFrame = 4 // words

// governed adds what an infinitive, or a gerund behind en, word i, means with what
// stands before it.
func (s *sentence) governed(e *Engine, i int) {
	key := ""
	for from := i - 1; from >= max(0, i-maxFrame); from-- {
		w := s.word(from)
		if w == "d'" {
			w = "de"
		}
		key = strings.TrimSpace(w + " " + key)
		ways, score := frames[key], float32(single)
		if ways == nil && len(s.own[i]) > 0 {
			ways, score = ownFrames[key], 2*single
		}
		if i-from > 1 {
			score = perWord
		}
		denies := strings.HasPrefix(key, "ne ") || strings.HasPrefix(key, "n' ")
		if !denies && from > 0 && negates(s.word(from-1)) || denies && s.only(i) {
			continue
		}
		var list []meaning
		for k, verb := range s.governable(e, i, ways, key == "en") {
			f := forms(verb, e.knows)
			fill := strings.NewReplacer("V-ing", f.ing, "V-ed", f.past, "V-en", f.participle, "V-s", f.third, "V", verb)
			for _, way := range ways {
				list = append(list, meaning{english: fill.Replace(way), less: k})
			}
		}
		if len(list) > 0 {
			choices := s.means(e, list, score)
			for k := range choices {
				choices[k].keeps = denies
			}
			s.propose(from, i+1, choices...)
		}
	}
}

// only reports whether que stands behind word i, so that ne restricts.
func (s *sentence) only(i int) bool {
	for _, t := range s.tokens[i:min(len(s.tokens), i+6)] {
		if w := strings.ToLower(t.text); w == "que" || w == "qu'" {
			return true
		}
	}
	return false
}

// governable gives the English of a word that may stand in a frame, the best first.
func (s *sentence) governable(e *Engine, i int, f frame, gerund bool) []string {
	switch {
	case f == nil:
		return nil
	case !gerund:
		return s.infinitive(e, i)
	}
	var list []string
	for _, v := range e.lexicon.verbs(e, s.word(i), false, "") {
		if v.form == gerundOf {
			list = append(list, v.verb)
		}
	}
	return list
}

// governs adds what a verb, word i, means with the preposition behind it: assiste à
// is attends.
func (s *sentence) governs(e *Engine, i int) {
	if e.lexicon == nil || i+1 >= len(s.tokens) {
		return
	}
	word, definite := s.word(i+1), false
	switch word {
	case "d'":
		word = "de"
	case "du", "des":
		word, definite = "de", true
	case "au", "aux":
		word, definite = "à", true
	}
	if !swallowed[word] || i+2 < len(s.tokens) && len(s.infinitive(e, i+2)) > 0 { // réussit à partir
		return
	}
	behind := s.reflexive(i)
	from := i
	if behind {
		from--
	}
	var list []meaning
	add := func(m meaning) {
		if definite { // or no more than the sign of a plural
			list = append(list, meaning{english: m.english + " the", rank: m.rank, less: m.less})
			m.less += 2
		}
		list = append(list, meaning{english: m.english, rank: m.rank, less: m.less})
	}
	for _, v := range e.lexicon.verbs(e, s.word(i), behind, word) {
		add(v.meaning)
	}
	perfect := i > 0 && (having[s.word(i-1)] || s.word(i-1) == "avoir" || s.word(i-1) == "ayant") // a couvert des abus
	for _, x := range e.lexicon.forms[s.word(i)] {
		for k, english := range x.english {
			if x.governs == word && x.pronoun == behind && !perfect {
				add(meaning{english: english, rank: k})
			}
		}
	}
	if len(list) > 0 {
		s.propose(from, i+2, s.means(e, list, perWord)...)
	}
}

// takesDe reports whether de may belong to a verb, and is no article behind it.
func (e *Engine) takesDe(verb string) bool {
	return leaving[verb] || e.lexicon != nil && (len(e.lexicon.verbs(e, verb, false, "de")) > 0 || slices.ContainsFunc(e.lexicon.forms[verb], func(x lexeme) bool { return x.governs == "de" }))
}

var leaving = words(`sort sortent part partent vient viennent revient reviennent arrive arrivent descend descendent tombe tombent rentre rentrent provient proviennent
	traite traitent approche approchent change changent relève relèvent libère libèrent retire retirent protège protègent sauve sauvent éloigne éloignent`)

// swallowed are the prepositions that a lexicon may have with a verb.
var swallowed = words("de à sur dans en par contre avec pour vers chez entre")

// moved adds what a participle, word i, means behind être where that is the
// perfect of it: est retombé is fell back, and s'est blotti huddled.
func (s *sentence) moved(e *Engine, i int) {
	had, is := map[string]bool{"est": false, "sont": false, "était": true, "étaient": true}, i-1
	if is < 0 {
		return
	}
	pluperfect, ok := had[s.word(is)]
	behind := ok && is > 0 && (s.word(is-1) == "se" || s.word(is-1) == "s'")
	if !ok || !behind && !moving[strings.TrimSuffix(strings.TrimSuffix(s.word(i), "s"), "e")] {
		return
	}
	var list []meaning
	for _, v := range e.lexicon.verbs(e, s.word(i), behind, "") {
		if v.form != participleOf {
			continue
		}
		english := forms(v.verb, e.knows).past
		if pluperfect {
			english = "had " + v.english
		}
		list = append(list, meaning{english: english, rank: v.rank})
	}
	from := is
	if behind {
		from--
	}
	if len(list) > 0 {
		s.propose(from, i+1, s.means(e, list, single)...)
	}
}

// moving are the participles of the verbs whose perfect has être.
var moving = words(`allé arrivé décédé demeuré descendu devenu entré intervenu monté mort né parti parvenu passé redescendu redevenu remonté rentré reparti resté
	retombé retourné revenu sorti ressorti survenu tombé venu`)

// denied adds what a verb of a lexicon, word i, means between ne and pas: does not
// graze, no longer grazes.
func (s *sentence) denied(e *Engine, i int, behind bool) {
	from := i - 1
	if behind {
		from--
	}
	if from < 0 || i+1 >= len(s.tokens) || !negates(s.word(from)) {
		return
	}
	var list []meaning
	for _, m := range e.lexicon.verbs(e, s.word(i), behind, "") {
		if english := m.deny(s.word(i + 1)); english != "" {
			list = append(list, meaning{english: english, rank: m.rank})
		}
	}
	if len(list) == 0 {
		return
	}
	to := i + 2
	add := func(to int, list []meaning) {
		choices := s.means(e, list, single)
		for k := range choices {
			choices[k].keeps = true
		}
		s.propose(from, to, choices...)
	}
	add(to, list)
	if to < len(s.tokens) && (s.word(to) == "de" || s.word(to) == "d'") { // pas de délai: not any delay
		any := slices.Clone(list)
		for _, m := range list {
			any = append(any, meaning{english: m.english + " any", rank: m.rank})
		}
		add(to+1, any)
	}
}

var denyingAdverbs = map[string]string{"pas": "not", "plus": "no longer", "jamais": "never"}

// deny is the English with pas, plus or jamais behind it in French, "" for
// another word, and for a form that is no finite verb.
func (v inflected) deny(word string) string {
	adverb := denyingAdverbs[word]
	auxiliary := map[inflection]string{person3: "does", plain3: "do", imperfectOne: "did", imperfectMany: "did", imperfectWe: "did", preterite: "did", futureOf: "will", conditionalOf: "would"}[v.form]
	switch {
	case adverb == "" || auxiliary == "", v.form == person3 && v.english == v.verb && word != "pas":
		return ""
	case adverb == "not", v.form == futureOf, v.form == conditionalOf:
		return auxiliary + " " + adverb + " " + v.verb
	}
	return adverb + " " + v.english
}
