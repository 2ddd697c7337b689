package check

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"depeche/segment"
	"depeche/translate/quantity"
	"depeche/translate/typography"
)

// comparison says which quantities of the two texts found no partner.
type comparison struct {
	source, target         []quantity.Token
	loneSource, loneTarget []quantity.Token // written with digits, or months and weekdays
	wordSource, wordTarget []quantity.Token // written out
	partner                []int            // index of the target for each source token, -1 without
}

// compare pairs what agrees: first the same kind of thing in digits, then
// anything. A quantity that stands twice on one side may stand once on the
// other.
func compare(source, target []quantity.Token) *comparison {
	c := &comparison{source: source, target: target, partner: make([]int, len(source))}
	used := make([]bool, len(target))
	for i := range c.partner {
		c.partner[i] = -1
	}
	for pass := range 3 {
		for i, a := range source {
			for j, b := range target {
				if c.partner[i] >= 0 {
					break
				}
				if pass < 2 && used[j] || pass == 0 && (a.Kind != b.Kind || a.Digits != b.Digits) || !quantity.Agree(a, b) {
					continue
				}
				c.partner[i], used[j] = j, true
			}
		}
	}
	for i, a := range source {
		if c.partner[i] < 0 {
			c.loneSource, c.wordSource = lone(a, c.loneSource, c.wordSource)
		}
	}
	for j, b := range target {
		if used[j] {
			continue
		}
		found := false
		for _, a := range source {
			found = found || quantity.Agree(a, b)
		}
		if !found {
			c.loneTarget, c.wordTarget = lone(b, c.loneTarget, c.wordTarget)
		}
	}
	return c
}

func lone(q quantity.Token, digits, words []quantity.Token) ([]quantity.Token, []quantity.Token) {
	switch {
	case q.Digits:
		return append(digits, q), words
	case !q.Weak:
		return digits, append(words, q)
	}
	return digits, words
}

// of gives the tokens of the kinds.
func of(tokens []quantity.Token, kinds ...quantity.Kind) []quantity.Token {
	var out []quantity.Token
	for _, t := range tokens {
		for _, k := range kinds {
			if t.Kind == k {
				out = append(out, t)
			}
		}
	}
	return out
}

// numberRule reports numbers in digits that are on one side only. A number
// written out accuses only where the other side has a lone number, too.
func numberRule(t *text) {
	c := t.quantities()
	kinds := []quantity.Kind{quantity.Number, quantity.Ordinal, quantity.Reference}
	source, target := inside(of(c.loneSource, kinds...), t.source, t.target), inside(of(c.loneTarget, kinds...), t.target, t.source)
	source, target = numeric(source, t.source), numeric(target, t.target)
	for i := len(source) - 1; i >= 0; i-- { // 2.0, a version here and a number there
		same := func(q quantity.Token) bool {
			return strings.Trim(q.Span.Of(t.target), ".") == strings.Trim(source[i].Span.Of(t.source), ".")
		}
		if j := slices.IndexFunc(target, same); j >= 0 {
			source, target = slices.Delete(source, i, i+1), slices.Delete(target, j, j+1)
		}
	}
	if n := min(len(of(c.wordSource, kinds...)), len(target)-len(source)); n > 0 {
		source = append(source, of(c.wordSource, kinds...)[:n]...)
	}
	if n := min(len(of(c.wordTarget, kinds...)), len(source)-len(target)); n > 0 {
		target = append(target, of(c.wordTarget, kinds...)[:n]...)
	}
	if len(source) == 0 && len(target) == 0 {
		if a, b := of(c.wordSource, kinds...), of(c.wordTarget, kinds...); len(a) == 1 && len(b) == 1 {
			source, target = a, b
		}
	}
	for i := range max(len(source), len(target)) {
		switch {
		case i >= len(source):
			b := target[i]
			t.report(segment.Span{}, b.Span, "", "%s is not in the source", b.Span.Of(t.target))
		case i >= len(target):
			a := source[i]
			t.report(a.Span, segment.Span{}, "", "%s is missing in the translation", a.Span.Of(t.source))
		default:
			a, b := source[i], target[i]
			t.report(a.Span, b.Span, digitsForm(t, a), "%s became %s", a.Span.Of(t.source), b.Span.Of(t.target))
		}
	}
}

// inside leaves out the numbers whose digits stand in the other text within
// another word, as DebConf 18 and DebConf18, RFC 7493 and RFC7493.
func inside(tokens []quantity.Token, text, other string) []quantity.Token {
	return slices.DeleteFunc(tokens, func(q quantity.Token) bool {
		digits := strings.Map(func(r rune) rune {
			if '0' <= r && r <= '9' {
				return r
			}
			return -1
		}, q.Span.Of(text))
		for from := 0; q.Digits && digits != ""; {
			i := strings.Index(other[from:], digits)
			if i < 0 {
				return false
			}
			i += from
			end := i + len(digits)
			before, after := byte(' '), byte(' ')
			if i > 0 {
				before = other[i-1]
			}
			if end < len(other) {
				after = other[end]
			}
			if !near(before) && !near(after) && (letter(before) || letter(after) || q.Kind == quantity.Reference) {
				return true
			}
			from = end
		}
		return false
	})
}

// numeric leaves out what is a name with a digit in it, which translators
// write out or add: CO2, a11y, 2x, H1N1.
func numeric(tokens []quantity.Token, text string) []quantity.Token {
	return slices.DeleteFunc(tokens, func(q quantity.Token) bool {
		return q.Digits && reFormula.MatchString(q.Span.Of(text))
	})
}

var reFormula = regexp.MustCompile(`^(?:\pL{1,3}\d|\d?[xX]\d?|\pL\d{1,2}\pL\d?|\pL{4,}\d)$`)

// near holds for bytes that make other digits part of the same number.
func near(c byte) bool { return '0' <= c && c <= '9' || c == '.' || c == ',' }

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// digitsForm is the English form of a source number, as a suggestion.
func digitsForm(t *text, q quantity.Token) string {
	if !q.Digits {
		return ""
	}
	literal := q.Span.Of(t.source)
	return typography.English(t.source, literal, typography.Options{Quotes: typography.Keep})
}

// numberFormat reports numbers that were copied in French form.
func numberFormat(t *text) {
	if t.config.Keep {
		return
	}
	for _, q := range quantity.Find(t.target, quantity.French) {
		if q.Kind != quantity.Number || !q.Grouped && !q.Decimal {
			continue
		}
		literal := q.Span.Of(t.target)
		if i := strings.IndexFunc(literal, unicode.IsLetter); i > 0 { // the scale is English: 6,8 billion
			literal = strings.TrimRightFunc(literal[:i], quantity.Space)
			q.Span.End = q.Span.Start + len(literal)
		}
		if !strings.Contains(t.source, literal) || strings.Contains(literal, " ") && !strings.ContainsAny(literal, ",.\u00a0\u202f") {
			continue // 13 000 with a plain space is a style of English, too
		}
		if english := typography.English(t.source, literal, typography.Options{Quotes: typography.Keep}); english != literal {
			t.report(segment.Span{}, q.Span, english, "%s is the French form of %s", literal, english)
		}
	}
}

// unitRule reports partners whose currencies or units differ.
func unitRule(t *text) {
	c := t.quantities()
	for i, a := range c.source {
		if c.partner[i] < 0 || a.Unit == "" {
			continue
		}
		b := c.target[c.partner[i]]
		if b.Unit == "" || a.Unit == b.Unit || !sameDimension(a.Unit, b.Unit) || a.Values[0] != b.Values[0] || a.Values[0] == "0" || a.Unit == "nmi" && b.Unit == "mi" || anyUnit(c.target, a.Unit) {
			continue
		}
		t.report(a.Whole, b.Whole, "", "%s became %s", a.Unit, b.Unit)
	}
}

func anyUnit(tokens []quantity.Token, unit string) bool {
	for _, q := range tokens {
		if q.Unit == unit {
			return true
		}
	}
	return false
}

// sameDimension reports whether two units can be mistaken for one another.
func sameDimension(a, b string) bool {
	return dimension(a) == dimension(b)
}

func dimension(unit string) string {
	switch unit {
	case "%":
		return "share"
	case "EUR", "USD", "GBP", "JPY", "CHF", "RUB", "CNY":
		return "money"
	case "t", "kg", "g", "lb", "oz":
		return "mass"
	case "MW", "GW", "kW", "kWh":
		return "power"
	case "°C", "°F":
		return "temperature"
	}
	return "space"
}

// dateRule reports dates, months and weekdays that differ. A month or weekday
// by itself accuses only where the other side has another one.
func dateRule(t *text) {
	c := t.quantities()
	for _, kind := range []quantity.Kind{quantity.Date, quantity.Weekday} {
		source := append(of(c.loneSource, kind), of(c.wordSource, kind)...)
		target := append(of(c.loneTarget, kind), of(c.wordTarget, kind)...)
		for i := range min(len(source), len(target)) {
			a, b := source[i], target[i]
			t.report(a.Span, b.Span, "", "%s became %s", a.Span.Of(t.source), b.Span.Of(t.target))
		}
		for _, a := range source[min(len(source), len(target)):] {
			if a.Digits {
				t.report(a.Span, segment.Span{}, "", "%s is missing in the translation", a.Span.Of(t.source))
			}
		}
	}
}

// timeRule reports times of day that differ.
func timeRule(t *text) {
	c := t.quantities()
	source, target := of(c.loneSource, quantity.Time), of(c.loneTarget, quantity.Time)
	for i, a := range source {
		if i < len(target) {
			t.report(a.Span, target[i].Span, "", "%s became %s", a.Span.Of(t.source), target[i].Span.Of(t.target))
		} else {
			t.report(a.Span, segment.Span{}, "", "%s is missing in the translation", a.Span.Of(t.source))
		}
	}
	for _, b := range target[min(len(source), len(target)):] {
		t.report(segment.Span{}, b.Span, "", "%s is not in the source", b.Span.Of(t.target))
	}
}
