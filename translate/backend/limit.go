package backend

import (
	"context"

	"golang.org/x/time/rate"

	"depeche/translate"
)

// Limit keeps the number of requests in flight, of requests per second and of
// characters per second. Zero is no limit.
func Limit(b translate.Backend, concurrency int, requests, chars float64) translate.Backend {
	l := &limit{wrapped: wrapped{b}}
	if concurrency > 0 {
		l.slots = make(chan struct{}, concurrency)
	}
	if requests > 0 {
		l.requests = rate.NewLimiter(rate.Limit(requests), max(1, int(requests)))
	}
	if chars > 0 {
		// A request that is larger than the burst could never pass.
		l.chars = rate.NewLimiter(rate.Limit(chars), max(int(chars), 1))
	}
	return l
}

type limit struct {
	wrapped
	slots    chan struct{}
	requests *rate.Limiter
	chars    *rate.Limiter
}

func (l *limit) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	if l.slots != nil {
		select {
		case l.slots <- struct{}{}:
			defer func() { <-l.slots }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if l.requests != nil {
		if err := l.requests.Wait(ctx); err != nil {
			return nil, waitError(ctx, err)
		}
	}
	if l.chars != nil {
		for n := characters(req.Items); n > 0; n -= l.chars.Burst() {
			if err := l.chars.WaitN(ctx, min(n, l.chars.Burst())); err != nil {
				return nil, waitError(ctx, err)
			}
		}
	}
	return l.Backend.Translate(ctx, req)
}

// waitError prefers the context's own error; a limiter also fails when it
// sees that the deadline comes before the turn.
func waitError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
