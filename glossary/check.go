package glossary

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"depeche/segment"
)

// Problem is something that does not hold between a source and its target.
type Problem struct {
	Rule       string
	Error      bool // else a warning
	Message    string
	Source     segment.Span // in the source
	Target     segment.Span // in the target
	Suggestion string       // what should stand at Target
	Term       *Term
}

// The rules that Check, Restore and Repair report.
const (
	RuleMissing   = "term-missing"   // the term stands nowhere in the target
	RuleForbidden = "term-forbidden" // a forbidden form stands in the target
	RuleCopied    = "term-copied"    // the source's own form stands in the target
	RuleCount     = "term-count"     // the term stands more or less often than in the source
	RuleForm      = "term-form"      // capitals or hyphens differ from the entry's
	RuleArticle   = "term-article"   // "the ISIS"
	RuleRepaired  = "term-repaired"  // a wrong form was replaced by the preferred one
	RuleLost      = "term-lost"      // a placeholder came back broken or not at all
)

// IsRule reports whether name is a rule of this package.
func IsRule(name string) bool {
	switch name {
	case RuleMissing, RuleForbidden, RuleCopied, RuleCount, RuleForm, RuleArticle, RuleRepaired, RuleLost:
		return true
	}
	return false
}

// Check compares a target with the matches of its source. Each match stands
// in the target in an accepted form, as often as in the source; no forbidden
// form stands there, nor the source's own. What does not hold is a Problem.
func (g *Glossary) Check(source, target string, ms []Match) []Problem {
	t := newTarget(target)
	occs, places := t.standings(entriesOf(ms), ms)
	var list []Problem
	found := make(map[string]int)
	want := make(map[string]int)
	for i := range ms {
		want[ms[i].group()]++
	}
	wrong := wrongForms(ms, places, occs)
	for k, o := range occs {
		term := o.entry.term
		good := term.Target
		p := Problem{Target: o.span, Term: term, Source: sourceOf(ms, places, k, o.entry)}
		if m := matchAt(ms, places, k); m != nil {
			good = m.Target
		} else if m = matchAt(ms, wrong, k); m != nil {
			good, p.Source = m.Target, m.Span
		}
		p.Suggestion = good
		got := o.span.Of(target)
		switch o.kind {
		case forbidden:
			p.Rule, p.Error = RuleForbidden, true
			p.Message = fmt.Sprintf("%q is forbidden for %q; it must be %q", got, term.Sources[0], good)
		case copied:
			p.Rule, p.Error = RuleCopied, true
			p.Message = fmt.Sprintf("%q was copied from the source; it must be %q", got, good)
		case loose:
			p.Rule = RuleForm
			p.Message = fmt.Sprintf("%q should be written %q", got, o.form.text)
			p.Suggestion = o.form.text
		}
		if p.Rule != "" {
			list = append(list, p)
		}
		if o.kind <= loose {
			found[o.group()]++
			if e, ok := t.articleEdit(o, matchAt(ms, places, k)); ok && e.text != "the " {
				q := Problem{Rule: RuleArticle, Term: term, Source: p.Source, Target: segment.Span{Start: int(t.toks[o.first-1].start), End: o.span.End},
					Message: fmt.Sprintf("%q has an article only before a noun", got)}
				q.Target.Start = min(q.Target.Start, e.start)
				q.Suggestion = target[q.Target.Start:e.start] + e.text + target[e.end:o.span.End]
				if t.indefinite(o) {
					q.Message = fmt.Sprintf("%q should be %q", q.Target.Of(target), q.Suggestion)
				}
				list = append(list, q)
			}
		}
	}
	list = append(list, missing(ms, places, wrong, found)...)
	list = append(list, surplus(source, target, ms, occs, places, want, found)...)
	return append(list, g.bannedNames(t, occs, ms)...)
}

// wrongForms gives each match without a place the forbidden or copied form that
// stands for it, or -1: what stands there wrong is not missing besides.
func wrongForms(ms []Match, places []int, occs []occurrence) []int {
	wrong := make([]int, len(ms))
	for i := range ms {
		wrong[i] = -1
		for k := range occs {
			if places[i] < 0 && occs[k].kind > loose && !slices.Contains(wrong[:i], k) && sameGroup(ms[i].entry, occs[k].entry) {
				wrong[i] = k
				break
			}
		}
	}
	return wrong
}

// missing reports the matches that have no place in the target, not even in a
// wrong form.
func missing(ms []Match, places, wrong []int, found map[string]int) []Problem {
	var list []Problem
	for i := range ms {
		if places[i] >= 0 || wrong[i] >= 0 {
			continue
		}
		m := &ms[i]
		p := Problem{Rule: RuleMissing, Error: !m.entry.known, Source: m.Span, Term: m.Term, Suggestion: m.Target,
			Message: fmt.Sprintf("%q is missing: it must be %q", m.Term.Sources[0], m.Target)}
		if n := found[m.group()]; n > 0 {
			p.Rule, p.Error = RuleCount, false
			p.Message = fmt.Sprintf("%q stands %d× in the target and more often in the source", m.Target, n)
		}
		list = append(list, p)
	}
	return list
}

// surplus reports occurrences that no match asks for. Those that the source
// holds in the target's own form are allowed.
func surplus(source, target string, ms []Match, occs []occurrence, places []int, want, found map[string]int) []Problem {
	var list []Problem
	src := newTarget(blankMatches(source, ms))
	own := make(map[string]int)
	for _, o := range src.occurrences(uniqueEntries(ms)) {
		if o.kind <= loose {
			own[o.group()]++
		}
	}
	for k, o := range occs {
		if o.kind > loose || slices.Contains(places, k) {
			continue
		}
		if g := o.group(); own[g] > 0 {
			own[g]--
			continue
		} else if want[g] >= found[g] || inApposition(target, occs, k) {
			continue
		}
		list = append(list, Problem{Rule: RuleCount, Target: o.span, Term: o.entry.term,
			Message: fmt.Sprintf("%q stands %d× in the target and %d× in the source", o.form.text, found[o.group()], want[o.group()])})
	}
	return list
}

// inApposition reports whether an occurrence explains the one before it:
// "World Health Organization (WHO)" says a thing once.
func inApposition(target string, occs []occurrence, k int) bool {
	if k == 0 || !sameGroup(occs[k-1].entry, occs[k].entry) || occs[k-1].form == occs[k].form {
		return false
	}
	_, ok := mirror(target[occs[k-1].span.End:occs[k].span.Start], target[occs[k].span.End:])
	return ok
}

// blankMatches hides the matches of a text.
func blankMatches(text string, ms []Match) string {
	b := []byte(text)
	for i := range ms {
		for k := ms[i].Whole.Start; k < ms[i].Whole.End && k < len(b); k++ {
			b[k] = ' '
		}
	}
	return string(b)
}

// bannedNames reports forbidden names that stand in the target although
// nothing in the source asked for their entry.
func (g *Glossary) bannedNames(t *targetText, occs []occurrence, ms []Match) []Problem {
	var list []Problem
	w := g.banned.pool.Get().(*workspace)
	defer g.banned.pool.Put(w)
	g.banned.find(t.text, w)
	for _, h := range settle(w.hits, func(hit) int { return 0 }) {
		if slices.ContainsFunc(occs, func(o occurrence) bool { return o.span.Start < h.span.End && h.span.Start < o.span.End }) {
			continue
		}
		term := g.entries[h.v.entry].term
		if p := newPattern(h.span.Of(t.text), forbidden); t.small(&p, h.span) {
			continue
		}
		list = append(list, Problem{Rule: RuleForbidden, Error: true, Target: h.span, Term: term, Suggestion: term.Target,
			Message: fmt.Sprintf("%q is forbidden; it must be %q", h.span.Of(t.text), term.Target)})
	}
	return list
}

// Locate calls f for each match that stands in the target, with its place.
func (g *Glossary) Locate(target string, ms []Match, f func(i int, span segment.Span)) {
	if len(ms) == 0 {
		return
	}
	occs := newTarget(target).occurrences(entriesOf(ms))
	for i, k := range assign(ms, occs) {
		if k >= 0 {
			f(i, occs[k].span)
		}
	}
}

// group names what is counted together: entries with one target.
func (m *Match) group() string {
	if m.Term.Keep {
		return fold(m.Target)
	}
	return m.entry.group
}

func (o *occurrence) group() string {
	if o.entry.term.Keep {
		return fold(o.form.text)
	}
	return o.entry.group
}

// assign gives each match the occurrence that stands for it, or -1: the
// occurrences of a group go to its matches in the order of the text, those in
// the wanted form first where their numbers differ.
func assign(ms []Match, occs []occurrence) []int {
	places := make([]int, len(ms))
	used := make([]bool, len(occs))
	for i := range ms {
		places[i] = -1
	}
	for i := range ms {
		for k := range occs {
			if !used[k] && occs[k].kind <= loose && ms[i].fits(&occs[k]) {
				places[i], used[k] = k, true
				break
			}
		}
	}
	return places
}

// fits reports whether an occurrence can stand for the match.
func (m *Match) fits(o *occurrence) bool {
	if m.group() == o.group() {
		return true
	}
	// One form may be accepted for two entries.
	return slices.ContainsFunc(m.entry.patterns().accepted, func(p pattern) bool { return p.text == o.form.text })
}

func matchAt(ms []Match, places []int, k int) *Match {
	if i := slices.Index(places, k); i >= 0 {
		return &ms[i]
	}
	return nil
}

// sourceOf is the place in the source that an occurrence speaks of: of its
// match, or of the first match of the entry that has no place.
func sourceOf(ms []Match, places []int, k int, e *entry) segment.Span {
	if i := slices.Index(places, k); i >= 0 {
		return ms[i].Span
	}
	for i := range ms {
		if places[i] < 0 && ms[i].entry == e {
			return ms[i].Span
		}
	}
	return segment.Span{}
}

// entriesOf gives the entries of the matches, each once. Matches that were
// made by hand are bound to their entry by their term.
func entriesOf(ms []Match) []*entry {
	for i := range ms {
		if ms[i].entry == nil {
			ms[i].entry = newEntry(ms[i].Term)
		}
	}
	return uniqueEntries(ms)
}

func uniqueEntries(ms []Match) []*entry {
	var list []*entry
	for i := range ms {
		if !slices.Contains(list, ms[i].entry) {
			list = append(list, ms[i].entry)
		}
	}
	return list
}

func (g *Glossary) findConflicts() []Conflict {
	first := make(map[string]*Term, len(g.entries))
	var list []Conflict
	for i := range g.entries {
		t := g.entries[i].term
		if g.entries[i].known {
			continue
		}
		for _, s := range t.Sources {
			k := s
			if !allCaps(s) || utf8.RuneCountInString(s) > 3 { // "EST" is not "est"
				k = fold(s)
			}
			if t.Client != "" || len(t.Context) > 0 {
				k += "\x00" + strings.ToLower(t.Client) + "\x00" + strings.Join(t.Context, "|")
			}
			other := first[k]
			if other == nil {
				first[k] = t
			} else if other != t && (other.Target != t.Target || other.Keep != t.Keep) {
				list = append(list, Conflict{s, other, t})
			}
		}
	}
	return list
}
