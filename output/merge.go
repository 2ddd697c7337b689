package output

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"depeche/segment"
	"depeche/translate"
)

// Merge puts an editor's rows into bitexts, joined by document and segment ID,
// and gives for each the indexes of the pairs that changed: they are reviewed,
// or final where the editor said so, and of human origin. If any row is
// unknown, missing, doubled, empty or made from another source, the error
// names all of them with their places and nothing changes.
func Merge(texts []*translate.Bitext, edits []Edit, by string, when time.Time) ([][]int, error) {
	m := merger{byName: make(map[string]*merging)}
	for _, b := range texts {
		m.add(b, len(texts) == 1)
	}
	for k := range edits {
		m.row(&edits[k])
	}
	for _, d := range m.documents {
		m.missing(d)
	}
	if len(m.problems) > 0 {
		return nil, errors.Join(m.problems...)
	}
	changed := make([][]int, len(texts))
	for n, d := range m.documents {
		for i, e := range d.rows {
			if mergeOne(&d.b.Pairs[i], e, by, when) {
				changed[n] = append(changed[n], i)
			}
		}
	}
	return changed, nil
}

// merger joins rows to pairs and gathers what does not fit.
type merger struct {
	documents []*merging
	byName    map[string]*merging
	problems  []error
}

// merging is a bitext with the row of each of its pairs.
type merging struct {
	b     *translate.Bitext
	index map[string]int // of pairs by segment ID
	rows  []*Edit
}

func (m *merger) add(b *translate.Bitext, alone bool) {
	d := &merging{b: b, index: make(map[string]int, len(b.Pairs)), rows: make([]*Edit, len(b.Pairs))}
	for i := range b.Pairs {
		d.index[b.Pairs[i].Source.ID] = i
	}
	m.documents = append(m.documents, d)
	if !alone {
		m.byName[b.Document.Name] = d
	}
}

func (m *merger) problem(place, format string, args ...any) {
	m.problems = append(m.problems, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}

func (m *merger) row(e *Edit) {
	d := m.documents[0] // whatever name a tool gave it
	if len(m.documents) > 1 {
		if d = m.byName[e.Document]; d == nil {
			m.problem(e.Place, "no document is called %q", e.Document)
			return
		}
	}
	i, known := d.index[e.ID]
	switch {
	case !known:
		m.problem(e.Place, "segment %q is not in %s", e.ID, d.b.Document.Name)
		return
	case d.rows[i] != nil:
		m.problem(e.Place, "segment %s stands a second time; first at %s", e.ID, d.rows[i].Place)
		return
	}
	d.rows[i] = e
	p := &d.b.Pairs[i]
	if sameWords(e.Source) != sameWords(p.Source.Text) {
		m.problem(e.Place, "the source of segment %s is another one than in %s: %q", e.ID, d.b.Document.Name, e.Source)
	}
	if e.Target == "" && p.Target != "" {
		m.problem(e.Place, "segment %s has lost its target", e.ID)
	}
	if e.State != "" && parseState(string(e.State)) == "" {
		m.problem(e.Place, "segment %s has the status %q; there are initial, translated, reviewed and final", e.ID, e.State)
	}
}

func (m *merger) missing(d *merging) {
	repeatFollows(d.b, d.rows)
	for i := range d.b.Pairs {
		if d.rows[i] == nil {
			m.problem(d.b.Document.Name, "segment %s is missing in what came back: %q", d.b.Pairs[i].Source.ID, d.b.Pairs[i].Source.Text)
		}
	}
}

// stateRank orders the states by how far a translation has come.
var stateRank = map[translate.State]int{translate.Initial: 0, translate.Translated: 1, translate.Reviewed: 2, translate.Final: 3}

// mergeOne reports whether the row changes the pair. A state that is higher
// than the pair's is the editor's word that the target is right; initial sends
// it back to be done again; anything else is what a tool makes of all rows.
func mergeOne(p *translate.Pair, e *Edit, by string, when time.Time) bool {
	state := parseState(string(e.State))
	if e.State == "" {
		state = p.State
	}
	confirmed := stateRank[state] > stateRank[p.State] && p.Target != ""
	edited := trimmed(e.Target) != trimmed(p.Target) && trimmed(e.Target) != plainSpaces.Replace(trimmed(p.Target))
	changed := e.Comment != nil && !slices.Equal(strings.Fields(clean(*e.Comment)), strings.Fields(clean(p.Comment)))
	if changed {
		p.Comment = *e.Comment
	}
	if !edited && !confirmed {
		if state == translate.Initial && p.State != translate.Initial {
			p.State, changed = translate.Initial, true
		}
		return changed
	}
	if edited {
		p.Target = e.Target
		// What was known of the old words holds no longer.
		p.Links, p.Findings, p.HasScore, p.Score = nil, nil, false, 0
		for k := range p.Terms {
			p.Terms[k].Target = segment.Span{}
			if at := strings.Index(p.Target, p.Terms[k].Preferred); at >= 0 && p.Terms[k].Preferred != "" {
				p.Terms[k].Target = segment.Span{Start: at, End: at + len(p.Terms[k].Preferred)}
			}
		}
	}
	if p.State = translate.Reviewed; state == translate.Final {
		p.State = translate.Final
	}
	p.Origin = translate.Origin{Kind: translate.Human, By: by, Time: when}
	return true
}

// plainSpaces makes of spaces that hold words together the plain ones that
// some programs save in their place.
var plainSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ")

// trimmed is a text as any of the documents can hold it.
func trimmed(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(clean(s), "\r\n", "\n"))
}

// repeatFollows gives the repeated headline, which print leaves out, the row
// of the headline where the two had one translation.
func repeatFollows(b *translate.Bitext, rows []*Edit) {
	headline := -1
	for i := range b.Pairs {
		switch b.Document.Blocks[b.Pairs[i].Block].Kind {
		case segment.Headline:
			headline = i
		case segment.Repeat:
			if rows[i] == nil && headline >= 0 && rows[headline] != nil {
				e := *rows[headline]
				if b.Pairs[i].Target != b.Pairs[headline].Target {
					e.Target, e.State = b.Pairs[i].Target, ""
				}
				e.Comment = nil
				rows[i] = &e
			}
		}
	}
}

// sameWords folds what office programs change by themselves: kinds of
// quotation marks, apostrophes and spaces.
func sameWords(s string) string {
	s = clean(s)
	for _, f := range [][2]string{{"\u201c", `"`}, {"\u201d", `"`}, {"\u201e", `"`}, {"\u00ab", `"`}, {"\u00bb", `"`}, {"\u2018", "'"}, {"\u2019", "'"}, {"\u2026", "..."}} {
		s = strings.ReplaceAll(s, f[0], f[1])
	}
	return strings.Join(strings.Fields(s), "") // a French space inside « » may come or go
}
