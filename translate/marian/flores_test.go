package marian

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// trained is the folder of a trained French–English model: that which
// DEPECHE_TEST_MODEL names, or the one in the repository.
func trained(t testing.TB) string {
	t.Helper()
	for _, dir := range []string{os.Getenv("DEPECHE_TEST_MODEL"), "models/fren"} {
		if dir != "" {
			if _, err := os.Stat(dir); err == nil {
				return dir
			}
		}
	}
	t.Skip("no trained model: DEPECHE_TEST_MODEL names none and there is no models/fren")
	return ""
}

// lexicon pairs words of two texts, line by line parallel, that are together
// far more often than apart.
func lexicon(source, target []string) map[string]string {
	sourceLines, targetLines := map[string]int{}, map[string]int{}
	both := map[[2]string]int{}
	for i := range source {
		s, t := distinctWords(source[i]), distinctWords(target[i])
		for f := range s {
			sourceLines[f]++
			for e := range t {
				both[[2]string{f, e}]++
			}
		}
		for e := range t {
			targetLines[e]++
		}
	}
	best, scores := map[string]string{}, map[string]float64{}
	for pair, n := range both {
		dice := 2 * float64(n) / float64(sourceLines[pair[0]]+targetLines[pair[1]])
		if n >= 3 && dice >= 0.75 && (dice > scores[pair[0]] || dice == scores[pair[0]] && pair[1] < best[pair[0]]) {
			best[pair[0]], scores[pair[0]] = pair[1], dice
		}
	}
	return best
}

// distinctWords is the longer words of a line with the number of times that
// each stands in it.
func distinctWords(line string) map[string]int {
	words := map[string]int{}
	for _, s := range splitWords(line) {
		if w := line[s.Start:s.End]; utf8.RuneCountInString(w) > 3 && unicode.IsLetter(lastRune(w)) {
			words[w]++
		}
	}
	return words
}

// TestTermsOnFlores requires words of the reference translations at their
// sources: each must stand, once, and BLEU must not fall.
func TestTermsOnFlores(t *testing.T) {
	m, err := Open(trained(t))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	source, reference := sharedLines(t, "eval/flores-dev.fr"), sharedLines(t, "eval/flores-dev.en")
	pairs := lexicon(source, reference)
	if testing.Short() {
		source, reference = source[:250], reference[:250]
	}
	inputs := make([]Input, len(source))
	count := 0
	for i, line := range source {
		inputs[i].Text = line
		target := distinctWords(reference[i])
		once := distinctWords(line)
		for _, s := range splitWords(line) {
			f := line[s.Start:s.End]
			e := pairs[f]
			if e == "" && target[f] == 1 { // a name
				e = f
			}
			if e != "" && once[f] == 1 && target[e] == 1 && len(inputs[i].Terms) < 3 {
				target[e] = 0 // for one source only
				inputs[i].Terms = append(inputs[i].Terms, Term{s.Start, s.End, []string{e}, false})
				count++
			}
		}
	}
	free := make([]Input, len(inputs))
	for i, in := range inputs {
		free[i].Text = in.Text
	}
	var texts [2][]string
	missing, twice, before, unaligned := 0, 0, 0, 0
	for k, set := range [][]Input{free, inputs} {
		out, err := m.Translate(t.Context(), set, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range out {
			texts[k] = append(texts[k], o.Text)
			for j, term := range inputs[i].Terms {
				stands := standsIn(o.Text, term.Targets[0])
				switch {
				case k == 0 && stands > 0:
					before++
				case k == 1 && stands == 0:
					missing++
					t.Errorf("line %d: %q is not in %q", i+1, term.Targets[0], o.Text)
				case k == 1 && stands > 1:
					twice++
				}
				if k == 1 && !slices.ContainsFunc(o.Alignment, func(l Link) bool {
					return l.Source.Start < term.End && term.Start < l.Source.End && l.Target.Start < o.Terms[j].End && o.Terms[j].Start < l.Target.End
				}) {
					unaligned++
				}
			}
		}
	}
	a, b := bleu(texts[0], reference), bleu(texts[1], reference)
	t.Logf("%d terms, %d of them without being required; %d missing, %d more than once, %d not aligned; BLEU %.2f, with terms %.2f", count, before, missing, twice, unaligned, a, b)
	if b < a {
		t.Errorf("BLEU falls from %.2f to %.2f", a, b)
	}
	if unaligned > 0 || twice*50 > count {
		t.Errorf("of %d terms %d stand more than once, %d are not aligned", count, twice, unaligned)
	}
}

// bleu is BLEU-4 over words and punctuation marks, as sacreBLEU's tokeniser
// 13a splits plain text, near enough.
func bleu(hypotheses, references []string) float64 {
	var match, total [4]float64
	var length, want float64
	grams := func(words []string, n int) map[string]float64 {
		count := map[string]float64{}
		for i := 0; i+n <= len(words); i++ {
			count[strings.Join(words[i:i+n], " ")]++
		}
		return count
	}
	words := func(s string) (all []string) {
		for _, span := range splitWords(s) {
			all = append(all, s[span.Start:span.End])
		}
		return all
	}
	for i := range hypotheses {
		h, r := words(hypotheses[i]), words(references[i])
		length, want = length+float64(len(h)), want+float64(len(r))
		for n := range 4 {
			known := grams(r, n+1)
			for g, c := range grams(h, n+1) {
				match[n] += min(c, known[g])
				total[n] += c
			}
		}
	}
	sum := 0.0
	for n := range 4 {
		sum += math.Log(max(match[n], 0.5) / max(total[n], 1))
	}
	return 100 * math.Exp(sum/4+min(0, 1-want/length))
}
