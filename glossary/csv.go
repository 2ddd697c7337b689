package glossary

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"depeche/segment"
)

// ReadCSV reads a glossary from comma-separated values with a header line;
// semicolons and tabs are recognised as separators too. Columns may stand in
// any order, with English or French names; a cell holds several values
// separated by "|". The first target is the preferred one, the others are its
// forms in the order of the sources. The error joins one Error per fault.
func ReadCSV(r io.Reader, name string) ([]Term, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return readDelimited(data, name, 0)
}

// ReadTSV reads a glossary from tab-separated values; else it is like ReadCSV.
// Quotation marks have no meaning unless they enclose a whole cell.
func ReadTSV(r io.Reader, name string) ([]Term, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return readDelimited(data, name, '\t')
}

func readDelimited(data []byte, name string, comma rune) ([]Term, error) {
	text, err := decode(data)
	if err != nil {
		return nil, &Error{File: name, Message: err.Error()}
	}
	c := csv.NewReader(strings.NewReader(text))
	c.FieldsPerRecord = -1
	if c.Comma = comma; comma == 0 {
		c.Comma = separator(text)
	}
	c.LazyQuotes = c.Comma == '\t'
	lines := lineStarts(text)
	var t table
	for {
		record, err := c.Read()
		if err == io.EOF {
			break
		}
		var perr *csv.ParseError
		if errors.As(err, &perr) {
			// encoding/csv counts columns in bytes.
			return nil, &Error{name, at(text, lines, perr.Line, perr.Column), perr.Err.Error()}
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		row := make([]cell, len(record))
		for i, v := range record {
			line, col := c.FieldPos(i)
			row[i] = cell{v, at(text, lines, line, col)}
		}
		t.rows = append(t.rows, row)
	}
	return t.terms(name)
}

// decode gives the text of a file in UTF-8, UTF-16 with a byte order mark, or
// Windows-1252.
func decode(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		out, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		return string(out), err
	case utf8.Valid(data):
		return strings.TrimPrefix(string(data), "\ufeff"), nil
	case bytes.IndexByte(data, 0) >= 0:
		return "", errors.New("this is no text file")
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(data)
	return string(out), err
}

// separator guesses from the header line.
func separator(text string) rune {
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		best, most := ',', 0
		for _, r := range ",;\t" {
			if n := strings.Count(line, string(r)); n > most {
				best, most = r, n
			}
		}
		return best
	}
	return ','
}

func lineStarts(text string) []int {
	starts := []int{0}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// at is the place of a byte column in a line, both from 1.
func at(text string, lines []int, line, column int) segment.Pos {
	if line < 1 || line > len(lines) {
		return segment.Pos{Line: line, Column: column}
	}
	start := lines[line-1]
	off := min(start+max(column-1, 0), len(text))
	return segment.Pos{Offset: off, Line: line, Column: utf8.RuneCountInString(text[start:off]) + 1}
}
