package output

import (
	"fmt"
	"unicode/utf8"

	"depeche/segment"
	"depeche/translate"
)

// sound reports the first thing that makes a bitext unfit for writing: a
// writer that went on would lose or shift text. It is a fault of whoever made
// the bitext, never of an editor.
func sound(texts []*translate.Bitext) error {
	if len(texts) == 0 {
		return fmt.Errorf("no documents to write")
	}
	for _, b := range texts {
		if b == nil || b.Document == nil {
			return fmt.Errorf("a bitext has no document")
		}
		if err := soundOne(b); err != nil {
			return fmt.Errorf("%s: %w", b.Document.Name, err)
		}
	}
	return nil
}

func soundOne(b *translate.Bitext) error {
	next := 0
	seen := make(map[string]bool, len(b.Pairs))
	for i := range b.Document.Blocks {
		n := min(len(b.Document.Blocks[i].Segments), len(b.Pairs)-next)
		if err := soundBlock(b, i, b.Pairs[next:next+n]); err != nil {
			return err
		}
		for _, p := range b.Pairs[next : next+n] {
			if seen[p.Source.ID] {
				return fmt.Errorf("block %d: segment ID %q stands twice", i, p.Source.ID)
			}
			seen[p.Source.ID] = true
		}
		next += n
	}
	if next != len(b.Pairs) {
		return fmt.Errorf("pair %d (segment %s) belongs to no segment", next, b.Pairs[next].Source.ID)
	}
	return nil
}

// soundBlock looks at a block and at the pairs of its segments.
func soundBlock(b *translate.Bitext, i int, pairs []translate.Pair) error {
	block := &b.Document.Blocks[i]
	end := 0
	for j := range block.Segments {
		s := &block.Segments[j]
		if s.Span.Start < end || s.Span.End > len(block.Text) || s.Span.Start > s.Span.End || s.Span.Of(block.Text) != s.Text {
			return fmt.Errorf("block %d: segment %q does not stand at its place in the block", i, s.ID)
		}
		end = s.Span.End
		if !nmtoken(s.ID) {
			return fmt.Errorf("block %d: segment ID %q is no XML name token", i, s.ID)
		}
		if j >= len(pairs) || pairs[j].Block != i || pairs[j].Source.ID != s.ID || pairs[j].Source.Text != s.Text {
			return fmt.Errorf("block %d: segment %s has no pair at its place", i, s.ID)
		}
		if err := soundPair(&pairs[j]); err != nil {
			return fmt.Errorf("segment %s: %w", s.ID, err)
		}
	}
	if !utf8.ValidString(block.Text) {
		return fmt.Errorf("block %d: not valid UTF-8", i)
	}
	return nil
}

func soundPair(p *translate.Pair) error {
	if !utf8.ValidString(p.Target) {
		return fmt.Errorf("target is not valid UTF-8")
	}
	in := func(what string, s segment.Span, text string) error {
		if !within(s, text) {
			return fmt.Errorf("%s %d-%d lies outside its text", what, s.Start, s.End)
		}
		return nil
	}
	for _, t := range p.Terms {
		if err := in("term", t.Source, p.Source.Text); err != nil {
			return err
		}
		if err := in("term", t.Target, p.Target); err != nil {
			return err
		}
	}
	for _, f := range p.Findings {
		if err := in("finding", f.Source, p.Source.Text); err != nil {
			return err
		}
		if err := in("finding", f.Target, p.Target); err != nil {
			return err
		}
	}
	return nil
}

// within reports whether a span lies in text on character boundaries. An empty
// span always does: it stands for "no place known".
func within(s segment.Span, text string) bool {
	if s.Empty() {
		return true
	}
	return s.Start >= 0 && s.End <= len(text) && utf8.RuneStart(text[s.Start]) &&
		(s.End == len(text) || utf8.RuneStart(text[s.End]))
}

// nmtoken reports whether s is an XML NMTOKEN of the characters that IDs use:
// letters, digits and . - _ : of ASCII, or any other letter beyond it.
func nmtoken(s string) bool {
	if s == "" {
		return false
	}
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_', r == ':',
			r == 0xB7, r >= 0xC0 && r != 0xD7 && r != 0xF7 && r <= 0x37D, r >= 0x37F && r <= 0x1FFF,
			r == 0x200C, r == 0x200D, r == 0x203F, r == 0x2040, r >= 0x2070 && r <= 0x218F, r >= 0x2C00 && r <= 0x2FEF,
			r >= 0x3001 && r <= 0xD7FF, r >= 0xF900 && r <= 0xFDCF, r >= 0xFDF0 && r <= 0xFFFD, r >= 0x10000 && r <= 0xEFFFF:
		default:
			return false
		}
	}
	return true
}
