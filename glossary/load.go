package glossary

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"depeche/segment"
)

// Error is a fault in a glossary file.
type Error struct {
	File    string
	Pos     segment.Pos // Line and Column are row and column of a spreadsheet; zero where there is no place
	Message string
}

func (e *Error) Error() string {
	if e.Pos.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%s: %s", e.File, e.Pos, e.Message)
}

// Format is one kind of glossary file. Read gives the entries and an error
// that joins one Error per fault; name stands in messages.
type Format struct {
	Name  string
	Ext   string
	About string
	Read  func(r io.Reader, name string) ([]Term, error)
	Write func(w io.Writer, terms []Term) error
}

// Formats is the table of the formats.
var Formats = []Format{
	{"csv", ".csv", "comma-separated values with a header", ReadCSV, WriteCSV},
	{"tsv", ".tsv", "tab-separated values with a header", ReadTSV, WriteTSV},
	{"xlsx", ".xlsx", "Excel workbook, first sheet, with a header", ReadXLSX, WriteXLSX},
	{"tbx", ".tbx", "TBX-Basic (ISO 30042:2019), DCA style", ReadTBX, WriteTBX},
	{"toml", ".toml", "TOML, one [[term]] per entry", ReadTOML, WriteTOML},
}

// Load reads a glossary file; its extension names the format. Faults are
// Errors with their place.
func Load(path string) ([]Term, error) {
	f, err := FormatOf(path)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return f.Read(file, path)
}

// FormatOf gives the format of a file or the one that is called name.
func FormatOf(name string) (*Format, error) {
	ext := strings.ToLower(filepath.Ext(name))
	var known []string
	for i := range Formats {
		if f := &Formats[i]; f.Ext == ext || f.Name == name {
			return f, nil
		}
		known = append(known, Formats[i].Ext)
	}
	return nil, fmt.Errorf("%s: a glossary is a file with one of the endings %s", name, strings.Join(known, " "))
}
