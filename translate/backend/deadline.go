package backend

import (
	"context"
	"errors"
	"fmt"
	"time"

	"depeche/translate"
)

// Deadline ends a request that takes longer than d; zero is no limit. It then
// counts as a temporary failure.
func Deadline(b translate.Backend, d time.Duration) translate.Backend {
	if d <= 0 {
		return b
	}
	return &deadline{wrapped{b}, d}
}

type deadline struct {
	wrapped
	d time.Duration
}

func (w *deadline) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	inner, cancel := context.WithTimeout(ctx, w.d)
	defer cancel()
	results, err := w.Backend.Translate(inner, req)
	if ctx.Err() != nil || inner.Err() == nil {
		return results, err
	}
	for i := range results {
		results[i].Err = w.late(results[i].Err)
	}
	return results, w.late(err)
}

// late turns the context's error into the backend's, which can be retried.
func (w *deadline) late(err error) error {
	var e *translate.Error
	if err == nil || errors.As(err, &e) || !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	name := w.Info().Name
	return &translate.Error{Backend: name, Cause: translate.CauseTemporary, Message: fmt.Sprintf("no answer within %v", w.d),
		Remedy: fmt.Sprintf("try again later, or set a longer timeout under [backends.%s] in the configuration", name)}
}
