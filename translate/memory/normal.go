package memory

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"depeche/translate/quantity"
)

// normal is a text without what typography alone decides: quotation marks,
// apostrophes, dashes, kinds of spaces and the spaces inside French marks.
func normal(text string) string {
	if !norm.NFC.IsNormalString(text) {
		text = norm.NFC.String(text)
	}
	b := make([]byte, 0, len(text))
	space := false
	for i := 0; i < len(text); {
		if c := text[i]; plain[c] {
			if space && b[len(b)-1] != '"' {
				b = append(b, ' ')
			}
			space = false
			b = append(b, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		form := "" // where it is not the character itself
		switch r {
		case '\u00ad', '\u200b', '\u2060', '\ufeff':
			continue
		case '\u2019', '\u2018', '\u02bc':
			r = '\''
		case '\u201c', '\u201d', '\u201e', '«', '»':
			r = '"'
		case '\u2010', '\u2011', '\u2013', '\u2014':
			r = '-'
		case '…':
			r, form = '.', ".."
		}
		if unicode.IsSpace(r) {
			space = len(b) > 0
			continue
		}
		if space && r != ';' && r != ':' && r != '!' && r != '?' && r != '%' && r != '"' && b[len(b)-1] != '"' {
			b = append(b, ' ')
		}
		space = false
		b = utf8.AppendRune(b, r)
		b = append(b, form...)
	}
	return string(b)
}

// plain are the characters that typography leaves as they are.
var plain = func() (is [256]bool) {
	for c := '!'; c < utf8.RuneSelf; c++ {
		is[c] = !strings.ContainsRune(";:!?%\"", c)
	}
	return is
}()

// loose is a normalised text with its numbers and dates as placeables, and
// the numbers themselves in their order. A text without digits has none.
func loose(text string, lang quantity.Lang) (string, []quantity.Token) {
	if !strings.ContainsAny(text, "0123456789") {
		return "", nil
	}
	tokens := quantity.Find(text, lang)
	var b strings.Builder
	end := 0
	var found []quantity.Token
	for _, t := range tokens {
		if !strings.ContainsFunc(text[t.Span.Start:t.Span.End], unicode.IsDigit) || t.Span.Start < end {
			continue
		}
		b.WriteString(text[end:t.Span.Start])
		b.WriteByte('#')
		end = t.Span.End
		found = append(found, t)
	}
	if len(found) == 0 {
		return "", nil
	}
	b.WriteString(text[end:])
	return normal(b.String()), found
}

// base is the language of a tag without region and script: fr-CA and fr share
// their entries.
func base(tag string) string {
	if tag == "fr" || tag == "en" {
		return tag // most are, and parsing is dear
	}
	t, err := language.Parse(strings.ReplaceAll(tag, "_", "-"))
	if err != nil {
		return strings.ToLower(tag)
	}
	b, _ := t.Base()
	return b.String()
}

// hash is a number for some texts; never 0.
func hash(parts ...string) int64 {
	data := make([]byte, 0, 512)
	for _, p := range parts {
		data = append(append(data, p...), 0)
	}
	sum := sha256.Sum256(data)
	n := int64(binary.LittleEndian.Uint64(sum[:]))
	if n == 0 {
		return 1
	}
	return n
}

// words are the words and numbers of a normalised text in lower case, for the
// distance.
func words(normalised string) []string {
	return strings.FieldsFunc(strings.ToLower(normalised), func(r rune) bool {
		if r < utf8.RuneSelf {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9')
		}
		return !inWord(r)
	})
}

// inWord reports whether a character beyond ASCII is part of a word.
func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// distance is the Levenshtein distance in words, or limit+1 if it is more
// than limit.
func distance(a, b []string, limit int) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(a)+1)
	for i := range row {
		row[i] = i
	}
	for j, w := range b {
		diagonal, least := row[0], j+1
		row[0] = j + 1
		for i, v := range a {
			cost := diagonal
			if v != w {
				cost = min(diagonal, row[i], row[i+1]) + 1
			}
			diagonal, row[i+1] = row[i+1], cost
			least = min(least, cost)
		}
		if least > limit {
			return limit + 1
		}
	}
	return row[len(a)]
}

// percent says how close two texts are by their words: 100 less the share of
// words that must change, and at most 99, since the texts are not the same.
func percent(a, b []string, least int) int {
	longest := max(len(a), len(b))
	if longest == 0 {
		return 0
	}
	limit := longest * (100 - least) / 100
	d := distance(a, b, limit)
	if d > limit {
		return 0
	}
	return min(99, 100-(100*d+longest-1)/longest)
}
