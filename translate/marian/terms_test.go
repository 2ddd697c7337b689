package marian

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
)

// standsIn reports whether a form stands in a text as words of its own, its
// first letter a capital at the start, with a plural ending if it is in lower
// case. It is written without the engine's own search.
func standsIn(text, form string) int {
	isWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	split := func(s string) []string {
		var parts []string
		for _, r := range s {
			if len(parts) > 0 && isWord(r) && isWord([]rune(parts[len(parts)-1])[0]) {
				parts[len(parts)-1] += string(r)
			} else {
				parts = append(parts, string(r))
			}
		}
		return parts
	}
	words, want := split(text), split(form)
	count := 0
	for i := 0; i+len(want) <= len(words); i++ {
		same := true
		for j, w := range want {
			have := words[i+j]
			last := j == len(want)-1 && len([]rune(w)) > 2 && strings.ToLower(w) == w
			if at := i + j; at == 0 || at > 1 && words[at-1] == " " && strings.Contains(".!?", words[at-2]) { // a sentence begins
				have, w = strings.ToUpper(have[:1])+have[1:], strings.ToUpper(w[:1])+w[1:]
			}
			same = same && (have == w || last && (have == w+"s" || have == w+"es"))
		}
		if same {
			count++
		}
	}
	return count
}

func TestTermsAlwaysStand(t *testing.T) {
	m := toy{dim: 32, hidden: 32, heads: 2, encoder: 1, decoder: 1, words: append(alphabet(12), "\u2581(", "-", ",", "."), bytes: true, seed: 3, endBias: 2}.load(t)
	r := rand.New(rand.NewPCG(4, 4))
	special := []string{"ISIS", "Iran–Iraq", "São Tomé", "air strike", "l’Élysée", "U.S.", "G7", "№ 5", "Äbc (d)"}
	const cases = 1000
	var inputs []Input
	for range cases {
		in := Input{Text: randomText(r, 12)}
		at := 0
		for _, word := range strings.Fields(in.Text) {
			if start := at; r.IntN(3) == 0 && len(in.Terms) < 4 {
				targets := []string{randomText(r, 12)}
				if n := strings.Fields(targets[0]); len(n) > 3 {
					targets[0] = strings.Join(n[:3], " ")
				}
				if r.IntN(3) == 0 {
					targets = append(targets, special[r.IntN(len(special))])
				}
				if r.IntN(4) == 0 {
					targets = []string{special[r.IntN(len(special))]}
				}
				in.Terms = append(in.Terms, Term{start, start + len(word), targets, false})
			}
			at += len(word) + 1
		}
		inputs = append(inputs, in)
	}
	{
		out, err := m.Translate(t.Context(), inputs, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range out {
			for j, term := range inputs[i].Terms {
				stands := 0
				for _, target := range term.Targets {
					stands += standsIn(o.Text, target)
				}
				if stands == 0 || o.Terms[j].End == 0 {
					t.Errorf("case %d: %+v: %q at %v of %q is not in %q", i, inputs[i].Terms, term.Targets, o.Terms[j], inputs[i].Text, o.Text)
				}
			}
			// terms with the same target stand as often as they are required
			required := map[string]int{}
			for _, term := range inputs[i].Terms {
				required[fmt.Sprint(term.Targets)]++
			}
			for _, term := range inputs[i].Terms {
				if n := required[fmt.Sprint(term.Targets)]; n > 1 && len(term.Targets) == 1 && standsIn(o.Text, term.Targets[0]) < n {
					t.Errorf("case %d: %q stands %d times in %q, want %d", i, term.Targets, standsIn(o.Text, term.Targets[0]), o.Text, n)
				}
			}
		}
	}
}
