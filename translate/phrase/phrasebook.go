package phrase

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// A phrasebook holds idioms that the text behind a table does not have, or not
// in this sense. It is a text file, an entry a line:
//
//	# a comment
//	mis/mise en examen = charged
//	il y a # semaines = # weeks ago
//	bilan = toll | balance sheet
//
// A slash parts forms of one French word, # is a number, and a bar parts English
// alternatives, the best first. An entry of one word takes the place of the
// table's translations of the word by itself. A last de stands for d', du and
// des, too, and a last à for au and aux. What stands at the beginning of a
// sentence may have a capital.

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

const (
	maxForms = 64   // of the French side of an entry
	perWord  = 1.8  // what is added to the score for each French word of several: an idiom is no accident
	single   = -0.7 // what an entry of one word has
	bareNoun = -1   // what a plural without its article has less
	perRank  = 1.5  // what an alternative has less than the one before it
)

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
			book.enter(french, line)
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
	for w := range strings.FieldsSeq(french) {
		pronoun := false
		for v := range strings.SplitSeq(w, "/") {
			for _, form := range written(v) {
				for token := range strings.FieldsSeq(form) {
					put(token)
					if objects[token] == nil { // which may move behind its verb: see inOrder
						break
					}
					pronoun = true
				}
			}
		}
		if !pronoun {
			return
		}
	}
}

// section gives the entries that begin with a word, nil if there are none.
func (b *Phrasebook) section(word string) *section {
	if b == nil {
		return nil
	}
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

// SetPhrasebook makes the engine know a phrasebook beside its table. It is called
// before the engine is used.
func (e *Engine) SetPhrasebook(b *Phrasebook) { e.book = b }

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
			for _, v := range written(v) {
				for _, form := range forms {
					if n > 0 {
						form += " "
					}
					longer = append(longer, form+v)
				}
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
		form = inOrder(form)
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
// blanks between. A verb and the pronoun behind it (a-t-il) may be one word there
// or two: see split.
func written(w string) []string {
	if w == "#" || !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return []string{w}
	}
	text, elided := w, strings.HasSuffix(w, "'")
	if elided { // it needs a word behind it
		text += "x"
	}
	words := Words(text)
	if elided {
		words = words[:len(words)-1]
	}
	list := []string{strings.Join(words, " ")}
	if verb, subject := inverted(w); subjects[subject] != "" {
		list = append(list, subject+" "+verb)
	}
	return list
}

// inOrder are words in the order in which they are translated.
func inOrder(form string) string {
	pronoun := false
	for w := range strings.FieldsSeq(form) {
		pronoun = pronoun || objects[w] != nil
	}
	if !pronoun { // most have none
		return form
	}
	var tokens []token
	for w := range strings.FieldsSeq(form) {
		tokens = append(tokens, token{text: w})
	}
	var words []string
	for _, t := range clitics(tokens, nil) {
		words = append(words, t.text)
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

// word reports whether a phrasebook, nil without one, has a word by itself.
func (b *Phrasebook) word(w string) bool {
	s := b.section(w)
	return s != nil && len(s.idioms[w]) > 0
}

// figure is a number in a sentence: the token behind it and its English.
type figure struct {
	end     int
	english string
}

// look adds what a phrasebook has for the words of a sentence. fixed are the
// tokens that are marks or terms, figures the numbers by their first token.
func (s *sentence) look(e *Engine, fixed []bool, figures map[int]figure) {
	if e.book == nil {
		return
	}
	numerals := s.numerals()
	for i, t := range s.tokens {
		w := strings.ToLower(t.text)
		if f, ok := numerals[i]; ok && !slices.Contains(fixed[i:f.end], true) {
			figures[i] = f
			s.add(i, f.end, e.copied(f.english, 0))
		} else if startsDigit(w) && !fixed[i] {
			figures[i] = figure{i + 1, t.text}
		} else if n := cardinals[w]; n != "" && !fixed[i] {
			figures[i] = figure{i + 1, n}
		} else if n := s.about(i); n != "" && !fixed[i] {
			figures[i] = figure{i + 3, n}
		}
		if f, ok := figures[i]; ok && f.end < len(s.tokens) && s.tokens[f.end].text == "%" {
			figures[i] = figure{f.end + 1, f.english + "%"}
		}
	}
	s.match(e, fixed, figures)
	s.match(e, fixed, nil)
}

// about is the English of a rough number (une vingtaine de) at token i, "" if
// there is none.
func (s *sentence) about(i int) string {
	if i+2 >= len(s.tokens) || strings.ToLower(s.tokens[i].text) != "une" || s.tokens[i+2].text != "de" && s.tokens[i+2].text != "d'" {
		return ""
	}
	return roughly[s.tokens[i+1].text]
}

// match adds the idioms; with figures, those that hold one.
func (s *sentence) match(e *Engine, fixed []bool, figures map[int]figure) {
	for i := range s.tokens {
		var key strings.Builder
		var number, kept string
		denies := false
		var section *section
		for j, words := i, 1; j < len(s.tokens) && (words == 1 || words <= section.longest); words++ {
			if words > 1 {
				key.WriteByte(' ')
			}
			if f, ok := figures[j]; ok && number == "" {
				key.WriteByte('#')
				number, j = f.english, f.end
			} else if fixed[j] && !s.tokens[j].behind && !s.tokens[j].object && !s.same[j] {
				break
			} else {
				w := s.word(j)
				if s.same[j] {
					w = s.tokens[j].text
					kept = w
				}
				denies = denies || negates(w) || lost[w] != ""
				key.WriteString(w)
				j++
			}
			if words == 1 {
				if section = e.book.section(key.String()); section == nil {
					break
				}
			}
			if (number == "") != (figures == nil) {
				continue
			}
			for _, idiom := range section.idioms[key.String()] {
				if !strings.Contains(idiom.english, kept) {
					continue
				}
				c := e.copied(strings.Replace(idiom.english, "#", number, 1), 0)
				bonus := -perRank * float32(idiom.rank)
				if words > 1 {
					bonus += perWord * float32(words)
				} else {
					bonus += single
				}
				c.score, c.guess = c.score+bonus, c.guess+bonus
				c.turn, c.idiom, c.keeps = &booked, words > 1, denies
				s.add(i, j, c)
				if words > 1 && i > 0 && !fixed[i-1] && s.word(i-1) == "les" && !strings.HasPrefix(idiom.english, "the ") {
					c.score, c.guess = c.score+bareNoun, c.guess+bareNoun // les prix: prices, or the prices
					s.add(i-1, j, c)
				}
			}
		}
	}
}

// booked is the turn of an idiom.
var booked turn

var (
	cardinals = map[string]string{"deux": "two", "trois": "three", "quatre": "four", "cinq": "five", "six": "six", "sept": "seven", "huit": "eight",
		"neuf": "nine", "dix": "ten", "onze": "eleven", "douze": "twelve", "treize": "thirteen", "quatorze": "fourteen", "quinze": "fifteen",
		"seize": "sixteen", "vingt": "twenty", "trente": "thirty", "quarante": "forty", "cinquante": "fifty", "soixante": "sixty", "cent": "a hundred",
		"mille": "a thousand", "quelques": "a few", "plusieurs": "several"}
	roughly = map[string]string{"dizaine": "about ten", "douzaine": "a dozen", "quinzaine": "about fifteen", "vingtaine": "about twenty",
		"trentaine": "about thirty", "quarantaine": "about forty", "cinquantaine": "about fifty", "soixantaine": "about sixty", "centaine": "about a hundred"}
)
