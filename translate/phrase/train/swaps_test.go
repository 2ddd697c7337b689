package main

import (
	"strings"
	"testing"
)

// TestSwaps: an adjective that English puts first is found, and the verb that
// nothing is moved before; what is rare is not.
func TestSwaps(t *testing.T) {
	fr := &side{words: strings.Fields("le soldat russe dort est grand . chat")}
	var links [][]link
	for range 40 {
		fr.sents = append(fr.sents, []uint32{0, 1, 2, 3, 6}) // le soldat russe dort .
		links = append(links, []link{{0, 0}, {1, 2}, {2, 1}, {3, 3}, {4, 4}})
		fr.sents = append(fr.sents, []uint32{0, 1, 4, 2}) // le soldat est russe
		links = append(links, []link{{0, 0}, {1, 1}, {2, 2}, {3, 3}})
	}
	for range 3 {
		fr.sents = append(fr.sents, []uint32{7, 5}) // chat grand
		links = append(links, []link{{0, 1}, {1, 0}})
	}
	// "est russe" counts against moving, so that half of the cases are not enough …
	if got := swaps(fr, links); !strings.Contains(got, "-est\n") || strings.Contains(got, "russe") {
		t.Errorf("half of the cases: %q", got)
	}
	for range 40 {
		fr.sents = append(fr.sents, []uint32{1, 2})
		links = append(links, []link{{0, 1}, {1, 0}})
	}
	// … and two thirds are.
	if got := swaps(fr, links); !strings.HasPrefix(got, "russe 80 40\n") || !strings.Contains(got, "-est\n") || strings.Contains(got, "grand") {
		t.Errorf("two thirds of the cases: %q", got)
	}
}
