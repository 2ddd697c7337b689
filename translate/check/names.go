package check

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"depeche/segment"
	"depeche/translate"
	"depeche/translate/typography"
)

// names gives the words of the source that must be names: capitalised inside
// a sentence and in no vocabulary.
func names(t *text) []word {
	var out []word
	for _, w := range t.wordsOf(0) {
		text := elided(w.text)
		if text != w.text {
			w.span.Start = w.span.End - len(text)
			w.text = text
			w.start = false
		}
		if w.start || len([]rune(text)) < 4 || !capitalised(text) || allCapitals(text) || strings.ContainsFunc(text, unicode.IsDigit) || slices.Contains(t.config.Allow, text) {
			continue
		}
		if reRoman.MatchString(text) || abbreviation(text) || common(text) || common(strings.TrimSuffix(text, "s")) || common(strings.TrimSuffix(text, "es")) || strings.Contains(text, ".") {
			continue
		}
		out = append(out, w)
	}
	return out
}

// abbreviation holds for words with capitals inside, which languages form each
// from its own words: RNCan and NRCan, LdSD and RoHS. Names such as McCain and
// DiCaprio have one.
func abbreviation(w string) bool {
	capitals, at := 0, 0
	for i, r := range w {
		if unicode.IsUpper(r) && i > 0 && w[i-1] != '-' && w[i-1] != '\'' {
			capitals++
			at = i
		}
	}
	return capitals > 1 || capitals == 1 && (at > 3 || at == len(w)-1)
}

var reRoman = regexp.MustCompile(`^[IVXLC]+(?:e|er|ème)$`)

var reBreak = regexp.MustCompile(`[\s"“”(),;:!?—–-]+|\.(?:\s|$)`)

// otherNames are what English says instead of a place's full name.
var otherNames = map[string][]string{
	"united states": {" u.s", " us ", " america", " usa"}, "united kingdom": {" u.k", " uk ", " british", " britain"}, "great britain": {" british", " britain", " uk "},
	"netherlands": {" dutch", " holland"}, "united arab emirates": {" uae", " emirat"}, "america": {" u.s", " us ", " united states"}, "germany": {" german"}, "european union": {" eu "}, "middle east": {" mideast", " near east"},
	"myanmar": {" burm"}, "ivory coast": {" cote d'iv", " ivorian"}, "beijing": {" peking"}, "kyiv": {" kiev"}, "denmark": {" danish"}, "switzerland": {" swiss"}, "france": {" french"},
	"ireland": {" irish"}, "spain": {" spanish", " spaniard"}, "greece": {" greek"}, "poland": {" polish", " pole"}, "turkey": {" turk"}, "sweden": {" swed"}, "finland": {" finn"}, "wales": {" welsh"},
	"scotland": {" scot"}, "england": {" english"}, "norway": {" norwegian"}, "iraq": {" iraq"}, "peru": {" peru"}, "cyprus": {" cypr"}, "malta": {" malt"}, "mexico city": {" mexico"}, "czech republic": {" czech"},
	"odesa": {" odessa"}, "cape verde": {" cabo verde"}, "mumbai": {" bombay"}, "kolkata": {" calcutta"}, "falklands": {" falkland"}, "channel": {" channel"}, "netherlands antilles": {" dutch"}, "oceania": {" ocean", " down under"}, "europe": {" eu "}, "macedonia": {" fyrom"}, "far east": {" eastern asia", " east asia"}, "near east": {" middle east"}, "washington": {" u.s", " us "},
}

// placeSaid reports whether the folded target, between spaces, holds the
// English name of a place, a word made from it, or another name of it.
func placeSaid(english, target string) bool {
	en := strings.ToLower(english)
	if strings.Contains(target, fold(english)[:max(min(4, len(en)), len(en)/2)]) {
		return true
	}
	return slices.ContainsFunc(otherNames[en], func(s string) bool { return strings.Contains(target, s) })
}

// namesLost reports names that have no counterpart in the target: neither
// the word, nor one that looks like it, nor the English name of the place.
func namesLost(t *text) {
	target := foldAll(t.wordsOf(1))
	all := " " + reBreak.ReplaceAllString(fold(t.target), " ") + " "
	for _, n := range names(t) {
		if slices.ContainsFunc(t.terms, func(m translate.Term) bool { return m.Source.Start < n.span.End && n.span.Start < m.Source.End }) {
			continue
		}
		if found, _ := counterpart(n.text, target); found || strings.Contains(all, fold(n.text)) || t.beginsName(n.text) || besidesName(t, n, target) || compound(n.text, all) {
			continue
		}
		if english, ok := typography.Place(n.text); ok {
			if placeSaid(english, all) {
				continue
			}
			t.report(n.span, segment.Span{}, english, "%s (%s) is not in the translation", n.text, english)
			continue
		}
		if partOfPlace(t.source, n) || demonym(n.text) {
			continue
		}
		t.report(n.span, segment.Span{}, "", "%s is not in the translation", n.text)
	}
}

// beginsName reports whether a capitalised word of the target begins as the
// name does: Judée and Judean, Gazaouis and Gaza.
func (t *text) beginsName(name string) bool {
	f := fold(name)
	start := f[:min(len(f), max(4, len(f)/2))]
	return slices.ContainsFunc(t.wordsOf(1), func(w word) bool {
		return capitalised(w.text) && strings.HasPrefix(fold(w.text), start)
	})
}

// besidesName reports whether a word beside the name is a name, too, and stands
// in the target: of "Nicolas Sarkozy" it is enough that Mr Sarkozy is there.
func besidesName(t *text, n word, target []string) bool {
	ws := t.wordsOf(0)
	i := slices.IndexFunc(ws, func(w word) bool { return w.span.End == n.span.End })
	for _, step := range []int{-1, 1} {
		for j := i + step; j >= 0 && j < len(ws) && j-i <= 3 && i-j <= 3; j += step {
			between := t.source[min(ws[j].span.End, ws[j-step].span.End):max(ws[j].span.Start, ws[j-step].span.Start)]
			if strings.TrimSpace(between) != "" {
				break
			}
			w := ws[j].text
			if !capitalised(w) {
				if particles[w] || w == "van" || w == "von" || w == "al" || w == "bin" || w == "der" || w == "da" || w == "dos" || w == "di" || w == "del" {
					continue
				}
				break
			}
			if common(w) {
				break
			}
			if found, exact := counterpart(elided(w), target); found && exact {
				return true
			}
		}
	}
	return false
}

// compound reports whether the name joins words of which each is said in the
// target, or one of them and an abbreviation: Corée-États-Unis, UE-Russie.
func compound(name, target string) bool {
	parts := strings.Split(name, "-")
	if len(parts) < 2 {
		return false
	}
	for _, p := range parts {
		if len(p) < 4 || common(p) {
			continue
		}
		english, ok := typography.Place(p)
		if strings.Contains(target, fold(p)) || ok && placeSaid(english, target) {
			return true
		}
	}
	return false
}

// partOfPlace reports whether the name is one word of a place's longer name.
func partOfPlace(source string, n word) bool {
	for _, around := range []int{12, 24} {
		from, to := max(0, n.span.Start-around), min(len(source), n.span.End+around)
		for i := from; i <= n.span.Start; i++ {
			for j := to; j >= n.span.End; j-- {
				if j-i > len(n.text) {
					if _, ok := typography.Place(source[i:j]); ok {
						return true
					}
				}
			}
		}
	}
	return false
}

// demonym reports endings of peoples' names, which English often says
// otherwise: les Néerlandais, the Dutch.
func demonym(name string) bool {
	f := fold(name)
	for _, end := range []string{"ais", "aise", "aises", "ois", "oise", "oises", "iens", "ien", "ienne", "iennes", "ains", "aine", "aines", "ains", "ites", "istes"} {
		if strings.HasSuffix(f, end) {
			return true
		}
	}
	return false
}

func foldAll(ws []word) []string {
	out := make([]string, 0, len(ws))
	for _, w := range ws {
		f := strings.TrimSuffix(strings.TrimSuffix(fold(w.text), "'s"), "'")
		out = append(out, f)
		if strings.Contains(f, "-") {
			out = append(out, strings.Split(f, "-")...)
		}
	}
	return out
}

// counterpart looks for a word that stands for the name; exact is false where
// it is only alike.
func counterpart(name string, target []string) (found, exact bool) {
	want := fold(name)
	parts := append([]string{want}, strings.Split(want, "-")...)
	for _, p := range parts {
		if slices.Contains(target, p) || slices.Contains(target, p+"s") || slices.Contains(target, strings.TrimSuffix(p, "s")) {
			return true, true
		}
	}
	for _, w := range target {
		if len(w) >= 3 && alike(want, w) {
			return true, false
		}
	}
	return false, false
}

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

// namesAltered reports a name in plain letters that comes out with one or two
// others: Obama as Obema. Spellings that English may write otherwise are left
// to namesLost.
func namesAltered(t *text) {
	words := t.wordsOf(1)
	target := foldAll(words)
	for _, n := range names(t) {
		if len(n.text) < 5 || fold(n.text) != strings.ToLower(n.text) {
			continue
		}
		if _, ok := typography.Place(n.text); ok {
			continue
		}
		if found, exact := counterpart(n.text, target); !found || exact {
			continue
		}
		for _, w := range words {
			if !capitalised(w.text) || squeeze(strings.ToLower(w.text)) == squeeze(strings.ToLower(n.text)) || strings.HasPrefix(w.text, n.text) || strings.HasPrefix(n.text, strings.TrimSuffix(w.text, "s")) || skeleton(fold(w.text)) == skeleton(fold(n.text)) || strings.ReplaceAll(fold(n.text), "ch", "sh") == fold(w.text) || spelling(n.text) || demonym(n.text) || len(w.text) > 4 && strings.HasPrefix(w.text, n.text[:max(4, len(n.text)-2)]) {
				continue
			}
			plain := strings.TrimSuffix(strings.TrimSuffix(w.text, "'s"), "’s")
			if d := distance(n.text, plain); capitalised(plain) && d > 0 && d <= 1+len(n.text)/8 && plain[0] == n.text[0] {
				t.report(n.span, segment.Span{Start: w.span.Start, End: w.span.Start + len(plain)}, n.text, "%s became %s", n.text, plain)
				break
			}
		}
	}
}

// squeeze makes doubled letters single: Maasai and Masai.
func squeeze(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// spelling reports whether English may spell the name in another way.
func spelling(name string) bool {
	lower := strings.ToLower(name)
	for _, s := range []string{"ou", "iev", "ovitch", "eff", "off", "ique", "iste", "ien", "able", "ible"} {
		if strings.Contains(lower, s) {
			return true
		}
	}
	return strings.HasSuffix(lower, "re") || strings.HasSuffix(lower, "ie")
}
