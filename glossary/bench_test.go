//go:build unix

package glossary

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	ahocorasick "github.com/petar-dambovaliev/aho-corasick"
)

// The benchmarks measure a glossary of 100,000 entries on 1 MB of French made
// of the sample dispatch, in which every twentieth word begins an entry.
//
//	go test ./glossary -run '^$' -bench 'Load|Find|Scan|AhoCorasick' -cpu 1
//
// cpu-MB/s and cpu-s count processor time, which other work on the machine
// disturbs less than it does the time of the clock.

const benchEntries = 100_000

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func reportSpeed(b *testing.B, bytes int, since time.Duration) {
	b.ReportMetric(float64(bytes)*float64(b.N)/1e6/(processorTime()-since).Seconds(), "cpu-MB/s")
}

func benchWord(r *rand.Rand) string {
	const on, vow = "bcdfgjlmnprstv", "aeiouéè"
	var b strings.Builder
	for range 2 + r.IntN(3) {
		b.WriteByte(on[r.IntN(len(on))])
		v := []rune(vow)
		b.WriteRune(v[r.IntN(len(v))])
	}
	return b.String()
}

func benchCSV() (string, []string) {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	var forms []string
	b.WriteString("source,target,forbidden,case,note\n")
	for i := range benchEntries {
		form := benchWord(r) + " " + benchWord(r)
		switch i % 4 {
		case 1:
			form = strings.ToUpper(benchWord(r)) + fmt.Sprint(i)
		case 2:
			form += " de " + benchWord(r)
		case 3:
			form = "groupe " + form
		}
		forms = append(forms, form)
		fmt.Fprintf(&b, "%s,target %d,,,note\n", form, i)
	}
	return b.String(), forms
}

func benchText(b *testing.B, forms []string) string {
	data, err := os.ReadFile("../testdata/lavrov-syrie.txt")
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	words := strings.Fields(string(data))
	var t strings.Builder
	for t.Len() < 1<<20 {
		for i, w := range words {
			t.WriteString(w)
			t.WriteByte(' ')
			if i%20 == 0 {
				t.WriteString(forms[r.IntN(len(forms))] + " ")
			}
		}
	}
	return t.String()
}

func BenchmarkLoad(b *testing.B) {
	text, _ := benchCSV()
	b.ReportAllocs()
	begin := processorTime()
	defer func() { b.ReportMetric((processorTime()-begin).Seconds()/float64(b.N), "cpu-s/op") }()
	for b.Loop() {
		terms, err := ReadCSV(strings.NewReader(text), "bench")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := New(Set{Name: "bench", Terms: terms}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	text, forms := benchCSV()
	terms, err := ReadCSV(strings.NewReader(text), "bench")
	if err != nil {
		b.Fatal(err)
	}
	g, err := New(Set{Name: "bench", Terms: terms})
	if err != nil {
		b.Fatal(err)
	}
	body := benchText(b, forms)
	b.SetBytes(int64(len(body)))
	n := 0
	begin := processorTime()
	for b.Loop() {
		n = len(g.Find(body, FindOptions{}))
	}
	reportSpeed(b, len(body), begin)
	b.ReportMetric(float64(n), "matches")
}

// BenchmarkAhoCorasick is a plain automaton over the same forms: no words, no
// case, no inflection, no folding but ASCII's.
func BenchmarkAhoCorasick(b *testing.B) {
	_, forms := benchCSV()
	build := ahocorasick.NewAhoCorasickBuilder(ahocorasick.Opts{AsciiCaseInsensitive: true, MatchOnlyWholeWords: false, MatchKind: ahocorasick.LeftMostLongestMatch, DFA: false})
	automaton := build.Build(forms)
	body := benchText(b, forms)
	b.SetBytes(int64(len(body)))
	n := 0
	begin := processorTime()
	for b.Loop() {
		n = 0
		for iter := automaton.Iter(body); iter.Next() != nil; {
			n++
		}
	}
	reportSpeed(b, len(body), begin)
	b.ReportMetric(float64(n), "matches")
}

// BenchmarkScan is the part of Find that cuts the text into words and finds
// the class of each.
func BenchmarkScan(b *testing.B) {
	_, forms := benchCSV()
	body := benchText(b, forms)
	b.SetBytes(int64(len(body)))
	var toks []token
	begin := processorTime()
	for b.Loop() {
		toks = scan(body, toks[:0])
	}
	reportSpeed(b, len(body), begin)
}
