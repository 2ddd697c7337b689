package phrase

import (
	"strings"
	"testing"
)

func TestNarrate(t *testing.T) {
	for in, want := range map[string]string{
		"Three men have been arrested":      "Three men were arrested",
		"he has not been informed":          "he was not informed",
		"he has not said it":                "he has not said it",
		"he has also been informed":         "he was also informed",
		"he has also become president":      "he also became president",
		"I have been there":                 "I was there",
		"he would have been there":          "he would have been there",
		"“ we have decided ” , he has said": "“we have decided”, he said",
		"they have limited means (is)":      "they have limited means (is)",
	} {
		p := piece{words: strings.Fields(strings.TrimSuffix(in, " (is)")), end: 1, perfect: !strings.HasSuffix(in, " (is)")}
		if out := assemble(Input{Text: "x"}, []piece{p}); out.Text != strings.TrimSuffix(want, " (is)") {
			t.Errorf("%q gave %q, want %q", in, out.Text, want)
		}
	}
}

// Words of a term are not the engine's to change: no verb, and its own its.
func TestTermsStay(t *testing.T) {
	parts := []piece{{words: []string{"he", "has"}, end: 1, perfect: true}, {words: []string{"United", "its"}, end: 1, given: true, owner: "his"}}
	if out := assemble(Input{Text: "x"}, parts); out.Text != "he has United its" {
		t.Errorf("got %q", out.Text)
	}
}

func TestPerfects(t *testing.T) {
	for text, want := range map[string]bool{
		"Trois hommes ont été arrêtés":      true,
		"Le président a également annoncé":  true,
		"Il est mort, il est venu":          true,
		"Ils ont des moyens limités":        false,
		"Il est ici depuis qu'il a été élu": false,
		"Le pays a déjà été attaqué":        false,
		"ces dernières années, il a grandi": false,
		"Il est président de la République": false,
		"Ils sont plus de cent":             false,
	} {
		got := false
		for _, p := range perfects(tokenize(text)) {
			got = got || p
		}
		if got != want {
			t.Errorf("%q gave %v, want %v", text, got, want)
		}
	}
}
