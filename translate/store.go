package translate

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"depeche/glossary"
	"depeche/segment"
)

// store puts an answer into all pairs of its job and gives the memory's
// entries for them.
func (w *work) store(j *job, r Result) []Entry {
	target, findings := r.Text, r.Findings
	source := w.text.Pairs[j.pairs[0]].Source.Text[j.offset:]
	if j.protected != nil {
		var problems []glossary.Problem
		target, problems = j.protected.Restore(target)
		findings = append(findings, fromProblems(problems)...)
	} else if w.Glossary != nil {
		target = w.Glossary.Collapse(target, j.matches)
	}
	if w.Polish != nil {
		target = w.Polish(source, target)
	}
	target = strings.TrimSpace(target)
	if target != "" {
		target = j.prefix + target
	}
	links := r.Alignment
	if target != r.Text {
		links = nil // the spans are of the raw answer
	}
	var entries []Entry
	for _, i := range j.pairs {
		pair := &w.text.Pairs[i]
		pair.Target = target
		pair.Origin = Origin{Kind: Machine, Backend: w.info.Name, Model: w.info.Model}
		pair.Score, pair.HasScore, pair.Links = r.Score, r.HasScore, links
		pair.Findings = append(pair.Findings, findings...)
		w.terms(pair)
		w.done(pair.Source.Text)
		if Worst(findings) != LevelError && target != "" {
			entries = append(entries, Entry{Query: w.query(i), Target: target, Origin: pair.Origin,
				State: Translated, Document: w.text.Document.Name,
				Score: r.Score, HasScore: r.HasScore, Links: links, Findings: findings})
		}
	}
	return entries
}

// terms marks the glossary's entries in a pair and adds what is wrong with them.
func (w *work) terms(pair *Pair) {
	if w.Glossary == nil {
		return
	}
	matches := w.Glossary.Find(pair.Source.Text, glossary.FindOptions{})
	for _, m := range matches {
		pair.Terms = append(pair.Terms, Term{Source: m.Span, Entry: m.Term.Sources[0], Preferred: m.Target,
			Note: m.Term.Note, Glossary: m.Term.File})
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
	for _, m := range matches {
		if m.Percent >= 100 || w.Adopt > 0 && m.Percent >= w.Adopt {
			w.adopt(pair, m)
			return true, nil
		}
	}
	pair.Matches = matches
	return false, nil
}

// adopt makes a memory match the target of the pair. An entry that this very
// run made keeps its first origin: a run that was interrupted gives the same
// bytes as one that was not.
func (w *work) adopt(pair *Pair, m Match) {
	pair.Target, pair.Origin, pair.State = m.Target, m.Origin, m.State
	pair.Score, pair.HasScore, pair.Links = m.Score, m.HasScore, m.Links
	pair.Findings = append(pair.Findings, m.Findings...)
	if m.Origin.Kind != Machine || m.Percent < 100 {
		pair.Origin.Kind, pair.Origin.Match = Memory, m.Percent
	}
	if m.Percent < 100 {
		pair.State = Initial
	}
	w.terms(pair)
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
// was said of them: after an edit, or with another glossary.
func CheckTerms(b *Bitext, g *glossary.Glossary) {
	w := &work{Pipeline: &Pipeline{Glossary: g}, text: b}
	for i := range b.Pairs {
		pair := &b.Pairs[i]
		pair.Terms = nil
		pair.Findings = slices.DeleteFunc(pair.Findings, func(f Finding) bool { return glossary.IsRule(f.Rule) })
		if pair.Target != "" {
			w.terms(pair)
		}
	}
}
