package phrase

import (
	"slices"
	"strings"
)

// appellations takes the article off a title that stands before a name: le
// président français Emmanuel Macron is French President Emmanuel Macron.
func appellations(parts []piece) {
	all := places(parts)
	word := func(n int) string {
		if n >= len(all) {
			return ""
		}
		return all[n].of(parts)
	}
	for n := range all {
		if w := word(n); w != "the" && w != "The" || parts[all[n].part].given {
			continue
		}
		at := n + 1
		if startsUpper(word(at)) && !appellation[strings.ToLower(word(at))] {
			at++ // French
		}
		last := at
		for appellation[strings.ToLower(word(last))] {
			last++
		}
		if last == at || !startsUpper(word(last)) || unnamed[word(last)] || !startsUpper(word(last+1)) && !unitary[strings.ToLower(word(at))] {
			continue
		}
		p := &parts[all[n].part]
		p.words = slices.Clone(p.words)
		p.words[all[n].word] = ""
	}
}

var (
	// words that titles before a name are made of
	appellation = words("president prime minister vice foreign defense defence interior finance secretary general presidents ministers pope king queen prince princess chancellor colonel captain cardinal mayor senator")
	// titles that stand before a single name
	unitary = words("presidents ministers pope king queen prince princess cardinal")
	unnamed = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December Mr Mrs Ms")
)
