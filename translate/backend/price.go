package backend

// Price is what a service charges, with the date on which somebody looked.
type Price struct {
	PerMillion float64 `toml:"per_million"` // for a million characters of source text
	Currency   string  `toml:"currency"`
	Date       string  `toml:"date"`   // ISO 8601
	Source     string  `toml:"source"` // address of the price list
}
