package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"depeche/translate"
	"depeche/translate/check"
)

func checkCommand() *cli.Command {
	return &cli.Command{
		Name: "check", Usage: "find what is doubtful in translations", ArgsUsage: "FILE.xlf|DIR …",
		Flags: []cli.Flag{glossaryFlag(),
			&cli.BoolFlag{Name: "no-starter", Usage: "leave out the starter glossary for news", EnvVars: []string{"DEPECHE_NO_STARTER"}},
			&cli.StringFlag{Name: "report", Usage: "`FORM` of the report: text, json, sarif or junit", Value: "text", EnvVars: []string{"DEPECHE_REPORT"}},
			&cli.BoolFlag{Name: "rules", Usage: "list the rules and their levels"},
			&cli.BoolFlag{Name: "strict", Usage: "exit with 3 if a finding is an error", EnvVars: []string{"DEPECHE_STRICT"}}},
		Action: checkAction,
	}
}

func checkAction(c *cli.Context) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	if err := cfg.Check.Validate(); err != nil {
		return usagef("[check]: %w", err)
	}
	if c.Bool("rules") {
		for i := range check.Table {
			r := &check.Table[i]
			level := string(cfg.Check.Level(r))
			if level == "" {
				level = "off"
			}
			fmt.Fprintf(c.App.Writer, "%-20s %-8s %s\n", r.Name, level, r.About)
		}
		return nil
	}
	write, err := reportWriter(c.String("report"))
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
	var files []check.Checked
	for _, in := range inputs {
		texts, err := readBitexts(c, in.path)
		if err != nil {
			return err
		}
		for _, b := range texts {
			translate.CheckTerms(b, g)
			check.Run(b, cfg.Check)
			for _, p := range b.Pairs {
				if p.Target == "" && strings.TrimSpace(p.Source.Text) != "" {
					missing++
				}
				if translate.Worst(p.Findings) == translate.LevelError {
					errs++
				}
			}
		}
		files = append(files, check.Checked{File: in.path, Texts: texts, Lines: segmentLines(in.path)})
	}
	if err := write(c.App.Writer, files); err != nil {
		return err
	}
	switch {
	case missing > 0:
		return &exitError{exitIncomplete, fmt.Errorf("%s without a translation", count(missing, "segment"))}
	case errs > 0 && c.Bool("strict"):
		return &exitError{exitIncomplete, fmt.Errorf("%s with an error finding (--strict)", count(errs, "segment"))}
	}
	return nil
}

func reportWriter(name string) (func(io.Writer, []check.Checked) error, error) {
	switch name {
	case "text":
		return check.Text, nil
	case "json":
		return check.JSON, nil
	case "sarif":
		return func(w io.Writer, files []check.Checked) error { return check.SARIF(w, files, version()) }, nil
	case "junit":
		return check.JUnit, nil
	}
	return nil, usagef("--report %s: choose text, json, sarif or junit", name)
}

// segmentLines finds the line of each element with an id in a file, so that
// reports can be clicked. Without them the reports still hold.
func segmentLines(path string) map[string]int {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	lines := make(map[string]int)
	for n, line := range bytes.Split(data, []byte("\n")) {
		for {
			i := bytes.Index(line, []byte("<segment "))
			if i < 0 {
				break
			}
			line = line[i+9:]
			tag, _, _ := bytes.Cut(line, []byte(">"))
			if _, id, ok := bytes.Cut(tag, []byte(`id="`)); ok {
				id, _, _ := bytes.Cut(id, []byte(`"`))
				lines[string(id)] = n + 1
			}
		}
	}
	return lines
}
