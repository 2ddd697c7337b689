package translate

import (
	"fmt"
	"strings"
)

// Edited reports whether an editor has had a hand in the pair: no new run may
// replace such a target.
func (pair *Pair) Edited() bool {
	return pair.Target != "" && (pair.Origin.Kind == Human || pair.State == Reviewed || pair.State == Final)
}

// keep takes over what editors did in an earlier bitext of the document:
// edited targets and comments stand where the segment is still there. Where
// the source of an edited target changed, the closest new segment gets the old
// translation as a match and a finding that says so. It gives the edited pairs
// that have no place any more.
func (w *work) keep(old *Bitext) (lost []Pair) {
	if old == nil {
		return nil
	}
	at := make(map[string]int, len(w.text.Pairs))
	for i := range w.text.Pairs {
		at[w.text.Pairs[i].Source.ID] = i
	}
	known := make(map[string]bool, len(old.Pairs))
	for i := range old.Pairs {
		known[old.Pairs[i].Source.ID] = true
	}
	for _, o := range old.Pairs {
		i, ok := at[o.Source.ID]
		switch {
		case ok:
			pair := &w.text.Pairs[i]
			pair.Comment = o.Comment
			if o.Edited() {
				pair.Target, pair.State, pair.Origin = o.Target, o.State, o.Origin
				pair.Score, pair.HasScore, pair.Links = o.Score, o.HasScore, o.Links
				w.terms(i)
				w.done(pair.Source.Text)
			} else {
				pair.carry(&o)
			}
		case o.Edited():
			i, percent := w.closest(o.Source.Text, known)
			if percent < 40 {
				lost = append(lost, o)
				continue
			}
			pair := &w.text.Pairs[i]
			pair.Matches = append(pair.Matches, Match{Source: o.Source.Text, Target: o.Target, Percent: percent, Origin: o.Origin, State: o.State})
			if o.Comment != "" && pair.Comment == "" {
				pair.Comment = o.Comment
			}
			pair.Findings = append(pair.Findings, Finding{Rule: ruleSourceChanged, Level: LevelWarning,
				Message: fmt.Sprintf("the source changed after an edit; it was %q, edited as %q", o.Source.Text, o.Target)})
		}
	}
	return lost
}

const ruleSourceChanged = "source-changed"

// carry takes over what an earlier run said of an edit that lost its source,
// until somebody has edited the segment again.
func (pair *Pair) carry(old *Pair) {
	for _, f := range old.Findings {
		if f.Rule != ruleSourceChanged {
			continue
		}
		pair.Findings = append(pair.Findings, f)
		for _, m := range old.Matches {
			if strings.HasSuffix(f.Message, fmt.Sprintf("edited as %q", m.Target)) {
				pair.Matches = append(pair.Matches, m)
				break
			}
		}
	}
}

// closest finds the new segment, among those that the earlier bitext does not
// have, whose words are most like the text's.
func (w *work) closest(text string, known map[string]bool) (at, percent int) {
	words := strings.Fields(strings.ToLower(text))
	count := make(map[string]int, len(words))
	for _, x := range words {
		count[x]++
	}
	for i := range w.text.Pairs {
		if known[w.text.Pairs[i].Source.ID] {
			continue
		}
		other := strings.Fields(strings.ToLower(w.text.Pairs[i].Source.Text))
		left, shared := make(map[string]int, len(count)), 0
		for x, n := range count {
			left[x] = n
		}
		for _, x := range other {
			if left[x] > 0 {
				left[x]--
				shared++
			}
		}
		if p := 200 * shared / max(1, len(words)+len(other)); p > percent {
			at, percent = i, min(p, 99)
		}
	}
	return at, percent
}
