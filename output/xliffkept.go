package output

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"sort"

	"depeche/translate"
)

// XLIFF is an XLIFF file as it was written, cut where units begin and end: a
// change of one segment in ten thousand makes its unit anew, not the others.
type XLIFF struct {
	parts [][]byte // of the file, in order
	units [][]int  // of each document: which part is the unit of each block
}

// Place is a block of a document.
type Place struct{ Document, Block int }

// NewXLIFF writes bitexts as the format "xliff" does.
func NewXLIFF(texts []*translate.Bitext) (*XLIFF, error) {
	var buf bytes.Buffer
	spans, err := writeXLIFFUnits(&buf, texts)
	if err != nil {
		return nil, err
	}
	x := &XLIFF{units: make([][]int, len(spans))}
	text, end := buf.Bytes(), 0
	for d, list := range spans {
		for _, u := range list {
			if u.Start > end {
				x.parts = append(x.parts, text[end:u.Start])
			}
			x.units[d] = append(x.units[d], len(x.parts))
			x.parts = append(x.parts, text[u.Start:u.End])
			end = u.End
		}
	}
	x.parts = append(x.parts, text[end:])
	return x, nil
}

// WriteTo writes the file.
func (x *XLIFF) WriteTo(w io.Writer) (int64, error) {
	c := &counter{w: w}
	b := bufio.NewWriterSize(c, 1<<18)
	for _, p := range x.parts {
		b.Write(p)
	}
	err := b.Flush()
	return int64(c.n), err
}

// Text is the file.
func (x *XLIFF) Text() []byte { return bytes.Join(x.parts, nil) }

// Replace gives the file of the same bitexts after the blocks at the given
// places, their segments and pairs were changed, and nothing else.
func (x *XLIFF) Replace(texts []*translate.Bitext, places []Place) (*XLIFF, error) {
	next := &XLIFF{parts: slices.Clone(x.parts), units: x.units}
	for _, p := range places {
		unit, err := unitAgain(texts[p.Document], p.Block)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", texts[p.Document].Document.Name, err)
		}
		next.parts[x.units[p.Document][p.Block]] = unit
	}
	return next, nil
}

// unitAgain is the unit of one block as it stands in its file.
func unitAgain(b *translate.Bitext, block int) ([]byte, error) {
	n := len(b.Document.Blocks[block].Segments)
	at := sort.Search(len(b.Pairs), func(i int) bool { return b.Pairs[i].Block >= block })
	if at+n > len(b.Pairs) {
		return nil, fmt.Errorf("block %d: a segment has no pair at its place", block)
	}
	pairs := b.Pairs[at : at+n]
	if err := soundBlock(b, block, pairs); err != nil {
		return nil, err
	}
	for i := range pairs {
		for k := range b.Pairs {
			if k != at+i && b.Pairs[k].Source.ID == pairs[i].Source.ID {
				return nil, fmt.Errorf("block %d: segment ID %q stands twice", block, pairs[i].Source.ID)
			}
		}
	}
	var unit bytes.Buffer
	x := newXMLPart(&unit, 4096, "xliff", "file")
	writeXLIFFUnit(x, block+1, &b.Document.Blocks[block], pairs)
	err := x.w.Flush()
	return unit.Bytes(), err
}
