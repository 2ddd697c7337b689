package backend

import (
	_ "embed"
	"fmt"
	"math"
	"sync"

	"github.com/BurntSushi/toml"

	"depeche/translate"
)

// Price is what a service charges, with the date on which somebody looked.
// A service charges by characters of source text or by tokens. The zero Price
// is unknown.
type Price struct {
	PerMillion    float64 `toml:"per_million"`     // for a million characters of source text
	PerMillionIn  float64 `toml:"per_million_in"`  // for a million tokens of prompt
	PerMillionOut float64 `toml:"per_million_out"` // for a million tokens of answer
	Free          bool    `toml:"free"`
	Currency      string  `toml:"currency"`
	Date          string  `toml:"date"`       // ISO 8601
	Source        string  `toml:"source"`     // address of the price list
	Unverified    bool    `toml:"unverified"` // no page was found that says so
}

// Unknown reports whether nothing is known of what the service charges.
func (p Price) Unknown() bool {
	return p.PerMillion == 0 && p.PerMillionIn == 0 && p.PerMillionOut == 0 && !p.Free
}

//go:embed prices.toml
var priceList []byte

var prices = sync.OnceValues(func() (map[string]Price, error) {
	var list map[string]Price
	err := toml.Unmarshal(priceList, &list)
	return list, err
})

// priceOf is the price of a backend: the configuration's, else the built-in
// one of its kind and model. Backends that are not paid are free.
func priceOf(name string, e Entry, cfg Config, info translate.Info) (Price, error) {
	if cfg.Price != nil {
		p := *cfg.Price
		if p.PerMillion < 0 || p.PerMillionIn < 0 || p.PerMillionOut < 0 {
			return p, &translate.Error{Backend: name, Cause: translate.CauseConfig, Message: "a price is negative",
				Remedy: fmt.Sprintf("correct [backends.%s.price] in the configuration", name)}
		}
		return p, nil
	}
	if !info.Paid {
		return Price{Free: true}, nil
	}
	list, err := prices()
	if err != nil {
		return Price{}, fmt.Errorf("built-in prices: %w", err)
	}
	// A model without an entry of its own has no price that could be vouched
	// for, unless the kind has one for all models.
	for key := e.Name + "/" + info.Model; ; {
		if p, ok := list[key]; ok {
			return p, nil
		}
		if key == e.Name {
			return Price{}, nil
		}
		key = e.Name
	}
}

// Charging of a prompt: its instructions, and the wrapping of each segment.
const (
	promptTokens  = 700 // instructions, style, answer format
	segmentTokens = 90  // ID, terms and neighbours of a segment
	// A token of French or English news holds three to five characters.
	charsPerTokenLow, charsPerTokenHigh = 3.0, 5.0
)

// Range gives the lowest and the highest cost to expect for so many
// characters in so many segments and requests.
func (p Price) Range(chars, segments, requests int) (low, high float64) {
	low = float64(chars) * p.PerMillion / 1e6
	high = low
	if p.PerMillionIn > 0 || p.PerMillionOut > 0 {
		in, out := float64(chars)/charsPerTokenHigh, float64(chars)/charsPerTokenHigh
		low += (in + float64(requests)*promptTokens/2) * p.PerMillionIn / 1e6
		low += out * p.PerMillionOut / 1e6
		in = float64(chars)*3/charsPerTokenLow + float64(requests)*promptTokens + float64(segments)*segmentTokens
		out = float64(chars)*1.3/charsPerTokenLow + float64(segments)*segmentTokens/3
		high += (in*p.PerMillionIn + out*p.PerMillionOut) / 1e6
	}
	return low, high
}

// cost is what a request has cost: tokens where the service says how many,
// else the high estimate.
func (p Price) cost(chars, segments, in, out int) float64 {
	if in > 0 || out > 0 {
		return float64(chars)*p.PerMillion/1e6 + (float64(in)*p.PerMillionIn+float64(out)*p.PerMillionOut)/1e6
	}
	_, high := p.Range(chars, segments, 1)
	return high
}

// Volume is what a run would send, for an estimate.
type Volume struct {
	Segments   int // to translate, without those that the memory answers
	Characters int // of their texts
}

// Quote is what a run would cost with one backend.
type Quote struct {
	Backend, Model string
	Paid           bool
	Low, High      float64 // equal where the price is exact; both 0 where Unknown
	Unknown        bool    // no price is known
	Price          Price
}

func (q Quote) String() string {
	switch {
	case !q.Paid || q.Price.Free:
		return q.Backend + ": free"
	case q.Unknown:
		return fmt.Sprintf("%s: price unknown (set [backends.%s.price])", q.Backend, q.Backend)
	case money(q.Low) == money(q.High):
		return fmt.Sprintf("%s: %s %s (%s)", q.Backend, money(q.High), q.Price.Currency, q.Price.known())
	}
	return fmt.Sprintf("%s: %s to %s %s (%s)", q.Backend, money(q.Low), money(q.High), q.Price.Currency, q.Price.known())
}

// known says when somebody looked the price up.
func (p Price) known() string {
	if p.Unverified {
		return "price of " + p.Date + ", unverified"
	}
	return "price of " + p.Date
}

// money shows an amount upward to the cent, small ones to four digits.
func money(v float64) string {
	if v > 0 && v < 0.01 {
		return fmt.Sprintf("%.4f", math.Ceil(v*1e4-1e-9)/1e4)
	}
	return fmt.Sprintf("%.2f", math.Ceil(v*100-1e-9)/100)
}

// Estimate says for each backend of spec what the volume would cost. It needs
// no keys and asks no service.
func Estimate(spec string, configs map[string]Config, v Volume) ([]Quote, error) {
	names, err := Names(spec, configs)
	if err != nil {
		return nil, err
	}
	var list []Quote
	for _, name := range names {
		cfg := configs[name]
		e, err := entry(name, cfg)
		if err != nil {
			return nil, err
		}
		cfg.describe = true
		if cfg.Project == "" {
			cfg.Project = "-"
		}
		b, err := e.Open(name, cfg)
		if err != nil {
			return nil, err
		}
		info := b.Info()
		Close(b)
		p, err := priceOf(name, e, cfg, info)
		if err != nil {
			return nil, err
		}
		q := Quote{Backend: name, Model: info.Model, Paid: info.Paid, Unknown: info.Paid && p.Unknown(), Price: p}
		if !q.Unknown && info.Paid {
			items := lower(32, info.MaxItems)
			q.Low, q.High = p.Range(v.Characters, v.Segments, (v.Segments+items-1)/items)
		}
		list = append(list, q)
	}
	return list, nil
}
