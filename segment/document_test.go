package segment_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"depeche/segment"
)

// TestDocuments runs the cases of testdata/documents, one a file: an empty
// line ends a block, each line is a segment of it, and the lines behind "|"
// are the segment's quotations: level, "[" or "]" where a mark opens or
// closes it, text. "QuotesMax n" on the first line sets the limit.
func TestDocuments(t *testing.T) {
	files, err := filepath.Glob("testdata/documents/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := string(data)
			var s segment.Splitter
			if head, rest, ok := strings.Cut(want, "\n\n"); ok && strings.HasPrefix(head, "QuotesMax ") {
				if _, err := fmt.Sscanf(head, "QuotesMax %d", &s.QuotesMax); err != nil {
					t.Fatal(err)
				}
				want = rest
			}
			d := &segment.Document{}
			for _, block := range strings.Split(strings.TrimSpace(want), "\n\n") {
				var lines []string
				for _, l := range strings.Split(block, "\n") {
					if !strings.HasPrefix(l, "|") {
						lines = append(lines, l)
					}
				}
				d.Blocks = append(d.Blocks, segment.Block{Kind: segment.Paragraph, Text: strings.Join(lines, " ")})
			}
			s.Document(d)
			var got strings.Builder
			for i, b := range d.Blocks {
				if i > 0 {
					got.WriteString("\n")
				}
				for _, seg := range b.Segments {
					got.WriteString(seg.Text + "\n")
					for _, q := range seg.Quotes {
						open, closed := " ", " "
						if q.Opened {
							open = "["
						}
						if q.Closed {
							closed = "]"
						}
						fmt.Fprintf(&got, "|%d%s%s %s\n", q.Level, open, closed, q.Span.Of(seg.Text))
					}
				}
			}
			if got.String() != want {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want)
			}
		})
	}
}
