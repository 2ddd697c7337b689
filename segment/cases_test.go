package segment_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"depeche/segment"
)

// TestCases runs the cases of testdata/cases: groups of lines, a blank line
// between them. Each line is a segment; the text is the lines of a group with
// a space between them. "~" stands for U+00A0, "¦" for U+202F, a line that
// begins with "#" is a comment.
//
// Every case runs several times: as it stands, and with the white space inside
// guillemets and before high punctuation in all the forms that it has in print.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	spaces := func(sp string) *strings.Replacer {
		var pairs []string
		for _, old := range []string{" ", "\u00a0", "\u202f"} {
			for _, mark := range []string{"»", "!", "?", ";", ":"} {
				pairs = append(pairs, old+mark, sp+mark)
			}
			pairs = append(pairs, "«"+old, "«"+sp)
		}
		return strings.NewReplacer(pairs...)
	}
	variants := map[string]func(string) string{
		"as it stands":     func(s string) string { return s },
		"U+00A0":           spaces("\u00a0").Replace,
		"U+202F":           spaces("\u202f").Replace,
		"typographic":      strings.NewReplacer("'", "’", "...", "…").Replace,
		"titles by U+00A0": strings.NewReplacer("M. ", "M.\u00a0", "Mme ", "Mme\u00a0", "p. ", "p.\u00a0", "J. ", "J.\u00a0").Replace,
	}
	count := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range strings.Split(string(data), "\n\n") {
			var lines []string
			for _, l := range strings.Split(strings.TrimSpace(group), "\n") {
				if l != "" && l[0] != '#' || strings.HasPrefix(l, "#") && len(l) > 1 && l[1] != ' ' {
					lines = append(lines, strings.NewReplacer("~", "\u00a0", "¦", "\u202f").Replace(l))
				}
			}
			if len(lines) == 0 {
				continue
			}
			count++
			for name, variant := range variants {
				if name == "typographic" && (strings.Contains(group, " '") || strings.Contains(group, "''")) {
					continue // the marks of a quotation, not apostrophes
				}
				want := make([]string, len(lines))
				for i, l := range lines {
					want[i] = variant(l)
				}
				text := variant(strings.Join(lines, " "))
				var got []string
				for _, s := range new(segment.Splitter).Split(text) {
					got = append(got, s.Text)
				}
				if strings.Join(got, "\n") != strings.Join(want, "\n") {
					t.Errorf("%s (%s):\n%s\nwant\n  %s\ngot\n  %s", filepath.Base(file), name, text, strings.Join(want, "\n  "), strings.Join(got, "\n  "))
					break
				}
			}
		}
	}
	t.Logf("%d cases", count)
}
