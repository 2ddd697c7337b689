package quantity

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestPairs reads testdata/pairs.txt: "=" lines hold a French and an English
// text whose quantities all agree, "≠" lines hold texts with one that does not.
func TestPairs(t *testing.T) {
	data, err := os.ReadFile("testdata/pairs.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		fields := strings.Split(line, "|")
		if len(fields) != 3 {
			t.Fatalf("testdata/pairs.txt:%d: want \"= | French | English\"", i+1)
		}
		n++
		source, target := Find(fields[1], French), Find(fields[2], English)
		var lone []string
		for _, p := range [][2][]Token{{source, target}, {target, source}} {
			for _, a := range p[0] {
				if a.Weak || !a.Digits && a.Kind != Weekday && a.Kind != Date {
					continue
				}
				found := false
				for _, b := range p[1] {
					found = found || Agree(a, b)
				}
				if !found {
					lone = append(lone, fmt.Sprint(a))
				}
			}
		}
		if same := len(lone) == 0; same != (strings.TrimSpace(fields[0]) == "=") {
			t.Errorf("testdata/pairs.txt:%d: %s: alone: %v\n\tsource %v\n\ttarget %v", i+1, line, lone, source, target)
		}
	}
	if n < 60 {
		t.Errorf("only %d pairs were read", n)
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"240.000 morts", "1 234,56 €", "le 24-11-2024 à 14h30", "XIXe", "2 à 3 millions", "quatre-vingt-dix-sept", "+33 1 42 34 56 78", "1,2,3", "12.500,75", "\xff3.5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, lang := range []Lang{French, English} {
			end := 0
			for _, q := range Find(s, lang) {
				if q.Span.Start < end || q.Span.End > len(s) || q.Span.Empty() {
					t.Fatalf("%q: span %v after %d", s, q.Span, end)
				}
				end = q.Span.End
				if q.Kind != Date && len(q.Values) == 0 {
					t.Fatalf("%q: %v has no value", s, q)
				}
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := "Barack Obama a reconnu, le 29 septembre 2015 à 14h30, que la guerre avait fait plus de 240.000 morts en quatre ans et demi, soit 3,5 % de la population."
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Find(text, French)
	}
}
