package main

import (
	"os"

	"github.com/urfave/cli/v2"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"depeche/segment"
)

// bar shows the progress of a run on a terminal; elsewhere it is silent.
type bar struct {
	progress *mpb.Progress
	bar      *mpb.Bar
}

func newBar(c *cli.Context, docs []*segment.Document) *bar {
	f, ok := c.App.ErrWriter.(*os.File)
	if !ok || c.Bool("quiet") || !term.IsTerminal(int(f.Fd())) {
		return &bar{}
	}
	var total int64
	for _, d := range docs {
		for _, b := range d.Blocks {
			total += int64(len(b.Segments))
		}
	}
	p := mpb.New(mpb.WithOutput(f), mpb.WithAutoRefresh())
	return &bar{p, p.AddBar(total, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersNoUnit("%d/%d segments ")),
		mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO)))}
}

// Add hears of segments that are done.
func (b *bar) Add(segments, _ int) {
	if b.bar != nil {
		b.bar.IncrBy(segments)
	}
}

// Close takes the bar off the screen. It may be called twice.
func (b *bar) Close() {
	if b.bar != nil {
		b.bar.Abort(true)
		b.progress.Wait()
		b.bar = nil
	}
}
