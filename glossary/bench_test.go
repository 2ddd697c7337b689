//go:build unix

package glossary

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	ahocorasick "github.com/petar-dambovaliev/aho-corasick"
)

// The benchmarks measure a glossary of 100,000 entries on 1 MB of French made
// of the sample dispatch, in which every twentieth word begins an entry.
//
//	go test ./glossary -run '^$' -bench 'Load|Find|Scan|AhoCorasick' -cpu 1
//
// BenchmarkFrench measures debates of the European Parliament, a sentence at a
// time, where ../shared/bitext is: with the same entries, with a glossary of
// the debates' own names and terms, and with a small one.
//
//	go test ./glossary -run '^$' -bench French -cpu 1
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

// debates gives the French sentences of some of the debates, n bytes of them.
func debates(b *testing.B, file string, n int) []string {
	cmd := exec.Command("xz", "-dc", "../../shared/bitext/"+file)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.Skipf("no debates: %v", err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	var list []string
	lines := bufio.NewScanner(out)
	for n > 0 && lines.Scan() {
		french, _, _ := strings.Cut(lines.Text(), "\t")
		list, n = append(list, french), n-len(french)
	}
	if n > 0 {
		b.Skip("no debates in ../shared/bitext, or no xz")
	}
	return list
}

// ownTerms makes a glossary of what other debates have: every name, and two
// words that stand side by side with none of the frequent ones at their ends.
func ownTerms(b *testing.B) []Term {
	seen := make(map[string]bool)
	var list []Term
	for _, text := range debates(b, "europarl-03.tsv.xz", 16<<20) {
		f := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",.;:!?()'’\"«»", r) })
		for i, w := range f {
			term := w
			if !startsUpper(w) && i+1 < len(f) {
				term += " " + f[i+1]
			}
			if end := term[strings.LastIndexByte(term, ' ')+1:]; len(w) < 5 || len(end) < 5 || seen[term] || len(list) == benchEntries {
				continue
			}
			seen[term] = true
			list = append(list, Term{Sources: []string{term}, Target: fmt.Sprint("target ", len(list)), File: "own"})
		}
	}
	return list
}

func BenchmarkFrench(b *testing.B) {
	text, _ := benchCSV()
	made, err := ReadCSV(strings.NewReader(text), "bench")
	if err != nil {
		b.Fatal(err)
	}
	small, err := Load("testdata/sample.csv")
	if err != nil {
		b.Fatal(err)
	}
	sentences := debates(b, "europarl-02.tsv.xz", 2<<20)
	for _, c := range []struct {
		name string
		sets []Set
	}{
		{"made", []Set{{Name: "made", Terms: made}}},
		{"own", []Set{{Name: "own", Terms: ownTerms(b)}}},
		{"small", []Set{{Name: "small", Terms: small}, News()}},
	} {
		g, err := New(c.sets...)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(2 << 20)
			b.ReportAllocs()
			n := 0
			begin := processorTime()
			for b.Loop() {
				n = 0
				for _, s := range sentences {
					n += len(g.Find(s, FindOptions{}))
				}
			}
			reportSpeed(b, 2<<20, begin)
			b.ReportMetric(float64(n), "matches")
			b.ReportMetric(float64(g.Len()), "entries")
		})
	}
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
