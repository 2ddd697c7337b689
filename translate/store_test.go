package translate

import (
	"slices"
	"testing"

	"depeche/glossary"
	"depeche/segment"
)

// A page looks at a copy of a pair for what a draft would be: the pair itself
// keeps its terms and findings.
func TestCheckTermsLeavesCopies(t *testing.T) {
	g, err := glossary.New(glossary.Set{Name: "desk.csv", Terms: []glossary.Term{{Sources: []string{"Daesh"}, Target: "ISIS"}}})
	if err != nil {
		t.Fatal(err)
	}
	terms := []Term{{Source: segment.Span{End: 5}, Target: segment.Span{End: 4}, Entry: "Daesh", Preferred: "ISIS", Glossary: "desk.csv"},
		{Source: segment.Span{Start: 9, End: 13}, Target: segment.Span{Start: 9, End: 13}, Entry: "Raqa", Preferred: "Raqa", Glossary: "places.csv"}}
	findings := []Finding{{Rule: glossary.RuleMissing, Message: "old"}, {Rule: "number", Message: "kept"}}
	pair := Pair{Source: segment.Segment{Text: "Daesh et Raqa"}, Target: "them and Raqa", Terms: slices.Clone(terms), Findings: slices.Clone(findings)}
	one := &Bitext{Document: &segment.Document{}, Pairs: []Pair{pair}}
	CheckTerms(one, g)
	if !slices.Equal(pair.Terms, terms) || !slices.EqualFunc(pair.Findings, findings, func(a, b Finding) bool { return a.Rule == b.Rule && a.Message == b.Message }) {
		t.Errorf("the pair has now %v and %v", pair.Terms, pair.Findings)
	}
	if got := one.Pairs[0]; len(got.Terms) != 2 || got.Terms[1].Glossary != "places.csv" {
		t.Errorf("the copy has %v", got.Terms)
	}
}
