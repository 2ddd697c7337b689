package output

import (
	"bytes"
	"slices"
	"testing"

	"golang.org/x/text/language"
	"pgregory.net/rapid"

	"depeche/segment"
	"depeche/translate"
)

// TestXLIFFReplace holds that changes written one after the other give the
// file that writing everything gives.
func TestXLIFFReplace(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		texts := []*translate.Bitext{lavrov(t), awkward()[0]}
		texts[0].Lang = language.BritishEnglish
		file, err := NewXLIFF(texts)
		if err != nil {
			r.Fatal(err)
		}
		for range rapid.IntRange(1, 4).Draw(r, "rounds") {
			var places []Place
			for range rapid.IntRange(1, 5).Draw(r, "changes") {
				d := rapid.IntRange(0, len(texts)-1).Draw(r, "document")
				at := rapid.IntRange(0, len(texts[d].Pairs)-1).Draw(r, "pair")
				p := &texts[d].Pairs[at]
				places = append(places, Place{d, p.Block})
				p.Target = rapid.StringN(0, 40, -1).Draw(r, "target")
				p.Comment = rapid.StringN(0, 9, -1).Draw(r, "comment")
				p.State, p.Terms, p.Links, p.Findings = translate.Reviewed, nil, nil, nil
				if rapid.Bool().Draw(r, "finding") {
					p.Findings = []translate.Finding{{Rule: "r", Level: translate.LevelError, Message: "m"}}
				}
				if rapid.Bool().Draw(r, "cut") {
					cutPair(texts[d], at)
				}
			}
			if file, err = file.Replace(texts, places); err != nil {
				r.Fatal(err)
			}
			whole, err := NewXLIFF(texts)
			if err != nil {
				r.Fatal(err)
			}
			if !bytes.Equal(file.Text(), whole.Text()) {
				r.Fatalf("another file:\n%s\nthan\n%s", file.Text(), whole.Text())
			}
			var written bytes.Buffer
			if n, err := file.WriteTo(&written); err != nil || n != int64(written.Len()) || !bytes.Equal(written.Bytes(), whole.Text()) {
				r.Fatalf("WriteTo writes another file (%d bytes, %v)", n, err)
			}
		}
	})
}

// cutPair makes two segments of one, as an editor does.
func cutPair(b *translate.Bitext, at int) {
	p := b.Pairs[at]
	n := len(p.Source.Text) / 2
	for n > 0 && !within(segment.Span{Start: n, End: len(p.Source.Text)}, p.Source.Text) {
		n--
	}
	one, two := p, p
	one.Source.Text, two.Source.Text = p.Source.Text[:n], p.Source.Text[n:]
	one.Source.ID, two.Source.ID = p.Source.ID+"-a", p.Source.ID+"-b"
	one.Source.Span.End = one.Source.Span.Start + n
	two.Source.Span.Start += n
	block := &b.Document.Blocks[p.Block]
	k := slices.IndexFunc(block.Segments, func(s segment.Segment) bool { return s.ID == p.Source.ID })
	block.Segments = slices.Replace(slices.Clone(block.Segments), k, k+1, one.Source, two.Source)
	b.Pairs = slices.Replace(slices.Clone(b.Pairs), at, at+1, one, two)
}

func TestXLIFFReplaceRefuses(t *testing.T) {
	b := lavrov(t)
	file, err := NewXLIFF([]*translate.Bitext{b})
	if err != nil {
		t.Fatal(err)
	}
	place := []Place{{0, b.Pairs[3].Block}}
	b.Pairs[3].Target = "\xff"
	if _, err := file.Replace([]*translate.Bitext{b}, place); err == nil {
		t.Error("a target that is no UTF-8 is written")
	}
	b.Pairs[3].Target = ""
	id := b.Pairs[3].Source.ID
	for i := range b.Document.Blocks[b.Pairs[3].Block].Segments {
		if s := &b.Document.Blocks[b.Pairs[3].Block].Segments[i]; s.ID == id {
			s.ID = b.Pairs[0].Source.ID
		}
	}
	b.Pairs[3].Source.ID = b.Pairs[0].Source.ID
	if _, err := file.Replace([]*translate.Bitext{b}, place); err == nil {
		t.Error("an ID that stands twice is written")
	}
}
