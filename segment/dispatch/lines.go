package dispatch

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
)

// line is a line of the source with its outer white space taken off.
type line struct {
	span   segment.Span // empty for a blank line
	indent int          // columns of white space before it
	width  int          // characters, indent included
	alone  bool         // makes a block of its own even in the midst of others
}

// lines cuts source into lines. CR, LF, CRLF, form feed and the line and
// paragraph separators of Unicode end one.
func lines(source string) []line {
	out := make([]line, 0, strings.Count(source, "\n")+strings.Count(source, "\r")+1)
	start := 0
	for start < len(source) {
		end := strings.IndexAny(source[start:], "\n\r\f\v\u0085\u2028\u2029")
		next := len(source)
		if end < 0 {
			end = len(source)
		} else {
			end += start
			r, n := utf8.DecodeRuneInString(source[end:])
			next = end + n
			if r == '\r' && next < len(source) && source[next] == '\n' {
				next++
			}
		}
		out = append(out, newLine(source, start, end))
		if next > end && (source[end] == '\f') {
			out = append(out, line{}) // a new page begins a new block
		}
		start = next
	}
	return out
}

func newLine(source string, start, end int) line {
	l := line{span: segment.Span{Start: start, End: start}}
	t := strings.TrimRightFunc(source[start:end], unicode.IsSpace)
	for i, r := range t {
		if !unicode.IsSpace(r) {
			l.span = segment.Span{Start: start + i, End: start + len(t)}
			break
		}
		if r == '\t' {
			l.indent += 4 - l.indent%4
		} else {
			l.indent++
		}
	}
	l.width = l.indent + utf8.RuneCountInString(l.span.Of(source))
	l.alone = alone(l.span.Of(source))
	return l
}

// A file whose widest line has up to wrapWidth characters is taken for one
// with hard-wrapped paragraphs; a wider line is none.
const wrapWidth = 110

// paragraph is a run of lines that belong together.
type paragraph struct {
	lines []line
	text  string
	span  segment.Span
	alone bool // no other paragraph adjoins without a blank line, if the text is hard-wrapped
}

// paragraphs joins lines into paragraphs. A blank line always ends one. In
// hard-wrapped text a line also ends one where it is not full, or a list item
// or an indented line follows; in other text every line is one. A file may
// hold both, so a line that is much wider than the wrapped ones is a paragraph
// of its own, and one that can't be an end is joined whatever the widths.
func paragraphs(source string, all []line) []paragraph {
	width := wrapped(source, all)
	var out []paragraph
	for i := 0; i < len(all); {
		if all[i].span.Empty() {
			i++
			continue
		}
		j := i + 1
		for j < len(all) && !all[j].span.Empty() && !breaks(source, all[i:j], all[j], width) {
			j++
		}
		p := paragraph{lines: all[i:j], span: segment.Span{Start: all[i].span.Start, End: all[j-1].span.End}}
		p.alone = width == 0 || (i == 0 || all[i-1].span.Empty()) && (j == len(all) || all[j].span.Empty())
		p.text = unwrap(source, p.lines)
		out = append(out, p)
		i = j
	}
	return out
}

// wrapped gives the width at which the lines are wrapped, in characters; 0 if
// they are not. Where no line is wide that is the widest; else lines that can't
// be the end of a paragraph and have one behind them that can't be a beginning
// show that the text is wrapped, and where.
func wrapped(source string, all []line) int {
	widest, evident := 0, 0
	for i, l := range all {
		widest = max(widest, l.width)
		if l.width <= wrapWidth && l.width > evident && i+1 < len(all) && goesOver(source, l, all[i+1]) {
			evident = l.width
		}
	}
	if widest <= wrapWidth {
		return max(widest, 50)
	}
	return evident
}

// goesOver says whether a sentence goes over from line a to line b for certain.
// A short line proves nothing: "Avec AFP", and the initials of an editor below.
func goesOver(source string, a, b line) bool {
	if a.span.Empty() || b.span.Empty() || a.alone || b.alone || a.width < 50 {
		return false
	}
	at, bt := a.span.Of(source), b.span.Of(source)
	r, _ := utf8.DecodeRuneInString(bt)
	return unicode.IsLower(r) && marker(bt) == "" && !ends(at) && !strings.HasSuffix(at, ":") && !strings.HasSuffix(at, ";")
}

// breaks says whether line b begins a new paragraph behind the lines before
// it, which have no blank line between them.
func breaks(source string, before []line, b line, width int) bool {
	a := before[len(before)-1]
	at, bt := a.span.Of(source), b.span.Of(source)
	if a.alone || b.alone {
		return true
	}
	if len(before) == 1 && datelineAlone(at) {
		return false // the text goes on where its dateline ends
	}
	if width == 0 || a.width > width+width/8 {
		return !goesOver(source, a, b)
	}
	if len(marker(bt)) > 0 && (ends(at) || len(marker(before[0].span.Of(source))) > 0 || strings.HasSuffix(at, ":") || strings.HasSuffix(at, ";")) {
		return true
	}
	if b.indent > a.indent+1 && len(marker(before[0].span.Of(source))) == 0 && (len(before) > 1 || ends(at)) {
		return true
	}
	word := bt
	if i := strings.IndexFunc(bt, unicode.IsSpace); i > 0 {
		word = bt[:i]
	}
	if a.width+1+utf8.RuneCountInString(word) > width {
		return false // the line is full
	}
	room := width - a.width
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(bt, "«“\"‹‘(–—- \u00a0\u202f"))
	capital := unicode.IsUpper(r) || unicode.IsDigit(r)
	switch {
	case !capital:
		return false
	case ends(at):
		return room*8 > width // full lines end a little short of the width
	default:
		return room*5 > width*2 && !goesOn(at)
	}
}

// ends says whether a sentence may end with text.
func ends(text string) bool {
	t := strings.TrimRight(text, "»”\")]’› \u00a0\u202f")
	r, _ := utf8.DecodeLastRuneInString(t)
	return strings.ContainsRune(".!?…", r)
}

// goesOn says whether text ends in a way that a title or a sentence does not.
func goesOn(text string) bool {
	if strings.HasSuffix(text, ",") || strings.HasSuffix(text, "-") || strings.HasSuffix(text, "(") || strings.HasSuffix(text, "«") {
		return true
	}
	switch text[strings.LastIndexAny(text, " \u00a0'’")+1:] {
	case "le", "la", "les", "de", "du", "des", "et", "ou", "à", "au", "aux", "en", "un", "une", "que", "qui", "dans", "par", "pour", "sur", "avec", "son", "sa", "ses", "ce", "cette", "M.", "Mme":
		return true
	}
	return false
}

// unwrap joins lines with single spaces; a word that is divided at a hyphen is
// joined without.
func unwrap(source string, ls []line) string {
	if len(ls) == 1 {
		return ls[0].span.Of(source)
	}
	var b strings.Builder
	b.Grow(ls[len(ls)-1].span.End - ls[0].span.Start)
	for i, l := range ls {
		t := l.span.Of(source)
		if i > 0 {
			before := ls[i-1].span.Of(source)
			r, _ := utf8.DecodeRuneInString(t)
			hyphen := strings.HasSuffix(before, "-") && !strings.HasSuffix(before, " -") && !strings.HasSuffix(before, "--")
			if !(hyphen && unicode.IsLetter(r)) && !strings.HasSuffix(before, "\u00ad") {
				b.WriteByte(' ')
			}
		}
		b.WriteString(t)
	}
	return b.String()
}
