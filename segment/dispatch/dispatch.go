// Package dispatch reads dispatches into documents: it decodes the text, finds
// its blocks and says what each one is.
package dispatch

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"depeche/segment"
)

// Options of reading. The zero value guesses all.
type Options struct {
	Encoding string       // name of the character encoding; "" to guess
	Lang     language.Tag // language of the source; French if it is zero
}

// Reader reads one format of dispatches.
type Reader struct {
	Name string
	Exts []string // of file names, with their dots, in lower case
	Read func(data []byte, name string, o Options) (*segment.Document, error)
}

// readers is the table of all formats. Text is the one for every other name.
var readers = []Reader{
	{Name: "text", Exts: []string{".txt", ".text", ".asc"}, Read: readText},
}

// Readers lists the formats that Read knows.
func Readers() []Reader { return slices.Clone(readers) }

// Read reads one dispatch, in the format that the extension of name says.
// Name is its file name, for messages; "-" is standard input. An error begins
// with it, and with line and column where it has a place.
func Read(r io.Reader, name string, o Options) (*segment.Document, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if o.Lang == (language.Tag{}) {
		o.Lang = language.French
	}
	read := readText
	ext := strings.ToLower(filepath.Ext(name))
	for _, f := range readers {
		if slices.Contains(f.Exts, ext) {
			read = f.Read
		}
	}
	return read(data, name, o)
}
