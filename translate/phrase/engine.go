// Package phrase is the small offline engine: phrase-based statistical
// translation (Koehn, Och and Marcu 2003) from a packed table of phrases and a
// 4-gram language model. It needs no account, no network and no other program;
// what it lacks against a neural engine is fluency over long distances. Its
// words come from the table alone: it never invents.
package phrase

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Engine translates with one model. It is safe for concurrent use.
type Engine struct {
	table   *table
	lm      *languageModel
	weights Weights
	turns   *[TurnKinds * TurnKinds]turn
	guesses map[string][]Guess
	joint   *jointModel       // nil in a model without one
	numbers map[string]uint32 // English words to their numbers

	unaccented sync.Once
	byPlain    map[string]uint32 // see accents
}

// Input is a text of one line with the terms that its translation must hold.
// Respell, if it is there, gives the spelling of the table's English words.
type Input struct {
	Text    string
	Terms   []Term
	Respell func(word string) string
}

// Term asks that the words in bytes [Start, End) become Target.
type Term struct {
	Start, End int
	Target     string
}

// Output is a translation. Score is the mean natural logarithm of the model's
// score per source word, for comparison within one model.
type Output struct {
	Text  string
	Score float64
	Links []Link
}

// Link aligns bytes of the source with bytes of the translation.
type Link struct{ SourceStart, SourceEnd, TargetStart, TargetEnd int }

// Translate translates one text. The error is the context's.
func (e *Engine) Translate(ctx context.Context, in Input) (Output, error) {
	all := e.split(tokenize(in.Text))
	var parts []piece
	var score float64
	for first := 0; first < len(all); {
		last := cut(all, first)
		s := e.sentence(in, all[first:last], first == 0)
		ends := e.search(ctx, s)
		if ends == nil {
			return Output{}, ctx.Err()
		}
		score += float64(ends[0].score)
		for t := sensible(s.sense, consensus(ends), ends); t != nil; t = t.next {
			parts = append(parts, s.piece(t.step))
		}
		first = last
	}
	if len(all) == 0 {
		return Output{Text: in.Text}, ctx.Err()
	}
	out := assemble(in, parts)
	out.Score = score / float64(len(all))
	return out, nil
}

// cut gives the end of the words that are searched together: all that are
// left, or up to the last mark before the limit.
func cut(all []token, first int) int {
	if len(all)-first <= maxWords {
		return len(all)
	}
	for i := first + maxWords; i > first+maxWords/3; i-- {
		switch all[i-1].text {
		case ".", ";", ":", "!", "?", ",":
			return i
		}
	}
	return first + maxWords
}

// sentence is what the search gets for a run of tokens.
type sentence struct {
	text   string
	tokens []token
	ids    []uint32 // in the table
	spans  []span
	walls  []int
	starts []bool // a sentence begins with this token, and it has a capital
	names  []bool // a capital inside a sentence, and the table has the word without it alone: "Rocher"
	shout  bool   // all in capitals

	perfect []bool   // see perfects
	owners  []string // see owners
	sense   sense
	scorer  *scorer // nil without a joint model
}

func (e *Engine) sentence(in Input, tokens []token, opening bool) *sentence {
	s := &sentence{text: in.Text, tokens: tokens, ids: make([]uint32, len(tokens)), starts: make([]bool, len(tokens)), names: make([]bool, len(tokens)), shout: shouts(tokens)}
	known := make([]bool, len(tokens))
	fixed := make([]bool, len(tokens)) // marks and terms: no phrase goes over them
	for _, term := range in.Terms {
		i := slices.IndexFunc(tokens, func(t token) bool { return t.end > term.Start && t.start < term.End })
		if i < 0 || fixed[i] {
			continue
		}
		j := i
		for j < len(tokens) && tokens[j].start < term.End && !fixed[j] {
			fixed[j] = true
			j++
		}
		s.add(i, j, e.copied(term.Target, 0))
	}
	e.restore(tokens, opening, s.shout)
	s.perfect, s.owners, s.sense = perfects(tokens), owners(tokens), senseOf(tokens)
	titled := title(tokens)
	start := opening
	for i, t := range tokens {
		next := opens(t.text) || start && !hasLetter(t.text)
		s.starts[i] = start && startsUpper(t.text)
		s.ids[i], known[i] = e.number(t.text, start || s.shout)
		if _, own := e.table.source[t.text]; known[i] && !own && !s.shout && startsUpper(t.text) {
			switch {
			case acronym(t.text) && len(t.text) <= 4 && s.ids[i] >= common:
				known[i] = false
			case !start:
				s.names[i] = true
				known[i] = titled || !beside(tokens, i, startsUpper)
			}
		}
		start = next
		if fixed[i] {
			continue
		}
		if w := subjects[strings.ToLower(t.text)]; t.behind && w != "" {
			fixed[i] = true
			s.add(i, i+1, e.copied(w, 0))
		} else if w := mark(in.Text, tokens, i); w != "" {
			fixed[i] = true
			s.add(i, i+1, e.copied(w, 0))
			s.walls = append(s.walls, i, i+1)
		} else if t.text == ";" || t.text == ":" {
			s.walls = append(s.walls, i+1)
		}
	}
	for i := range tokens {
		if fixed[i] {
			continue
		}
		for j := i + 1; j <= len(tokens) && j-i <= maxPhrase && !fixed[j-1] && known[j-1]; j++ {
			list := e.faithful(tokens[i:j], e.table.options(s.ids[i:j]))
			if j == i+1 && !s.shout && acronym(tokens[i].text) {
				list = slices.DeleteFunc(list, func(o option) bool { return o.score < doubtful && !e.capital(o) })
			}
			if w := e.table.words[s.ids[i]]; j == i+1 && s.ids[i] >= rareName && e.proper(w) {
				list = slices.DeleteFunc(list, func(o option) bool { return !e.alike(w, o) })
			}
			if len(list) > 0 {
				s.add(i, j, e.choices(list)...)
			}
		}
		if n := len(s.spans); n == 0 || s.spans[n-1].from != i || !s.single(i) {
			guesses := e.guess(tokens[i].text, s.starts[i] || s.shout)
			if len(guesses) == 0 {
				guesses = append(guesses, e.copied(plain.Replace(in.Text[tokens[i].start:tokens[i].end]), e.weights.Unknown))
			}
			s.add(i, i+1, guesses...)
		}
	}
	s.offer(e, fixed)
	slices.Sort(s.walls)
	s.join(e, known)
	return s
}

// common is how many of the words, the most frequent, are read in capitals
// inside a text that has small letters, too: NON, but not HT as ht.
const common = 1000

// doubtful is the score below which an acronym is not taken for a common noun:
// the table saw OM as a fan, but CRS is riot police.
const doubtful = -2

// rareName is the first number of words that the text has so seldom that the
// translation of a name is an accident, unless it begins with the same letter:
// the table saw Italo as Calvino.
const rareName = 60000

// proper reports whether a word has a capital in the table, and has it always.
func (e *Engine) proper(word string) bool {
	_, common := e.table.source[strings.ToLower(word)]
	return startsUpper(word) && !common
}

// alike reports whether a translation begins like the word.
func (e *Engine) alike(word string, o option) bool {
	first := func(w string) string {
		w = strings.ToLower(Unaccent(w))
		if strings.HasPrefix(w, "k") {
			return "c"
		}
		return w[:min(1, len(w))]
	}
	return len(o.words) > 0 && int(o.words[0]) < len(e.table.target) && first(word) == first(e.table.target[o.words[0]])
}

func (e *Engine) capital(o option) bool {
	return slices.ContainsFunc(o.words, func(w uint32) bool {
		return int(w) < len(e.table.target) && strings.ContainsFunc(e.table.target[w], unicode.IsUpper)
	})
}

// acronym reports whether the word is of capitals, two or more.
func acronym(w string) bool {
	return utf8.RuneCountInString(w) > 1 && !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsUpper(r) })
}

// beside reports whether a word next to i is so.
func beside(tokens []token, i int, is func(string) bool) bool {
	return i > 0 && is(tokens[i-1].text) || i+1 < len(tokens) && is(tokens[i+1].text)
}

// title reports whether most words begin with a capital, as in a headline in
// the English manner.
func title(tokens []token) bool {
	words, upper := 0, 0
	for _, t := range tokens {
		if utf8.RuneCountInString(t.text) < 4 || !hasLetter(t.text) {
			continue
		}
		words++
		if startsUpper(t.text) {
			upper++
		}
	}
	return words > 3 && 3*upper > 2*words
}

// single reports whether word i has a choice by itself.
func (s *sentence) single(i int) bool {
	return slices.ContainsFunc(s.spans, func(p span) bool { return p.from == i && p.to == i+1 })
}

func (s *sentence) add(from, to int, choices ...choice) {
	s.spans = append(s.spans, span{from, to, choices})
}

// number finds a word in the table. At the start of a sentence, and in text
// that is all in capitals, the commoner of its cases counts.
func (e *Engine) number(word string, anyCase bool) (uint32, bool) {
	id, ok := e.table.source[word]
	if ok && !anyCase {
		return id, true
	}
	low := strings.ToLower(word)
	r, size := utf8.DecodeRuneInString(low)
	for _, other := range []string{low, string(unicode.ToUpper(r)) + low[size:]} {
		if x, found := e.table.source[other]; found && (!ok || x < id) {
			id, ok = x, true
		}
		if ok && !anyCase {
			break
		}
	}
	return id, ok
}

// choices weighs the table's options.
func (e *Engine) choices(list []option) []choice {
	out := make([]choice, 0, min(len(list), maxOptions))
	for _, o := range list[:min(len(list), maxOptions)] {
		c := choice{score: o.score + e.weights.Word*float32(len(o.words)), turn: &e.turns[o.turn]}
		for _, w := range o.words {
			if int(w) >= len(e.table.target) {
				continue
			}
			c.words = append(c.words, e.table.target[w])
			c.lm = append(c.lm, LMWord(w))
		}
		out = append(out, e.guessed(c))
	}
	sortChoices(out)
	return out
}

// sortChoices puts the best first.
func sortChoices(list []choice) {
	slices.SortStableFunc(list, func(a, b choice) int { return cmp.Compare(b.guess, a.guess) })
}

// copied is a choice of words that are given.
func (e *Engine) copied(text string, penalty float32) choice {
	c := choice{score: penalty, turn: &even, unknown: penalty != 0}
	for _, w := range strings.Fields(text) {
		c.words = append(c.words, w)
		id := uint16(LMUnknown)
		if n, ok := e.numbers[plain.Replace(w)]; ok {
			id = LMWord(n)
		}
		c.lm = append(c.lm, id)
		c.score += e.weights.Word
	}
	return e.guessed(c)
}

func (e *Engine) guessed(c choice) choice {
	var state lmState
	c.guess = c.score
	for _, w := range c.lm {
		var p float32
		p, state = e.lm.score(state, w)
		c.guess += e.weights.LM * p
	}
	return c
}

func opens(w string) bool {
	switch w {
	case ".", "!", "?", ":", `"`, "...":
		return true
	}
	return false
}

func hasLetter(w string) bool { return strings.ContainsFunc(w, unicode.IsLetter) }

func startsUpper(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(r)
}

// shouts reports whether the words are all in capitals.
func shouts(tokens []token) bool {
	upper := 0
	for _, t := range tokens {
		if strings.ContainsFunc(t.text, unicode.IsLower) {
			return false
		}
		if hasLetter(t.text) {
			upper++
		}
	}
	return upper >= 3
}

// mark gives what stands in English for a quotation mark or a bracket, and ""
// for anything else.
func mark(text string, tokens []token, i int) string {
	t := tokens[i]
	switch t.text {
	case "(", ")", "[", "]":
		return t.text
	case `"`:
	default:
		return ""
	}
	switch text[t.start:t.end] {
	case "«", "“", "„":
		return "“"
	case "»", "”":
		return "”"
	}
	before, _ := utf8.DecodeLastRuneInString(text[:t.start])
	if t.start == 0 || unicode.IsSpace(before) || strings.ContainsRune("([«“-–—'’", before) {
		return "“"
	}
	return "”"
}
