package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"depeche/glossary"
	"depeche/segment"
)

func glossaryCommand() *cli.Command {
	starter := &cli.BoolFlag{Name: "no-starter", Usage: "leave out the starter glossary for news", EnvVars: []string{"DEPECHE_NO_STARTER"}}
	asJSON := &cli.BoolFlag{Name: "json", Usage: "print one JSON object a line", EnvVars: []string{"DEPECHE_JSON"}}
	dispatches := append(readFlags(), glossaryFlag(), starter, asJSON)
	return &cli.Command{
		Name: "glossary", Usage: "look after glossaries",
		Subcommands: []*cli.Command{
			{Name: "check", Usage: "find what is doubtful in glossaries", ArgsUsage: "FILE…",
				Description: "Prints one line for each fault: file, line, column. Several files are looked at\ntogether, the first one having priority. Exits with 1 if a fault is an error.",
				Flags:       []cli.Flag{&cli.BoolFlag{Name: "strict", Usage: "exit with 1 for warnings too", EnvVars: []string{"DEPECHE_STRICT"}}},
				Action:      glossaryCheck},
			{Name: "find", Usage: "list the terms that dispatches have", ArgsUsage: "FILE|DIR|PATTERN|- …",
				Description: "Prints one line for each occurrence: file, segment, words, target, entry.",
				Flags:       append(dispatches, &cli.StringFlag{Name: "client", Usage: "use the entries of the client or desk `NAME`", EnvVars: []string{"DEPECHE_CLIENT"}}),
				Action:      glossaryFind},
			{Name: "coverage", Usage: "list the names and acronyms that no entry covers", ArgsUsage: "FILE|DIR|PATTERN|- …",
				Description: "Prints one line for each: how often it stands in the dispatches, the name, a\npassage that holds it. The most frequent ones come first.",
				Flags:       append(dispatches, &cli.IntFlag{Name: "min", Usage: "leave out what stands less than `N` times", Value: 1}),
				Action:      glossaryCoverage},
			{Name: "import", Usage: "add the entries of other files to a glossary", ArgsUsage: "FILE…",
				Description: "Reads CSV, TSV, XLSX, TBX and TOML. An entry that is there already is widened,\nnew ones are put behind; the glossary is created if it does not exist.",
				Flags:       []cli.Flag{&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "the glossary `FILE` to add to", Required: true}},
				Action:      glossaryImport},
			{Name: "export", Usage: "write glossaries in another format", ArgsUsage: "[FILE…]",
				Description: "Without a file, the starter glossary for news is written.",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`; its ending names the format"},
					&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: "write `FORMAT`: csv, tsv, xlsx, tbx or toml; csv if not given", EnvVars: []string{"DEPECHE_GLOSSARY_FORMAT"}}},
				Action: glossaryExport},
		},
	}
}

// glossarySets loads the glossaries that the operands name.
func glossarySets(c *cli.Context) ([]glossary.Set, error) {
	var sets []glossary.Set
	for _, name := range c.Args().Slice() {
		terms, err := glossary.Load(name)
		if err != nil {
			return nil, notExist(name, err)
		}
		sets = append(sets, glossary.Set{Name: name, Terms: terms})
	}
	return sets, nil
}

func glossaryCheck(c *cli.Context) error {
	if !c.Args().Present() {
		return usagef("glossary check wants a glossary file")
	}
	sets, err := glossarySets(c)
	if err != nil {
		return err
	}
	faults, err := glossary.Lint(sets...)
	if err != nil {
		return err
	}
	errs := 0
	for _, f := range faults {
		fmt.Fprintln(c.App.Writer, f)
		if f.Error {
			errs++
		}
	}
	switch {
	case errs > 0:
		return fmt.Errorf("%s in the glossary", count(errs, "error"))
	case len(faults) > 0 && c.Bool("strict"):
		return fmt.Errorf("%s in the glossary (--strict)", count(len(faults), "warning"))
	}
	return nil
}

// eachDispatch reads the dispatches that the operands name.
func eachDispatch(c *cli.Context, f func(path string, doc *segment.Document) error) error {
	s, err := splitter(c)
	if err != nil {
		return err
	}
	from, err := tag("from", c.String("from"))
	if err != nil {
		return err
	}
	inputs, err := operands(c, dispatchExts())
	if err != nil {
		return err
	}
	for _, in := range inputs {
		doc, err := readDocument(c, in.path, from, s)
		if err != nil {
			return err
		}
		if err := f(in.path, doc); err != nil {
			return err
		}
	}
	return nil
}

func glossaryFind(c *cli.Context) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	g, err := loadGlossary(c)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(c.App.Writer)
	list := json.NewEncoder(w)
	list.SetEscapeHTML(false)
	err = eachDispatch(c, func(path string, doc *segment.Document) error {
		for _, b := range doc.Blocks {
			for _, s := range b.Segments {
				for _, m := range g.Find(s.Text, glossary.FindOptions{Client: c.String("client")}) {
					words := m.Span.Of(s.Text)
					entry := fmt.Sprintf("%s:%s", m.Term.File, m.Term.Pos)
					if !c.Bool("json") {
						fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", path, s.ID, words, m.Target, entry)
						continue
					}
					if err := list.Encode(struct {
						File   string       `json:"file"`
						ID     string       `json:"id"`
						Span   segment.Span `json:"span"`
						Words  string       `json:"words"`
						Target string       `json:"target"`
						Term   string       `json:"term"`
						Entry  string       `json:"entry"`
					}{path, s.ID, m.Span, words, m.Target, m.Term.Sources[0], entry}); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.Flush()
}

func glossaryCoverage(c *cli.Context) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	g, err := loadGlossary(c)
	if err != nil {
		return err
	}
	var texts, files []string
	err = eachDispatch(c, func(path string, doc *segment.Document) error {
		for _, b := range doc.Blocks {
			if b.Kind == segment.DateLine || b.Kind == segment.Repeat {
				continue
			}
			for _, s := range b.Segments {
				text := s.Text
				if cut := b.Dateline.End - s.Span.Start; !b.Dateline.Empty() && 0 < cut && cut < len(text) {
					text = text[cut:]
				}
				texts, files = append(texts, strings.TrimSpace(text)), append(files, path)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	out := bufio.NewWriter(c.App.Writer)
	list := json.NewEncoder(out)
	list.SetEscapeHTML(false)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, k := range g.Coverage(texts) {
		if k.Count < c.Int("min") {
			continue
		}
		if c.Bool("json") {
			err = list.Encode(struct {
				Form    string `json:"form"`
				Count   int    `json:"count"`
				Example string `json:"example"`
				File    string `json:"file"`
			}{k.Form, k.Count, k.Example, files[k.Text]})
		} else {
			_, err = fmt.Fprintf(w, "%d\t%s\t%s\n", k.Count, k.Form, k.Example)
		}
		if err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return out.Flush()
}

func glossaryImport(c *cli.Context) error {
	if !c.Args().Present() {
		return usagef("glossary import wants a file to import")
	}
	name := c.String("output")
	f, err := glossary.FormatOf(name)
	if err != nil {
		return usagef("%w", err)
	}
	var terms []glossary.Term
	if isFile(name) {
		old, err := glossary.Load(name)
		if err != nil {
			return err
		}
		terms = old
	}
	before := len(terms)
	sets, err := glossarySets(c)
	if err != nil {
		return err
	}
	for _, s := range sets {
		terms = glossary.Merge(terms, s.Terms)
	}
	g, err := glossary.New(glossary.Set{Name: name, Terms: terms})
	if err != nil {
		return err
	}
	for _, k := range g.Conflicts() {
		fmt.Fprintln(c.App.ErrWriter, "depeche: "+k.String())
	}
	if err := writeFile(name, func(w io.Writer) error { return f.Write(w, terms) }); err != nil {
		return err
	}
	entries := "entries"
	if len(terms) == 1 {
		entries = "entry"
	}
	say(c, "%s: %d %s, %d of them new", name, len(terms), entries, len(terms)-before)
	return nil
}

func glossaryExport(c *cli.Context) error {
	sets, err := glossarySets(c)
	if err != nil {
		return err
	}
	if len(sets) == 0 {
		sets = append(sets, glossary.News())
	}
	var terms []glossary.Term
	for _, s := range sets {
		terms = glossary.Merge(terms, s.Terms)
	}
	name, file := c.String("format"), c.String("output")
	switch {
	case name == "" && file != "" && file != "-":
		name = file
	case name == "":
		name = "csv"
	}
	f, err := glossary.FormatOf(name)
	if err != nil {
		return usagef("%w", err)
	}
	write := func(w io.Writer) error { return f.Write(w, terms) }
	if file == "" || file == "-" {
		return writeStdout(c.App.Writer, f.Name == "xlsx", write)
	}
	for _, in := range c.Args().Slice() {
		if sameFile(in, file) {
			return usagef("%s would overwrite its own input", file)
		}
	}
	return writeFile(file, write)
}
