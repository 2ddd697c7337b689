package backend

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"depeche/glossary"
	"depeche/translate"
)

// Policy says how the wrappers treat one backend. Its zero value has no
// limits of rate; DefaultPolicy gives the values of a run.
type Policy struct {
	Timeout     time.Duration // of one request; 0: none
	Concurrency int           // requests in flight; 0: any number
	Rate        float64       // requests per second; 0: any
	CharRate    float64       // characters per second; 0: any

	Retries     int           // further tries after a temporary failure
	AnswerTries int           // further tries for an answer that is none
	Backoff     time.Duration // before the first further try; doubles, with jitter
	MaxBackoff  time.Duration
	MaxWait     time.Duration // longest time that a request waits for a rate window

	BreakAfter int           // failed requests in a row after which the backend is left alone
	BreakFor   time.Duration // for so long

	Price  Price
	Budget *Budget // shared by the backends of a run; nil: none
}

// DefaultPolicy is the policy of a backend in the table with its section of
// the configuration.
func DefaultPolicy(e Entry, cfg Config) Policy {
	p := Policy{
		Timeout: cfg.Timeout.or(e.Timeout), Concurrency: cfg.Concurrency, Rate: cfg.Rate, CharRate: cfg.CharRate,
		Retries: 5, AnswerTries: 2, Backoff: 500 * time.Millisecond, MaxBackoff: 30 * time.Second, MaxWait: 15 * time.Minute,
		BreakAfter: 5, BreakFor: 30 * time.Second,
	}
	if p.Timeout == 0 {
		p.Timeout = time.Minute
	}
	if p.Concurrency == 0 {
		p.Concurrency = 16
	}
	switch {
	case cfg.Retries < 0:
		p.Retries, p.AnswerTries = 0, 0
	case cfg.Retries > 0:
		p.Retries, p.AnswerTries = cfg.Retries, min(p.AnswerTries, cfg.Retries)
	}
	return p
}

// Wrap makes a backend survive. From the outside in:
//
//	Breaker   leaves a backend alone that fails all the time
//	Batch     splits what is too large, and isolates what fails alone
//	Retry     tries again what can succeed later
//	Guard     finds answers that are none
//	Budget    stops before the request that would pass a cap
//	Limit     keeps rate and concurrency
//	Gate      stops all workers while the service refuses, and frees them together
//	Deadline  ends a request that takes too long
//	Meter     counts what was asked and what it costs
//
// Fallback stands around several of these. Budget lies inside Retry, so that
// each further try counts; Gate lies inside Limit, so that no more requests
// than usual rush out when it opens.
func Wrap(b translate.Backend, p Policy) translate.Backend {
	b = Meter(b, p.Price)
	b = Deadline(b, p.Timeout)
	b = Gate(b, p.Backoff, p.MaxWait)
	b = Limit(b, p.Concurrency, p.Rate, p.CharRate)
	b = p.Budget.wrap(b, p.Price)
	b = Guard(b)
	b = Retry(b, p)
	b = Batch(b, p.Concurrency)
	return Breaker(b, p.BreakAfter, p.BreakFor)
}

// Defaults are the backends that are tried where the user names none: the
// first one that is ready. None of them may send texts over the network.
var Defaults = []string{"local", "apertium"}

// Caps are the hard limits of a run; zero is none.
type Caps struct {
	MaxCost  float64 // in the currency of the backends' prices
	MaxChars int     // of source text, over all requests
}

// Open opens the backends of a run: spec is empty for the first of Defaults
// that is ready, a name, or names in the order of fallback ("deepl,google").
// What it gives is wrapped by Wrap and, for several names, by Fallback. Close
// it when done.
func Open(spec string, configs map[string]Config) (translate.Backend, error) {
	return OpenCapped(spec, configs, Caps{})
}

// OpenCapped is Open with caps on what the run may use.
func OpenCapped(spec string, configs map[string]Config, caps Caps) (translate.Backend, error) {
	names, err := Names(spec, configs)
	if err != nil {
		return nil, err
	}
	budget := NewBudget(caps)
	var chain []translate.Backend
	closeAll := func() {
		for _, b := range chain {
			Close(b)
		}
	}
	currency := ""
	for _, name := range names {
		cfg := configs[name]
		e, err := entry(name, cfg)
		if err == nil {
			var b translate.Backend
			if b, err = e.Open(name, cfg); err == nil {
				p := DefaultPolicy(e, cfg)
				p.Budget = budget
				if p.Price, err = priceOf(name, e, cfg, b.Info()); err == nil && caps.MaxCost > 0 && b.Info().Paid {
					err = priceFits(name, p.Price, &currency)
				}
				chain = append(chain, Wrap(b, p))
			}
		}
		if err != nil {
			closeAll()
			return nil, err
		}
	}
	if len(chain) == 1 {
		return chain[0], nil
	}
	return Fallback(chain...), nil
}

// priceFits refuses a cap on cost that cannot be kept.
func priceFits(name string, p Price, currency *string) error {
	e := &translate.Error{Backend: name, Cause: translate.CauseConfig,
		Remedy: fmt.Sprintf("set [backends.%s.price] in the configuration, or use --max-chars", name)}
	switch {
	case p.Unknown():
		e.Message = "the cap on cost cannot be kept: no price is known"
	case *currency != "" && p.Currency != *currency:
		e.Message = fmt.Sprintf("the cap on cost cannot be kept: its price is in %s, that of another backend in %s", p.Currency, *currency)
	default:
		*currency = p.Currency
		return nil
	}
	return e
}

// Names are the backends that spec stands for.
func Names(spec string, configs map[string]Config) ([]string, error) {
	if strings.TrimSpace(spec) == "" {
		name, err := firstReady(configs)
		return []string{name}, err
	}
	var names []string
	for name := range strings.SplitSeq(spec, ",") {
		name = strings.TrimSpace(name)
		if _, err := entry(name, configs[name]); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// firstReady is the first of Defaults that can be opened and stays off the
// network.
func firstReady(configs map[string]Config) (string, error) {
	var missing []string
	for _, name := range Defaults {
		cfg := configs[name]
		e, err := entry(name, cfg)
		if err != nil {
			continue // not in this build's table
		}
		b, err := e.Open(name, cfg)
		if err == nil {
			info := b.Info()
			err = ready(context.Background(), b)
			Close(b)
			if err == nil && !info.Network {
				return name, nil
			}
			if err == nil {
				err = fmt.Errorf("%s: uses the network; name it with -b to allow that", name)
			}
		}
		if name == "local" && cfg.Model != "" {
			return "", err // the model was asked for: nothing else will do
		}
		missing = append(missing, err.Error())
	}
	return "", &translate.Error{Backend: "no backend", Cause: translate.CauseConfig,
		Message: "nothing on this machine can translate", Remedy: strings.Join(missing, "; ")}
}

// readier is what a backend has that can tell, without translating, whether
// it is ready.
type readier interface {
	Ready(ctx context.Context) error
}

// ready asks a backend whether it is ready, where it can tell.
func ready(ctx context.Context, b translate.Backend) error {
	if r, ok := b.(readier); ok {
		return r.Ready(ctx)
	}
	return nil
}

// wrapped is what the wrappers share: the backend inside, and that closing
// and counting reach it.
type wrapped struct{ translate.Backend }

func (w wrapped) Close() error { return Close(w.Backend) }

func (w wrapped) Spent() []Spending { return Spent(w.Backend) }

func (w wrapped) KeepTerms(ctx context.Context, from, to language.Tag, list *glossary.List) (bool, error) {
	if k, ok := w.Backend.(translate.TermKeeper); ok {
		return k.KeepTerms(ctx, from, to, list)
	}
	return false, nil
}

// characters is the number of Unicode characters of the items' texts, which
// is what services count and charge.
func characters(items []translate.Item) int {
	n := 0
	for _, item := range items {
		n += utf8.RuneCountInString(item.Text)
	}
	return n
}

// sub is the request for some of the items.
func sub(req translate.Request, index []int) translate.Request {
	part := req
	part.Items = make([]translate.Item, len(index))
	for i, k := range index {
		part.Items[i] = req.Items[k]
	}
	return part
}

// failed are results that all carry one error.
func failed(n int, err error) []translate.Result {
	list := make([]translate.Result, n)
	for i := range list {
		list[i].Err = err
	}
	return list
}

// whole gives results back as the interface wants them: where nothing at all
// arrived, the error of the first item is that of the request.
func whole(results []translate.Result) ([]translate.Result, error) {
	for _, r := range results {
		if r.Err == nil {
			return results, nil
		}
	}
	if len(results) > 0 {
		return results, results[0].Err
	}
	return results, nil
}

// sleep waits, or returns early with the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
