package glossary

import (
	"strings"
	"testing"
)

// It is the sound that counts.
func TestTakesAn(t *testing.T) {
	for article, words := range map[string]string{
		"an": "hour honest heir MP FBI NGO SUV 8 11-member uncle unemployed unexpected unidentified uninterested onerous urban Ebola énarque",
		"a":  "unanimous university uniform UNESCO UN NATO European one-off Ukrainian utopian uranium use house 5 10-member",
	} {
		for _, w := range strings.Fields(words) {
			if TakesAn(w) != (article == "an") {
				t.Errorf("not %s %s", article, w)
			}
		}
	}
}
