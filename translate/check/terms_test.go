package check

import (
	"testing"

	"depeche/segment"
	"depeche/translate"
)

// A name that the glossary covers is the glossary's to look after.
func TestNameUnderTerm(t *testing.T) {
	pair := translate.Pair{Source: segment.Segment{Text: "La destruction de Daesh avance."}, Target: "The destruction of ISIS goes on."}
	lost := func() (found bool) {
		b := &translate.Bitext{Document: &segment.Document{Blocks: []segment.Block{{Kind: segment.Paragraph, Text: pair.Source.Text}}}, Pairs: []translate.Pair{pair}}
		Run(b, Config{})
		for _, f := range b.Pairs[0].Findings {
			found = found || f.Rule == "name-lost"
		}
		return found
	}
	if !lost() {
		t.Error("a lost name is not found without a term")
	}
	pair.Terms = []translate.Term{{Source: segment.Span{Start: 18, End: 23}, Entry: "Daesh", Preferred: "ISIS"}}
	if lost() {
		t.Error("a name is said to be lost though the glossary translates it")
	}
}
