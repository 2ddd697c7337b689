package phrase

import (
	"context"
	"math"
	"strings"
	"testing"
)

// toy is a model of a few words.
func toy(t *testing.T) *Engine {
	t.Helper()
	fr := strings.Fields("le la chat noir dort a dit . , l' ONU Moscou maison 12")
	en := strings.Fields("the black cat sleeps said . , UN Moscow house 12 it has \"")
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
	for _, p := range [][2]string{{"le", "the"}, {"la", "the"}, {"chat noir", "black cat"}, {"chat", "cat"}, {"noir", "black"},
		{"dort", "sleeps"}, {"a dit", "said"}, {"a", "has"}, {".", "."}, {",", ","}, {"l' ONU", "the UN"}, {"Moscou", "Moscow"}, {"maison", "house"}} {
		phrases = append(phrases, Phrase{Source: num(fr, p[0]), Options: []PhraseOption{{Target: num(en, p[1]), Score: -1}}})
	}
	var lm [LMOrder + 1][]LMEntry
	for i := range en {
		lm[1] = append(lm[1], LMEntry{Key: uint64(i) + LMReserved, Prob: -3, Backoff: -0.5})
	}
	for n := 2; n <= LMOrder; n++ {
		lm[n] = []LMEntry{{Key: uint64(3)<<16 | 4, Prob: -0.5, Backoff: -0.2}}
	}
	e, err := Open(Pack(BuildTable(fr, en, phrases), BuildLM(lm), Weights{LM: 0.5, Distortion: 0.3, Word: 0.1, Unknown: -5}))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestTranslate(t *testing.T) {
	e := toy(t)
	for _, c := range []struct{ name, in, want string }{
		{"a phrase is turned round", "Le chat noir dort.", "The black cat sleeps."},
		{"quotation marks stay where they are", "« Le chat dort », a dit l'ONU.", "“The cat sleeps”, said the UN."},
		{"straight marks are paired", `"Le chat dort", a dit l'ONU.`, "“The cat sleeps”, said the UN."},
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

func FuzzOpen(f *testing.F) {
	f.Add([]byte(magic))
	f.Add(Pack(nil, nil, Weights{}))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Open(data)
		if err == nil {
			_, _ = e.Translate(context.Background(), Input{Text: "Le chat noir."})
		}
	})
}
