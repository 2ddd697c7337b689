package main

import (
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/urfave/cli/v2"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"depeche/translate/marian/registry"
)

func modelCommand() *cli.Command {
	address := &cli.StringFlag{Name: "registry", Usage: "`URL` of a registry with Mozilla's layout", EnvVars: []string{"DEPECHE_REGISTRY"}}
	one := func(f func(*cli.Context, *registry.Registry, string) error) cli.ActionFunc {
		return func(c *cli.Context) error {
			if _, err := loadConfig(c); err != nil {
				return err
			}
			if c.NArg() != 1 {
				return usagef("model %s wants the name of one model: fr-en, or fr-en/tiny", c.Command.Name)
			}
			return f(c, &registry.Registry{URL: c.String("registry")}, c.Args().First())
		}
	}
	return &cli.Command{Name: "model", Usage: "get neural models for the offline engine", Subcommands: []*cli.Command{
		{Name: "list", Usage: "list the registry's models", Flags: []cli.Flag{address,
			&cli.BoolFlag{Name: "pulled", Usage: "list those that are on this machine"}}, Action: listModels},
		{Name: "pull", Usage: "download a model, or go on with a download", ArgsUsage: "NAME", Flags: []cli.Flag{address}, Action: one(pullModel)},
		{Name: "info", Usage: "say what is known of a pulled model", ArgsUsage: "NAME", Action: one(infoModel)},
		{Name: "verify", Usage: "compare a pulled model's files with their hashes", ArgsUsage: "NAME", Action: one(verifyModel)},
		{Name: "path", Usage: "print the folder of a pulled model", ArgsUsage: "NAME", Action: one(func(c *cli.Context, r *registry.Registry, name string) error {
			dir, err := r.Path(name)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.App.Writer, dir)
			return err
		})},
	}}
}

func listModels(c *cli.Context) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	r := &registry.Registry{URL: c.String("registry")}
	w := tabwriter.NewWriter(c.App.Writer, 0, 0, 2, ' ', 0)
	if c.Bool("pulled") {
		list, err := r.Installed()
		if err != nil {
			return err
		}
		for _, m := range list {
			fmt.Fprintf(w, "%s\t%.0f MB\t%s\n", m.ID(), float64(m.Size())/1e6, m.Dir)
		}
		return w.Flush()
	}
	list, err := r.List(c.Context)
	if err != nil {
		return err
	}
	for _, m := range list {
		last := ""
		switch {
		case m.Problem != nil:
			last = fmt.Sprintf("cannot be pulled: %v", m.Problem)
		case m.BLEU > 0:
			last = fmt.Sprintf("BLEU %.1f", m.BLEU)
		}
		fmt.Fprintf(w, "%s\t%.0f MB\t%s\t%s\n", m.ID(), float64(m.Size())/1e6, m.Status, last)
	}
	return w.Flush()
}

// pullModel downloads a model with a progress bar on a terminal.
func pullModel(c *cli.Context, r *registry.Registry, name string) error {
	progress := func(registry.Progress) {}
	if f, ok := c.App.ErrWriter.(*os.File); ok && !c.Bool("quiet") && term.IsTerminal(int(f.Fd())) {
		p := mpb.New(mpb.WithOutput(f), mpb.WithAutoRefresh())
		bars := make(map[string]*mpb.Bar)
		defer func() {
			for _, b := range bars {
				b.Abort(false)
			}
			p.Wait()
		}()
		progress = func(at registry.Progress) {
			b := bars[at.File]
			if b == nil {
				b = p.AddBar(at.Total, mpb.PrependDecorators(decor.Name(at.File+"  "), decor.CountersKibiByte("% .1f / % .1f")),
					mpb.AppendDecorators(decor.Percentage()))
				bars[at.File] = b
			}
			b.SetCurrent(at.Done)
		}
	}
	m, err := r.Pull(c.Context, name, progress)
	if err != nil {
		return err
	}
	say(c, "%s is in %s", m.ID(), m.Dir)
	return nil
}

func infoModel(c *cli.Context, r *registry.Registry, name string) error {
	m, err := r.Lookup(name)
	if err != nil {
		return err
	}
	return printModel(c, m)
}

func verifyModel(c *cli.Context, r *registry.Registry, name string) error {
	m, err := r.Verify(c.Context, name)
	if err != nil {
		return err
	}
	say(c, "%s: all files are as they were pulled", m.ID())
	return printModel(c, m)
}

func printModel(c *cli.Context, m registry.Installed) error {
	w := tabwriter.NewWriter(c.App.Writer, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\t%s\t%s\n", m.ID(), m.Status, m.Dir)
	for _, f := range m.Files {
		whose := "as downloaded"
		if f.Stated {
			whose = "as the registry states"
		}
		fmt.Fprintf(w, "  %s\t%d bytes\tsha256 %s, %s\n", f.Name, f.Size, f.SHA256, whose)
	}
	return w.Flush()
}
