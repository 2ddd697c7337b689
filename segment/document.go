package segment

import "unicode/utf8"

// Document splits every block of d, gives Block.Segments anew and then every
// segment its ID. Date lines, bylines, signatures and separators are one
// segment each.
//
// A quotation that opens in one block and closes in a later one is followed
// from block to block: its parts are quotations of their segments, with
// Opened and Closed saying which marks are there, and where the whole has up
// to QuotesMax characters, no part of it is divided. Each paragraph of a long
// quotation may begin with a mark of its own, as is the custom in print.
func (s *Splitter) Document(d *Document) {
	t := tracker{splitter: s, blocks: make([]tracked, len(d.Blocks))}
	for i := range d.Blocks {
		t.block(i, &d.Blocks[i])
	}
	for i := range d.Blocks {
		b, in := &d.Blocks[i], t.blocks[i]
		parts := quotations(in.marks, in.parts)
		if in.single {
			b.Segments = whole(b.Text, parts)
		} else {
			b.Segments = s.split(b.Text, in.marks, parts)
		}
	}
	d.Identify()
}

// whole gives text as one segment.
func whole(text string, parts []part) []Segment {
	sp := trim(text, Span{0, len(text)})
	if sp.Empty() {
		return nil
	}
	segments := []Segment{{Text: sp.Of(text), Span: sp}}
	assign(segments, parts)
	return segments
}

// tracker follows quotations from block to block.
type tracker struct {
	splitter *Splitter
	blocks   []tracked
	open     []openPart // the parts so far of a quotation that is still open
	kind     markKind   // of its marks
	length   int        // of its parts, in characters
}

// tracked is what is known of a block before it is split.
type tracked struct {
	marks  []mark
	parts  []part // of quotations that reach over the block's ends
	single bool   // the block is one segment
}

type openPart struct {
	block int
	part  part
}

// trackMax is the number of blocks that a quotation may reach over.
const trackMax = 50

func (t *tracker) block(i int, b *Block) {
	in := &t.blocks[i]
	in.marks = pair(b.Text, nil)
	switch b.Kind {
	case DateLine, Byline, Signature, Separator:
		in.single = true
		return // lies between the paragraphs of a quotation without being part of it
	case Paragraph, Lead, Item, Quote:
	default:
		t.open = nil // a heading: what was open so far was never closed
		return
	}
	text := b.Text
	from := 0 // index of the mark that a quotation of this block may begin with
	if len(t.open) > 0 {
		from = t.resume(i, text, in.marks)
	}
	// The last mark without a partner opens a quotation that a later block may close.
	for m := len(in.marks) - 1; m >= from; m-- {
		k := in.marks[m]
		if k.kind.bracket() || k.kind.weak() {
			continue
		}
		if k.match >= 0 {
			if k.open {
				continue
			}
			m = int(k.match) // what lies within it is closed
			continue
		}
		if k.open {
			t.open, t.kind, t.length = t.open[:0:0], k.kind, 0
			t.add(i, text, part{span: Span{k.pos, len(text)}, opened: true})
		}
		break
	}
}

func (t *tracker) add(block int, text string, p part) {
	t.open = append(t.open, openPart{block, p})
	t.length += utf8.RuneCountInString(p.span.Of(text))
}

// resume looks for the end of the open quotation in block i. It gives the
// index of the first mark behind it.
func (t *tracker) resume(i int, text string, marks []mark) int {
	start := skipSpace(text, 0)
	for m := 0; m < len(marks); m++ {
		k := marks[m]
		if k.kind != t.kind {
			if k.match > int32(m) && !k.kind.bracket() {
				m = int(k.match)
			}
			continue
		}
		switch {
		case k.pos == start && k.open && k.match < 0: // the mark at the head of a paragraph within
			t.add(i, text, part{span: Span{k.pos, len(text)}, opened: true})
			return len(marks)
		case k.pos == start && k.open: // … of the last paragraph
			t.add(i, text, part{span: Span{k.pos, marks[k.match].end()}, opened: true, closed: true})
			t.close(false)
			return int(k.match) + 1
		case k.pos == start && !k.open && k.match < 0 && k.end() < len(text): // the old custom: a closing mark at the head
			continue
		case k.open && k.match >= 0:
			m = int(k.match)
		case k.open: // opened anew: the one before was never closed
			t.open = nil
			return m
		default:
			t.add(i, text, part{span: Span{0, k.end()}, closed: true})
			t.close(true)
			return m + 1
		}
	}
	if len(t.open) >= trackMax {
		t.open = nil
		return 0
	}
	t.add(i, text, part{span: Span{0, len(text)}})
	return len(marks)
}

// close gives the parts of the quotation that has come to its end to their
// blocks. The last part is none of them if it is a quotation of its own.
func (t *tracker) close(last bool) {
	whole := t.length <= t.splitter.limit()
	n := len(t.open)
	if !last {
		n--
	}
	for _, o := range t.open[:n] {
		o.part.whole = whole
		in := &t.blocks[o.block]
		in.parts = append(in.parts, o.part)
	}
	t.open = nil
}
