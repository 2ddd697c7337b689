package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"depeche/translate"
	"depeche/translate/check"
)

func checkCommand() *cli.Command {
	return &cli.Command{
		Name: "check", Usage: "find what is doubtful in translations", ArgsUsage: "FILE.xlf|DIR …",
		Flags: []cli.Flag{glossaryFlag(),
			&cli.BoolFlag{Name: "no-starter", Usage: "leave out the starter glossary for news", EnvVars: []string{"DEPECHE_NO_STARTER"}},
			&cli.BoolFlag{Name: "strict", Usage: "exit with 3 if a finding is an error", EnvVars: []string{"DEPECHE_STRICT"}}},
		Action: func(c *cli.Context) error {
			cfg, err := loadConfig(c)
			if err != nil {
				return err
			}
			g, err := loadGlossary(c)
			if err != nil {
				return err
			}
			inputs, err := operands(c, []string{".xlf", ".xliff"})
			if err != nil {
				return err
			}
			missing, errs := 0, 0
			for _, in := range inputs {
				texts, err := readBitexts(c, in.path)
				if err != nil {
					return err
				}
				for _, b := range texts {
					translate.CheckTerms(b, g)
					check.Run(b, cfg.Check)
					for _, p := range b.Pairs {
						for _, f := range p.Findings {
							fmt.Fprintf(c.App.Writer, "%s:%s: %s: %s (%s)\n", in.path, p.Source.ID, f.Level, f.Message, f.Rule)
						}
						if p.Target == "" && p.Source.Text != "" {
							missing++
						}
						if translate.Worst(p.Findings) == translate.LevelError {
							errs++
						}
					}
				}
			}
			switch {
			case missing > 0:
				return &exitError{exitIncomplete, fmt.Errorf("%s without a translation", count(missing, "segment"))}
			case errs > 0 && c.Bool("strict"):
				return &exitError{exitIncomplete, fmt.Errorf("%s with an error finding (--strict)", count(errs, "segment"))}
			}
			return nil
		},
	}
}
