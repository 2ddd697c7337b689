package phrase

import (
	"strings"
	"testing"
)

// A bar is a wall; what is not turned round has none.
func TestAttribution(t *testing.T) {
	for in, want := range map[string]string{
		"Un homme a été tué, a annoncé la police.":                               "Un homme a été tué , | la police | a annoncé | .",
		"Un homme a été tué, a-t-on appris.":                                     "Un homme a été tué , on a appris .",
		"« Oui », a dit le ministre de la Santé.":                                `" Oui " , | le ministre de la Santé | a dit | .`,
		"« Oui », a dit mercredi soir le ministre de la Santé à la presse.":      `" Oui " , | le ministre de la Santé | a dit mercredi soir | à la presse .`,
		"« Oui », a déclaré à l'AFP un porte-parole dans un communiqué":          `" Oui " , | un porte-parole | a déclaré à l' AFP | dans un communiqué`,
		"« Oui », explique Fatima.":                                              `" Oui " , | Fatima | explique | .`,
		"« Oui », explique Fatima, 42 ans.":                                      `" Oui " , explique Fatima , 42 ans .`,
		"« Oui », a dit le ministre, qui était à Paris.":                         `" Oui " , a dit le ministre , qui était à Paris .`,
		"« Oui », a dit le ministre qui était à Paris.":                          `" Oui " , a dit le ministre qui était à Paris .`,
		"« Oui », s'est félicité le président.":                                  `" Oui " , | le président | s' est félicité | .`,
		"« Oui », ont également indiqué des sources proches du dossier.":         `" Oui " , | des sources proches du dossier | ont également indiqué | .`,
		"Les prix ont augmenté, indique l'Insee.":                                "Les prix ont augmenté , | l' Insee | indique | .",
		"Les prix ont augmenté, selon l'Insee.":                                  "Les prix ont augmenté , selon l' Insee .",
		"Le ministre, en visite à Paris, a dénoncé le gouvernement.":             "Le ministre , en visite à Paris , a dénoncé le gouvernement .",
		"Le ministre, qui est en visite à Paris, a dénoncé le gouvernement.":     "Le ministre , qui est en visite à Paris , a dénoncé le gouvernement .",
		"Le président est arrivé mardi, a annoncé la création d'un poste.":       "Le président est arrivé mardi , a annoncé la création d' un poste .",
		"« Oui », a dit M. Lavrov.":                                              `" Oui " , | M . Lavrov | a dit | .`,
		"« Oui », a dit Mme Merkel lors d'une réunion.":                          `" Oui " , | Mme Merkel | a dit | lors d' une réunion .`,
		"« Oui », a dit le ministre. « Non », a dit le président.":               `" Oui " , | le ministre | a dit | . " Non " , | le président | a dit | .`,
		"La ville, a-t-il dit, est prise.":                                       "La ville , il a dit , est prise .",
		"« Oui », a-t-elle ajouté.":                                              `" Oui " , elle a ajouté .`,
		"« Oui » a dit l'un des deux hommes":                                     `" Oui " | l' un des deux hommes | a dit`,
		"C'est ce qu'a déclaré mardi le chef de l'armée après la réunion.":       "C' est ce que | le chef de l' armée | a déclaré mardi | après la réunion .",
		"Il « explique la police » ainsi.":                                       `Il " explique la police " ainsi .`,
		"« Oui », il « explique la police »":                                     `" Oui " , il " explique la police "`,
		"« Oui », a dit.":                                                        `" Oui " , a dit .`,
		"« Oui », a dit le":                                                      `" Oui " , a dit le`,
		"« Oui », a":                                                             `" Oui " , a`,
		"« Oui », a dit le ministre que la grève des transports a surpris lundi": `" Oui " , a dit le ministre que la grève des transports a surpris lundi`,
	} {
		e := toy(t)
		e.table.source["appris"], e.table.source["ajouté"] = 1, 1
		var words []string
		for _, t := range e.read(Input{Text: in}) {
			if t.wall {
				words = append(words, "|")
			}
			words = append(words, t.text)
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%q gave\n %s\nwant\n %s", in, got, want)
		}
	}
}

// No word is lost or moved out of its place in the text.
func FuzzAttribution(f *testing.F) {
	for _, s := range []string{"« Oui », a dit lundi le ministre dans un communiqué. « Non », a dit l'AFP", "Il est là, a dit M. X", ", a dit Le"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens := tokenize(text)
		got := attribution(clitics(tokenize(text), nil), nil)
		seen := make(map[int]string)
		for _, x := range got {
			seen[x.start] = x.text
		}
		if len(got) != len(tokens) || len(seen) != len(tokens) {
			t.Fatalf("%q: %v became %v", text, tokens, got)
		}
		for _, x := range tokens {
			if seen[x.start] != x.text {
				t.Fatalf("%q lost %q", text, x.text)
			}
		}
	})
}

// A term that holds both the verb and who said it stays whole, and the sentence
// comes out.
func TestAttributionTerm(t *testing.T) {
	for term, text := range map[string]string{
		"a dit l'ONU": "« Le chat dort », a dit l'ONU.",
		"dit l'ONU":   "« Le chat dort », a dit l'ONU.",
		"l'a dit":     "« Le chat dort », la maison l'a dit.",
	} {
		at := strings.Index(text, term)
		out, err := toy(t).Translate(t.Context(), Input{Text: text, Terms: []Term{{at, at + len(term), "ISIS"}}})
		if err != nil || !strings.HasPrefix(out.Text, "“The cat sleeps”, ") || !strings.HasSuffix(out.Text, " ISIS.") {
			t.Errorf("%q: %q, %v", term, out.Text, err)
		}
	}
}
