package fren

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"depeche/translate/phrase"
)

// The model in the program holds what its card says: quotations, brackets and
// capitals stay, and words are read that the table does not hold.
func TestModel(t *testing.T) {
	e, err := Engine()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"Le président (français) a dit : « Oui. »":   "The President (French) said: “Yes.”",
		"LA GUERRE EN SYRIE":                         "THE WAR IN SYRIA",
		"une orchidée":                               "an orchid",
		"Ils voguaient":                              "They were sailing",
		"Aristophane":                                "Aristophanes",
		"le dossier syrien":                          "the Syrian dossier",
		"un commandement unique":                     "a single command",
		"Les soldats sont russes.":                   "Soldiers are Russian.",
		"un but de Mason Greenwood":                  "a goal of Mason Greenwood", // the table has the stonemason
		"le OM de Marseille":                         "the OM of Marseille",       // and the fan, and Marseilles
		"L'ONU":                                      "The UN",
		"Moscou-Pékin":                               "Moscow-Beijing",
		"entre 340 et 500 millions d'hommes":         "between 340 and 500 million men", // and EUR 500 million for 500 million
		"Il coûte 12 euros.":                         "It costs 12 euros.",              // the table has EUR million for euros,
		"« C'est une honte », déplore-t-il.":         "“It is a disgrace”, he regrets.",
		"néo-syrien":                                 "neo-Syrian",
		"les pays et/ou régions – sauf Kiev":         "the countries and/or regions – except Kyiv",
		"Le prix HT":                                 "The HT price",
		"A Paris":                                    "In Paris", // capitals without accents
		"Le rôle de l'Etat et de l'Eglise":           "The role of the State and church",
		"LES NEGOCIATIONS DE GENEVE":                 "THE GENEVA NEGOTIATIONS",
		"Ils ne transmettent aucune maladie.":        "They pass no disease.", // a phrase of the table has any
		"Il n'y a plus d'eau à Gaza.":                "There is no more water in Gaza.",
		"« Nous sommes prêts », a-t-elle dit lundi.": "“We are ready”, she said Monday.", // and not: did she say
		"« C'est fini », ont-ils dit.":               "“It is finished”, they said.",
		"Quand viendra-t-il, a-t-il demandé ?":       "When will he come, he asked?",
		"Il est, semble-t-il, malade.":               "It is, it seems, sick.",
		"« Oui ! », a-t-il ajouté.":                  "“Yes!”, he added.",
		"les juges Falcone et Borsellino":            "judges Falcone and Borsellino", // the table has "said"
		"des voitures positionnées devant":           "cars positioned front",
		"la connaissance s'acquérait":                "knowledge is acquired",
		"C'est fini. Soyez prudents.":                "It is finished. Be careful.",
	} {
		out, err := e.Translate(context.Background(), phrase.Input{Text: in})
		if err != nil || out.Text != want {
			t.Errorf("%q gave %q, %v; want %q", in, out.Text, err, want)
		}
	}
}

// Any text comes out, with its links inside both texts.
func FuzzTranslate(f *testing.F) {
	for _, s := range []string{"A Paris, l'Etat n'a plus que 3-2 – et/ou « Obama-Poutine » !", "LES NEGOCIATIONS A GENEVE", "M. B., 34 ans: ne … que; 1,5 M€", "\xff A\u00ad", "Son avion. Ses", "« Oui », a dit lundi l'ONU. Il l'a dit, a indiqué la police",
		"Le Sénat vote trois mille euros; il ne broute pas, elle s'est effondrée près de Nancy et aurait pu partir"} {
		f.Add(s)
	}
	e, err := Engine()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out, err := e.Translate(t.Context(), phrase.Input{Text: text, Respell: strings.ToLower, Terms: []phrase.Term{{Start: len(text) / 2, End: len(text), Target: "ISIS"}}})
		if err != nil {
			t.Fatal(err)
		}
		if out.Text == "" && len(phrase.Words(text)) > 0 {
			t.Fatalf("%q is lost", text)
		}
		for _, l := range out.Links {
			if l.SourceStart < 0 || l.SourceEnd > len(text) || l.TargetStart < 0 || l.TargetEnd > len(out.Text) || l.SourceStart > l.SourceEnd || l.TargetStart > l.TargetEnd {
				t.Fatalf("%q gave %q with %v", text, out.Text, l)
			}
		}
	})
}

// BenchmarkOpen is the time until the model can translate.
func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		if _, err := open(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTranslate translates FLORES dev on one core.
func BenchmarkTranslate(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "eval", "flores-dev.fr"))
	if err != nil {
		b.Skipf("no development set: %v", err)
	}
	e, err := Engine()
	if err != nil {
		b.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	words := 0
	for b.Loop() {
		for _, line := range lines[:100] {
			if _, err := e.Translate(context.Background(), phrase.Input{Text: line}); err != nil {
				b.Fatal(err)
			}
			words += len(strings.Fields(line))
		}
	}
	b.ReportMetric(float64(words)/b.Elapsed().Seconds(), "words/s")
}
