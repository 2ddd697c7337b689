package phrase

import (
	"strings"
	"testing"
)

func TestAppellations(t *testing.T) {
	for in, want := range map[string]string{
		"the French President Emmanuel Macron said":    "French President Emmanuel Macron said",
		"the Prime Minister John Howard":               "Prime Minister John Howard",
		"with the Pope Francis in Rome":                "with Pope Francis in Rome",
		"the President Tuesday announced":              "the President Tuesday announced",
		"the President of France":                      "the President of France",
		"the President Macron":                         "the President Macron", // French Polynesia might follow
		"the French President":                         "the French President",
		"the European Commission President José Durão": "the European Commission President José Durão",
		"the minister":                                 "the minister",
	} {
		if out := assemble(Input{Text: "x"}, []piece{{words: strings.Fields(in), end: 1}}); out.Text != want {
			t.Errorf("%q gave %q, want %q", in, out.Text, want)
		}
	}
}
