package glossary

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Pair is a source form and what stands for it, as services keep glossaries.
type Pair struct{ Source, Target string }

// List is the part of a glossary that a translation service can keep: one
// target for each form, with the inflected forms written out.
type List struct {
	Name  string // of the sets that it was made of, for people
	Pairs []Pair // in the order of their sources, each source once

	terms map[*Term]bool
}

// longestPair is the longest source or target, in bytes, that services take
// (https://developers.deepl.com/docs/customize/managing-glossaries,
// https://cloud.google.com/translate/quotas).
const longestPair = 1024

// List makes the list for a client or desk. Left out are terms that engines
// know, verbs, forms between which the words around choose, and what is too
// long for a service: these are protected in the text as everywhere.
func (g *Glossary) List(o FindOptions) *List {
	l := &List{Name: g.name, terms: make(map[*Term]bool)}
	if o.Client != "" {
		l.Name += "-" + o.Client
	}
	var order []*Term
	chosen := make(map[string]bool) // forms that context words choose between
	for _, mine := range []bool{true, false} {
		for i := range g.entries {
			t := g.entries[i].term
			switch {
			case (t.Client != "") != mine, mine && !strings.EqualFold(t.Client, o.Client):
			case g.entries[i].known:
			case len(t.Context) > 0:
				for _, s := range t.Sources {
					chosen[fold(s)] = true
				}
			default:
				order = append(order, t)
			}
		}
	}
	targets := make(map[string]string)
	for _, t := range order {
		pairs := t.pairs()
		if t.POS == "verb" || slices.ContainsFunc(pairs, func(p Pair) bool {
			return chosen[fold(p.Source)] || max(len(p.Source), len(p.Target)) > longestPair
		}) {
			continue
		}
		// A term with a form that an earlier entry has is not the service's to choose.
		whole := true
		for _, p := range pairs {
			if other, ok := targets[p.Source]; !ok {
				targets[p.Source] = p.Target
				l.Pairs = append(l.Pairs, p)
			} else if other != p.Target {
				whole = false
			}
		}
		l.terms[t] = whole
	}
	slices.SortFunc(l.Pairs, func(a, b Pair) int { return cmp.Compare(a.Source, b.Source) })
	return l
}

// Has reports whether the list has the term in all its forms.
func (l *List) Has(t *Term) bool { return l != nil && l.terms[t] }

// Hash identifies the pairs: 16 hexadecimal digits.
func (l *List) Hash() string {
	h := sha256.New()
	for _, p := range l.Pairs {
		h.Write([]byte(p.Source + "\t" + p.Target + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// TSV is the list as services read it: source, tab, target, one pair a line.
func (l *List) TSV() string {
	var b strings.Builder
	for _, p := range l.Pairs {
		b.WriteString(p.Source + "\t" + p.Target + "\n")
	}
	return b.String()
}

// pairs are the forms that an entry takes in French, each with its target.
func (t *Term) pairs() []Pair {
	var list []Pair
	put := func(source, target string) {
		for _, s := range []string{source, strings.ReplaceAll(source, "'", "’"), strings.ReplaceAll(source, "’", "'")} {
			if s != "" && target != "" && !slices.ContainsFunc(list, func(p Pair) bool { return p.Source == s }) {
				list = append(list, Pair{s, target})
			}
		}
	}
	for i, s := range t.Sources {
		if t.Keep {
			put(s, s)
			continue
		}
		if t.plural(i) && !t.isName() {
			put(s, t.form(i, plural))
		}
		put(s, t.form(i, same))
	}
	if t.Keep || t.isName() {
		return list
	}
	for i, s := range t.Sources {
		if allCaps(s) {
			continue
		}
		put(numbered(s, plural), t.form(i, plural))
		put(numbered(s, singular), t.form(i, singular))
		if strings.Contains(s, " ") {
			continue
		}
		for _, f := range feminines(s, t.POS) {
			put(f.of(s), t.form(i, same))
			put(f.of(s)+"s", t.form(i, plural))
		}
	}
	return list
}
