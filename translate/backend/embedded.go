package backend

import (
	"cmp"
	"context"
	"errors"
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
	items := inputs(req)
	tries := make([]try, len(items))
	for i, item := range items {
		tries[i].in, tries[i].view = g.look(item, nil)
	}
	if err := g.run(ctx, tries); err != nil {
		return nil, err
	}
	if err := g.uncapitalised(ctx, tries); err != nil {
		return nil, err
	}
	var again []try
	var places []int
	for i, t := range tries {
		if t.out.Copied {
			continue
		}
		if literals, hints := g.hints(t.in, t.out.Text); len(literals)+len(hints) > 0 || !t.view.marked(t.out.Text) {
			again, places = append(again, g.second(items[i], t, literals, hints)), append(places, i)
		}
	}
	if err := g.run(ctx, again); err != nil {
		return nil, err
	}
	for k, t := range again {
		if i := places[k]; prefer(tries[i], t) {
			tries[i] = t
		}
	}
	outputs := make([]marian.Output, len(tries))
	for i, t := range tries {
		outputs[i] = t.view.restore(t.out)
		if t.out.Copied {
			outputs[i] = t.out
			outputs[i].Text = req.Items[i].Text
		}
	}
	return results(outputs), nil
}

// try is a translation of an item: as the model was shown it, and what it made of it.
type try struct {
	in      marian.Input
	view    view
	out     marian.Output
	own     []int // where the item's own terms begin in the text that the model reads
	numbers []int // where the terms begin that stand for numbers
}

// run translates what is shown.
func (g guided) run(ctx context.Context, tries []try) error {
	shown := make([]marian.Input, len(tries))
	for i, t := range tries {
		shown[i] = t.in
	}
	outputs, err := g.Model.Translate(ctx, shown, g.options)
	for i := range outputs {
		tries[i].out = outputs[i]
	}
	return err
}

// second is another try at an item: with marks in the place of literals that the
// first one has not, and hints as terms. Their places are those of the first's text.
func (g guided) second(item marian.Input, first try, literals []typography.Literal, hints []hint) try {
	var parts []part
	for _, l := range literals {
		parts = append(parts, part{first.view.place(l.Span), l.English})
	}
	var t try
	t.in, t.view = g.look(item, parts)
	for _, term := range t.in.Terms {
		t.own = append(t.own, term.Start)
	}
	for _, h := range hints {
		span := first.view.place(h.span)
		term := marian.Term{Start: t.view.start(span.Start), End: t.view.end(span.End), Targets: h.english, Likely: true}
		t.in.Terms = append(t.in.Terms, term)
		if h.number {
			t.numbers = append(t.numbers, term.Start)
		}
	}
	if !first.view.marked(first.out.Text) {
		for k := range t.view.hidden {
			m := mark(k + 1)
			if at := strings.Index(t.in.Text, m); at >= 0 {
				t.in.Terms = append(t.in.Terms, marian.Term{Start: at, End: at + len(m), Targets: []string{m}, Likely: true})
			}
		}
	}
	slices.SortFunc(t.in.Terms, func(a, b marian.Term) int { return a.Start - b.Start })
	if first.view.lowered {
		t.in.Text, t.view.lowered = g.small(t.in)
	}
	return t
}

// uncapitalised tries texts with their first word in small letters, where the model has
// seen it so far more often, and takes what it likes better.
func (g guided) uncapitalised(ctx context.Context, tries []try) error {
	var small []try
	var places []int
	for i, t := range tries {
		if text, ok := g.small(t.in); ok && !t.out.Copied {
			t.in.Text, t.view.lowered = text, true
			small, places = append(small, t), append(places, i)
		}
	}
	err := g.run(ctx, small)
	for k, t := range small {
		if i := places[k]; !t.out.Loop && !t.out.Truncated && t.out.Score > tries[i].out.Score {
			tries[i] = t
		}
	}
	return err
}

// prefer reports whether the translation with hints is the better one: no term is
// lost, and its words go with the sentence, or numbers that were lost are in it.
func prefer(old, fresh try) bool {
	if !old.view.marked(old.out.Text) && fresh.view.marked(fresh.out.Text) {
		return true
	}
	if fresh.out.Loop || fresh.out.Truncated || lost(fresh.in.Text, fresh.out.Text) > lost(old.in.Text, old.out.Text) || !fresh.view.marked(fresh.out.Text) {
		return false
	}
	found := len(fresh.numbers)+len(fresh.view.hidden) > len(old.view.hidden)
	own := 0
	for k, t := range fresh.in.Terms {
		stands := fresh.out.Terms[k].Start < fresh.out.Terms[k].End
		if slices.Contains(fresh.own, t.Start) {
			if own++; !stands && old.out.Terms[own-1].Start < old.out.Terms[own-1].End {
				return false
			}
		} else if !stands && slices.Contains(fresh.numbers, t.Start) {
			found = false
		}
	}
	return found || old.out.Loop || old.out.Truncated || fresh.out.Score > old.out.Score-unlikely
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

// hint is what the dictionary, or a rule for numbers in words, has for a part of a text.
type hint struct {
	span    segment.Span
	english []string
	number  bool
}

// hints are what rules and the dictionary have for a text and its translation lacks:
// literals, which the model need not see, and words for it to place.
func (g guided) hints(in marian.Input, english string) (literals []typography.Literal, hints []hint) {
	taken := make([]segment.Span, len(in.Terms))
	for k, t := range in.Terms {
		taken[k] = segment.Span{Start: t.Start, End: t.End}
	}
	free := func(span segment.Span) bool {
		if slices.ContainsFunc(taken, func(o segment.Span) bool { return o.Start < span.End && span.Start < o.End }) {
			return false
		}
		taken = append(taken, span)
		return true
	}
	has := quantity.Find(english, quantity.English)
	numbers := quantity.Find(in.Text, quantity.French)
	kept := func(q quantity.Token) bool {
		return slices.ContainsFunc(has, func(n quantity.Token) bool { return quantity.Agree(q, n) })
	}
	for _, l := range typography.Literals(in.Text) {
		if strings.Contains(l.English, "⟦") {
			continue
		}
		within := func(q quantity.Token) bool { return l.Span.Start <= q.Span.Start && q.Span.End <= l.Span.End }
		parts := slices.DeleteFunc(slices.Clone(numbers), func(q quantity.Token) bool { return !within(q) })
		spelled := len(parts) == 1 && (parts[0].Kind == quantity.Ordinal || parts[0].Kind == quantity.Number && parts[0].Scale != "") && kept(parts[0]) &&
			!strings.ContainsAny(l.English, "$€£¥") && !strings.Contains(l.Span.Of(in.Text), "-") // second for 2nd
		if (!spelled && !strings.Contains(english, l.English) || repeated(in.Text, english, l.English)) && free(l.Span) {
			literals = append(literals, l)
		}
	}
	for _, q := range numbers {
		text := q.Span.Of(in.Text)
		if q.Kind != quantity.Number && q.Kind != quantity.Reference || q.Weak || kept(q) || strings.Contains(english, text) || strings.HasSuffix(in.Text[:q.Span.Start], "⟦") {
			continue
		}
		if q.Kind == quantity.Reference {
			if free(q.Span) {
				literals = append(literals, typography.Literal{Span: q.Span, English: text})
			}
			continue
		}
		if targets := numerals(q, text); len(targets) > 0 && free(q.Span) {
			hints = append(hints, hint{q.Span, targets, true})
		}
	}
	for _, e := range g.dictionary.Find(in.Text) {
		text := e.Span.Of(in.Text)
		if name := e.English[0]; e.Kind == dictionary.Phrase && strings.EqualFold(name, text) && !strings.Contains(english, name) && free(e.Span) { // Le Pen
			literals = append(literals, typography.Literal{Span: e.Span, English: name})
			continue
		}
		if !e.In(english) && g.rare(e, text, english) && free(e.Span) {
			hints = append(hints, hint{e.Span, e.English, false})
		}
	}
	return literals, hints
}

// repeated reports whether a translation has the sign of a sum of money more often
// than its source: to €54.20 €.
func repeated(source, english, literal string) bool {
	for _, sign := range []string{"€", "$", "£"} {
		if strings.Contains(literal, sign) && strings.Count(english, sign) > strings.Count(source, sign) {
			return true
		}
	}
	return false
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
