package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// starter says how surely a word with a capital begins a sentence where an
// abbreviation or an initial stands before it.
type starter uint8

const (
	_ starter = iota // none
	// particle begins a name as well as a sentence: "Le Pen", "Le président".
	particle
	// title stands before names: "M. Dupont", but "S.E. M. Dupont".
	title
	// sure begins a sentence: "Il", "Cette".
	sure
)

// starters are the words, in lower case, that French sentences begin with and
// names hardly do.
var starters = starterTable(
	`le la les l de du des d`,
	`il elle ils elles on nous vous je j tu ce cet cette ces c ça cela ceci celui celle ceux celles
	un une mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs
	mais et ou or donc car ni puis ensuite enfin alors ainsi aussi cependant pourtant toutefois néanmoins
	selon dans en à a au aux pour par sur sous avec sans chez depuis pendant après avant lors lorsque lorsqu quand
	s si comme parce que qu qui quoi quel quelle quels quelles quelque quelques comment combien pourquoi où dont
	n ne pas plus moins tout tous toute toutes chaque plusieurs certains certaines aucun aucune rien personne beaucoup
	hier aujourd demain lundi mardi mercredi jeudi vendredi samedi dimanche
	contre entre vers malgré face outre parmi grâce dès jusqu jusque durant suite concernant
	oui non voici voilà même déjà bien très trop peu autre autres certes soit quant tandis puisque puisqu
	interrogé interrogée interrogés début fin deux trois quatre cinq six sept huit neuf dix
	là ici ailleurs auparavant désormais parallèlement afin y`)

func starterTable(particles, others string) map[string]starter {
	t := map[string]starter{"m": title, "mm": title, "mme": title, "mmes": title, "mlle": title, "me": title, "mgr": title, "dr": title}
	for _, w := range strings.Fields(particles) {
		t[w] = particle
	}
	for _, w := range strings.Fields(others) {
		t[w] = sure
	}
	return t
}

// startsSentence looks at the word at the start of text, a capital before it
// or not. Names may follow a particle: with it, "Le Pen" is none, "Le
// président" is.
func startsSentence(text string, names bool) bool {
	var buf [24]byte
	w, n := foldWord(text, buf[:0])
	switch starters[string(w)] {
	case sure:
		return true
	case title:
		return !names
	case particle:
		if !names {
			return true
		}
		t := text[n:]
		for len(t) > 0 {
			r, k := utf8.DecodeRuneInString(t)
			if !unicode.IsSpace(r) && r != '\'' && r != '’' {
				break
			}
			t = t[k:]
		}
		r, _ := utf8.DecodeRuneInString(t)
		return !unicode.IsUpper(r)
	}
	return false
}

// foldWord appends the word at the start of text to buf in lower case, as far
// as it fits, and gives its length in bytes.
func foldWord(text string, buf []byte) ([]byte, int) {
	i := 0
	for i < len(text) && len(buf)+2 <= cap(buf) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z':
			buf = append(buf, c)
		case 'A' <= c && c <= 'Z':
			buf = append(buf, c|0x20)
		case c == 0xC3 && i+1 < len(text):
			i++
			buf = append(buf, c, foldC3(text[i]))
		case c == 0xC5 && i+1 < len(text): // œ
			i++
			buf = append(buf, c, text[i]|1)
		default:
			return buf, i
		}
		i++
	}
	return buf, i
}

// foldC3 gives the second byte of the lower-case form of a letter U+00C0 to
// U+00FF, in UTF-8, from the second byte of either form.
func foldC3(c byte) byte {
	if 0x80 <= c && c <= 0x9E && c != 0x97 {
		return c + 0x20
	}
	return c
}
