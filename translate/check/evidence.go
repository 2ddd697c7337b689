package check

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// lexiconFile lists stems of French words with the stems of English words that
// translate them; see the folder lexicon.
//
//go:embed lexicon.txt
var lexiconFile string

// lexicon is read when a rule first asks for it: most documents never do.
var lexicon = sync.OnceValue(func() map[string][]string {
	m := make(map[string][]string, 8000)
	for line := range strings.Lines(lexiconFile) {
		if f := strings.Fields(line); len(f) > 1 && f[0] != "#" {
			m[f[0]] = f[1:]
		}
	}
	return m
})

// stem is a folded word without most of its endings.
func stem(folded string) string {
	w := strings.TrimSuffix(strings.ReplaceAll(folded, "'s", ""), "s")
	return w[:min(len(w), 6)]
}

// Stems gives the stems of a text's words of four letters and more, each once.
// The program that makes the lexicon counts them.
func Stems(text string) []string {
	var out []string
	for _, w := range words(text) {
		if f := fold(elided(w.text)); len(f) >= 4 && !strings.ContainsAny(f, "0123456789.") {
			if s := stem(f); len(s) >= 3 && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// evidence is the share of the longer words, names and numbers of a part of
// one side (0 for the source) that have a look-alike or a translation in the
// other side, and how many there were.
func (t *text) evidence(part string, side int) (share float64, n int) {
	other := t.wordsOf(1 - side)
	looks := make([]string, len(other))
	stems := make([]string, len(other))
	for i, w := range other {
		looks[i] = fold(elided(w.text))
		stems[i] = stem(looks[i])
	}
	translates := func(w string) bool {
		if side == 0 {
			return slices.ContainsFunc(lexicon()[w], func(e string) bool { return slices.Contains(stems, e) })
		}
		return slices.ContainsFunc(stems, func(f string) bool { return slices.Contains(lexicon()[f], w) })
	}
	hits := 0
	for _, w := range words(part) {
		f := fold(elided(w.text))
		if len(f) < 5 && !capitalised(w.text) && !strings.ContainsAny(f, "0123456789") || everywhere[f] {
			continue
		}
		n++
		start := f[:min(len(f), max(4, len(f)*5/8))]
		if slices.ContainsFunc(looks, func(o string) bool {
			return strings.HasPrefix(o, start) || len(f) > 4 && len(o) > 4 && alike(f, o)
		}) || translates(stem(f)) {
			hits++
		}
	}
	if n == 0 {
		return 0, 0
	}
	return float64(hits) / float64(n), n
}

// everywhere has words of four letters and more that stand in any sentence.
var everywhere = map[string]bool{"avait": true, "cette": true, "etait": true, "aussi": true, "apres": true, "avant": true, "alors": true, "notre": true, "votre": true, "comme": true, "entre": true, "celui": true, "celle": true, "meme": true, "toujours": true, "encore": true, "ainsi": true, "leurs": true, "autre": true, "autres": true, "quand": true, "selon": true, "depuis": true, "effet": true, "toutefois": true, "cependant": true, "ailleurs": true, "egalement": true,
	"their": true, "there": true, "these": true, "those": true, "which": true, "would": true, "about": true, "after": true, "before": true, "other": true, "being": true, "where": true, "could": true, "should": true, "while": true, "since": true, "through": true, "however": true, "therefore": true, "because": true, "although": true}
