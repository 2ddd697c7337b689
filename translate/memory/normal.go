package memory

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"depeche/translate/quantity"
)

// fold maps typographic variants of one character to one form.
var fold = strings.NewReplacer(
	"\u2019", "'", "\u2018", "'", "\u02bc", "'", "\u201c", `"`, "\u201d", `"`, "\u201e", `"`, "«", `"`, "»", `"`,
	"\u2010", "-", "\u2011", "-", "\u2013", "-", "\u2014", "-", "…", "...",
	"\u00ad", "", "\u200b", "", "\u2060", "", "\ufeff", "")

// normal is a text without what typography alone decides: quotation marks,
// apostrophes, dashes, kinds of spaces and the spaces inside French marks.
func normal(text string) string {
	text = fold.Replace(norm.NFC.String(text))
	var b strings.Builder
	b.Grow(len(text))
	space := false
	for _, r := range text {
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if space && !strings.ContainsRune(`;:!?%"`, r) && !strings.HasSuffix(b.String(), `"`) {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// loose is a normalised text with its numbers and dates as placeables, and
// the numbers themselves in their order.
func loose(text string, lang quantity.Lang) (string, []quantity.Token) {
	if !strings.ContainsFunc(text, unicode.IsDigit) {
		return normal(text), nil
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
	b.WriteString(text[end:])
	return normal(b.String()), found
}

// base is the language of a tag without region and script: fr-CA and fr share
// their entries.
func base(tag string) string {
	t, err := language.Parse(strings.ReplaceAll(tag, "_", "-"))
	if err != nil {
		return strings.ToLower(tag)
	}
	b, _ := t.Base()
	return b.String()
}

// hash is a number for a text in a language pair; never 0.
func hash(parts ...string) int64 {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	n := int64(binary.LittleEndian.Uint64(h.Sum(nil)))
	if n == 0 {
		return 1
	}
	return n
}

// words are the words and numbers of a text in lower case, for the distance.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(normal(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)
	})
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
