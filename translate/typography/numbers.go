package typography

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"depeche/translate/quantity"
)

// numbers puts those numbers of the target into English form that stand in
// the source with the very same digits and marks.
func numbers(source, target string) string {
	if !strings.ContainsAny(target, "0123456789IVX") {
		return target
	}
	english := make(map[string]string)
	for _, q := range quantity.Find(source, quantity.French) {
		if form := englishForm(source, q); form != "" {
			literal := plain(q.Span.Of(source))
			english[literal] = form
			if q.Scale != "" { // the engine translated the word and copied the digits
				form, _, _ = strings.Cut(form, " ")
				english[digits(literal)] = form
			}
		}
	}
	var b strings.Builder
	end := 0
	for _, q := range quantity.Find(target, quantity.French) {
		form, ok := english[plain(q.Span.Of(target))]
		if !ok {
			form = english[plain(digits(q.Span.Of(target)))]
			if form == "" {
				continue
			}
			q.Span.End = q.Span.Start + len(digits(q.Span.Of(target)))
		}
		start, stop := q.Span.Start, q.Span.End
		if sign, n := signAfter(target[stop:]); sign != "" && q.Kind == quantity.Number && !endsInSign(target[:start]) { // 12,50 € → €12.50
			form, stop = sign+form, stop+n
		}
		b.WriteString(target[end:start])
		b.WriteString(form)
		end = stop
	}
	if end == 0 {
		return target
	}
	b.WriteString(target[end:])
	return b.String()
}

// plain makes all spaces one kind.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if quantity.Space(r) {
			return ' '
		}
		return r
	}, s)
}

// digits is the part of a number before its scale word.
func digits(s string) string {
	end := 0
	for i, r := range s {
		switch {
		case '0' <= r && r <= '9':
			end = i + utf8.RuneLen(r)
		case r == '.' || r == ',' || r == '\'' || quantity.Space(r):
		default:
			return s[:end]
		}
	}
	return s[:end]
}

// englishForm is how English writes a French quantity, "" where the French
// form serves or the thing is none of ours (dates, references).
func englishForm(source string, q quantity.Token) string {
	literal := q.Span.Of(source)
	switch q.Kind {
	case quantity.Number:
		if !q.Digits || !q.Grouped && !q.Decimal {
			return ""
		}
		d := digits(literal)
		whole, frac := strings.Map(digit, d), ""
		if q.Decimal {
			i := strings.LastIndexAny(d, ".,")
			if i < 0 {
				return ""
			}
			whole, frac = strings.Map(digit, d[:i]), d[i+1:]
		}
		form := whole
		if len(whole) > 3 && (q.Grouped || strings.Contains(d, "'") || len(whole) > 4) {
			form = grouped(whole)
		}
		if frac != "" {
			form += "." + frac
		}
		tail := plain(literal[len(d):])
		if word, ok := englishScale[strings.TrimSpace(tail)]; ok {
			return form + " " + word
		}
		if tail != "" {
			return form + tail
		}
		return form
	case quantity.Ordinal:
		if q.Weak || !strings.ContainsAny(literal, "eèrn") && !strings.ContainsRune(literal, 'ᵉ') {
			return ""
		}
		n, err := strconv.Atoi(q.Values[0])
		if err != nil {
			return ""
		}
		return ordinal(n)
	case quantity.Time:
		if q.Hour > 24 || !strings.ContainsAny(literal, "hH") || !clockTime(source, q) {
			return ""
		}
		return clock(q.Hour, q.Minute)
	}
	return ""
}

var englishScale = map[string]string{
	"mille": "thousand", "million": "million", "millions": "million", "milliard": "billion", "milliards": "billion",
	"Md": "billion", "Mds": "billion", "Mrd": "billion", "M": "million",
}

func digit(r rune) rune {
	if '0' <= r && r <= '9' {
		return r
	}
	return -1
}

func grouped(d string) string {
	for i := len(d) - 3; i > 0; i -= 3 {
		d = d[:i] + "," + d[i:]
	}
	return d
}

// ordinal writes 1st, 2nd, 3rd, 4th, 11th.
func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

// reInAll stands behind a duration: 2h13 au total.
var reInAll = regexp.MustCompile(`^[ \x{a0}\x{202f}](?:au total|en tout|chrono|durant|environ)\b`)

// reDeparture is something that has its hour: le train de 6 h 07.
var reDeparture = regexp.MustCompile(`(?i)\b(?:le|du|au) (?:train|tgv|ter|métro|ferry|journal|bulletin) (?:de|du|d['’])$`)

// clockTime reports whether a time is one of day, rather than a duration:
// "à 14h30" but not "pendant 2h30" or "après 2h30 de match".
func clockTime(source string, q quantity.Token) bool {
	if tail := source[q.Span.End:]; reZone.MatchString(tail) {
		return true
	} else if reOf.MatchString(tail) {
		return false
	}
	before := strings.TrimRightFunc(source[:q.Span.Start], quantity.Space)
	if reDeparture.MatchString(before) && !strings.Contains(q.Span.Of(source), "heure") {
		return true
	}
	if before == "A" || strings.HasSuffix(before, " A") || strings.HasSuffix(before, "\"A") { // À without its accent
		return true
	}
	for _, w := range []string{"à", "À", "vers", "dès", "avant", "après", "entre", "jusqu'à", "jusqu’à", "matin,", "soir,"} {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return strings.HasSuffix(before, "(") && !reInAll.MatchString(source[q.Span.End:])
}

// clock writes a time of day as agencies do: 2:30 p.m., noon as 12 p.m.
func clock(hour, minute int) string {
	half := "a.m."
	if hour%24 >= 12 {
		half = "p.m."
	}
	h := (hour+11)%12 + 1
	if minute == 0 {
		return strconv.Itoa(h) + " " + half
	}
	return strconv.Itoa(h) + ":" + strconv.Itoa(100 + minute)[1:] + " " + half
}

// signAfter is the currency sign after a number and its length with the space.
func signAfter(tail string) (string, int) {
	rest := strings.TrimLeftFunc(tail, quantity.Space)
	for _, sign := range []string{"€", "$", "£"} {
		if strings.HasPrefix(rest, sign) {
			return sign, len(tail) - len(rest) + len(sign)
		}
	}
	return "", 0
}

func endsInSign(s string) bool {
	return strings.HasSuffix(s, "€") || strings.HasSuffix(s, "$") || strings.HasSuffix(s, "£")
}
