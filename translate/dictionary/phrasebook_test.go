package dictionary

import (
	"strings"
	"testing"
)

func TestPhrasebookErrors(t *testing.T) {
	for text, want := range map[string]string{
		"a b":                             `phrasebook: line 1: no " = " in "a b"`,
		"a = b\na # = b":                  `phrasebook: line 2: "a #" and "b" do not fit`,
		"a = b |  | c":                    `do not fit`,
		"a//b = c":                        `phrasebook: line 1: an empty form in "a//b"`,
		"a/b a/b a/b a/b a/b a/b = c":     "",
		"a/b a/b a/b a/b a/b a/b a/b = c": `phrasebook: line 1: more than 64 forms of`,
		"# a comment\n\n":                 "",
	} {
		_, err := ReadPhrasebook(text)
		if got := ""; err != nil && !strings.Contains(err.Error(), want) || err == nil && want != "" {
			t.Errorf("%q gave %v, want %q%s", text, err, want, got)
		}
	}
}

func FuzzPhrasebook(f *testing.F) {
	f.Add("a/b # d' = c # | d", "b 12 d'x")
	f.Add("a-t-il dit = e\nà = f", "a-t-il dit à")
	f.Fuzz(func(t *testing.T, book, text string) {
		b, err := ReadPhrasebook(book)
		if err != nil {
			return
		}
		look(t, &Dictionary{b, &Lexicon{}}, text)
	})
}
