package segment_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
)

func seed(f *testing.F) {
	files, _ := filepath.Glob("testdata/cases/*.txt")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, group := range strings.Split(string(data), "\n\n") {
			f.Add(group)
			f.Add(strings.ReplaceAll(group, "\n", " "))
		}
	}
}

// FuzzSplit holds, for any text and several settings: segments and the white
// space between them give the text back; quotations lie within their segments;
// no cut falls inside a quotation under the limit, before its closing mark, or
// between that and its attribution.
func FuzzSplit(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range []segment.Splitter{{}, {QuotesMax: 12}, {InsideQuotes: true}} {
			segments := s.Split(text)
			roundTrip(t, text, segments)
			if !s.InsideQuotes && utf8.ValidString(text) && !strings.Contains(text, "„") {
				limit := s.QuotesMax
				if limit == 0 {
					limit = segment.DefaultQuotesMax
				}
				intact(t, text, segments, limit)
			}
		}
	})
}

// FuzzDocument holds the round trip for documents, whose quotations may reach
// from block to block.
func FuzzDocument(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range []segment.Splitter{{}, {QuotesMax: 12}} {
			d := &segment.Document{}
			for _, p := range strings.Split(text, "\n") {
				d.Blocks = append(d.Blocks, segment.Block{Kind: segment.Paragraph, Text: p})
			}
			s.Document(d)
			for _, b := range d.Blocks {
				roundTrip(t, b.Text, b.Segments)
			}
		}
	})
}

// FuzzLinear repeats a text up to a megabyte: what is not linear in it takes
// minutes.
func FuzzLinear(f *testing.F) {
	for _, s := range []string{"\"", "«", "«.»", "'", "(", ".", "A. ", ". \"", "! « ", "“‘", "\n", "a. - ", "« mot mot. "} {
		f.Add(s, "»")
	}
	f.Fuzz(func(t *testing.T, unit, tail string) {
		const size = 1 << 20
		if unit == "" || len(unit) > 1<<10 {
			t.Skip()
		}
		text := strings.Repeat(unit, size/len(unit)) + strings.Repeat(tail, min(size/(len(tail)+1), 1<<19))
		start := time.Now()
		var s segment.Splitter
		roundTrip(t, text, s.Split(text))
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%d bytes of %q and %q took %v", len(text), unit, tail, took)
		}
	})
}

func roundTrip(t *testing.T, text string, segments []segment.Segment) {
	t.Helper()
	end := 0
	for _, s := range segments {
		if s.Text == "" || s.Span.Start < end || s.Span.Of(text) != s.Text {
			t.Fatalf("segment %q at %v of %q", s.Text, s.Span, text)
		}
		if gap := text[end:s.Span.Start]; strings.TrimSpace(gap) != "" {
			t.Fatalf("%q of %q is in no segment", gap, text)
		}
		end = s.Span.End
		for _, q := range s.Quotes {
			if q.Span.Start < 0 || q.Span.Empty() || q.Span.End > len(s.Text) || q.Level < 1 {
				t.Fatalf("quotation %+v of %q", q, s.Text)
			}
		}
	}
	if strings.TrimSpace(text[end:]) != "" {
		t.Fatalf("%q of %q is in no segment", text[end:], text)
	}
}

var attribution = regexp.MustCompile(`^[\s\x{a0}\x{202f}]*(?:,|[a-zà-ÿ])`)

// emptyLine ends a paragraph: what follows it is no attribution.
var emptyLine = regexp.MustCompile(`\n[^\S\n]*\n`)

// intact checks the cuts against the quotations that balanced finds.
func intact(t *testing.T, text string, segments []segment.Segment, limit int) {
	t.Helper()
	for _, q := range balanced(text) {
		short := utf8.RuneCountInString(q.Of(text)) <= limit
		_, n := utf8.DecodeLastRuneInString(q.Of(text))
		for i := 1; i < len(segments); i++ {
			before, after := segments[i-1].Span.End, segments[i].Span.Start
			switch {
			case short && before > q.Start && after < q.End:
				t.Fatalf("the quotation %q is cut in %q", q.Of(text), text)
			case after == q.End-n:
				t.Fatalf("a cut before the closing mark of %q in %q", q.Of(text), text)
			case before == q.End && attribution.MatchString(text[q.End:]) && !emptyLine.MatchString(text[q.End:after]):
				t.Fatalf("%q is parted from %q in %q", text[q.End:], q.Of(text), text)
			}
		}
	}
}

// balanced finds the outermost quotations of a text by a definition of its
// own, the one that the development sets are scored with: « », “ ”, ‹ › by
// shape, straight marks by their neighbours.
func balanced(text string) []segment.Span {
	type mark struct {
		r   rune
		pos int
	}
	partner := map[rune]rune{'»': '«', '”': '“', '›': '‹', '"': '"'}
	room := func(r rune, n int, set string) bool {
		return n == 0 || unicode.IsSpace(r) || strings.ContainsRune(set, r)
	}
	var stack []mark
	var all []segment.Span
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		k := len(stack) - 1
		for k >= 0 && stack[k].r != partner[r] {
			k--
		}
		switch r {
		case '«', '“', '‹':
			stack = append(stack, mark{r, i})
			continue
		case '"':
			p, pn := utf8.DecodeLastRuneInString(text[:i])
			q, qn := utf8.DecodeRuneInString(text[end:])
			left, right := room(p, pn, "([{«“—–-‹/"), room(q, qn, ")]}»”,.;:!?…›—–/")
			if k < 0 {
				if left || !right {
					stack = append(stack, mark{r, i})
				}
				continue
			}
			if left && !right {
				stack = append(stack[:k], mark{r, i})
				continue
			}
		case '»', '”', '›':
		default:
			continue
		}
		if k >= 0 {
			all = append(all, segment.Span{Start: stack[k].pos, End: end})
			stack = stack[:k]
		}
	}
	var outer []segment.Span
	for _, q := range all {
		for len(outer) > 0 && outer[len(outer)-1].Start > q.Start {
			outer = outer[:len(outer)-1]
		}
		outer = append(outer, q)
	}
	return outer
}
