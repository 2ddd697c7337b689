package align

import (
	"fmt"
	"strings"
	"testing"
)

func lines(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") }

func TestSentences(t *testing.T) {
	tests := []struct{ name, source, target, want string }{
		{"one to one", `
Le président russe est arrivé à Damas mardi.
Il a rencontré 240.000 réfugiés dans le nord du pays.
La guerre dure depuis quatre ans.`, `
The Russian president arrived in Damascus on Tuesday.
He met 240,000 refugees in the north of the country.
The war has lasted for four years.`, "1-1 1-1 1-1"},
		{"split and joined", `
Le ministre des Affaires étrangères a quitté Moscou hier soir, et il reviendra le 30 septembre pour la séance du parlement.
La ville est calme.
Les habitants attendent la neige et l'hiver.`, `
The foreign minister left Moscow last night.
He will be back on September 30 for the session of parliament.
The city is calm and its inhabitants are waiting for the snow and the winter.`, "1-2 2-1"},
		{"left out and added", `
La commission a publié son rapport en 2014.
Cette phrase raconte une anecdote que personne n'a voulu traduire ailleurs, hélas.
Le parlement a voté la loi avec 312 voix.`, `
The commission published its report in 2014.
The parliament passed the law with 312 votes.
Reporting for this bulletin came from several newsrooms nobody else mentioned.`, "1-1 1-0 1-1 0-1"},
		{"nothing to align", "Rien.", "", "1-0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			target := lines(test.target)
			if test.target == "" {
				target = nil
			}
			source := lines(test.source)
			var got []string
			i, j := 0, 0
			for _, b := range Sentences(source, target, nil) {
				if b.Source != i || b.Target != j {
					t.Errorf("bead %+v does not follow %d, %d", b, i, j)
				}
				if b.Score < 0 || b.Score > 1 || b.Sources*b.Targets > 0 && b.Score < 0.4 {
					t.Errorf("score of %+v", b)
				}
				i, j = i+b.Sources, j+b.Targets
				got = append(got, fmt.Sprintf("%d-%d", b.Sources, b.Targets))
			}
			if i != len(source) || j != len(target) {
				t.Errorf("ends at %d, %d", i, j)
			}
			if s := strings.Join(got, " "); s != test.want {
				t.Errorf("got %s, want %s", s, test.want)
			}
		})
	}
}
