package memory

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"depeche/translate"
	"depeche/translate/quantity"
)

// adapt puts the numbers and dates of the source into the target of an entry
// that has others. It works where each of the entry's is found in its target
// once.
func adapt(f *found, q *translate.Query) (target, note string, ok bool) {
	_, olds := loose(f.source, langOf(f.from))
	_, news := loose(q.Source, langOf(q.From))
	if len(olds) != len(news) || len(olds) == 0 {
		return "", "", false
	}
	target = f.target
	var notes []string
	for i := range olds {
		a, b := f.source[olds[i].Span.Start:olds[i].Span.End], q.Source[news[i].Span.Start:news[i].Span.End]
		if a == b {
			continue
		}
		var at *quantity.Token
		tokens := quantity.Find(target, langOf(f.to))
		for j := range tokens {
			if quantity.Agree(olds[i], tokens[j]) {
				if at != nil {
					return "", "", false
				}
				at = &tokens[j]
			}
		}
		if at == nil || olds[i].Kind != news[i].Kind || olds[i].Kind != at.Kind || !at.Digits {
			return "", "", false
		}
		var text string
		switch at.Kind {
		case quantity.Number:
			text = english(news[i], b)
		case quantity.Date:
			text = redate(target[at.Span.Start:at.Span.End], *at, olds[i], news[i])
		}
		if text == "" {
			return "", "", false
		}
		target = target[:at.Span.Start] + text + target[at.Span.End:]
		notes = append(notes, strings.TrimSuffix(a, ".")+" became "+strings.TrimSuffix(b, "."))
	}
	return target, strings.Join(notes, ", "), len(notes) > 0
}

var dateParts = regexp.MustCompile(`\d+(?:st|nd|rd|th)?|\pL+`)

// redate writes the new date as an English text writes the old one; "" if the
// two have not the same parts, or it is written in digits alone.
func redate(text string, at, old, new quantity.Token) string {
	if at.Day != old.Day || at.Month != old.Month || at.Year != old.Year ||
		(old.Day == 0) != (new.Day == 0) || old.Month == 0 || new.Month == 0 || (old.Year == 0) != (new.Year == 0) {
		return ""
	}
	name, month := time.Month(old.Month).String(), time.Month(new.Month).String()
	left := map[string]string{} // parts that are still to be found
	if old.Day != 0 {
		left[strconv.Itoa(old.Day)] = strconv.Itoa(new.Day)
	}
	if old.Year != 0 {
		left[strconv.Itoa(old.Year)] = strconv.Itoa(new.Year)
	}
	named := false
	text = dateParts.ReplaceAllStringFunc(text, func(part string) string {
		digits := strings.TrimRight(part, "sthndr")
		switch value, ok := left[digits]; {
		case ok:
			delete(left, digits)
			if digits != part {
				value += ordinal(value)
			}
			return value
		case part == name:
			named = true
			return month
		case len(part) >= 3 && strings.HasPrefix(name, part): // Nov., Sept.
			named = true
			return month[:3]
		}
		return part
	})
	if !named || len(left) > 0 {
		return ""
	}
	return text
}

// ordinal is the ending of 1st, 2nd, 3rd, 4th, 11th.
func ordinal(n string) string {
	if !strings.HasPrefix(n, "1") || len(n) == 1 {
		switch n[len(n)-1] {
		case '1':
			return "st"
		case '2':
			return "nd"
		case '3':
			return "rd"
		}
	}
	return "th"
}

// english writes a number as English does: 250,000 and 3.5.
func english(t quantity.Token, text string) string {
	if len(t.Values) == 0 || !t.Grouped && !t.Decimal {
		return text
	}
	whole, frac, _ := strings.Cut(t.Values[0], ".")
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 && t.Grouped {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if frac != "" {
		b.WriteString("." + frac)
	}
	return b.String()
}
