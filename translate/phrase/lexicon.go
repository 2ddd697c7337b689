package phrase

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"depeche/glossary"
)

// A lexicon holds words that the text behind a table does not have, or seldom.
// It is a text file, an entry a line, a kind before it:
//
//	n fourmi = ant                     a noun; its plurals are made by rule
//	n œil/yeux = eye                   a plural that the rules do not make
//	n mobilier/- = furniture           none; -/frais = costs has no singular
//	a fourchu = forked                 an adjective, before its noun in English; feminine and plurals by rule
//	a roux/rousse/roux/rousses = red   forms that the rules do not make
//	p fourbi = polished                a participle that is an adjective, by the rules of one
//	v brouter = graze                  a verb in -er, -ir like finir or -dre, conjugated on both sides
//	v s'escrimer = struggle            with its pronoun alone
//	f sort = comes out                 a form of an irregular verb, as it stands
//	x hé/ohé = hey                     anything else, as it stands
//
// A bar parts English alternatives, the best first. Words take the place of
// what the table has for rare ones, and stand beside what it has for others; with
// "! " before the entry they take its place too.

// Lexicon is what ReadLexicon read.
type Lexicon struct {
	forms map[string][]lexeme // words as they are
	stems map[string][]lexeme // of verbs
}

// lexeme is what one entry says of a word.
type lexeme struct {
	english   []string
	noun      bool
	plural    bool // of a noun: the English is to be put into it
	adjective bool
	verb      map[string]inflection // by its endings; nil for anything but a stem
	pronoun   bool                  // a verb that stands behind se
	finite    bool                  // a form of one
	force     bool
}

// ReadLexicon reads a lexicon. An error names the line.
func ReadLexicon(text string) (*Lexicon, error) {
	lex := &Lexicon{forms: make(map[string][]lexeme, 4*strings.Count(text, "\n")), stems: make(map[string][]lexeme)}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := lex.add(line); err != nil {
			return nil, fmt.Errorf("lexicon: line %d: %w", number, err)
		}
	}
	return lex, nil
}

// SetLexicon makes the engine know a lexicon beside its table. It is called before
// the engine is used.
func (e *Engine) SetLexicon(l *Lexicon) { e.lexicon = l }

func (l *Lexicon) add(line string) error {
	entry, force := strings.CutPrefix(line, "! ")
	french, english, ok := strings.Cut(entry, " = ")
	kind, french, _ := strings.Cut(french, " ")
	x := lexeme{force: force}
	for alternative := range strings.SplitSeq(english, "|") {
		x.english = append(x.english, strings.TrimSpace(alternative))
	}
	if kind == "v" {
		for _, se := range []string{"se ", "s'"} {
			var found bool
			french, found = strings.CutPrefix(french, se)
			x.pronoun = x.pronoun || found
		}
	}
	if !ok || french == "" || english == "" || strings.Contains(french, " ") {
		return fmt.Errorf("%q is no entry", line)
	}
	if slices.Contains(x.english, "") {
		return fmt.Errorf("an empty alternative in %q", line)
	}
	put := func(word string, x lexeme) {
		if word != "-" {
			l.forms[word] = append(l.forms[word], x)
		}
	}
	given := strings.Split(french, "/")
	if slices.Contains(given, "") {
		return fmt.Errorf("an empty form in %q", line)
	}
	many := x
	many.plural = true
	switch kind {
	case "x", "f":
		x.finite = kind == "f"
		for _, w := range given {
			put(w, x)
		}
	case "n":
		x.noun, many.noun = true, true
		switch {
		case len(given) > 2:
			return fmt.Errorf("a noun has two forms, not %d", len(given))
		case len(given) == 1:
			given = append(given, glossary.FrenchPlural(french))
		case given[0] == "-":
			many = x
		}
		put(given[0], x)
		for _, w := range given[1:] {
			put(w, many)
		}
	case "a", "p":
		x.adjective = true
		switch len(given) {
		case 1:
			given = adjectives(french)
		case 4:
		default:
			return fmt.Errorf("an adjective has four forms, not %d", len(given))
		}
		slices.Sort(given)
		for _, w := range slices.Compact(given) {
			put(w, x)
		}
	case "v":
		if len(given) > 1 {
			return fmt.Errorf("a verb in one form, not %d", len(given))
		}
		return l.verb(french, x)
	default:
		return fmt.Errorf("no kind %q", kind)
	}
	return nil
}

// adjectives are the forms of a French adjective.
func adjectives(w string) []string {
	list := []string{w, glossary.FrenchPlural(w)}
	for _, f := range glossary.FrenchFeminines(w) {
		list = append(list, f, f+"s")
	}
	return list
}

// inflection is a form of a verb.
type inflection byte

const (
	infinitive    inflection = iota
	person3                  // he grazes, or I graze
	plain3                   // they graze
	participleOf             // grazed
	gerundOf                 // grazing
	imperfectOne             // grazed, was grazing
	imperfectMany            // were grazing
	imperfectWe              // the same, or graze
	preterite                // grazed
	futureOf                 // will graze
	conditionalOf            // would graze
)

// endingsOf reads a table of endings, a form a line.
func endingsOf(text string) map[string]inflection {
	m := make(map[string]inflection)
	form := infinitive
	for line := range strings.Lines(strings.TrimSpace(text)) {
		for _, end := range strings.Fields(line) {
			m[strings.TrimSuffix(end, "-")] = form
		}
		form++
	}
	return m
}

// The endings of the conjugations, a line each: infinitive, he, they, participle,
// gerund, imperfect of one, of many and of us, past, future and conditional.
var (
	endingsER = endingsOf(`er
		e
		es ent ons ez
		é ée és ées
		ant
		ais ait
		aient
		ions iez
		ai as a âmes âtes èrent
		erai eras era erons erez eront
		erais erait erions eriez eraient`)
	// those with a vowel before them that is not closed: semer, sème
	endingsOpen = func() map[string]inflection {
		m := maps.Clone(endingsER)
		for _, end := range []string{"e", "es", "ent"} {
			delete(m, end)
		}
		return m
	}()
	endingsIR = endingsOf(`ir
		it
		issons issez issent isse isses
		i ie is ies
		issant
		issais issait
		issaient
		issions issiez
		irent îmes
		irai iras ira irons irez iront
		irais irait irions iriez iraient`)
	endingsRE = endingsOf(`re
		-
		s e es ons ez ent
		u ue us ues
		ant
		ais ait
		aient
		ions iez
		is it irent
		rai ras ra rons rez ront
		rais rait rions riez raient`)
)

// opening is a vowel that is not closed where the ending is silent.
var opening = regexp.MustCompile(`^(.+)([eé])([bcdfghjklmnpqrstvz]|[bcdfgptv][rl]|gn|ch|[gq]u)$`)

// verb reads a verb in the infinitive.
func (l *Lexicon) verb(french string, x lexeme) error {
	stem, group := french, ""
	for _, g := range []string{"er", "ir", "dre"} {
		if s, ok := strings.CutSuffix(french, g); ok && utf8.RuneCountInString(s) >= 2 {
			stem, group = s, g
		}
	}
	put := func(stem string, endings map[string]inflection) {
		x.verb = endings
		l.stems[stem] = append(l.stems[stem], x)
	}
	if strings.HasSuffix(french, "oir") {
		group = ""
	}
	switch group {
	case "":
		return fmt.Errorf("%q is no verb in -er, -ir or -dre", french)
	case "ir":
		put(stem, endingsIR)
		return nil
	case "dre":
		put(stem+"d", endingsRE)
		return nil
	}
	switch last := stem[len(stem)-1]; {
	case last == 'g': // mangea
		put(stem+"e", endingsER)
	case last == 'c': // plaça
		put(stem[:len(stem)-1]+"ç", endingsER)
	case last == 'y': // noie
		put(stem[:len(stem)-1]+"i", endingsER)
	}
	own := endingsER
	if m := opening.FindStringSubmatch(stem); m != nil { // sème, règle
		own = endingsOpen
		put(m[1]+"è"+m[3], endingsER)
		if m[2] == "e" && (m[3] == "l" || m[3] == "t") { // jette
			put(stem+m[3], endingsER)
		}
	}
	put(stem, own)
	return nil
}

// maxVerbEnding is how long an ending may be: èrent, eraient.
const maxVerbEnding = 8

// meaning is a way to translate a word.
type meaning struct {
	english   string
	rank      int    // among the alternatives
	less      int    // how much less likely this form of it is
	base      string // of a verb in the present
	adjective bool
	plural    bool
	noun      bool // a form of a noun, of which the number is known
	verb      bool
}

// find gives what a lexicon, nil without one, has for a word, and whether the
// table's own translations go for it. behind tells that the word stands behind
// se, so that verbs count that have it.
func (l *Lexicon) find(e *Engine, w string, behind bool) (list []meaning, force bool) {
	if l == nil {
		return nil, false
	}
	add := func(x lexeme, rank, less int, english string) {
		if english != "" && !slices.ContainsFunc(list, func(m meaning) bool { return m.english == english }) {
			list = append(list, meaning{english, rank, less, "", x.adjective, x.plural, x.noun, x.verb != nil})
		}
		force = force || x.force && x.verb == nil // intentions is no form of intenter
	}
	if !behind {
		for _, x := range l.forms[w] {
			for k, english := range x.english {
				less := 0
				if x.plural {
					english = glossary.Plural(english)
					if !e.knows(english[strings.LastIndexByte(english, ' ')+1:]) { // has it one?
						less = 2
					}
				}
				add(x, k, less, english)
			}
		}
	}
	others := min(1, len(list)) // a noun before a verb
	for _, v := range l.verbs(e, w, behind) {
		add(v.lexeme, v.rank+others, v.less, v.english)
	}
	return list, force
}

// verbs gives what a word may be as a form of a regular verb; behind tells that it
// stands behind se.
func (l *Lexicon) verbs(e *Engine, w string, behind bool) []inflected {
	if l == nil {
		return nil
	}
	var list []inflected
	for at := len(w); at >= max(2, len(w)-maxVerbEnding); at-- {
		for _, x := range l.stems[w[:at]] {
			form, ok := x.verb[w[at:]]
			if !ok || x.pronoun != behind && !(x.pronoun && form == participleOf) {
				continue
			}
			for k, verb := range x.english {
				for _, m := range conjugations(form, verb, e.knows) {
					m.rank += k
					if x.pronoun && !behind {
						m.rank += 2
					}
					list = append(list, inflected{m, x, form, verb})
				}
			}
		}
	}
	return list
}

// knows reports whether the table has an English word.
func (e *Engine) knows(w string) bool {
	_, ok := e.numbers[w]
	return ok
}

// conjugations are what a form of a French verb may be in English.
func conjugations(form inflection, verb string, known func(string) bool) []meaning {
	f := forms(verb, known)
	switch form {
	case infinitive:
		return []meaning{{english: verb}, {english: "to " + verb, less: 1}, {english: f.ing, less: 1}}
	case person3:
		return []meaning{{english: f.third}, {english: verb, less: 2}}
	case plain3:
		return []meaning{{english: verb}}
	case participleOf:
		return []meaning{{english: f.participle}}
	case gerundOf:
		return []meaning{{english: f.ing}}
	case imperfectOne:
		return []meaning{{english: f.past}, {english: "was " + f.ing, less: 1}}
	case imperfectMany:
		return []meaning{{english: f.past}, {english: "were " + f.ing, less: 1}}
	case imperfectWe: // nous broutions: that we graze
		return []meaning{{english: f.past}, {english: verb}, {english: "were " + f.ing, less: 1}}
	case preterite:
		return []meaning{{english: f.past}}
	case futureOf:
		return []meaning{{english: "will " + verb}}
	default:
		return []meaning{{english: "would " + verb}}
	}
}

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
	behind := i > 0 && reflexive[s.word(i-1)]
	if behind {
		if list, _ := e.lexicon.find(e, w, true); len(list) > 0 {
			s.add(i-1, i+1, s.means(e, list, single)...)
		}
	}
	s.denied(e, i, behind)
	s.moved(e, i)
	if own {
		s.own[i] = list
	}
	s.governed(e, i, own)
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
		s.add(i-1, i+1, s.means(e, bare, 0)...)
	}
}

// regions are the ends of names of countries and regions.
var regions = strings.Fields("ia land dy ny stan kia Judea Judaea Galilee Corsica Punjab Brittany Siberia Zealand Scotia Korea Guinea Guiana Africa America Crimea Tuscany ida ana ina ona ada Alaska Texas Martinique Guadeloupe Réunion Ukraine Palestine Sicily Sardinia Normandy Provence Alsace")

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

// inflected is a form of a verb in English, and its infinitive.
type inflected struct {
	meaning
	lexeme lexeme
	form   inflection
	verb   string
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

var reflexive = words("se s' me m' te t' nous vous")
