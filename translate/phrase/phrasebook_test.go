package phrase

import (
	"context"
	"strings"
	"testing"
)

func TestPhrasebook(t *testing.T) {
	e := toy(t)
	book, err := ReadPhrasebook(`
# forms, numbers, contractions
chat noir/noire = house cat
il y a # chats = # cats ago
# chats dorment = # cats are asleep
en marge de = beside
quant à = as for
selon l'ONU = by ONU people
chats d' = cats of
n'a pas dit = declined to say
a-t-il dit = it has said
noir = jet | dark
`)
	if err != nil {
		t.Fatal(err)
	}
	e.SetPhrasebook(book)
	for in, want := range map[string]string{
		"Le chat noir dort.":                 "The house cat sleeps.",
		"Chat noire":                         "House cat",
		"LE CHAT NOIR DORT":                  "THE HOUSE CAT SLEEPS",
		"Il y a deux chats":                  "Two cats ago",
		"Il y a une vingtaine de chats":      "About twenty cats ago",
		"trois chats dorment":                "three cats are asleep",
		"en marge du chat":                   "beside the cat",
		"en marge de la maison":              "beside the house",
		"quant au chat":                      "as for the cat",
		"quant à Moscou":                     "as for Moscow",
		"chats d'Athènes":                    "cats of Athènes",
		"L'ONU n'a pas dit.":                 "The UN declined to say.",
		"« Moscou », a-t-il dit.":            "“Moscow”, it said.",
		"la maison noir":                     "the house jet",
		"« chat » noir":                      "“cat” jet", // not over a mark
		"Le chat noirot":                     "The cat noirot",
		"il y a 12 chats, il y a cinq chats": "12 cats ago, five cats ago",
	} {
		in := Input{Text: in}
		if i := strings.Index(in.Text, "12"); i >= 0 {
			in.Terms = []Term{{i, i + 2, "12"}}
		}
		out, err := e.Translate(context.Background(), in)
		if err != nil || out.Text != want {
			t.Errorf("%q gave %q, %v; want %q", in.Text, out.Text, err, want)
		}
	}
	out, err := e.Translate(context.Background(), Input{Text: "Selon l'ONU", Terms: []Term{{8, 11, "ONU"}}})
	if want := "By ONU people"; err != nil || out.Text != want {
		t.Errorf("with a term that stays: %q, %v; want %q", out.Text, err, want)
	}
	// a term is the user's: no idiom goes over it
	out, err = e.Translate(context.Background(), Input{Text: "Le chat noir", Terms: []Term{{3, 7, "feline"}}})
	if want := "The feline jet"; err != nil || out.Text != want {
		t.Errorf("over a term: %q, %v; want %q", out.Text, err, want)
	}
}

func TestPhrasebookErrors(t *testing.T) {
	for text, want := range map[string]string{
		"a b":                             `phrasebook: line 1: no " = " in "a b"`,
		"a = b\na # = b":                  `phrasebook: line 2: "a #" and "b" do not fit`,
		"a = b |  | c":                    `do not fit`,
		"a//b = c":                        `phrasebook: line 1: an empty form in "a//b"`,
		"a/b a/b a/b a/b a/b a/b = c":     "",
		"a/b a/b a/b a/b a/b a/b a/b = c": `phrasebook: line 1: more than 64 forms of`,
		"# a comment\n\n":                 "",
	} {
		_, err := ReadPhrasebook(text)
		if got := ""; err != nil && !strings.Contains(err.Error(), want) || err == nil && want != "" {
			t.Errorf("%q gave %v, want %q%s", text, err, want, got)
		}
	}
}

func FuzzPhrasebook(f *testing.F) {
	f.Add("a/b # d' = c # | d", "b 12 d'x")
	f.Add("a-t-il dit = e\nà = f", "a-t-il dit à")
	f.Fuzz(func(t *testing.T, book, text string) {
		e := toy(&testing.T{})
		b, err := ReadPhrasebook(book)
		if err != nil {
			return
		}
		e.SetPhrasebook(b)
		if _, err := e.Translate(t.Context(), Input{Text: text}); err != nil {
			t.Fatal(err)
		}
	})
}
