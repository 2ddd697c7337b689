package output

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"depeche/translate"
)

// Edit is one row of a document that an editor has worked on.
type Edit struct {
	Document           string // name of the document, "" where the file holds one without a name
	ID, Source, Target string
	State              translate.State // "" where the document has none
	Comment            *string         // nil where the document has none
	Place              string          // "file:line" or "file: row N", for messages
	row                int             // in the table
}

// maxPart is how large a part of an archive may be, unpacked.
const maxPart = 64 << 20

// ReadEdits reads the rows of an edited document: XLIFF 1.2 or 2, the DOCX
// review table, XLSX, CSV, TSV, our Markdown table or PO.
func ReadEdits(name string, data []byte) ([]Edit, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".docx":
		return readDOCXEdits(name, data)
	case ".xlsx":
		return readXLSXEdits(name, data)
	case ".csv", ".tsv", ".tab":
		return readCSVEdits(name, data)
	case ".md", ".markdown":
		return readMarkdownEdits(name, data)
	case ".po":
		return readPOEdits(name, data)
	}
	if f, err := Detect(name, data); err != nil || f.Name != "xliff" && f.Name != "xliff12" {
		return nil, fmt.Errorf("%s: edits come back as XLIFF, DOCX, XLSX, CSV, TSV, Markdown or PO", name)
	}
	return readXLIFFEdits(name, data)
}

// readXLIFFEdits reads what another tool made of our XLIFF. Such tools cut
// our segments anew, leave out notes and states, and indent: a unit of 1.2 is
// read as one segment, as we wrote it; a missing note is no wish to delete a
// comment, a missing state none to change it; and a line break with its
// indentation is a space where the source has no line break.
func readXLIFFEdits(name string, data []byte) ([]Edit, error) {
	x, err := newXLIFFReader(bytes.NewReader(data), name)
	if err != nil {
		return nil, err
	}
	x.whole = true
	texts, err := x.read()
	if err != nil {
		return nil, err
	}
	lines := x.t.lines(x.at)
	var edits []Edit
	for _, b := range texts {
		for i := range b.Pairs {
			p := &b.Pairs[i]
			e := Edit{Document: b.Document.Name, ID: p.Source.ID, Source: p.Source.Text, Target: p.Target, State: p.State, Place: fmt.Sprintf("%s:%d", name, lines[len(edits)])}
			if !strings.Contains(e.Source, "\n") {
				e.Target = indented.ReplaceAllString(e.Target, " ")
			}
			if p.Comment != "" {
				e.Comment = &p.Comment
			}
			if !x.state[len(edits)] {
				e.State = ""
			}
			edits = append(edits, e)
		}
	}
	return edits, nil
}

var indented = regexp.MustCompile(`[ \t]*\r?\n[ \t]*`)

// columns are the places of the fields in a table, found by its header.
type columns struct{ id, source, target, state, comment int }

// headerRows is how many rows may stand above a table's header.
const headerRows = 10

// findColumns knows the headers of our tables; "Source (fr)" is a source.
func findColumns(header []string) (columns, bool) {
	c := columns{-1, -1, -1, -1, -1}
	for i, h := range header {
		h, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))), " ")
		switch h {
		case "id":
			c.id = i
		case "source":
			c.source = i
		case "target":
			c.target = i
		case "state", "status":
			c.state = i
		case "comment":
			c.comment = i
		}
	}
	return c, c.id >= 0 && c.source >= 0 && c.target >= 0
}

// edit makes an Edit of a table's row; rows without any text are none.
func (c columns) edit(cells []string, place string) (Edit, bool) {
	cell := func(k int) string {
		if k < 0 || k >= len(cells) {
			return ""
		}
		return strings.TrimSpace(strings.ReplaceAll(cells[k], "\r\n", "\n"))
	}
	e := Edit{ID: cell(c.id), Source: cell(c.source), Target: cell(c.target), State: translate.State(strings.ToLower(cell(c.state))), Place: place}
	if c.comment >= 0 {
		comment := cell(c.comment)
		e.Comment = &comment
	}
	return e, e.ID != "" || e.Source != "" || e.Target != ""
}

// tableEdits reads the rows under a table's header, which may have others
// above it. Place says where a row stands, counted from 0.
func tableEdits(rows [][]string, place func(int) string) (edits []Edit, found bool) {
	for h := range rows[:min(len(rows), headerRows)] {
		c, ok := findColumns(rows[h])
		if !ok {
			continue
		}
		for i := h + 1; i < len(rows); i++ {
			if e, ok := c.edit(rows[i], place(i)); ok {
				e.row = i
				edits = append(edits, e)
			}
		}
		return edits, true
	}
	return nil, false
}

func errNoTable(name string) error {
	return fmt.Errorf("%s: no table with the columns id, source and target", name)
}
