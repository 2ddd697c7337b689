package translate

import (
	"context"
	"errors"

	"depeche/glossary"
)

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
			if r.Way != "" {
				w.handOver(j, r.Way)
			}
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
