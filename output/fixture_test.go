package output

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
)

var update = flag.Bool("update", false, "write the golden files anew")

// lavrov is the sample dispatch with a translation by hand, from
// testdata/lavrov.txt, whose first lines explain its form.
func lavrov(tb testing.TB) *translate.Bitext {
	tb.Helper()
	source, err := os.ReadFile("../testdata/lavrov-syrie.txt")
	if err != nil {
		tb.Fatal(err)
	}
	b := readFixture(tb, "testdata/lavrov.txt")
	d := b.Document
	d.Name, d.Encoding, d.Source = "lavrov-syrie.txt", "utf-8", string(source)
	d.Meta = segment.Meta{Title: d.Blocks[1].Text, Date: d.Blocks[0].Text, Agency: "AFP"}
	at := 0
	for i := range d.Blocks {
		k := strings.Index(d.Source[at:], d.Blocks[i].Text)
		if k < 0 {
			tb.Fatalf("block %d is not in the source", i)
		}
		d.Blocks[i].Span = segment.Span{Start: at + k, End: at + k + len(d.Blocks[i].Text)}
		at = d.Blocks[i].Span.End
	}
	b.Run = translate.Run{Fingerprint: "3f1c9a", Backend: "local", Model: "base-memory", Glossary: "b7e2", Tool: "depeche 0.1.0"}
	return b
}

func readFixture(tb testing.TB, file string) *translate.Bitext {
	tb.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	b := &translate.Bitext{Document: &segment.Document{Name: filepath.Base(file), Lang: language.French}, Lang: language.English}
	d := b.Document
	var p *translate.Pair
	for n, line := range strings.Split(string(data), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fail := func(err any) { tb.Fatalf("%s:%d: %v", file, n+1, err) }
		if strings.HasPrefix(line, "[") {
			kind, level, _ := strings.Cut(strings.Trim(line, "[]"), " ")
			block := segment.Block{Kind: segment.Kind(kind)}
			block.Level, _ = strconv.Atoi(level)
			d.Blocks = append(d.Blocks, block)
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			fail("no key")
		}
		value = strings.TrimSpace(value)
		switch block := &d.Blocks[len(d.Blocks)-1]; key {
		case "fr":
			if block.Text != "" {
				block.Text += " "
			}
			s := segment.Segment{Text: value, Span: segment.Span{Start: len(block.Text), End: len(block.Text) + len(value)}}
			block.Text += value
			block.Segments = append(block.Segments, s)
			b.Pairs = append(b.Pairs, translate.Pair{Block: len(d.Blocks) - 1, Source: s, State: translate.Initial, Origin: translate.Origin{Kind: translate.None}})
			p = &b.Pairs[len(b.Pairs)-1]
		case "en":
			p.Target, p.State = value, translate.Translated
			p.Origin = translate.Origin{Kind: translate.Machine, Backend: "local", Model: "base-memory"}
		case "state":
			p.State = translate.State(value)
		case "score":
			if p.Score, err = strconv.ParseFloat(value, 64); err != nil {
				fail(err)
			}
			p.HasScore = true
		case "comment":
			p.Comment = value
		case "dateline":
			block.Dateline = find(value, block.Text, 0)
		case "origin":
			f := append(strings.Fields(value), "", "", "")
			p.Origin = translate.Origin{Kind: translate.OriginKind(f[0])}
			switch p.Origin.Kind {
			case translate.Human:
				p.Origin.By = f[1]
				if p.Origin.Time, err = time.Parse(time.RFC3339, f[2]); err != nil {
					fail(err)
				}
			case translate.Memory:
				p.Origin.Backend, p.Origin.Model = f[1], f[2]
				if p.Origin.Match, err = strconv.Atoi(f[3]); err != nil {
					fail(err)
				}
			}
		case "term":
			form, rest, _ := strings.Cut(value, " = ")
			entry, rest, _ := strings.Cut(rest, " > ")
			preferred, note, _ := strings.Cut(rest, "|")
			t := translate.Term{Entry: entry, Preferred: strings.TrimSpace(preferred), Note: strings.TrimSpace(note), Glossary: "sample.csv"}
			afterSource, afterTarget := 0, 0
			if n := len(p.Terms); n > 0 {
				afterSource, afterTarget = p.Terms[n-1].Source.End, p.Terms[n-1].Target.End
			}
			t.Source, t.Target = find(form, p.Source.Text, afterSource), find(t.Preferred, p.Target, afterTarget)
			p.Terms = append(p.Terms, t)
		case "finding":
			f := strings.Split(value, "|")
			if len(f) != 5 {
				fail(fmt.Sprintf("%d fields of a finding, not 5", len(f)))
			}
			level, rule, _ := strings.Cut(strings.TrimSpace(f[0]), " ")
			p.Findings = append(p.Findings, translate.Finding{Level: translate.Level(level), Rule: rule, Message: strings.TrimSpace(f[1]),
				Source: find(strings.TrimSpace(f[2]), p.Source.Text, 0), Target: find(strings.TrimSpace(f[3]), p.Target, 0), Suggestion: strings.TrimSpace(f[4])})
		case "match":
			f := strings.Split(value, " | ")
			percent, err := strconv.Atoi(f[0])
			if err != nil {
				fail(err)
			}
			p.Matches = append(p.Matches, translate.Match{Percent: percent, Source: f[1], Target: f[2], State: translate.Translated,
				Origin: translate.Origin{Kind: translate.Machine, Backend: "local", Model: "base-memory"}})
		default:
			fail("unknown key " + key)
		}
	}
	d.Identify()
	quotes(b)
	return b
}

// quotes notes each pair of straight quotation marks, as the splitter does,
// and takes the IDs over into the pairs.
func quotes(b *translate.Bitext) {
	i := 0
	for k := range b.Document.Blocks {
		for j := range b.Document.Blocks[k].Segments {
			s := &b.Document.Blocks[k].Segments[j]
			open := -1
			for at, r := range s.Text {
				if r != '"' {
					continue
				}
				if open < 0 {
					open = at
				} else {
					s.Quotes = append(s.Quotes, segment.Quotation{Span: segment.Span{Start: open, End: at + 1}, Level: 1, Opened: true, Closed: true})
					open = -1
				}
			}
			b.Pairs[i].Source = *s
			i++
		}
	}
}

func find(part, text string, from int) segment.Span {
	k := strings.Index(text[from:], part)
	if part == "" || k < 0 {
		return segment.Span{}
	}
	return segment.Span{Start: from + k, End: from + k + len(part)}
}
