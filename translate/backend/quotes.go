package backend

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/translate/marian"
)

// edited is a text made of parts of another, which knows where they stood.
type edited struct {
	text strings.Builder
	runs []piece
}

// piece is a part of n bytes that stands at from in one text and at to in the other.
type piece struct{ from, to, n int }

// keep takes over the bytes of a text from start to end.
func (e *edited) keep(text string, start, end int) {
	if start < end {
		e.runs = append(e.runs, piece{start, e.text.Len(), end - start})
		e.text.WriteString(text[start:end])
	}
}

// there is where a place of the old text is in the new one; a place of a part
// that was left out is where that stood.
func (e *edited) there(at int) int {
	i := sort.Search(len(e.runs), func(i int) bool { return e.runs[i].from > at }) - 1
	if i < 0 {
		return 0
	}
	return e.runs[i].to + min(at-e.runs[i].from, e.runs[i].n)
}

// ending is where the end of a part of the old text is in the new one: before what
// was put in behind it.
func (e *edited) ending(at int) int {
	if at == 0 {
		return 0
	}
	i := sort.Search(len(e.runs), func(i int) bool { return e.runs[i].from >= at }) - 1
	if i < 0 {
		return 0
	}
	return e.runs[i].to + min(at-e.runs[i].from, e.runs[i].n)
}

// back is where a place of the new text is in the old one.
func (e *edited) back(at int) int {
	i := sort.Search(len(e.runs), func(i int) bool { return e.runs[i].to > at }) - 1
	if i < 0 {
		return 0
	}
	return e.runs[i].from + min(at-e.runs[i].to, e.runs[i].n)
}

// apart gives a French text « these quotation marks », whatever it has, with a
// space inside each: so the model has learned them, because the word behind a
// mark is then the piece that it is elsewhere.
func apart(text string) *edited {
	e := &edited{}
	done, depth := 0, 0
	low := false // „German“ marks
	for i, r := range text {
		if i < done {
			continue
		}
		end := i + utf8.RuneLen(r)
		opening := false
		switch r {
		case '«', '„':
			opening = true
		case '“':
			opening = !low
		case '»', '”':
		case '"':
			if strings.HasPrefix(text[i+1:], `"`) && !strings.HasPrefix(text[i+1:], `""`) && i > 0 { // ""so"", as in CSV
				end++
			}
			if before, _ := utf8.DecodeLastRuneInString(text[:i]); unicode.IsDigit(before) && depth == 0 {
				continue // inches
			}
			opening = opens(text, end-1, depth)
			if end > i+1 && opens(text, i, depth) {
				opening = true
			}
		default:
			continue
		}
		low = r == '„' || low && r != '“'
		if opening {
			depth++
			e.keep(text, done, i)
			e.text.WriteString("« ")
			done = end + len(text[end:]) - len(strings.TrimLeftFunc(text[end:], unicode.IsSpace))
		} else {
			depth = max(0, depth-1)
			e.keep(text, done, done+len(strings.TrimRightFunc(text[done:i], unicode.IsSpace)))
			e.text.WriteString(" »")
			done = end
		}
	}
	e.keep(text, done, len(text))
	return e
}

// opens reports whether a straight quotation mark opens a quotation, where depth of them
// are open: by the spaces beside it, and if they do not tell, by that.
func opens(text string, at, depth int) bool {
	before, n := utf8.DecodeLastRuneInString(text[:at])
	after, m := utf8.DecodeRuneInString(text[at+1:])
	left := n == 0 || unicode.IsSpace(before) || strings.ContainsRune("([{«“-–—'’/:", before)
	right := m == 0 || unicode.IsSpace(after) || strings.ContainsRune(")]}»”.,;:!?/", after)
	if left != right {
		return left
	}
	return depth == 0
}

// requoted gives a translation the quotation marks of its source where it has
// lost one or made one: all are taken out, and stand anew around the words that are
// aligned to what they stand around in the source.
func requoted(source string, o marian.Output) marian.Output {
	want, have := strings.Count(source, "«")+strings.Count(source, "»"), strings.Count(o.Text, `"`)
	if have == want || strings.Contains(source, `"`) { // inches
		return o
	}
	made := o
	bare := &edited{}
	done := 0
	for i, r := range o.Text {
		if r != '"' || i < done {
			continue
		}
		bare.keep(o.Text, done, i)
		done = i + 1
		if begins(o.Text, i) {
			done = len(o.Text) - len(strings.TrimLeft(o.Text[done:], " "))
		}
	}
	bare.keep(o.Text, done, len(o.Text))
	moved(&o, bare)
	type insertion struct{ at, order int }
	var marks []insertion
	for _, q := range quotations(source) {
		start, end := len(o.Text), 0
		for _, l := range o.Alignment {
			if l.Source.Start >= q.Start && l.Source.End <= q.End && strings.ContainsFunc(o.Text[l.Target.Start:l.Target.End], wordRune) {
				start, end = min(start, l.Target.Start), max(end, l.Target.End)
			}
		}
		if start >= end {
			continue
		}
		if q.Start > 0 {
			marks = append(marks, insertion{start, 1})
		}
		if q.End < len(source) {
			if inside := strings.TrimRightFunc(source[q.Start:q.End], unicode.IsSpace); strings.HasSuffix(inside, ".") || strings.HasSuffix(inside, "!") || strings.HasSuffix(inside, "?") {
				end += len(o.Text[end:]) - len(strings.TrimLeft(o.Text[end:], ".!?"))
			}
			marks = append(marks, insertion{end, 0})
		}
	}
	sort.SliceStable(marks, func(i, j int) bool {
		return marks[i].at < marks[j].at || marks[i].at == marks[j].at && marks[i].order < marks[j].order
	})
	if max(want, have)-min(want, have) <= max(want, len(marks))-min(want, len(marks)) {
		return made // what they stand around is not aligned
	}
	whole := &edited{}
	done = 0
	for _, m := range marks {
		whole.keep(o.Text, done, m.at)
		whole.text.WriteByte('"')
		done = m.at
	}
	whole.keep(o.Text, done, len(o.Text))
	moved(&o, whole)
	return o
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// quotations are what stands between the marks of a source; one that opens or
// ends elsewhere reaches to the end of the text.
func quotations(source string) []marian.Span {
	var list []marian.Span
	var open []int
	for i, r := range source {
		switch r {
		case '«':
			open = append(open, len(list))
			list = append(list, marian.Span{Start: i + len("«"), End: len(source)})
		case '»':
			if len(open) == 0 {
				list = append(list, marian.Span{End: i})
				break
			}
			list[open[len(open)-1]].End = i
			open = open[:len(open)-1]
		}
	}
	return list
}

// moved puts an edited text in the place of the translation.
func moved(o *marian.Output, e *edited) {
	o.Text = e.text.String()
	links := make([]marian.Link, 0, len(o.Alignment))
	for _, l := range o.Alignment {
		l.Target = marian.Span{Start: e.there(l.Target.Start), End: e.ending(l.Target.End)}
		if l.Target.Start < l.Target.End {
			links = append(links, l)
		}
	}
	o.Alignment = links
}

// begins reports whether a mark in a translation opens a quotation for sure: the model
// writes no space before one that closes.
func begins(text string, at int) bool {
	before, n := utf8.DecodeLastRuneInString(text[:at])
	return n == 0 || before == ' ' || before == '('
}

// closed takes the space behind opening marks out of a translation.
func closed(text string) *edited {
	e := &edited{}
	done, depth := 0, 0
	for i, r := range text {
		if r != '"' || i < done {
			continue
		}
		if !begins(text, i) && !opens(text, i, depth) {
			depth = max(0, depth-1)
			continue
		}
		depth++
		e.keep(text, done, i+1)
		done = len(text) - len(strings.TrimLeft(text[i+1:], " "))
	}
	e.keep(text, done, len(text))
	return e
}

// place puts what the engine made of an edited source in the places of the texts
// that are seen outside. With asis its quotation marks are not compared: a term has some.
func place(o marian.Output, source *edited, asis bool) marian.Output {
	if !asis {
		o = requoted(source.text.String(), o)
	}
	moved(&o, closed(o.Text))
	for i, l := range o.Alignment {
		o.Alignment[i].Source = marian.Span{Start: source.back(l.Source.Start), End: source.back(l.Source.End)}
	}
	o.Alignment = slices.DeleteFunc(o.Alignment, func(l marian.Link) bool { return l.Source.Start >= l.Source.End })
	return o
}
