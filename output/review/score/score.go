// Package score computes BLEU, chrF2 and TER as sacreBLEU 2 does with its
// defaults, with the same numbers, and compares two systems by paired bootstrap
// resampling. Post (2018), "A Call for Clarity in Reporting BLEU Scores".
package score

import (
	"fmt"
	"slices"
)

// Metric is a measure of translation quality over a corpus. Its sufficient
// statistics of segments add up to those of the corpus.
type Metric struct {
	Name      string
	Signature string // as sacreBLEU prints it, version left out
	Better    int    // 1: higher is better, -1: lower

	stats func(hypothesis, reference string) []float64
	score func(stats []float64) float64
}

// Metrics are BLEU, chrF2 and TER with sacreBLEU's defaults.
var Metrics = []Metric{
	{Name: "BLEU", Signature: "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp", Better: 1, stats: bleuStats, score: bleuScore},
	{Name: "chrF2", Signature: "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no", Better: 1, stats: chrfStats, score: chrfScore},
	{Name: "TER", Signature: "nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no", Better: -1, stats: terStats, score: terScore},
}

// Corpus is a system's output, segment by segment, with what each metric needs
// of it.
type Corpus struct{ stats [][][]float64 } // by metric, segment

// NewCorpus takes hypotheses and their references; it refuses different numbers.
func NewCorpus(hypotheses, references []string) (*Corpus, error) {
	if len(hypotheses) != len(references) {
		return nil, fmt.Errorf("%d hypotheses for %d references", len(hypotheses), len(references))
	}
	if len(hypotheses) == 0 {
		return nil, fmt.Errorf("no segments")
	}
	c := &Corpus{stats: make([][][]float64, len(Metrics))}
	for m := range Metrics {
		c.stats[m] = make([][]float64, len(hypotheses))
		for i := range hypotheses {
			c.stats[m][i] = Metrics[m].stats(hypotheses[i], references[i])
		}
	}
	return c, nil
}

// Len is the number of segments.
func (c *Corpus) Len() int { return len(c.stats[0]) }

// Score is the corpus's score, 0 to 100 (TER may be more), by index of Metrics.
func (c *Corpus) Score(metric int) float64 {
	return Metrics[metric].score(sum(c.stats[metric], nil))
}

func sum(stats [][]float64, sample []int) []float64 {
	total := make([]float64, len(stats[0]))
	add := func(s []float64) {
		for i, v := range s {
			total[i] += v
		}
	}
	if sample == nil {
		for _, s := range stats {
			add(s)
		}
	}
	for _, i := range sample {
		add(stats[i])
	}
	return total
}

// Interval is a mean with half the width of its 95 % interval.
type Interval struct{ Mean, Half float64 }

// Comparison is the result of a paired bootstrap for one metric: the baseline
// A against B.
type Comparison struct {
	Metric     Metric
	A, B       float64
	IntervalA  Interval
	IntervalB  Interval
	P          float64 // how likely so large a difference is by chance
	Samples    int
	Difference float64 // B − A
}

// Seed is the bootstrap's, as in sacreBLEU, and the same samples come from it.
const Seed = 12345

// Bootstrap compares two systems on the same segments with n resamples (1000
// if n is 0), after Koehn (2004), with the intervals and the p-value that
// sacreBLEU has; but systems with the same score have a p-value of 1.
func Bootstrap(a, b *Corpus, n int) ([]Comparison, error) {
	if a.Len() != b.Len() {
		return nil, fmt.Errorf("the systems have %d and %d segments", a.Len(), b.Len())
	}
	if n <= 0 {
		n = 1000
	}
	rng := seeded()
	samples := make([][]int, n)
	for i := range samples {
		samples[i] = make([]int, a.Len())
		for j := range samples[i] {
			samples[i][j] = rng.below(a.Len())
		}
	}
	var out []Comparison
	for m, metric := range Metrics {
		c := Comparison{Metric: metric, A: a.Score(m), B: b.Score(m), Samples: n}
		c.Difference = c.B - c.A
		as, bs, diffs := make([]float64, n), make([]float64, n), make([]float64, n)
		mean := 0.0
		for i, sample := range samples {
			as[i] = metric.score(sum(a.stats[m], sample))
			bs[i] = metric.score(sum(b.stats[m], sample))
			diffs[i] = abs(bs[i] - as[i])
			mean += diffs[i] / float64(n)
		}
		at := 0
		for _, d := range diffs {
			if d-mean > abs(c.Difference) {
				at++
			}
		}
		if c.P = float64(at+1) / float64(n+1); c.Difference == 0 {
			c.P = 1
		}
		c.IntervalA, c.IntervalB = interval(as), interval(bs)
		out = append(out, c)
	}
	return out, nil
}

// interval takes the 2.5 % and 97.5 % quantiles.
func interval(scores []float64) Interval {
	s := slices.Clone(scores)
	slices.Sort(s)
	n := len(s)
	mean := 0.0
	for _, v := range s {
		mean += v / float64(n)
	}
	lower, upper := s[n/40], s[n-n/40-1]
	return Interval{Mean: mean, Half: (upper - lower) / 2}
}

func abs(x float64) float64 { return max(x, -x) }
