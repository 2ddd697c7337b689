package typography

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"depeche/segment"
)

// cases reads a file of rows with n fields between " | ".
func cases(t *testing.T, file string, n int, run func(place string, f []string)) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	spaces := strings.NewReplacer("{n}", "\u00a0", "{t}", "\u202f")
	rows := 0
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		f := strings.Split(spaces.Replace(line), " | ")
		if len(f) != n {
			t.Fatalf("%s:%d: %d fields, want %d", file, i+1, len(f), n)
		}
		rows++
		run(file+":"+itoa(i+1), f)
	}
	if rows < 20 {
		t.Errorf("%s: only %d cases", file, rows)
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestEnglish(t *testing.T) {
	cases(t, "testdata/english.txt", 4, func(place string, f []string) {
		style, british := strings.CutPrefix(f[2], "british ")
		o := Options{Quotes: Quotes(style), British: british, Kept: []string{"favorite", "March 23 Movement"}}
		got := English(f[0], f[1], o)
		if got != f[3] {
			t.Errorf("%s: %s\n\tgot  %q\n\twant %q", place, f[1], got, f[3])
		}
		if again := English(f[0], got, o); again != got {
			t.Errorf("%s: a second time: %q, then %q", place, got, again)
		}
	})
}

func TestConvert(t *testing.T) {
	cases(t, "testdata/convert.txt", 3, func(place string, f []string) {
		kind := map[string]segment.Kind{"date": segment.DateLine, "byline": segment.Byline, "signature": segment.Signature}[f[0]]
		got, ok := Convert(kind, f[1])
		if !ok {
			got = "-"
		}
		if got != f[2] {
			t.Errorf("%s: %s\n\tgot  %q\n\twant %q", place, f[1], got, f[2])
		}
	})
}

func TestOpening(t *testing.T) {
	cases(t, "testdata/opening.txt", 4, func(place string, f []string) {
		n, got := Opening(segment.Kind(f[0]), f[1])
		if chars := itoa(utf8.RuneCountInString(f[1][:n])); chars != f[2] || got != f[3] {
			t.Errorf("%s: %s\n\tgot  %s %q\n\twant %s %q", place, f[1], chars, got, f[2], f[3])
		}
	})
}

func FuzzEnglish(f *testing.F) {
	f.Add(`"Non", dit-il : 240.000 morts !`, `"No", he said : 240.000 dead !`)
	f.Add("12,50 €", "12,50 € 'a' ''")
	f.Fuzz(func(t *testing.T, source, target string) {
		for _, q := range []Quotes{US, UK, Keep} {
			letters := func(r rune) rune {
				if 'a' <= r && r <= 'z' {
					return r
				}
				return -1
			}
			got := English(source, target, Options{Quotes: q})
			if !strings.ContainsAny(source+target, "0123456789IVX") && strings.Map(letters, got) != strings.Map(letters, target) {
				t.Fatalf("%q lost letters: %q", target, got)
			}
		}
		Convert(segment.DateLine, source)
		Convert(segment.Byline, source)
	})
}
