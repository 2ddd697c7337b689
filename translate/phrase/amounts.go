package phrase

import (
	"slices"
	"unicode"
)

// Faithful reports whether a phrase keeps its digits, brings no currency and no
// million of its own, and loses none: in the text that tables are made of,
// "euros" heads a column of "EUR million".
func Faithful(source, target []string) bool {
	return amountOf(source) == amountOf(target)
}

// amount is what a translation may not change.
type amount struct {
	digits       string
	money, large bool
}

func amountOf(words []string) amount {
	var a amount
	for _, w := range words {
		switch w {
		case "EUR", "euro", "euros", "Euro", "Euros", "ECU", "écus", "ecus", "$", "€", "£", "dollar", "dollars", "USD":
			a.money = true
		case "million", "millions", "milliard", "milliards", "md", "Md", "mds", "Mds", "Mrd", "billion", "billions", "trillion", "trillions", "bn":
			a.large = true
		}
		for _, r := range w {
			if unicode.IsDigit(r) {
				a.digits += string(r)
			}
		}
	}
	return a
}

// faithful leaves out the translations that are not.
func (e *Engine) faithful(tokens []token, list []option) []option {
	if len(list) == 0 {
		return nil
	}
	var words []string
	for _, t := range tokens {
		words = append(words, t.text)
	}
	want := amountOf(words)
	return slices.DeleteFunc(list, func(o option) bool {
		words = words[:0]
		for _, w := range o.words {
			if int(w) < len(e.table.target) {
				words = append(words, e.table.target[w])
			}
		}
		return amountOf(words) != want
	})
}

// euros puts the currency behind the amount, where the news has it and the
// debates that the tables know best do not: EUR 10 billion, 10 billion euros.
func euros(parts []piece) {
	all := places(parts)
	word := func(n int) string { return all[n].of(parts) }
	for n := len(all) - 2; n >= 0; n-- {
		if word(n) != "EUR" || parts[all[n].part].given || !startsDigit(word(n+1)) {
			continue
		}
		last := n + 1
		if last+1 < len(all) && (amountOf([]string{word(last + 1)}).large || word(last+1) == "thousand") {
			last++
		}
		behind := &parts[all[last].part]
		behind.words = slices.Insert(slices.Clone(behind.words), all[last].word+1, "euros")
		code := &parts[all[n].part]
		code.words = slices.Clone(code.words)
		code.words[all[n].word] = ""
	}
}

func startsDigit(w string) bool { return w != "" && w[0] >= '0' && w[0] <= '9' }
