package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"depeche/output/review"
	"depeche/translate"
	"depeche/translate/memory"
)

// The exit codes of depeche diff are those of diff(1).
const (
	exitDifferent = 1
	exitTrouble   = 2
)

func diffCommand() *cli.Command {
	return &cli.Command{
		Name: "diff", Usage: "show what changed between two translations", ArgsUsage: "OLD NEW",
		Description: "OLD and NEW are XLIFF files or folders. With --against-memory, one file is compared with the memory.\n" +
			"Exit code: 0 the same, 1 different, 2 trouble.\n" +
			"In git: git config diff.xliff.textconv \"depeche diff --textconv\" and *.xlf diff=xliff in .gitattributes.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: "`FORM`: text, color, unified, html, json or md; on a terminal color is the default", EnvVars: []string{"DEPECHE_DIFF_FORMAT"}},
			outputFlag(),
			&cli.BoolFlag{Name: "against-memory", Usage: "compare one file with what the memory holds"},
			&cli.BoolFlag{Name: "textconv", Usage: "print one file as sentences, for git"},
			&cli.BoolFlag{Name: "summary", Usage: "print the summary alone"},
			memoryFlag(),
		},
		Action: func(c *cli.Context) error {
			err := diffAction(c)
			var exit *exitError
			if err != nil && !errors.As(err, &exit) && c.Context.Err() == nil {
				return &exitError{exitTrouble, err}
			}
			return err
		},
	}
}

func diffAction(c *cli.Context) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	want := 2
	if c.Bool("textconv") || c.Bool("against-memory") {
		want = 1
	}
	if c.NArg() != want {
		return usagef("diff takes %s; see depeche diff --help", map[int]string{1: "one file", 2: "two files or folders"}[want])
	}
	old, err := readSide(c, c.Args().Get(0))
	if err != nil {
		return err
	}
	if c.Bool("textconv") {
		return review.Sentences(c.App.Writer, old)
	}
	write, err := diffWriter(c)
	if err != nil {
		return err
	}
	var now []*translate.Bitext
	if c.Bool("against-memory") {
		old, now, err = remembered(c, old)
	} else {
		now, err = readSide(c, c.Args().Get(1))
	}
	if err != nil {
		return err
	}
	d := review.Diff(old, now)
	if err := write(d); err != nil {
		return err
	}
	if !d.Same() {
		return &exitError{code: exitDifferent}
	}
	return nil
}

// diffWriter finds the form that is asked for and where it goes.
func diffWriter(c *cli.Context) (func(*review.Differences) error, error) {
	out, form := c.String("output"), c.String("format")
	if form == "" && out != "" {
		switch filepath.Ext(out) {
		case ".html", ".htm":
			form = "html"
		case ".json":
			form = "json"
		case ".md":
			form = "md"
		case ".diff", ".patch":
			form = "unified"
		}
	}
	if form == "" {
		form = "text"
		if f, ok := c.App.Writer.(*os.File); ok && out == "" && term.IsTerminal(int(f.Fd())) && os.Getenv("NO_COLOR") == "" {
			form = "color"
		}
	}
	if c.Bool("summary") {
		return func(d *review.Differences) error {
			_, err := fmt.Fprint(c.App.Writer, d.Summary)
			return err
		}, nil
	}
	for _, f := range review.Formats {
		if f.Name != form {
			continue
		}
		return func(d *review.Differences) error {
			if out == "" {
				return f.Write(d, c.App.Writer)
			}
			for _, arg := range c.Args().Slice() {
				if sameFile(arg, out) {
					return fmt.Errorf("%s: the output would overwrite the input", out)
				}
			}
			return writeFile(out, func(w io.Writer) error { return f.Write(d, w) })
		}, nil
	}
	return nil, usagef("--format %s: choose text, color, unified, html, json or md", form)
}

// readSide reads a file, or all XLIFF files of a folder by their place in it.
func readSide(c *cli.Context, path string) ([]*translate.Bitext, error) {
	if !isDir(path) {
		return readBitexts(c, path)
	}
	found, err := walk(path, []string{".xlf", ".xliff"})
	if err != nil {
		return nil, err
	}
	slices.Sort(found)
	var all []*translate.Bitext
	for _, file := range found {
		texts, err := readBitexts(c, file)
		if err != nil {
			return nil, err
		}
		rel, err := filepath.Rel(path, file)
		if err != nil {
			return nil, err
		}
		for i, b := range texts { // joined by place, whatever the documents were called
			b.Document.Name = rel
			if len(texts) > 1 {
				b.Document.Name = fmt.Sprintf("%s#%d", rel, i+1)
			}
		}
		all = append(all, texts...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: %w: no .xlf files in this folder", path, fs.ErrNotExist)
	}
	return all, nil
}

// remembered gives the bitexts as they stand and as the memory has them. What
// the memory lacks is left out of both and said.
func remembered(c *cli.Context, texts []*translate.Bitext) (old, now []*translate.Bitext, err error) {
	m, err := memory.Open(c.Context, c.String("memory"))
	if err != nil {
		return nil, nil, err
	}
	defer m.Close()
	missing := 0
	for _, b := range texts {
		a, r, lacks, err := review.Remembered(c.Context, m, b)
		if err != nil {
			return nil, nil, err
		}
		old, now, missing = append(old, a), append(now, r), missing+lacks
	}
	if missing > 0 {
		say(c, "%s not in the memory", count(missing, "segment"))
	}
	return old, now, nil
}
