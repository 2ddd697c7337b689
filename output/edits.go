package output

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"depeche/translate"
)

// Edit is one row of a document that an editor has worked on.
type Edit struct {
	ID, Source, Target string
	State              translate.State // "" where the document has none
	Comment            *string         // nil where the document has none
	Place              string          // "file:line" or "file: row N", for messages
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
	f, err := Detect(name, data)
	if err != nil {
		return nil, fmt.Errorf("%s: edits come back as XLIFF, DOCX, XLSX, CSV, TSV, Markdown or PO", name)
	}
	texts, err := f.Read(bytes.NewReader(data), name)
	if err != nil {
		return nil, err
	}
	if len(texts) != 1 {
		return nil, fmt.Errorf("%s: holds %d documents; edits are imported one document at a time", name, len(texts))
	}
	var edits []Edit
	for i, p := range texts[0].Pairs {
		comment := p.Comment
		edits = append(edits, Edit{ID: p.Source.ID, Source: p.Source.Text, Target: p.Target, State: p.State, Comment: &comment, Place: fmt.Sprintf("%s: segment %d", name, i+1)})
	}
	return edits, nil
}

// columns are the places of the fields in a table, found by its header.
type columns struct{ id, source, target, state, comment int }

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

func errNoTable(name string) error {
	return fmt.Errorf("%s: no table with the columns id, source and target", name)
}

func readCSVEdits(name string, data []byte) ([]Edit, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) { // spreadsheets of Western Europe save so
		decoded, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		data = decoded
	}
	header, _, _ := bytes.Cut(data, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	for _, comma := range []rune{';', '\t', ','} {
		if bytes.ContainsRune(header, comma) {
			r.Comma = comma
			break
		}
	}
	var edits []Edit
	var c columns
	for n := 0; ; n++ {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var parse *csv.ParseError
			if errors.As(err, &parse) {
				return nil, fmt.Errorf("%s:%d:%d: %w", name, parse.Line, parse.Column, parse.Err)
			}
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if n == 0 {
			var ok bool
			if c, ok = findColumns(record); !ok {
				return nil, errNoTable(name)
			}
			continue
		}
		for k := range record {
			record[k] = plainCell(record[k])
		}
		line, _ := r.FieldPos(0)
		if e, ok := c.edit(record, fmt.Sprintf("%s:%d", name, line)); ok {
			edits = append(edits, e)
		}
	}
	if len(edits) == 0 {
		return nil, errNoTable(name)
	}
	return edits, nil
}

func readXLSXEdits(name string, data []byte) ([]Edit, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxPart * 4, UnzipXMLSizeLimit: maxPart})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if len(rows) == 0 {
			continue
		}
		c, ok := findColumns(rows[0])
		if !ok {
			continue
		}
		var edits []Edit
		for i, cells := range rows[1:] {
			if e, ok := c.edit(cells, fmt.Sprintf("%s: row %d", name, i+2)); ok {
				edits = append(edits, e)
			}
		}
		return edits, nil
	}
	return nil, errNoTable(name)
}

// readDOCXEdits reads the review table as Word or LibreOffice saved it.
// Tracked changes are taken as accepted.
func readDOCXEdits(name string, data []byte) ([]Edit, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	part, err := z.Open("word/document.xml")
	if err != nil {
		return nil, fmt.Errorf("%s: not a Word document: %w", name, err)
	}
	defer part.Close()
	t, err := parseXML(io.LimitReader(part, maxPart), name+" (word/document.xml)")
	if err != nil {
		return nil, err
	}
	for _, table := range wordElements(t.root, "tbl") {
		rows := wordElements(table, "tr")
		if len(rows) == 0 {
			continue
		}
		c, ok := findColumns(wordRow(rows[0]))
		if !ok {
			continue
		}
		var edits []Edit
		for i, tr := range rows[1:] {
			if e, ok := c.edit(wordRow(tr), fmt.Sprintf("%s: row %d of the table", name, i+2)); ok {
				edits = append(edits, e)
			}
		}
		return edits, nil
	}
	return nil, errNoTable(name)
}

// wordElements finds the elements of a name under n, not those inside another
// of the same name; tools put content controls and the like between.
func wordElements(n *node, local string) []*node {
	var out []*node
	for _, k := range n.kids {
		switch {
		case k.is(nsWord, local):
			if local != "tr" || k.first(nsWord, "trPr").first(nsWord, "del") == nil { // a row that was deleted
				out = append(out, k)
			}
		case !k.is(nsWord, "del") && !k.is(nsWord, "moveFrom"):
			out = append(out, wordElements(k, local)...)
		}
	}
	return out
}

func wordRow(tr *node) []string {
	var cells []string
	for _, tc := range wordElements(tr, "tc") {
		var paragraphs []string
		for _, p := range wordElements(tc, "p") {
			var b strings.Builder
			wordRuns(&b, p)
			paragraphs = append(paragraphs, b.String())
		}
		cells = append(cells, strings.Join(paragraphs, "\n"))
	}
	return cells
}

func wordRuns(b *strings.Builder, n *node) {
	for _, k := range n.kids {
		switch k.name.Local {
		case "t":
			b.WriteString(k.text())
		case "br", "cr":
			b.WriteByte('\n')
		case "tab":
			if !n.is(nsWord, "tabs") {
				b.WriteByte('\t')
			}
		case "noBreakHyphen":
			b.WriteRune('\u2011')
		case "del", "moveFrom", "pPr", "rPr", "instrText", "Fallback":
		default:
			wordRuns(b, k)
		}
	}
}

var markdownID = regexp.MustCompile(`<!--\s*(\S+)\s*-->`)

// readMarkdownEdits reads the rows of our table, which bear their IDs in comments.
func readMarkdownEdits(name string, data []byte) ([]Edit, error) {
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
