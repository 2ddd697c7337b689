package main

import (
	"bytes"
	"fmt"
	"io"
	"os/user"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"depeche/output"
	"depeche/output/review"
	"depeche/translate"
	"depeche/translate/check"
	"depeche/translate/memory"
)

func importCommand() *cli.Command {
	return &cli.Command{
		Name: "import", Usage: "take over what an editor changed in a table or in another tool", ArgsUsage: "EDITED --into WORK.xlf",
		Description: "EDITED is XLIFF 1.2 or 2, the DOCX review table (-f docx-review), XLSX, CSV, TSV, our\nMarkdown table or PO. Rows are joined by segment ID and their sources compared; if any\nrow is unknown, missing, doubled or stale, all such rows are named and nothing changes.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "into", Usage: "the working `FILE` (XLIFF 2.1) that takes the edits", Required: true},
			&cli.StringFlag{Name: "editor", Usage: "`NAME` of who edited, kept with the edits", EnvVars: []string{"DEPECHE_EDITOR"}},
			&cli.BoolFlag{Name: "dry-run", Usage: "say what would change and change nothing"},
			glossaryFlag(), memoryFlag(),
			&cli.BoolFlag{Name: "no-memory", Usage: "keep edits in the file alone", EnvVars: []string{"DEPECHE_NO_MEMORY"}},
			&cli.BoolFlag{Name: "no-starter", Usage: "leave out the starter glossary for news", EnvVars: []string{"DEPECHE_NO_STARTER"}},
		},
		Action: importAction,
	}
}

func importAction(c *cli.Context) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	if c.NArg() != 1 {
		return usagef("import wants one edited document and --into the working file")
	}
	work, edited := c.String("into"), c.Args().First()
	dir, err := filepath.Abs(filepath.Dir(work))
	if err != nil {
		return err
	}
	unlock, err := lockFolders(c, map[string]bool{dir: true}) // a run may be writing the same file
	if err != nil {
		return err
	}
	defer unlock()
	texts, err := readWork(work)
	if err != nil {
		return err
	}
	r, closer, err := open(c, edited)
	if err != nil {
		return err
	}
	defer closer()
	data, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("%s: %w", edited, err)
	}
	edits, err := output.ReadEdits(edited, data)
	if err != nil {
		return err
	}
	changed, err := output.Merge(texts, edits, editor(c), time.Now().UTC().Truncate(time.Second))
	if err != nil {
		return fmt.Errorf("nothing is imported:\n%w", err)
	}
	total, all := 0, 0
	for i, b := range texts {
		total, all = total+len(changed[i]), all+len(b.Pairs)
	}
	if total == 0 || c.Bool("dry-run") {
		say(c, "%s of %s changed in %s", count(total, "segment"), count(all, "segment"), edited)
		return nil
	}
	g, err := loadGlossary(c)
	if err != nil {
		return err
	}
	for _, b := range texts {
		translate.CheckTerms(b, g)
		check.Run(b, cfg.Check)
	}
	f, err := output.Lookup("xliff")
	if err != nil {
		return err
	}
	if err := writeFile(work, func(w io.Writer) error { return f.Write(w, texts, output.Options{}) }); err != nil {
		return err
	}
	for i, b := range texts {
		if err := remember(c, b, changed[i]); err != nil {
			return fmt.Errorf("saved in %s, but not in the memory: %w", work, err)
		}
	}
	say(c, "%s of %s changed in %s", count(total, "segment"), count(all, "segment"), work)
	return nil
}

// readWork reads a working file, which is not every file that can be read.
func readWork(path string) ([]*translate.Bitext, error) {
	r, closer, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer closer()
	f, data, err := detect(r, path)
	if err != nil {
		return nil, err
	}
	if f.Name != working {
		return nil, usagef("%s is no working file (%s); edits go into XLIFF 2.1", path, f.About)
	}
	return f.Read(bytes.NewReader(data), path)
}

// remember puts what an editor made of the pairs into the memory.
func remember(c *cli.Context, b *translate.Bitext, changed []int) error {
	if c.Bool("no-memory") {
		return nil
	}
	m, err := memory.Open(c.Context, c.String("memory"))
	if err != nil {
		return err
	}
	defer m.Close()
	var entries []translate.Entry
	for _, i := range changed {
		if b.Pairs[i].Origin.Kind == translate.Human && b.Pairs[i].Target != "" {
			entries = append(entries, review.Entry(b, i))
		}
	}
	return m.Save(c.Context, entries)
}

// editor is who edits: --editor or the account's name.
func editor(c *cli.Context) string {
	if name := c.String("editor"); name != "" {
		return name
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}
