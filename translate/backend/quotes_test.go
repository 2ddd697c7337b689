package backend

import (
	"strings"
	"testing"

	"depeche/translate/marian"
)

func TestQuotationMarksApart(t *testing.T) {
	for in, want := range map[string]string{
		"«\u00a0Non\u00a0», dit-il":  "« Non », dit-il",
		`"Non", dit-il. ("Oui")`:     "« Non », dit-il. (« Oui »)",
		"“Non”":                      "« Non »",
		"Il dit «Non":                "Il dit « Non",
		"Non», dit-il":               "Non », dit-il",
		`l'"affaire" de 240 000 "€"`: "l'« affaire » de 240 000 « € »",
		`dit: ""Oui"", puis`:         "dit: « Oui », puis",
		`Il a dit " oui " hier.`:     "Il a dit « oui » hier.",
		`un écran 27" noir`:          `un écran 27" noir`,
		"„Bild“":                     "« Bild »",
		"pas de guillemets":          "pas de guillemets",
		"":                           "",
		"«»":                         "«  »",
	} {
		e := apart(in)
		if got := e.text.String(); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		for _, r := range e.runs {
			if got := e.text.String()[r.to : r.to+r.n]; got != in[r.from:r.from+r.n] {
				t.Errorf("%q: %q stands for %q", in, got, in[r.from:r.from+r.n])
			}
			if e.there(r.from) != r.to || e.back(r.to) != r.from || e.back(e.there(r.from+r.n)) != r.from+r.n && r.n > 0 && e.there(r.from+r.n) != e.there(r.from) {
				t.Errorf("%q: places of %v", in, r)
			}
		}
	}
}

func TestTranslationWithMarksClosed(t *testing.T) {
	source := apart("«Oui», dit-il.")
	got := place(marian.Output{Text: `" Yes," he said.`, Alignment: []marian.Link{
		{Source: marian.Span{Start: 0, End: 2}, Target: marian.Span{Start: 0, End: 1}},     // the marks
		{Source: marian.Span{Start: 3, End: 6}, Target: marian.Span{Start: 2, End: 5}},     // Oui
		{Source: marian.Span{Start: 11, End: 14}, Target: marian.Span{Start: 11, End: 15}}, // dit
	}}, source, false)
	if got.Text != `"Yes," he said.` {
		t.Error(got.Text)
	}
	text := "«Oui», dit-il."
	for i, want := range [][2]string{{"Oui", "Yes"}, {"dit", "said"}} {
		l := got.Alignment[len(got.Alignment)-2+i]
		if s, e := text[l.Source.Start:l.Source.End], got.Text[l.Target.Start:l.Target.End]; s != want[0] || e != want[1] {
			t.Errorf("%q stands for %q, want %v", e, s, want)
		}
	}
	// marks that the engine lost stand around the same words
	for _, c := range []struct{ source, made, want string }{
		{"Il parle d'une « guerre froide », dit-il", `He speaks of a cold war, he said`, `He speaks of a "cold war", he said`},
		{"« guerre froide. »", `cold " war.`, `"cold war."`},
		{"« guerre", `war`, `"war`},
		{"froide » et guerre", `cold and war`, `cold" and war`},
		{"« ??? » à vendre", `" ??? for sale`, `"??? for sale`}, // no word to stand around: nothing is taken out
		{"une guerre", `a "war"`, `a war`},
	} {
		o := marian.Output{Text: c.made}
		for french, english := range map[string]string{"guerre": "war", "froide": "cold", "parle": "speaks", "dit": "said"} {
			i, j := strings.Index(c.source, french), strings.Index(c.made, english)
			if i >= 0 && j >= 0 {
				o.Alignment = append(o.Alignment, marian.Link{Source: marian.Span{Start: i, End: i + len(french)}, Target: marian.Span{Start: j, End: j + len(english)}})
			}
		}
		if got := place(o, apart(c.source), false); got.Text != c.want {
			t.Errorf("%s: %s became %s, want %s", c.source, c.made, got.Text, c.want)
		}
	}
	for in, want := range map[string]string{
		`He said: " No." Then " yes."`:           `He said: "No." Then "yes."`,
		`" The word " war" annoys me," he said.`: `"The word "war" annoys me," he said.`,
		`" The lawmaker (" green") voted."`:      `"The lawmaker ("green") voted."`,
		`a" b`:                                   `a" b`,
	} {
		e := closed(in)
		if got := e.text.String(); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzQuotationMarks(f *testing.F) {
	f.Add(`"Non", dit «Jean`, `" No," said "Jean`, 3, 6, 2, 4)
	f.Add("« »", `""`, 0, 2, 0, 1)
	f.Fuzz(func(t *testing.T, source, made string, s, e, a, b int) {
		e0 := apart(source)
		text := e0.text.String()
		o := marian.Output{Text: made}
		if 0 <= s && s < e && e <= len(text) && 0 <= a && a < b && b <= len(made) {
			o.Alignment = []marian.Link{{Source: marian.Span{Start: s, End: e}, Target: marian.Span{Start: a, End: b}}}
		}
		got := place(o, e0, false)
		for _, l := range got.Alignment {
			if l.Source.Start < 0 || l.Source.Start >= l.Source.End || l.Source.End > len(source) || l.Target.Start < 0 || l.Target.Start >= l.Target.End || l.Target.End > len(got.Text) {
				t.Fatalf("%q, %q: %v of %q", source, made, l, got.Text)
			}
		}
		if strip := func(s string) string { return strings.Join(strings.Fields(strings.ReplaceAll(s, `"`, " ")), "") }; strip(got.Text) != strip(made) {
			t.Fatalf("%q became %q", made, got.Text)
		}
	})
}

func TestShown(t *testing.T) {
	for _, c := range []struct {
		text  string
		parts []string
		want  string
	}{
		{"said ⟦2⟧ to ⟦1⟧", []string{"@a", "@b"}, "said @b to @a"},
		{"said ⟦1⟧ to ⟦1⟧", []string{"@a", "@b"}, "said @a to  @b"},
		{"it ends ⟦1⟧.", []string{"at 2 p.m."}, "it ends at 2 p.m."},
		{"σ ⟧ 2⟦ and ⟦1⟧", []string{"🚀"}, "σ  2 and 🚀"},
		{"nothing", []string{"🚀"}, "nothing 🚀"},
		{"⟦1⟧ of its own", nil, "⟦1⟧ of its own"},
	} {
		source := &edited{}
		source.keep("xxxx", 1, 4)
		end := len(c.text)
		o := shown(marian.Output{Text: c.text, Alignment: []marian.Link{{Source: marian.Span{Start: 0, End: 1}, Target: marian.Span{Start: 0, End: end}}}}, source, c.parts)
		if o.Text != c.want {
			t.Errorf("%s became %q, want %q", c.text, o.Text, c.want)
		}
		for _, l := range o.Alignment {
			if l.Target.End > len(o.Text) || l.Source.Start != 1 || l.Source.End != 2 {
				t.Errorf("%s: link %v", c.text, l)
			}
		}
	}
}
