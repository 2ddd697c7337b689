package translate

import (
	"context"
	"log/slog"
	"sync"

	"golang.org/x/text/language"

	"depeche/glossary"
)

// TermKeeper is what a Backend is besides if its service can keep a glossary
// and apply it while it translates.
type TermKeeper interface {
	// KeepTerms sees that the service holds the list for the languages, and
	// has it applied in all requests from then on. It reports false where the
	// backend is set up otherwise. The error says what the service refuses;
	// the terms must then be protected in the texts.
	KeepTerms(ctx context.Context, from, to language.Tag, list *glossary.List) (bool, error)
}

// keptTerms remembers what the service keeps, by the pair of languages: it is
// asked once in the life of a pipeline, when the first text with a term of the
// list is about to be translated.
type keptTerms struct {
	mu    sync.Mutex
	list  *glossary.List
	asked map[[2]language.Tag]bool // whether the service keeps it
}

// keepTerms leaves to the service those terms of the jobs that it can keep.
func (w *work) keepTerms(ctx context.Context, jobs []*job) {
	keeper, ok := w.Backend.(TermKeeper)
	if !ok || w.Glossary == nil || w.info.Terms {
		return
	}
	k := &w.kept
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.list == nil {
		k.list = w.Glossary.List(w.Terms)
	}
	pair := [2]language.Tag{w.text.Document.Lang, w.text.Lang}
	for _, j := range jobs {
		if !k.has(j.matches) {
			continue
		}
		if _, asked := k.asked[pair]; !asked {
			kept, err := keeper.KeepTerms(ctx, pair[0], pair[1], k.list)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				slog.WarnContext(ctx, "the service keeps no glossary for this run; terms are protected in the texts instead", "because", err)
			}
			if k.asked == nil {
				k.asked = make(map[[2]language.Tag]bool)
			}
			k.asked[pair] = kept && err == nil
		}
		if !k.asked[pair] {
			return
		}
		w.handOver(j, Kept)
	}
}

func (k *keptTerms) has(ms []glossary.Match) bool {
	for i := range ms {
		if k.list.Has(ms[i].Term) {
			return true
		}
	}
	return false
}
