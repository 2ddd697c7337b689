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
	for _, want := range []string{"3 Poutine", "2 Sergueï Lavrov", "2 Barack Obama", "1 Vladimir Poutine", "1 Damas", "4 Russie"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, not := range []string{"Daesh", "EI", "ONU", "Ce", "Nous", "Je", "Des", "Tous"} {
		for _, g := range got {
			if strings.HasSuffix(g, " "+not) {
				t.Errorf("%q is no candidate", not)
			}
		}
	}
}

func TestCandidates(t *testing.T) {
	for text, want := range map[string]string{
		"Hier, Ursula von der Leyen a dit.":        "(Hier)|Ursula von der Leyen",
		"L'Elysée et le Kremlin":                   "Elysée|Kremlin",
		"M. Lavrov et Mme Le Pen":                  "Lavrov|Le Pen",
		"Le président. La Chine dit : Pékin":       "Chine|(Pékin)",
		"les FDS et le G7 du Moyen-Orient":         "FDS|G7|Moyen-Orient",
		"l'Agence France-Presse à Aix-en-Provence": "Agence France-Presse|Aix|Provence",
		"Selon eux":             "(Selon)",
		"UN TITRE EN CAPITALES": "(TITRE EN CAPITALES)",
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
