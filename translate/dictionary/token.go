package dictionary

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word or a mark of the source.
type token struct {
	text       string // normalised: straight quotes and apostrophes, plain dashes
	start, end int    // bytes in the source
}

// plain maps typographic variants to what the tables know.
var plain = strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`,
	"–", "-", "—", "-", "…", "...", "\u00ad", "")

// tokenize cuts French text as the tables were made: numbers with their
// points and commas, words with their hyphens, elided words with their
// apostrophe, marks one by one.
func tokenize(text string) []token {
	var list []token
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		j := i + size
		switch {
		case unicode.IsSpace(r) || r == 0xad:
			i = j
			continue
		case isDigit(r):
			j = digits(text, i)
		case isWord(r):
			j = word(text, i)
			if a := apostrophe(text[j:]); a > 0 && startsWord(text[j+a:]) {
				j += a
				break
			}
			for j < len(text) && text[j] == '-' && startsWord(text[j+1:]) {
				j = word(text, j+1)
			}
		case strings.HasPrefix(text[i:], "..."):
			j = i + 3
		}
		list = append(list, token{text: plain.Replace(text[i:j]), start: i, end: j})
		i = j
	}
	return list
}

// wordsOf are the words and marks of a text.
func wordsOf(text string) []string {
	var list []string
	for _, t := range tokenize(text) {
		list = append(list, t.text)
	}
	return list
}

func isDigit(r rune) bool { return unicode.IsDigit(r) }

// isWord is a letter, or another sign that stands in words (²).
func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.No, r) }

func word(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !isWord(r) && r != 0xad && !unicode.Is(unicode.Mn, r) {
			break
		}
		i += size
	}
	return i
}

func startsWord(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return isWord(r)
}

func apostrophe(text string) int {
	switch {
	case strings.HasPrefix(text, "'"):
		return 1
	case strings.HasPrefix(text, "’"):
		return len("’")
	}
	return 0
}

// digits gives the end of a number; thousands may be set apart by a space
// that does not break.
func digits(text string, i int) int {
	run := func(i int) int {
		for i < len(text) {
			r, size := utf8.DecodeRuneInString(text[i:])
			if !isDigit(r) {
				break
			}
			i += size
		}
		return i
	}
	for i = run(i); i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		j := run(i + size)
		if (r == '.' || r == ',') && j > i+size || (r == 0xa0 || r == 0x202f) && j == i+size+3 {
			i = j
			continue
		}
		break
	}
	return i
}
