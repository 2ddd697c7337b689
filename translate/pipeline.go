package translate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/text/language"

	"depeche/glossary"
	"depeche/segment"
)

// Pipeline turns documents into bitexts. Its fields are set once, before the
// first Run; then it is safe for concurrent use.
type Pipeline struct {
	Splitter *segment.Splitter  // nil is the default splitter
	Glossary *glossary.Glossary // nil is none
	Terms    glossary.FindOptions
	Memory   TM // nil is none
	Backend  Backend
	To       language.Tag

	// Convert gives the target of a block that no backend sees (dates,
	// signatures, bylines), if it knows one.
	Convert func(kind segment.Kind, text string) (string, bool)
	// Polish puts a target into the typography of its language.
	Polish func(source, target string) string
	// Check adds its findings to every pair.
	Check func(*Bitext)

	Fuzzy    int    // lowest percentage of matches that are offered; 0 is 70
	Adopt    int    // lowest percentage of fuzzy matches that are taken as targets; 0 takes none
	Jobs     int    // requests in flight for one document; 0 is 1
	Settings string // options of this run that change targets, in stable order
	Tool     string // "depeche 0.1.0"

	// Progress hears of segments and source characters that are done.
	Progress func(segments, characters int)
}

const (
	batchItems = 32   // small enough that little is lost by a kill,
	batchChars = 4000 // large enough to keep an engine busy
)

// Run translates one document. The bitext holds a pair for every segment,
// also when the error is not nil: pairs that a failing backend left without a
// target carry a finding that says why.
func (p *Pipeline) Run(ctx context.Context, doc *segment.Document) (*Bitext, error) {
	p.Split(doc)
	b := &Bitext{Document: doc, Lang: p.To, Run: p.run(doc)}
	for i := range doc.Blocks {
		for _, s := range doc.Blocks[i].Segments {
			b.Pairs = append(b.Pairs, Pair{Block: i, Source: s, State: Initial, Origin: Origin{Kind: None}})
		}
	}
	work := &work{Pipeline: p, text: b, info: p.Backend.Info()}
	err := work.run(ctx)
	if p.Check != nil {
		p.Check(b)
	}
	for i := range b.Pairs {
		b.Pairs[i].settle()
	}
	return b, err
}

// Split splits the document's blocks unless that was done already.
func (p *Pipeline) Split(doc *segment.Document) {
	for i := range doc.Blocks {
		if doc.Blocks[i].Segments != nil {
			return
		}
	}
	s := p.Splitter
	if s == nil {
		s = &segment.Splitter{}
	}
	s.Document(doc)
}

// settle gives a pair the state that its target and findings allow. What a
// human or the memory said of it stands.
func (pair *Pair) settle() {
	switch {
	case pair.Target == "":
		pair.State = Initial
		if Worst(pair.Findings) != LevelError && strings.TrimSpace(pair.Source.Text) != "" {
			pair.Findings = append(pair.Findings, Finding{Rule: "target-missing", Level: LevelError,
				Message: "the segment has no translation"})
		}
	case pair.Origin.Kind == Human:
	case Worst(pair.Findings) == LevelError:
		pair.State = Initial
	case pair.State == Initial:
		pair.State = Translated
	}
}

// run is what the document is translated with. The fingerprint covers all
// that can change a target.
func (p *Pipeline) run(doc *segment.Document) Run {
	info := p.Backend.Info()
	r := Run{Backend: info.Name, Model: info.Model, Tool: p.Tool}
	if p.Glossary != nil {
		r.Glossary = p.Glossary.Hash()
	}
	h := sha256.New()
	for _, s := range []string{doc.Lang.String(), p.To.String(), r.Glossary, r.Backend, r.Model, info.Settings, p.Settings, strconv.Itoa(p.Adopt)} {
		fmt.Fprintf(h, "%d:%s\n", len(s), s)
	}
	for i := range doc.Blocks {
		blk := &doc.Blocks[i]
		fmt.Fprintf(h, "%s %d:%s\n", blk.Kind, len(blk.Text), blk.Text)
		for _, s := range blk.Segments {
			fmt.Fprintf(h, "%d %d\n", s.Span.Start, s.Span.End)
		}
	}
	r.Fingerprint = hex.EncodeToString(h.Sum(nil)[:16])
	return r
}

// work is one run over one document.
type work struct {
	*Pipeline
	text *Bitext
	info Info
	mu   sync.Mutex // guards done counts given to Progress
}

// job is one text that a backend must translate, for all pairs that share it.
type job struct {
	pairs     []int
	prefix    string // dateline in the target language, put before the answer
	source    string // the segment's text without its dateline
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
	err = group.Wait()
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
	}
	j.source, j.text = text, text
	if w.Glossary != nil {
		j.matches = w.Glossary.Find(text, w.around(i))
		if !w.info.Terms && len(j.matches) > 0 {
			j.protected = w.Glossary.Protect(text, j.matches)
			j.text = j.protected.Text
		}
	}
	return j
}

// translate asks the backend for one batch and stores what comes.
func (w *work) translate(ctx context.Context, batch []*job) error {
	results, err := w.ask(ctx, batch)
	var entries []Entry
	for k, j := range batch {
		switch r := results[k]; {
		case r.Err != nil:
			w.fail(j, r.Err)
			if fatal(r.Err) && err == nil {
				err = r.Err
			}
		default:
			j.answer = w.finish(j.protected, j, r)
		}
	}
	if err == nil {
		w.again(ctx, batch)
	}
	for _, j := range batch {
		if j.answer != nil {
			entries = append(entries, w.store(j)...)
		}
	}
	if w.Memory != nil && len(entries) > 0 {
		// A run that is interrupted still saves what it has paid for.
		if serr := w.Memory.Save(context.WithoutCancel(ctx), entries); serr != nil {
			return errors.Join(err, serr)
		}
	}
	return err
}

// ask gives one result per job, also when the request fails as a whole: what
// came before the failure is kept, the others have the failure as their error.
func (w *work) ask(ctx context.Context, batch []*job) ([]Result, error) {
	req := Request{From: w.text.Document.Lang, To: w.text.Lang, Items: make([]Item, len(batch))}
	for k, j := range batch {
		req.Items[k] = w.item(j)
	}
	results, err := w.Backend.Translate(ctx, req)
	if err == nil && len(results) != len(batch) {
		err = errCount(w.info.Name, len(batch), len(results))
	}
	if len(results) != len(batch) {
		results = make([]Result, len(batch))
	}
	if err != nil {
		for k := range results {
			if results[k].Text == "" && results[k].Err == nil {
				results[k].Err = err
			}
		}
	}
	return results, err
}

// again asks once more for those texts whose answers lack a term, with the
// terms protected in a way that an engine can't translate, and keeps the
// better answer.
func (w *work) again(ctx context.Context, batch []*job) {
	var second []*job
	var first []*job
	for _, j := range batch {
		if j.answer == nil || !j.answer.lacksTerm() {
			continue
		}
		var p *glossary.Protected
		if j.protected != nil {
			p = j.protected.Again()
		} else {
			p = w.Glossary.ProtectAs(j.source, j.matches, glossary.StrategyCode)
		}
		if p == nil || p.Text == j.text {
			continue
		}
		first = append(first, j)
		second = append(second, &job{pairs: j.pairs, prefix: j.prefix, source: j.source, text: p.Text, protected: p})
	}
	if len(second) == 0 {
		return
	}
	results, _ := w.ask(ctx, second) // the first answers stand if this fails
	for k, j := range second {
		if results[k].Err != nil {
			continue
		}
		j.matches = first[k].matches
		if a := w.finish(j.protected, j, results[k]); a.errors() < first[k].answer.errors() {
			first[k].answer = a
		}
	}
}

// fatal reports whether a failure of one item dooms all others too.
func fatal(err error) bool {
	switch CauseOf(err) {
	case CauseAuth, CauseConfig, CauseQuota, CauseLimit:
		return true
	}
	return false
}

func (w *work) item(j *job) Item {
	i := j.pairs[0]
	it := Item{ID: w.text.Pairs[i].Source.ID, Text: j.text}
	if w.info.Context {
		it.Before, it.After = w.neighbour(i, -1), w.neighbour(i, +1)
	}
	if w.info.Terms && j.protected == nil {
		for _, m := range j.matches {
			it.Terms = append(it.Terms, TermRequest{Span: m.Span, Targets: targets(m), Note: m.Term.Note})
		}
	}
	for _, m := range w.text.Pairs[i].Matches {
		it.Examples = append(it.Examples, Example{Source: m.Source, Target: m.Target})
	}
	return it
}

// targets are the forms that may stand for the match, the wanted one first.
func targets(m glossary.Match) []string {
	list := []string{m.Target}
	for _, t := range append([]string{m.Term.Target}, append(m.Term.Forms, m.Term.Allowed...)...) {
		if t != "" && !slices.Contains(list, t) {
			list = append(list, t)
		}
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
	w.Progress(1, len([]rune(text)))
}
