package backend

import (
	"cmp"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
	"depeche/translate/marian"
)

// inProgram is the offline engine with the model in the program.
func inProgram(t testing.TB) translate.Backend {
	t.Helper()
	b, err := Open("local", map[string]Config{"local": {Data: t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { Close(b) })
	return b
}

func inEnglish(t testing.TB, b translate.Backend, items ...translate.Item) []translate.Result {
	t.Helper()
	results, err := b.Translate(t.Context(), translate.Request{From: language.French, To: language.English, Items: items})
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// testdata/news.txt holds sentences of dispatches that must stay right: French, then
// English before its typography is set, then an empty line.
func TestNews(t *testing.T) {
	data, err := os.ReadFile("testdata/news.txt")
	if err != nil {
		t.Fatal(err)
	}
	var items []translate.Item
	var wants []string
	for pair := range strings.SplitSeq(strings.TrimSpace(string(data)), "\n\n") {
		french, want, _ := strings.Cut(pair, "\n")
		items, wants = append(items, translate.Item{Text: french}), append(wants, want)
	}
	for i, r := range inEnglish(t, inProgram(t), items...) {
		if r.Text != wants[i] {
			t.Errorf("%s\n gave %s\n want %s", items[i].Text, r.Text, wants[i])
		}
	}
}

// What the model alone does not promise: terms, quotation marks, numbers, names.
func TestEmbeddedLosesNothing(t *testing.T) {
	b := inProgram(t)
	for _, c := range []struct {
		french, term, target string
		want                 []string
	}{
		{"«Daesh» a revendiqué l'attaque, selon “Le Monde”.", "Daesh", "ISIS", []string{`"ISIS`}},
		{`Le ministre a parlé d'une "ligne rouge" et d'un « échec ».`, "", "", nil},
		{"« Nous partirons », a-t-il dit. « Demain.", "", "", nil},
		{"Ils étaient quatre-vingt-douze à bord, dont 17 enfants.", "", "", []string{"92|inety-two", "17"}},
		{"Un F-16 s'est écrasé à 14h30 près de Zhabdrungville.", "", "", []string{"F-16", "2:30 p.m.", "Zhabdrungville"}},
		{"La RATP et le GIGN ont confirmé.", "", "", []string{"RATP", "GIGN"}},
		{"L'EI A REVENDIQUÉ L'ATTENTAT DE BAGDAD", "EI", "ISIS", []string{"ISIS", "BAGHDAD"}},
		{"Les sapeurs-pompiers sont venus.", "", "", []string{"irefighters"}},
		{"GRÈVE À LA SNCF", "", "", []string{"STRIKE", "SNCF"}},
		{"MOSCOU", "", "", []string{"MOSCOW"}},
		{"Soldats, levez-vous", "Soldats", "servicemen", []string{"Servicemen"}},
		{"Soldats blessés, soldats morts.", "Soldats", "servicemen", []string{"servicemen"}},
		{"Le match débute à 21h00 et coûte 50 €.", "", "", []string{"9 p.m.|9:00 p.m.", "€50"}},
		{"« Le mot “guerre” me gêne », a-t-il dit.", "", "", nil},
		{"Grève à la SNCF", "", "", []string{"trike", "SNCF"}},
		{"Le groupe «Вагнер» a publié un message 🚀 sur Telegram.", "", "", []string{`"Вагнер`, "🚀"}},
		{"Daesh crie « Allahou akbar » (الله أكبر) dans les rues de 习近平.", "Daesh", "ISIS", []string{"ISIS", "(الله أكبر)", "习近平"}},
		{"Écrivez à redaction@lemonde.fr ou @afp, avec #JeSuis\u00adCharlie.", "", "", []string{"redaction@lemonde.fr", "@afp"}},
		{"Το τέλος.", "", "", []string{"Το τέλος."}},
		{"Il y avait ⟦1⟧ et 12 morts.", "", "", []string{"⟦1⟧", "12"}},
		{"Il faisait −12 °C à Moscou.", "", "", []string{"-12°C"}},
		{"Liban : ISRAËL BOMBARDE LA BANLIEUE SUD", "", "", []string{"Lebanon", "Israel bomb", "suburbs"}},
		{"LE 2e TOUR SE JOUERA À MARSEILLE", "", "", []string{"2ND|2TH|SECOND", "MARSEILLE"}},
		{"DAESH RECULE À RAQQA, DIT MÉLENCHON", "", "", []string{"RAQQA", "MÉLENCHON"}},
		{"Le Pen a perdu.", "", "", []string{"Le Pen"}},
		{"Nguyễn Văn Thiệu a rencontré Lê Đức Thọ à Paris.", "", "", []string{"Nguyễn", "Văn Thiệu", "Lê Đức Thọ"}},
		{"La panne a duré 3h15, soit 45 min de plus.", "", "", []string{"3 hours 15 minutes", "45 min"}},
		{"Une perte de 1 Md€, soit 154 Md€ en tout, et 2,50 € de plus.", "", "", []string{"€1 billion", "€154 billion", "€2.50"}},
		{"Le pourvoi n° 22-15.342 du 5.11.2024 est rejeté.", "", "", []string{"22-15.342", "November 5, 2024"}},
		{"La guerre (2007‑2012) du 11-Septembre.", "", "", []string{"2007-2012", "September 11"}},
		{"Il dit que « la France (doit) agir » et que les Etats-Unis (étaient) prêts.", "", "", []string{"France (must) act", "(were)|(was)|(are)|(is)"}},
		{"Le train de 6 h 07 a un retard de 2 h 50.", "", "", []string{"6:07 a.m.", "2 hours"}},
		{"L'incendie a ravagé 16 000 ha, dont 450 ha de pins.", "", "", []string{"16,000 hectares", "450 hectares"}},
		{"Me Spinosi a plaidé le 04/12/2025, au 14 bis, rue des Lilas.", "", "", []string{"awyer Spinosi", "December 4, 2025", "14 bis"}},
		{"Appelez le 0 800 130 000 ou allez sur paris.fr/elections.", "", "", []string{"0 800 130 000", "paris.fr/elections"}},
		{"SUIVEZ-NOUS SUR www.afp.fr À 21H00, POUR 10 Md€", "", "", []string{"www.afp.fr", "P.M.", "€10 BILLION"}},
		{"Var : UN MOTARD SE TUE", "", "", []string{"Var: A motor"}},
		{"Voir https://exemple.fr/путь/файл pour en savoir plus.", "", "", []string{"https://exemple.fr/путь/файл"}},
		{"➡️ Lire aussi : tout est dit 👉 https://a.fr/b 👈 et ☎️ au 01 02 03 04 05 ou ✉️ a@b.fr", "", "", []string{"➡️", "👉", "https://a.fr/b", "👈", "01 02 03 04 05", "a@b.fr"}},
		{"C'est le havre de paix des oiseaux, dit l'alinéa (a) du texte.", "", "", []string{"(a)"}},
		{"»", "", "", nil},
		{"« »", "", "", nil},
		{"", "", "", nil},
	} {
		item := translate.Item{Text: c.french}
		if i := strings.Index(c.french, c.term); c.term != "" {
			item.Terms = []translate.TermRequest{{Span: segment.Span{Start: i, End: i + len(c.term)}, Targets: []string{c.target}}}
		}
		r := inEnglish(t, b, item)[0]
		for _, want := range c.want {
			found := false
			for one := range strings.SplitSeq(want, "|") {
				found = found || strings.Contains(r.Text, one)
			}
			if !found {
				t.Errorf("%s became %s: no %s", c.french, r.Text, want)
			}
		}
		if s, e := marksIn(c.french), marksIn(r.Text); s != e {
			t.Errorf("%s became %s: %d quotation marks of %d", c.french, r.Text, e, s)
		}
		for _, l := range r.Alignment {
			if l.Source.End > len(c.french) || l.Target.End > len(r.Text) || l.Source.Start >= l.Source.End || l.Target.Start >= l.Target.End {
				t.Errorf("%s became %s: a link from %v to %v", c.french, r.Text, l.Source, l.Target)
			}
		}
	}
}

func TestPrefer(t *testing.T) {
	const item = "Daesh ici 17"
	daesh, place, number := marian.Term{Start: 0, End: 5, Targets: []string{"M23"}}, marian.Term{Start: 6, End: 9, Targets: []string{"here"}}, marian.Term{Start: 10, End: 12, Targets: []string{"17"}}
	shown := view{}
	marks := shown
	marks.hidden = []string{"⟦1⟧"} // for 17
	old := try{in: marian.Input{Text: item, Terms: []marian.Term{daesh}}, out: marian.Output{Text: "M23 here", Score: -0.1, Terms: []marian.Span{{Start: 0, End: 3}}}}
	for _, c := range []struct {
		what  string
		view  view
		text  string
		score float64
		terms []marian.Span
		want  bool
	}{
		{"likely", shown, "M23 here 17", -0.9, []marian.Span{{Start: 0, End: 3}, {}, {}}, true},
		{"unlikely", shown, "M23 there", -3, []marian.Span{{Start: 0, End: 3}, {Start: 4, End: 8}, {}}, false},
		{"unlikely, but with the number", shown, "M23 there 17", -3, []marian.Span{{Start: 0, End: 3}, {}, {Start: 10, End: 12}}, true},
		{"without the term", shown, "It is here 17", -0.1, []marian.Span{{}, {Start: 6, End: 10}, {Start: 11, End: 13}}, false},
		{"with another number", shown, "M23 here 18, 19", -0.1, []marian.Span{{Start: 0, End: 3}, {Start: 4, End: 8}, {}}, false},
		{"unlikely, but with the mark", marks, "M23 there ⟦1⟧", -3, []marian.Span{{Start: 0, End: 3}, {}, {Start: 10, End: 12}}, true},
		{"the mark twice", marks, "M23 ⟦1⟧ there ⟦1⟧", -0.1, []marian.Span{{Start: 0, End: 3}, {}, {Start: 10, End: 12}}, false},
		{"without the mark", marks, "M23 there 17", -0.1, []marian.Span{{Start: 0, End: 3}, {}, {Start: 10, End: 12}}, false},
	} {
		fresh := try{view: c.view, in: marian.Input{Text: strings.Replace(item, "17", cmp.Or(strings.Join(c.view.hidden, ""), "17"), 1), Terms: []marian.Term{daesh, place, number}}, own: []int{0}, numbers: []int{10}, out: marian.Output{Text: c.text, Score: c.score, Terms: c.terms}}
		if got := prefer(old, fresh); got != c.want {
			t.Errorf("%s: %t", c.what, got)
		}
	}
}

func marksIn(text string) int {
	n := 0
	for _, r := range text {
		if strings.ContainsRune(`«»“”"`, r) {
			n++
		}
	}
	return n
}

func TestArticled(t *testing.T) {
	terms := []marian.Term{{Start: 3, End: 20, Targets: []string{"takfiri group"}}, {Start: 21, End: 26, Targets: []string{"ISIS"}}}
	names := named("le groupe takfiriste Daesh", terms)
	if len(names) != 1 || names[0] != "ISIS takfiri group" {
		t.Fatal(names)
	}
	for text, want := range map[string]string{
		"against ISIS takfiri group.":        "against the ISIS takfiri group.",
		"against the ISIS takfiri group":     "against the ISIS takfiri group",
		"against the takfiri group ISIS":     "against the takfiri group ISIS",
		"ISIS takfiri group":                 "ISIS takfiri group",
		" ISIS takfiri group":                " ISIS takfiri group",
		"of ISIS takfiri group’s men":        "of the ISIS takfiri group’s men",
		"of ISIS takfiri groups, no article": "of ISIS takfiri groups, no article",
	} {
		o := articled(marian.Output{Text: text, Alignment: []marian.Link{{Target: marian.Span{Start: len(text) - 5, End: len(text)}}}}, names[0])
		if o.Text != want {
			t.Errorf("%s became %s", text, o.Text)
		}
		if end := o.Alignment[0].Target.End; end != len(want) {
			t.Errorf("%s: the last word ends at %d", o.Text, end)
		}
	}
}
