package phrase

import (
	"slices"
	"strings"
	"testing"
)

func TestOwners(t *testing.T) {
	for text, want := range map[string]string{
		"Le président russe s'est entretenu avec son homologue": "his",
		"Vladimir Poutine avait pour sa part expliqué":          "his",
		"Angela Merkel a salué son équipe":                      "her",
		"Mme Hidalgo et ses adjoints":                           "her",
		"M. Lavrov et ses conseillers":                          "his",
		"La Russie a retiré ses forces":                         "",
		"Le président et la Russie, avec ses forces":            "",
		"L'ONU et son secrétaire":                               "",
		"Northern Rock et ses clients":                          "",
		"La Maison Blanche et son locataire":                    "",
		"Vladimir Poutine, à New York, a vu son homologue":      "his",
		"Le président est parti. Son avion":                     "",
		"L'avion et ses ailes":                                  "",
	} {
		got := strings.Join(owners(tokenize(text)), "")
		if got != want {
			t.Errorf("%q gave %q, want %q", text, got, want)
		}
	}
}

func TestPersons(t *testing.T) {
	for text, want := range map[string]bool{
		"Le roi, qui l'a acceptée":               true,
		"Tous ceux qui détestent":                true,
		"des manifestants qui bloquent":          true,
		"M. Lavrov, qui est à Paris":             true,
		"Angela Merkel, qui est à Paris":         true,
		"la Russie, qui a dit non":               false,
		"le vol qui relie":                       false,
		"le président de la Commission, qui est": false,
		"qui est là":                             false,
	} {
		if list := persons(tokenize(text)); slices.Contains(list, true) != want {
			t.Errorf("%q gave %v, want %v", text, list, want)
		}
	}
	if list := persons(tokenize("Ceux qui affrontent l'EI, qui détestent l'EI")); !list[1] || !list[6] {
		t.Errorf("gave %v", list)
	}
}

func TestHumans(t *testing.T) {
	for text, want := range map[string]string{
		"Il a été interpellé":              "he",
		"il aurait ensuite succombé":       "he",
		"Elle est née en 1950":             "she",
		"elle n'a pas répondu":             "she",
		"Il est âgé de 40 ans":             "he",
		"il affirme que":                   "",
		"M. Lavrov est là, il affirme que": "he",
		"Il a été mis en examen":           "he",
		"Il a été mis en place":            "",
		"Il pleut":                         "",
		"Il s'agit de":                     "",
		"Il est tombé":                     "",
		"il y a eu trois blessés":          "",
		"Il est interdit de parler":        "",
		"Elle prévoit une hausse":          "",
		"Il a augmenté, a dit la banque":   "",
	} {
		if got := strings.Join(humans(tokenize(text)), ""); got != want {
			t.Errorf("%q gave %q, want %q", text, got, want)
		}
	}
}
