package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"golang.org/x/text/language"

	"depeche/glossary"
	"depeche/translate"
)

// Retry tries again what can succeed later: after temporary failures with
// growing waits and jitter, or as long as the service asks (Retry-After);
// after a refusal for its rate as often as the Gate lets it, for p.MaxWait at
// most; and one by one the items whose answer was none. Only the items that
// have no answer yet are sent again. Doubtful answers that stay doubtful are
// kept as drafts with an error finding.
func Retry(b translate.Backend, p Policy) translate.Backend {
	return &retry{wrapped{b}, p}
}

type retry struct {
	wrapped
	p Policy
}

func (r *retry) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	results := make([]translate.Result, len(req.Items))
	open := make([]int, len(req.Items))
	for i := range open {
		open[i] = i
	}
	again := r.group(ctx, req, results, open, r.p.AnswerTries)
	for _, k := range again {
		if r.p.AnswerTries == 0 {
			break
		}
		r.group(ctx, req, results, []int{k}, r.p.AnswerTries-1)
	}
	for i := range results {
		settle(&results[i])
	}
	return whole(results)
}

// group asks for the open items together until each has an answer or no try
// is left. It returns the items that should be asked alone: their answers were
// none while those of others were good. A lone item is asked again at once.
func (r *retry) group(ctx context.Context, req translate.Request, results []translate.Result, open []int, answerTries int) (again []int) {
	temporary, answer := 0, 0
	var since time.Time // of the first refusal for the rate
	for len(open) > 0 {
		if ctx.Err() != nil {
			keep(results, open, failed(len(open), ctx.Err()))
			return nil
		}
		got, err := r.Backend.Translate(ctx, sub(req, open))
		if err == nil && len(got) != len(open) {
			err = wrongCount(r.Info().Name, len(open), len(got))
		}
		if err != nil && len(got) != len(open) {
			got = failed(len(open), err)
		}
		keep(results, open, got)

		var next []int
		var worst *translate.Error // whose wait counts
		for _, k := range open {
			var e *translate.Error
			if !errors.As(results[k].Err, &e) || !e.Retryable() {
				continue
			}
			if e.Cause == translate.CauseAnswer && err == nil && len(open) > 1 {
				again = append(again, k)
				continue
			}
			next = append(next, k)
			if worst == nil || e.Cause == translate.CauseRate || e.RetryAfter > worst.RetryAfter {
				worst = e
			}
		}
		if open = next; len(open) == 0 {
			return again
		}
		var wait time.Duration
		switch worst.Cause {
		case translate.CauseRate:
			if since.IsZero() {
				since = time.Now()
			}
			// The Gate holds the next try back.
			if r.p.Retries == 0 || time.Since(since) > r.p.MaxWait || worst.RetryAfter > r.p.MaxWait {
				return again
			}
		case translate.CauseAnswer:
			if answer++; answer > answerTries {
				return again
			}
			wait = r.backoff(answer)
		default:
			if temporary++; temporary > r.p.Retries || worst.RetryAfter > r.p.MaxWait {
				return again
			}
			wait = max(r.backoff(temporary), worst.RetryAfter)
		}
		slog.DebugContext(ctx, "again", "backend", r.Info().Name, "items", len(open), "wait", wait, "because", worst.Error())
		if sleep(ctx, wait) != nil {
			keep(results, open, failed(len(open), ctx.Err()))
			return nil
		}
	}
	return again
}

// keepTime is the longest time that a service may take to take a glossary in.
const keepTime = 10 * time.Minute

// KeepTerms tries again after temporary failures too.
func (r *retry) KeepTerms(ctx context.Context, from, to language.Tag, list *glossary.List) (bool, error) {
	inner, cancel := context.WithTimeout(ctx, keepTime)
	defer cancel()
	for n := 1; ; n++ {
		kept, err := r.wrapped.KeepTerms(inner, from, to, list)
		var e *translate.Error
		if err == nil || n > r.p.Retries || !errors.As(err, &e) || !e.Retryable() || e.RetryAfter > r.p.MaxWait {
			return kept, err
		}
		if sleep(inner, max(r.backoff(n), e.RetryAfter)) != nil {
			return false, err
		}
	}
}

// keep stores answers. A draft that was there already outlives a failure.
func keep(results []translate.Result, open []int, got []translate.Result) {
	for i, k := range open {
		if got[i].Err != nil && got[i].Text == "" && results[k].Text != "" {
			continue
		}
		results[k] = got[i]
	}
}

// backoff is the wait before try n, from 1: doubled each time, and by chance
// between half and all of that, so that workers that failed together do not
// come back together.
func (r *retry) backoff(n int) time.Duration {
	d := r.p.Backoff << min(n-1, 20)
	if d > r.p.MaxBackoff {
		d = r.p.MaxBackoff
	}
	if d <= 0 {
		return 0
	}
	return d/2 + rand.N(d/2+1)
}

func wrongCount(name string, want, got int) error {
	return &translate.Error{Backend: name, Cause: translate.CauseAnswer, Message: fmt.Sprintf("answered %d texts for %d", got, want),
		Remedy: remedies[translate.CauseTemporary]}
}
