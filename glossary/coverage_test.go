package glossary

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestCoverage finds the sample's names that no entry covers.
func TestCoverage(t *testing.T) {
	data, err := os.ReadFile("../testdata/lavrov-syrie.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range sample(t).Coverage(strings.Split(string(data), "\n")) {
		got = append(got, fmt.Sprintf("%d %s", c.Count, c.Form))
		if !strings.Contains(c.Example, c.Form) && c.Count == 1 {
			t.Errorf("the example %q does not hold %q", c.Example, c.Form)
		}
	}
	t.Log(got)
	text := strings.Join(got, "\n")
	for _, want := range []string{"4 Poutine", "2 Sergueï Lavrov", "2 Barack Obama", "1 Vladimir Poutine", "1 Damas", "4 Russie"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, not := range []string{"Obama-Poutine", "Défense", "Affaires", "AM", "AFP", "Daesh", "EI", "ONU", "Ce", "Nous", "Je", "Des", "Tous"} {
		for _, g := range got {
			if _, form, _ := strings.Cut(g, " "); form == not {
				t.Errorf("%q is no candidate", not)
			}
		}
	}
}

func TestCandidates(t *testing.T) {
	for text, want := range map[string]string{
		"Hier, Ursula von der Leyen a dit.":        "Ursula von der Leyen",
		"L'Elysée et le Kremlin":                   "Elysée|Kremlin",
		"M. Lavrov et Mme Le Pen":                  "Lavrov|Le Pen",
		"Le président. La Chine dit : Pékin":       "Chine|(Pékin)",
		"les FDS et le G7 du Moyen-Orient":         "FDS|G7|Moyen-Orient",
		"l'Agence France-Presse à Aix-en-Provence": "Agence France-Presse|Aix|Provence",
		"Selon eux":             "",
		"UN TITRE EN CAPITALES": "(TITRE EN CAPITALES)",

		// What a wire service writes around a dispatch is none.
		"URGENT - Attentat à Kaboul":                                 "(Attentat)|Kaboul",
		"RECTIFICATIF - Tour de France: Pogacar gagne":               "Tour de France|(Pogacar)",
		"LEAD Ukraine: Zelensky à Bruxelles":                         "Ukraine|(Zelensky)|Bruxelles",
		"(Avec AFP et Reuters)":                                      "",
		"Avec Reuters":                                               "",
		"Beyrouth (AFP) - selon l'agence Reuters":                    "(Beyrouth)|Reuters",
		"Par Jean Dupont et Marie Durand, à Genève":                  "",
		"(Rédigé par Jean Dupont, édité par Marie Martin)":           "",
		"SOUS EMBARGO jusqu'à Mardi 18H00 (12H00 GMT)":               "",
		"PRIORITE: 3, depuis le 14 Juillet":                          "",
		"• Le Smic horaire; 2. Ouvrir 120 lits":                      "Smic|(Ouvrir)",
		"a tweeté Jean-Luc Mélenchon (@JLMelenchon) sur X Jeudi":     "Jean-Luc Mélenchon",
		"le ministère des Affaires étrangères et celui de la Santé":  "ministère des Affaires étrangères|Santé",
		"Les ministres de la Défense, l'armée de l'Air, al-Chifa":    "ministres de la Défense|armée de l'Air|al-Chifa",
		"le président Jacob Zuma et le Premier ministre, M. Maïga":   "Jacob Zuma|Maïga",
		"le Slovène Tadej Pogacar, le Danois J. Vingegaard":          "Tadej Pogacar|J. Vingegaard",
		"les Français, un Turc, des Palestiniens et les Talibans":    "Talibans",
		"l'Organisation météorologique mondiale et le Parti de Dieu": "Organisation météorologique mondiale|Parti de Dieu",
		"le Groupe de soutien à l'islam et aux musulmans (GSIM)":     "Groupe de soutien à l'islam et aux musulmans|GSIM",
		"le Conseil de sécurité se réunit, la Commission a dit":      "Conseil de sécurité",
		"Goldman Sachs et J.P. Morgan, Mail & Guardian":              "Goldman Sachs|J.P. Morgan|Mail & Guardian",
		"Jean Dupont de l'ONU à N'Djamena au XXe siècle":             "Jean Dupont|ONU|N'Djamena",
	} {
		var got []string
		for _, c := range candidates(text) {
			s := c.span.Of(text)
			if !c.sure {
				s = "(" + s + ")"
			}
			got = append(got, s)
		}
		if g := strings.Join(got, "|"); g != want {
			t.Errorf("%s\n  got  %s\n  want %s", text, g, want)
		}
	}
}

func TestLint(t *testing.T) {
	const text = `source,target,allowed,forbidden,case,pos,keep
Daesh|Daesh|EI,ISIS,IS,IS|ISIL,,,
or,gold,,,,,
EST,east,,,ignore,,
EI,Islamic State,,,,,
ONU,UN,,ISIS,,,
ONU,UN,,,,,
défie,defies,,,,verb,
mot,word|words|wordy,,,,,
AFP,Agence,,,,,oui
`
	terms, err := ReadCSV(strings.NewReader(text), "a.csv")
	if err != nil {
		t.Fatal(err)
	}
	faults, err := Lint(Set{Name: "a", Terms: terms})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range faults {
		got = append(got, f.String())
	}
	want := []string{
		`a.csv:2:1: warning: the variant "Daesh" stands twice`,
		`a.csv:2:1: error: the target "IS" is forbidden and allowed at once`,
		`a.csv:3:1: warning: the variant "or" is a frequent French word; use capitals or the case rule exact`,
		`a.csv:4:1: warning: the variant "EST" is a frequent French word; use capitals or the case rule exact`,
		`a.csv:5:1: error: "EI" is "Islamic State" here and "ISIS" in a.csv:2:1, which is used`,
		`a.csv:6:1: warning: the forbidden "ISIS" is the target of "Daesh" in a.csv:2:1`,
		`a.csv:7:1: warning: "ONU" stands in a.csv:6:1 already, with the same target`,
		`a.csv:8:1: warning: the verb "défie" is no infinitive in -er, -ir or -re and matches only as it stands`,
		`a.csv:9:1: warning: 3 targets for 1 variants: the forms of a target stand in the order of its sources`,
		`a.csv:10:1: error: the entry has a target and is not to be translated`,
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

func TestMerge(t *testing.T) {
	read := func(text string) []Term {
		terms, err := ReadCSV(strings.NewReader("source,target,forbidden\n"+text), "x")
		if err != nil {
			t.Fatal(err)
		}
		return terms
	}
	got := Merge(read("Daesh|EI,ISIS,ISIL\nmot|mots,word|words,\n"), read("Daesh|Daech,ISIS,IS\nmot|Mot,word|Word,\nEI,IS,\nONU,UN,\n"))
	var b strings.Builder
	if err := WriteTSV(&b, got); err != nil {
		t.Fatal(err)
	}
	want := "source\ttarget\tforbidden\tcase\tnote\nDaesh|EI|Daech\tISIS\tISIL|IS\t\t\nmot|mots|Mot\tword|words|Word\t\t\t\nEI\tIS\t\t\t\nONU\tUN\t\t\t\n"
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}
