package dictionary

import (
	"slices"
	"strings"
	"testing"
)

// look finds the entries for a text and checks what Find promises.
func look(t *testing.T, d *Dictionary, text string) []Entry {
	t.Helper()
	list := d.Find(text)
	at := 0
	for _, e := range list {
		if e.Span.Start < at || e.Span.End <= e.Span.Start || e.Span.End > len(text) {
			t.Fatalf("%q: %v overlap or are empty", text, list)
		}
		if len(e.English) == 0 || slices.Contains(e.English, "") {
			t.Fatalf("%q: %v without English", text, e)
		}
		at = e.Span.End
	}
	return list
}

func TestFind(t *testing.T) {
	book, err := ReadPhrasebook(`
chat noir/noire = house cat
en marge de = beside
quant à = as for
a-t-il dit = it has said
noir = jet | dark
bilan = toll | balance sheet
il y a # chats = # cats ago
poutine = Putin
`)
	if err != nil {
		t.Fatal(err)
	}
	words, err := ReadLexicon(`
n houthi = Houthi
v s'escrimer = struggle
v bénéficier de = benefit from
v brouter = graze
n bilan = results
`)
	if err != nil {
		t.Fatal(err)
	}
	d := &Dictionary{book, words}
	for text, want := range map[string]string{
		"Le chat noir dort.":                  "chat noir=house cat",
		"LE CHAT NOIRE":                       "LE=LE; CHAT NOIRE=house cat",
		"en marge du sommet":                  "en marge du=beside the|beside",
		"quant aux rebelles houthis":          "quant aux=as for the|as for; houthis=Houthis",
		"Il s’escrimait.":                     "s’escrimait=struggled|was struggling",
		"Il bénéficiera de cela":              "bénéficiera de=will benefit from",
		"La rencontre Obama-Poutine":          "Obama-Poutine=Obama-Putin",
		"La rencontre Obama-Rohani":           "Obama-Rohani=Obama-Rohani",
		"La vache broute, noir":               "broute=grazes|graze; noir=jet|dark",
		"Le bilan":                            "bilan=toll|balance sheet|results",
		"« Moscou », a-t-il dit.":             "a-t-il dit=it has said",
		"Il y a 2,5 chats, il y a 1 chats":    "Il y a 2,5 chats=2.5 cats ago; il y a 1 chats=1 cats ago",
		"Hier Toutankhamon. Mais Ramsès":      "Toutankhamon=Toutankhamon; Ramsès=Ramsès",
		"Toutankhamon est mort. Ramsès aussi": "",
		"Il y a 12 chats":                     "Il y a 12 chats=12 cats ago",
		"L'OTAN":                              "OTAN=OTAN",
		"SNCF: A Le TER":                      "SNCF=SNCF; Le=Le; TER=TER",
		"":                                    "",
	} {
		var got []string
		for _, e := range look(t, d, text) {
			got = append(got, e.Span.Of(text)+"="+strings.Join(e.English, "|"))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%q: %q, want %q", text, s, want)
		}
	}
}

func TestIn(t *testing.T) {
	for _, test := range []struct {
		english, translation string
		want                 bool
	}{
		{"car bomb", "a car bomb went off", true},
		{"car bomb", "Car bombs", true},
		{"car bomb", "a trapped car", false},
		{"firefighters", "A firefighter died.", true},
		{"firefighters", "fire", false},
		{"benefit from", "he benefited from it", true},
		{"UN", "the UN", true},
		{"UN", "the cat", false},
		{"tax cut", "the tax", false},
		{"think about", "thinking about it", true},
		{"year-on-year", "on a year", false},
		{"from a year earlier", "on a year", false},
		{"put an end to", "he put an end to it", true},
		{"toll | balance sheet", "the balance sheet", true},
	} {
		if got := (Entry{English: strings.Split(test.english, " | ")}).In(test.translation); got != test.want {
			t.Errorf("%q in %q: %t", test.english, test.translation, got)
		}
	}
	if (Entry{Kind: Name, English: []string{"Ramsès"}}).In("Ramses") {
		t.Error("another spelling is not the name")
	}
}

// The dictionary in the program has no entry that cannot be read.
func TestOpen(t *testing.T) {
	d, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range look(t, d, "Les sapeurs-pompiers ont été mis en examen après l'explosion d'une voiture piégée, selon le garde des Sceaux.") {
		got = append(got, e.English[0])
	}
	for _, want := range []string{"firefighters", "charged", "car bomb", "justice minister"} {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("%q has not %q", got, want)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		if _, err := ReadPhrasebook(news, general); err != nil {
			b.Fatal(err)
		}
		if _, err := ReadLexicon(lexicon); err != nil {
			b.Fatal(err)
		}
	}
}

// Every expression is found in a sentence that holds it.
func TestPhrasesAreFound(t *testing.T) {
	d, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	missing := 0
	for first := range d.phrases.sections {
		for key, english := range d.phrases.section(first).idioms {
			if len(key) < 3 { // in capitals only
				continue
			}
			text := strings.ReplaceAll(strings.ReplaceAll(key, "' ", "'"), "#", "12")
			if strings.HasSuffix(text, "'") {
				text += "x"
			}
			if !slices.ContainsFunc(d.Find(text), func(e Entry) bool {
				return slices.Contains(e.English, strings.ReplaceAll(english[0].english, "#", "12")) || e.Span.Len() < len(text) // a longer or earlier one
			}) {
				if missing++; missing < 10 {
					t.Errorf("%q is not found", text)
				}
			}
		}
	}
	if missing > 0 {
		t.Errorf("%d are not found", missing)
	}
}
