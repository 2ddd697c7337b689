package backend

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"depeche/segment"
	"depeche/translate"
	"depeche/translate/dictionary"
	"depeche/translate/marian"
	"depeche/translate/marian/models/fren"
	"depeche/translate/quantity"
	"depeche/translate/typography"
)

// embedded is the model in the program for a pair of languages, searched as wide as
// beam says.
func embedded(name, pair string, beam int) (found, bool) {
	if pair != localPair {
		return found{}, false
	}
	return found{name: fren.Name, beam: embeddedBeam, load: func() (engine, error) {
		go dictionary.Open() // beside the model, to open sooner
		m, err := fren.Open()
		if err != nil {
			return nil, unloaded(name, err)
		}
		d, err := dictionary.Open()
		if err != nil {
			return nil, errors.Join(err, m.Close())
		}
		return guided{neural{m, marian.Options{Beam: cmp.Or(beam, embeddedBeam)}}, d}, nil
	}}, true
}

// guided is a neural model that asks a dictionary for what it seems not to know:
// where a rare word, an expression or a number has left no trace in a
// translation, the text is translated once more with the English as a term.
type guided struct {
	neural
	dictionary *dictionary.Dictionary
}

// embeddedBeam is the width of the search where nothing else is asked for: the
// model is fast enough that one BLEU on news is worth half the speed.
const embeddedBeam = 4

// What the vocabulary has in fewer pieces the model has seen often enough.
const (
	rareWord    = 3 // pieces
	rareName    = 3
	rareAcronym = 2
)

// unlikely is how much less the mean log probability of a token may be with what
// the dictionary says: below it, the words do not go with the sentence.
const unlikely = 1.0

func (g guided) translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	inputs := inputs(req)
	views := make([]view, len(inputs))
	for i := range inputs {
		inputs[i], views[i] = g.look(inputs[i])
	}
	outputs, err := g.Model.Translate(ctx, inputs, g.options)
	if err != nil {
		return nil, err
	}
	if err := g.uncapitalised(ctx, inputs, outputs); err != nil {
		return nil, err
	}
	var again []marian.Input
	var places []int
	var needs [][]marian.Term // the hints that are numbers
	for i, in := range inputs {
		if outputs[i].Copied {
			continue
		}
		if hints, must := g.hints(in, outputs[i].Text); len(hints) > 0 {
			in.Terms = slices.Concat(in.Terms, hints)
			slices.SortFunc(in.Terms, func(a, b marian.Term) int { return a.Start - b.Start })
			again, places, needs = append(again, in), append(places, i), append(needs, hints[:must])
		}
	}
	better, err := g.Model.Translate(ctx, again, g.options)
	if err != nil {
		return nil, err
	}
	for k, o := range better {
		i := places[k]
		if prefer(outputs[i], o, inputs[i], again[k], needs[k]) {
			outputs[i] = o
		}
	}
	for i, o := range outputs {
		if o.Copied {
			outputs[i].Text = req.Items[i].Text
			continue
		}
		outputs[i] = views[i].restore(o)
	}
	return results(outputs), nil
}

// uncapitalised tries texts with their first word in small letters, where the model has
// seen it so far more often, and takes what it likes better.
func (g guided) uncapitalised(ctx context.Context, inputs []marian.Input, outputs []marian.Output) error {
	var small []marian.Input
	var places []int
	for i, in := range inputs {
		if text, ok := g.small(in); ok && !outputs[i].Copied {
			in.Text = text
			small, places = append(small, in), append(places, i)
		}
	}
	found, err := g.Model.Translate(ctx, small, g.options)
	for k, o := range found {
		if i := places[k]; !o.Loop && !o.Truncated && o.Score > outputs[i].Score {
			inputs[i], outputs[i] = small[k], o
		}
	}
	return err
}

// prefer reports whether the translation with hints is the better one: no term is
// lost, and its words go with the sentence, or numbers that were lost are in it.
func prefer(old, fresh marian.Output, first, second marian.Input, numbers []marian.Term) bool {
	if fresh.Loop || fresh.Truncated || lost(second.Text, fresh.Text) > lost(first.Text, old.Text) {
		return false
	}
	had := make(map[int]bool)
	for k, t := range first.Terms {
		had[t.Start] = old.Terms[k].Start < old.Terms[k].End
	}
	found := len(numbers) > 0
	for k, t := range second.Terms {
		if fresh.Terms[k].Start < fresh.Terms[k].End {
			continue
		}
		if had[t.Start] {
			return false
		}
		found = found && !slices.ContainsFunc(numbers, func(n marian.Term) bool { return n.Start == t.Start })
	}
	return found || old.Loop || old.Truncated || fresh.Score > old.Score-unlikely
}

// lost is how many numbers of a text its translation has not, or has of its own.
func lost(french, english string) int {
	left := slices.DeleteFunc(quantity.Find(english, quantity.English), func(q quantity.Token) bool { return q.Weak })
	n := 0
	for _, q := range quantity.Find(french, quantity.French) {
		if i := slices.IndexFunc(left, func(o quantity.Token) bool { return quantity.Agree(q, o) }); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else if !q.Weak {
			n++
		}
	}
	return n + len(left)
}

var reMark = regexp.MustCompile(`⟦\d+⟧`)

var reLetters = regexp.MustCompile(`\pL+`)

// hints are terms for what the dictionary, or a rule for numbers, has for a text
// and its translation lacks; the first must of them are for numbers.
func (g guided) hints(in marian.Input, english string) (hints []marian.Term, must int) {
	put := func(span segment.Span, targets ...string) {
		free := func(t marian.Term) bool { return t.End <= span.Start || span.End <= t.Start }
		if !slices.ContainsFunc(slices.Concat(in.Terms, hints), func(t marian.Term) bool { return !free(t) }) {
			hints = append(hints, marian.Term{Start: span.Start, End: span.End, Targets: targets, Likely: true})
		}
	}
	has := quantity.Find(english, quantity.English)
	numbers := quantity.Find(in.Text, quantity.French)
	kept := func(q quantity.Token) bool {
		return slices.ContainsFunc(has, func(n quantity.Token) bool { return quantity.Agree(q, n) })
	}
	for _, l := range typography.Literals(in.Text) {
		within := func(q quantity.Token) bool { return l.Span.Start <= q.Span.Start && q.Span.End <= l.Span.End }
		parts := slices.DeleteFunc(slices.Clone(numbers), func(q quantity.Token) bool { return !within(q) })
		spelled := len(parts) == 1 && kept(parts[0]) && !strings.ContainsAny(l.English, ":$€£¥°") && strings.ContainsFunc(l.English, unicode.IsLetter) // second for 2nd
		if !spelled && !strings.Contains(english, l.English) {
			put(l.Span, l.English)
		}
	}
	for _, q := range numbers {
		text := q.Span.Of(in.Text)
		if q.Kind != quantity.Number && q.Kind != quantity.Reference || q.Weak || kept(q) || strings.Contains(english, text) {
			continue
		}
		if targets := numerals(q, text); len(targets) > 0 {
			put(q.Span, targets...)
		}
	}
	for _, at := range reMark.FindAllStringIndex(in.Text, -1) {
		if m := in.Text[at[0]:at[1]]; strings.Count(english, m) != strings.Count(in.Text, m) {
			put(segment.Span{Start: at[0], End: at[1]}, m)
		}
	}
	must = len(hints)
	for _, e := range g.dictionary.Find(in.Text) {
		if !e.In(english) && g.rare(e, e.Span.Of(in.Text), english) {
			put(e.Span, e.English...)
		}
	}
	return hints, must
}

// rare reports whether the model may not know what an entry stands for.
func (g guided) rare(e dictionary.Entry, text, english string) bool {
	switch {
	case e.Kind == dictionary.Phrase:
		return true
	case e.Kind == dictionary.Word:
		return g.Pieces(text) >= rareWord
	case strings.ToUpper(text) == text:
		low := strings.ToLower(text)
		return g.Pieces(text) >= rareAcronym && g.Pieces(low) > 1 && g.Pieces(titled(low)) > 1 &&
			!slices.ContainsFunc(words(english), func(w string) bool { return anagram(w, text) }) // OTAN: NATO
	}
	if place, ok := typography.Place(text); ok && place != text {
		return false // of which the model knows most
	}
	return g.Pieces(text) >= rareName && !slices.ContainsFunc(words(english), func(w string) bool { return alike(w, text) })
}

func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' })
}

// anagram reports whether two acronyms have the same letters: DNA and ADN.
func anagram(a, b string) bool {
	x, y := []rune(a), []rune(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// alike reports whether two words with capitals begin with the same three letters,
// whatever their accents: Ouzbeks and Uzbeks do not, Moubarak and Mubarak neither.
func alike(a, b string) bool {
	first := func(w string) string {
		r := []rune(norm.NFD.String(w))
		return string(slices.DeleteFunc(r, func(r rune) bool { return unicode.Is(unicode.Mn, r) }))
	}
	x, y := first(a), first(b)
	return len(x) > 2 && len(y) > 2 && unicode.IsUpper(rune(x[0])) && x[:3] == y[:3]
}

// numerals are the ways to write a French number in English: one in words as words
// or figures, one in figures as it is.
func numerals(q quantity.Token, text string) []string {
	if q.Digits {
		return []string{text} // typography writes it as English does
	}
	n, err := strconv.Atoi(q.Values[0])
	if words := quantity.Spell(n); err == nil && words != "" {
		return []string{words, q.Values[0]}
	}
	return nil
}
