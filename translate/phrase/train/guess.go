package main

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/translate/phrase"
)

const (
	endingMost  = 6 // letters in a French ending
	stemLeast   = 4 // letters before it
	changeMost  = 4 // letters of an English ending
	provenLeast = 4 // times that a rule was right
)

// ending is the end of a French word with the word's best English.
type ending struct{ stem, end, english string }

// guesses learns the rules for unknown words from the words that have one word
// as their best translation.
func (f *features) guesses() []phrase.Guess {
	list := f.endings()
	rules := append(kin(list), relatives(list)...)
	slices.SortFunc(rules, func(a, b phrase.Guess) int {
		return cmp.Or(cmp.Compare(b.Log, a.Log), strings.Compare(a.From, b.From), strings.Compare(a.Known, b.Known), strings.Compare(a.Drop, b.Drop), strings.Compare(a.To, b.To),
			strings.Compare(strconv.FormatBool(a.Relative), strconv.FormatBool(b.Relative)))
	})
	return rules
}

// endings cuts the words at every place where they may be cut.
func (f *features) endings() []ending {
	best := make(map[uint32]*pair)
	for i := range f.pairs {
		p := &f.pairs[i]
		if len(p.src) != 1 || len(p.tgt) != 1 {
			continue
		}
		if b := best[p.src[0]]; b == nil || p.pef+p.pfe/2 > b.pef+b.pfe/2 {
			best[p.src[0]] = p
		}
	}
	var list []ending
	for id, p := range best {
		w, e := f.source[id], f.target[p.tgt[0]]
		if p.pef < -1.6 || !plainWord(w) || !plainWord(e) {
			continue
		}
		for k := len(w); k > 0 && utf8.RuneCountInString(w[k:]) <= endingMost && utf8.RuneCountInString(w[:k]) >= stemLeast; {
			list = append(list, ending{w[:k], w[k:], e})
			_, size := utf8.DecodeLastRuneInString(w[:k])
			k -= size
		}
	}
	slices.SortFunc(list, func(a, b ending) int {
		return cmp.Or(strings.Compare(a.stem, b.stem), strings.Compare(a.end, b.end))
	})
	return list
}

func plainWord(w string) bool {
	return !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLower(r) })
}

// kin finds how the English of two words with one stem differs.
func kin(list []ending) []phrase.Guess {
	type change struct{ from, known, drop, to string }
	right := make(map[change]int)
	all := make(map[[2]string]int)
	for i := 0; i < len(list); {
		j := i
		for j < len(list) && list[j].stem == list[i].stem {
			j++
		}
		for _, a := range list[i:j] {
			for _, b := range list[i:j] {
				if a.end == b.end {
					continue
				}
				all[[2]string{a.end, b.end}]++
				n := shared(a.english, b.english)
				if n >= 3 && len(a.english)-n <= changeMost && len(b.english)-n <= changeMost {
					right[change{a.end, b.end, b.english[n:], a.english[n:]}]++
				}
			}
		}
		i = j
	}
	var rules []phrase.Guess
	for c, n := range right {
		if p := float64(n) / float64(all[[2]string{c.from, c.known}]+3); n >= provenLeast && p >= 0.25 {
			rules = append(rules, phrase.Guess{From: c.from, Known: c.known, Drop: c.drop, To: c.to, Log: float32(math.Log(p))})
		}
	}
	return rules
}

// relatives finds which English ending a French one becomes in words that both
// languages have.
func relatives(list []ending) []phrase.Guess {
	right := make(map[[2]string]int)
	all := make(map[string]int)
	for _, a := range list {
		all[a.end]++
		if to, ok := strings.CutPrefix(a.english, phrase.Unaccent(a.stem)); ok && len(to) <= endingMost {
			right[[2]string{a.end, to}]++
		}
	}
	var rules []phrase.Guess
	for r, n := range right {
		if p := float64(n) / float64(all[r[0]]+3); n >= 2*provenLeast && p >= 0.03 {
			rules = append(rules, phrase.Guess{From: r[0], Relative: true, To: r[1], Log: float32(math.Log(p))})
		}
	}
	return rules
}

// shared is how many bytes two words begin with alike.
func shared(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
