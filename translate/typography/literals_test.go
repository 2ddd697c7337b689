package typography

import (
	"os"
	"strings"
	"testing"
)

// testdata/literals.txt: a French text | each literal = its English form.
func TestLiterals(t *testing.T) {
	data, err := os.ReadFile("testdata/literals.txt")
	if err != nil {
		t.Fatal(err)
	}
	spaces := strings.NewReplacer("{n}", "\u00a0", "{t}", "\u202f")
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		source, want, _ := strings.Cut(spaces.Replace(line), " | ")
		var got []string
		for _, l := range Literals(source) {
			got = append(got, l.Span.Of(source)+" = "+l.English)
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%s\n\tgot  %s\n\twant %s", source, s, want)
		}
	}
}

func FuzzLiterals(f *testing.F) {
	f.Add("à 14h30, 2,8 Md€ (3-2), 90e+4, Karim B., 34 ans, F-16, M23, @depeche, www.afp.fr.")
	f.Add("1,5 million d’euros. 1er ministre, de 9h à 17h")
	f.Fuzz(func(t *testing.T, source string) {
		end := 0
		for _, l := range Literals(source) {
			if l.Span.Start < end || l.Span.End <= l.Span.Start || l.Span.End > len(source) || l.English == "" {
				t.Fatalf("%q: %v after %d", source, l, end)
			}
			end = l.Span.End
		}
	})
}
