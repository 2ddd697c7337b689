package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v2"

	"depeche/output"
)

func formatsCommand() *cli.Command {
	return &cli.Command{Name: "formats", Usage: "list the formats of bilingual documents", Action: func(c *cli.Context) error {
		w := tabwriter.NewWriter(c.App.Writer, 0, 0, 2, ' ', 0)
		for _, f := range output.Formats {
			ways := "write"
			if f.Read != nil {
				ways = "read, write"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.Name, strings.Join(f.Exts, " "), ways, f.About)
		}
		return w.Flush()
	}}
}

// sourceDate is the date that documents carry: SOURCE_DATE_EPOCH, in seconds,
// or none, so that the same input gives the same bytes.
func sourceDate() (time.Time, error) {
	s := os.Getenv("SOURCE_DATE_EPOCH")
	if s == "" {
		return time.Time{}, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, usagef("SOURCE_DATE_EPOCH: %q is no number of seconds", s)
	}
	return time.Unix(n, 0).UTC(), nil
}
