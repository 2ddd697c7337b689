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
	buf := bufio.NewWriterSize(w, 1<<16)
	line := func(s string) { buf.WriteString(strings.TrimRight(s, " ") + "\n") }
	for i, b := range texts {
		if i > 0 {
			line("\n" + strings.Repeat("=", textWidth) + "\n")
		}
		if source, _ := headline(b); source == "" || o.Title != "" {
			line(clean(title(b, o)) + "\n")
		}
		rows := printRows(b, o)
		switch o.Layout {
		case SourceAbove:
			for k := range rows {
				textBlock(line, &rows[k], rows[k].source())
			}
			line(strings.Repeat("-", textWidth) + "\n")
			for k := range rows {
				textBlock(line, &rows[k], targetText(&rows[k]))
			}
		case Interleaved:
			for k := range rows {
				r := &rows[k]
				for _, s := range wrap(clean(r.source()), textWidth-2) {
					line("| " + s)
				}
				textBlock(line, r, targetText(r))
			}
		default:
			textColumns(line, []string{languageName(b.Document.Lang)}, []string{languageName(b.Lang)})
			textColumns(line, []string{strings.Repeat("-", textColumn)}, []string{strings.Repeat("-", textColumn)})
			for k := range rows {
				if rows[k].first && k > 0 {
					line("")
				}
				textColumns(line, wrap(clean(rows[k].source()), textColumn), wrap(clean(targetText(&rows[k])), textColumn))
			}
			line("")
		}
	}
	if entries, _ := termsOf(texts); len(entries) > 0 && o.Terms != "notes" {
		for _, e := range entries {
			s := e.Entry + " → " + e.Preferred + " (" + e.numbers() + ")"
			if e.Note != "" {
				s += ": " + e.Note
			}
			for k, part := range wrap(clean(s), textWidth-2) {
				if k == 0 {
					line("* " + part)
				} else {
					line("  " + part)
				}
			}
		}
		line("")
	}
	if o.Credit != "" {
		line(clean(o.Credit))
	}
	for _, s := range provenance(texts, o) {
		line(clean(s))
	}
	return buf.Flush()
}

func textBlock(line func(string), r *row, text string) {
	lines := wrap(clean(text), textWidth)
	for _, s := range lines {
		line(s)
	}
	if r.block.Kind == segment.Headline {
		line(strings.Repeat("=", min(textWidth, runewidth.StringWidth(lines[len(lines)-1]))))
	}
	line("")
}

func textColumns(line func(string), left, right []string) {
	for k := 0; k < len(left) || k < len(right); k++ {
		var a, b string
		if k < len(left) {
			a = left[k]
		}
		if k < len(right) {
			b = right[k]
		}
		line(a + strings.Repeat(" ", max(0, textColumn-runewidth.StringWidth(a))+textGap) + b)
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
