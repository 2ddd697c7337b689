package output

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"depeche/segment"
	"depeche/translate"
)

// Merge puts an editor's rows into a bitext, joined by segment ID, and gives
// the indexes of the pairs that changed: they are reviewed, or final where the
// editor said so, and of human origin. If any row is unknown, missing, doubled,
// empty or made from another source, the error names all of them with their
// places and nothing changes.
func Merge(b *translate.Bitext, edits []Edit, by string, when time.Time) ([]int, error) {
	index := make(map[string]int, len(b.Pairs))
	for i := range b.Pairs {
		index[b.Pairs[i].Source.ID] = i
	}
	var problems []error
	problem := func(place, format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
	}
	rows := make([]*Edit, len(b.Pairs))
	for k := range edits {
		e := &edits[k]
		i, known := index[e.ID]
		switch {
		case !known:
			problem(e.Place, "segment %q is not in %s", e.ID, b.Document.Name)
			continue
		case rows[i] != nil:
			problem(e.Place, "segment %s stands a second time; first at %s", e.ID, rows[i].Place)
			continue
		}
		rows[i] = e
		p := &b.Pairs[i]
		if sameWords(e.Source) != sameWords(p.Source.Text) {
			problem(e.Place, "the source of segment %s is another one than in %s: %q", e.ID, b.Document.Name, e.Source)
		}
		if e.Target == "" && p.Target != "" {
			problem(e.Place, "segment %s has lost its target", e.ID)
		}
		if e.State != "" && parseState(string(e.State)) == "" {
			problem(e.Place, "segment %s has the status %q; there are initial, translated, reviewed and final", e.ID, e.State)
		}
	}
	repeatFollows(b, rows)
	for i := range b.Pairs {
		if rows[i] == nil {
			problem(b.Document.Name, "segment %s is missing in what came back: %q", b.Pairs[i].Source.ID, b.Pairs[i].Source.Text)
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	var changed []int
	for i, e := range rows {
		if mergeOne(&b.Pairs[i], e, by, when) {
			changed = append(changed, i)
		}
	}
	return changed, nil
}

// mergeOne reports whether the row changes the pair.
func mergeOne(p *translate.Pair, e *Edit, by string, when time.Time) bool {
	state := parseState(string(e.State))
	if e.State == "" {
		state = p.State
	}
	confirmed := state != p.State && (state == translate.Reviewed || state == translate.Final) && p.Target != ""
	edited := e.Target != p.Target && trimmed(e.Target) != trimmed(p.Target)
	commented := e.Comment != nil && trimmed(*e.Comment) != trimmed(p.Comment)
	if commented {
		p.Comment = *e.Comment
	}
	if !edited && !confirmed {
		return commented
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
