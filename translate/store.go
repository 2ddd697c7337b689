package translate

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"depeche/glossary"
	"depeche/segment"
)

// answer is a backend's answer, restored and in the typography of its language.
type answer struct {
	Result
	target   string
	findings []Finding
	problems []glossary.Problem // of the glossary, in the target as it would stand
}

func (a *answer) lacksTerm() bool {
	return slices.ContainsFunc(a.problems, func(p glossary.Problem) bool {
		return p.Rule == glossary.RuleMissing || p.Rule == glossary.RuleCopied || p.Rule == glossary.RuleForbidden
	})
}

func (a *answer) errors() int {
	n := 0
	for _, p := range a.problems {
		if p.Error {
			n++
		}
	}
	if a.target == "" {
		n += 1000
	}
	return n
}

// finish makes the target of a backend's answer.
func (w *work) finish(p *glossary.Protected, j *job, r Result) *answer {
	a := &answer{Result: r, target: r.Text, findings: r.Findings}
	var repaired []glossary.Problem
	switch {
	case p != nil:
		var links []glossary.Link
		for _, l := range r.Alignment {
			links = append(links, glossary.Link{Source: l.Source, Target: l.Target})
		}
		a.target, repaired = p.RestoreAligned(r.Text, links)
	case w.Glossary != nil:
		a.target, repaired = w.Glossary.Repair(r.Text, j.matches)
	}
	a.findings = append(a.findings, fromProblems(repaired)...)
	if w.Polish != nil {
		a.target = w.Polish(j.source, a.target)
	}
	if a.target = strings.TrimSpace(a.target); a.target != "" {
		a.target = j.prefix + a.target
	}
	if a.target != r.Text {
		// The spans are of the raw answer.
		a.Alignment = nil
		for i := range a.findings {
			a.findings[i].Target = segment.Span{}
		}
	}
	if w.Glossary != nil {
		a.problems = w.Glossary.Check(j.source, a.target, j.matches)
	}
	return a
}

// store puts the job's answer into all its pairs and gives the memory's
// entries for them.
func (w *work) store(j *job) []Entry {
	var entries []Entry
	for _, i := range j.pairs {
		pair := &w.text.Pairs[i]
		pair.Target = j.answer.target
		pair.Origin = Origin{Kind: Machine, Backend: cmp.Or(j.answer.Backend, w.info.Name), Model: cmp.Or(j.answer.Model, w.info.Model)}
		pair.Score, pair.HasScore, pair.Links = j.answer.Score, j.answer.HasScore, j.answer.Alignment
		pair.Findings = append(pair.Findings, j.answer.findings...)
		w.terms(i)
		w.done(pair.Source.Text)
		if pair.Target != "" {
			// A doubtful answer is kept too: it was paid for, and only this very
			// backend with the same settings gets it back, with its findings.
			state := Translated
			if Worst(j.answer.findings) == LevelError {
				state = Initial
			}
			entries = append(entries, Entry{Query: w.query(i), Target: pair.Target, Origin: pair.Origin,
				State: state, Document: w.text.Document.Name,
				Score: pair.Score, HasScore: pair.HasScore, Links: pair.Links, Findings: j.answer.findings})
		}
	}
	return entries
}

// terms marks the glossary's entries in pair i and adds what is wrong with them.
func (w *work) terms(i int) {
	if w.Glossary == nil {
		return
	}
	pair := &w.text.Pairs[i]
	matches := w.Glossary.Find(pair.Source.Text, w.around(i))
	for _, m := range matches {
		pair.Terms = append(pair.Terms, Term{Source: m.Span, Entry: m.Term.Sources[0], Preferred: m.Target,
			Note: m.Term.Note, Glossary: filepath.Base(m.Term.File)})
	}
	w.Glossary.Locate(pair.Target, matches, func(i int, span segment.Span) { pair.Terms[i].Target = span })
	pair.Findings = append(pair.Findings, fromProblems(w.Glossary.Check(pair.Source.Text, pair.Target, matches))...)
}

// fromProblems makes findings of a glossary's problems.
func fromProblems(problems []glossary.Problem) []Finding {
	var list []Finding
	for _, p := range problems {
		f := Finding{Rule: p.Rule, Level: LevelWarning, Message: p.Message, Source: p.Source,
			Target: p.Target, Suggestion: p.Suggestion}
		if p.Error {
			f.Level = LevelError
		}
		list = append(list, f)
	}
	return list
}

// recall asks the memory for pair i and takes an exact match, or a fuzzy one
// above the user's threshold.
func (w *work) recall(ctx context.Context, i int) (bool, error) {
	if w.Memory == nil {
		return false, nil
	}
	matches, err := w.Memory.Lookup(ctx, w.query(i))
	if err != nil {
		return false, err
	}
	pair := &w.text.Pairs[i]
	for k, m := range matches {
		if m.Percent >= 100 && m.Origin.Kind == Machine && m.Source != pair.Source.Text && w.Documents[m.Document] {
			// This run's answer for a text with other quotation marks: whether it
			// came first is chance, and no run may depend on it.
			continue
		}
		if m.Percent >= 100 || w.Adopt > 0 && m.Percent >= w.Adopt {
			w.adopt(i, m)
			if w.counts != nil {
				w.counts.Used(m.Entry)
			}
			if m.Percent >= 100 && m.Origin.Kind == Machine {
				// The run that asked the backend was offered these too.
				pair.Matches = append(pair.Matches, slices.DeleteFunc(matches[k+1:], func(m Match) bool { return m.Percent >= 100 })...)
			}
			return true, nil
		}
	}
	pair.Matches = append(pair.Matches, slices.DeleteFunc(matches, func(m Match) bool { return m.Percent >= 100 })...)
	return false, nil
}

// adopt makes a memory match the target of pair i. An entry that this very
// run made keeps its first origin: a run that was interrupted gives the same
// bytes as one that was not.
func (w *work) adopt(i int, m Match) {
	pair := &w.text.Pairs[i]
	pair.Target, pair.Origin, pair.State = m.Target, m.Origin, m.State
	pair.Score, pair.HasScore, pair.Links = m.Score, m.HasScore, m.Links
	pair.Findings = append(pair.Findings, m.Findings...)
	if m.Origin.Kind != Machine || m.Percent < 100 {
		pair.Origin.Kind, pair.Origin.Match = Memory, m.Percent
	}
	if m.Percent < 100 {
		pair.State = Initial
	}
	w.terms(i)
}

// query asks for pair i in its context.
func (w *work) query(i int) Query {
	fuzzy := w.Fuzzy
	if fuzzy == 0 {
		fuzzy = 70
	}
	return Query{
		From: w.text.Document.Lang.String(), To: w.text.Lang.String(),
		Source:   w.text.Pairs[i].Source.Text,
		Previous: w.neighbour(i, -1), Next: w.neighbour(i, +1),
		Backend: w.info.Name, Model: w.info.Model, Settings: w.info.Settings + w.Settings,
		Glossary: w.text.Run.Glossary, Fuzzy: fuzzy, Limit: 3,
	}
}

func hasLetter(s string) bool {
	return strings.ContainsFunc(s, unicode.IsLetter)
}

// CheckTerms finds the glossary's terms in all pairs anew and replaces what
// was said of them: after an edit, or with another glossary. Terms of a glossary
// that is not at hand stay, with a finding where their targets do not.
func CheckTerms(b *Bitext, g *glossary.Glossary) {
	w := &work{Pipeline: &Pipeline{Glossary: g}, text: b}
	for i := range b.Pairs {
		pair := &b.Pairs[i]
		// The lists may be shared with the pair that this one is a copy of.
		old := slices.DeleteFunc(slices.Clone(pair.Terms), func(t Term) bool { return g.Holds(t.Glossary) })
		pair.Terms = nil
		pair.Findings = slices.DeleteFunc(slices.Clone(pair.Findings), func(f Finding) bool { return glossary.IsRule(f.Rule) })
		if pair.Target == "" {
			continue
		}
		w.terms(i)
		for _, t := range old {
			overlaps := func(o Term) bool { return o.Source.Start < t.Source.End && t.Source.Start < o.Source.End }
			switch {
			case slices.ContainsFunc(pair.Terms, overlaps):
			case t.stands(pair.Target):
				pair.Terms = append(pair.Terms, t)
			default:
				t.Target = segment.Span{}
				pair.Terms = append(pair.Terms, t)
				pair.Findings = append(pair.Findings, Finding{Rule: glossary.RuleMissing, Level: LevelWarning, Source: t.Source, Suggestion: t.Preferred,
					Message: fmt.Sprintf("%s wants %s, which is not in the translation (%s is not at hand)", t.Source.Of(pair.Source.Text), t.Preferred, t.Glossary)})
			}
		}
		slices.SortStableFunc(pair.Terms, func(a, b Term) int { return a.Source.Start - b.Source.Start })
	}
}

// stands finds the term's target, or a form that begins like it, in a text that
// may have been edited, and reports whether it is there.
func (t *Term) stands(target string) bool {
	if !t.Target.Empty() && t.Target.End <= len(target) && alike(t.Target.Of(target), t.Preferred) {
		return true
	}
	at := strings.Index(target, t.Preferred)
	if at < 0 || t.Preferred == "" {
		return false
	}
	t.Target = segment.Span{Start: at, End: at + len(t.Preferred)}
	return true
}

// alike reports whether two forms begin with the same three letters, or the same
// word where that is shorter.
func alike(a, b string) bool {
	n := min(3, len(a), len(b))
	return n > 0 && strings.EqualFold(a[:n], b[:n])
}
