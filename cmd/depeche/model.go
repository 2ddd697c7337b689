package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"depeche/translate/marian/models/fren"
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
		{Name: "info", Usage: "say what is known of a pulled model, one in a folder, or the one in the program", ArgsUsage: "[NAME | DIR]", Action: infoModel},
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

// infoModel takes a folder, the name of a pulled model or that of the model in
// the program; with none it describes what translates where nothing is said.
func infoModel(c *cli.Context) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	if c.NArg() > 1 {
		return usagef("model info wants one model: a name, a folder, or nothing for the one that translates by default")
	}
	r := &registry.Registry{}
	name := c.Args().First()
	if name == fren.Name || name != "" && strings.HasPrefix(fren.Name, name+"-") { // with its version or without
		return printEmbedded(c)
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		m, err := registry.Folder(name)
		if err != nil {
			return err
		}
		return describeModel(c, m, filepath.Base(filepath.Clean(name)))
	} else if err == nil {
		return usagef("%s is a file: give the folder that holds the model, its vocabulary and its shortlist", name)
	}
	m, err := r.Lookup(cmp.Or(name, "fr-en"))
	switch {
	case err == nil:
		return describeModel(c, m, m.ID())
	case name == "" && errors.Is(err, registry.ErrNotFound):
		return printEmbedded(c)
	case errors.Is(err, registry.ErrNotFound):
		return fmt.Errorf("%q is neither a folder, nor a pulled model (depeche model list --pulled), nor the model in the program (%s)", name, fren.Name)
	}
	return err
}

func printEmbedded(c *cli.Context) error {
	w := tabwriter.NewWriter(c.App.Writer, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\tin the program\n", fren.Name)
	fmt.Fprintf(w, "  kind\tneural, as Marian runs them: 8 encoder layers, 2 decoder layers, int8; with a dictionary\n")
	fmt.Fprintf(w, "  size\t%.1f MB\n", float64(fren.Size())/1e6)
	fmt.Fprintf(w, "  licence\tthat of the program, Apache License 2.0; made of openly licensed text, listed below\n")
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.App.Writer, "\n%s", fren.Card)
	return err
}

// describeModel loads a model and says what it is and what files it has.
func describeModel(c *cli.Context, m registry.Installed, name string) error {
	d, err := registry.Describe(m.Dir)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.App.Writer, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\t%s\n", name, m.Dir)
	if m.Registry != "" {
		fmt.Fprintf(w, "  from\t%s, %s\n", m.Registry, m.Status)
	}
	fmt.Fprintf(w, "  kind\tMarian transformer with an SSRU decoder, %s\n", d.Precision)
	fmt.Fprintf(w, "  layers\t%d in the encoder, %d in the decoder, %d wide, %d inside, %d heads\n", d.EncoderLayers, d.DecoderLayers, d.Dim, d.Hidden, d.Heads)
	words := fmt.Sprintf("%d pieces for both languages", d.SourceWords)
	if !d.SharedVocab {
		words = fmt.Sprintf("%d pieces, and %d of the translation", d.SourceWords, d.TargetWords)
	}
	fmt.Fprintf(w, "  vocabulary\t%s\n", words)
	shortlist := "none: each word is chosen among all, which is slower"
	if d.Shortlist {
		shortlist = "yes"
	}
	fmt.Fprintf(w, "  shortlist\t%s\n", shortlist)
	if d.Annotated {
		fmt.Fprintf(w, "  terms\ttrained to read them in the source\n")
	}
	fmt.Fprintf(w, "  size\t%.1f MB\n", float64(m.Size())/1e6)
	if err := w.Flush(); err != nil {
		return err
	}
	return printFiles(c, m)
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
	fmt.Fprintf(c.App.Writer, "%s  %s  %s\n", m.ID(), m.Status, m.Dir)
	return printFiles(c, m)
}

func printFiles(c *cli.Context, m registry.Installed) error {
	w := tabwriter.NewWriter(c.App.Writer, 0, 0, 2, ' ', 0)
	for _, f := range m.Files {
		whose := ""
		switch {
		case f.Stated:
			whose = ", as the registry states"
		case m.Registry != "":
			whose = ", as downloaded"
		}
		fmt.Fprintf(w, "  %s\t%d bytes\tsha256 %s%s\n", f.Name, f.Size, f.SHA256, whose)
	}
	return w.Flush()
}
