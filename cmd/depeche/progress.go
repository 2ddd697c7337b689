package main

import (
	"fmt"
	"os"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"depeche/translate"
	"depeche/translate/backend"
)

// bar shows the progress of a run on a terminal; elsewhere it is silent.
type bar struct {
	progress *mpb.Progress
	bar      *mpb.Bar

	characters atomic.Int64
}

func newBar(r *runner) *bar {
	f, ok := r.c.App.ErrWriter.(*os.File)
	if !ok || r.c.Bool("quiet") || !term.IsTerminal(int(f.Fd())) {
		return &bar{}
	}
	// Reading and splitting ahead costs little beside translating, and tells
	// how long it will take.
	var total int64
	for _, in := range r.inputs {
		if in.path == "-" {
			continue
		}
		if doc, err := readDocument(r.c, in.path, r.from, r.splitter); err == nil {
			for _, b := range doc.Blocks {
				total += int64(len(b.Segments))
			}
		}
	}
	p := mpb.New(mpb.WithOutput(f), mpb.WithAutoRefresh())
	b := &bar{progress: p}
	b.bar = p.AddBar(total, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersNoUnit("%d/%d segments "),
			decor.Any(func(decor.Statistics) string { return fmt.Sprintf("%d characters ", b.characters.Load()) })),
		mpb.AppendDecorators(decor.Percentage(), decor.Any(func(decor.Statistics) string { return money(r.pipeline.Backend) }),
			decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO)))
	return b
}

// money is what the run has cost so far, in each currency.
func money(b translate.Backend) string {
	text := ""
	for _, s := range backend.Spent(b) {
		if s.Cost > 0 {
			text += fmt.Sprintf("  %.2f %s", s.Cost, s.Currency)
		}
	}
	return text
}

// Add hears of segments that are done.
func (b *bar) Add(segments, characters int) {
	b.characters.Add(int64(characters))
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
