package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"
	"golang.org/x/sync/errgroup"
	"golang.org/x/text/language"

	"depeche/output"
	"depeche/segment"
	"depeche/translate"
	"depeche/translate/memory"
)

// runner is one call of `depeche translate`: documents go through it one by
// one, so that memory does not grow with their number.
type runner struct {
	c        *cli.Context
	pipeline *translate.Pipeline
	options  output.Options
	splitter *segment.Splitter
	from     language.Tag
	inputs   []input
	plans    [][]target
	one      bool   // all documents go into one file
	index    string // folder that gets an index of its pages, or ""

	report report
	texts  []*translate.Bitext // if one
}

// translate works through the documents. One that can't be read or written
// does not stop the others; a backend that fails for good does.
func (r *runner) translate() error {
	unlock, err := r.lock()
	if err != nil {
		return err
	}
	defer unlock()
	bar := newBar(r)
	defer bar.Close()
	r.pipeline.Progress = bar.Add
	r.pipeline.Documents = r.documents()
	r.report.Documents = make([]reported, len(r.inputs))
	if r.one {
		r.texts = make([]*translate.Bitext, len(r.inputs))
	}
	group, ctx := errgroup.WithContext(r.c.Context)
	group.SetLimit(r.c.Int("jobs"))
	for i := range r.inputs {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error { return r.document(ctx, i) })
	}
	err = group.Wait()
	if r.c.Context.Err() != nil {
		err = r.c.Context.Err()
	}
	if err == nil && r.one {
		err = r.together()
	}
	if err == nil {
		err = writeIndex(r.c, r.index)
	}
	bar.Close()
	return errors.Join(err, r.finish(err))
}

// documents are the names of the inputs.
func (r *runner) documents() map[string]bool {
	names := make(map[string]bool, len(r.inputs))
	for _, in := range r.inputs {
		names[in.path] = true
	}
	return names
}

// document does what is missing for one input. The error is one that ends the
// whole run.
func (r *runner) document(ctx context.Context, i int) error {
	rep := &r.report.Documents[i]
	rep.Input = r.inputs[i].path
	for _, t := range r.plans[min(i, len(r.plans)-1)] {
		if err := writable(t.path); err != nil {
			rep.fail(err)
			return nil
		}
	}
	b, err := r.bitext(ctx, i, rep)
	if ctx.Err() != nil {
		rep.Status = statusStopped
		return ctx.Err()
	}
	var end error
	if err != nil {
		rep.fail(err)
		if fatal(err) {
			end = err
		}
	}
	if b == nil || r.one && err != nil {
		return end
	}
	rep.count(b)
	if r.one {
		r.texts[i] = b
		return end
	}
	for _, t := range r.plans[i] {
		if rep.Status == statusUnchanged && t.format.Name == working {
			r.listed(rep, t)
			continue
		}
		if err := r.write(t, []*translate.Bitext{b}, rep); err != nil {
			rep.fail(err)
		}
	}
	return end
}

// bitext translates one input, unless the XLIFF file of an earlier run has
// all of it. A document whose backend failed is given as far as it came.
func (r *runner) bitext(ctx context.Context, i int, rep *reported) (*translate.Bitext, error) {
	doc, err := readDocument(r.c, r.inputs[i].path, r.from, r.splitter)
	if err != nil {
		rep.unreadable = true
		return nil, err
	}
	old, err := r.earlier(i)
	if err != nil {
		return nil, err
	}
	if old != nil && old.Run.Fingerprint == r.pipeline.Fingerprint(doc) {
		rep.Status = statusUnchanged
		for range old.Pairs {
			r.pipeline.Progress(1, 0)
		}
		return old, nil
	}
	b, lost, err := r.pipeline.Run(ctx, doc, old)
	rep.Status = statusTranslated
	rep.Lost = lostEdits(lost)
	if err == nil {
		return b, nil
	}
	if !slices.ContainsFunc(b.Pairs, func(p translate.Pair) bool { return p.Origin.Kind == translate.Machine || p.Edited() }) {
		return nil, err
	}
	rep.Status = statusPartial
	b.Run.Fingerprint = "" // the next run takes it up again
	return b, err
}

// working is the format that remembers what a document was translated with.
const working = "xliff"

// earlier reads the XLIFF file that an earlier run left for the input, if any.
func (r *runner) earlier(i int) (*translate.Bitext, error) {
	if r.one {
		return nil, nil
	}
	for _, t := range r.plans[i] {
		if t.format.Name != working || t.path == "" {
			continue
		}
		data, err := os.ReadFile(t.path)
		if errors.Is(err, os.ErrNotExist) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		texts, err := t.format.Read(bytes.NewReader(data), t.path)
		if err != nil {
			return nil, fmt.Errorf("%w; it stands where the translation of %s would go: move it away", err, r.inputs[i].path)
		}
		if len(texts) != 1 {
			return nil, fmt.Errorf("%s: holds %d documents where the translation of %s would go: move it away", t.path, len(texts), r.inputs[i].path)
		}
		return texts[0], nil
	}
	return nil, nil
}

// write writes one output, unless it stands there already to the byte.
func (r *runner) write(t target, texts []*translate.Bitext, rep *reported) error {
	write := func(w io.Writer) error { return t.format.Write(w, texts, r.options) }
	if t.path == "" {
		return writeStdout(r.c.App.Writer, t.format.Binary, write)
	}
	r.listed(rep, t)
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		return fmt.Errorf("%s: %w", t.path, err)
	}
	if have, err := os.ReadFile(t.path); err == nil && bytes.Equal(have, buf.Bytes()) {
		return nil
	}
	return writeFile(t.path, func(w io.Writer) error { _, err := w.Write(buf.Bytes()); return err })
}

// listed notes an output, if somebody will read it.
func (r *runner) listed(rep *reported, t target) {
	if len(r.inputs) <= mostListed || r.c.String("report") != "" {
		rep.Outputs = append(rep.Outputs, t.path)
	}
}

// together writes all documents into one file.
func (r *runner) together() error {
	var texts []*translate.Bitext
	for i, b := range r.texts {
		if b == nil {
			return fmt.Errorf("%s is missing, and all documents go into one file: nothing was written", r.inputs[i].path)
		}
		texts = append(texts, b)
	}
	return r.write(r.plans[0][0], texts, &r.report.Documents[0])
}

// fatal reports whether a failure dooms the other documents too.
func fatal(err error) bool {
	var broken *memory.Error
	if errors.As(err, &broken) {
		return true
	}
	switch translate.CauseOf(err) {
	case translate.CauseAuth, translate.CauseConfig, translate.CauseQuota, translate.CauseLimit:
		return true
	}
	return false
}

// lock keeps two runs that write to one folder from doing the work twice: the
// second waits for the first and then finds it done.
func (r *runner) lock() (unlock func(), err error) {
	dirs := make(map[string]bool)
	var paths []string
	for _, list := range r.plans {
		for _, t := range list {
			if t.path != "" {
				dir, err := filepath.Abs(filepath.Dir(t.path))
				if err != nil {
					return nil, err
				}
				dirs[dir] = true
				paths = append(paths, t.path)
			}
		}
	}
	if r.index != "" {
		dir, err := filepath.Abs(r.index)
		if err != nil {
			return nil, err
		}
		dirs[dir] = true
		paths = append(paths, filepath.Join(r.index, indexName))
	}
	if unlock, err = lockFolders(r.c, dirs); err == nil {
		sweep(paths)
	}
	return unlock, err
}
