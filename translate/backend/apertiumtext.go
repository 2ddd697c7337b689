package backend

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// apertiumReserved are the characters that Apertium's stream format gives a
// meaning (https://wiki.apertium.org/wiki/Apertium_stream_format).
const apertiumReserved = `\[]{}^$/@<>`

// deformat writes a text in Apertium's stream format: reserved characters
// escaped, letters composed, apostrophes as its dictionaries have them. A text
// without a final stop (a headline) gets one, marked by an empty superblank,
// because the tagger was trained on sentences; reformat takes it off again.
func deformat(text string) string {
	text = strings.NewReplacer("\x00", "", "’", "'", "\u00a0", " ", "\u202f", " ").Replace(norm.NFC.String(text))
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(apertiumReserved, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	if !stopped(text) {
		b.WriteString(".")
	}
	// Without anything between the last word and the NUL, lttoolbox 3.7 drops
	// a final stop and then never answers.
	b.WriteString("[]\n")
	return b.String()
}

// stopped reports whether a text ends with a sentence's stop, closing quotes
// and brackets aside.
func stopped(text string) bool {
	text = strings.TrimRightFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("\"'»”’)]", r)
	})
	return text == "" || strings.ContainsRune(".!?…:;", []rune(text)[len([]rune(text))-1])
}

// reformat is the text of an answer in stream format: escapes and the stop
// that deformat added removed, the double spaces closed that the transfer
// leaves where it dropped a word, and the first letter as in the source.
func reformat(source, answer string) string {
	answer = strings.TrimSuffix(strings.TrimSpace(answer), "[]")
	if !stopped(source) {
		answer = strings.TrimSuffix(answer, ".")
	}
	var b strings.Builder
	escaped, space := false, false
	for _, r := range answer {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
			continue
		}
		if r == ' ' {
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return sentenceCase(source, strings.TrimSpace(b.String()))
}

// sentenceCase gives the first letter of target the case that the first
// letter of source has, if that is a capital: a word that moved to the front
// arrives in small letters.
func sentenceCase(source, target string) string {
	first := func(s string) (rune, int) {
		for i, r := range s {
			if unicode.IsLetter(r) {
				return r, i
			}
			if unicode.IsDigit(r) {
				break
			}
		}
		return 0, -1
	}
	if r, _ := first(source); !unicode.IsUpper(r) {
		return target
	}
	r, i := first(target)
	if i < 0 || !unicode.IsLower(r) {
		return target
	}
	return target[:i] + string(unicode.ToUpper(r)) + target[i+len(string(r)):]
}

// reformatPlain is reformat for an answer without escapes.
func reformatPlain(source, answer string) string {
	return sentenceCase(source, strings.Join(strings.FieldsFunc(answer, func(r rune) bool { return r == ' ' }), " "))
}
