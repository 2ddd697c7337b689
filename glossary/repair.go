package glossary

import (
	"fmt"
	"strings"

	"depeche/segment"
)

// Repair makes a target obey the matches of its source as far as that is safe:
// forbidden forms, forms of the source and wrong spellings become the
// preferred ones, "ISIS (ISIS)" becomes "ISIS", "the ISIS" loses its article
// unless a noun follows. A replaced form is a Problem (a warning) whose Target
// span lies in the returned target, unless the text left the backend no choice.
func (g *Glossary) Repair(target string, ms []Match) (string, []Problem) {
	if len(ms) == 0 {
		return target, nil
	}
	entries := entriesOf(ms)
	type replaced struct {
		was  string
		term *Term
		src  segment.Span
	}
	var done []replaced
	// Forms first, one at a time from the left, since each changes the places of the others.
	for range 64 {
		t := newTarget(target)
		occs, places := t.standings(entries, ms)
		changed := false
		for k, o := range occs {
			if o.kind == exact {
				continue
			}
			form, src := replacement(ms, places, k, o)
			got := o.span.Of(target)
			if form == got {
				continue
			}
			if o.first == 0 || atSentenceStart(target, o.span.Start) {
				form = capitalizeLike(got, form)
			}
			target = target[:o.span.Start] + form + target[o.span.End:]
			if o.kind == forbidden || o.kind == copied && !o.entry.left() {
				done = append(done, replaced{got, o.entry.term, src})
			}
			changed = true
			break
		}
		if !changed {
			break
		}
	}
	target = g.tidy(target, ms, entries)
	if len(done) == 0 {
		return target, nil
	}
	spans := make(map[segment.Span]segment.Span)
	g.Locate(target, ms, func(i int, s segment.Span) { spans[ms[i].Span] = s })
	var list []Problem
	for _, d := range done {
		list = append(list, Problem{Rule: RuleRepaired, Term: d.term, Source: d.src, Target: spans[d.src],
			Message: fmt.Sprintf("the backend wrote %q; it was replaced by %q", d.was, d.term.Target)})
	}
	return target, list
}

// replacement is the form that takes the place of a wrong one.
func replacement(ms []Match, places []int, k int, o occurrence) (string, segment.Span) {
	if o.kind == loose {
		if o.plural {
			return Plural(o.form.text), sourceOf(ms, places, k, o.entry)
		}
		return o.form.text, sourceOf(ms, places, k, o.entry)
	}
	for i := range ms {
		if places[i] < 0 && sameGroup(ms[i].entry, o.entry) {
			return ms[i].Target, ms[i].Span
		}
	}
	for i := range ms {
		if sameGroup(ms[i].entry, o.entry) {
			return ms[i].Target, ms[i].Span
		}
	}
	return o.entry.term.Target, segment.Span{}
}

// left reports whether the entry's own words stay in the text for the backend,
// so that it is no fault of the backend if they come back.
func (e *entry) left() bool {
	m := Match{Term: e.term, entry: e}
	return m.strategy() == StrategyLeave
}

// capitalizeLike gives form the capital that got has at the start of a sentence.
func capitalizeLike(got, form string) string {
	if startsUpper(got) {
		return capitalize(form)
	}
	return form
}

// tidy collapses and sets articles until nothing changes any more: an article
// that goes may leave two names side by side.
func (g *Glossary) tidy(target string, ms []Match, entries []*entry) string {
	for range 16 {
		t := newTarget(target)
		occs := t.occurrences(entries)
		edits := t.mirrored(occs, ms)
		if len(edits) == 0 {
			places := assign(ms, occs)
			for k, o := range occs {
				if o.kind > loose {
					continue
				}
				if e, ok := t.articleEdit(o, matchAt(ms, places, k)); ok {
					edits = append(edits, e)
				}
			}
		}
		if len(edits) == 0 {
			break
		}
		target = apply(target, edits)
	}
	return strings.TrimSpace(target)
}
