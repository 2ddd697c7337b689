// Package dictionary knows French words and expressions that a model has seldom
// seen, with their English: two phrasebooks and a lexicon that inflects on both
// sides, written for this program. The offline engine asks it for what a
// translation lacks.
package dictionary

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"depeche/segment"
)

//go:embed phrasebook.txt
var news string

//go:embed general.txt
var general string

//go:embed lexicon.txt
var lexicon string

// Dictionary is what Open gives: the phrasebooks and the lexicon in the program.
type Dictionary struct {
	phrases *Phrasebook
	words   *Lexicon
}

// Open reads the dictionary once; all callers share it.
var Open = sync.OnceValues(func() (*Dictionary, error) {
	d := &Dictionary{}
	var group errgroup.Group
	group.Go(func() (err error) {
		d.phrases, err = ReadPhrasebook(news, general)
		return err
	})
	group.Go(func() (err error) {
		d.words, err = ReadLexicon(lexicon)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return d, nil
})

// Kind says where an Entry is from.
type Kind int

// The kinds of entries.
const (
	Phrase Kind = iota // words that belong together
	Word
	Name // an acronym, or a word with a capital, that the dictionary does not have
)

// Entry is a part of a French text with the English for it.
type Entry struct {
	Kind    Kind
	Span    segment.Span
	English []string // the best first
}

// Find gives the entries for a text in order, the longest at each place; they do
// not overlap. A name's English is the name.
func (d *Dictionary) Find(text string) []Entry {
	tokens := tokenize(text)
	low := make([]string, len(tokens))
	for i, t := range tokens {
		low[i] = strings.ToLower(t.text)
	}
	var list []Entry
	put := func(kind Kind, i, j int, english []string) int {
		list = append(list, Entry{kind, segment.Span{Start: tokens[i].start, End: tokens[j-1].end}, english})
		return j
	}
	word := func(i, j int, found []meaning) int { return put(Word, i, j, ranked(found)) }
	for i := 0; i < len(tokens); {
		w := low[i]
		if end, english := d.phrase(low, i); end > 0 {
			i = put(Phrase, i, end, english)
			continue
		}
		if i+1 < len(low) {
			if pronouns[w] {
				if found := d.words.find(low[i+1], true); len(found) > 0 {
					i = word(i, i+2, found)
					continue
				}
			}
			if found := d.words.verbs(w, false, low[i+1]); len(found) > 0 {
				i = word(i, i+2, found)
				continue
			}
		}
		switch found := d.word(tokens[i].text, w); {
		case utf8.RuneCountInString(w) < 3 && w == tokens[i].text || !startsWord(w):
			i++
		case len(found) > 0:
			i = word(i, i+1, found)
		case name(tokens, i):
			if english, ok := d.compound(tokens[i].text); ok {
				i = put(Phrase, i, i+1, []string{english})
				break
			}
			i = put(Name, i, i+1, []string{tokens[i].text})
		default:
			i++
		}
	}
	return list
}

// pronouns stand before a verb that has one of its own.
var pronouns = map[string]bool{"se": true, "s'": true}

// begins reports whether a word that follows a token may have its capital for its place.
func begins(before string) bool {
	switch before {
	case ".", "!", "?", ":", "...", `"`, "-":
		return true
	}
	return false
}

// name reports whether a token that the dictionary does not have is a name: an
// acronym, or a word with a capital that does not begin a sentence.
func name(tokens []token, i int) bool {
	w := tokens[i].text
	first, _ := utf8.DecodeRuneInString(w)
	if !unicode.IsUpper(first) {
		return false
	}
	if strings.ToUpper(w) == w {
		return utf8.RuneCountInString(w) > 1 && !strings.HasSuffix(w, "'")
	}
	return i > 0 && !begins(tokens[i-1].text)
}

// compound is the English for two names with a hyphen between them, one of which is
// another in English: Obama-Poutine.
func (d *Dictionary) compound(w string) (string, bool) {
	parts := strings.Split(w, "-")
	if len(parts) != 2 {
		return "", false
	}
	changed := false
	for k, p := range parts {
		if r, _ := utf8.DecodeRuneInString(p); !unicode.IsUpper(r) {
			return "", false
		}
		low := strings.ToLower(p)
		if s := d.phrases.section(low); s != nil && len(s.idioms[low]) > 0 {
			english := s.idioms[low][0].english
			r, _ := utf8.DecodeRuneInString(english)
			changed = changed || unicode.IsUpper(r) && english != p
			parts[k] = english
		}
	}
	return strings.Join(parts, "-"), changed
}

// phrase is the longest phrase at token i: the token behind it, 0 without one. A
// number is itself or, once, any number.
func (d *Dictionary) phrase(low []string, i int) (end int, english []string) {
	try := func(at int, number string) {
		word := func(j int) string {
			if j == at {
				return "#"
			}
			return low[j]
		}
		key := word(i)
		s := d.phrases.section(key)
		for j := i + 1; s != nil && j < len(low) && j-i < s.longest; j++ {
			key += " " + word(j)
			if found := s.idioms[key]; len(found) > 0 && j >= end {
				end, english = j+1, nil
				for _, f := range found {
					english = append(english, strings.Replace(f.english, "#", number, 1))
				}
			}
		}
	}
	try(-1, "")
	for at := i; at < min(len(low), i+longestPhrase); at++ {
		if number, ok := plainNumber(low[at]); ok {
			try(at, number)
		}
	}
	return end, english
}

// longestPhrase is how far a number is looked for, in tokens.
const longestPhrase = 8

// plainNumber is the English form of a small number, with decimals or without, and
// whether the word is one.
func plainNumber(w string) (string, bool) {
	whole, decimals, _ := strings.Cut(w, ",")
	return strings.Replace(w, ",", ".", 1), 0 < len(whole) && len(whole) < 4 && strings.Trim(whole+decimals, "0123456789") == "" && !strings.HasSuffix(w, ",")
}

// word is what the phrasebooks and the lexicon have for one word.
func (d *Dictionary) word(w, low string) []meaning {
	var list []meaning
	if s := d.phrases.section(low); s != nil {
		for _, f := range s.idioms[low] {
			list = append(list, meaning{f.english, f.rank - len(s.idioms[low]), 0})
		}
	}
	found := d.words.find(low, false)
	if len(found) == 0 {
		found = d.words.find(w, false)
	}
	return append(list, found...)
}

// ranked are the English of meanings, the likely ones first, each once.
func ranked(list []meaning) (english []string) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b meaning) int { return cmp.Compare(a.rank+3*a.less, b.rank+3*b.less) })
	for _, m := range list {
		if !slices.Contains(english, m.english) {
			english = append(english, m.english)
		}
	}
	return english
}

// In reports whether a translation has one of the entry's English forms, or
// words that begin like it.
func (e Entry) In(translation string) bool {
	if e.Kind == Name {
		return strings.Contains(translation, e.English[0])
	}
	words := lettersOf(translation)
	whole := " " + strings.Join(words, " ") + " "
	return slices.ContainsFunc(e.English, func(english string) bool {
		form := lettersOf(english)
		if exact := " " + strings.Join(form, " "); strings.Contains(whole, exact+" ") || strings.Contains(whole, exact+"s ") {
			return true
		}
		long := false
		for _, w := range form {
			if len(w) <= stem {
				continue // a word like of, which stands everywhere
			}
			long = long || len(w) > 4 // year on year, up in arms: words that stand everywhere
			beginning := w[:min(len(w), max(stem+1, len(w)-stem))]
			if !slices.ContainsFunc(words, func(x string) bool { return strings.HasPrefix(x, beginning) }) {
				return false
			}
		}
		return long
	})
}

// lettersOf are the words and numbers of a text in small letters.
func lettersOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// stem is what may change at the end of a word, in bytes.
const stem = 3
