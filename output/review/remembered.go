package review

import (
	"context"

	"depeche/segment"
	"depeche/translate"
)

// Remembered gives a bitext reduced to those segments that a memory has an
// exact match for, twice: as it stands, and with the memory's targets. Missing
// counts the others.
func Remembered(ctx context.Context, tm translate.TM, b *translate.Bitext) (old, now *translate.Bitext, missing int, err error) {
	old, now = shell(b), shell(b)
	for i := range b.Pairs {
		p := b.Pairs[i]
		if p.Origin.Kind == translate.Source || p.Origin.Kind == translate.Converted {
			continue
		}
		q := query(b, i)
		q.Fuzzy, q.Limit = 0, 0
		found, err := tm.Lookup(ctx, q)
		if err != nil {
			return nil, nil, 0, err
		}
		if len(found) == 0 || found[0].Percent < 100 {
			missing++
			continue
		}
		r := p
		r.Target, r.State, r.Origin, r.Findings, r.Comment = found[0].Target, found[0].State, found[0].Origin, nil, p.Comment
		old.Pairs, now.Pairs = append(old.Pairs, p), append(now.Pairs, r)
	}
	return old, now, missing, nil
}

// shell is the bitext without its pairs.
func shell(b *translate.Bitext) *translate.Bitext {
	return &translate.Bitext{Document: &segment.Document{Name: b.Document.Name, Lang: b.Document.Lang, Meta: b.Document.Meta}, Lang: b.Lang, Run: b.Run}
}
