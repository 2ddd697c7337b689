package phrase

import "strings"

// numeral reads a number in several words that begins with token i (trois mille,
// deux cent cinquante), and gives its English and its end; none for a single word.
func (s *sentence) numeral(i int) (english string, end int) {
	total, group := 0, 0 // group is what mille multiplies
	for end = i; end < len(s.tokens); end++ {
		w := s.word(end)
		if value, ok := below100(w); w == "mille" && group > 0 && total == 0 {
			total, group = group*1000, 0
		} else if (w == "cent" || w == "cents") && group < 10 {
			group = max(1, group) * 100
		} else if ok && group%100 == 0 && w != "un" && w != "une" {
			group += value
		} else {
			break
		}
	}
	if end < i+2 {
		return "", i
	}
	return spell(total + group), end
}

// below100 reads a French number below a hundred, of one word with hyphens.
func below100(w string) (int, bool) {
	sum := 0
	for part := range strings.SplitSeq(w, "-") {
		switch v := frenchNumbers[strings.TrimSuffix(part, "s")]; {
		case part == "et" && sum > 0:
		case sum == 4 && v == 20:
			sum = 80
		case v > 0:
			sum += v
		default:
			return 0, false
		}
	}
	return sum, sum > 0 && sum < 100
}

// spell writes a number in English words, as a dispatch does that has it in words.
func spell(n int) string {
	switch {
	case n >= 1000:
		return strings.TrimSpace(spell(n/1000) + " thousand " + spell(n%1000))
	case n >= 100:
		return strings.TrimSpace(spell(n/100) + " hundred " + spell(n%100))
	case n >= 20 && n%10 > 0:
		return spell(n-n%10) + "-" + spell(n%10)
	case n >= 20:
		return englishTens[n/10-2]
	case n > 0:
		return englishUnits[n-1]
	}
	return ""
}

var (
	englishUnits  = strings.Fields("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	englishTens   = strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety")
	frenchNumbers = map[string]int{"un": 1, "une": 1, "deux": 2, "troi": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12,
		"treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "nonante": 90}
)
