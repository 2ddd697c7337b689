package phrase

import "strings"

// numeral reads a number in several words that begins with token i (trois mille,
// deux cent cinquante), and gives its English and its end; none for a single word,
// and for what is no number as a whole (deux-trois mille).
func (s *sentence) numeral(i int) (english string, end int) {
	if i > 0 && s.word(i-1) == "pour" && strings.HasPrefix(s.word(i), "cent") { // 20 pour cent
		return "", i
	}
	var parts []string
	var ends []int // the token behind each part that ends one, 0 for others
	for j := i; j < len(s.tokens) && j < i+maxNumeral; j++ {
		w := s.word(j)
		if numberPart(strings.Split(w, "-")[0]) == 0 && w != "et" {
			break
		}
		for part := range strings.SplitSeq(w, "-") {
			parts, ends = append(parts, part), append(ends, 0)
		}
		ends[len(ends)-1] = j + 1
	}
	if len(parts) == 3 && ends[0] == 0 && ends[2] == i+2 { // deux-trois mille
		a, b, unit := numberPart(parts[0]), numberPart(parts[1]), numberPart(parts[2])
		if a > 1 && a < b && (b < 10 || a%5 == 0 && b%5 == 0 && b < 100) && unit >= 100 && a*10+b != 420 {
			return spell(a) + " or " + spell(b) + strings.TrimPrefix(spell(unit), "one"), i + 2
		}
	}
	n, k := number(parts)
	if k == 0 || ends[k-1] < i+2 || k < len(parts) && parts[k] != "et" {
		return "", i
	}
	return spell(n), ends[k-1]
}

const maxNumeral = 12 // tokens

// number reads a number below a million from its parts, and gives how many it has.
func number(parts []string) (n, k int) {
	n, k = hundreds(parts)
	if k == 0 || k >= len(parts) || parts[k] != "mille" {
		return n, k
	}
	rest, more := hundreds(parts[k+1:])
	return n*1000 + rest, k + 1 + more
}

// hundreds reads a number below a thousand.
func hundreds(parts []string) (n, k int) {
	n, k = tens(parts)
	cent := func(k int) bool { return k < len(parts) && (parts[k] == "cent" || parts[k] == "cents") }
	switch {
	case cent(0):
		n, k = 100, 1
	case k == 1 && n < 10 && cent(1):
		n, k = n*100, 2
	default:
		return n, k
	}
	rest, more := tens(parts[k:])
	if more == 0 && k < len(parts) && (parts[k] == "un" || parts[k] == "une") {
		rest, more = 1, 1
	}
	return n + rest, k + more
}

// tens reads a number from two to ninety-nine.
func tens(parts []string) (n, k int) {
	at := func(k int) int {
		if k < len(parts) {
			return numberPart(parts[k])
		}
		return 0
	}
	n, k = at(0), 1
	switch {
	case n == 4 && at(1) == 20:
		n, k = 80, 2
	case n < 2 || n > 60 && n != 70 && n != 90:
		return 0, 0
	case n == 10 && at(1) >= 7 && at(1) <= 9:
		return 10 + at(1), 2
	case n < 20:
		return n, 1
	}
	teens := n == 60 || n == 80
	if k+1 < len(parts) && parts[k] == "et" && (at(k+1) == 1 || at(k+1) == 11 && n == 60) {
		return n + at(k+1), k + 2
	}
	switch next := at(k); {
	case next == 1 && n != 80, next == 0, next > 16:
		return n, k
	case next == 10 && teens && at(k+1) >= 7 && at(k+1) <= 9:
		return n + 10 + at(k+1), k + 2
	case next < 10 || teens:
		return n + next, k + 1
	}
	return n, k
}

// numberPart is the value of a part of a number, 100 and 1000 for cent and mille,
// 0 for other words.
func numberPart(w string) int {
	switch w {
	case "cent", "cents":
		return 100
	case "mille":
		return 1000
	case "vingts":
		return 20
	}
	return frenchNumbers[w]
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
	frenchNumbers = map[string]int{"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12,
		"treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "nonante": 90}
)
