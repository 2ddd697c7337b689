package output

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/xuri/excelize/v2"
)

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
		if edits, ok := tableEdits(rows, func(i int) string { return fmt.Sprintf("%s: row %d", name, i+1) }); ok {
			return edits, nil
		}
	}
	return nil, errNoTable(name)
}

// readDOCXEdits reads the review table as Word or LibreOffice saved it.
// Tracked changes are taken as accepted, an editor's comments in the margin as
// if they stood in the comment column.
func readDOCXEdits(name string, data []byte) ([]Edit, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	document, err := wordPart(z, name, "word/document.xml")
	if err != nil {
		return nil, fmt.Errorf("%s: not a Word document: %w", name, err)
	}
	var comments wordComments
	switch part, err := wordPart(z, name, "word/comments.xml"); {
	case err == nil:
		comments = readWordComments(part.root)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	for _, table := range wordElements(document.root, "tbl") {
		var rows [][]string
		var remarks [][]string
		for _, tr := range wordElements(table, "tr") {
			rows = append(rows, wordRow(tr))
			remarks = append(remarks, comments.of(tr))
		}
		edits, ok := tableEdits(rows, func(i int) string { return fmt.Sprintf("%s: row %d of the table", name, i+1) })
		if !ok {
			continue
		}
		for i := range edits {
			edits[i].remark(remarks[edits[i].row])
		}
		return edits, nil
	}
	return nil, errNoTable(name)
}

// remark adds comments to the row's own.
func (e *Edit) remark(texts []string) {
	if e.Comment != nil && *e.Comment != "" {
		texts = append([]string{*e.Comment}, texts...)
	}
	if len(texts) > 0 {
		comment := strings.Join(texts, "\n")
		e.Comment = &comment
	}
}

// wordPart parses a part of the package.
func wordPart(z *zip.Reader, name, file string) (*xmlTree, error) {
	part, err := z.Open(file)
	if err != nil {
		return nil, err
	}
	defer part.Close()
	return parseXML(io.LimitReader(part, maxPart), name+" ("+file+")")
}

// wordComments are the texts of comments in the margin by their IDs.
type wordComments map[string]string

// wordAuthor is who our own comments are by.
const wordAuthor = "depeche"

func readWordComments(root *node) wordComments {
	comments := make(wordComments)
	for _, c := range root.all(nsWord, "comment") {
		if c.attrNS(nsWord, "author") != wordAuthor {
			comments[c.attrNS(nsWord, "id")] = wordParagraphs(c)
		}
	}
	return comments
}

// of gives the comments that n refers to, in the order of the text.
func (c wordComments) of(n *node) []string {
	var texts []string
	if n.is(nsWord, "commentReference") {
		if text := c[n.attrNS(nsWord, "id")]; text != "" {
			texts = append(texts, text)
		}
	}
	for _, k := range n.kids {
		texts = append(texts, c.of(k)...)
	}
	return texts
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
		cells = append(cells, wordParagraphs(tc))
	}
	return cells
}

// wordParagraphs is the text of the paragraphs under n, a line each. One whose
// end was deleted goes on in the next.
func wordParagraphs(n *node) string {
	var b strings.Builder
	paragraphs := wordElements(n, "p")
	for i, p := range paragraphs {
		wordRuns(&b, p)
		if deleted := p.first(nsWord, "pPr").first(nsWord, "rPr").first(nsWord, "del") != nil; !deleted && i < len(paragraphs)-1 {
			b.WriteByte('\n')
		}
	}
	return b.String()
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
