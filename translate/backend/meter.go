package backend

import (
	"context"
	"errors"
	"sync"
	"unicode/utf8"

	"depeche/translate"
)

// Spending is what a run has asked of one backend, and what that costs by the
// known price. What a service refused is not in it; what may have been
// charged though no answer arrived is.
type Spending struct {
	Backend      string  `json:"backend"`
	Model        string  `json:"model,omitempty"`
	Requests     int     `json:"requests"` // that were sent, refused ones too
	Failures     int     `json:"failures"` // of those
	Segments     int     `json:"segments"`
	Characters   int     `json:"characters"`          // of source text
	TokensIn     int     `json:"tokens_in,omitempty"` // language models only
	TokensOut    int     `json:"tokens_out,omitempty"`
	Cost         float64 `json:"cost"`
	Currency     string  `json:"currency,omitempty"`
	PriceUnknown bool    `json:"price_unknown,omitempty"`
}

// Spent says what the wrapped backends of a run have spent, in the order of
// the chain.
func Spent(b translate.Backend) []Spending {
	if s, ok := b.(interface{ Spent() []Spending }); ok {
		return s.Spent()
	}
	return nil
}

// Meter counts what is asked of a backend, by the given price.
func Meter(b translate.Backend, price Price) translate.Backend {
	info := b.Info()
	m := &meter{wrapped: wrapped{b}, price: price}
	m.spent = Spending{Backend: info.Name, Model: info.Model, Currency: price.Currency, PriceUnknown: info.Paid && price.Unknown()}
	return m
}

type meter struct {
	wrapped
	price Price
	mu    sync.Mutex
	spent Spending
}

// bill is what one request turned out to use. It travels in the context: from
// the Budget, which reads it, and the Meter, which writes it, to a backend
// that knows about tokens.
type bill struct {
	mu      sync.Mutex
	in, out int // tokens
	chars   int
	cost    float64
}

type billKey struct{}

// reportTokens is how a backend says what a request has used.
func reportTokens(ctx context.Context, in, out int) {
	if b, ok := ctx.Value(billKey{}).(*bill); ok {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.in, b.out = b.in+in, b.out+out
	}
}

func (m *meter) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	b, ok := ctx.Value(billKey{}).(*bill)
	if !ok {
		b = &bill{}
		ctx = context.WithValue(ctx, billKey{}, b)
	}
	results, err := m.Backend.Translate(ctx, req)
	segments := 0
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, item := range req.Items {
		e := err
		if i < len(results) && len(results) == len(req.Items) {
			e = results[i].Err
		}
		if !refused(e) {
			segments++
			b.chars += utf8.RuneCountInString(item.Text)
		}
	}
	if segments > 0 {
		b.cost = m.price.cost(b.chars, segments, b.in, b.out)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spent.Requests++
	if err != nil {
		m.spent.Failures++
	}
	m.spent.Segments += segments
	m.spent.Characters += b.chars
	m.spent.TokensIn += b.in
	m.spent.TokensOut += b.out
	m.spent.Cost += b.cost
	return results, err
}

// refused reports whether a service surely did nothing for a request that
// failed this way.
func refused(err error) bool {
	var e *translate.Error
	return errors.As(err, &e) && e.Refused
}

func (m *meter) Spent() []Spending {
	m.mu.Lock()
	defer m.mu.Unlock()
	return []Spending{m.spent}
}
