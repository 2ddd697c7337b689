package phrase

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Many French verbs look like nouns in the present tense (le Sénat vote, Paris
// annonce, l'inflation recule), and the engine, which learned from speeches in
// the first person, takes them for nouns, and a headline loses its verb. Where
// such a word stands behind a noun, without an article or a preposition before
// it, it is the verb.

// predicates gives, for each word that is the verb of its clause, in the present,
// the English that a lexicon has for it. sentence.go leaves out what loses it.
func (e *Engine) predicates(tokens []token) [][]meaning {
	list := make([][]meaning, len(tokens))
	if e.lexicon == nil {
		return list
	}
	found := false // in this clause
	for i, t := range tokens {
		w := strings.ToLower(t.text)
		if clauseStart[w] || w == `"` {
			found = false
		}
		if found || i == 0 || startsUpper(t.text) || !hasLetter(t.text) || auxiliaryForms[w] {
			continue
		}
		before := strings.ToLower(tokens[i-1].text)
		verbs := e.lexicon.finite(e, t.text, before)
		if len(verbs) == 0 || !e.predicate(tokens, i) {
			continue
		}
		if lasts(tokens[i:]) {
			verbs = e.since(verbs, strings.HasSuffix(t.text, "ent") && !singular[before] || before == "police")
		}
		list[i], found = verbs, true
	}
	return list
}

// lasts reports whether depuis stands in the clause that begins with a verb.
func lasts(tokens []token) bool {
	for _, t := range tokens[1:] {
		switch w := strings.ToLower(t.text); {
		case w == "depuis":
			return true
		case clauseStart[w]:
			return false
		}
	}
	return false
}

// since puts verbs in the present into the tense that English has for what lasts:
// has been blocking.
func (e *Engine) since(verbs []meaning, plural bool) []meaning {
	have := "has "
	if plural {
		have = "have "
	}
	list := slices.Clone(verbs)
	for k, m := range list {
		if m.base == "" {
			continue
		}
		f := forms(m.base, e.knows)
		if first, _, _ := strings.Cut(m.base, " "); stative[first] {
			list[k].english = have + f.participle
		} else {
			list[k].english = have + "been " + f.ing
		}
	}
	return list
}

// predicate reports whether a word that may be a verb is one where it stands.
func (e *Engine) predicate(tokens []token, i int) bool {
	at := func(i int) string {
		if i < 0 || i >= len(tokens) {
			return ""
		}
		return strings.ToLower(tokens[i].text)
	}
	w, last := at(i), i-1
	if tokens[last].behind || tokens[last].object {
		return false
	}
	if at(last) == "qui" && at(last-1) != "ce" {
		return true
	}
	if noVerb[w] || (besideNoun[w] || e.lexicon.adjective(w)) && !determiner[at(i+1)] {
		return false
	}
	switch next := at(i + 1); {
	case (next == "de" || next == "d'") && !strings.HasSuffix(w, "ent"), next == "-", next == "/": // la demande d'asile
		return false
	case negates(next) && !denying[at(i+2)]: // aucun blessé grave n'a été signalé; but: il préfère ne pas
		return false
	}
	if at(last) == "," && last > 0 && at(last-1) == `"` && i+1 < len(tokens) && startsUpper(tokens[i+1].text) { // ", raconte Karim
		return true
	}
	if coordinating[at(last)] { // , rassemble 200 œuvres
		return determiner[at(i+1)] || startsDigit(at(i+1)) || measuring[at(i+1)]
	}
	if !hasLetter(at(last)) {
		return at(last) == ")" || at(last) == "]"
	}
	if lightVerb[at(last)] || governor[at(last)] || determiner[at(last)] {
		return false
	}
	before := last
	for before >= 0 && (prenominal[at(before)] || strings.HasSuffix(at(before), "ième") || e.lexicon.adjective(at(before)) && !e.lexicon.noun(at(before))) {
		before--
	}
	return before == last || before >= 0 && !determiner[at(before)] && !governor[at(before)]
}

// finiteVerb reports whether a word is a finite verb by its form.
func finiteVerb(w string) bool {
	if auxiliaryForms[w] {
		return true
	}
	if utf8.RuneCountInString(w) < 6 || startsUpper(w) {
		return false
	}
	for _, end := range []string{"ait", "aient", "èrent", "era", "eront"} {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// finite gives what a word may be as a verb in the present, behind a noun.
func (l *Lexicon) finite(e *Engine, w, noun string) []meaning {
	var list []meaning
	add := func(english string, rank int, base string) {
		if !slices.ContainsFunc(list, func(m meaning) bool { return m.english == english }) {
			list = append(list, meaning{english: english, rank: rank, base: base})
		}
	}
	for _, x := range l.forms[w] {
		for k, english := range x.english {
			if x.finite && x.governs == "" {
				add(english, k, "")
			}
		}
	}
	seen := make(map[string]bool)
	for _, v := range l.verbs(e, w, false, "") {
		if !v.lexeme.pronoun && (v.form == person3 || v.form == plain3 && strings.HasSuffix(w, "ent")) && !seen[v.verb] { // the first is the likely one
			seen[v.verb] = true
			switch { // police is plural in English, the United States are not
			case noun == "police":
				add(v.verb, v.rank, v.verb)
			case singular[noun]:
				add(forms(v.verb, e.knows).third, v.rank, v.verb)
			default:
				add(v.english, v.rank, v.verb)
			}
		}
	}
	return list
}

// adjective reports whether a word may be one.
func (l *Lexicon) adjective(w string) bool {
	return l != nil && slices.ContainsFunc(l.forms[w], func(x lexeme) bool { return x.adjective })
}

// noun reports whether a word may be one.
func (l *Lexicon) noun(w string) bool {
	return l != nil && slices.ContainsFunc(l.forms[w], func(x lexeme) bool { return x.noun })
}

// misses reports whether a translation has none of the meanings, of which the first
// word counts, or with last the last one, too.
func (e *Engine) misses(o option, list []meaning, last bool) bool {
	for _, n := range o.words {
		if int(n) >= len(e.table.target) {
			return false
		}
		w := e.table.target[n]
		for _, m := range list {
			if first, _, _ := strings.Cut(m.english, " "); first == w || last && m.english[strings.LastIndexByte(m.english, ' ')+1:] == w {
				return false
			}
		}
	}
	return true
}

var (
	stative        = words("have own know remain want need belong contain include consist be stay love hate hold keep face lack possess")
	singular       = words("états-unis etats-unis unies pays-bas philippines usa")
	auxiliaryForms = words(`a ont est sont avait avaient était étaient sera seront aura auront fut furent doit doivent devait devaient peut peuvent pouvait pouvaient va vont allait
		veut veulent voulait`)
	clauseStart = words(", ; : . ! ? qui que qu' dont où et ou mais car quand lorsque si comme ( )")
	determiner  = words(`le la les l' un une des du au aux ce cet cette ces mon ton son ma ta sa mes tes ses notre votre nos vos leur leurs
		quel quelle quels quelles chaque quelque aucun aucune plusieurs quelques tout toute tous toutes certains certaines deux trois quatre cinq six sept huit neuf dix cent mille`)
	measuring    = words("plus près environ quelque quelques jusqu'")
	coordinating = words(", et mais puis")
	governor     = words(`de d' à en par pour sans sur sous dans chez vers avec contre entre comme que qu' et ou ni mais donc or car si quand lorsque selon après avant
		pendant depuis dès malgré parmi outre hors via voire très plus moins aussi trop assez bien peu tant si y dont où puis soit jusqu' lors afin tel telle il elle ils elles on qui ne n' je tu nous vous se s' lui y`)
	lightVerb = words(`a ont est sont était étaient avait avaient fut sera seront aura auront fait font faire faisant prend prennent prendre pris prenant rend rendent rendre rendu
		tient tiennent tenir tenu met mettent mettre mis donne donnent donner donné porte portent porter porté perd perdre perdu avoir ayant eu être étant été devient
		devenir devenu reste restent rester resté semble semblent crie crier lance lancer fera feront ferait demande demander`)
	prenominal = words(`grand grande petit petite nouveau nouvel nouvelle premier première second seconde dernier dernière bon bonne mauvais mauvaise jeune vieux vieil vieille
		beau bel belle long longue gros grosse haut haute autre même seul seule vrai vraie simple double triple fort forte faux fausse ancien ancienne prochain prochaine propre
		moindre meilleur meilleure pire éventuelle éventuel véritable importante important récente récent vaste brève bref actuelle actuel large énorme immense lourde lourd violente
		violent sévère possible future futur célèbre fameuse fameux lente lent rapide rare réelle réel triste terrible faible juste pleine plein mi demi demie
		précédente précédent principale principal unique forte vive vif légère léger gigantesque spectaculaire puissant puissante massif massive grave sérieux sérieuse
		formidable incroyable superbe magnifique étrange mystérieux mystérieuse modeste profond profonde intense courte ample étroit étroite soudain soudaine sanglante lointain ultime nette net franche franc excellente excellent`)
	noVerb = words(`contre entre outre célèbre violent content résident président excellent négligent couvent affluent influent convergent divergent parent évident ferment serpent présent urgent`)
	// adjectives, and nouns that stand behind others (date limite)
	besideNoun = words(`grave ferme juste double triple libre large droite proche active complète sèche calme vide trouble aveugle sale inquiète diffuse infirme intime légitime
		manifeste pirate prospère propre sombre valide invalide fixe lasse lâche liquide lisse précise rase vague violente présente contente patiente cible cadre pilote limite
		référence source charge piège alerte modèle marche monstre symbole témoin record test type clé étape phare choc surprise vedette cause voile adulte otage suicide
		presse média force`)
)
