package output

import (
	"bufio"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"

	"depeche/segment"
	"depeche/translate"
)

// Widths of the columns of plain text and of the gap between them, in
// characters of a fixed-width font.
const (
	textColumn = 46
	textGap    = 4
	textWidth  = 2*textColumn + textGap
)

// writeText writes plain text: two columns by default, or one language under
// the other.
func writeText(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	t := &textWriter{w: bufio.NewWriterSize(w, 1<<16), o: o, noted: make(map[int]bool)}
	t.terms, t.number = tellingTerms(texts)
	for i, b := range texts {
		if i > 0 {
			t.line("\n" + strings.Repeat("=", textWidth) + "\n")
		}
		t.document(b, i == 0)
	}
	if len(t.terms) > 0 && o.Terms != "notes" {
		for _, e := range t.terms {
			t.item(e.text(e.numbers()))
		}
		t.line("")
	}
	if o.Credit != "" {
		t.line(clean(o.Credit))
	}
	for _, s := range provenance(texts, o) {
		t.line(clean(s))
	}
	return t.w.Flush()
}

type textWriter struct {
	w      *bufio.Writer
	o      Options
	terms  []*termEntry
	number map[translate.Term]int
	noted  map[int]bool // terms that have their note
}

func (t *textWriter) line(s string) { t.w.WriteString(strings.TrimRight(s, " ") + "\n") }

// item writes a point of a list.
func (t *textWriter) item(s string) {
	mark := "* "
	for _, part := range wrap(clean(s), textWidth-2) {
		t.line(mark + part)
		mark = "  "
	}
}

// document writes one text; the title asked for stands above the first.
func (t *textWriter) document(b *translate.Bitext, first bool) {
	o := t.o
	if !first {
		o.Title = ""
	}
	if source, _ := headline(b); source == "" || o.Title != "" {
		t.line(clean(title(b, o)) + "\n")
	}
	rows := printRows(b, o)
	switch o.Layout {
	case SourceAbove:
		for k := range rows {
			t.block(&rows[k], rows[k].source())
		}
		t.line(strings.Repeat("-", textWidth) + "\n")
		for k := range rows {
			t.block(&rows[k], targetText(&rows[k]))
			t.notes(&rows[k])
		}
	case Interleaved:
		for k := range rows {
			r := &rows[k]
			for _, s := range wrap(clean(r.source()), textWidth-2) {
				t.line("| " + s)
			}
			t.block(r, targetText(r))
			t.notes(r)
		}
	default:
		t.columns([]string{languageName(b.Document.Lang)}, []string{languageName(b.Lang)})
		t.columns([]string{strings.Repeat("-", textColumn)}, []string{strings.Repeat("-", textColumn)})
		for k := range rows {
			if rows[k].first && k > 0 {
				t.line("")
			}
			t.columns(wrap(clean(rows[k].source()), textColumn), wrap(clean(targetText(&rows[k])), textColumn))
			t.notes(&rows[k])
		}
		t.line("")
	}
}

// notes writes the terms that the row has as the first one, if asked for.
func (t *textWriter) notes(r *row) {
	if t.o.Terms != "notes" {
		return
	}
	fresh := firstIn(r, t.number, t.noted)
	for _, n := range fresh {
		t.item(t.terms[n].text(""))
	}
	if len(fresh) > 0 && t.o.Layout != "" && t.o.Layout != SideBySide {
		t.line("")
	}
}

func (t *textWriter) block(r *row, text string) {
	lines := wrap(clean(text), textWidth)
	for _, s := range lines {
		t.line(s)
	}
	if r.block.Kind == segment.Headline {
		t.line(strings.Repeat("=", min(textWidth, runewidth.StringWidth(lines[len(lines)-1]))))
	}
	t.line("")
}

func (t *textWriter) columns(left, right []string) {
	for k := 0; k < len(left) || k < len(right); k++ {
		var a, b string
		if k < len(left) {
			a = left[k]
		}
		if k < len(right) {
			b = right[k]
		}
		t.line(a + strings.Repeat(" ", max(0, textColumn-runewidth.StringWidth(a))+textGap) + b)
	}
}

// wrap breaks a text at its plain spaces, never at those that hold words
// together, into lines of at most width cells; a longer word is broken.
func wrap(text string, width int) []string {
	var lines []string
	for _, paragraph := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		current, used := "", 0
		for _, word := range strings.FieldsFunc(paragraph, func(r rune) bool { return r == ' ' || r == '\t' || r == '\r' }) {
			n := runewidth.StringWidth(word)
			if used > 0 && used+1+n > width {
				lines = append(lines, current)
				current, used = "", 0
			}
			for n > width {
				head := runewidth.Truncate(word, width, "")
				if head == "" {
					break
				}
				lines = append(lines, head)
				word = word[len(head):]
				n = runewidth.StringWidth(word)
			}
			if used > 0 {
				current += " "
				used++
			}
			current += word
			used += n
		}
		lines = append(lines, current)
	}
	return lines
}
