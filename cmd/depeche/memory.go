package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"depeche/translate/memory"
)

func memoryCommand() *cli.Command {
	return &cli.Command{Name: "memory", Usage: "look into the translation memory, fill it and empty it", Subcommands: []*cli.Command{
		{Name: "import", Usage: "add the units of TMX files", ArgsUsage: "FILE.tmx …", Flags: memoryFlags(pairFlags()...), Action: withMemory(importMemory)},
		{Name: "export", Usage: "write all entries of a language pair as TMX 1.4b", ArgsUsage: "[FILE.tmx]", Flags: memoryFlags(pairFlags()...), Action: withMemory(exportMemory)},
		{Name: "search", Usage: "find entries that hold some words, in either language", ArgsUsage: "WORDS", Flags: memoryFlags(
			&cli.IntFlag{Name: "limit", Aliases: []string{"n"}, Usage: "print at most `N` entries", Value: 20}), Action: withMemory(searchMemory)},
		alignCommand(),
		{Name: "stats", Usage: "count what the memory holds", Flags: memoryFlags(), Action: withMemory(statMemory)},
		{Name: "prune", Usage: "delete machine translations of a certain age; an editor's stay", Flags: memoryFlags(
			&cli.IntFlag{Name: "days", Usage: "of at least `N` days", Value: 365},
			&cli.StringFlag{Name: "backend", Aliases: []string{"b"}, Usage: "of the backend `NAME` alone"}), Action: withMemory(pruneMemory)},
	}}
}

func memoryFlag() cli.Flag {
	return &cli.StringFlag{Name: "memory", Aliases: []string{"m"}, Usage: "translation memory `URL`: sqlite:PATH or postgres://…", Value: memory.Default(), EnvVars: []string{"DEPECHE_MEMORY"}}
}

func memoryFlags(more ...cli.Flag) []cli.Flag { return append([]cli.Flag{memoryFlag()}, more...) }

func pairFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "from", Aliases: []string{"s"}, Usage: "language `LANG` of the source", Value: "fr", EnvVars: []string{"DEPECHE_FROM"}},
		&cli.StringFlag{Name: "to", Aliases: []string{"t"}, Usage: "language `LANG` of the translation", Value: "en", EnvVars: []string{"DEPECHE_TO"}},
	}
}

// withMemory opens the memory for a command.
func withMemory(f func(*cli.Context, *memory.Memory) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		if _, err := loadConfig(c); err != nil {
			return err
		}
		m, err := memory.Open(c.Context, c.String("memory"))
		if err != nil {
			return err
		}
		defer m.Close()
		return f(c, m)
	}
}

func importMemory(c *cli.Context, m *memory.Memory) error {
	if !c.Args().Present() {
		return usagef("memory import wants a TMX file")
	}
	for _, name := range c.Args().Slice() {
		f, err := os.Open(name)
		if err != nil {
			return notExist(name, err)
		}
		done, err := m.ImportTMX(c.Context, f, name, c.String("from"), c.String("to"), imported(c, name))
		f.Close()
		if err != nil && done.Units > 0 {
			return fmt.Errorf("%w; %s before it %s in the memory", err, count(done.Units, "unit"), are(done.Units))
		}
		if err != nil {
			return err
		}
		line := fmt.Sprintf("%s: %s imported", name, count(done.Units, "unit"))
		if done.Skipped > 0 {
			line += fmt.Sprintf(", %d left out for want of %s or %s", done.Skipped, c.String("from"), c.String("to"))
		}
		if done.Older > 0 {
			line += fmt.Sprintf(", %d older than what the memory has", done.Older)
		}
		say(c, "%s", line)
	}
	return nil
}

// imported shows on a terminal how far an import has come.
func imported(c *cli.Context, name string) func(units int) {
	f, ok := c.App.ErrWriter.(*os.File)
	if !ok || c.Bool("quiet") || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return func(units int) { fmt.Fprintf(f, "\r%s: %s\r", name, count(units, "unit")) }
}

func exportMemory(c *cli.Context, m *memory.Memory) error {
	n := 0
	write := func(w io.Writer) (err error) {
		n, err = m.ExportTMX(c.Context, w, c.String("from"), c.String("to"), release)
		return err
	}
	name := c.Args().First()
	if name == "" || name == "-" {
		return write(c.App.Writer)
	}
	if err := writeFile(name, write); err != nil {
		return err
	}
	say(c, "%s: %s", name, count(n, "unit"))
	return nil
}

func searchMemory(c *cli.Context, m *memory.Memory) error {
	if c.NArg() != 1 {
		return usagef("memory search wants the words as one argument: put them in quotation marks")
	}
	hits, err := m.Search(c.Context, c.Args().First(), c.Int("limit"))
	if err != nil {
		return err
	}
	for i, h := range hits {
		if i > 0 {
			fmt.Fprintln(c.App.Writer)
		}
		who := string(h.Origin.Kind)
		if h.Origin.By != "" {
			who += " " + h.Origin.By
		} else if h.Origin.Backend != "" {
			who += " " + h.Origin.Backend
		}
		fmt.Fprintf(c.App.Writer, "%s\n%s\n  %s, %s, %s, %s", h.Source, h.Target, who, h.Changed.Format(time.DateOnly), h.State, h.Document)
		if h.Uses > 0 {
			fmt.Fprintf(c.App.Writer, ", used %s", count(h.Uses, "time"))
		}
		fmt.Fprintln(c.App.Writer)
		for _, near := range []string{h.Previous, h.Next} {
			if near != "" {
				fmt.Fprintf(c.App.Writer, "  near: %s\n", near)
			}
		}
	}
	say(c, "%s", count(len(hits), "hit"))
	return nil
}

func statMemory(c *cli.Context, m *memory.Memory) error {
	s, err := m.Stats(c.Context)
	if err != nil {
		return err
	}
	w := c.App.Writer
	fmt.Fprintf(w, "%s: %d entries, %.1f MB\n", s.Where, s.Entries, float64(s.Bytes)/1e6)
	fmt.Fprintf(w, "  human    %d\n  machine  %d\n", s.Human, s.Machine)
	if s.Left > 0 {
		fmt.Fprintf(w, "  not indexed yet, so that no near matches are found  %d\n", s.Left)
	}
	for _, list := range []map[string]int{s.By, s.Pairs} {
		var names []string
		for name := range list {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			fmt.Fprintf(w, "    %s  %d\n", name, list[name])
		}
	}
	return nil
}

func pruneMemory(c *cli.Context, m *memory.Memory) error {
	if c.Int("days") < 0 {
		return usagef("--days %d: an age is not negative", c.Int("days"))
	}
	n, err := m.Prune(c.Context, time.Now().AddDate(0, 0, -c.Int("days")), c.String("backend"))
	if err != nil {
		return err
	}
	say(c, "%s deleted", count(n, "entry"))
	return nil
}
