package phrase

import (
	"strings"
	"testing"
)

// What is in brackets is a pronoun that was moved.
func TestClitics(t *testing.T) {
	for in, want := range map[string]string{
		"Le roi l'a acceptée":             "Le roi a acceptée [l']",
		"ils nous ont abandonnés":         "ils ont abandonnés [nous]",
		"nous avons accepté":              "nous avons accepté",
		"vous avez dit":                   "vous avez dit",
		"la loi vous a protégés":          "la loi a protégés [vous]",
		"elle ne l'a pas acceptée":        "elle ne a pas acceptée [l']",
		"il lui a donné raison":           "il a donné [lui] raison",
		"il l'a longtemps soutenu":        "il a longtemps soutenu [l']",
		"qui les accuse de vol":           "qui accuse [les] de vol",
		"les accusés":                     "les accusés",
		"il le faut":                      "il le faut",
		"il l'est":                        "il l' est",
		"comme l'a dit le ministre":       "comme l' a dit le ministre",
		"ainsi qu'ils le veulent":         "ainsi qu' ils le veulent",
		"ce qu'il l'a fait":               "ce qu' il l' a fait",
		"l'ONU a dit":                     "l' ONU a dit",
		"leur avion a décollé":            "leur avion a décollé",
		"ils leur ont demandé de partir":  "ils ont demandé [leur] de partir",
		"l'a":                             "l' a",
		"on l'accuse et on la frappe ici": "on accuse [l'] et on frappe [la] ici",
	} {
		var words []string
		for _, t := range clitics(tokenize(in), nil) {
			w := t.text
			if t.object {
				w = "[" + w + "]"
			}
			words = append(words, w)
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%q gave %q, want %q", in, got, want)
		}
	}
}
