package output

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"depeche/segment"
	"depeche/translate"
)

//go:embed page/page.html
var pageHTML string

//go:embed page/page.css
var pageCSS string

//go:embed page/page.js
var pageJS string

var pageTemplate = template.Must(template.New("").Parse(pageHTML))

type htmlPage struct {
	Title, Tool, Class, Policy, Credit string
	About                              string // IndexEntry
	Style                              template.CSS
	Script                             template.JS
	Texts                              []htmlText
	Terms                              []htmlTerm
	Footer                             []string
}

// htmlText is one document on the page. Parts replaces Rows where the whole
// source stands above the whole translation.
type htmlText struct {
	ID, Title, FromName, ToName, To string
	Hidden                          bool // no headline to print: the title is for screen readers
	Summary                         []htmlSummary
	Rows                            []htmlRow
	Parts                           [][]htmlRow
}

type htmlSummary struct{ First, Text string }

type htmlRow struct {
	ID, Class, From, To, FromDir, ToDir string
	N, Level                            int // Level is that of a heading, 0 for none
	Source, Target                      []htmlSentence
	Notes                               []htmlNote
}

type htmlSentence struct {
	Key, Tab, Gap string
	Text          template.HTML
	Absent        bool
}

type htmlNote struct{ Class, Label, Text, Better string }

type htmlTerm struct {
	ID, Entry, Preferred, Note, Glossary string
	Places                               []htmlPlace
}

type htmlPlace struct {
	ID string
	N  int
}

func writeHTML(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	p := newHTMLPage(texts, o)
	buf := bufio.NewWriterSize(w, 1<<16)
	if err := pageTemplate.ExecuteTemplate(buf, "page", p); err != nil {
		return err
	}
	return buf.Flush()
}

func newHTMLPage(texts []*translate.Bitext, o Options) *htmlPage {
	p := &htmlPage{Title: title(texts[0], o), Tool: texts[0].Run.Tool, Credit: o.Credit, Footer: provenance(texts, o), About: indexEntry(texts, o).about(),
		Style: template.CSS(pageCSS), Script: template.JS(pageJS)}
	p.Policy = "default-src 'none'; style-src " + cspHash(pageCSS) + "; script-src " + cspHash(pageJS) + "; base-uri 'none'; form-action 'none'"
	h := &htmlWriter{texts: texts, options: o}
	var entries []*termEntry
	entries, h.terms = termsOf(texts)
	for i, b := range texts {
		p.Texts = append(p.Texts, h.text(i, b))
	}
	classes := []string{}
	if !o.Paragraph && o.Layout != SourceAbove {
		classes = append(classes, "one")
	}
	if o.Layout == Interleaved {
		classes = append(classes, "stack")
	}
	if h.noted {
		classes = append(classes, "noted")
	}
	p.Class = strings.Join(classes, " ")
	for i, e := range entries {
		t := htmlTerm{ID: termID(i), Entry: clean(e.Entry), Preferred: clean(e.Preferred), Note: clean(e.Note), Glossary: clean(e.Glossary)}
		for _, r := range e.pairs {
			t.Places = append(t.Places, htmlPlace{ID: h.rowIDs[r.text][r.n], N: r.n})
		}
		p.Terms = append(p.Terms, t)
	}
	return p
}

// cspHash is the source expression that allows exactly this style or script.
func cspHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// htmlWriter makes the rows of a page.
type htmlWriter struct {
	texts   []*translate.Bitext
	options Options
	terms   map[translate.Term]int
	noted   bool // some row has notes
	rowIDs  map[*translate.Bitext]map[int]string
}

func termID(i int) string { return "term-" + strconv.Itoa(i+1) }

func (h *htmlWriter) text(i int, b *translate.Bitext) htmlText {
	prefix := ""
	if len(h.texts) > 1 {
		prefix = "d" + strconv.Itoa(i+1) + "-"
	}
	t := htmlText{ID: prefix + "text", FromName: languageName(b.Document.Lang), ToName: languageName(b.Lang), To: b.Lang.String(), Hidden: true}
	t.Title = title(b, Options{})
	if h.rowIDs == nil {
		h.rowIDs = make(map[*translate.Bitext]map[int]string)
	}
	h.rowIDs[b] = make(map[int]string)
	first := map[translate.Level]string{}
	count := map[translate.Level]int{}
	for _, r := range printRows(b, h.options) {
		row := htmlRow{ID: prefix + r.pairs[0].Source.ID, N: r.n, From: b.Document.Lang.String(), To: b.Lang.String(),
			FromDir: direction(b.Document.Lang), ToDir: direction(b.Lang)}
		classes := []string{string(r.block.Kind)}
		if r.first {
			classes = append(classes, "begins")
		}
		if r.source() == r.target() {
			classes = append(classes, "same")
		}
		row.Class = strings.Join(classes, " ")
		switch r.block.Kind {
		case segment.Headline:
			row.Level, t.Hidden = 1, false
		case segment.Heading:
			row.Level = min(max(r.block.Level, 1)+1, 3)
		}
		for k, p := range r.pairs {
			h.rowIDs[b][r.n+k] = row.ID
			row.Source = append(row.Source, h.source(prefix, &r, k))
			row.Target = append(row.Target, h.target(prefix, &r, k))
			row.Notes = append(row.Notes, htmlNotes(p, h.options)...)
			for _, f := range h.options.findings(p) {
				count[f.Level]++
				if first[f.Level] == "" {
					first[f.Level] = row.ID
					if h.options.Layout == SourceAbove {
						first[f.Level] += belowID
					}
				}
			}
		}
		if len(t.Rows) == 0 {
			row.Source[0].Tab = "0"
		}
		h.noted = h.noted || len(row.Notes) > 0
		t.Rows = append(t.Rows, row)
	}
	for _, level := range []translate.Level{translate.LevelError, translate.LevelWarning, translate.LevelInfo} {
		if n := count[level]; n > 0 {
			t.Summary = append(t.Summary, htmlSummary{first[level], counted(n, levelNoun[level])})
		}
	}
	if h.options.Layout == SourceAbove {
		t.Parts = sourceAbove(t.Rows)
	}
	return t
}

// belowID ends the ID of a row in the translation below the source.
const belowID = ".below"

// sourceAbove parts rows into the source and the translation, which keeps the notes.
func sourceAbove(rows []htmlRow) [][]htmlRow {
	parts := make([][]htmlRow, 2)
	for _, r := range rows {
		above, below := r, r
		above.Target, above.Notes = nil, nil
		below.Source, below.ID = nil, r.ID+belowID
		parts[0], parts[1] = append(parts[0], above), append(parts[1], below)
	}
	return parts
}

func (h *htmlWriter) source(prefix string, r *row, k int) htmlSentence {
	p := r.pairs[k]
	s := htmlSentence{Key: prefix + p.Source.ID, Tab: "-1"}
	if k > 0 {
		s.Gap = r.block.Text[r.pairs[k-1].Source.Span.End:p.Source.Span.Start]
	}
	var spans []styled
	if d := r.block.Dateline; !d.Empty() && p.Source.Span.Start <= d.Start && d.End <= p.Source.Span.End {
		d = segment.Span{Start: d.Start - p.Source.Span.Start, End: d.End - p.Source.Span.Start}
		spans = append(spans, styled{span: d, open: `<span class="dateline">`, close: "</span>"})
	}
	for _, t := range p.Terms {
		spans = append(spans, h.term(t, t.Source))
	}
	for _, f := range h.options.findings(p) {
		spans = append(spans, finding(f, f.Source))
	}
	s.Text = styledText(p.Source.Text, spans)
	return s
}

func (h *htmlWriter) target(prefix string, r *row, k int) htmlSentence {
	p := r.pairs[k]
	s := htmlSentence{Key: prefix + p.Source.ID}
	if k > 0 {
		s.Gap = " "
	}
	var spans []styled
	for _, t := range p.Terms {
		spans = append(spans, h.term(t, t.Target))
	}
	for _, f := range h.options.findings(p) {
		spans = append(spans, finding(f, f.Target))
	}
	s.Text, s.Absent = styledText(p.Target, spans), p.Target == ""
	return s
}

func (h *htmlWriter) term(t translate.Term, span segment.Span) styled {
	class := "term"
	if t.Target.Empty() {
		class = "term missing"
	}
	id := termID(h.terms[entryOf(t)])
	return styled{span: span, open: `<a class="` + class + `" href="#` + id + `" aria-describedby="` + id + `">`, close: "</a>"}
}

func finding(f translate.Finding, span segment.Span) styled {
	return styled{span: span, open: `<span class="mark ` + levelClass(f.Level) + `">`, close: "</span>"}
}

// htmlNotes is what stands beside a sentence.
func htmlNotes(p *translate.Pair, o Options) []htmlNote {
	var notes []htmlNote
	for _, f := range o.findings(p) {
		notes = append(notes, htmlNote{Class: levelClass(f.Level), Label: findingLabel(f), Text: clean(f.Message), Better: clean(f.Suggestion)})
	}
	switch {
	case p.State == translate.Initial && p.Target != "" && len(p.Findings) == 0:
		notes = append(notes, htmlNote{Class: "draft", Label: "Draft"})
	case p.State == translate.Reviewed, p.State == translate.Final:
		by := ""
		if p.Origin.By != "" {
			by = "by " + p.Origin.By
		}
		label := "Reviewed"
		if p.State == translate.Final {
			label = "Final"
		}
		notes = append(notes, htmlNote{Class: "reviewed", Label: label, Text: clean(by)})
	}
	if p.Comment != "" {
		notes = append(notes, htmlNote{Class: "comment", Text: clean(p.Comment)})
	}
	return notes
}

// provenance says in a few lines how the texts came about.
func provenance(texts []*translate.Bitext, o Options) []string {
	var lines []string
	run := texts[0].Run
	if run.Backend != "" {
		s := "Translated by machine: " + run.Backend
		if run.Model != "" {
			s += ", model " + run.Model
		}
		if run.Glossary != "" {
			s += "; glossary " + run.Glossary[:min(12, len(run.Glossary))]
		}
		lines = append(lines, s+".")
	}
	lines = append(lines, tally(texts))
	made := run.Tool
	if !o.Time.IsZero() {
		made = strings.TrimPrefix(made+", "+o.Time.Format("2 January 2006, 15:04 MST"), ", ")
	}
	if made != "" {
		lines = append(lines, made)
	}
	return lines
}

// tally counts the printed sentences by their states: "3 sentences: 2 translated, 1 draft."
func tally(texts []*translate.Bitext) string {
	states := map[translate.State]int{}
	total, absent := 0, 0
	for _, b := range texts {
		for _, r := range printRows(b, Options{}) {
			total++
			if r.pairs[0].Target == "" {
				absent++
			} else {
				states[r.pairs[0].State]++
			}
		}
	}
	var parts []string
	for _, s := range []struct {
		n    int
		what string
	}{{states[translate.Translated], "translated"}, {states[translate.Reviewed], "reviewed"}, {states[translate.Final], "final"}, {states[translate.Initial], "draft"}, {absent, "not translated"}} {
		if s.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", s.n, s.what))
		}
	}
	if total == 0 {
		parts = []string{"the dispatch is empty"}
	}
	return counted(total, "sentence") + ": " + strings.Join(parts, ", ") + "."
}
