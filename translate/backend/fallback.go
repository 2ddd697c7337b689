package backend

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"depeche/glossary"
	"depeche/translate"
)

// Fallback asks the backends in their order: what one could not translate
// goes to the next. It never adds a backend by itself, so a text reaches the
// network only through one that was named. The user's own cap ends the chain.
func Fallback(chain ...translate.Backend) translate.Backend {
	return &fallback{chain: chain, said: make([]sync.Once, len(chain)), lists: make(map[[2]language.Tag]*glossary.List), kept: make(map[keptAt]bool)}
}

type fallback struct {
	chain []translate.Backend
	said  []sync.Once

	mu    sync.Mutex
	lists map[[2]language.Tag]*glossary.List // what a service may keep
	kept  map[keptAt]bool                    // whether it does, once asked
}

// keptAt is a backend of the chain and a pair of languages.
type keptAt struct {
	n    int
	pair [2]language.Tag
}

// Info is what holds for the whole chain: the smallest limits, and only the
// abilities that all have.
func (f *fallback) Info() translate.Info {
	info := translate.Info{Terms: true, Context: false}
	var names, models, sets []string
	for _, b := range f.chain {
		i := b.Info()
		names, models, sets = append(names, i.Name), append(models, i.Model), append(sets, i.Settings)
		info.Network, info.Paid = info.Network || i.Network, info.Paid || i.Paid
		info.Terms, info.Context = info.Terms && i.Terms, info.Context || i.Context
		info.MaxItems, info.MaxChars, info.MaxBytes = lower(info.MaxItems, i.MaxItems), lower(info.MaxChars, i.MaxChars), lower(info.MaxBytes, i.MaxBytes)
	}
	info.Name, info.Model, info.Settings = strings.Join(names, ","), strings.Join(models, ","), strings.Trim(strings.Join(sets, ","), ",")
	return info
}

func (f *fallback) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	results := make([]translate.Result, len(req.Items))
	open := make([]int, len(req.Items))
	for i := range open {
		open[i] = i
	}
	for n, b := range f.chain {
		info := b.Info()
		part := sub(req, open)
		ways := f.handOver(ctx, n, part)
		got, err := b.Translate(ctx, part)
		if len(got) != len(open) {
			if err == nil {
				err = wrongCount(info.Name, len(open), len(got))
			}
			got = failed(len(open), err)
		}
		for i := range got {
			got[i].Way = ways[i]
			if got[i].Backend == "" {
				got[i].Backend, got[i].Model = info.Name, info.Model
			}
			if got[i].Err != nil && results[open[i]].Err != nil {
				// Why each of them failed is what the user must know.
				got[i].Err = errors.Join(results[open[i]].Err, got[i].Err)
			}
		}
		keep(results, open, got)
		var next []int
		for _, k := range open {
			if (results[k].Err != nil || doubted(results[k])) && translate.CauseOf(results[k].Err) != translate.CauseLimit {
				next = append(next, k)
			}
		}
		if open = next; len(open) == 0 || ctx.Err() != nil {
			break
		}
		if n+1 < len(f.chain) {
			f.said[n].Do(func() {
				slog.WarnContext(ctx, "another backend takes over", "from", info.Name, "to", f.chain[n+1].Info().Name, "because", results[open[0]].Err)
			})
		}
	}
	return whole(results)
}

// handOver gives the items' terms to one of the chain in its own way, and says
// which: those of a service that obeys terms stand beside the text, those that
// a service keeps stand in it, and from the others they are protected.
func (f *fallback) handOver(ctx context.Context, n int, req translate.Request) []translate.Way {
	ways := make([]translate.Way, len(req.Items))
	for i := range req.Items {
		item := &req.Items[i]
		if item.In == nil {
			continue
		}
		in := item.In
		ways[i] = translate.Protected
		if f.chain[n].Info().Terms {
			ways[i] = translate.Required
		}
		*item = in(ways[i])
		if ways[i] == translate.Required || f.list(req) == nil {
			continue
		}
		if other := in(translate.Kept); other.Text != item.Text && f.keeps(ctx, n, req) {
			ways[i], *item = translate.Kept, other
		}
	}
	return ways
}

func (f *fallback) list(req translate.Request) *glossary.List {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lists[[2]language.Tag{req.From, req.To}]
}

// keeps reports whether one of the chain keeps the list for the languages. It
// is asked once, when the first text with a term of the list goes to it.
func (f *fallback) keeps(ctx context.Context, n int, req translate.Request) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := keptAt{n, [2]language.Tag{req.From, req.To}}
	kept, asked := f.kept[at]
	if asked {
		return kept
	}
	kept, err := wrapped{f.chain[n]}.KeepTerms(ctx, req.From, req.To, f.lists[at.pair])
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		slog.WarnContext(ctx, "the service keeps no glossary for this run; terms are protected in the texts instead", "because", err)
	}
	f.kept[at] = kept && err == nil
	return f.kept[at]
}

// KeepTerms takes the list for those of the chain that keep one, each when it
// is its turn.
func (f *fallback) KeepTerms(_ context.Context, from, to language.Tag, list *glossary.List) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lists[[2]language.Tag{from, to}] = list
	return false, nil
}

func (f *fallback) Close() error {
	var errs []error
	for _, b := range f.chain {
		errs = append(errs, Close(b))
	}
	return errors.Join(errs...)
}

func (f *fallback) Spent() []Spending {
	var list []Spending
	for _, b := range f.chain {
		list = append(list, Spent(b)...)
	}
	return list
}
