package output

import (
	"bytes"
	"fmt"
	"slices"
	"sort"

	"depeche/segment"
	"depeche/translate"
)

// XLIFF is an XLIFF file as it was written, with the place of each unit in it:
// a change of one segment in ten thousand writes its unit, not the others.
type XLIFF struct {
	Text  []byte
	units [][]segment.Span // of each document, one for each block
}

// Place is a block of a document.
type Place struct{ Document, Block int }

// NewXLIFF writes bitexts as the format "xliff" does.
func NewXLIFF(texts []*translate.Bitext) (*XLIFF, error) {
	var text bytes.Buffer
	units, err := writeXLIFFUnits(&text, texts)
	if err != nil {
		return nil, err
	}
	return &XLIFF{text.Bytes(), units}, nil
}

// Replace gives the file of the same bitexts after the blocks at the given
// places, their segments and pairs were changed, and nothing else.
func (x *XLIFF) Replace(texts []*translate.Bitext, places []Place) (*XLIFF, error) {
	places = slices.Clone(places)
	sort.Slice(places, func(i, j int) bool {
		return x.units[places[i].Document][places[i].Block].Start < x.units[places[j].Document][places[j].Block].Start
	})
	places = slices.Compact(places)
	next := &XLIFF{units: make([][]segment.Span, len(x.units))}
	var text bytes.Buffer
	text.Grow(len(x.Text) + 4096)
	end, shift := 0, 0 // of what is copied: its end in the old text, and how far it moved
	var fresh []segment.Span
	for _, p := range places {
		old := x.units[p.Document][p.Block]
		text.Write(x.Text[end:old.Start])
		start := text.Len()
		if err := writeUnitAgain(&text, texts[p.Document], p.Block); err != nil {
			return nil, fmt.Errorf("%s: %w", texts[p.Document].Document.Name, err)
		}
		fresh = append(fresh, segment.Span{Start: start, End: text.Len()})
		end = old.End
	}
	text.Write(x.Text[end:])
	next.Text = text.Bytes()
	for d, units := range x.units {
		next.units[d] = make([]segment.Span, len(units))
		for i, u := range units {
			if len(places) > 0 && places[0] == (Place{d, i}) {
				next.units[d][i] = fresh[0]
				shift = fresh[0].End - u.End
				places, fresh = places[1:], fresh[1:]
				continue
			}
			next.units[d][i] = segment.Span{Start: u.Start + shift, End: u.End + shift}
		}
	}
	return next, nil
}

// writeUnitAgain writes the unit of one block as it stands in its file.
func writeUnitAgain(text *bytes.Buffer, b *translate.Bitext, block int) error {
	n := len(b.Document.Blocks[block].Segments)
	at := sort.Search(len(b.Pairs), func(i int) bool { return b.Pairs[i].Block >= block })
	if at+n > len(b.Pairs) {
		return fmt.Errorf("block %d: a segment has no pair at its place", block)
	}
	pairs := b.Pairs[at : at+n]
	if err := soundBlock(b, block, pairs); err != nil {
		return err
	}
	for i := range pairs {
		for k := range b.Pairs {
			if k != at+i && b.Pairs[k].Source.ID == pairs[i].Source.ID {
				return fmt.Errorf("block %d: segment ID %q stands twice", block, pairs[i].Source.ID)
			}
		}
	}
	x := newXMLPart(text, 4096, "xliff", "file")
	writeXLIFFUnit(x, block+1, &b.Document.Blocks[block], pairs)
	return x.w.Flush()
}
