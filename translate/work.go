package translate

import (
	"context"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"depeche/glossary"
	"depeche/segment"
)

// work is one run over one document.
type work struct {
	*Pipeline
	text *Bitext
	info Info
	mu   sync.Mutex // guards calls of Progress

	recalled int     // segments that the memory had
	counts   Counter // of the memory, if it counts and this is no estimate
}

// job is one text that a backend must translate, for all pairs that share it.
type job struct {
	pairs     []int
	prefix    string // opening and dateline in the target language, put before the answer
	source    string // the segment's text without them
	text      string // what the backend gets
	matches   []glossary.Match
	protected *glossary.Protected
	answer    *answer
}

func (w *work) run(ctx context.Context) error {
	jobs, err := w.plan(ctx)
	if err != nil {
		return err
	}
	w.keepTerms(ctx, jobs)
	if w.Memory == nil {
		return w.batches(ctx, jobs)
	}
	// What another document is having translated at this moment is waited for,
	// after the own texts: so nobody waits for somebody who waits for him.
	for len(jobs) > 0 {
		var own, others []*job
		var wait []<-chan struct{}
		for _, j := range jobs {
			if c := w.flights.begin(w.key(j)); c == nil {
				own = append(own, j)
			} else {
				others, wait = append(others, j), append(wait, c)
			}
		}
		err := w.batches(ctx, own)
		for _, j := range own {
			w.flights.end(w.key(j))
		}
		if err != nil {
			for _, j := range others {
				w.fail(j, err)
			}
			return err
		}
		for _, c := range wait {
			select {
			case <-c:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		jobs = jobs[:0]
		for _, j := range others {
			found := true
			for _, i := range j.pairs {
				ok, err := w.recall(ctx, i)
				if err != nil {
					return err
				}
				if found = found && ok; ok {
					w.done(w.text.Pairs[i].Source.Text)
				}
			}
			if !found {
				jobs = append(jobs, j) // the other one failed
			}
		}
	}
	return nil
}

// key is equal for two jobs that the memory gives one answer for.
func (w *work) key(j *job) string {
	return w.text.Document.Lang.String() + "\x00" + w.text.Pairs[j.pairs[0]].Source.Text
}

// batches has jobs translated, as many requests at a time as Jobs says.
func (w *work) batches(ctx context.Context, jobs []*job) error {
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, w.Jobs))
	for len(jobs) > 0 {
		n, chars := 0, 0
		for n < len(jobs) && n < batchItems && (n == 0 || chars+len(jobs[n].text) <= batchChars) {
			chars += len(jobs[n].text)
			n++
		}
		batch := jobs[:n]
		jobs = jobs[n:]
		group.Go(func() error { return w.translate(gctx, batch) })
	}
	err := group.Wait()
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// plan fills the pairs that need no backend and gives the jobs for the others.
func (w *work) plan(ctx context.Context) ([]*job, error) {
	var jobs []*job
	first := make(map[string]*job) // identical texts are translated once
	for i := range w.text.Pairs {
		pair := &w.text.Pairs[i]
		if pair.Edited() {
			continue
		}
		block := &w.text.Document.Blocks[pair.Block]
		if w.withoutBackend(block.Kind, pair) {
			w.done(pair.Source.Text)
			continue
		}
		found, err := w.recall(ctx, i)
		if err != nil {
			return nil, err
		}
		if found {
			w.recalled++
			w.done(pair.Source.Text)
			continue
		}
		j := w.job(i, block)
		key := j.prefix + "\x00" + j.text
		if other := first[key]; other != nil {
			other.pairs = append(other.pairs, i)
			continue
		}
		first[key] = j
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// withoutBackend fills pairs of kinds that are no prose.
func (w *work) withoutBackend(kind segment.Kind, pair *Pair) bool {
	text := pair.Source.Text
	if w.Convert != nil {
		if target, ok := w.Convert(kind, text); ok {
			pair.Target, pair.State, pair.Origin = target, Translated, Origin{Kind: Converted}
			return true
		}
	}
	if w.Opening != nil && pair.Source.Span.Start == 0 {
		if n, target := w.Opening(kind, text); n == len(text) {
			pair.Target, pair.State, pair.Origin = target, Translated, Origin{Kind: Converted}
			return true
		}
	}
	if kind == segment.Separator || kind == segment.DateLine || kind == segment.Signature || !hasLetter(text) {
		pair.Target, pair.State, pair.Origin = text, Translated, Origin{Kind: Source}
		return true
	}
	return false
}

// job is the request for the segment of pair i.
func (w *work) job(i int, block *segment.Block) *job {
	pair := &w.text.Pairs[i]
	j := &job{pairs: []int{i}}
	text := pair.Source.Text
	if d := block.Dateline; !d.Empty() && w.Convert != nil && pair.Source.Span.Start <= d.Start && d.End < pair.Source.Span.End {
		if target, ok := w.Convert(segment.DateLine, d.Of(block.Text)); ok {
			j.prefix = target + " "
			text = strings.TrimLeft(text[d.End-pair.Source.Span.Start:], " \t\u00a0\u202f")
		}
	} else if w.Opening != nil && pair.Source.Span.Start == 0 {
		n, target := w.Opening(block.Kind, text)
		j.prefix, text = target, text[n:]
	}
	j.source, j.text = text, text
	if w.Glossary != nil {
		j.matches = w.Glossary.Find(text, w.around(i))
		way := Protected
		if w.info.Terms {
			way = Required
		}
		w.handOver(j, way)
	}
	return j
}

func (w *work) item(j *job) Item {
	i := j.pairs[0]
	it := Item{ID: w.text.Pairs[i].Source.ID, Text: j.text}
	if w.info.Context {
		it.Before, it.After = w.neighbour(i, -1), w.neighbour(i, +1)
	}
	if w.info.Terms && j.protected == nil {
		it.Terms = requests(j.matches)
	}
	for _, m := range w.text.Pairs[i].Matches {
		it.Examples = append(it.Examples, Example{Source: m.Source, Target: m.Target})
	}
	if len(j.matches) > 0 {
		it.In = func(way Way) Item {
			other, same := *j, it
			w.handOver(&other, way)
			same.Text, same.Terms, same.In = other.text, nil, nil
			if way == Required {
				same.Terms = requests(j.matches)
			}
			return same
		}
	}
	return it
}

// handOver makes the job's text for one way of handing over its terms.
func (w *work) handOver(j *job, way Way) {
	j.text, j.protected = j.source, nil
	switch {
	case len(j.matches) == 0 || way == Required:
		return
	case way == Kept:
		j.protected = w.Glossary.ProtectBut(j.source, j.matches, w.kept.list)
	default:
		j.protected = w.Glossary.Protect(j.source, j.matches)
	}
	j.text = j.protected.Text
}

func requests(ms []glossary.Match) []TermRequest {
	var list []TermRequest
	for _, m := range ms {
		// An article before it is the engine's to translate or the repair's to drop.
		list = append(list, TermRequest{Span: m.Required(), Targets: targets(m), Note: m.Term.Note})
	}
	return list
}

// targets are the forms that may stand for the match, the wanted one first.
func targets(m glossary.Match) []string {
	list := []string{m.Target}
	for _, t := range append([]string{m.Term.Target}, append(m.Term.Forms, m.Term.Allowed...)...) {
		if t != "" && !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	for i := range list {
		list[i] = m.Prefix + list[i]
	}
	return list
}

// around are the options for finding terms in pair i: entries may be chosen
// by words that stand near.
func (w *work) around(i int) glossary.FindOptions {
	o := w.Terms
	o.Around = w.neighbour(i, -1) + "\n" + w.neighbour(i, +1)
	return o
}

// neighbour is the text of the segment before or after pair i, "" at the ends.
func (w *work) neighbour(i, step int) string {
	if i += step; i < 0 || i >= len(w.text.Pairs) {
		return ""
	}
	return w.text.Pairs[i].Source.Text
}

func (w *work) fail(j *job, err error) {
	for _, i := range j.pairs {
		pair := &w.text.Pairs[i]
		pair.Findings = append(pair.Findings, Finding{Rule: "backend-failed", Level: LevelError, Message: err.Error()})
	}
}

func (w *work) done(text string) {
	if w.Progress == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.Progress(1, utf8.RuneCountInString(text))
}
