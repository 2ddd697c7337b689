package output

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"

	"depeche/segment"
	"depeche/translate"
)

// markdownWriter writes GitHub-flavoured Markdown: a table by default, or
// running text with the source in quotation blocks.
type markdownWriter struct {
	w      *bufio.Writer
	o      Options
	terms  []*termEntry
	number map[translate.Term]int
	noted  map[int]bool // terms that have their note
}

func writeMarkdown(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	m := &markdownWriter{w: bufio.NewWriterSize(w, 1<<16), o: o, noted: make(map[int]bool)}
	m.terms, m.number = tellingTerms(texts)
	for i, b := range texts {
		if i > 0 {
			m.w.WriteString("\n")
		}
		own := o
		if i > 0 {
			own.Title = ""
		}
		rows := printRows(b, o)
		if h, _ := headline(b); h == "" || own.Title != "" || o.Layout == "" || o.Layout == SideBySide {
			fmt.Fprintf(m.w, "# %s\n", markdownText(title(b, own), false))
		}
		switch o.Layout {
		case Interleaved:
			m.interleaved(rows)
		case SourceAbove:
			for k := range rows {
				m.block(&rows[k], rows[k].source(), "")
			}
			m.w.WriteString("\n---\n")
			for k := range rows {
				m.target(&rows[k])
				m.notes(&rows[k])
			}
		default:
			m.table(b, rows)
		}
	}
	if o.Terms != "notes" {
		m.index()
	}
	m.w.WriteString("\n")
	if o.Credit != "" {
		fmt.Fprintf(m.w, "*%s*\n\n", markdownText(o.Credit, false))
	}
	for i, line := range provenance(texts, o) {
		if i > 0 {
			m.w.WriteString("\\\n")
		}
		m.w.WriteString(markdownText(line, false))
	}
	m.w.WriteString("\n")
	return m.w.Flush()
}

// table writes one table for the document. A sentence's ID stands in a comment
// beside its number, which is not shown but lets edits find their way back.
func (m *markdownWriter) table(b *translate.Bitext, rows []row) {
	noted := false
	notes := make([][]string, len(rows))
	for i := range rows {
		notes[i] = m.rowNotes(&rows[i])
		noted = noted || len(notes[i]) > 0
	}
	fmt.Fprintf(m.w, "\n| | %s | %s |", languageName(b.Document.Lang), languageName(b.Lang))
	rule := "\n| ---: | --- | --- |"
	if noted {
		m.w.WriteString(" Notes |")
		rule += " --- |"
	}
	m.w.WriteString(rule + "\n")
	for i := range rows {
		r := &rows[i]
		id := ""
		if len(r.pairs) == 1 {
			id = " <!-- " + r.pairs[0].Source.ID + " -->"
		}
		source, target := markdownText(r.source(), true), markdownText(targetText(r), true)
		switch r.block.Kind {
		case segment.Headline, segment.Heading, segment.Alert:
			source, target = strong(source), strong(target)
		}
		fmt.Fprintf(m.w, "| %d%s | %s | %s |", r.n, id, source, target)
		if noted {
			fmt.Fprintf(m.w, " %s |", strings.Join(notes[i], "<br>"))
		}
		m.w.WriteByte('\n')
	}
}

func strong(s string) string {
	if s == "" {
		return ""
	}
	return "**" + s + "**"
}

func (m *markdownWriter) interleaved(rows []row) {
	for i := range rows {
		r := &rows[i]
		m.block(r, r.source(), "> ")
		if r.target() != r.source() {
			m.target(r)
		}
		m.notes(r)
	}
}

// listMark is an item's own marker that means the same in Markdown.
var listMark = regexp.MustCompile(`^(?:[-*+]|\d{1,9}[.)]) +`)

// block writes a text as its block's kind, every line behind prefix.
func (m *markdownWriter) block(r *row, text, prefix string) {
	s := markdownText(text, false)
	switch r.block.Kind {
	case segment.Headline:
		s = strong(s)
	case segment.Heading:
		s = strings.Repeat("#", min(max(r.block.Level, 1)+1, 6)) + " " + s
	case segment.Item:
		mark := listMark.FindString(text)
		if s = markdownText(text[len(mark):], false); mark == "" {
			mark = "- "
		}
		s = strings.Repeat("  ", max(r.block.Level-1, 0)) + mark + s
	case segment.Quote:
		s = "> " + s
	case segment.Alert, segment.Correction, segment.Embargo:
		s = strong(s)
	case segment.Byline, segment.Signature, segment.DateLine:
		s = "*" + s + "*"
	}
	m.w.WriteString("\n" + prefix + s + "\n")
}

func (m *markdownWriter) notes(r *row) {
	for _, note := range m.rowNotes(r) {
		m.w.WriteString("\n" + note + "\n")
	}
}

// target writes the row's target; the headline's is the document's title.
func (m *markdownWriter) target(r *row) {
	if r.block.Kind == segment.Headline && m.o.Title == "" {
		fmt.Fprintf(m.w, "\n# %s\n", markdownText(targetText(r), false))
		return
	}
	m.block(r, targetText(r), "")
}

// absentText stands where a target is missing.
const absentText = "[not translated]"

// targetText is the row's target, or a remark that there is none.
func targetText(r *row) string {
	if t := r.target(); t != "" {
		return t
	}
	return absentText
}

// rowNotes is what stands beside a row, in Markdown: terms, where they are
// asked for as notes, and what htmlNotes gives.
func (m *markdownWriter) rowNotes(r *row) []string {
	var notes []string
	if m.o.Terms == "notes" {
		for _, n := range firstIn(r, m.number, m.noted) {
			notes = append(notes, markdownTerm(m.terms[n], "", true))
		}
	}
	for _, p := range r.pairs {
		for _, n := range htmlNotes(p, m.o) {
			s := markdownText(n.Text, true)
			if n.Label != "" {
				s = strings.TrimSpace("**" + n.Label + "** " + s)
			}
			if n.Better != "" {
				s += " → " + markdownText(n.Better, true)
			}
			notes = append(notes, s)
		}
	}
	return notes
}

// index lists the terms under the text.
func (m *markdownWriter) index() {
	if len(m.terms) == 0 {
		return
	}
	m.w.WriteString("\n## Terms\n\n")
	for _, e := range m.terms {
		m.w.WriteString("- " + markdownTerm(e, e.numbers(), false) + "\n")
	}
}

func markdownTerm(e *termEntry, places string, cell bool) string {
	s := strong(markdownText(e.Entry, cell)) + " → " + strong(markdownText(e.Preferred, cell))
	if places != "" {
		s += " (" + places + ")"
	}
	if e.Note != "" {
		s += ": " + markdownText(e.Note, cell)
	}
	return s
}

// markdownText escapes what Markdown would take for its own signs. Line breaks
// become <br> in a table and hard breaks elsewhere.
func markdownText(s string, cell bool) string {
	s = strings.Trim(clean(s), " \t\r\n")
	var b strings.Builder
	start := true // at the start of a line, where more characters are signs
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch c {
		case '\\', '`', '*', '_', '[', ']', '<', '>', '&', '|', '~':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '#', '+', '-', '=':
			if start && !cell {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		case '.', ')':
			if !cell && ordinal(s[:i]) {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		case '\r':
			if i+1 < len(s) && s[i+1] == '\n' {
				continue
			}
			fallthrough
		case '\n':
			if cell {
				b.WriteString("<br>")
			} else {
				b.WriteString("\\\n")
			}
			start = true
			continue
		default:
			b.WriteByte(c)
		}
		start = start && (c == ' ' || c == '\t')
	}
	return b.String()
}

// ordinal reports whether the last line of s is a number that, with a full
// stop behind it, would begin a list.
func ordinal(s string) bool {
	s = strings.TrimLeft(s[strings.LastIndexByte(s, '\n')+1:], " \t")
	return s != "" && len(s) < 10 && strings.Trim(s, "0123456789") == ""
}

var markdownID = regexp.MustCompile(`<!--\s*(\S+)\s*-->`)

// readMarkdownEdits reads the rows of our table, which bear their IDs in comments.
func readMarkdownEdits(name string, data []byte) ([]Edit, error) {
	data, err := decodeText(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var edits []Edit
	for n, line := range strings.Split(string(data), "\n") {
		m := markdownID.FindStringSubmatch(line)
		if line = strings.TrimSpace(line); m == nil || !strings.HasPrefix(line, "|") {
			continue
		}
		cells := markdownCells(line)
		if len(cells) < 3 {
			return nil, fmt.Errorf("%s:%d: the row of segment %s has no source and target", name, n+1, m[1])
		}
		edits = append(edits, Edit{ID: m[1], Source: plainMarkdown(cells[1]), Target: plainMarkdown(cells[2]), Place: fmt.Sprintf("%s:%d", name, n+1)})
	}
	if len(edits) == 0 {
		return nil, fmt.Errorf("%s: no table whose rows bear segment IDs", name)
	}
	return edits, nil
}

// markdownCells cuts a table's row at the bars that are not escaped.
func markdownCells(line string) []string {
	var cells []string
	var b strings.Builder
	for i := 1; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line):
			b.WriteString(line[i : i+2])
			i++
		case line[i] == '|':
			cells = append(cells, strings.TrimSpace(b.String()))
			b.Reset()
		default:
			b.WriteByte(line[i])
		}
	}
	return cells
}

// plainMarkdown undoes markdownText in a cell, and the emphasis of headlines.
func plainMarkdown(s string) string {
	if rest, ok := strings.CutPrefix(s, "**"); ok && strings.HasSuffix(rest, "**") {
		s = strings.TrimSuffix(rest, "**")
	}
	s = strings.ReplaceAll(s, "<br>", "\n")
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\\`*_{}[]<>()#+-.!|~&=", s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	if b.String() == absentText {
		return ""
	}
	return b.String()
}
