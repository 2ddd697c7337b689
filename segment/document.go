package segment

// Document splits every block of d, gives Block.Segments anew and then every
// segment its ID. Date lines, bylines, signatures and separators are one
// segment each.
//
// A quotation that opens in one block and closes in a later one is followed
// from block to block: its parts are quotations of their segments, with
// Opened and Closed saying which marks are there, and where the whole has up
// to QuotesMax characters, no part of it is divided.
func (s *Splitter) Document(d *Document) {
	for i := range d.Blocks {
		b := &d.Blocks[i]
		switch b.Kind {
		case DateLine, Byline, Signature, Separator:
			b.Segments = whole(b.Text)
		default:
			b.Segments = s.Split(b.Text)
		}
	}
	d.Identify()
}

// whole gives text as one segment.
func whole(text string) []Segment {
	sp := trim(text, Span{0, len(text)})
	if sp.Empty() {
		return nil
	}
	segments := []Segment{{Text: sp.Of(text), Span: sp}}
	assign(segments, quotations(pair(text, nil), nil))
	return segments
}
