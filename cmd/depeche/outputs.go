package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"depeche/output"
)

// target is a file to write in one format; an empty path is standard output.
type target struct {
	format *output.Format
	path   string
}

// parseFormats reads -f: names or extensions, separated by commas.
func parseFormats(list []string) ([]*output.Format, error) {
	var formats []*output.Format
	for _, name := range strings.Split(strings.Join(list, ","), ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		f, err := output.Lookup(name)
		if err != nil {
			return nil, &exitError{exitUsage, err}
		}
		formats = append(formats, f)
	}
	return formats, nil
}

// plan says where the outputs of each input go. The second value is true when
// all inputs go into one file.
//
// -o is a folder if it exists as one, ends in a slash, or several outputs are
// asked for, else a file. Without it, the outputs go beside the input, or to
// standard output when the input is standard input; -o - is standard output too.
func plan(inputs []input, out string, formats []*output.Format, defaults []string) ([][]target, bool, error) {
	if out != "-" && len(formats) == 0 && filepath.Ext(out) != "" && !isDir(out) {
		f, err := output.ForFile(out) // -o page.html says it all
		if err != nil {
			return nil, false, &exitError{exitUsage, fmt.Errorf("-o %w", err)}
		}
		formats = []*output.Format{f}
	}
	stdout := out == "-"
	if stdout {
		out = ""
	}
	stdin := stdout || len(inputs) == 1 && inputs[0].path == "-"
	if len(formats) == 0 {
		if stdin && out == "" {
			defaults = defaults[:1]
		}
		for _, name := range defaults {
			f, err := output.Lookup(name)
			if err != nil {
				return nil, false, err
			}
			formats = append(formats, f)
		}
	}
	if out == "" && stdin {
		if len(formats) > 1 {
			return nil, false, usagef("several formats can't go to standard output; name a folder with -o")
		}
		if len(inputs) > 1 && !formats[0].Many {
			return nil, false, usagef("%s holds one document; name a folder with -o", formats[0].Name)
		}
		return [][]target{{{formats[0], ""}}}, len(inputs) > 1, nil
	}
	if out != "" && !isDir(out) && len(formats) == 1 {
		if len(inputs) == 1 {
			plans := [][]target{{{formats[0], out}}}
			return plans, false, refuseInputs(inputs, plans)
		}
		if filepath.Ext(out) != "" && formats[0].Many {
			plans := [][]target{{{formats[0], out}}}
			return plans, true, refuseInputs(inputs, plans)
		}
	}
	return planFolder(inputs, out, formats)
}

// planFolder names one output per input and format, in the folder out or
// beside the input. Two inputs never share an output.
func planFolder(inputs []input, out string, formats []*output.Format) ([][]target, bool, error) {
	if info, err := os.Stat(out); err == nil && !info.IsDir() {
		return nil, false, usagef("%s is a file, and there are several outputs; name a folder with -o", out)
	}
	// Two inputs that differ in their extension alone keep it in the output's name.
	stems := make(map[string]int)
	stem := func(in input) string {
		name := in.rel
		if out == "" {
			name = in.path
		}
		return strings.TrimSuffix(name, filepath.Ext(name))
	}
	for _, in := range inputs {
		stems[stem(in)]++
	}
	taken := make(map[string]string)
	var all [][]target
	for _, in := range inputs {
		if in.path == "-" && out == "" {
			return nil, false, usagef("standard input together with files needs a folder: name one with -o")
		}
		base := stem(in)
		if stems[base] > 1 {
			base += filepath.Ext(in.rel)
		}
		var list []target
		for _, f := range formats {
			path := base + f.Exts[0]
			if out != "" {
				path = filepath.Join(out, path)
			}
			if other, ok := taken[path]; ok {
				return nil, false, usagef("%s and %s would both be written to %s; give them separate output folders", other, in.path, path)
			}
			taken[path] = in.path
			list = append(list, target{f, path})
		}
		all = append(all, list)
	}
	return all, false, refuseInputs(inputs, all)
}

// refuseInputs refuses outputs that are inputs, under whatever name. The files
// are looked at once each: there may be thousands of both.
func refuseInputs(inputs []input, plans [][]target) error {
	names := make(map[string]bool, len(inputs))
	for _, in := range inputs {
		if in.path != "-" {
			names[filepath.Clean(in.path)] = true
		}
	}
	type look struct{ size, changed int64 } // equal for two names of one file
	var alike map[look][]os.FileInfo
	for _, list := range plans {
		for _, t := range list {
			info, err := os.Stat(t.path)
			refused := names[filepath.Clean(t.path)]
			if err == nil && !refused {
				if alike == nil {
					alike = make(map[look][]os.FileInfo, len(inputs))
					for _, in := range inputs {
						if f, err := os.Stat(in.path); err == nil {
							l := look{f.Size(), f.ModTime().UnixNano()}
							alike[l] = append(alike[l], f)
						}
					}
				}
				refused = slices.ContainsFunc(alike[look{info.Size(), info.ModTime().UnixNano()}], func(f os.FileInfo) bool { return os.SameFile(f, info) })
			}
			if refused {
				return usagef("%s is an input and would be overwritten; name another output with -o", t.path)
			}
		}
	}
	return nil
}

func isDir(path string) bool {
	if strings.HasSuffix(path, "/") || strings.HasSuffix(path, string(filepath.Separator)) {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// layoutFlags are the flags of all commands that write documents.
func layoutFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "layout", Usage: "`LAYOUT`: side-by-side, interleaved or source-above, where the format has a choice", EnvVars: []string{"DEPECHE_LAYOUT"}},
		&cli.StringFlag{Name: "unit", Usage: "align by `UNIT`: sentence or paragraph", Value: "sentence", EnvVars: []string{"DEPECHE_UNIT"}},
		&cli.StringFlag{Name: "terms", Usage: "show the glossary's terms as `KIND`: notes or index", EnvVars: []string{"DEPECHE_TERMS"}},
		&cli.BoolFlag{Name: "unmarked", Usage: "leave findings out of HTML, Markdown, PDF and DOCX, for what is published", EnvVars: []string{"DEPECHE_UNMARKED"}},
		&cli.StringFlag{Name: "title", Usage: "`TITLE` of the document; the headline if not given"},
		&cli.StringFlag{Name: "credit", Usage: "`LINE` under the text that says who translated it", EnvVars: []string{"DEPECHE_CREDIT"}},
		&cli.StringFlag{Name: "paper", Usage: "`SIZE` of the pages: a4 or letter", Value: "a4", EnvVars: []string{"DEPECHE_PAPER"}},
		&cli.BoolFlag{Name: "neutral", Usage: "CSV and TSV: neutralise cells that begin with = + - @", EnvVars: []string{"DEPECHE_NEUTRAL"}},
	}
}

func layoutOptions(c *cli.Context) (output.Options, error) {
	o := output.Options{Layout: output.Layout(c.String("layout")), Terms: c.String("terms"), Title: c.String("title"),
		Credit: c.String("credit"), Neutral: c.Bool("neutral"), Unmarked: c.Bool("unmarked")}
	switch o.Layout {
	case "", output.SideBySide, output.Interleaved, output.SourceAbove:
	default:
		return o, usagef("--layout %s: choose side-by-side, interleaved or source-above", o.Layout)
	}
	switch o.Terms {
	case "", "notes", "index":
	default:
		return o, usagef("--terms %s: choose notes or index", o.Terms)
	}
	switch unit := c.String("unit"); unit {
	case "sentence":
	case "paragraph":
		o.Paragraph = true
	default:
		return o, usagef("--unit %s: choose sentence or paragraph", unit)
	}
	switch paper := strings.ToLower(c.String("paper")); paper {
	case "a4":
	case "letter":
		o.Letter = true
	default:
		return o, usagef("--paper %s: choose a4 or letter", paper)
	}
	var err error
	o.Time, err = sourceDate()
	return o, err
}
