package output

import (
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"depeche/segment"
	"depeche/translate"
)

// row is what stands side by side in print: one pair or, with
// Options.Paragraph, all pairs of a block.
type row struct {
	block *segment.Block
	pairs []*translate.Pair
	first bool // begins its block
	n     int  // number of the first pair among the printed ones, from 1
}

// printRows gives the rows that a reader sees. The repeated headline is
// printed once; blocks without text are left out; an urgent dispatch without a
// headline has its alert for one.
func printRows(b *translate.Bitext, o Options) []row {
	var rows []row
	headline := false
	for _, bl := range b.Document.Blocks {
		headline = headline || bl.Kind == segment.Headline
	}
	n, headed := 1, headline
	for i := 0; i < len(b.Pairs); {
		block := &b.Document.Blocks[b.Pairs[i].Block]
		if block.Kind == segment.Alert && !headed && strings.Contains(block.Text, " ") { // not "FLASH" alone
			alert := *block
			alert.Kind = segment.Headline
			block, headed = &alert, true
		}
		from := i
		for i < len(b.Pairs) && b.Pairs[i].Block == b.Pairs[from].Block {
			i++
		}
		if block.Kind == segment.Repeat && headline {
			continue
		}
		var pairs []*translate.Pair
		for k := from; k < i; k++ {
			pairs = append(pairs, &b.Pairs[k])
		}
		if o.Paragraph {
			rows = append(rows, row{block, pairs, true, n})
		} else {
			for k := range pairs {
				rows = append(rows, row{block, pairs[k : k+1], k == 0, n + k})
			}
		}
		n += len(pairs)
	}
	return rows
}

// source is the row's text in the source language, with the gaps as they were.
func (r *row) source() string {
	return r.block.Text[r.pairs[0].Source.Span.Start:r.pairs[len(r.pairs)-1].Source.Span.End]
}

// target is the row's text in the target language.
func (r *row) target() string {
	var texts []string
	for _, p := range r.pairs {
		if p.Target != "" {
			texts = append(texts, p.Target)
		}
	}
	return strings.Join(texts, " ")
}

// title is the document's title: as asked for, else its headline in the target
// language, in the source language, or its name.
func title(b *translate.Bitext, o Options) string {
	if o.Title != "" {
		return o.Title
	}
	source, target := headline(b)
	for _, s := range []string{target, source, b.Document.Meta.Title} {
		if s != "" {
			return s
		}
	}
	return b.Document.Name
}

// headline is the document's headline in both languages.
func headline(b *translate.Bitext) (source, target string) {
	for _, r := range printRows(b, Options{Paragraph: true}) {
		if r.block.Kind == segment.Headline {
			return r.source(), r.target()
		}
	}
	return "", ""
}

// languageName is the English name of a language: "French".
func languageName(tag language.Tag) string {
	if tag == language.Und {
		return "Text"
	}
	return display.English.Tags().Name(tag)
}

// direction is "rtl" for languages that are written from right to left, else "".
func direction(tag language.Tag) string {
	script, _ := tag.Script()
	switch script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg":
		return "rtl"
	}
	return ""
}

// termEntry is a glossary entry that occurs in a document.
type termEntry struct {
	translate.Term           // without spans
	pairs          []termRef // where it occurs, each pair once
}

type termRef struct {
	text *translate.Bitext
	n    int // number of the pair in print
	id   string
}

// termsOf lists the entries that occur in the printed rows, in the order of
// their first occurrence.
func termsOf(texts []*translate.Bitext) (entries []*termEntry, number map[translate.Term]int) {
	number = make(map[translate.Term]int)
	for _, b := range texts {
		for _, r := range printRows(b, Options{}) {
			p := r.pairs[0]
			for _, t := range p.Terms {
				key := entryOf(t)
				k, ok := number[key]
				if !ok {
					k = len(entries)
					number[key] = k
					entries = append(entries, &termEntry{Term: key})
				}
				e := entries[k]
				if last := len(e.pairs) - 1; last < 0 || e.pairs[last].id != p.Source.ID || e.pairs[last].text != b {
					e.pairs = append(e.pairs, termRef{b, r.n, p.Source.ID})
				}
			}
		}
	}
	return entries, number
}

// telling reports whether there is something to say about a term: more than
// that a word stays as it is.
func (e *termEntry) telling() bool { return e.Note != "" || e.Entry != e.Preferred }

// tellingTerms is termsOf for documents that are read away from the desk.
func tellingTerms(texts []*translate.Bitext) (entries []*termEntry, number map[translate.Term]int) {
	all, _ := termsOf(texts)
	number = make(map[translate.Term]int)
	for _, e := range all {
		if e.telling() {
			number[e.Term] = len(entries)
			entries = append(entries, e)
		}
	}
	return entries, number
}

// text is the entry in one line: "Daesh → ISIS (3, 4): the house name", with
// places as numbers gives them or "".
func (e *termEntry) text(places string) string {
	s := e.Entry + " → " + e.Preferred
	if places != "" {
		s += " (" + places + ")"
	}
	if e.Note != "" {
		s += ": " + e.Note
	}
	return s
}

// firstIn gives the entries that occur in a row for the first time in print.
func firstIn(r *row, number map[translate.Term]int, noted map[int]bool) []int {
	var fresh []int
	for _, p := range r.pairs {
		for _, t := range p.Terms {
			if n, known := number[entryOf(t)]; known && !noted[n] {
				noted[n] = true
				fresh = append(fresh, n)
			}
		}
	}
	return fresh
}

// entryOf is the term without its place: the glossary's entry.
func entryOf(t translate.Term) translate.Term {
	t.Source, t.Target = segment.Span{}, segment.Span{}
	return t
}

// numbers lists the places of a term: "3, 4, 6".
func (e *termEntry) numbers() string {
	var places []string
	for _, p := range e.pairs {
		places = append(places, strconv.Itoa(p.n))
	}
	return strings.Join(places, ", ")
}
