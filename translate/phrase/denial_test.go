package phrase

import "testing"

func TestSenseOf(t *testing.T) {
	for text, want := range map[string]sense{
		"Il n'y a plus d'eau":              {denies: true},
		"Il ne peut quitter Paris":         {denies: true},
		"Il ne peut partir que lundi":      {restricts: true},
		"Aucun homme n'est venu":           {denies: true},
		"Rien ne va":                       {denies: true},
		"Il ne reste que deux hommes":      {restricts: true},
		"Il ne dit pas que c'est fini":     {denies: true},
		"Il est plus grand":                {},
		"Il dit que plus rien":             {},
		"Personne ne sait, ni lui ni elle": {denies: true},
		"plus il n'a de temps":             {},
		"avant qu'il ne parte":             {},
	} {
		if got := senseOf(tokenize(text)); got != want {
			t.Errorf("%q gave %+v, want %+v", text, got, want)
		}
	}
}
