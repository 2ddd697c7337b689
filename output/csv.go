package output

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"depeche/translate"
)

// tableHeader names the columns of the tables that editors correct: CSV, TSV,
// the spreadsheet. Findings are for reading only.
var tableHeader = []string{"id", "source", "target", "state", "origin", "findings", "comment"}

func writeCSV(w io.Writer, texts []*translate.Bitext, o Options) error {
	return writeTable(w, texts, o, ',')
}

func writeTSV(w io.Writer, texts []*translate.Bitext, o Options) error {
	return writeTable(w, texts, o, '\t')
}

// writeTable follows RFC 4180: CRLF after each record, quotes around fields
// that need them, line breaks inside fields as they are.
func writeTable(w io.Writer, texts []*translate.Bitext, o Options, comma rune) error {
	if err := sound(texts); err != nil {
		return err
	}
	if len(texts) > 1 {
		return fmt.Errorf("a table holds one document, not %d", len(texts))
	}
	buf := bufio.NewWriterSize(w, 1<<16)
	if o.BOM {
		buf.WriteRune('\ufeff')
	}
	writeRecord(buf, tableHeader, comma)
	for i := range texts[0].Pairs {
		record := tableRecord(&texts[0].Pairs[i])
		if o.Neutral {
			for k := range record {
				record[k] = neutral(record[k])
			}
		}
		writeRecord(buf, record, comma)
	}
	return buf.Flush()
}

// tableRecord is a pair as a row under tableHeader.
func tableRecord(p *translate.Pair) []string {
	var findings []string
	for _, f := range p.Findings {
		findings = append(findings, string(f.Level)+" "+f.Rule+": "+f.Message)
	}
	return []string{p.Source.ID, p.Source.Text, p.Target, string(p.State), originText(p.Origin), strings.Join(findings, "\n"), p.Comment}
}

// originText is an origin in one cell: "machine local base-memory", "memory
// local base-memory 87%", "human a.keller".
func originText(o translate.Origin) string {
	parts := []string{string(o.Kind)}
	for _, s := range []string{o.Backend, o.Model, o.By} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if o.Match != 0 {
		parts = append(parts, strconv.Itoa(o.Match)+"%")
	}
	return strings.Join(parts, " ")
}

func writeRecord(w *bufio.Writer, record []string, comma rune) {
	for i, field := range record {
		if i > 0 {
			w.WriteRune(comma)
		}
		if !strings.ContainsRune(field, comma) && !strings.ContainsAny(field, "\"\r\n") && strings.TrimSpace(field) == field {
			w.WriteString(field)
			continue
		}
		w.WriteByte('"')
		w.WriteString(strings.ReplaceAll(field, `"`, `""`))
		w.WriteByte('"')
	}
	w.WriteString("\r\n")
}

// neutral puts an apostrophe before what a spreadsheet would take for a
// formula. An apostrophe that stands before such a character already is
// doubled, so that plainCell gives back every cell.
func neutral(s string) string {
	if formula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// plainCell undoes neutral.
func plainCell(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && formula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return s
}

func formula(s string) bool { return s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) }

// readCSVEdits reads a table as spreadsheets save it: with commas, semicolons
// or tabs, in UTF-8, UTF-16 or the encoding of Western Europe's Windows.
func readCSVEdits(name string, data []byte) ([]Edit, error) {
	data, err := decodeText(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	skipped := 0
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	comma := rune(0)
	if sep, ok := bytes.CutPrefix(bytes.TrimSpace(first), []byte("sep=")); ok && len(sep) == 1 { // a line for one spreadsheet only
		comma, data, skipped = rune(sep[0]), rest, 1
		first, _, _ = bytes.Cut(data, []byte("\n"))
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	for _, c := range []rune{';', '\t', ','} {
		if comma == 0 && bytes.ContainsRune(first, c) {
			comma = c
		}
	}
	if comma != 0 {
		r.Comma = comma
	}
	var rows [][]string
	var lines []int
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var parse *csv.ParseError
			if errors.As(err, &parse) {
				return nil, fmt.Errorf("%s:%d:%d: %w", name, parse.Line+skipped, parse.Column, parse.Err)
			}
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for k := range record {
			record[k] = plainCell(record[k])
		}
		line, _ := r.FieldPos(0)
		rows, lines = append(rows, record), append(lines, line+skipped)
	}
	edits, ok := tableEdits(rows, func(i int) string { return fmt.Sprintf("%s:%d", name, lines[i]) })
	if !ok {
		return nil, errNoTable(name)
	}
	return edits, nil
}

// decodeText gives an edited text in UTF-8 without a byte order mark.
func decodeText(data []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
	case !utf8.Valid(data):
		return charmap.Windows1252.NewDecoder().Bytes(data)
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}
