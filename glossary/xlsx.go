package glossary

import (
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"depeche/segment"
)

// The limits of a workbook: a small file may unpack to a huge one.
const (
	maxUnzipped  = 512 << 20
	maxWorkbook  = 128 << 20
	maxSheetPart = 64 << 20 // larger sheets go through a temporary file
)

// ReadXLSX reads a glossary from the first sheet of an Excel workbook, laid
// out as ReadCSV has it. Places in errors are row and column.
func ReadXLSX(r io.Reader, name string) ([]Term, error) {
	book, err := excelize.OpenReader(io.LimitReader(r, maxWorkbook), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxSheetPart})
	if err != nil {
		return nil, &Error{File: name, Message: "this is no readable Excel workbook: " + err.Error()}
	}
	defer book.Close()
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return nil, &Error{File: name, Message: "the workbook has no sheet"}
	}
	rows, err := book.Rows(sheets[0])
	if err != nil {
		return nil, &Error{File: name, Message: err.Error()}
	}
	defer rows.Close()
	var t table
	for n := 1; rows.Next(); n++ {
		values, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, &Error{name, segment.Pos{Line: n, Column: 1}, err.Error()}
		}
		row := make([]cell, len(values))
		for i, v := range values {
			row[i] = cell{v, segment.Pos{Line: n, Column: i + 1}}
		}
		if len(row) > 0 {
			t.rows = append(t.rows, row)
		}
	}
	if err := rows.Error(); err != nil {
		return nil, &Error{File: name, Message: err.Error()}
	}
	return t.terms(name)
}

// WriteXLSX writes the entries to the first sheet of a workbook, with a header
// that stays in view. All cells are text, so that "=1+1" or "@afpfr" does no harm.
func WriteXLSX(w io.Writer, terms []Term) (err error) {
	rows, err := tableOf(terms)
	if err != nil {
		return err
	}
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	const sheet = "Glossary"
	if err := book.SetSheetName(book.GetSheetName(0), sheet); err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7E6E6"}}})
	if err != nil {
		return err
	}
	s, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := s.SetColWidth(1, len(rows[0]), 28); err != nil {
		return err
	}
	for i, row := range rows {
		cells := make([]any, len(row))
		for k, v := range row {
			if cells[k] = v; i == 0 {
				cells[k] = excelize.Cell{Value: v, StyleID: bold}
			}
		}
		if err := s.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}
