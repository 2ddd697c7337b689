package segment

import "testing"

func TestIdentify(t *testing.T) {
	doc := func(texts ...string) *Document {
		d := &Document{}
		for _, s := range texts {
			d.Blocks = append(d.Blocks, Block{Kind: Paragraph, Text: s, Segments: []Segment{{Text: s}}})
		}
		d.Identify()
		return d
	}
	id := func(d *Document, i int) string { return d.Blocks[i].Segments[0].ID }

	before, after := doc("Un.", "Deux.", "Un."), doc("Zéro.", "Un.", "Deux.", "Un.")
	for i := range before.Blocks {
		if id(before, i) != id(after, i+1) {
			t.Errorf("a new first paragraph changed the ID of %q: %s, %s", before.Blocks[i].Text, id(before, i), id(after, i+1))
		}
	}
	if id(before, 0) == id(before, 2) {
		t.Error("two occurrences of one text share an ID")
	}
	if id(doc("un  deux"), 0) != id(doc("un deux"), 0) {
		t.Error("white space alone changed an ID")
	}
}
