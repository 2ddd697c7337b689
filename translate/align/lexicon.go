package align

import (
	_ "embed"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"depeche/translate/quantity"
)

// sentence is what alignment looks at.
type sentence struct {
	chars   int
	words   []string // content words in lower case without accents
	numbers []quantity.Token
}

//go:embed words.txt
var wordsText string

func read(text string, french bool) sentence {
	lang := quantity.English
	if french {
		lang = quantity.French
	}
	s := sentence{chars: chars(text)}
	for _, t := range quantity.Find(text, lang) {
		if strings.ContainsFunc(text[t.Span.Start:t.Span.End], unicode.IsDigit) {
			s.numbers = append(s.numbers, t)
		}
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(text))
	for _, w := range strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(w) > 2 && !empty[w] {
			s.words = append(s.words, w)
		}
	}
	return s
}

// empty are words that stand everywhere and say nothing.
var empty = func() map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(`les des une aux par sur pour dans que qui est ont ete son ses leur leurs ces cette avec pas plus
		the and for that with was were has have had this are from its his her their which not been they you our`) {
		m[w] = true
	}
	return m
}()

// lexicon has the translations of a word, with a weight up to 1.
type lexicon map[string]map[string]float64

// starter has common words, so that the first pass has something to hold.
func starter() lexicon {
	l := make(lexicon)
	for line := range strings.Lines(wordsText) {
		f := strings.Fields(line)
		for _, en := range f[1:] {
			l.add(f[0], en, 1)
		}
	}
	return l
}

func (l lexicon) add(fr, en string, weight float64) {
	if l[fr] == nil {
		l[fr] = make(map[string]float64)
	}
	l[fr][en] = max(l[fr][en], weight)
}

// learn takes words that come together in pairs more often than apart (Dice).
func (l lexicon) learn(pairs [][2]sentence) {
	left, right, both := make(map[string]int), make(map[string]int), make(map[[2]string]int)
	for _, p := range pairs {
		s, t := unique(p[0].words), unique(p[1].words)
		for w := range s {
			left[w]++
			for v := range t {
				both[[2]string{w, v}]++
			}
		}
		for v := range t {
			right[v]++
		}
	}
	for p, n := range both {
		if dice := 2 * float64(n) / float64(left[p[0]]+right[p[1]]); n >= 2 && dice >= 0.5 {
			l.add(p[0], p[1], dice)
		}
	}
}

func unique(words []string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// shared counts the words and numbers that have a partner on the other side,
// and the words and numbers of a side; both are means of the two sides.
func (l lexicon) shared(s, t sentence) (shared, words float64) {
	taken := make([]bool, len(t.words))
	for _, w := range s.words {
		best, at := 0.0, -1
		for k, v := range t.words {
			if x := l.weight(w, v); !taken[k] && x > best {
				best, at = x, k
			}
		}
		if at >= 0 {
			taken[at] = true
			shared += best
		}
	}
	used := make([]bool, len(t.numbers))
	for _, a := range s.numbers {
		for k, b := range t.numbers {
			if !used[k] && quantity.Agree(a, b) {
				used[k] = true
				shared += 2 // a number is worth two words
				break
			}
		}
	}
	return shared, float64(len(s.words)+len(t.words))/2 + float64(len(s.numbers)+len(t.numbers))
}

func (l lexicon) weight(fr, en string) float64 {
	if fr == en {
		return 1
	}
	if x := l[fr][en]; x > 0 {
		return x
	}
	// Cognates begin alike.
	n := 0
	for n < len(fr) && n < len(en) && fr[n] == en[n] {
		n++
	}
	if n >= 4 && 2*n >= max(len(fr), len(en)) {
		return 0.8
	}
	return 0
}
