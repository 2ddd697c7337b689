package output

import (
	"fmt"
	"io"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"depeche/translate"
)

// maxCell is how many UTF-16 units a cell of a spreadsheet can hold.
const maxCell = 32767

// writeXLSX writes the table of tableHeader as a workbook: wrapped text, the
// header always in sight, a filter on each column.
func writeXLSX(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	if len(texts) > 1 {
		return fmt.Errorf("a table holds one document, not %d", len(texts))
	}
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "Translation"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	if err := f.SetDocProps(&excelize.DocProperties{Title: clean(title(texts[0], o)), Creator: texts[0].Run.Tool, Language: texts[0].Lang.String(),
		Created: stamp(o), Modified: stamp(o)}); err != nil {
		return err
	}
	text, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, NumFmt: 49})
	if err != nil {
		return err
	}
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EEEEEE"}}})
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for i, width := range []float64{14, 60, 60, 12, 24, 40, 30} {
		if err := s.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	row := func(n, style int, cells []string) error {
		values := make([]any, len(cells))
		for i, c := range cells {
			if c = clean(c); len(c) > maxCell && len(utf16.Encode([]rune(c))) > maxCell {
				return fmt.Errorf("%s: the %s of segment %s has more than the %d characters of a spreadsheet's cell", texts[0].Document.Name, tableHeader[i], cells[0], maxCell)
			}
			values[i] = excelize.Cell{StyleID: style, Value: c}
		}
		return s.SetRow(fmt.Sprintf("A%d", n), values)
	}
	if err := row(1, head, tableHeader); err != nil {
		return err
	}
	for i := range texts[0].Pairs {
		if err := row(i+2, text, tableRecord(&texts[0].Pairs[i])); err != nil {
			return err
		}
	}
	if err := s.AddTable(&excelize.Table{Range: fmt.Sprintf("A1:G%d", max(len(texts[0].Pairs), 1)+1), Name: "Segments", StyleName: "TableStyleLight1"}); err != nil {
		return err
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

// stamp is the time of a workbook; it must have one.
func stamp(o Options) string {
	if o.Time.IsZero() {
		return "2000-01-01T00:00:00Z"
	}
	return o.Time.UTC().Format("2006-01-02T15:04:05Z")
}
