package review

import (
	"slices"
	"strings"
	"testing"

	"depeche/segment"
	"depeche/translate"
)

// TestTermsByEntry: a term became another one only where both translate the
// same entry of a glossary.
func TestTermsByEntry(t *testing.T) {
	with := func(target string, terms ...string) *translate.Bitext {
		b := bitext(t, "a.xlf", "Le groupe takfiriste Daesh et le chef de la diplomatie. | "+target)
		for _, term := range terms {
			entry, preferred, _ := strings.Cut(term, "=")
			at := strings.Index(target, preferred)
			b.Pairs[0].Terms = append(b.Pairs[0].Terms, translate.Term{Entry: entry, Preferred: preferred, Target: segment.Span{Start: at, End: at + len(preferred)}})
		}
		return b
	}
	old := with("The takfiri group ISIS and the leader of the diplomacy.", "groupe takfiriste=takfiri group", "Daesh=ISIS")
	new := with("The group takfiriste Islamic State and the top diplomat.", "Daesh=Islamic State", "chef de la diplomatie=top diplomat")
	d := Diff([]*translate.Bitext{old}, []*translate.Bitext{new})
	got := d.Documents[0].Changes[0].Notable
	for _, want := range []Notable{{"term", "ISIS", "Islamic State"}, {Kind: "term", Old: "takfiri group"}, {Kind: "term", New: "top diplomat"}} {
		if !slices.Contains(got, want) {
			t.Errorf("no %+v among %+v", want, got)
		}
	}
}
