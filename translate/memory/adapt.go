package memory

import (
	"strings"

	"depeche/translate"
	"depeche/translate/quantity"
)

// adapt puts the numbers of the source into the target of an entry that has
// others. It works where each number of the entry is found in its target once.
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
		if at == nil || at.Kind != quantity.Number || news[i].Kind != quantity.Number || !at.Digits {
			return "", "", false
		}
		target = target[:at.Span.Start] + english(news[i], b) + target[at.Span.End:]
		notes = append(notes, a+" became "+b)
	}
	return target, strings.Join(notes, ", "), len(notes) > 0
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
