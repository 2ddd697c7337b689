package score

import (
	"math"
	"regexp"
	"strings"
	"unicode"
)

// tokens13a are the substitutions of mteval-v13a in sacreBLEU's order.
var tokens13a = []struct {
	re   *regexp.Regexp
	with string
}{
	{regexp.MustCompile("([{-~\\[-` -&(-+:-@/])"), " $1 "},
	{regexp.MustCompile(`([^0-9])([.,])`), "$1 $2 "},
	{regexp.MustCompile(`([.,])([^0-9])`), " $1 $2"},
	{regexp.MustCompile(`([0-9])(-)`), "$1 $2 "},
}

var entities = strings.NewReplacer("<skipped>", "", "-\n", "", "\n", " ")

// tokenize13a is the tokenizer 13a.
func tokenize13a(line string) []string {
	line = entities.Replace(strings.TrimRightFunc(line, space))
	for _, e := range [][2]string{{"&quot;", `"`}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}} {
		line = strings.ReplaceAll(line, e[0], e[1])
	}
	line = " " + line + " "
	for _, t := range tokens13a {
		line = t.re.ReplaceAllString(line, t.with)
	}
	return strings.FieldsFunc(line, space)
}

// space is Python's idea of white space.
func space(r rune) bool { return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f }

const bleuOrder = 4

// bleuStats are the lengths, then matches and totals by n.
func bleuStats(hypothesis, reference string) []float64 {
	hyp, ref := tokenize13a(hypothesis), tokenize13a(reference)
	stats := make([]float64, 2+2*bleuOrder)
	stats[0], stats[1] = float64(len(hyp)), float64(len(ref))
	for n := 1; n <= bleuOrder; n++ {
		want := make(map[string]int)
		for i := 0; i+n <= len(ref); i++ {
			want[strings.Join(ref[i:i+n], "\x00")]++
		}
		for i := 0; i+n <= len(hyp); i++ {
			gram := strings.Join(hyp[i:i+n], "\x00")
			if want[gram] > 0 {
				want[gram]--
				stats[1+n]++
			}
			stats[1+bleuOrder+n]++
		}
	}
	return stats
}

// bleuScore has exponential smoothing and the brevity penalty.
func bleuScore(stats []float64) float64 {
	hyp, ref := stats[0], stats[1]
	correct, total := stats[2:2+bleuOrder], stats[2+bleuOrder:]
	any := 0.0
	for _, c := range correct {
		any += c
	}
	if any == 0 {
		return 0
	}
	smooth, logs := 1.0, 0.0
	for n := range bleuOrder {
		if total[n] == 0 {
			return 0 // a precision of 0 remains: its logarithm outweighs all
		}
		p := 100 * correct[n] / total[n]
		if correct[n] == 0 {
			smooth *= 2
			p = 100 / (smooth * total[n])
		}
		logs += math.Log(p)
	}
	penalty := 1.0
	if hyp < ref {
		penalty = 0
		if hyp > 0 {
			penalty = math.Exp(1 - ref/hyp)
		}
	}
	return penalty * math.Exp(logs/bleuOrder)
}

const (
	chrfOrder = 6
	chrfBeta2 = 4 // β²
)

// chrfStats are for each n the n-grams of hypothesis and reference and those
// that match. Popović (2015); white space does not count.
func chrfStats(hypothesis, reference string) []float64 {
	hyp := []rune(strings.Join(strings.FieldsFunc(hypothesis, space), ""))
	ref := []rune(strings.Join(strings.FieldsFunc(reference, space), ""))
	stats := make([]float64, 3*chrfOrder)
	for n := 1; n <= chrfOrder; n++ {
		want := make(map[string]int)
		inRef := max(0, len(ref)-n+1)
		for i := range inRef {
			want[string(ref[i:i+n])]++
		}
		inHyp := max(0, len(hyp)-n+1)
		if inRef > 0 { // no hits are counted where the reference has no n-gram
			stats[3*n-3] = float64(inHyp)
		}
		stats[3*n-2] = float64(inRef)
		for i := range inHyp {
			gram := string(hyp[i : i+n])
			if want[gram] > 0 {
				want[gram]--
				stats[3*n-1]++
			}
		}
	}
	return stats
}

func chrfScore(stats []float64) float64 {
	order, precision, recall := 0.0, 0.0, 0.0
	for n := range chrfOrder {
		hyp, ref, match := stats[3*n], stats[3*n+1], stats[3*n+2]
		if hyp > 0 && ref > 0 {
			precision += match / hyp
			recall += match / ref
			order++
		}
	}
	if order == 0 || precision+recall == 0 {
		return 0
	}
	precision /= order
	recall /= order
	return 100 * (1 + chrfBeta2) * precision * recall / (chrfBeta2*precision + recall)
}
