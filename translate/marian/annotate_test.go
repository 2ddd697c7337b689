package marian

import (
	"fmt"
	"strings"
	"testing"
)

func TestAnnotatedTerms(t *testing.T) {
	m := loadOn(t, "", randomFiles(t))
	m.net.annotated = true
	text := "chef de l'EI, Daesh et al"
	ei, daesh := strings.Index(text, "EI"), strings.Index(text, "Daesh")
	in := Input{Text: text, Terms: []Term{{ei, ei + 2, []string{"ISIS"}, false}, {daesh, daesh + 5, []string{"IS", "ISIS"}, false}}}
	p := m.newPart(in, 0, len(text), Options{}.withDefaults())
	var ids []int32
	covered := ""
	for i, token := range p.tokens {
		ids = append(ids, token.ID)
		for _, term := range p.terms {
			if i == term.start || i == term.end {
				covered += "|"
			}
		}
		covered += fmt.Sprintf("%s ", m.sourceVoc.Piece(token.ID))
		if token.Start < 0 || token.End > len(text) || token.Start > token.End {
			t.Errorf("token %d covers %v", i, token)
		}
	}
	want := "chef de l'__source__ EI __target__ ISIS __done__, __source__ Daesh __target__ IS __done__ et al"
	if got := m.sourceVoc.Decode(ids); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for i, term := range p.terms {
		first, last := p.tokens[term.start], p.tokens[term.end-1]
		if got := text[first.Start:last.End]; got != []string{"EI", "Daesh"}[i] {
			t.Errorf("term %d covers %q (%s)", i, got, covered)
		}
		if m.sourceVoc.Piece(first.ID) != "__source__" && m.sourceVoc.Piece(first.ID) != "\u2581" || m.sourceVoc.Piece(last.ID) != "__done__" {
			t.Errorf("term %d: %s", i, covered)
		}
	}
	out, err := m.Translate(t.Context(), []Input{in}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range out[0].Terms {
		if place.End == 0 {
			t.Errorf("%+v", out[0])
		}
	}
}
