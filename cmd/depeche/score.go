package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"depeche/output/review/score"
	"depeche/translate"
)

func scoreCommand() *cli.Command {
	return &cli.Command{
		Name: "score", Usage: "compute BLEU, chrF2 and TER as sacreBLEU does", ArgsUsage: "HYPOTHESES REFERENCES [SECOND SYSTEM]",
		Description: "Each file holds one segment a line, or is bilingual (XLIFF …): then its targets count.\n" +
			"With a second system, both are compared by paired bootstrap.",
		Flags: []cli.Flag{&cli.IntFlag{Name: "samples", Usage: "resample `N` times for the bootstrap", Value: 1000}},
		Action: func(c *cli.Context) error {
			if _, err := loadConfig(c); err != nil {
				return err
			}
			if c.NArg() != 2 && c.NArg() != 3 {
				return usagef("score takes HYPOTHESES REFERENCES and perhaps a second system; see depeche score --help")
			}
			refs, err := readSegments(c, c.Args().Get(1))
			if err != nil {
				return err
			}
			system := func(n int) (*score.Corpus, error) {
				path := c.Args().Get(n)
				hyps, err := readSegments(c, path)
				if err != nil {
					return nil, err
				}
				corpus, err := score.NewCorpus(hyps, refs)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", path, err)
				}
				return corpus, nil
			}
			a, err := system(0)
			if err != nil {
				return err
			}
			signature := func(m *score.Metric) string {
				s := m.Signature
				if c.NArg() == 3 {
					s += fmt.Sprintf("|seed:%d|bs:%d", score.Seed, c.Int("samples"))
				}
				return s + "|version:depeche-" + release
			}
			if c.NArg() == 2 {
				for i := range score.Metrics {
					m := &score.Metrics[i]
					fmt.Fprintf(c.App.Writer, "%-5s %6.2f  %s\n", m.Name, a.Score(i), signature(m))
				}
				return nil
			}
			b, err := system(2)
			if err != nil {
				return err
			}
			list, err := score.Bootstrap(a, b, c.Int("samples"))
			if err != nil {
				return err
			}
			fmt.Fprintf(c.App.Writer, "A %s\nB %s\n\n", c.Args().Get(0), c.Args().Get(2))
			for i := range list {
				r := &list[i]
				verdict := "no significant difference"
				if r.P < 0.05 {
					verdict = "A is better"
					if r.Difference*float64(r.Metric.Better) > 0 {
						verdict = "B is better"
					}
				}
				fmt.Fprintf(c.App.Writer, "%-5s A %6.2f (%.2f ± %.2f)  B %6.2f (%.2f ± %.2f)  p = %.4f  %s\n      %s\n", r.Metric.Name,
					r.A, r.IntervalA.Mean, r.IntervalA.Half, r.B, r.IntervalB.Mean, r.IntervalB.Half, r.P, verdict, signature(&r.Metric))
			}
			return nil
		},
	}
}

// readSegments reads the lines of a text file or the targets of a bilingual one.
func readSegments(c *cli.Context, path string) ([]string, error) {
	if strings.HasSuffix(path, ".xlf") || strings.HasSuffix(path, ".xliff") {
		texts, err := readBitexts(c, path)
		if err != nil {
			return nil, err
		}
		return targets(texts), nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, notExist(path, err)
	}
	text := strings.TrimSuffix(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	if text == "" {
		return nil, fmt.Errorf("%s: is empty", path)
	}
	return strings.Split(text, "\n"), nil
}

func targets(texts []*translate.Bitext) []string {
	var out []string
	for _, b := range texts {
		for i := range b.Pairs {
			out = append(out, b.Pairs[i].Target)
		}
	}
	return out
}
