package review

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"depeche/translate"
)

// Formats of Differences, by the name that --format takes.
var Formats = []struct {
	Name, About string
	Write       func(d *Differences, w io.Writer) error
}{
	{"text", "for reading in a terminal, with word-level marks", (*Differences).Text},
	{"color", "the same in colour", (*Differences).Color},
	{"unified", "one line per text, stable, for git and patch readers", (*Differences).Unified},
	{"html", "one file, side by side, with filters and keys", (*Differences).HTML},
	{"json", "everything, for programs", (*Differences).JSON},
	{"md", "for a merge request", (*Differences).Markdown},
}

// JSON writes the whole structure.
func (d *Differences) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(d)
}

// marks are what stands around words that were deleted or inserted, and
// around headings and quiet text.
type marks struct{ del, ins, head, quiet [2]string }

var (
	plainMarks = marks{del: [2]string{"[-", "-]"}, ins: [2]string{"{+", "+}"}}
	colorMarks = marks{del: [2]string{"\x1b[31;9m", "\x1b[0m"}, ins: [2]string{"\x1b[32m", "\x1b[0m"}, head: [2]string{"\x1b[1m", "\x1b[0m"}, quiet: [2]string{"\x1b[2m", "\x1b[0m"}}
)

// Text writes the changes with [-deleted-] and {+inserted+} words.
func (d *Differences) Text(w io.Writer) error { return d.text(w, plainMarks) }

// Color writes them with terminal colours.
func (d *Differences) Color(w io.Writer) error { return d.text(w, colorMarks) }

func (m marks) ops(ops []Op) string {
	var b strings.Builder
	for _, op := range ops {
		switch op.Op {
		case "-":
			b.WriteString(m.del[0] + op.Text + m.del[1])
		case "+":
			b.WriteString(m.ins[0] + op.Text + m.ins[1])
		default:
			b.WriteString(op.Text)
		}
	}
	return safe(b.String(), m == colorMarks)
}

// safe keeps control characters of a text from reaching the terminal; colour
// sequences of our own stay.
func safe(s string, colour bool) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && !(colour && r == '\x1b') || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

func (m marks) wrap(pair [2]string, s string) string { return pair[0] + s + pair[1] }

func (d *Differences) text(w io.Writer, m marks) error {
	p := &printer{w: w}
	for _, doc := range d.Documents {
		if len(doc.Changes) == 0 {
			continue
		}
		p.printf("%s\n", m.wrap(m.head, doc.Name))
		for _, c := range doc.Changes {
			p.printf("\n%s\n", m.wrap(m.head, "  "+heading(&c)))
			if c.Source != nil {
				p.printf("    %s\n", m.ops(c.Source))
			} else {
				p.printf("    %s\n", m.wrap(m.quiet, safe(texts(c.newOrOld(), Side.source), false)))
			}
			switch {
			case c.Target != nil:
				p.printf("    %s\n", m.ops(c.Target))
			case c.Kind != Status && c.Kind != Moved:
				p.printf("    %s\n", safe(texts(c.newOrOld(), Side.target), false))
			}
			for _, n := range c.Notable {
				p.printf("    %s\n", m.wrap(m.head, n.String()))
			}
		}
		p.printf("\n")
	}
	p.printf("%s", d.Summary.String())
	return p.err
}

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (s Side) source() string { return s.Source }
func (s Side) target() string { return s.Target }

func (c *Change) newOrOld() []Side {
	if len(c.New) > 0 {
		return c.New
	}
	return c.Old
}

func texts(sides []Side, of func(Side) string) string {
	var out []string
	for _, s := range sides {
		out = append(out, of(s))
	}
	return strings.Join(out, " ")
}

// heading says where the change is and what happened: "12 s1f… target; backend:
// apertium → google".
func heading(c *Change) string {
	at := c.newOrOld()
	var places []string
	for _, s := range at {
		places = append(places, fmt.Sprint(s.Index))
	}
	s := strings.Join(places, "+") + " " + at[0].ID + " · " + label(c)
	if len(c.Why) > 0 {
		s += " · " + strings.Join(c.Why, "; ")
	}
	return s
}

var labels = map[Kind]string{
	Retranslated: "target changed", Edited: "source edited", Moved: "moved", Split: "source split", Merged: "sources merged",
	Added: "added", Removed: "removed", Status: "status",
}

func label(c *Change) string {
	s := labels[c.Kind]
	if c.Kind == Split {
		s += fmt.Sprintf(" into %d", len(c.New))
	}
	if c.Kind == Merged {
		s = fmt.Sprintf("%d %s", len(c.Old), s)
	}
	if c.Kind == Moved {
		s += fmt.Sprintf(" from %d", c.Old[0].Index)
	}
	if c.Moved {
		s += ", moved"
	}
	return s
}

// String is the notable change in words.
func (n Notable) String() string {
	switch {
	case n.New == "":
		return n.Kind + " lost: " + n.Old
	case n.Old == "":
		return n.Kind + " added: " + n.New
	}
	return n.Kind + ": " + n.Old + " → " + n.New
}

// String is the summary in a few lines.
func (s Summary) String() string {
	var b strings.Builder
	if s.Changed == 0 {
		fmt.Fprintf(&b, "no differences in %d segments\n", s.New)
		return b.String()
	}
	var kinds []string
	for _, k := range []Kind{Retranslated, Edited, Split, Merged, Moved, Added, Removed, Status} {
		if n := s.Kinds[k]; n > 0 {
			kinds = append(kinds, fmt.Sprintf("%d %s", n, labels[k]))
		}
	}
	fmt.Fprintf(&b, "%d of %d segments differ: %s\n", s.Changed, max(s.Old, s.New), strings.Join(kinds, ", "))
	fmt.Fprintf(&b, "words: %d inserted, %d deleted · TER %.2f · chrF2 %.2f · post-edited %.1f %%\n", s.WordsInserted, s.WordsDeleted, s.TER, s.ChrF2, s.PostEdited)
	return b.String()
}

// Unified writes hunks as diff -u does, one line per text, with the segment's
// ID and what happened in the hunk's header. It holds no dates and no colours.
func (d *Differences) Unified(w io.Writer) error {
	p := &printer{w: w}
	line := func(sign string, text string) {
		p.printf("%s%s\n", sign, safe(text, false))
	}
	for _, doc := range d.Documents {
		if len(doc.Changes) == 0 {
			continue
		}
		p.printf("--- a/%s\n+++ b/%s\n", doc.Name, doc.Name)
		for _, c := range doc.Changes {
			p.printf("@@ %s @@\n", heading(&c))
			same := c.Source == nil && len(c.Old) > 0 && len(c.New) > 0
			if same {
				line(" ", texts(c.New, Side.source))
			}
			for _, s := range c.Old {
				if !same {
					line("-", s.Source)
				}
				if c.Target != nil || len(c.New) == 0 {
					line("-", s.Target)
				}
			}
			for _, s := range c.New {
				if !same {
					line("+", s.Source)
				}
				if c.Target != nil || len(c.Old) == 0 {
					line("+", s.Target)
				}
			}
			if c.Target == nil && same {
				line(" ", texts(c.New, Side.target))
			}
		}
	}
	return p.err
}

var markdownEscape = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "~", `\~`, "|", `\|`, "<", "&lt;", ">", "&gt;", "[", `\[`, "]", `\]`, "\n", " ")

// Markdown writes a table for a merge request, at most 200 changes a document.
func (d *Differences) Markdown(w io.Writer) error {
	p := &printer{w: w}
	p.printf("### Translation changes\n\n")
	for _, line := range strings.Split(strings.TrimSpace(d.Summary.String()), "\n") {
		p.printf("%s  \n", markdownEscape.Replace(line))
	}
	for _, doc := range d.Documents {
		if len(doc.Changes) == 0 {
			continue
		}
		p.printf("\n#### %s\n\n| Segment | Source | Translation | |\n| --- | --- | --- | --- |\n", markdownEscape.Replace(doc.Name))
		for i, c := range doc.Changes {
			if i == 200 {
				p.printf("\n… and %d more.\n", len(doc.Changes)-i)
				break
			}
			var notes []string
			notes = append(notes, label(&c))
			notes = append(notes, c.Why...)
			for _, n := range c.Notable {
				notes = append(notes, "**"+n.String()+"**")
			}
			for i, n := range notes {
				if strings.HasPrefix(n, "**") {
					notes[i] = "**" + markdownEscape.Replace(strings.Trim(n, "*")) + "**"
				} else {
					notes[i] = markdownEscape.Replace(n)
				}
			}
			at := c.newOrOld()[0]
			p.printf("| %d `%s` | %s | %s | %s |\n", at.Index, at.ID, markdownOps(c.Source, texts(c.newOrOld(), Side.source)), markdownOps(c.Target, texts(c.newOrOld(), Side.target)), strings.Join(notes, "<br>"))
		}
	}
	return p.err
}

// markdownOps strikes deleted words through and makes inserted ones bold;
// white space stays outside the marks, where Markdown wants it.
func markdownOps(ops []Op, same string) string {
	if ops == nil {
		return markdownEscape.Replace(same)
	}
	var b strings.Builder
	for _, op := range ops {
		text := strings.TrimSpace(op.Text)
		if op.Op == "=" || text == "" {
			b.WriteString(markdownEscape.Replace(op.Text))
			continue
		}
		mark := "**"
		if op.Op == "-" {
			mark = "~~"
		}
		lead, tail, _ := strings.Cut(op.Text, text)
		b.WriteString(lead + mark + markdownEscape.Replace(text) + mark + tail)
	}
	return b.String()
}

// Sentences writes bitexts as lines that a line-based diff reads well: for
// each segment its ID and state, its source and its target. It is what
// `git diff` shows of an XLIFF file through `depeche diff --textconv`.
func Sentences(w io.Writer, texts []*translate.Bitext) error {
	p := &printer{w: w}
	for _, b := range texts {
		p.printf("# %s\n", b.Document.Name)
		for i := range b.Pairs {
			pair := &b.Pairs[i]
			p.printf("\n[%s] %s, %s\n%s\n%s\n", pair.Source.ID, pair.State, originText(pair.Origin), folded(pair.Source.Text), folded(pair.Target))
			if pair.Comment != "" {
				p.printf("// %s\n", folded(pair.Comment))
			}
		}
	}
	return p.err
}
