package glossary

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Format reads one kind of glossary file.
type Format struct {
	Name string
	Ext  string
	Read func(r io.Reader, name string) ([]Term, error)
}

// Formats is the table of the formats.
var Formats = []Format{
	{"csv", ".csv", ReadCSV},
	{"tsv", ".tsv", ReadTSV},
}

// Load reads a glossary file; its extension names the format. Faults are
// Errors with their place.
func Load(path string) ([]Term, error) {
	f, err := formatOf(path)
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

func formatOf(path string) (*Format, error) {
	ext := strings.ToLower(filepath.Ext(path))
	var known []string
	for i := range Formats {
		if Formats[i].Ext == ext {
			return &Formats[i], nil
		}
		known = append(known, Formats[i].Ext)
	}
	return nil, fmt.Errorf("%s: a glossary is a file with one of the endings %s", path, strings.Join(known, " "))
}
