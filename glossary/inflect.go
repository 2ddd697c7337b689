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

// ending turns one form of a word into another: cut bytes go, add comes.
type ending struct {
	cut int
	add string
}

func (e ending) of(w string) string { return w[:len(w)-e.cut] + e.add }

// makes reports whether text is the form of the word that has the ending and
// more behind it. Most texts are not, and their last letter says so.
func (e ending) makes(w, more, text string) bool {
	last := e.add + more
	if last == "" {
		return agree(w[:len(w)-e.cut], text)
	}
	if c := text[len(text)-1]; c < utf8.RuneSelf && c != '.' && asciiWord[c] != last[len(last)-1] {
		return false
	}
	return agree(w[:len(w)-e.cut]+last, text)
}

// inflected reports whether text is another form of the entry's word, and its
// number relative to it. Nouns take their plural, adjectives and words for
// persons their feminine too; a feminine never gives a masculine ("armée" is
// not "armé").
func inflected(w, text, pos string) (number, bool) {
	if len(w) < 3 || text == "" || allCaps(w) {
		return same, false
	}
	for _, e := range plurals(w) {
		if e.makes(w, "", text) {
			return plural, true
		}
	}
	for _, e := range singulars(w) {
		if e.makes(w, "", text) && !looksAlike(w) {
			return singular, true
		}
	}
	if last := text[len(text)-1] | 0x20; last == 'e' || last == 's' || last >= utf8.RuneSelf {
		for _, e := range feminines(w, pos) {
			if e.makes(w, "", text) {
				return same, true
			}
			if e.makes(w, "s", text) {
				return plural, true
			}
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

// The endings of plurals.
var (
	pluralS    = []ending{{0, "s"}}
	pluralAux  = []ending{{2, "aux"}, {0, "s"}}
	pluralAil  = []ending{{3, "aux"}, {0, "s"}}
	pluralAils = []ending{{0, "s"}, {3, "aux"}}
	pluralX    = []ending{{0, "x"}, {0, "s"}}
	pluralOu   = []ending{{0, "s"}, {0, "x"}}

	singularX   = []ending{{1, ""}}
	singularAux = []ending{{3, "al"}, {3, "ail"}, {1, ""}}
)

// plurals gives what makes the plural of a French word in the singular, the
// likely one first.
func plurals(w string) []ending {
	end := func(s string) bool { return strings.HasSuffix(w, s) }
	switch {
	case end("s"), end("x"), end("z"):
		return nil
	case end("al"):
		if !plainS[fold(w)] {
			return pluralAux
		}
	case end("ail"):
		if ailAux[fold(w)] {
			return pluralAil
		}
		return pluralAils
	case end("au"), end("eu"):
		if !plainS[fold(w)] {
			return pluralX
		}
	case end("ou"):
		return pluralOu
	}
	return pluralS
}

// invariable nouns look alike in both numbers; most end like plurals and are none.
var invariable = wordSet(`cours mois pays fois bras corps temps repas tapis avis palais puis dans sous sans hors vers plus moins tres apres pres des prix croix voix
choix paix deux cessez-le-feu laissez-passer abus acces succes progres proces deces congres refus discours secours recours concours parcours colis permis sursis
compromis engrais rabais relais marais bois puits poids os dos cas pas bas gaz nez riz taux faux heureux creux chaos virus campus
obus blocus bus autobus minibus processus consensus fils heros fonds bourgeois epoux flux afflux reflux jus propos repos mepris debris devis exces
remords univers revers tiers envers travers enclos fracas matelas embarras verglas acquis croquis logis taudis paradis radis radius lynx index latex silex crucifix
toux noix courroux houx quiz jazz atlas bonus malus cursus terminus rictus stimulus papyrus cactus typhus talus remous dessous dessus canevas trepas appas ours velours
versus commis vernis parvis chassis glacis lys iris anis pancreas ananas biceps laps legs mets`)

// unchanging are the first parts of compounds whose last word is a plural in
// both numbers: "un porte-avions", "des sans-papiers".
var unchanging = wordSet(`porte lance sans casse garde gratte brise coupe essuie compte passe pare tire trouble vide perce ouvre abat chasse cure presse lave hors cessez laissez
rendez croque tue attrape serre cache amuse allume taille remue chauffe rince pese leve repose`)

// looksAlike reports whether a noun looks alike in both numbers, so that what
// stands before it must say which it is.
func looksAlike(noun string) bool {
	f := fold(noun)
	if first, rest, ok := strings.Cut(f, "-"); ok && unchanging[first] && strings.TrimRight(rest, "sxz") != rest {
		return true
	}
	return invariable[f]
}

// singulars gives what makes the singular of a French word in the plural, if
// it is no invariable one.
func singulars(w string) []ending {
	end := func(s string) bool { return strings.HasSuffix(w, s) }
	if !end("s") && !end("aux") && !end("eux") && !end("oux") || end("ss") || utf8.RuneCountInString(w) < 5 {
		return nil
	}
	if end("aux") && !end("eaux") {
		return singularAux
	}
	return singularX
}

// person endings of nouns whose feminine means the same.
var person = []string{"ant", "ent", "ien", "éen", "eur", "ais", "ois", "ier", "icain", "iste", "ché", "lié", "gié", "puté", "cat", "idat", "ard", "oire"}

// feminineEndings say what makes the feminine of words by their ends.
var feminineEndings = []struct {
	end    string
	become []ending
}{
	{"teur", []ending{{4, "trice"}, {1, "se"}}},
	{"eur", []ending{{1, "se"}, {0, "e"}}},
	{"eux", []ending{{1, "se"}}},
	{"if", []ending{{1, "ve"}}},
	{"er", []ending{{2, "ère"}}},
	{"en", []ending{{0, "ne"}}},
	{"on", []ending{{0, "ne"}}},
	{"el", []ending{{0, "le"}}},
	{"et", []ending{{0, "te"}, {2, "ète"}}},
	{"c", []ending{{0, "he"}, {1, "que"}}},
	{"", []ending{{0, "e"}}},
}

// feminines gives what makes the feminine, in the singular, of a masculine word.
func feminines(w, pos string) []ending {
	if strings.HasSuffix(w, "e") || pos != "adjective" && !slices.ContainsFunc(person, func(e string) bool { return strings.HasSuffix(w, e) }) {
		return nil
	}
	i := slices.IndexFunc(feminineEndings, func(f struct {
		end    string
		become []ending
	}) bool {
		return strings.HasSuffix(w, f.end)
	})
	return feminineEndings[i].become
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

// irregular plurals of English, by the last word; those that look alike in both
// numbers or have one only stand for themselves.
var irregular = func() map[string]string {
	m := make(map[string]string)
	for _, w := range strings.Fields(`child:children person:people wife:wives knife:knives life:lives half:halves thief:thieves wolf:wolves leaf:leaves shelf:shelves
foot:feet tooth:teeth mouse:mice criterion:criteria phenomenon:phenomena
children people police personnel staff military media men women aircraft spacecraft series species cattle data criteria Swiss sheep`) {
		one, many, ok := strings.Cut(w, ":")
		if !ok {
			many = one
		}
		m[one] = many
	}
	return m
}()

// Plural gives the English plural of a noun or noun phrase.
func Plural(s string) string {
	head, rest := s, ""
	for _, p := range []string{" of ", " for ", " in ", " to ", " at ", " on ", " from ", " with ", " without ", " against "} {
		if i := strings.Index(head, p); i > 0 {
			head, rest = s[:i], s[i:]
		}
	}
	cut := strings.LastIndexAny(head, " -") + 1
	end := func(e ...string) bool {
		return slices.ContainsFunc(e, func(x string) bool { return strings.HasSuffix(head, x) })
	}
	switch many := irregular[head[cut:]]; {
	case many != "":
		return head[:cut] + many + rest
	case end("ese"):
		return s
	case end("sis", "xis"):
		return strings.TrimSuffix(head, "is") + "es" + rest
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

// FrenchPlural gives the plural of a French noun or adjective in the singular.
func FrenchPlural(w string) string {
	if list := plurals(w); len(list) > 0 {
		return list[0].of(w)
	}
	return w
}

// FrenchFeminines gives the feminine forms, in the singular, that a French
// adjective in the masculine may have.
func FrenchFeminines(w string) []string {
	var list []string
	for _, e := range feminines(w, "adjective") {
		list = append(list, e.of(w))
	}
	return list
}
