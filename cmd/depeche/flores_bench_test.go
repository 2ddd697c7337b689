package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/text/language"

	"depeche/glossary"
	"depeche/output/review/score"
	"depeche/segment"
	"depeche/translate"
	"depeche/translate/backend"
	"depeche/translate/check"
	"depeche/translate/typography"
)

// BenchmarkFlores translates FLORES dev by the model in the program as a run
// does, without a glossary and with the starter glossary and the sample. The
// weights of the model were chosen on the first 400 sentences: the scores are
// those of the rest. %terms is the share of the required terms that stand in
// the targets, %quotes the share of the sentences with quotation marks that
// have as many in the target, %numbers the share of the sentences with
// numbers that lose none.
func BenchmarkFlores(b *testing.B) {
	const tuned = 400
	source, reference := benchLines(b, "flores-dev.fr"), benchLines(b, "flores-dev.en")
	sample, err := glossary.Load(filepath.Join("..", "..", "glossary", "testdata", "sample.csv"))
	if err != nil {
		b.Fatal(err)
	}
	terms, err := glossary.New(glossary.Set{Name: "sample", Terms: sample}, glossary.News())
	if err != nil {
		b.Fatal(err)
	}
	var required []*translate.Bitext // of the run with the glossary
	for _, run := range []struct {
		name     string
		glossary *glossary.Glossary
	}{{"glossary", terms}, {"plain", nil}} {
		b.Run(run.name, func(b *testing.B) {
			engine, err := backend.Open("local", nil)
			if err != nil {
				b.Fatal(err)
			}
			defer backend.Close(engine)
			p := &translate.Pipeline{Backend: engine, To: language.English, Glossary: run.glossary,
				Polish: func(source, target string) string {
					return typography.English(source, target, typography.Options{Quotes: typography.US})
				},
				Check: func(t *translate.Bitext) { check.Run(t, check.Config{}) }}
			var texts []*translate.Bitext
			var took time.Duration
			for b.Loop() {
				texts = texts[:0]
				begin := processorTime(b)
				for _, line := range source {
					doc := &segment.Document{Lang: language.French, Source: line, Blocks: []segment.Block{{Kind: segment.Paragraph, Text: line, Span: segment.Span{End: len(line)}}}}
					text, _, err := p.Run(context.Background(), doc, nil)
					if err != nil {
						b.Fatal(err)
					}
					texts = append(texts, text)
				}
				took = processorTime(b) - begin
			}
			if run.glossary != nil {
				required = texts
			}
			figures(b, texts, required, reference, tuned)
			words := len(strings.Fields(strings.Join(source, " ")))
			b.ReportMetric(float64(words)/took.Seconds(), "words/s-of-processor-time")
		})
	}
}

// figures gives the benchmark's figures.
func figures(b *testing.B, texts, required []*translate.Bitext, reference []string, tuned int) {
	var targets []string
	var wanted, present, quoted, kept, numbered, counted int
	for i, text := range texts {
		target := ""
		for k, pair := range text.Pairs {
			target = strings.TrimSpace(target + " " + pair.Target)
			if len(required) > 0 && k < len(required[i].Pairs) {
				for _, t := range required[i].Pairs[k].Terms {
					wanted++
					if t.Target.Start < t.Target.End {
						present++
					}
				}
			}
			if n := marks(pair.Source.Text); n > 0 {
				quoted++
				if marks(pair.Target) == n {
					kept++
				}
			}
			if strings.ContainsAny(pair.Source.Text, "0123456789") {
				numbered++
				lost := false
				for _, f := range pair.Findings {
					lost = lost || f.Rule == "number"
				}
				if !lost {
					counted++
				}
			}
		}
		targets = append(targets, target)
	}
	c, err := score.NewCorpus(targets[tuned:], reference[tuned:])
	if err != nil {
		b.Fatal(err)
	}
	for i, m := range score.Metrics {
		b.ReportMetric(c.Score(i), m.Name)
	}
	share := func(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }
	b.ReportMetric(share(present, wanted), "%terms")
	b.ReportMetric(float64(wanted), "terms")
	b.ReportMetric(share(kept, quoted), "%quotes")
	b.ReportMetric(share(counted, numbered), "%numbers")
}

// marks counts the double quotation marks of a text.
func marks(s string) int {
	n := 0
	for _, r := range s {
		if strings.ContainsRune(`«»“”„"`, r) {
			n++
		}
	}
	return n
}

// processorTime is what the program has used.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchLines(b *testing.B, name string) []string {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "eval", name))
	if err != nil {
		b.Skipf("no development set: %v", err)
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}
