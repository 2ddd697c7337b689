package review

import (
	"slices"
	"strings"
	"unicode"

	"depeche/translate"
	"depeche/translate/quantity"
)

// Notable is a number, name or term that changed. Old or New is empty where
// it was added or lost.
type Notable struct {
	Kind string `json:"kind"` // "number", "name" or "term"
	Old  string `json:"old,omitempty"`
	New  string `json:"new,omitempty"`
}

// notable singles out the numbers, terms and names that differ.
func notable(old, new *translate.Bitext, l link, oldTarget, newTarget string) []Notable {
	var out []Notable
	note := func(n Notable) {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	// As many lost as gained became one another, in their order; else it is not
	// known which became which.
	add := func(kind string, before, after []string) {
		lost, gained := except(before, after), except(after, before)
		if len(lost) == len(gained) {
			for i := range lost {
				note(Notable{kind, lost[i], gained[i]})
			}
			return
		}
		for _, s := range lost {
			note(Notable{Kind: kind, Old: s})
		}
		for _, s := range gained {
			note(Notable{Kind: kind, New: s})
		}
	}
	add("number", numbers(oldTarget), numbers(newTarget))
	terms, entries := termsOf(old, l.old)
	more, others := termsOf(new, l.new)
	for _, t := range more {
		if !slices.Contains(terms, t) {
			terms = append(terms, t)
		}
	}
	// Terms became one another that translate the same entry.
	lost, gained := standing(terms, oldTarget), standing(terms, newTarget)
	lost, gained = except(lost, gained), except(gained, lost)
	for _, before := range lost {
		i := slices.IndexFunc(gained, func(after string) bool {
			return slices.ContainsFunc(entries[before], func(e string) bool { return slices.Contains(others[after], e) })
		})
		if i < 0 {
			note(Notable{Kind: "term", Old: before})
			continue
		}
		note(Notable{"term", before, gained[i]})
		gained = slices.Delete(gained, i, i+1)
	}
	for _, after := range gained {
		if !slices.ContainsFunc(out, func(n Notable) bool { return n.Kind == "term" && n.New == after }) {
			note(Notable{Kind: "term", New: after})
		}
	}
	told := slices.Concat(terms, numbers(oldTarget), numbers(newTarget))
	// A name that only came to begin a sentence is not lost.
	oldNames, newNames := without(namesIn(oldTarget), told), without(namesIn(newTarget), told)
	add("name", except(oldNames, except(tokens(newTarget), newNames)), except(newNames, except(tokens(oldTarget), oldNames)))
	return out
}

func numbers(s string) []string {
	var out []string
	for _, q := range quantity.Find(s, quantity.English) {
		if q.Digits || q.Kind == quantity.Weekday || q.Kind == quantity.Date && !q.Weak {
			out = append(out, q.Span.Of(s))
		}
	}
	return out
}

// termsOf gives the translations of terms, as they are preferred and as they
// stand in the targets, and the folded glossary entries that each translates.
func termsOf(b *translate.Bitext, indices []int) ([]string, map[string][]string) {
	var out []string
	entries := make(map[string][]string)
	add := func(target, entry string) {
		if target == "" {
			return
		}
		if !slices.Contains(out, target) {
			out = append(out, target)
		}
		entries[target] = append(entries[target], strings.ToLower(entry))
	}
	for _, i := range indices {
		p := &b.Pairs[i]
		for _, t := range p.Terms {
			add(t.Preferred, t.Entry)
			if s := t.Target; !s.Empty() && s.Start >= 0 && s.End <= len(p.Target) && s.Of(p.Target) != t.Preferred {
				add(s.Of(p.Target), t.Entry)
			}
		}
	}
	return out, entries
}

// standing gives the terms that stand in the text, as often as they do.
func standing(terms []string, text string) []string {
	var out []string
	for _, t := range terms {
		for range strings.Count(text, t) {
			out = append(out, t)
		}
	}
	return out
}

// namesIn gives the capitalised words inside sentences.
func namesIn(s string) []string {
	var out []string
	start, last := true, ""
	for _, t := range tokens(s) {
		r := []rune(t)[0]
		switch {
		case unicode.IsUpper(r):
			if !start && t != "I" {
				out = append(out, t)
			}
			start = false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			start = false
		case strings.ContainsRune(".!?“\"«:", r):
			start = r != '.' || len(last) > 3 || last == strings.ToLower(last) // not after "Mr"
		}
		if isWord(t) {
			last = t
		}
	}
	return out
}

func without(list, drop []string) []string {
	return slices.DeleteFunc(list, func(s string) bool {
		return slices.ContainsFunc(drop, func(d string) bool { return strings.Contains(d, s) })
	})
}

// except is a less b, as multisets, in order.
func except(a, b []string) []string {
	count := make(map[string]int)
	for _, s := range b {
		count[s]++
	}
	var out []string
	for _, s := range a {
		if count[s] > 0 {
			count[s]--
			continue
		}
		out = append(out, s)
	}
	return out
}
