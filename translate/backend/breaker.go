package backend

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"depeche/translate"
)

// Breaker leaves a backend alone for a while after so many requests in a row
// have failed with all their retries, and for good when its key, its quota or
// the user's cap is spent: a run of a thousand dispatches then ends at once,
// or goes on with the next backend, instead of failing a thousand times.
// after 0 never breaks.
func Breaker(b translate.Backend, after int, pause time.Duration) translate.Backend {
	if after <= 0 {
		return b
	}
	return &breaker{wrapped: wrapped{b}, after: after, circuit: circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(uint(after)).WithSuccessThreshold(1).WithDelay(pause).Build()}
}

type breaker struct {
	wrapped
	after   int
	circuit circuitbreaker.CircuitBreaker[any]

	mu      sync.Mutex
	last    error
	forever bool
}

func (b *breaker) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	b.mu.Lock()
	last, forever := b.last, b.forever
	b.mu.Unlock()
	if forever {
		return nil, last
	}
	if !b.circuit.TryAcquirePermit() {
		return nil, &translate.Error{Backend: b.Info().Name, Cause: translate.CauseTemporary, Refused: true,
			Message: fmt.Sprintf("left alone for %v after %d failures in a row", b.circuit.RemainingDelay().Round(time.Second), b.after),
			Err:     last, Remedy: "try again later; the same command goes on where this run stopped"}
	}
	results, err := b.Backend.Translate(ctx, req)
	switch translate.CauseOf(err) {
	case translate.CauseAuth, translate.CauseQuota, translate.CauseLimit:
		b.mu.Lock()
		b.last, b.forever = err, true
		b.mu.Unlock()
		b.circuit.RecordFailure()
	case translate.CauseTemporary, translate.CauseRate, translate.CauseConfig:
		b.mu.Lock()
		b.last = err
		b.mu.Unlock()
		b.circuit.RecordFailure()
	default:
		// The service answers, be it that it refuses this very text. A
		// cancelled request says nothing, but must give its permit back.
		b.circuit.RecordSuccess()
	}
	return results, err
}
