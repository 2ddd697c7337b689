package main

import (
	"io"

	"github.com/urfave/cli/v2"

	"depeche/output"
	"depeche/translate"
)

func convertCommand() *cli.Command {
	return &cli.Command{
		Name: "convert", Usage: "write a bilingual file in other formats", ArgsUsage: "FILE.xlf|DIR …",
		Flags: append([]cli.Flag{outputFlag(), formatFlag()}, layoutFlags()...),
		Action: func(c *cli.Context) error {
			if _, err := loadConfig(c); err != nil {
				return err
			}
			formats, err := parseFormats(c.StringSlice("format"))
			if err != nil {
				return err
			}
			o, err := layoutOptions(c)
			if err != nil {
				return err
			}
			inputs, err := operands(c, []string{".xlf", ".xliff"})
			if err != nil {
				return err
			}
			plans, one, err := plan(inputs, c.String("output"), formats, []string{"html"})
			if err != nil {
				return err
			}
			var all []*translate.Bitext
			for i, in := range inputs {
				texts, err := readBitexts(c, in.path)
				if err != nil {
					return err
				}
				if all = append(all, texts...); one {
					continue
				}
				if err := writeTargets(c, plans[i], texts, o); err != nil {
					return err
				}
			}
			if one {
				return writeTargets(c, plans[0], all, o)
			}
			return writeIndex(c, indexFolder(c.String("output"), plans))
		},
	}
}

func outputFlag() cli.Flag {
	return &cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `PATH`: a folder if it is one or ends in /, else a file", EnvVars: []string{"DEPECHE_OUTPUT"}}
}

func formatFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "format", Aliases: []string{"f"}, Usage: "`FORMATS` to write, separated by commas; depeche formats lists them", EnvVars: []string{"DEPECHE_FORMAT"}}
}

// writeTargets writes the bitexts of one input in each of its formats.
func writeTargets(c *cli.Context, targets []target, texts []*translate.Bitext, o output.Options) error {
	for _, t := range targets {
		write := func(w io.Writer) error { return t.format.Write(w, texts, o) }
		if t.path == "" {
			if err := writeStdout(c.App.Writer, t.format.Binary, write); err != nil {
				return err
			}
		} else if err := writeFile(t.path, write); err != nil {
			return err
		}
	}
	return nil
}
