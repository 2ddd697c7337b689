package review

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"depeche/translate"
)

// request is a change as the page asks for it. Key is the page's own number
// for it: the same request sent twice is done once.
type request struct {
	Key      string `json:"key"`
	Op       string `json:"op"` // "save", "split", "merge", "undo"
	Tab      string `json:"tab"`
	File     int    `json:"file"`
	Document int    `json:"document"`
	ID       string `json:"id"`
	Base     string `json:"base"` // the revision that the editor saw
	Of       string `json:"of"`   // the key of the change that an undo takes back; "" is the last one
	Target   string `json:"target"`
	State    string `json:"state"`
	Comment  string `json:"comment"`
	SourceAt int    `json:"sourceAt"` // of a split, in UTF-16 units
	TargetAt int    `json:"targetAt"`
}

// conflict says that a segment is not what the editor saw any more.
type conflict struct{ now *translate.Pair } // nil: it is gone

func (c *conflict) Error() string {
	if c.now == nil {
		return "the segment is gone: the file has changed"
	}
	return "the segment was changed elsewhere meanwhile"
}

// undo restores what a change replaced.
type undo struct {
	tab, key string
	document int
	before   []translate.Pair
	after    []string // IDs, in order
	revs     []string // their revisions
	human    bool     // the memory got an editor's entry
}

// historyLimit bounds what can be undone.
const historyLimit = 1000

// outcome is what a change did.
type outcome struct {
	ID        string // the segment to look at
	Touched   []string
	Structure bool // segments were split or joined
}

// build makes the change that the request asks for. The outcome is filled
// when it is applied.
func (s *server) build(r request, out *outcome) *change {
	c := &change{}
	c.apply = func(f *file) error {
		if r.Document < 0 || r.Document >= len(f.texts) {
			return &conflict{}
		}
		b := f.texts[r.Document]
		if r.Op == "undo" {
			return s.undo(f, r, c, out)
		}
		at := find(b, r.ID)
		if at < 0 {
			return &conflict{}
		}
		p := &b.Pairs[at]
		out.ID = r.ID
		if r.Op == "save" && p.Target == r.Target && string(p.State) == r.State && p.Comment == r.Comment {
			if p.Target != "" { // in the file already; the memory may have failed
				c.entries = []translate.Entry{Entry(b, at)}
			}
			return nil
		}
		if revision(p) != r.Base {
			now := *p
			return &conflict{&now}
		}
		n, after, err := 1, []translate.Pair(nil), error(nil)
		switch r.Op {
		case "save":
			after, err = s.edited(p, r)
		case "split":
			after, err = split(b, at, r)
			out.Structure = true
		case "merge":
			n = 2
			after, err = merge(b, at)
			out.Structure = true
		default:
			err = fmt.Errorf("unknown operation %q", r.Op)
		}
		if err != nil {
			return err
		}
		u := undo{tab: r.Tab, key: r.Key, document: r.Document, before: slices.Clone(b.Pairs[at : at+n])}
		replace(b, at, n, after)
		for i := range after {
			q := &b.Pairs[at+i]
			s.check(b, q)
			u.after, u.revs = append(u.after, q.Source.ID), append(u.revs, revision(q))
		}
		c.places = s.consistency(b, r.Document, at)
		out.Touched = u.after
		if r.Op == "save" && b.Pairs[at].Target != "" {
			c.entries = []translate.Entry{Entry(b, at)}
			u.human = b.Pairs[at].Origin.Kind == translate.Human
		}
		f.history = append(f.history, u)
		if len(f.history) > historyLimit {
			f.history = f.history[1:]
		}
		out.ID = after[0].Source.ID
		c.changed = true
		return nil
	}
	return c
}

// edited is the pair with what the editor wrote.
func (s *server) edited(p *translate.Pair, r request) ([]translate.Pair, error) {
	switch translate.State(r.State) {
	case translate.Initial, translate.Translated, translate.Reviewed, translate.Final:
	default:
		return nil, fmt.Errorf("unknown state %q", r.State)
	}
	if !utf8.ValidString(r.Target) || !utf8.ValidString(r.Comment) {
		return nil, fmt.Errorf("the text is no valid UTF-8")
	}
	e := *p
	e.Comment, e.State = r.Comment, translate.State(r.State)
	if r.Target != p.Target {
		// A block's text is on one line.
		e.Target = strings.Join(strings.FieldsFunc(r.Target, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }), " ")
		e.Matches = keepMachine(p)
		e.Origin = translate.Origin{Kind: translate.Human, By: s.Editor, Time: time.Now().UTC().Truncate(time.Second)}
		e.Links, e.Score, e.HasScore = nil, 0, false
	}
	return []translate.Pair{e}, nil
}

// keepMachine is the pair's matches with the machine's own translation among
// them, so that it can be compared with the edit later.
func keepMachine(p *translate.Pair) []translate.Match {
	if p.Target == "" || p.Origin.Kind != translate.Machine && p.Origin.Kind != translate.Memory || kept(p) != "" {
		return p.Matches
	}
	m := translate.Match{Source: p.Source.Text, Target: p.Target, Percent: 100, Origin: p.Origin, State: p.State}
	return append([]translate.Match{m}, p.Matches...)
}

// machineTarget is what a backend made of the pair before it was edited, ""
// if that is not known.
func machineTarget(p *translate.Pair) string {
	if p.Origin.Kind == translate.Machine {
		return p.Target
	}
	return kept(p)
}

// kept is the machine's translation among the matches.
func kept(p *translate.Pair) string {
	for _, m := range p.Matches {
		if m.Origin.Kind != translate.Human && m.Source == p.Source.Text && m.Percent >= 100 {
			return m.Target
		}
	}
	return ""
}

// undo takes back the last change that a tab made in the document, if the
// segments are still as that change left them.
func (s *server) undo(f *file, r request, c *change, out *outcome) error {
	for i := len(f.history) - 1; i >= 0; i-- {
		u := f.history[i]
		if u.tab != r.Tab || u.document != r.Document {
			continue
		}
		if r.Of != "" && r.Of != u.key {
			break // that one was not saved
		}
		b := f.texts[u.document]
		at := find(b, u.after[0])
		if at < 0 || at+len(u.after) > len(b.Pairs) {
			return &conflict{}
		}
		for k := range u.after {
			if p := &b.Pairs[at+k]; p.Source.ID != u.after[k] || revision(p) != u.revs[k] {
				now := *p
				return &conflict{&now}
			}
		}
		replace(b, at, len(u.after), slices.Clone(u.before))
		for k := range u.before {
			s.check(b, &b.Pairs[at+k])
		}
		c.places = s.consistency(b, u.document, at)
		for k := range u.before {
			out.Touched = append(out.Touched, u.before[k].Source.ID)
		}
		out.ID, out.Structure = u.before[0].Source.ID, len(u.before) != len(u.after) || u.before[0].Source.ID != u.after[0]
		if u.human && u.before[0].Target != "" {
			// The memory holds the edit as an editor's word: the text that was
			// restored must replace it there as such.
			e := Entry(b, at)
			e.Origin = translate.Origin{Kind: translate.Human, By: s.Editor, Time: time.Now().UTC().Truncate(time.Second)}
			c.entries = []translate.Entry{e}
		}
		f.history = slices.Delete(f.history, i, i+1)
		c.changed = true
		return nil
	}
	return fmt.Errorf("there is nothing to undo")
}

// Entry is what the memory keeps of a pair.
func Entry(b *translate.Bitext, at int) translate.Entry {
	p := &b.Pairs[at]
	e := translate.Entry{Query: query(b, at), Target: p.Target, Origin: p.Origin, State: p.State, Document: b.Document.Name}
	e.Fuzzy, e.Limit = 0, 0
	return e
}

// query asks a memory for a pair in its context.
func query(b *translate.Bitext, at int) translate.Query {
	p := &b.Pairs[at]
	q := translate.Query{From: b.Document.Lang.String(), To: b.Lang.String(), Source: p.Source.Text,
		Backend: p.Origin.Backend, Model: p.Origin.Model, Glossary: b.Run.Glossary, Fuzzy: 70, Limit: 5}
	if at > 0 {
		q.Previous = b.Pairs[at-1].Source.Text
	}
	if at+1 < len(b.Pairs) {
		q.Next = b.Pairs[at+1].Source.Text
	}
	return q
}
