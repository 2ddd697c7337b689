// Package quantity finds numbers, dates, times and ordinals in French and
// English texts and reads their values, so that 240.000 and 240,000, 14h30 and
// 2:30 p.m., XIXe and 19th can be seen to be the same.
package quantity

import (
	"math/big"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
)

// Lang is a language whose numbers can be read.
type Lang int

// The languages.
const (
	French Lang = iota
	English
)

// Kind says what a token is.
type Kind string

// The kinds of tokens.
const (
	Number    Kind = "number"
	Ordinal   Kind = "ordinal"   // 1er, 19th, XIXe
	Date      Kind = "date"      // Day, Month, Year hold what is known of it
	Weekday   Kind = "weekday"   // Values holds "mon" …
	Time      Kind = "time"      // of day, or a duration written the same way
	Reference Kind = "reference" // article 3.2, 1.2.3, telephone numbers, G20: never reformatted
)

// Token is a quantity in a text.
type Token struct {
	Span             segment.Span // of the digits or words, scale and suffix included
	Kind             Kind
	Values           []string     // the possible readings as plain decimals ("1500000", "0.5"); the first is the likely one
	Day, Month, Year int          // of a Date; 0 where unknown
	Hour, Minute     int          // of a Time
	Unit             string       // "%", an ISO currency or a unit symbol; "" if none stands by
	Whole            segment.Span // with the unit
	Digits           bool         // written with digits
	Weak             bool         // may be no quantity at all ("neuf", "second"): can excuse, never accuse
	Grouped          bool         // a number with thousands separators
	Decimal          bool         // a number with a decimal part
	Scale            string       // "million" … when a scale word follows the digits
}

// Find gives the quantities of a text in order. They do not overlap.
func Find(text string, lang Lang) []Token {
	f := finder{text: text, lang: lang}
	for f.at < len(text) {
		if !f.step() {
			_, n := utf8.DecodeRuneInString(text[f.at:])
			f.at += n
		}
	}
	f.ranges()
	return f.tokens
}

// Agree reports whether the two tokens can mean the same. For dates it is
// enough that one part is shared and none contradicts.
func Agree(a, b Token) bool {
	if a.Kind == Date && b.Kind == Date {
		return dates(a, b)
	}
	if a.Kind == Weekday || b.Kind == Weekday {
		return a.Kind == b.Kind && a.Values[0] == b.Values[0]
	}
	if a.Kind == Date {
		return parts(a, b)
	}
	if b.Kind == Date {
		return parts(b, a)
	}
	for _, v := range a.Values {
		if a.Kind == Time && b.Kind == Time && !strings.Contains(v, ":") {
			continue // 7 h and 7 p.m.
		}
		if slices.Contains(b.Values, v) {
			return true
		}
	}
	return converted(a, b)
}

func dates(a, b Token) bool {
	shared := false
	for _, p := range [][2]int{{a.Day, b.Day}, {a.Month, b.Month}, {a.Year, b.Year}} {
		if p[0] == 0 || p[1] == 0 {
			continue
		}
		if p[0] != p[1] && p[0]%100 != p[1] && p[1]%100 != p[0] {
			return false
		}
		shared = true
	}
	return shared
}

// parts reports whether the number n is one part of the date.
func parts(date, n Token) bool {
	if n.Weak { // "a" is no first of the month
		return false
	}
	for _, v := range n.Values {
		for _, p := range []int{date.Day, date.Month, date.Year} {
			if p != 0 && itoa(p) == v {
				return true
			}
		}
	}
	return false
}

// units holds what may be converted into what, with factor and offset to a
// common measure of the dimension.
var units = map[string]struct {
	dimension      string
	factor, offset float64
}{
	"km": {"length", 1000, 0}, "m": {"length", 1, 0}, "cm": {"length", .01, 0}, "mm": {"length", .001, 0},
	"mi": {"length", 1609.34, 0}, "ft": {"length", .3048, 0}, "in": {"length", .0254, 0}, "yd": {"length", .9144, 0}, "nmi": {"length", 1852, 0},
	"kg": {"mass", 1, 0}, "g": {"mass", .001, 0}, "t": {"mass", 1000, 0}, "lb": {"mass", .4536, 0}, "oz": {"mass", .02835, 0},
	"km/h": {"speed", 1, 0}, "mph": {"speed", 1.60934, 0}, "kn": {"speed", 1.852, 0},
	"km²": {"area", 1e6, 0}, "m²": {"area", 1, 0}, "ha": {"area", 1e4, 0}, "acre": {"area", 4046.9, 0}, "mi²": {"area", 2.59e6, 0}, "ft²": {"area", .0929, 0},
	"l": {"volume", 1, 0}, "gal": {"volume", 3.785, 0},
	"°C": {"temperature", 1, 0}, "°F": {"temperature", 5. / 9, -32},
}

// converted reports whether two measures in different units are the same
// within the rounding of journalism.
func converted(a, b Token) bool {
	ua, okA := units[a.Unit]
	ub, okB := units[b.Unit]
	if !okA || !okB || a.Unit == b.Unit || ua.dimension != ub.dimension || len(a.Values) == 0 || len(b.Values) == 0 {
		return false
	}
	x, y := (float(a.Values[0])+ua.offset)*ua.factor, (float(b.Values[0])+ub.offset)*ub.factor
	diff, most := x-y, max(x, y)
	return max(diff, -diff) <= 0.06*max(most, -most)+0.5*boolFloat(ua.dimension == "temperature")
}

func boolFloat(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func float(v string) float64 {
	r, ok := new(big.Rat).SetString(v)
	if !ok {
		return 0
	}
	f, _ := r.Float64()
	return f
}

// scaled is the decimal v times 10^power, in shortest form.
func scaled(v string, power int) string {
	whole, frac, _ := strings.Cut(v, ".")
	for range power {
		if frac == "" {
			whole += "0"
		} else {
			whole, frac = whole+frac[:1], frac[1:]
		}
	}
	whole = strings.TrimLeft(whole, "0")
	frac = strings.TrimRight(frac, "0")
	if whole == "" {
		whole = "0"
	}
	if frac == "" {
		return whole
	}
	return whole + "." + frac
}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Space reports whether r is one of the spaces that stand inside French
// numbers and before French punctuation.
func Space(r rune) bool {
	return r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' || r == '\u2007'
}
