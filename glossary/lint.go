package glossary

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Fault is something doubtful in a glossary.
type Fault struct {
	Term    *Term // its File and Pos say where
	Error   bool  // else a warning
	Message string
}

func (f Fault) String() string {
	level := "warning"
	if f.Error {
		level = "error"
	}
	return fmt.Sprintf("%s: %s: %s", place(f.Term), level, f.Message)
}

// Lint looks for what is doubtful in the sets: entries that contradict each
// other or themselves, variants that match too much. The faults are in the
// order of the sets.
func Lint(sets ...Set) ([]Fault, error) {
	g, err := New(sets...)
	if err != nil {
		return nil, err
	}
	var list []Fault
	order := make(map[*Term]int)
	preferred := make(map[string]*Term)
	for i, t := range g.Terms() {
		order[t] = i
		if !t.Keep && preferred[t.Target] == nil {
			preferred[t.Target] = t
		}
	}
	for _, c := range g.Conflicts() {
		list = append(list, Fault{c.Second, true, fmt.Sprintf("%q is %q here and %q in %s, which is used", c.Form, c.Second.name(), c.First.name(), place(c.First))})
	}
	seen := make(map[string]*Term)
	for _, t := range g.Terms() {
		add := func(grave bool, format string, args ...any) {
			list = append(list, Fault{t, grave, fmt.Sprintf(format, args...)})
		}
		for k, s := range t.Sources {
			if slices.Contains(t.Sources[:k], s) {
				add(false, "the variant %q stands twice", s)
			}
			if utf8.RuneCountInString(s) == 1 {
				add(false, "the variant %q is one character and matches wherever it stands alone", s)
			}
			if n := utf8.RuneCountInString(s); n <= 3 && !allCaps(s) && !t.Keep && t.Case != CaseExact && frequent[fold(s)] || allCaps(s) && t.Case == CaseIgnore && frequent[fold(s)] {
				add(false, "the variant %q is a frequent French word; use capitals or the case rule exact", s)
			}
			key := s + "\x00" + strings.ToLower(t.Client) + "\x00" + strings.Join(t.Context, "|")
			if other := seen[key]; other == nil {
				seen[key] = t
			} else if other != t && other.Target == t.Target {
				add(false, "%q stands in %s already, with the same target", s, place(other))
			}
		}
		accepted := append(append([]string{t.Target}, t.Forms...), t.Allowed...)
		for _, f := range t.Forbidden {
			if slices.Contains(accepted, f) {
				add(true, "the target %q is forbidden and allowed at once", f)
			} else if other := preferred[f]; other != nil && other != t {
				add(false, "the forbidden %q is the target of %q in %s", f, other.Sources[0], place(other))
			}
		}
		if len(t.Forms) > max(len(t.Sources), 2) {
			add(false, "%d targets for %d variants: the forms of a target stand in the order of its sources", len(t.Forms), len(t.Sources))
		}
		if t.POS == "verb" && len(conjugated(strings.ToLower(strings.Fields(t.Sources[0])[0]))) == 0 {
			add(false, "the verb %q is no infinitive in -er, -ir or -re and matches only as it stands", t.Sources[0])
		}
		if t.Keep && t.Target != "" && t.Target != t.Sources[0] {
			add(true, "the entry has a target and is not to be translated")
		}
	}
	slices.SortStableFunc(list, func(a, b Fault) int { return cmp.Compare(order[a.Term], order[b.Term]) })
	return list, nil
}

// name is the target for messages.
func (t *Term) name() string {
	if t.Keep {
		return t.Sources[0]
	}
	return t.Target
}

// frequent French words that also look like short terms.
var frequent = wordSet(`a ai as au aux avec car ce ces cet ci de des du elle en es est et eu ex fi fut il ils je la le les leur lui ma mais me mes mon
ne ni non nos notre nous on ont or ou où par pas peu plus pour qu que qui sa sans se ses si son sont sur ta te tes ton tu un une va vers vos vous y ans mer art air eau bon fin`)

// Merge adds terms to a glossary: an entry with the first source and the target
// of one that is there widens it, any other one is appended.
func Merge(into, terms []Term) []Term {
	type key struct{ source, target, client, context string }
	keyOf := func(t *Term) key {
		return key{t.Sources[0], t.name(), t.Client, strings.Join(t.Context, "|")}
	}
	index := make(map[key]int)
	for i := range into {
		index[keyOf(&into[i])] = i
	}
	union := func(a, b []string) []string {
		for _, s := range b {
			if !slices.Contains(a, s) {
				a = append(a, s)
			}
		}
		return a
	}
	for _, t := range terms {
		i, ok := index[keyOf(&t)]
		if !ok {
			index[keyOf(&t)] = len(into)
			into = append(into, t)
			continue
		}
		old := &into[i]
		old.Allowed, old.Forbidden = union(old.Allowed, t.Allowed), union(old.Forbidden, t.Forbidden)
		if len(t.Forms) == 0 && len(old.Forms) == 0 || slices.Equal(old.Sources, t.Sources) {
			old.Sources = union(old.Sources, t.Sources)
			continue
		}
		for k, s := range t.Sources { // forms go with their sources
			if slices.Contains(old.Sources, s) {
				continue
			}
			for len(old.Forms) < len(old.Sources) {
				old.Forms = append(old.Forms, old.Target)
			}
			form := t.Target
			if k < len(t.Forms) {
				form = t.Forms[k]
			}
			old.Sources, old.Forms = append(old.Sources, s), append(old.Forms, form)
		}
	}
	return into
}
