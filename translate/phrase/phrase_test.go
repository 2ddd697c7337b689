package phrase

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
)

// toyPair is a phrase of a toy model and a translation of it.
type toyPair struct {
	source, target string
	score          float32
}

// toyParts are a table of the pairs, of which those of one phrase stand
// together, and a language model that thinks little.
func toyParts(french, english string, pairs []toyPair) Parts {
	fr, en := strings.Fields(french), strings.Fields(english)
	num := func(words []string, text string) []uint32 {
		var ids []uint32
		for _, w := range strings.Fields(text) {
			for i, x := range words {
				if x == w {
					ids = append(ids, uint32(i))
				}
			}
		}
		return ids
	}
	var phrases []Phrase
	for i, p := range pairs {
		if i == 0 || p.source != pairs[i-1].source {
			phrases = append(phrases, Phrase{Source: num(fr, p.source)})
		}
		last := &phrases[len(phrases)-1]
		last.Options = append(last.Options, PhraseOption{Target: num(en, p.target), Score: p.score})
	}
	var lm [LMOrder + 1][]LMEntry
	for i := range en {
		lm[1] = append(lm[1], LMEntry{Key: uint64(i) + LMReserved, Prob: -3, Backoff: -0.5})
	}
	for n := 2; n <= LMOrder; n++ {
		lm[n] = []LMEntry{{Key: uint64(3)<<16 | 4, Prob: -0.5, Backoff: -0.2}}
	}
	return Parts{Table: BuildTable(fr, en, phrases), LM: BuildLM(lm)}
}

// toy is a model of a few words.
func toy(t *testing.T) *Engine {
	t.Helper()
	parts := toyParts("le la chat noir dort a dit . , l' ONU Moscou maison 12", "the black cat sleeps said . , UN Moscow house 12 it has \"", []toyPair{
		{"le", "the", -1}, {"la", "the", -1}, {"chat noir", "black cat", -1}, {"chat", "cat", -1}, {"noir", "black", -1},
		{"dort", "sleeps", -1}, {"a dit", "said", -1}, {"a", "has", -1}, {".", ".", -1}, {",", ",", -1}, {"l' ONU", "the UN", -1}, {"Moscou", "Moscow", -1}, {"maison", "house", -1}})
	parts.Weights = Weights{LM: 0.5, Distortion: 0.3, Word: 0.1, Unknown: -5}
	return opened(t, Pack(parts))
}

func opened(t *testing.T, model []byte) *Engine {
	t.Helper()
	e, err := Open(model)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestTranslate(t *testing.T) {
	e := toy(t)
	for _, c := range []struct{ name, in, want string }{
		{"a phrase is turned round", "Le chat noir dort.", "The black cat sleeps."},
		{"quotation marks stay where they are", "« Le chat dort », a dit l'ONU.", "“The cat sleeps”, the UN said."},
		{"straight marks are paired", `"Le chat dort", a dit l'ONU.`, "“The cat sleeps”, the UN said."},
		{"an article behind a verb, without a lexicon", "Moscou a bombardé des maison.", "Moscow has bombardé house."},
		{"an unknown word is copied", "Le chat Poutine dort.", "The cat Poutine sleeps."},
		{"capitals stay capitals", "LE CHAT NOIR DORT", "THE BLACK CAT SLEEPS"},
		{"no text", "", ""},
		{"white space", "  ", "  "},
		{"one mark", ".", "."},
		{"brackets", "Le chat (noir) dort", "The cat (black) sleeps"},
	} {
		out, err := e.Translate(context.Background(), Input{Text: c.in})
		if err != nil || out.Text != c.want {
			t.Errorf("%s: %q gave %q, %v; want %q", c.name, c.in, out.Text, err, c.want)
		}
		for _, l := range out.Links {
			if l.SourceEnd > len(c.in) || l.TargetEnd > len(out.Text) || l.SourceStart >= l.SourceEnd || l.TargetStart >= l.TargetEnd {
				t.Errorf("%s: link %v lies outside", c.name, l)
			}
		}
	}
}

// A phrase that likes to stand apart and to be swapped with what follows it
// goes before its neighbour; the words are in no phrase together.
func TestTurns(t *testing.T) {
	fr, en := []string{"maison", "noire"}, []string{"black", "house"}
	var turns Turns
	turns.Before[1] = [3]float32{-3, -0.1, -3} // swapped
	turns.After[2] = [3]float32{-3, -0.1, -3}
	var lm [LMOrder + 1][]LMEntry
	for i := range en {
		lm[1] = append(lm[1], LMEntry{Key: uint64(i) + LMReserved, Prob: -3})
	}
	open := func(house, black byte) *Engine {
		table := BuildTable(fr, en, []Phrase{{Source: []uint32{0}, Options: []PhraseOption{{Target: []uint32{1}, Score: -1, Turn: house}}},
			{Source: []uint32{1}, Options: []PhraseOption{{Target: []uint32{0}, Score: -1, Turn: black}}}})
		e, err := Open(Pack(Parts{Table: table, LM: BuildLM(lm), Weights: Weights{LM: 0.5, Distortion: 0.1, Unknown: -5, Turns: turns}}))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for _, c := range []struct {
		name         string
		house, black byte
		want         string
	}{
		{"no turn", 0, 0, "house black"},
		{"the noun likes to be swapped with what precedes it", 1 << 4, 0, "black house"},
		{"the adjective likes to be swapped with what follows it", 0, 2, "black house"},
	} {
		out, err := open(c.house, c.black).Translate(context.Background(), Input{Text: "maison noire"})
		if err != nil || out.Text != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, out.Text, err, c.want)
		}
	}
}

// The best derivations differ, fall in score, and the first is what Translate
// gives; their sums give the score again.
func TestBest(t *testing.T) {
	e := toy(t)
	text := "Le chat noir dort à Moscou."
	list, err := e.Best(context.Background(), text, 10)
	if err != nil || len(list) < 3 {
		t.Fatalf("%d derivations, %v", len(list), err)
	}
	out, err := e.Translate(context.Background(), Input{Text: text})
	if err != nil || list[0].Text != out.Text {
		t.Errorf("the best is %q, %v; Translate gives %q", list[0].Text, err, out.Text)
	}
	seen := make(map[string]bool)
	for i, d := range list {
		if seen[d.Text] || i > 0 && d.Score > list[i-1].Score+1e-4 {
			t.Errorf("%d: %q, %g: seen before or better than the one before", i, d.Text, d.Score)
		}
		seen[d.Text] = true
		fromTable := 0
		for _, s := range d.Steps {
			if !s.Copied {
				fromTable++
			}
		}
		w := e.weights
		sum := -scoreStep*float32(math.Round(1/scoreStep))*float32(fromTable) + w.LM*d.LM - w.Distortion*float32(d.Jump) + w.Word*float32(d.Words) + w.Unknown*float32(d.Unknown)
		if math.Abs(float64(sum-d.Score)) > 0.01 {
			t.Errorf("%q: the parts give %g, the search %g", d.Text, sum, d.Score)
		}
	}
}

func TestGuesses(t *testing.T) {
	fr, en := []string{"naviguer", "botanique"}, []string{"", "sail", "botanical", "monarchs", "Iliad"}
	table := BuildTable(fr, en, []Phrase{{Source: []uint32{0}, Options: []PhraseOption{{Target: []uint32{1}, Score: -1}}},
		{Source: []uint32{1}, Options: []PhraseOption{{Target: []uint32{2}, Score: -1}}}})
	rules := BuildGuesses([]Guess{{From: "uaient", Known: "uer", To: "ed", Log: -0.5}, {From: "s", Log: -0.2},
		{From: "ques", Relative: true, To: "chs", Log: -1}, {From: "de", Relative: true, To: "d", Log: -1}})
	var lm [LMOrder + 1][]LMEntry
	e, err := Open(Pack(Parts{Table: table, LM: BuildLM(lm), Guesses: rules, Weights: Weights{LM: 0.1, Unknown: -5}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, in, want string }{
		{"another form of a known verb", "ils naviguaient", "ils sailed"},
		{"the verb itself", "naviguer", "sail"},
		{"the plural of a known word", "botaniques", "botanical"},
		{"at the start of a sentence", "Botaniques", "Botanical"},
		{"a relative that English knows", "monarques", "monarchs"},
		{"a name that English knows", "lire Iliade", "lire Iliad"},
		{"a name is no form of a word", "lire Botaniques", "lire Botaniques"},
		{"a relative that English does not know", "barques", "barques"},
		{"a short word", "des", "des"},
	} {
		out, err := e.Translate(context.Background(), Input{Text: c.in})
		if err != nil || out.Text != c.want {
			t.Errorf("%s: %q gave %q, %v; want %q", c.name, c.in, out.Text, err, c.want)
		}
	}
	if _, err := readGuesses([]byte("known\ta\tb\n")); err == nil {
		t.Error("a rule that is cut off is read")
	}
}

func TestAssemble(t *testing.T) {
	for want, words := range map[string]string{"the 15th century": "the 15 th century", "the 1970s": "the 1970 s", "a 5 kg bag": "a 5 kg bag",
		"(10%)": "( 10 % )", "“Yes”, he said.": "“ Yes ” , he said .",
		"an open door, a European union, an hour": "a open door , an European union , an hour", "an “open” door": "a “ open ” door",
		"a unanimous vote, an unnamed user, a one-off": "an unanimous vote , a unnamed user , an one-off", "an MP, a NATO base, a UN vote": "an MP , a NATO base , a UN vote",
		"10 billion euros and 5 euros": "EUR 10 billion and EUR 5", "up to 3.5 euros": "up to EUR 3.5", "the EUR fell": "the EUR fell"} {
		if out := assemble(Input{Text: "x"}, []piece{{words: strings.Fields(words), end: 1}}); out.Text != want {
			t.Errorf("%q gave %q, want %q", words, out.Text, want)
		}
	}
}

// The capital belongs to the place and not to the word: the one that opened the
// sentence may have been moved, and another one stands there now.
func TestCapital(t *testing.T) {
	for want, parts := range map[string][]piece{
		"Black cat the sleeps":   {{words: []string{"black", "cat"}}, {words: []string{"the"}, starts: true}, {words: []string{"sleeps"}}},
		"Yes. Black cat":         {{words: []string{"yes"}, starts: true}, {words: []string{"."}, start: 1}, {words: []string{"black"}, start: 3}, {words: []string{"cat"}, start: 2, starts: true}},
		"Yes: no. The cat":       {{words: []string{"yes"}, starts: true}, {words: []string{":"}}, {words: []string{"no"}}, {words: []string{"."}}, {words: []string{"the", "cat"}, starts: true}},
		"“Yes”, said Mr. Rocher": {{words: []string{"“", "yes", "”", ","}, starts: true}, {words: []string{"said"}, start: 1}, {words: []string{"Mr."}, start: 2}, {words: []string{"Rocher"}, start: 3, starts: true}},
		"Yes. 12 Cats":           {{words: []string{"yes"}, starts: true}, {words: []string{"."}}, {words: []string{"12"}}, {words: []string{"cats"}, starts: true}},
		"The Rocher":             {{words: []string{"the"}, starts: true}, {words: []string{"rocher"}, capital: true}},
	} {
		if out := assemble(Input{Text: "X"}, parts); out.Text != want {
			t.Errorf("%q, want %q", out.Text, want)
		}
	}
}

// The amount may stand in another phrase than the currency.
func TestEuros(t *testing.T) {
	words := func(list ...string) (parts []piece) {
		for _, w := range list {
			parts = append(parts, piece{words: strings.Fields(w), end: 1})
		}
		return parts
	}
	for want, parts := range map[string][]piece{
		"of 5 euros and":              words("of EUR", "5", "and"),
		"of 5 billion euros, 6 euros": words("of", "EUR", "5", "billion , EUR 6"),
		"5 million euros to 6":        words("EUR 5 million to", "6"),
		"the EUR 5":                   {{words: []string{"the"}, end: 1}, {words: []string{"EUR"}, end: 1, given: true}, {words: []string{"5"}, end: 1}},
	} {
		if out := assemble(Input{Text: "x"}, parts); out.Text != want {
			t.Errorf("%q, want %q", out.Text, want)
		}
	}
}

func TestFaithful(t *testing.T) {
	for _, c := range []struct {
		source, target string
		want           bool
	}{
		{"euros", "EUR", true}, {"euros", "EUR million", false}, {"500 millions", "500 million", true}, {"500 millions", "EUR 500 million", false},
		{"millions de", "of", false}, {"12 hommes", "13 men", false}, {"de dollars", "of", false}, {"le chat", "the cat", true}, {"deux milliards", "two thousand million", true},
	} {
		if got := Faithful(strings.Fields(c.source), strings.Fields(c.target)); got != c.want {
			t.Errorf("%s | %s: %v", c.source, c.target, got)
		}
	}
}

// A term's article is left as it is.
func TestArticleOfTerm(t *testing.T) {
	if out := assemble(Input{Text: "x"}, []piece{{words: []string{"vitamin", "a"}, end: 1, given: true}, {words: []string{"intake"}, end: 1}}); out.Text != "vitamin a intake" {
		t.Errorf("%q", out.Text)
	}
}

// A verb stands before its pronoun, and neither the table nor a rule has the two.
func TestInversion(t *testing.T) {
	e := toy(t)
	for in, want := range map[string]string{
		"« Le chat », dort-il.": "“The cat”, he sleeps.",
		"Dort-t-il ?":           "He sleeps?",
		"Ronronne-t-il ?":       "Ronronne-t-il?",
	} {
		out, err := e.Translate(context.Background(), Input{Text: in})
		if err != nil || out.Text != want {
			t.Errorf("%q gave %q, %v; want %q", in, out.Text, err, want)
		}
	}
}

func TestTerms(t *testing.T) {
	e := toy(t)
	text := "Le chat noir dort à Moscou."
	i := strings.Index(text, "chat noir")
	out, err := e.Translate(context.Background(), Input{Text: text, Terms: []Term{{i, i + len("chat noir"), "Black Panther"}}})
	if err != nil || !strings.Contains(out.Text, "Black Panther") || strings.Contains(out.Text, "cat") {
		t.Errorf("%q, %v: the term is not obeyed", out.Text, err)
	}
}

// A term may hold a bracket: a pair in apposition falls together.
func TestTermWithBracket(t *testing.T) {
	e := toy(t)
	text := "« Le chat (noir) dort »"
	i := strings.Index(text, "chat (noir)")
	out, err := e.Translate(context.Background(), Input{Text: text, Terms: []Term{{i, i + len("chat (noir)"), "cat"}}})
	if err != nil || out.Text != "“The cat sleeps”" {
		t.Errorf("%q, %v", out.Text, err)
	}
}

// A long sentence is cut, and every word comes out once.
func TestLong(t *testing.T) {
	e := toy(t)
	text := strings.TrimSpace(strings.Repeat("chat ", 400))
	out, err := e.Translate(context.Background(), Input{Text: text})
	if err != nil || strings.Count(out.Text, "cat") != 400 {
		t.Errorf("%d of 400 words came out, %v", strings.Count(out.Text, "cat"), err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := toy(t).Translate(ctx, Input{Text: "Le chat dort."}); err != context.Canceled {
		t.Errorf("error %v", err)
	}
}

// The back-off of the language model, by hand.
func TestLanguageModel(t *testing.T) {
	e := toy(t)
	near := func(got, want float32) bool { return math.Abs(float64(got-want)) < lmStep }
	_, s := e.lm.score(lmState{}, 3)
	if p, _ := e.lm.score(s, 4); !near(p, -0.5) {
		t.Errorf("a known bigram has %g", p)
	}
	if p, _ := e.lm.score(s, 5); !near(p, -0.5-3) {
		t.Errorf("an unknown bigram has %g", p)
	}
}

// A damaged table gives fewer options, never a panic.
func TestDamaged(t *testing.T) {
	e := toy(t)
	blob := e.table.blob
	for i := range blob {
		for _, x := range []byte{0, 1, 127, 255} {
			bad := slices.Clone(blob)
			bad[i] = x
			e.table.blob = bad
			if _, err := e.Translate(context.Background(), Input{Text: "Le chat noir dort, a dit l'ONU."}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(magic))
	f.Add(Pack(Parts{}))
	f.Add(Pack(Parts{Table: BuildTable([]string{"le"}, []string{"the"}, []Phrase{{Source: []uint32{0}, Options: []PhraseOption{{Target: []uint32{0}, Score: -1, Turn: 255}}}}),
		LM: BuildLM([LMOrder + 1][]LMEntry{}), Guesses: BuildGuesses([]Guess{{From: "s", Log: -1}})}))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Open(data)
		if err == nil {
			_, _ = e.Translate(context.Background(), Input{Text: "Le chat noir."})
		}
	})
}
