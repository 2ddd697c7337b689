package output

import (
	"bufio"
	_ "embed"
	"html/template"
	"io"

	"depeche/translate"
)

//go:embed page/fragment.html
var fragmentHTML string

var fragmentTemplate = template.Must(template.New("").Parse(fragmentHTML))

type fragment struct {
	Title   string
	Texts   []fragmentText
	Stacked bool
	Terms   []fragmentTerm
	Credit  string
}

type fragmentTerm struct {
	Entry, Preferred fragmentCell
	Note             string
}

type fragmentText struct {
	FromName, ToName string
	Rows             []fragmentRow
	Parts            [][]fragmentRow
}

type fragmentRow struct {
	Class       string
	Left, Right fragmentCell
}

type fragmentCell struct {
	Lang, Dir, Text string
	Heading         bool
}

// writeFragment writes HTML for a content system to put into a page of its
// own: no head, style or script, and nothing that is not for the public. Terms
// are listed if they are asked for.
func writeFragment(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	f := fragment{Title: clean(o.Title), Stacked: o.Layout == Interleaved, Credit: clean(o.Credit)}
	if o.Terms != "" {
		entries, _ := tellingTerms(texts)
		for _, e := range entries {
			b := e.pairs[0].text
			f.Terms = append(f.Terms, fragmentTerm{fragmentCell{b.Document.Lang.String(), direction(b.Document.Lang), clean(e.Entry), false},
				fragmentCell{b.Lang.String(), direction(b.Lang), clean(e.Preferred), false}, clean(e.Note)})
		}
	}
	for _, b := range texts {
		t := fragmentText{FromName: languageName(b.Document.Lang), ToName: languageName(b.Lang)}
		for _, r := range printRows(b, o) {
			t.Rows = append(t.Rows, fragmentRow{
				Class: string(r.block.Kind),
				Left:  fragmentCell{b.Document.Lang.String(), direction(b.Document.Lang), clean(r.source()), isHeading(r.block)},
				Right: fragmentCell{b.Lang.String(), direction(b.Lang), clean(r.target()), isHeading(r.block)},
			})
		}
		if o.Layout == SourceAbove {
			t.Parts = make([][]fragmentRow, 2)
			for _, r := range t.Rows {
				t.Parts[0] = append(t.Parts[0], fragmentRow{Left: r.Left})
				t.Parts[1] = append(t.Parts[1], fragmentRow{Right: r.Right})
			}
		}
		f.Texts = append(f.Texts, t)
	}
	buf := bufio.NewWriterSize(w, 1<<16)
	if err := fragmentTemplate.ExecuteTemplate(buf, "fragment", f); err != nil {
		return err
	}
	return buf.Flush()
}
