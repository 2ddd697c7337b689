// Package review shows what changed between two translations of a document
// and serves the page on which editors correct one.
package review

import (
	"path"
	"strings"

	"depeche/output/review/score"
	"depeche/translate"
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
