package main

import (
	"bufio"
	"fmt"

	"github.com/urfave/cli/v2"

	"depeche/output"
)

func segmentCommand() *cli.Command {
	return &cli.Command{
		Name: "segment", Usage: "split dispatches into sentences", ArgsUsage: "FILE|DIR|PATTERN|- …",
		Description: "Prints one segment a line, with an empty line between blocks.",
		Flags: append(readFlags(),
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line, with kind, ID and place", EnvVars: []string{"DEPECHE_JSON"}}),
		Action: func(c *cli.Context) error {
			if _, err := loadConfig(c); err != nil {
				return err
			}
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
			w := bufio.NewWriter(c.App.Writer)
			for i, in := range inputs {
				doc, err := readDocument(c, in.path, from, s)
				if err != nil {
					return err
				}
				if c.Bool("json") {
					if err := output.SegmentsJSONL(w, doc); err != nil {
						return err
					}
					continue
				}
				if i > 0 {
					fmt.Fprintln(w)
				}
				for j, b := range doc.Blocks {
					if j > 0 {
						fmt.Fprintln(w)
					}
					for _, seg := range b.Segments {
						fmt.Fprintln(w, seg.Text)
					}
				}
			}
			return w.Flush()
		},
	}
}

// operands expands the operands of a command that needs at least one.
func operands(c *cli.Context, exts []string) ([]input, error) {
	if !c.Args().Present() {
		return nil, usagef("%s wants a file, a folder or - for standard input; see depeche %s --help", c.Command.Name, c.Command.Name)
	}
	return expand(c.Args().Slice(), exts)
}
