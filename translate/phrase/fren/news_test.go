package fren

import (
	"context"
	"os"
	"strings"
	"testing"

	"depeche/translate/phrase"
	"depeche/translate/typography"
)

// testdata/news.txt holds sentences that must stay right: French, then English
// as it is before numbers and dates are Americanised, then an empty line.
func TestNews(t *testing.T) {
	data, err := os.ReadFile("testdata/news.txt")
	if err != nil {
		t.Fatal(err)
	}
	e, err := Engine()
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range strings.Split(strings.TrimSpace(string(data)), "\n\n") {
		french, want, _ := strings.Cut(pair, "\n")
		in := phrase.Input{Text: french, Respell: typography.American}
		for _, l := range typography.Literals(french) {
			in.Terms = append(in.Terms, phrase.Term{Start: l.Span.Start, End: l.Span.End, Target: l.English})
		}
		out, err := e.Translate(context.Background(), in)
		if err != nil || out.Text != want {
			t.Errorf("%s\n gave %s, %v\n want %s", french, out.Text, err, want)
		}
	}
}
