package check

import (
	"slices"
	"strings"
)

// skeleton maps a folded name to what transliterations have in common:
// Poutine and Putin, Tchétchénie and Chechnya, Zelensky and Zelenskiy.
var skeletons = strings.NewReplacer("tch", "c", "tsch", "c", "dj", "j", "sch", "s", "sh", "s", "ch", "c", "kh", "k", "gh", "g", "gu", "g", "qu", "k", "ph", "f", "th", "t", "ou", "u", "oo", "u", "ei", "e", "ai", "e", "ae", "e", "ie", "i", "ii", "i", "ij", "i", "y", "i", "w", "v", "x", "ks", "c", "k", "z", "s", "ee", "i", "aa", "a", "oe", "o", "j", "i", "h", "", "'", "", "-", "",
	"bb", "b", "dd", "d", "ff", "f", "gg", "g", "kk", "k", "ll", "l", "mm", "m", "nn", "n", "pp", "p", "rr", "r", "ss", "s", "tt", "t")

func skeleton(folded string) string { return strings.TrimRight(skeletons.Replace(folded), "aeiou") }

// alike reports whether two folded names may be one name in two spellings.
func alike(a, b string) bool {
	x, y := skeleton(a), skeleton(b)
	if len(x) < 2 || len(y) < 2 {
		return a == b
	}
	if x == y {
		return true
	}
	return distance(x, y)*10 <= max(len(x), len(y))*4 && (x[0] == y[0] || len(x) > 5)
}

// distance is Levenshtein's, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := left
			if a[i] != b[j] {
				cost = 1 + min(left, row[j], row[j+1])
			}
			left, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// squeeze makes doubled consonants single: Philippe and Phillip.
func squeeze(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last || strings.ContainsRune("aeiou", r) {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// respellings are French spellings, folded, with what English writes for them
// when it transliterates a name; "$" is the end of the name.
var respellings = []struct {
	fr string
	en []string
}{
	{"ou", []string{"u", "oo", "w", "o"}}, {"tch", []string{"ch", "tsch", "tsh"}}, {"ch", []string{"sh", "kh", "h"}}, {"dj", []string{"j", "dzh", "g"}}, {"j", []string{"zh", "y"}},
	{"gu", []string{"g"}}, {"qu", []string{"k", "q", "c"}}, {"k", []string{"q", "kh"}}, {"c", []string{"k", "s", "ts"}}, {"kh", []string{"h", "ch"}}, {"gh", []string{"g"}}, {"g", []string{"h", "gh"}}, {"dh", []string{"d"}},
	{"ph", []string{"f"}}, {"f", []string{"ph"}}, {"v", []string{"w", "f"}}, {"w", []string{"v"}}, {"ts", []string{"tz", "c", "z"}}, {"tz", []string{"ts"}}, {"s", []string{"z"}}, {"x", []string{"ks"}}, {"h", []string{""}},
	{"i", []string{"y", "iy", "yi", "ee", "j"}}, {"y", []string{"i", "iy", "yi", "j"}}, {"e", []string{"ye", "ee"}}, {"a", []string{"aa"}}, {"eu", []string{"oe", "o", "u"}}, {"oe", []string{"o"}}, {"ae", []string{"a", "e"}}, {"u", []string{"ue"}},
	{"eff", []string{"ev", "eff"}}, {"ef$", []string{"ev$"}}, {"of$", []string{"ov$"}}, {"ev", []string{"yov"}}, {"eh$", []string{"a$"}}, {"e$", []string{"$", "a$", "us$", "o$"}}, {"ie$", []string{"ia$", "y$"}}, {"an$", []string{"anus$"}}, {"on$", []string{"o$"}}, {"que$", []string{"c$", "k$", "ca$"}}, {"s$", []string{"$"}}, {"$", []string{"s$", "h$"}},
}

// spelt reports whether English may write the French name so, both folded.
func spelt(fr, en string) bool {
	plain := func(s string) string { return squeeze(strings.NewReplacer("-", "", "'", "").Replace(s)) + "$" }
	fr, en = plain(fr), plain(en)
	if fr[0] != en[0] && !strings.Contains("aehijy$", fr[:1]) && len(fr)+len(en) < 8 {
		return false
	}
	seen := make(map[[2]int]bool)
	var same func(i, j int) bool
	same = func(i, j int) bool {
		if i == len(fr) || j == len(en) {
			return i == len(fr) && j == len(en)
		}
		if seen[[2]int{i, j}] {
			return false
		}
		seen[[2]int{i, j}] = true
		if fr[i] == en[j] && same(i+1, j+1) {
			return true
		}
		if en[j] == 'h' && same(i, j+1) {
			return true
		}
		for _, r := range respellings {
			if strings.HasPrefix(fr[i:], r.fr) && slices.ContainsFunc(r.en, func(e string) bool { return strings.HasPrefix(en[j:], e) && same(i+len(r.fr), j+len(e)) }) {
				return true
			}
		}
		return false
	}
	return same(0, 0)
}

// misspelt reports whether a word is the name with one or two other letters,
// and neither a spelling of English nor a word made from the name.
func misspelt(name, word string) bool {
	a, b := fold(name), fold(word)
	if len(a) < 4 || a[0] != b[0] || a == b || strings.ContainsAny(a, " -") {
		return false
	}
	d := distance(a, b)
	if d > 1+len(a)/8 || spelt(a, b) || respelt(a, b) {
		return false
	}
	// Moldavie and Moldova, Cameroun and Cameroon end in ways of their own.
	start := a[:max(4, len(a)-2)]
	return !strings.HasPrefix(b, start) || len(b) <= 4
}

// respelt reports whether the name has letters that French writes and English
// does not when they transliterate, and the word has none of them: the rest
// may differ as well, as in Toutankhamon and Tutankhamun. The same holds for
// words of both languages that end in their own ways.
func respelt(fr, en string) bool {
	for _, s := range []string{"ou", "tch", "dj", "kh", "gu", "ine", "iev", "eff", "off", "ique", "iste", "ien", "ure", "oire"} {
		if strings.Contains(fr, s) && !strings.Contains(en, s) {
			return true
		}
	}
	return strings.HasSuffix(fr, "re") || strings.HasSuffix(fr, "ie") || strings.HasSuffix(fr, "able") || strings.HasSuffix(fr, "ible")
}
