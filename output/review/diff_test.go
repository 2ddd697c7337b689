package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
)

// bitext makes a document of one paragraph per line "source | target"; more
// fields set origin ("human:name", "machine:backend:model", "memory:100"),
// state and comment. Empty targets are absent ones.
func bitext(t testing.TB, name, text string) *translate.Bitext {
	t.Helper()
	b := &translate.Bitext{Document: &segment.Document{Name: name, Lang: language.French}, Lang: language.English, Run: translate.Run{Backend: "local", Model: "m1", Tool: "depeche 0.1"}}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.Split(line, "|")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		for len(f) < 5 {
			f = append(f, "")
		}
		s := segment.Segment{Text: f[0], Span: segment.Span{End: len(f[0])}}
		b.Document.Blocks = append(b.Document.Blocks, segment.Block{Kind: segment.Paragraph, Text: f[0], Segments: []segment.Segment{s}})
		p := translate.Pair{Block: len(b.Document.Blocks) - 1, Target: f[1], State: translate.Translated, Origin: translate.Origin{Kind: translate.Machine, Backend: "local", Model: "m1"}, Comment: f[4]}
		if f[3] != "" {
			p.State = translate.State(f[3])
		}
		o := strings.Split(f[2]+"::", ":")
		switch o[0] {
		case "human":
			p.Origin = translate.Origin{Kind: translate.Human, By: o[1], Time: time.Date(2024, 11, 24, 8, 0, 0, 0, time.UTC)}
		case "machine":
			p.Origin = translate.Origin{Kind: translate.Machine, Backend: o[1], Model: o[2]}
		case "memory":
			p.Origin = translate.Origin{Kind: translate.Memory, Match: 100}
		}
		if f[1] == "" {
			p.State, p.Origin = translate.Initial, translate.Origin{Kind: translate.None}
		}
		b.Pairs = append(b.Pairs, p)
	}
	b.Document.Identify()
	at := 0
	for i := range b.Document.Blocks {
		for _, s := range b.Document.Blocks[i].Segments {
			b.Pairs[at].Source = s
			at++
		}
	}
	return b
}

// TestDiff reads testdata/diff/*.txt: OLD and NEW as lines of bitext, then
// the unified form that must come out.
func TestDiff(t *testing.T) {
	files, _ := filepath.Glob("testdata/diff/*.txt")
	if len(files) < 8 {
		t.Fatalf("only %d cases", len(files))
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(string(data), "-----\n")
		if len(parts) != 3 {
			t.Fatalf("%s: want OLD, NEW and the result between lines of -----", file)
		}
		d := Diff([]*translate.Bitext{bitext(t, "a.xlf", parts[0])}, []*translate.Bitext{bitext(t, "a.xlf", parts[1])})
		var out bytes.Buffer
		if err := d.Unified(&out); err != nil {
			t.Fatal(err)
		}
		got := out.String()
		for _, b := range []string{parts[0], parts[1]} { // IDs are hashes: leave them out
			for _, p := range bitext(t, "", b).Pairs {
				got = strings.ReplaceAll(got, " "+p.Source.ID+" ", " ")
			}
		}
		for _, c := range d.Documents[0].Changes {
			for _, n := range c.Notable {
				got += n.String() + "\n"
			}
		}
		if os.Getenv("UPDATE") != "" {
			os.WriteFile(file, []byte(parts[0]+"-----\n"+parts[1]+"-----\n"+got), 0o644)
			continue
		}
		if got != parts[2] {
			t.Errorf("%s:\n%s\nwant\n%s", file, got, parts[2])
		}
		same := Diff([]*translate.Bitext{bitext(t, "a", parts[1])}, []*translate.Bitext{bitext(t, "a", parts[1])})
		if !same.Same() {
			t.Errorf("%s: the new text differs from itself: %s", file, same.Summary)
		}
	}
}

// TestComplete holds that the words of a difference give back both texts and
// that every segment of both sides is aligned once.
func TestComplete(t *testing.T) {
	old, new := "Il a dit : \"non\", à 14h30.", "Elle a dit \"oui\" à 15h30, hier."
	var a, b strings.Builder
	for _, op := range Words(old, new) {
		if op.Op != "+" {
			a.WriteString(op.Text)
		}
		if op.Op != "-" {
			b.WriteString(op.Text)
		}
	}
	if a.String() != old || b.String() != new {
		t.Errorf("%q %q", a.String(), b.String())
	}
	x := many(400, func(i int) int { return i })
	y := many(400, func(i int) int { return (i * 7) % 450 })
	oldSeen, newSeen := map[int]int{}, map[int]int{}
	for _, l := range align(x, y) {
		for _, i := range l.old {
			oldSeen[i]++
		}
		for _, j := range l.new {
			newSeen[j]++
		}
	}
	for i := range x.Pairs {
		if oldSeen[i] != 1 || newSeen[i] != 1 {
			t.Fatalf("segment %d is aligned %d and %d times", i, oldSeen[i], newSeen[i])
		}
	}
}

// many makes a document of n sentences, the ith about number(i).
func many(n int, number func(int) int) *translate.Bitext {
	b := &translate.Bitext{Document: &segment.Document{Name: "many"}}
	for i := range n {
		k := number(i)
		s := segment.Segment{ID: fmt.Sprintf("s%d", k), Text: fmt.Sprintf("Le ministre numéro %d a parlé du dossier %d à la ville %d.", k, k*3, k%17)}
		b.Pairs = append(b.Pairs, translate.Pair{Source: s, Target: fmt.Sprintf("Minister number %d spoke about file %d.", k, k*3), State: translate.Translated})
	}
	return b
}

func TestFormats(t *testing.T) {
	old := bitext(t, "a.xlf", "Il y a 240.000 morts. | There are 240,000 dead.\n<b>Deux</b> | <script>alert(1)</script>\nTrois. | Three.")
	new := bitext(t, "a.xlf", "Il y a 240.000 morts. | There are 24,000 dead. | human:Marie | reviewed\n<b>Deux</b> | <script>alert(2)</script>\nTrois. | Three.")
	d := Diff([]*translate.Bitext{old}, []*translate.Bitext{new})
	for _, f := range Formats {
		var out bytes.Buffer
		if err := f.Write(d, &out); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		got := out.String()
		if !strings.Contains(got, "24,000") || !strings.Contains(got, "Marie") {
			t.Errorf("%s lacks the change or its author:\n%s", f.Name, got)
		}
		if strings.Contains(got, "<script>alert") && (f.Name == "html" || f.Name == "md") {
			t.Errorf("%s does not escape", f.Name)
		}
		if strings.Contains(got, "\x1b") != (f.Name == "color") {
			t.Errorf("%s: colour sequences", f.Name)
		}
		if f.Name == "json" {
			var back Differences
			if err := json.Unmarshal(out.Bytes(), &back); err != nil || len(back.Documents[0].Changes) != 2 {
				t.Errorf("json: %v", err)
			}
		}
	}
	if s := d.Summary; s.Changed != 2 || s.WordsInserted != 2 || s.WordsDeleted != 2 || s.PostEdited < 33 || s.TER <= 0 || s.ChrF2 >= 100 {
		t.Errorf("%+v", s)
	}
}

func BenchmarkDiff10000(b *testing.B) {
	x := many(10000, func(i int) int { return i })
	y := many(10000, func(i int) int { return i + 5000 })
	for b.Loop() {
		Diff([]*translate.Bitext{x}, []*translate.Bitext{y})
	}
}

func blockOf(p *translate.Pair) segment.Block {
	return segment.Block{Kind: segment.Paragraph, Text: p.Source.Text, Segments: []segment.Segment{p.Source}}
}
