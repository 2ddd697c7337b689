package backend

import (
	"context"
	"fmt"
	"sync"

	"depeche/translate"
)

// Budget holds the caps of a run and what of them is used. All backends of
// the run share it.
type Budget struct {
	caps Caps
	mu   sync.Mutex
	used Caps // spent, and reserved for what is under way
}

// NewBudget gives a budget with these caps, nil if there are none.
func NewBudget(caps Caps) *Budget {
	if caps.MaxChars <= 0 && caps.MaxCost <= 0 {
		return nil
	}
	return &Budget{caps: caps}
}

// wrap keeps a backend within the budget: a request that could pass a cap is
// not sent. Reserved is the most that the request can cost; afterwards what
// it did cost counts.
func (b *Budget) wrap(inner translate.Backend, price Price) translate.Backend {
	if b == nil {
		return inner
	}
	return &budgeted{wrapped{inner}, b, price}
}

type budgeted struct {
	wrapped
	budget *Budget
	price  Price
}

func (w *budgeted) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	chars := characters(req.Items)
	_, cost := w.price.Range(chars, len(req.Items), 1)
	if err := w.budget.reserve(w.Info().Name, chars, cost, w.price.Currency); err != nil {
		return nil, err
	}
	used := &bill{}
	results, err := w.Backend.Translate(context.WithValue(ctx, billKey{}, used), req)
	used.mu.Lock()
	defer used.mu.Unlock()
	w.budget.mu.Lock()
	defer w.budget.mu.Unlock()
	w.budget.used.MaxChars += used.chars - chars
	w.budget.used.MaxCost += used.cost - cost
	return results, err
}

func (b *Budget) reserve(name string, chars int, cost float64, currency string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.caps.MaxChars > 0 && chars > b.caps.MaxChars-b.used.MaxChars {
		return capReached(name, "max-chars", b.caps.MaxChars, b.used.MaxChars, chars)
	}
	// Sums of decimal prices are not exact; a billionth is no overrun.
	if b.caps.MaxCost > 0 && b.used.MaxCost+cost > b.caps.MaxCost*(1+1e-9) {
		return capReached(name, "max-cost", moneyIn(b.caps.MaxCost, currency), moneyIn(b.used.MaxCost, currency), moneyIn(cost, currency))
	}
	b.used.MaxChars += chars
	b.used.MaxCost += cost
	return nil
}

// capReached stops the run before the request that could pass a cap.
func capReached(name, flag string, limit, used, next any) error {
	return &translate.Error{Backend: name, Cause: translate.CauseLimit, Refused: true,
		Message: fmt.Sprintf("--%s %v is reached: %v used or under way, and the next request takes up to %v", flag, limit, used, next),
		Remedy:  "what is done is kept; the same command with a higher cap goes on"}
}

func moneyIn(v float64, currency string) string { return money(v) + " " + currency }
