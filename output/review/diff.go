// Package review shows what changed between two translations of a document
// and serves the page on which editors correct one.
package review

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"depeche/output/review/score"
	"depeche/translate"
	"depeche/translate/quantity"
)

// Kind says what happened to a segment.
type Kind string

// The kinds of changes.
const (
	Retranslated Kind = "target"  // the source is the same, the target is another
	Edited       Kind = "source"  // the source was edited, and perhaps the target
	Moved        Kind = "moved"   // nothing changed but the place
	Split        Kind = "split"   // one source became several
	Merged       Kind = "merged"  // several sources became one
	Added        Kind = "added"   // the source is new
	Removed      Kind = "removed" // the source is gone
	Status       Kind = "status"  // the texts are the same; state, origin or comment is not
)

// Side is a segment as it stands in one of the two translations.
type Side struct {
	Index   int    `json:"index"` // from 1
	ID      string `json:"id"`
	Source  string `json:"source"`
	Target  string `json:"target"`
	State   string `json:"state"`
	Origin  string `json:"origin"`
	Comment string `json:"comment,omitempty"`
}

// Op is a run of text that both sides have ("="), the old one ("-") or the
// new one ("+").
type Op struct {
	Op   string `json:"op"`
	Text string `json:"text"`
}

// Notable is a number, name or term that changed. Old or New is empty where
// it was added or lost.
type Notable struct {
	Kind string `json:"kind"` // "number", "name" or "term"
	Old  string `json:"old,omitempty"`
	New  string `json:"new,omitempty"`
}

// Change is one difference. A split or merged segment has several sides, an
// added one no old side.
type Change struct {
	Kind    Kind      `json:"kind"`
	Moved   bool      `json:"moved,omitempty"` // it stands elsewhere, too
	Old     []Side    `json:"old,omitempty"`
	New     []Side    `json:"new,omitempty"`
	Source  []Op      `json:"source,omitempty"` // word by word, where the source changed
	Target  []Op      `json:"target,omitempty"` // word by word
	Notable []Notable `json:"notable,omitempty"`
	Why     []string  `json:"why,omitempty"`
}

// Document is the part of the differences that one document has.
type Document struct {
	Name    string   `json:"name"`
	Old     int      `json:"old"` // segments
	New     int      `json:"new"`
	Changes []Change `json:"changes"`
}

// Summary counts over all documents.
type Summary struct {
	Old           int          `json:"old"` // segments
	New           int          `json:"new"`
	Changed       int          `json:"changed"` // changes of any kind
	Kinds         map[Kind]int `json:"kinds"`
	WordsInserted int          `json:"words_inserted"` // in targets
	WordsDeleted  int          `json:"words_deleted"`
	TER           float64      `json:"ter"`         // of the old targets against the new ones
	ChrF2         float64      `json:"chrf2"`       // likewise; 100 for equal texts
	PostEdited    float64      `json:"post_edited"` // percentage of new segments that an editor made
}

// Differences are the result of Diff.
type Differences struct {
	Documents []Document `json:"documents"`
	Summary   Summary    `json:"summary"`
}

// Same reports that nothing differs.
func (d *Differences) Same() bool { return d.Summary.Changed == 0 }

// Diff compares two translations of the same documents. Documents are joined
// by name, or as they come where each side has one; segments by ID, and where
// the source changed by the best alignment of sources.
func Diff(old, new []*translate.Bitext) *Differences {
	d := &Differences{Documents: []Document{}, Summary: Summary{Kinds: make(map[Kind]int)}}
	var before, after []string
	human := 0
	for _, p := range documents(old, new) {
		doc := Document{Name: name(p.old, p.new), Changes: []Change{}}
		doc.Old, doc.New = size(p.old), size(p.new)
		d.Summary.Old += doc.Old
		d.Summary.New += doc.New
		for _, l := range align(p.old, p.new) {
			oldText, newText := joined(p.old, l.old), joined(p.new, l.new)
			if oldText != "" || newText != "" {
				before, after = append(before, oldText), append(after, newText)
			}
			if c, ok := describe(p.old, p.new, l); ok {
				doc.Changes = append(doc.Changes, c)
				d.Summary.Kinds[c.Kind]++
				d.Summary.Changed++
				inserted, deleted := words(c.Target)
				d.Summary.WordsInserted += inserted
				d.Summary.WordsDeleted += deleted
			}
		}
		if p.new != nil {
			for i := range p.new.Pairs {
				if p.new.Pairs[i].Origin.Kind == translate.Human {
					human++
				}
			}
		}
		d.Documents = append(d.Documents, doc)
	}
	d.Summary.ChrF2 = 100
	if c, err := score.NewCorpus(before, after); err == nil && d.Summary.WordsInserted+d.Summary.WordsDeleted > 0 {
		d.Summary.ChrF2, d.Summary.TER = c.Score(1), c.Score(2)
	}
	if d.Summary.New > 0 {
		d.Summary.PostEdited = 100 * float64(human) / float64(d.Summary.New)
	}
	return d
}

type documentPair struct{ old, new *translate.Bitext }

// documents joins by file name without extension; a single document joins
// whatever its name.
func documents(old, new []*translate.Bitext) []documentPair {
	if len(old) == 1 && len(new) == 1 {
		return []documentPair{{old[0], new[0]}}
	}
	var out []documentPair
	used := make([]bool, len(new))
	for _, a := range old {
		p := documentPair{old: a}
		for j, b := range new {
			if !used[j] && stem(a) == stem(b) {
				p.new, used[j] = b, true
				break
			}
		}
		out = append(out, p)
	}
	for j, b := range new {
		if !used[j] {
			out = append(out, documentPair{new: b})
		}
	}
	return out
}

func stem(b *translate.Bitext) string {
	base := path.Base(strings.ReplaceAll(b.Document.Name, `\`, "/"))
	return strings.TrimSuffix(base, path.Ext(base))
}

func name(old, new *translate.Bitext) string {
	if new != nil {
		return new.Document.Name
	}
	return old.Document.Name
}

func size(b *translate.Bitext) int {
	if b == nil {
		return 0
	}
	return len(b.Pairs)
}

func joined(b *translate.Bitext, indices []int) string {
	var parts []string
	for _, i := range indices {
		parts = append(parts, b.Pairs[i].Target)
	}
	return strings.Join(parts, " ")
}

func joinedSource(b *translate.Bitext, indices []int) string {
	var parts []string
	for _, i := range indices {
		parts = append(parts, b.Pairs[i].Source.Text)
	}
	return strings.Join(parts, " ")
}

func side(b *translate.Bitext, i int) Side {
	p := &b.Pairs[i]
	return Side{Index: i + 1, ID: p.Source.ID, Source: p.Source.Text, Target: p.Target, State: string(p.State), Origin: originText(p.Origin), Comment: p.Comment}
}

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
	terms := termsOf(old, l.old)
	for _, t := range termsOf(new, l.new) {
		if !slices.Contains(terms, t) {
			terms = append(terms, t)
		}
	}
	add("term", standing(terms, oldTarget), standing(terms, newTarget))
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

func termsOf(b *translate.Bitext, indices []int) []string {
	var out []string
	for _, i := range indices {
		for _, t := range b.Pairs[i].Terms {
			if t.Preferred != "" && !slices.Contains(out, t.Preferred) {
				out = append(out, t.Preferred)
			}
			if s := t.Target; !s.Empty() && s.Start >= 0 && s.End <= len(b.Pairs[i].Target) && !slices.Contains(out, s.Of(b.Pairs[i].Target)) {
				out = append(out, s.Of(b.Pairs[i].Target))
			}
		}
	}
	return out
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
