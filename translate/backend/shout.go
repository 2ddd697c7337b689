package backend

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"depeche/translate/dictionary"
)

var (
	reLetters = regexp.MustCompile(`\pL+`)
	// reNeutral are words that have small letters in a headline of capitals, too: 2e, Ve, 3 Md€.
	reNeutral = regexp.MustCompile(`^(?:[IVXLC]+(?:e|er|re|ème)|Mds?|k|km|h|min|e|er|re|ème|nd|nde)$`)
)

// reArticle begins what may be a paper's name.
var reArticle = regexp.MustCompile(`^(?:LE|LA|LES)\b|^L['’]`)

// leastShouted is how many ordinary words in capitals in a row, within a text that
// has others, are a headline; one less is enough where no article begins it, since LE MONDE is none.
const leastShouted = 3

// whisper writes what is all capitals in small letters, of which the model has seen far
// more, but for what seems to be a name or an acronym: the whole text, or a part that is
// no name either. shouted is whether it was the whole. The text keeps its length.
func (g guided) whisper(text string) (said string, shouted bool) {
	words := reLetters.FindAllStringIndex(text, -1)
	b := []byte(text)
	for i := 0; i < len(words); {
		from, letters, ordinary := i, 0, 0
		for ; i < len(words); i++ {
			word := text[words[i][0]:words[i][1]]
			if strings.ToUpper(word) == word {
				letters += utf8.RuneCountInString(word)
				if utf8.RuneCountInString(word) > 1 && g.Pieces(strings.ToLower(word)) == 1 {
					ordinary++
				}
			} else if !reNeutral.MatchString(word) {
				break
			}
		}
		run := words[from:i]
		whole := len(run) == len(words)
		if whole && letters > 4 || ordinary >= leastShouted || ordinary == leastShouted-1 && letters > 6 && !reArticle.MatchString(text[words[from][0]:]) {
			g.lower(b, text, run)
			shouted = whole
		}
		if i == from {
			i++
		}
	}
	return string(b), shouted
}

// lower writes the words of a run of capitals in small letters.
func (g guided) lower(b []byte, text string, run [][]int) {
	for k, at := range run {
		word := text[at[0]:at[1]]
		small := strings.ToLower(word)
		if len(small) != len(word) || strings.ToUpper(word) != word {
			continue
		}
		_, size := utf8.DecodeRuneInString(word)
		name := word[:size] + small[size:]
		switch pieces, letters := g.Pieces(small), utf8.RuneCountInString(word); {
		case k == 0, g.Pieces(name) < pieces: // Bagdad
			copy(b[at[0]:], name)
		case letters > 1 && letters < 5 && pieces > 1 && !strings.ContainsAny(word, "ÀÂÇÉÈÊËÎÏÔŒÙÛÜ") && !g.word(small):
			// an acronym
		case letters > 4 && pieces > 1 && g.Pieces(name) <= pieces+1 && !g.word(small): // Raqqa
			copy(b[at[0]:], name)
		default:
			copy(b[at[0]:], small)
		}
	}
}

// word reports whether a word in small letters seems to be one, and no name.
func (g guided) word(small string) bool {
	for _, end := range []string{"ent", "ait", "er", "ez", "ée", "és", "ées", "ement", "tion", "tions"} {
		if strings.HasSuffix(small, end) {
			return true
		}
	}
	return slices.ContainsFunc(g.dictionary.Find(small), func(e dictionary.Entry) bool { return e.Kind == dictionary.Word && e.Span.Len() == len(small) })
}
