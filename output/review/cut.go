package review

import (
	"fmt"
	"slices"
	"strings"

	"depeche/segment"
	"depeche/translate"
)

// split cuts a segment in two; white space at the cut becomes the gap.
func split(b *translate.Bitext, at int, r request) ([]translate.Pair, error) {
	p := b.Pairs[at]
	text := p.Source.Text
	cut := byteOffset(text, r.SourceAt)
	left, right := strings.TrimRight(text[:cut], " \u00a0\u202f"), strings.TrimLeft(text[cut:], " \u00a0\u202f")
	if left == "" || right == "" {
		return nil, fmt.Errorf("a segment is split between two of its words: put the cursor there")
	}
	rightAt := len(text) - len(right)
	targetCut := byteOffset(p.Target, r.TargetAt)
	one, two := p, p
	one.Source = segment.Segment{Text: left, Span: segment.Span{Start: p.Source.Span.Start, End: p.Source.Span.Start + len(left)}}
	two.Source = segment.Segment{Text: right, Span: segment.Span{Start: p.Source.Span.Start + rightAt, End: p.Source.Span.End}}
	one.Source.Quotes, two.Source.Quotes = splitQuotes(p.Source.Quotes, len(left), rightAt)
	one.Target, two.Target = strings.TrimSpace(p.Target[:targetCut]), strings.TrimSpace(p.Target[targetCut:])
	for _, half := range []*translate.Pair{&one, &two} {
		half.Links, half.Matches, half.Score, half.HasScore, half.Findings = nil, nil, 0, false, nil
		if half.State = translate.Translated; half.Target == "" {
			half.State, half.Origin = translate.Initial, translate.Origin{Kind: translate.None}
		}
	}
	two.Comment = ""
	identify(b, p.Block, at, &one, &two)
	return []translate.Pair{one, two}, nil
}

// splitQuotes shares the quotations of a segment out to its halves.
func splitQuotes(quotes []segment.Quotation, leftEnd, rightStart int) (left, right []segment.Quotation) {
	for _, q := range quotes {
		if q.Span.Start < leftEnd {
			l := q
			if l.Span.End > leftEnd {
				l.Span.End, l.Closed = leftEnd, false
			}
			left = append(left, l)
		}
		if q.Span.End > rightStart {
			r := q
			if r.Span.Start < rightStart {
				r.Span.Start, r.Opened = rightStart, false
			}
			r.Span.Start -= rightStart
			r.Span.End -= rightStart
			right = append(right, r)
		}
	}
	return left, right
}

// merge joins a segment with the next one of its block.
func merge(b *translate.Bitext, at int) ([]translate.Pair, error) {
	if at+1 >= len(b.Pairs) || b.Pairs[at].Block != b.Pairs[at+1].Block {
		return nil, fmt.Errorf("this is the last segment of its paragraph: there is nothing to join it with")
	}
	one, two := b.Pairs[at], b.Pairs[at+1]
	block := &b.Document.Blocks[one.Block]
	joined := one
	joined.Source = segment.Segment{Span: segment.Span{Start: one.Source.Span.Start, End: two.Source.Span.End}}
	joined.Source.Text = joined.Source.Span.Of(block.Text)
	joined.Source.Quotes = slices.Clone(one.Source.Quotes)
	shift := two.Source.Span.Start - one.Source.Span.Start
	for _, q := range two.Source.Quotes {
		q.Span.Start += shift
		q.Span.End += shift
		if n := len(joined.Source.Quotes); n > 0 && !q.Opened && !joined.Source.Quotes[n-1].Closed && joined.Source.Quotes[n-1].Level == q.Level {
			joined.Source.Quotes[n-1].Span.End, joined.Source.Quotes[n-1].Closed = q.Span.End, q.Closed
			continue
		}
		joined.Source.Quotes = append(joined.Source.Quotes, q)
	}
	joined.Target = strings.TrimSpace(one.Target + " " + two.Target)
	joined.Comment = strings.TrimSpace(one.Comment + "\n" + two.Comment)
	joined.State = translate.Translated
	if one.Target == "" || two.Target == "" {
		joined.State = translate.Initial
	}
	if one.Origin.Kind != two.Origin.Kind && one.Origin.Kind == translate.None {
		joined.Origin = two.Origin
	}
	joined.Links, joined.Matches, joined.Score, joined.HasScore, joined.Findings = nil, nil, 0, false, nil
	identify(b, one.Block, at, &joined)
	return []translate.Pair{joined}, nil
}

// identify gives new segments IDs that no other segment of the document has.
func identify(b *translate.Bitext, block, at int, pairs ...*translate.Pair) {
	used := make(map[string]bool, len(b.Pairs))
	for i := range b.Pairs {
		used[b.Pairs[i].Source.ID] = true
	}
	for _, p := range pairs {
		d := segment.Document{Blocks: []segment.Block{{Kind: b.Document.Blocks[block].Kind, Segments: []segment.Segment{p.Source}}}}
		d.Identify()
		id := d.Blocks[0].Segments[0].ID
		for n := 2; used[id]; n++ {
			id = fmt.Sprintf("%s-%d", d.Blocks[0].Segments[0].ID, n)
		}
		used[id] = true
		p.Source.ID = id
	}
}

// byteOffset turns an offset in UTF-16 units, as scripts in a browser count,
// into bytes.
func byteOffset(s string, units int) int {
	n := 0
	for i, r := range s {
		if n >= units {
			return i
		}
		n++
		if r > 0xffff {
			n++
		}
	}
	return len(s)
}

// unitOffset is the reverse.
func unitOffset(s string, bytes int) int {
	n := 0
	for i, r := range s {
		if i >= bytes {
			break
		}
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}
