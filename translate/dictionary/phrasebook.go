package dictionary

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// A phrasebook holds idioms that a model has not seen, or not in this sense. It is a
// text file, an entry a line:
//
//	# a comment
//	mis/mise en examen = charged
//	il y a # semaines = # weeks ago
//	bilan = toll | balance sheet
//
// A slash parts forms of one French word, # is a number, and a bar parts English
// alternatives, the best first. A last de stands for d', du and des, too, and a last
// à for au and aux. What stands at the beginning of a sentence may have a capital.

// idiom is one way to translate a phrase of a phrasebook.
type idiom struct {
	english string // # is the number
	rank    int    // among the alternatives
}

// Phrasebook is what ReadPhrasebook read: its entries by the first word of their
// forms. Most are never needed, so that a section is read when its word turns up.
type Phrasebook struct{ sections map[string]*section }

// section holds the entries with a form that begins with one word.
type section struct {
	lines   []string
	read    sync.Once
	idioms  map[string][]idiom // by French words, with blanks between
	longest int                // words of a phrase
}

const maxForms = 64 // of the French side of an entry

// ReadPhrasebook reads phrasebooks, one after the other. An error names the line.
func ReadPhrasebook(texts ...string) (*Phrasebook, error) {
	book := &Phrasebook{make(map[string]*section)}
	for _, text := range texts {
		number := 0
		for line := range strings.Lines(text) {
			number++
			line = strings.TrimSpace(line)
			french, english, ok := strings.Cut(line, " = ")
			if line == "" || strings.HasPrefix(line, "#") && !ok {
				continue
			}
			if !ok {
				return nil, fmt.Errorf("phrasebook: line %d: no \" = \" in %q", number, line)
			}
			if err := check(french, english); err != nil {
				return nil, fmt.Errorf("phrasebook: line %d: %w", number, err)
			}
			french = strings.ToLower(french) // a sentence is looked at in small letters
			book.enter(french, french+" = "+english)
		}
	}
	return book, nil
}

// check reports what is wrong with an entry.
func check(french, english string) error {
	for en := range strings.SplitSeq(english, " | ") {
		if strings.Count(en, "#") != strings.Count(french, "#") || strings.TrimSpace(en) == "" || strings.TrimSpace(french) == "" {
			return fmt.Errorf("%q and %q do not fit", french, strings.TrimSpace(en))
		}
	}
	forms := 1
	for w := range strings.FieldsSeq(french) {
		if strings.HasPrefix(w, "/") || strings.HasSuffix(w, "/") || strings.Contains(w, "//") {
			return fmt.Errorf("an empty form in %q", w)
		}
		if forms *= 1 + strings.Count(w, "/"); forms > maxForms {
			return fmt.Errorf("more than %d forms of %q", maxForms, french)
		}
	}
	return nil
}

// enter puts an entry into the sections of its first words.
func (b *Phrasebook) enter(french, line string) {
	put := func(word string) {
		s := b.sections[word]
		if s == nil {
			s = &section{}
			b.sections[word] = s
		}
		if n := len(s.lines); n == 0 || s.lines[n-1] != line {
			s.lines = append(s.lines, line)
		}
	}
	first, _, _ := strings.Cut(french, " ")
	for v := range strings.SplitSeq(first, "/") {
		word, _, _ := strings.Cut(written(v), " ")
		put(word)
	}
}

// section gives the entries that begin with a word, nil if there are none.
func (b *Phrasebook) section(word string) *section {
	s := b.sections[word]
	if s != nil {
		s.read.Do(func() {
			s.idioms = make(map[string][]idiom, 2*len(s.lines))
			for _, line := range s.lines {
				french, english, _ := strings.Cut(line, " = ")
				s.add(word, french, strings.Split(english, " | "))
			}
			s.lines = nil
		})
	}
	return s
}

// add reads what an entry has for the section of a word.
func (s *section) add(word, french string, english []string) {
	plain := make([]idiom, 0, len(english))
	for k, en := range english {
		plain = append(plain, idiom{strings.TrimSpace(en), k})
	}
	words := strings.Fields(french)
	forms := []string{""}
	last := "" // preposition
	for n, w := range words {
		var longer []string
		for v := range strings.SplitSeq(w, "/") {
			if n == len(words)-1 && n > 0 && (v == "de" || v == "à") && v == w {
				last = v
				break
			}
			for _, form := range forms {
				if n > 0 {
					form += " "
				}
				longer = append(longer, form+written(v))
			}
		}
		if last != "" {
			break
		}
		forms = longer
	}
	var definite []idiom // with what melts into the preposition, which may be no more than a sign of the plural
	for _, i := range plain {
		definite = append(definite, idiom{i.english + " the", i.rank}, idiom{i.english, i.rank + 2})
	}
	for _, form := range forms {
		if first, _, _ := strings.Cut(form, " "); first != word {
			continue
		}
		switch last {
		case "":
			s.put(form, plain)
		case "de":
			s.put(form+" de", plain)
			s.put(form+" d'", plain)
			s.put(form+" du", definite)
			s.put(form+" des", definite)
		case "à":
			s.put(form+" à", plain)
			s.put(form+" au", definite)
			s.put(form+" aux", definite)
		}
	}
}

// written gives the words of a part of an entry as they stand in a sentence, with
// blanks between.
func written(w string) string {
	if w == "#" || !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return w
	}
	text, elided := w, strings.HasSuffix(w, "'")
	if elided { // it needs a word behind it
		text += "x"
	}
	words := wordsOf(text)
	if elided {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

func (s *section) put(key string, list []idiom) {
	s.longest = max(s.longest, strings.Count(key, " ")+1)
	if old, ok := s.idioms[key]; ok {
		list = append(slices.Clone(old), list...)
	}
	s.idioms[key] = list
}
