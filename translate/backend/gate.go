package backend

import (
	"context"
	"sync"
	"time"

	"depeche/translate"
)

// Gate stops all workers when the service says that it gets too many
// requests, until the time that it names; without one, for a time that
// doubles from base with each window that opened in vain, up to a minute. A
// window further away than longest is not waited for: the refusal is then
// returned.
func Gate(b translate.Backend, base, longest time.Duration) translate.Backend {
	return &gate{wrapped: wrapped{b}, base: base, longest: longest}
}

type gate struct {
	wrapped
	base, longest time.Duration

	mu     sync.Mutex
	until  time.Time // closed until then
	window int       // counts the closings
	vain   int       // closings since the last success
	last   error     // the last refusal
}

const longestWindow = time.Minute

func (g *gate) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	var window int
	for {
		g.mu.Lock()
		wait, last := time.Until(g.until), g.last
		window = g.window
		g.mu.Unlock()
		if wait <= 0 {
			break
		}
		if wait > g.longest {
			return nil, last
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
	results, err := g.Backend.Translate(ctx, req)
	refusal := err
	for i := 0; i < len(results) && refusal == nil; i++ {
		refusal = results[i].Err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case translate.CauseOf(refusal) == translate.CauseRate:
		g.close(window, refusal)
	case refusal == nil:
		g.vain = 0
	}
	return results, err
}

// close closes the gate after a refusal of a request that passed it in the
// given window. Requests that were in flight together are refused together:
// that is one closing, however many they are.
func (g *gate) close(window int, refusal error) {
	wait := askedWait(refusal)
	if window == g.window {
		g.window++
		g.vain++
		if wait == 0 {
			wait = min(g.base<<min(g.vain, 20), longestWindow)
		}
	} else if wait == 0 {
		return
	}
	if until := time.Now().Add(wait); until.After(g.until) {
		g.until, g.last = until, refusal
	}
}
