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
	for _, v := range e.lexicon.verbs(e, s.word(i), false) {
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

// governed adds what an infinitive or a gerund, word i, means with the preposition
// before it: de brouter is to graze. own tells that a lexicon has the word in the
// place of the table, which knows the common prepositions by itself.
func (s *sentence) governed(e *Engine, i int, own bool) {
	if i == 0 {
		return
	}
	from := i - 1
	word := s.word(from)
	if before := s.word(max(0, i-2)); i > 1 && before == "avant" && (word == "de" || word == "d'") {
		from--
		word = before
	} else if !own {
		return
	}
	var list []meaning
	put := func(verb string, rank int) {
		f := forms(verb, e.knows)
		for _, way := range prepositions[word] {
			list = append(list, meaning{english: strings.NewReplacer("V-ing", f.ing, "V", verb).Replace(way), rank: rank})
		}
	}
	if word == "en" {
		for _, v := range e.lexicon.verbs(e, s.word(i), false) {
			if v.form == gerundOf {
				put(v.verb, v.rank)
			}
		}
	} else {
		for k, verb := range s.infinitive(e, i) {
			put(verb, k)
		}
	}
	if len(list) > 0 {
		s.add(from, i+1, s.means(e, list, 2*single)...)
	}
}

var prepositions = map[string][]string{"de": {"to V", "of V-ing", "from V-ing"}, "d'": {"to V", "of V-ing", "from V-ing"}, "à": {"to V", "V-ing"}, "pour": {"to V"},
	"sans": {"without V-ing"}, "par": {"by V-ing"}, "en": {"by V-ing", "while V-ing", "V-ing"}, "avant": {"before V-ing"}}

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
	for _, v := range e.lexicon.verbs(e, s.word(i), behind) {
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
		s.add(from, i+1, s.means(e, list, single)...)
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
	if from < 0 || i+1 >= len(s.tokens) || s.word(from) != "ne" && s.word(from) != "n'" {
		return
	}
	var list []meaning
	for _, m := range e.lexicon.verbs(e, s.word(i), behind) {
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
		s.add(from, to, choices...)
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

// deny is the English with pas, plus or jamais behind it in French, "" for
// another word, and for a form that is no finite verb.
func (v inflected) deny(word string) string {
	adverb := map[string]string{"pas": "not", "plus": "no longer", "jamais": "never"}[word]
	auxiliary := map[inflection]string{person3: "does", plain3: "do", imperfectOne: "did", imperfectMany: "did", imperfectWe: "did", preterite: "did", futureOf: "will", conditionalOf: "would"}[v.form]
	switch {
	case adverb == "" || auxiliary == "", v.form == person3 && v.english == v.verb && word != "pas":
		return ""
	case adverb == "not", v.form == futureOf, v.form == conditionalOf:
		return auxiliary + " " + adverb + " " + v.verb
	}
	return adverb + " " + v.english
}

// could adds what word i means if it is aurait before pu or dû and an infinitive:
// could have, should have.
func (s *sentence) could(e *Engine, i int) {
	if i+2 >= len(s.tokens) || !conditional[s.word(i)] {
		return
	}
	auxiliary := map[string]string{"pu": "could have ", "dû": "should have "}[s.word(i+1)]
	if auxiliary == "" {
		return
	}
	var list []meaning
	for k, verb := range s.infinitive(e, i+2) {
		list = append(list, meaning{english: auxiliary + forms(verb, e.knows).participle, rank: k})
	}
	if len(list) > 0 {
		s.add(i, i+3, s.means(e, list, perWord)...)
	}
}

// modal adds what word i means if an infinitive follows it that it governs.
func (s *sentence) modal(e *Engine, i int) {
	english := governing[s.word(i)]
	if english == "" || i+1 >= len(s.tokens) {
		return
	}
	var list []meaning
	for k, verb := range s.infinitive(e, i+1) {
		list = append(list, meaning{english: english + " " + verb, less: k})
	}
	if len(list) > 0 {
		s.add(i, i+2, s.means(e, list, single)...)
	}
}

var (
	conditional = words("aurait auraient aurais aurions auriez")
	governing   = map[string]string{"veut": "wants to", "veulent": "want to", "voulait": "wanted to", "voulaient": "wanted to", "souhaite": "wants to", "souhaitent": "want to",
		"espère": "hopes to", "espèrent": "hope to", "préfère": "prefers to", "préfèrent": "prefer to", "doit": "must", "doivent": "must", "devrait": "should", "devraient": "should",
		"peut": "can", "peuvent": "can", "pourrait": "could", "pourraient": "could", "va": "will", "vont": "will", "allait": "was going to", "allaient": "were going to",
		"compte": "plans to", "comptent": "plan to", "entend": "intends to", "entendent": "intend to"}
)
