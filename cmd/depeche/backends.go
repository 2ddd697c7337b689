package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"depeche/translate/backend"
)

func backendsCommand() *cli.Command {
	return &cli.Command{Name: "backends", Usage: "list the translation backends", Action: func(c *cli.Context) error {
		if _, err := loadConfig(c); err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.App.Writer, 0, 0, 2, ' ', 0)
		for _, e := range backend.Table {
			where := "offline"
			if e.Network {
				where = "network"
			}
			if e.Paid {
				where += ", paid"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\tneeds %s\n", e.Name, where, e.About, e.Needs)
		}
		return w.Flush()
	}}
}
