package review

import (
	"fmt"
	"slices"
	"strings"

	"depeche/translate"
)

// originText says in a few words where a target comes from.
func originText(o translate.Origin) string {
	s := string(o.Kind)
	var more []string
	for _, part := range []string{o.Backend, o.Model, o.By} {
		if part != "" {
			more = append(more, part)
		}
	}
	if o.Kind == translate.Memory && o.Match > 0 {
		more = append(more, fmt.Sprintf("%d %%", o.Match))
	}
	if len(more) > 0 {
		s += " (" + strings.Join(more, ", ") + ")"
	}
	return s
}

// describe says what became of aligned segments; ok is false if nothing did.
func describe(old, new *translate.Bitext, l link) (c Change, ok bool) {
	for _, i := range l.old {
		c.Old = append(c.Old, side(old, i))
	}
	for _, j := range l.new {
		c.New = append(c.New, side(new, j))
	}
	oldSource, newSource := joinedSource(old, l.old), joinedSource(new, l.new)
	oldTarget, newTarget := joined(old, l.old), joined(new, l.new)
	c.Moved = l.moved
	switch {
	case len(l.old) == 0:
		c.Kind = Added
	case len(l.new) == 0:
		c.Kind = Removed
	case len(l.new) > 1:
		c.Kind = Split
	case len(l.old) > 1:
		c.Kind = Merged
	case folded(oldSource) != folded(newSource):
		c.Kind = Edited
	case oldTarget != newTarget:
		c.Kind = Retranslated
	case l.moved:
		c.Kind, c.Moved = Moved, false
	case c.Old[0].State != c.New[0].State || c.Old[0].Comment != c.New[0].Comment || c.Old[0].Origin != c.New[0].Origin:
		c.Kind = Status
	default:
		return c, false
	}
	if oldSource != newSource && len(l.old) > 0 && len(l.new) > 0 && folded(oldSource) != folded(newSource) {
		c.Source = Words(oldSource, newSource)
	}
	if oldTarget != newTarget {
		c.Target = Words(oldTarget, newTarget)
		c.Notable = notable(old, new, l, oldTarget, newTarget)
	}
	c.Why = why(old, new, l, c.Kind)
	return c, true
}

func folded(s string) string { return strings.Join(strings.Fields(s), " ") }

// why gives the reasons that the two files tell, "" for none.
func why(old, new *translate.Bitext, l link, kind Kind) []string {
	if len(l.old) == 0 || len(l.new) == 0 {
		return nil
	}
	var out []string
	add := func(format string, args ...any) {
		if s := fmt.Sprintf(format, args...); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	a, b := &old.Pairs[l.old[0]], &new.Pairs[l.new[0]]
	for _, j := range l.new {
		if p := &new.Pairs[j]; p.Origin.Kind == translate.Human && (a.Origin.Kind != translate.Human || a.Target != p.Target) {
			if p.Origin.By != "" {
				add("edited by %s", p.Origin.By)
			} else {
				add("edited by hand")
			}
		}
	}
	if kind == Edited || kind == Split || kind == Merged {
		add("the source changed")
	}
	if kind == Status {
		if a.State != b.State {
			add("state: %s → %s", a.State, b.State)
		}
		if a.Comment != b.Comment {
			add("comment: %s", b.Comment)
		}
	}
	if b.Origin.Kind == translate.Human {
		return out
	}
	if b.Origin.Kind == translate.Memory && (a.Origin.Kind != translate.Memory || a.Target != b.Target) {
		add("from the memory (%d %%)", b.Origin.Match)
	}
	oldBackend, newBackend := backendOf(a, &old.Run), backendOf(b, &new.Run)
	if oldBackend[0] != newBackend[0] {
		add("backend: %s → %s", orNone(oldBackend[0]), orNone(newBackend[0]))
	} else if oldBackend[1] != newBackend[1] {
		add("model: %s → %s", orNone(oldBackend[1]), orNone(newBackend[1]))
	}
	if a.Target != b.Target {
		if old.Run.Glossary != new.Run.Glossary {
			add("the glossary changed")
		}
		if len(out) == 0 && old.Run.Tool != new.Run.Tool {
			add("program: %s → %s", orNone(old.Run.Tool), orNone(new.Run.Tool))
		}
	}
	return out
}

// backendOf is the backend and model of a pair, the run's where the pair names
// none.
func backendOf(p *translate.Pair, run *translate.Run) [2]string {
	switch p.Origin.Kind {
	case translate.Source, translate.Converted, translate.None, translate.Human:
		return [2]string{string(p.Origin.Kind)}
	}
	out := [2]string{p.Origin.Backend, p.Origin.Model}
	if out[0] == "" {
		out = [2]string{run.Backend, run.Model}
	}
	return out
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
