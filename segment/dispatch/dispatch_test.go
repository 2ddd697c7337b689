package dispatch_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"depeche/segment"
	"depeche/segment/dispatch"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestDispatches reads every dispatch of testdata and compares what comes out
// with the file of the same name that ends in .golden.
func TestDispatches(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dispatches: %v", err)
	}
	goldens := make(map[string]bool)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			d, err := dispatch.Read(f, file, dispatch.Options{})
			if err != nil {
				t.Fatal(err)
			}
			new(segment.Splitter).Document(d)
			checkInvariant(t, d)
			got := describe(d)
			golden := strings.TrimSuffix(file, ".txt") + ".golden"
			goldens[golden] = true
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		})
	}
	all, _ := filepath.Glob("testdata/*.golden")
	for _, g := range all {
		if !goldens[g] {
			t.Errorf("%s belongs to no dispatch", g)
		}
	}
}

// describe writes a document in the form of the golden files: what is known of
// it, then each block with its segments.
func describe(d *segment.Document) string {
	var b strings.Builder
	for _, f := range []struct{ name, value string }{
		{"encoding", d.Encoding}, {"title", d.Meta.Title}, {"date", d.Meta.Date}, {"byline", d.Meta.Byline},
		{"agency", d.Meta.Agency}, {"place", d.Meta.Place},
	} {
		if f.value != "" {
			fmt.Fprintf(&b, "%s: %s\n", f.name, f.value)
		}
	}
	for _, bl := range d.Blocks {
		fmt.Fprintf(&b, "\n[%s", bl.Kind)
		if bl.Level > 0 {
			fmt.Fprintf(&b, " %d", bl.Level)
		}
		b.WriteString("]")
		if !bl.Dateline.Empty() {
			fmt.Fprintf(&b, " dateline %q", bl.Dateline.Of(bl.Text))
		}
		b.WriteString("\n")
		for _, s := range bl.Segments {
			fmt.Fprintf(&b, "  %s\n", s.Text)
		}
	}
	return b.String()
}

// checkInvariant holds what every document promises: blocks and the white
// space between them give the source back, segments and the white space
// between them give the block back.
func checkInvariant(t *testing.T, d *segment.Document) {
	t.Helper()
	at := 0
	for i, b := range d.Blocks {
		if b.Span.Start < at || b.Span.Empty() || b.Span.End > len(d.Source) {
			t.Fatalf("block %d at %v overlaps the one before it, which ends at %d", i, b.Span, at)
		}
		if gap := d.Source[at:b.Span.Start]; strings.TrimSpace(gap) != "" {
			t.Fatalf("%q is in no block", gap)
		}
		if got, want := squeeze(b.Text), squeeze(b.Span.Of(d.Source)); got != want {
			t.Fatalf("block %d is %q, its place in the source %q", i, got, want)
		}
		if strings.ContainsAny(b.Text, "\n\r") {
			t.Fatalf("block %d has line breaks: %q", i, b.Text)
		}
		at = b.Span.End
		end := 0
		for _, s := range b.Segments {
			if s.Span.Start < end || s.Span.Of(b.Text) != s.Text || strings.TrimSpace(b.Text[end:s.Span.Start]) != "" {
				t.Fatalf("segment %q at %v of %q", s.Text, s.Span, b.Text)
			}
			end = s.Span.End
		}
		if strings.TrimSpace(b.Text[end:]) != "" {
			t.Fatalf("%q is in no segment", b.Text[end:])
		}
		if !b.Dateline.Empty() && b.Dateline.End > len(b.Text) {
			t.Fatalf("dateline %v of %q", b.Dateline, b.Text)
		}
	}
	if gap := d.Source[at:]; strings.TrimSpace(gap) != "" {
		t.Fatalf("%q is in no block", gap)
	}
}

// squeeze takes all white space and soft hyphens out.
func squeeze(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), ""), "\u00ad", "")
}
