package output

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"depeche/translate"
)

// maxCell is how many UTF-16 units a cell of a spreadsheet can hold.
const maxCell = 32767

// xlsxWidths are the widths of the columns of tableHeader, in digits; xlsxLine
// is the height of a line and xlsxTallest that of the tallest row, in points.
var xlsxWidths = []float64{14, 60, 60, 12, 24, 40, 30}

const (
	xlsxSheet   = "Translation"
	xlsxLine    = 15
	xlsxTallest = 409
)

// writeXLSX writes the table of tableHeader as a workbook: wrapped text, the
// header always in sight and on every printed page, a filter on each column,
// the states to choose from.
func writeXLSX(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	if len(texts) > 1 {
		return fmt.Errorf("a table holds one document, not %d", len(texts))
	}
	f := excelize.NewFile()
	defer f.Close()
	if err := xlsxSetup(f, texts[0], o); err != nil {
		return err
	}
	if err := xlsxRows(f, texts[0]); err != nil {
		return err
	}
	var book bytes.Buffer
	if err := f.Write(&book); err != nil {
		return err
	}
	return xlsxRepack(w, book.Bytes(), o)
}

// xlsxSetup sets what does not depend on the rows.
func xlsxSetup(f *excelize.File, b *translate.Bitext, o Options) error {
	if err := f.SetSheetName("Sheet1", xlsxSheet); err != nil {
		return err
	}
	if err := f.SetAppProps(&excelize.AppProperties{Application: "depeche"}); err != nil {
		return err
	}
	if err := f.SetDocProps(&excelize.DocProperties{Title: clean(title(b, o)), Creator: b.Run.Tool, Language: b.Lang.String(), Created: stamp(o), Modified: stamp(o)}); err != nil {
		return err
	}
	landscape, paper, wide, high, fit := "landscape", 9, 1, 0, true // A4
	if o.Letter {
		paper = 1
	}
	if err := f.SetPageLayout(xlsxSheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &paper, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	if err := f.SetSheetProps(xlsxSheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := f.SetHeaderFooter(xlsxSheet, &excelize.HeaderFooterOptions{OddFooter: "&C&P / &N"}); err != nil {
		return err
	}
	if err := f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: xlsxSheet + "!$1:$1", Scope: xlsxSheet}); err != nil {
		return err
	}
	if err := f.SetSheetDimension(xlsxSheet, xlsxRange(b)); err != nil {
		return err
	}
	states := excelize.NewDataValidation(true)
	states.SetSqref(fmt.Sprintf("D2:D%d", len(b.Pairs)+1))
	if err := states.SetDropList([]string{string(translate.Initial), string(translate.Translated), string(translate.Reviewed), string(translate.Final)}); err != nil {
		return err
	}
	return f.AddDataValidation(xlsxSheet, states)
}

func xlsxRows(f *excelize.File, b *translate.Bitext) error {
	text, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, NumFmt: 49})
	if err != nil {
		return err
	}
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EEEEEE"}}})
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter(xlsxSheet)
	if err != nil {
		return err
	}
	for i := len(xlsxWidths); i > 0; i-- { // the library puts each before the others
		if err := s.SetColWidth(i, i, xlsxWidths[i-1]); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	row := func(n, style int, cells []string) error {
		values := make([]any, len(cells))
		lines := 1
		for i, c := range cells {
			if c = clean(c); len(c) > maxCell && len(utf16.Encode([]rune(c))) > maxCell {
				return fmt.Errorf("%s: the %s of segment %s has more than the %d characters of a spreadsheet's cell", b.Document.Name, tableHeader[i], cells[0], maxCell)
			}
			values[i] = excelize.Cell{StyleID: style, Value: c}
			lines = max(lines, len(wrap(c, int(xlsxWidths[i]))))
		}
		return s.SetRow(fmt.Sprintf("A%d", n), values, excelize.RowOpts{Height: float64(min(lines*xlsxLine, xlsxTallest))})
	}
	if err := row(1, head, tableHeader); err != nil {
		return err
	}
	for i := range b.Pairs {
		if err := row(i+2, text, tableRecord(&b.Pairs[i])); err != nil {
			return err
		}
	}
	if err := s.AddTable(&excelize.Table{Range: xlsxRange(b), Name: "Segments", StyleName: "TableStyleLight1"}); err != nil {
		return err
	}
	return s.Flush()
}

// xlsxRange is the table with its header; it has one row at least.
func xlsxRange(b *translate.Bitext) string { return fmt.Sprintf("A1:G%d", max(len(b.Pairs), 1)+1) }

// xlsxRepack gives the workbook's parts the document's time. Its rows have the
// height that their text takes; without the library's word that this is the
// user's own choice, office programs fit it again when the text changes.
func xlsxRepack(w io.Writer, book []byte, o Options) error {
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return err
	}
	a := newArchive(w, o)
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			return err
		}
		data, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			return err
		}
		if strings.HasPrefix(part.Name, "xl/worksheets/") {
			data = bytes.ReplaceAll(data, []byte(` customHeight="1"`), nil)
		}
		if err := a.text(part.Name, string(data)); err != nil {
			return err
		}
	}
	return a.close()
}

// stamp is the time of a workbook; it must have one.
func stamp(o Options) string {
	if o.Time.IsZero() {
		return "2000-01-01T00:00:00Z"
	}
	return o.Time.UTC().Format("2006-01-02T15:04:05Z")
}
