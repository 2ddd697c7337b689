package glossary

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCases runs testdata/cases. A file holds cases that an editor can read
// and add, each with a line "--- name" on top:
//
//	columns:  header of the entries; source,target,forbidden,case,note if absent
//	entry:    one entry as in a CSV file; entries above the first case are for all
//	client:   the desk that asks
//	source:   the French text
//	sent:     what the backend gets, if the case is about that
//	answer:   what the backend gives back; what it got if absent
//	target:   what must come of it
//	finding:  rule and the words that it speaks of, in the target or, if it has
//	          no place there, in the source; one line for each, in their order
//	obeys:    the answer is of a backend that obeys terms itself
//	starter:  the terms of the starter glossary are left in the text at first
//
// Without entries the sample glossary is used, with the starter glossary
// behind it; with entries the starter glossary is there if the case says so.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	n := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		common := testCase{columns: "source,target,forbidden,case,note"}
		parts := strings.Split("\n"+string(data), "\n--- ")
		common.read(t, parts[0])
		for _, part := range parts[1:] {
			name, body, _ := strings.Cut(part, "\n")
			c := common
			c.read(t, body)
			n++
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+name, c.run)
		}
	}
	if n < 80 {
		t.Errorf("only %d cases", n)
	}
}

type testCase struct {
	columns, client, source, sent, answer, target string
	starter                                       bool
	entries, findings                             []string
	obeys                                         bool
}

func (c *testCase) read(t *testing.T, body string) {
	t.Helper()
	c.entries = c.entries[:len(c.entries):len(c.entries)]
	for line := range strings.Lines(body) {
		line = strings.TrimRight(line, "\n")
		key, value, ok := strings.Cut(line, ":")
		value = strings.NewReplacer(`\n`, "\n", `\u00a0`, "\u00a0", `\u202f`, "\u202f", `\u00ad`, "\u00ad", `\u0301`, "\u0301", `\u200b`, "\u200b").Replace(strings.TrimSpace(value))
		switch {
		case strings.TrimSpace(line) == "" || line[0] == '#':
		case !ok:
			t.Fatalf("what is %q?", line)
		case key == "columns":
			c.columns = value
		case key == "entry":
			c.entries = append(c.entries, value)
		case key == "client":
			c.client = value
		case key == "source":
			c.source = value
		case key == "sent":
			c.sent = value
		case key == "answer":
			c.answer = value
		case key == "target":
			c.target = value
		case key == "finding":
			c.findings = append(c.findings, value)
		case key == "starter":
			c.starter = true
		case key == "obeys":
			c.obeys = true
		default:
			t.Fatalf("what is %q?", line)
		}
	}
}

func (c testCase) run(t *testing.T) {
	var sets []Set
	if len(c.entries) > 0 {
		terms, err := ReadCSV(strings.NewReader(c.columns+"\n"+strings.Join(c.entries, "\n")), "entries")
		if err != nil {
			t.Fatal(err)
		}
		sets = append(sets, Set{Name: "entries", Terms: terms})
		if c.starter {
			sets = append(sets, News())
		}
	} else {
		terms, err := Load("testdata/sample.csv")
		if err != nil {
			t.Fatal(err)
		}
		news := News()
		news.Known = c.starter
		sets = append(sets, Set{Name: "sample", Terms: terms}, news)
	}
	g, err := New(sets...)
	if err != nil {
		t.Fatal(err)
	}
	ms := g.Find(c.source, FindOptions{Client: c.client})
	p := g.Protect(c.source, ms)
	if c.sent != "" && p.Text != c.sent {
		t.Errorf("sent\n  got  %s\n  want %s", p.Text, c.sent)
	}
	answer := c.answer
	if answer == "" {
		answer = p.Text
	}
	var target string
	var problems []Problem
	if c.obeys {
		target, problems = g.Repair(answer, ms)
	} else {
		target, problems = p.Restore(answer)
	}
	if target != c.target {
		t.Errorf("target\n  got  %s\n  want %s", target, c.target)
	}
	problems = append(problems, g.Check(c.source, target, ms)...)
	var got []string
	for _, p := range problems {
		words := p.Target.Of(target)
		if words == "" {
			words = p.Source.Of(c.source)
		}
		got = append(got, strings.TrimSpace(p.Rule+" "+words))
	}
	if fmt.Sprint(got) != fmt.Sprint(c.findings) {
		t.Errorf("findings\n  got  %q\n  want %q", got, c.findings)
	}
	if t.Failed() {
		for _, m := range ms {
			t.Logf("%q in %q → %q", m.Span.Of(c.source), m.Whole.Of(c.source), m.Target)
		}
		t.Logf("sent %s", p.Text)
	}
}
