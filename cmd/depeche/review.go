package main

import (
	"fmt"
	"io"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"

	"github.com/adrg/xdg"
	"github.com/urfave/cli/v2"

	"depeche/glossary"
	"depeche/output/review"
	"depeche/translate/memory"
)

func reviewCommand() *cli.Command {
	return &cli.Command{
		Name: "review", Usage: "correct translations on a local page in the browser", ArgsUsage: "FILE.xlf|DIR …",
		Flags: []cli.Flag{glossaryFlag(), memoryFlag(),
			&cli.BoolFlag{Name: "no-memory", Usage: "keep edits in the files alone", EnvVars: []string{"DEPECHE_NO_MEMORY"}},
			&cli.BoolFlag{Name: "no-starter", Usage: "leave out the starter glossary for news", EnvVars: []string{"DEPECHE_NO_STARTER"}},
			&cli.StringFlag{Name: "editor", Usage: "`NAME` of who edits, kept with the edits", EnvVars: []string{"DEPECHE_EDITOR"}},
			&cli.IntFlag{Name: "port", Usage: "listen on this `PORT` of 127.0.0.1; 0 takes a free one"},
			&cli.BoolFlag{Name: "no-browser", Usage: "print the address and open no browser"},
		},
		Action: reviewAction,
	}
}

func reviewAction(c *cli.Context) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	if err := cfg.Check.Validate(); err != nil {
		return usagef("[check]: %w", err)
	}
	inputs, err := operands(c, []string{".xlf", ".xliff"})
	if err != nil {
		return err
	}
	o := review.Options{Check: cfg.Check, Editor: c.String("editor"), Addr: fmt.Sprintf("127.0.0.1:%d", c.Int("port")),
		Drafts: filepath.Join(xdg.StateHome, "depeche", "review")}
	for _, in := range inputs {
		if in.path == "-" {
			return usagef("review edits files; standard input can't be edited")
		}
		o.Files = append(o.Files, in.path)
	}
	if o.Editor == "" {
		if u, err := user.Current(); err == nil {
			o.Editor = u.Username
		}
	}
	if o.Glossary, err = loadGlossary(c); err != nil {
		return err
	}
	if files := c.StringSlice("glossary"); len(files) > 0 {
		o.AddTerm = func(source, target, note string) (*glossary.Glossary, error) {
			if err := appendTerm(files[0], glossary.Term{Sources: []string{source}, Target: target, Note: note}); err != nil {
				return nil, err
			}
			return loadGlossary(c)
		}
	}
	if !c.Bool("no-memory") {
		m, err := memory.Open(c.Context, c.String("memory"))
		if err != nil {
			return err
		}
		defer m.Close()
		o.Memory = m
	}
	o.Ready = func(url string) {
		fmt.Fprintln(c.App.Writer, url)
		say(c, "the review page is open until Ctrl-C; the address holds its key")
		if !c.Bool("no-browser") {
			openBrowser(c, url)
		}
	}
	return review.Serve(c.Context, o)
}

// appendTerm adds an entry to a glossary file, which is replaced atomically.
func appendTerm(file string, t glossary.Term) error {
	f, err := glossary.FormatOf(file)
	if err != nil {
		return err
	}
	terms, err := glossary.Load(file)
	if err != nil {
		return err
	}
	return writeFile(file, func(w io.Writer) error { return f.Write(w, append(terms, t)) })
}

// openBrowser asks the desktop to show the page; the address was printed
// anyway.
func openBrowser(c *cli.Context, url string) {
	program := "xdg-open"
	args := []string{url}
	switch runtime.GOOS {
	case "darwin":
		program = "open"
	case "windows":
		program, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	if path, err := exec.LookPath(program); err == nil {
		cmd := exec.CommandContext(c.Context, path, args...)
		if cmd.Start() == nil {
			go func() { _ = cmd.Wait() }() // the desktop says itself what is wrong
		}
	}
}
