package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"depeche/segment/dispatch"
	"depeche/translate"
	"depeche/translate/backend"
)

// dispatchExts are the files that a folder of dispatches is searched for.
func dispatchExts() []string {
	var exts []string
	for _, r := range dispatch.Readers() {
		exts = append(exts, r.Exts...)
	}
	return exts
}

func translateCommand() *cli.Command {
	flags := []cli.Flag{outputFlag(), formatFlag()}
	flags = append(flags, readFlags()...)
	flags = append(flags, pipelineFlags()...)
	flags = append(flags, runFlags()...)
	flags = append(flags,
		&cli.BoolFlag{Name: "dry-run", Usage: "say what would be done and what it would cost, and do nothing"},
		&cli.StringFlag{Name: "report", Usage: "write what was done to `FILE`, as JSON", EnvVars: []string{"DEPECHE_REPORT"}},
		&cli.BoolFlag{Name: "strict", Usage: "exit with 3 if a finding is an error", EnvVars: []string{"DEPECHE_STRICT"}})
	return &cli.Command{
		Name: "translate", Usage: "translate dispatches into bilingual documents", ArgsUsage: "FILE|DIR|PATTERN|- …",
		Description: "Without -o and -f, an HTML page and an XLIFF file are written beside each input;\nthe page goes to standard output if the input is -.",
		Flags:       append(flags, layoutFlags()...),
		Action:      translateAction,
	}
}

// runFlags are the flags of all commands that work through many documents.
func runFlags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Usage: "translate `N` documents at a time", Value: 2, EnvVars: []string{"DEPECHE_JOBS"}},
		&cli.StringFlag{Name: "max-cost", Usage: "stop before the request that would pass `AMOUNT`, in the currency of the backend's price", EnvVars: []string{"DEPECHE_MAX_COST"}},
		&cli.IntFlag{Name: "max-chars", Usage: "stop before the request that would pass `N` characters", EnvVars: []string{"DEPECHE_MAX_CHARS"}},
	}
}

func translateAction(c *cli.Context) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	formats, err := parseFormats(c.StringSlice("format"))
	if err != nil {
		return err
	}
	inputs, err := operands(c, dispatchExts())
	if err != nil {
		return err
	}
	plans, one, err := plan(inputs, c.String("output"), formats, []string{"html", "xliff"})
	if err != nil {
		return err
	}
	r, closer, err := newRunner(c, cfg)
	if err != nil {
		return err
	}
	defer closer()
	r.inputs, r.plans, r.one, r.index = inputs, plans, one, indexFolder(c.String("output"), plans)
	if c.Bool("dry-run") {
		return r.estimate(cfg)
	}
	return r.translate()
}

// newRunner makes of the flags a runner that has no inputs yet. The function
// that it gives ends the backend's processes.
func newRunner(c *cli.Context, cfg *config) (*runner, func() error, error) {
	o, err := layoutOptions(c)
	if err != nil {
		return nil, nil, err
	}
	if c.Int("jobs") < 1 {
		return nil, nil, usagef("--jobs %d: at least one document is translated at a time", c.Int("jobs"))
	}
	split, err := splitter(c)
	if err != nil {
		return nil, nil, err
	}
	from, err := tag("from", c.String("from"))
	if err != nil {
		return nil, nil, err
	}
	p, closer, err := newPipeline(c, cfg)
	if err != nil {
		return nil, nil, err
	}
	return &runner{c: c, pipeline: p, options: o, splitter: split, from: from}, closer, nil
}

// estimate says what a run would do and what it would cost, by the backends
// that it would ask.
func (r *runner) estimate(cfg *config) error {
	r.pipeline.Documents = r.documents()
	var total translate.Need
	unchanged := 0
	for i, in := range r.inputs {
		doc, err := readDocument(r.c, in.path, r.from, r.splitter)
		if err != nil {
			return err
		}
		old, err := r.earlier(i)
		if err != nil {
			return err
		}
		if old != nil && old.Run.Fingerprint == r.pipeline.Fingerprint(doc) {
			unchanged++
			continue
		}
		need, err := r.pipeline.Need(r.c.Context, doc, old)
		if err != nil {
			return err
		}
		total.Segments += need.Segments
		total.Characters += need.Characters
		total.Requests += need.Requests
		total.Memory += need.Memory
	}
	w := r.c.App.Writer
	fmt.Fprintf(w, "%s, %d unchanged; %s, %d from the memory; %s of %s to translate\n", count(len(r.inputs), "document"), unchanged,
		count(total.Segments, "segment"), total.Memory, count(total.Characters, "character"), count(total.Requests, "segment"))
	quotes, err := backend.Estimate(r.c.String("backend"), cfg.Backends, backend.Volume{Segments: total.Requests, Characters: total.Characters})
	if err != nil {
		return err
	}
	for _, q := range quotes {
		fmt.Fprintln(w, "  "+q.String())
	}
	return nil
}

// say tells the user something on standard error, unless --quiet.
func say(c *cli.Context, format string, args ...any) {
	if !c.Bool("quiet") {
		fmt.Fprintf(c.App.ErrWriter, format+"\n", args...)
	}
}
