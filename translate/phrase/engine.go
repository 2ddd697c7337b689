// Package phrase is the small offline engine: phrase-based statistical
// translation (Koehn, Och and Marcu 2003) from a packed table of phrases and a
// 4-gram language model. It needs no account, no network and no other program;
// what it lacks against a neural engine is fluency over long distances. Its
// words come from the table, and from the phrasebooks and the lexicon beside it:
// it never invents.
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
	book    *Phrasebook       // nil without one
	lexicon *Lexicon          // nil without one

	adjective turn // of what English puts before the word that it stands behind in French

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
	all := e.read(in)
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

// read gives the words of a text in the order in which they are translated.
func (e *Engine) read(in Input) []token {
	return attribution(clitics(e.split(tokenize(in.Text)), in.Terms), in.Terms)
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
