// Package typography puts English translations into English form: quotation
// marks, spaces, numbers; and converts by rule what needs no backend: date
// lines, datelines, bylines and signatures.
package typography

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/translate/quantity"
)

// Quotes is the style of quotation marks and of the punctuation beside them.
type Quotes string

// The styles. All use “ ”, and ‘ ’ inside; US puts commas and full stops inside the closing
// mark and none after “?”, UK where the source has them, Keep leaves marks and
// punctuation as they came.
const (
	US   Quotes = "us"
	UK   Quotes = "uk"
	Keep Quotes = "keep"
)

// Options choose the conventions; the zero value is US.
type Options struct {
	Quotes  Quotes
	British bool     // spelling, dates (24 November 2015) and titles (Mr) of Britain
	Kept    []string // what Britain's ways do not change: targets of a glossary
}

// English gives the target with English quotation marks, without French
// spaces before punctuation, and with the numbers that were copied from the
// French source in English form. Dates, references, versions, addresses and
// telephone numbers stay as they are. English is idempotent.
func English(source, target string, o Options) string {
	target = numbers(source, target)
	target = reTheDate.ReplaceAllString(target, "$1$2")
	target = rePlural.ReplaceAllString(single(target), "${1}ies")
	target = spaces(reOClock.ReplaceAllString(reOrdinal.ReplaceAllStringFunc(target, suffixed), "$1$2 $3"))
	if o.British {
		target = British(target, o.Kept)
	}
	if o.Quotes == Keep {
		return target
	}
	target = nested(quotes(target))
	if o.Quotes == UK {
		return logical(source, target)
	}
	target = american(target)
	if o.British {
		return target
	}
	return reTitle.ReplaceAllString(monthFirst(source, target), "$1.$2")
}

// reOrdinal is an ordinal in figures, with whatever ending an engine gave it: 22th.
var reOrdinal = regexp.MustCompile(`\b\d{1,4}(?:st|nd|rd|th|ST|ND|RD|TH)\b`)

// reTheDate is a date with the article that it has in French, and no noun behind it.
var reTheDate = regexp.MustCompile(`\bthe ((?:` + strings.Join(fullMonths[1:], "|") + `) \d{1,2}(?:, \d{4})?)([.;:!?)”"]|$| (?:was|were|is|had|has)\b)`)

// rePlural are plurals as an engine makes them of pieces of words: Ministrys.
var rePlural = regexp.MustCompile(`\b((?i:agenc|activit|all|anniversar|arm|assembl|authorit|bab|batter|bod|capabilit|casualt|categor|centur|ceremon|charit|cit|colon|communit|compan|count|countr|currenc|democrac|deput|econom|embass|emergenc|enem|entit|facilit|factor|famil|identit|industr|injur|inquir|jur|lad|librar|majorit|ministr|minorit|part|penalt|polic|propert|rall|secretar|stor|strateg|stud|suppl|surger|technolog|territor|treat|universit|victor))ys\b`)

// reOne is a single unit that stands in the plural, with the word before: for 1 hours.
var reOne = regexp.MustCompile(`(^|[\pL\d.]+,? )1 (year|month|week|day|hour|minute|second|euro|dollar|kilometer|meter|centimeter|kilogram|kilo|ton|liter|degree|bullet|mile)s\b`)

// single takes the plural from such a unit, unless the number belongs to a name: Formula 1.
func single(text string) string {
	one := reOne.ReplaceAllStringFunc(text, func(s string) string {
		m := reOne.FindStringSubmatch(s)
		if r, _ := utf8.DecodeRuneInString(m[1]); unicode.IsUpper(r) || unicode.IsDigit(r) {
			return s
		}
		return m[1] + "1 " + m[2]
	})
	if one != text {
		return single(one) // 1 years, 1 months: a word is before one and behind another
	}
	return one
}

// reOClock is a full hour with the minutes that agencies leave out.
var reOClock = regexp.MustCompile(`(^|[^\d:])(1[0-2]|0?[1-9]):00 ([ap]\.m\.)`)

func suffixed(s string) string {
	n, err := strconv.Atoi(s[:len(s)-2])
	if err != nil {
		return s
	}
	if strings.ToUpper(s) == s {
		return strings.ToUpper(ordinal(n))
	}
	return ordinal(n)
}

// reTitle is a title without the full stop that it has in American English.
var reTitle = regexp.MustCompile(`\b(Mr|Mrs|Ms|Dr)( \p{Lu})`)

// nested sets ‘ ’ for a quotation inside another. What lies deeper, or is empty,
// is no quotation in another but marks that are doubled, as in a cell of a CSV
// file: all of them then stay.
func nested(s string) string {
	if strings.Count(s, "“") < 2 {
		return s
	}
	out := []byte(s)
	var open []int
	for i, r := range s {
		switch r {
		case '“':
			if open = append(open, i); len(open) > 2 {
				return s
			}
		case '”':
			if len(open) == 0 {
				continue
			}
			at := open[len(open)-1]
			if at+len("“") == i {
				return s
			}
			if len(open) == 2 {
				copy(out[at:], "‘")
				copy(out[i:], "’")
			}
			open = open[:len(open)-1]
		}
	}
	return string(out)
}

// spaces removes the spaces that French puts before ; : ! ? % » ) , . and
// after « and (, and doubled spaces.
func spaces(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !quantity.Space(r) {
			b.WriteString(s[i : i+n])
			i += n
			continue
		}
		end := i
		narrow := false
		for end < len(s) {
			r, n := utf8.DecodeRuneInString(s[end:])
			if !quantity.Space(r) {
				break
			}
			narrow = narrow || r != ' '
			end += n
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		next, size := utf8.DecodeRuneInString(s[end:])
		after, _ := utf8.DecodeRuneInString(s[min(len(s), end+size):])
		if i > 0 && end < len(s) && superfluous(before, next, after, s[end:]) {
			i = end
			continue
		}
		if before == '«' || before == '“' && narrow || before == '(' || next == '”' && narrow {
			i = end
			continue
		}
		if end-i == 1 || !strings.Contains(s[i:end], " ") {
			b.WriteString(s[i : i+n]) // one space of its kind, as it came
		} else {
			b.WriteByte(' ')
		}
		i = end
	}
	return b.String()
}

// superfluous reports whether a space between before and next is French. after
// is the rune behind next: ".NET", ":-)" and "..." keep their space.
func superfluous(before, next, after rune, rest string) bool {
	wordNext := unicode.IsLetter(after) || unicode.IsDigit(after)
	switch next {
	case '%':
		return unicode.IsDigit(before)
	case '»', ')', ';', '!', '?':
		return true
	case ':':
		return after != '-' && after != ')' && after != '/' && !(wordNext && unicode.IsLetter(after))
	case ',':
		return !wordNext
	case '.':
		return !wordNext && !strings.HasPrefix(rest, "..")
	}
	return false
}

// opening reports whether a straight mark opens a quotation, by what stands
// around it.
func opening(before, after rune) bool {
	if after == utf8.RuneError || unicode.IsSpace(after) {
		return false
	}
	if before == utf8.RuneError || unicode.IsSpace(before) {
		return true
	}
	return strings.ContainsRune("([{—–-/“‘\"«'’", before) && (unicode.IsLetter(after) || unicode.IsDigit(after) || strings.ContainsRune("([“‘$€£…", after))
}

func around(s string, i, n int) (before, after rune) {
	before, after = utf8.RuneError, utf8.RuneError
	if i > 0 {
		before, _ = utf8.DecodeLastRuneInString(s[:i])
	}
	if i+n < len(s) {
		after, _ = utf8.DecodeRuneInString(s[i+n:])
	}
	return before, after
}

// quotes sets “ ” for « », „ and straight marks, ‘ ’ for single ones and ’ for
// apostrophes.
func quotes(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 16)
	open, single := 0, 0
	for i, r := range s {
		switch r {
		case '«', '„', '‟':
			b.WriteRune('“')
			open++
		case '»':
			b.WriteRune('”')
			open--
		case '“':
			b.WriteRune('“')
			open++
		case '”':
			b.WriteRune('”')
			open--
		case '"':
			before, after := around(s, i, 1)
			switch {
			case opening(before, after):
				b.WriteRune('“')
				open++
			case open <= 0 && unicode.IsDigit(before) && strings.Count(s, `"`)%2 == 1: // inches
				b.WriteRune('"')
			default:
				b.WriteRune('”')
				open--
			}
		case '\'':
			before, after := around(s, i, 1)
			if opening(before, after) && !unicode.IsDigit(after) && closes(s[i+1:]) {
				b.WriteRune('‘')
				single++
			} else {
				b.WriteRune('’')
				single--
			}
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// closes reports whether a single mark later in s closes a quotation: it
// follows a letter or punctuation and no letter follows it.
func closes(s string) bool {
	for i, r := range s {
		if r != '\'' && r != '’' {
			continue
		}
		before, after := around(s, i, utf8.RuneLen(r))
		if !unicode.IsSpace(before) && !unicode.IsLetter(after) && !unicode.IsDigit(after) {
			return true
		}
	}
	return false
}

// american moves commas and full stops inside the closing mark.
func american(s string) string {
	runes := []rune(s)
	for i := 0; i+1 < len(runes); i++ {
		if runes[i] != '”' && !(runes[i] == '’' && closingSingle(runes, i)) {
			continue
		}
		next := runes[i+1]
		if next != ',' && next != '.' || next == '.' && i+2 < len(runes) && runes[i+2] == '.' || i+2 < len(runes) && unicode.IsDigit(runes[i+2]) {
			continue
		}
		if i > 0 && strings.ContainsRune("?!…,.", runes[i-1]) { // no second stop
			if next == '.' || strings.ContainsRune("?!", runes[i-1]) && i+3 < len(runes) && runes[i+2] == ' ' && unicode.IsLower(runes[i+3]) {
				runes = append(runes[:i+1], runes[i+2:]...)
			}
			continue
		}
		runes[i], runes[i+1] = next, runes[i]
		if i > 0 && (runes[i-1] == '’' || runes[i-1] == '”') { // ’”. → .’”
			i -= 2
		}
	}
	return string(runes)
}

// closingSingle tells ’ as a closing mark from an apostrophe: an opening ‘
// stands before it that is not closed yet.
func closingSingle(runes []rune, i int) bool {
	open := 0
	for j, r := range runes[:i+1] {
		switch {
		case r == '‘':
			open++
		case r == '’' && open > 0 && (j+1 == len(runes) || !unicode.IsLetter(runes[j+1])):
			open--
			if j == i {
				return true
			}
		}
	}
	return false
}

// logical puts commas and full stops at a closing mark where the source has
// them, provided that both texts have as many closing marks.
func logical(source, target string) string {
	inside := insides([]rune(quotes(spaces(source))))
	runes := []rune(target)
	if len(insides(runes)) != len(inside) {
		return target
	}
	q := 0
	for i := 0; i < len(runes); i++ {
		if runes[i] != '”' {
			continue
		}
		in := inside[q]
		q++
		if in || i == 0 || runes[i-1] != ',' && runes[i-1] != '.' || i > 1 && runes[i-1] == '.' && (runes[i-2] == '.' || capital(runes[:i-1])) {
			continue
		}
		runes[i-1], runes[i] = runes[i], runes[i-1]
		// A stop that ended the quotation alone is doubled by the sentence's own.
		if i+1 < len(runes) && (runes[i+1] == ',' || runes[i+1] == '.') {
			runes = append(runes[:i], runes[i+1:]...)
		}
	}
	return string(runes)
}

// capital reports whether the runes end in an abbreviation such as "U.S":
// its stop belongs to it.
func capital(r []rune) bool {
	return len(r) > 1 && unicode.IsUpper(r[len(r)-1]) && (r[len(r)-2] == '.' || unicode.IsSpace(r[len(r)-2]))
}

// insides says for each closing mark whether a comma or full stop stands
// before it, inside.
func insides(runes []rune) []bool {
	var in []bool
	for i, r := range runes {
		if r == '”' {
			in = append(in, i > 0 && (runes[i-1] == ',' || runes[i-1] == '.'))
		}
	}
	return in
}
