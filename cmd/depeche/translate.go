package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"
	"golang.org/x/sync/errgroup"
	"golang.org/x/text/language"

	"depeche/output"
	"depeche/segment"
	"depeche/segment/dispatch"
	"depeche/translate"
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
	flags = append(flags,
		&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Usage: "documents translated at a time", Value: 2, EnvVars: []string{"DEPECHE_JOBS"}},
		&cli.BoolFlag{Name: "dry-run", Usage: "say what would be done and what it would cost, and do nothing"},
		&cli.BoolFlag{Name: "strict", Usage: "exit with 3 if a finding is an error", EnvVars: []string{"DEPECHE_STRICT"}})
	return &cli.Command{
		Name: "translate", Usage: "translate dispatches into bilingual documents", ArgsUsage: "FILE|DIR|PATTERN|- …",
		Description: "Without -o and -f, an HTML page and an XLIFF file are written beside each input;\nthe page goes to standard output if the input is -.",
		Flags:       append(flags, layoutFlags()...),
		Action:      translateAction,
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
	o, err := layoutOptions(c)
	if err != nil {
		return err
	}
	if c.Int("jobs") < 1 {
		return usagef("--jobs %d: at least one document is translated at a time", c.Int("jobs"))
	}
	inputs, err := operands(c, dispatchExts())
	if err != nil {
		return err
	}
	plans, one, err := plan(inputs, c.String("output"), formats, []string{"html", "xliff"})
	if err != nil {
		return err
	}
	split, err := splitter(c)
	if err != nil {
		return err
	}
	from, err := tag("from", c.String("from"))
	if err != nil {
		return err
	}
	p, closer, err := newPipeline(c, cfg)
	if err != nil {
		return err
	}
	defer closer()
	r := &runner{c: c, pipeline: p, options: o, splitter: split, inputs: inputs, plans: plans, one: one}
	if err := r.read(from); err != nil {
		return err
	}
	if c.Bool("dry-run") {
		return r.estimate()
	}
	return r.translate()
}

// runner is one call of `depeche translate`.
type runner struct {
	c        *cli.Context
	pipeline *translate.Pipeline
	options  output.Options
	splitter *segment.Splitter
	inputs   []input
	plans    [][]target
	one      bool // all documents go into one file
	docs     []*segment.Document
	texts    []*translate.Bitext
}

func (r *runner) read(from language.Tag) error {
	for _, in := range r.inputs {
		doc, err := readDocument(r.c, in.path, from, r.splitter)
		if err != nil {
			return err
		}
		r.docs = append(r.docs, doc)
	}
	return nil
}

// estimate says what a run would do.
func (r *runner) estimate() error {
	segments, chars := 0, 0
	for _, d := range r.docs {
		for _, b := range d.Blocks {
			segments += len(b.Segments)
			chars += len([]rune(b.Text))
		}
	}
	_, err := fmt.Fprintf(r.c.App.Writer, "%s, %s, %s for %s\n", count(len(r.docs), "document"), count(segments, "segment"),
		count(chars, "character"), r.pipeline.Backend.Info().Name)
	return err
}

// translate works through the documents. A document whose backend fails is
// still written if it has any translation: what is paid for is not lost.
func (r *runner) translate() error {
	bar := newBar(r.c, r.docs)
	defer bar.Close()
	r.pipeline.Progress = bar.Add
	r.texts = make([]*translate.Bitext, len(r.docs))
	group, ctx := errgroup.WithContext(r.c.Context)
	group.SetLimit(r.c.Int("jobs"))
	for i := range r.docs {
		group.Go(func() error { return r.document(ctx, i) })
	}
	err := group.Wait()
	if r.c.Context.Err() != nil {
		return r.c.Context.Err()
	}
	if err == nil && r.one {
		err = writeTargets(r.c, r.plans[0], r.texts, r.options)
	}
	bar.Close()
	if err != nil {
		return err
	}
	return r.verdict()
}

func (r *runner) document(ctx context.Context, i int) error {
	b, err := r.pipeline.Run(ctx, r.docs[i])
	r.texts[i] = b
	if err != nil {
		err = fmt.Errorf("%s: %w", r.docs[i].Name, err)
		if ctx.Err() != nil || !translated(b) || r.one {
			return err
		}
		b.Run.Fingerprint = "" // the next run takes it up again
	}
	if r.one {
		return nil
	}
	return errors.Join(err, writeTargets(r.c, r.plans[i], []*translate.Bitext{b}, r.options))
}

func translated(b *translate.Bitext) bool {
	for _, p := range b.Pairs {
		if p.Origin.Kind == translate.Machine {
			return true
		}
	}
	return false
}

// verdict says what an editor should know and decides the exit code.
func (r *runner) verdict() error {
	var segments, missing, errs, warnings int
	for _, b := range r.texts {
		for _, p := range b.Pairs {
			segments++
			if p.Target == "" && p.Source.Text != "" {
				missing++
			}
			switch translate.Worst(p.Findings) {
			case translate.LevelError:
				errs++
			case translate.LevelWarning:
				warnings++
			}
		}
	}
	say(r.c, "%s, %s by %s; %s", count(len(r.texts), "document"), count(segments, "segment"),
		r.pipeline.Backend.Info().Name, findings(errs, warnings))
	for i := range r.plans {
		for _, t := range r.plans[i] {
			if t.path != "" && len(r.plans) <= 10 {
				say(r.c, "  %s", t.path)
			}
		}
	}
	switch {
	case missing > 0:
		return &exitError{exitIncomplete, fmt.Errorf("%s without a translation", count(missing, "segment"))}
	case errs > 0 && r.c.Bool("strict"):
		return &exitError{exitIncomplete, fmt.Errorf("%s with an error finding (--strict)", count(errs, "segment"))}
	}
	return nil
}

func findings(errs, warnings int) string {
	if errs+warnings == 0 {
		return "no findings"
	}
	return count(errs, "segment") + " with errors, " + fmt.Sprint(warnings) + " with warnings"
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// say tells the user something on standard error, unless --quiet.
func say(c *cli.Context, format string, args ...any) {
	if !c.Bool("quiet") {
		fmt.Fprintf(c.App.ErrWriter, format+"\n", args...)
	}
}
