package marian

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"depeche/translate/marian/sentencepiece"
)

func TestOddTexts(t *testing.T) {
	m := loadOn(t, "", randomFiles(t))
	for _, text := range []string{"", " ", "\u00a0", ".", "À", "?!", "***", "2015", "3,5 %", "—", "\x00", "\xff\xfe", "\u200b",
		"俄罗斯和美国继续谈判", "Москва и Вашингтон", "واشنطن وموسكو", "🙂🙃", "\u0301\u0301"} {
		out := one(t, m, text, Options{})
		if !out.Copied || out.Text != text {
			t.Errorf("%q becomes %q, not copied", text, out.Text)
		}
	}
	for _, text := range []string{"l'EI 🙂 à Moscou", "  Bonjour à tous.  ", "Moscou (Москва) et 俄罗斯", "a\tb\nc d", "mot\xffcassé et encore",
		"<unk> </s> __start__ __end__", strings.Repeat("ha ", 40), strings.Repeat("x", 400), "État\u0301"} {
		out := one(t, m, text, Options{})
		if !utf8.ValidString(out.Text) || strings.Contains(out.Text, "\u2047") || strings.Contains(out.Text, "\ufffd") || strings.Contains(out.Text, "__start__") {
			t.Errorf("%q becomes %q", text, out.Text)
		}
		if out.Score >= 0 || out.Score != out.Score || out.Tokens == 0 {
			t.Errorf("%q: score %v, %d tokens", text, out.Score, out.Tokens)
		}
		for _, l := range out.Alignment {
			if l.Source.Start < 0 || l.Source.End > len(text) || l.Source.Start >= l.Source.End || l.Target.End > len(out.Text) || l.Target.Start >= l.Target.End {
				t.Errorf("%q: link %v", text, l)
			}
		}
	}
	if out := one(t, m, "  Bonjour à tous.  ", Options{}); !strings.HasPrefix(out.Text, "  ") || !strings.HasSuffix(out.Text, "  ") {
		t.Errorf("white space around the text is lost: %q", out.Text)
	}
}

// TestLoopsAreBroken gives a model that loops on almost everything a text.
func TestLoopsAreBroken(t *testing.T) {
	m := loadOn(t, "", randomFiles(t))
	text := sharedLines(t, "engine/vectors/bench16.txt")[1]
	loop := one(t, m, text, Options{MaxLengthFactor: 1, KeepLoops: true})
	broken := one(t, m, text, Options{MaxLengthFactor: 1})
	if loop.Loop || !broken.Loop {
		t.Errorf("loop found: %v with the guard off, %v with it on", loop.Loop, broken.Loop)
	}
	g := newLoopGuard(nil)
	ids := m.tokens(m.targetVoc.Encode(broken.Text))
	for i := range ids {
		if p := g.period(ids[:i+1]); p > 0 {
			t.Errorf("%q repeats a block of %d tokens", broken.Text, p)
		}
	}
}

func TestLoopGuard(t *testing.T) {
	for _, c := range []struct {
		source, target []int32
		want           []int32
	}{
		{nil, []int32{1, 2, 3}, []int32{1, 2, 3}},
		{nil, []int32{5, 5, 5}, []int32{5, 5, 5}},
		{nil, []int32{5, 5, 5, 5, 9}, []int32{5, 9}},
		{nil, []int32{1, 2, 1, 2, 1, 2, 8}, []int32{1, 2, 8}},
		{nil, []int32{1, 2, 3, 1, 2, 3, 8}, []int32{1, 2, 3, 8}},
		{[]int32{7, 7, 7, 7, 7}, []int32{5, 5, 5, 5, 5, 9}, []int32{5, 5, 5, 5, 5, 9}},
		{[]int32{1, 2, 3, 1, 2, 3}, []int32{4, 5, 6, 4, 5, 6}, []int32{4, 5, 6, 4, 5, 6}},
	} {
		got := newLoopGuard(c.source).unloop(c.target, func(n int32) int32 { return n })
		if !slices.Equal(got, c.want) {
			t.Errorf("source %v: %v becomes %v, want %v", c.source, c.target, got, c.want)
		}
	}
}

func TestCutting(t *testing.T) {
	m := loadOn(t, "", randomFiles(t))
	text := "Le président a déclaré mardi que les négociations allaient continuer, mais que le résultat dépendait de toutes les parties ; " +
		"selon lui, la situation est « très difficile », et il faudra encore plusieurs semaines avant de parvenir à un accord qui tienne."
	tokens := m.sourceVoc.Encode(text)
	for _, limit := range []int{20, 40, 60} {
		from := 0
		for _, to := range cutTokens(Input{Text: text}, tokens, limit) {
			start, end := tokens[from].Start, len(text)
			if to < len(tokens) {
				end = tokens[to].Start
			}
			t.Logf("%d: %q", limit, text[start:end])
			if to-from > limit {
				t.Errorf("a piece of %d tokens: %q", to-from, text[start:end])
			}
			if end < len(text) && text[end] != ' ' {
				t.Errorf("cut within a word behind %q", text[start:end])
			}
			from = to
		}
	}
	ends := cutTokens(Input{Text: text}, tokens, len(tokens)*2/3)
	if first := text[:tokens[ends[0]].Start]; !strings.HasSuffix(first, ";") {
		t.Errorf("first piece %q", first)
	}
	term := Input{Text: text, Terms: []Term{{Start: strings.Index(text, "parties ;"), End: strings.Index(text, "selon")}}}
	if ends := cutTokens(term, tokens, len(tokens)*2/3); tokens[ends[0]].Start == strings.Index(text, " selon") {
		t.Error("cut within a term")
	}
}

func TestLongTexts(t *testing.T) {
	m := loadOn(t, "", randomFiles(t))
	text := "Bonjour " + strings.Repeat("à tous, et à Moscou ; ", 60) + "fin."
	in := Input{Text: text, Terms: []Term{{0, 7, []string{"Hello"}, false}, {len(text) - 4, len(text) - 1, []string{"end"}, false}}}
	out, err := m.Translate(t.Context(), []Input{in}, Options{MaxSource: 64, NBest: 2})
	if err != nil {
		t.Fatal(err)
	}
	o := out[0]
	if o.Parts < 4 || len(o.NBest) != 2 {
		t.Errorf("%d parts, %d hypotheses", o.Parts, len(o.NBest))
	}
	for i, want := range []string{"Hello", "end"} {
		if got := o.Text[o.Terms[i].Start:o.Terms[i].End]; !strings.EqualFold(strings.TrimSuffix(got, "s"), want) {
			t.Errorf("term %d stands as %q", i, got)
		}
	}
	last := 0
	for _, l := range o.Alignment {
		if l.Source.End > len(text) || l.Target.End > len(o.Text) || l.Target.Start < last {
			t.Fatalf("link %v behind %d", l, last)
		}
		last = l.Target.Start
	}
	long := one(t, m, strings.Repeat("x", 3000), Options{MaxSource: 512})
	if long.Parts < 2 || !utf8.ValidString(long.Text) {
		t.Errorf("%d parts", long.Parts)
	}
}

func TestSplitWords(t *testing.T) {
	text := "L’EI (Daesh), 3,5 % d'avance…"
	var words []string
	for _, s := range splitWords(text) {
		words = append(words, text[s.Start:s.End])
	}
	if got, want := fmt.Sprintf("%q", words), `["L’" "EI" "(" "Daesh" ")" "," "3" "," "5" "%" "d'" "avance" "…"]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// tokensAt is tokens between byte offsets.
func tokensAt(offsets ...int) []sentencepiece.Token {
	var tokens []sentencepiece.Token
	for i := 1; i < len(offsets); i++ {
		tokens = append(tokens, sentencepiece.Token{Start: offsets[i-1], End: offsets[i]})
	}
	return tokens
}

func TestLinks(t *testing.T) {
	p := &part{text: "le chat noir"}
	p.tokens = append(p.tokens, tokensAt(0, 2, 7, 12)...)
	spans := []Span{{0, 3}, {3, 9}, {9, 13}}
	rows := [][]float32{{0.8, 0.1, 0.1, 0}, {0, 0, 0.9, 0.1}, {0, 0.95, 0, 0.05}}
	got := p.links("The black cat", spans, rows, nil)
	want := []Link{{Span{0, 2}, Span{0, 3}}, {Span{8, 12}, Span{4, 9}}, {Span{3, 7}, Span{10, 13}}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestSentenceEnds(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Un seul.", "Un seul."},
		{"Il est venu. Il est parti !", "Il est venu.| Il est parti !"},
		{"M. Poutine a dit « non. » Il est parti.", "M. Poutine a dit « non. »| Il est parti."},
		{"Le 29 sept. 2015, MM. Obama et S. Lavrov… oui", "Le 29 sept. 2015, MM. Obama et S. Lavrov… oui"},
		{"C'était en 2015. Puis rien.", "C'était en 2015.| Puis rien."},
		{"Quoi ?! Rien.", "Quoi ?!| Rien."},
		{"(Reuters) Un. (AFP) Deux.", "(Reuters) Un. (AFP) Deux."},
		{"« Un mot. Deux mots. »", "« Un mot.| Deux mots. »"},
	} {
		var b strings.Builder
		from := 0
		for _, end := range sentenceEnds(c.text) {
			b.WriteString(c.text[from:end] + "|")
			from = end
		}
		if got := b.String() + c.text[from:]; got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestLostSentences has a model that never writes two sentences.
func TestLostSentences(t *testing.T) {
	m := loadOn(t, "", randomFiles(t))
	text := "Moscou continue. Washington aussi. Tous parlent."
	out := one(t, m, text, Options{})
	if out.Parts != 3 {
		t.Errorf("%d parts: %q", out.Parts, out.Text)
	}
	if out := one(t, m, "Moscou continue, Washington aussi.", Options{}); out.Parts != 1 {
		t.Errorf("%d parts: %q", out.Parts, out.Text)
	}
}
