package marian

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviations end in a full stop that ends no sentence, in French or English.
// Words of one or two letters are never taken for the end of a sentence.
var abbreviations = map[string]bool{
	"apr": true, "art": true, "avr": true, "cap": true, "capt": true, "chap": true, "cie": true, "cne": true, "col": true, "dec": true,
	"déc": true, "env": true, "etc": true, "feb": true, "févr": true, "gal": true, "gen": true, "gov": true, "inc": true, "jan": true,
	"janv": true, "juil": true, "ltd": true, "maj": true, "mgr": true, "mlle": true, "mme": true, "mrs": true, "nov": true, "oct": true,
	"prof": true, "rep": true, "rev": true, "sen": true, "sep": true, "sept": true, "sgt": true, "ste": true, "vol": true,
}

// sentenceEnds is the places in a text behind which another sentence begins:
// the bytes behind the mark and the closing quotation marks that end one.
func sentenceEnds(text string) []int {
	var ends []int
	for i, r := range text {
		if !strings.ContainsRune(".!?…", r) {
			continue
		}
		end := i + utf8.RuneLen(r)
		rest := text[end:]
		for {
			closed := strings.TrimLeft(rest, "”’\"')]")
			if spaced := strings.TrimLeftFunc(closed, unicode.IsSpace); strings.HasPrefix(spaced, "»") {
				closed = spaced[len("»"):]
			}
			if len(closed) == len(rest) {
				break
			}
			rest = closed
		}
		behind := text[:len(text)-len(rest)]
		next := strings.TrimLeftFunc(rest, unicode.IsSpace)
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(next, "«“‘\"'([—–-\u00a0\u202f "))
		if next == "" || len(next) == len(rest) || !unicode.IsUpper(first) && !unicode.IsDigit(first) {
			continue
		}
		if r == '.' {
			word := strings.ToLower(text[strings.LastIndexFunc(text[:i], func(r rune) bool { return !isWord(r) })+1 : i])
			if utf8.RuneCountInString(word) < 3 && !strings.ContainsAny(word, "0123456789") && behind == text[:end] || abbreviations[word] {
				continue
			}
		}
		ends = append(ends, len(behind))
	}
	return slices.Compact(ends)
}

// lostSentence reports whether a part of several sentences has become a
// translation of fewer. Models that were trained on single sentences leave out
// the others at times.
func (p *part) lostSentence() bool {
	ends := sentenceEnds(p.text)
	return len(ends) > 0 && len(sentenceEnds(p.result.text)) < len(ends)
}

// divide replaces the parts of a text that lost sentences by one part for each
// sentence, and returns the new ones.
func (m *Model) divide(t *text, o Options) []*part {
	var all, fresh []*part
	for _, p := range t.parts {
		if !p.lostSentence() {
			all = append(all, p)
			continue
		}
		from := p.start
		for _, end := range append(sentenceEnds(p.text), len(p.text)) {
			to := p.start + end
			if slices.ContainsFunc(t.input.Terms, func(term Term) bool { return term.Start < to && to < term.End }) {
				continue
			}
			one := m.newPart(t.input, from, to, o)
			one.last = p.last && to == p.end
			all, fresh = append(all, one), append(fresh, one)
			from = to
		}
	}
	t.parts = all
	return fresh
}
