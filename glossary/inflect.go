package glossary

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// reduce cuts a folded word down to what its inflected forms have in common:
// plural and feminine endings go. It is coarse on purpose ("marche" and
// "marché" fall together): a match is looked at closely afterwards. It is
// our own, not a stemmer's, because a stemmer throws "Russie" and "russe" or
// "islam" and "islamique" together and because it runs on every word of every
// text. It works in place.
func reduce(w []byte) []byte {
	for len(w) > 3 {
		n := len(w)
		switch w[n-1] {
		case 's', 'x', 'e':
			w = w[:n-1]
			continue
		}
		break
	}
	n := len(w)
	if n < 4 {
		return w
	}
	switch last := w[n-1]; {
	case last == w[n-2] && (last == 'n' || last == 'l' || last == 't'): // bonne, quelle, nette
		return w[:n-1]
	case last == 'u' && w[n-2] == 'a' && w[n-3] != 'e': // nationaux
		w[n-1] = 'l'
	case last == 'l' && w[n-2] == 'i' && w[n-3] == 'a': // travail, travaux
		w[n-2] = 'l'
		return w[:n-1]
	case last == 'v': // active
		w[n-1] = 'f'
	case last == 'r' && w[n-2] == 'u' && w[n-3] == 'e': // vendeur, vendeuse
		return w[:n-1]
	case n > 5 && last == 'c' && w[n-2] == 'i' && w[n-3] == 'r' && w[n-4] == 't': // actrice
		w[n-3], w[n-2] = 'e', 'u'
		return w[:n-1]
	}
	return w
}

// number of a French form against the entry's own.
type number int8

const (
	same number = iota
	plural
	singular
)

// inflected reports whether text is a form of the entry's word, and its number
// relative to it. Nouns take their plural, adjectives and words for persons
// their feminine too; a feminine never gives a masculine ("armée" is not
// "armé").
func inflected(word, text, pos string) (number, bool) {
	if agree(word, text) {
		return same, true
	}
	w := word
	if len(w) < 3 || allCaps(w) {
		return same, false
	}
	for _, f := range plurals(w) {
		if agree(f, text) {
			return plural, true
		}
	}
	for _, f := range singulars(w) {
		if agree(f, text) {
			return singular, true
		}
	}
	for _, f := range feminines(w, pos) {
		if agree(f, text) {
			return same, true
		}
		if agree(f+"s", text) {
			return plural, true
		}
	}
	if pos == "verb" && slices.ContainsFunc(conjugated(w), func(f string) bool { return agree(f, text) }) {
		return same, true
	}
	return same, false
}

// Words with a plural that others of their ending do not have.
var (
	plainS = wordSet("bleu pneu landau sarrau bal carnaval festival chacal recital regal naval fatal final banal natal bancal glacial")
	ailAux = wordSet("travail bail corail email soupirail vitrail vantail ventail")
)

// plurals gives the plural forms of a French word in the singular, the likely
// one first.
func plurals(w string) []string {
	switch {
	case strings.HasSuffix(w, "s"), strings.HasSuffix(w, "x"), strings.HasSuffix(w, "z"):
		return nil
	case plainS[fold(w)]:
		return []string{w + "s"}
	case strings.HasSuffix(w, "al"):
		return []string{w[:len(w)-2] + "aux", w + "s"}
	case ailAux[fold(w)]:
		return []string{w[:len(w)-3] + "aux", w + "s"}
	case strings.HasSuffix(w, "ail"):
		return []string{w + "s", w[:len(w)-3] + "aux"}
	case strings.HasSuffix(w, "au"), strings.HasSuffix(w, "eu"):
		return []string{w + "x", w + "s"}
	case strings.HasSuffix(w, "ou"):
		return []string{w + "s", w + "x"}
	}
	return []string{w + "s"}
}

// invariable nouns look alike in both numbers; most end like plurals and are none.
var invariable = wordSet(`cours mois pays fois bras corps temps repas tapis avis palais puis dans sous sans hors vers plus moins tres apres pres des prix croix voix
choix paix deux cessez-le-feu laissez-passer abus acces succes progres proces deces congres refus discours secours recours concours parcours colis permis sursis
compromis engrais rabais relais marais bois mois puits poids os dos cas pas bas gaz nez riz taux faux heureux creux chaos virus campus`)

// singulars gives the singular forms of a French word in the plural.
func singulars(w string) []string {
	if utf8.RuneCountInString(w) < 5 || invariable[fold(w)] || strings.HasSuffix(w, "ss") {
		return nil
	}
	switch {
	case strings.HasSuffix(w, "eaux"), strings.HasSuffix(w, "eux"), strings.HasSuffix(w, "oux"):
		return []string{w[:len(w)-1]}
	case strings.HasSuffix(w, "aux"):
		return []string{w[:len(w)-3] + "al", w[:len(w)-3] + "ail", w[:len(w)-1]}
	case strings.HasSuffix(w, "s"):
		return []string{w[:len(w)-1]}
	}
	return nil
}

// person endings of nouns whose feminine means the same.
var person = []string{"ant", "ent", "ien", "éen", "eur", "ais", "ois", "ier", "icain", "iste", "ché", "lié", "gié", "puté", "cat", "idat", "ard", "oire"}

// feminines gives the feminine forms in the singular of a masculine word.
func feminines(w, pos string) []string {
	if pos != "adjective" && !slices.ContainsFunc(person, func(e string) bool { return strings.HasSuffix(w, e) }) || strings.HasSuffix(w, "e") {
		return nil
	}
	cut := func(end, by string) string { return strings.TrimSuffix(w, end) + by }
	switch {
	case strings.HasSuffix(w, "teur"):
		return []string{cut("teur", "trice"), cut("r", "se")}
	case strings.HasSuffix(w, "eur"):
		return []string{cut("r", "se"), w + "e"}
	case strings.HasSuffix(w, "eux"):
		return []string{cut("x", "se")}
	case strings.HasSuffix(w, "if"):
		return []string{cut("f", "ve")}
	case strings.HasSuffix(w, "er"):
		return []string{cut("er", "ère")}
	case strings.HasSuffix(w, "en"), strings.HasSuffix(w, "on"):
		return []string{w + w[len(w)-1:] + "e"}
	case strings.HasSuffix(w, "el"), strings.HasSuffix(w, "et"):
		return []string{w + w[len(w)-1:] + "e", cut("et", "ète")}
	case strings.HasSuffix(w, "c"):
		return []string{w + "he", cut("c", "que")}
	}
	return []string{w + "e"}
}

var endings = map[string][]string{
	"er": strings.Fields("e es ons ez ent é ée és ées ant ais ait ions iez aient ai as a âmes èrent erai eras era erons erez eront erais erait erions eriez eraient"),
	"ir": strings.Fields("is it issons issez issent i ie ies ant issant issais issait issaient irent irai ira irons iront irait iraient"),
	"re": strings.Fields("s ons ez ent u ue us ues ant ais ait aient it irent rai ra rons ront rait raient"),
}

// conjugated gives the forms of a regular French verb in the infinitive.
func conjugated(w string) []string {
	for _, group := range []string{"er", "ir", "re"} {
		if stem, ok := strings.CutSuffix(w, group); ok {
			list := make([]string, 0, 40)
			for _, e := range endings[group] {
				list = append(list, stem+e)
				// mangeons, annonçons
				if e[0] == 'a' || e[0] == 'o' || strings.HasPrefix(e, "â") {
					if strings.HasSuffix(stem, "g") {
						list = append(list, stem+"e"+e)
					} else if s, ok := strings.CutSuffix(stem, "c"); ok {
						list = append(list, s+"ç"+e)
					}
				}
			}
			if group == "re" {
				list = append(list, stem)
			}
			return list
		}
	}
	return nil
}

// pluralize gives the regular English plural of a noun or noun phrase.
func pluralize(s string) string {
	head, rest := s, ""
	for _, p := range []string{" of ", " for ", " in ", " to "} {
		if i := strings.Index(s, p); i > 0 {
			head, rest = s[:i], s[i:]
			break
		}
	}
	end := func(e ...string) bool {
		return slices.ContainsFunc(e, func(x string) bool { return strings.HasSuffix(head, x) })
	}
	switch {
	case end("s") && !end("ss", "us", "is"):
		return s
	case end("man") && !end("human", "german", "German"):
		return strings.TrimSuffix(head, "man") + "men" + rest
	case end("y") && !end("ay", "ey", "oy", "uy"):
		return strings.TrimSuffix(head, "y") + "ies" + rest
	case end("s", "x", "z", "ch", "sh"):
		return head + "es" + rest
	}
	return head + "s" + rest
}
