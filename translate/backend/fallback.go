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
	return &fallback{chain: chain, said: make([]sync.Once, len(chain))}
}

type fallback struct {
	chain []translate.Backend
	said  []sync.Once
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
		got, err := b.Translate(ctx, sub(req, open))
		if len(got) != len(open) {
			if err == nil {
				err = wrongCount(info.Name, len(open), len(got))
			}
			got = failed(len(open), err)
		}
		for i := range got {
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

// KeepTerms lets the first of the chain keep the terms, which will answer most
// texts. What a later one makes of a term is verified, repaired and asked for
// again like any answer.
func (f *fallback) KeepTerms(ctx context.Context, from, to language.Tag, list *glossary.List) (bool, error) {
	return wrapped{f.chain[0]}.KeepTerms(ctx, from, to, list)
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
