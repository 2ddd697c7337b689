// Package output writes bitexts as bilingual documents and reads back those
// formats that editors change.
package output

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"depeche/translate"
)

// Format is one kind of document. Write needs no more than the bitexts: a
// format that can't hold several documents is given one.
type Format struct {
	Name   string   // as in -f NAME
	Exts   []string // file extensions with the dot, the preferred one first
	About  string   // one line for `depeche formats`
	Binary bool     // refuses a terminal
	Many   bool     // one file may hold several documents
	Write  func(w io.Writer, texts []*translate.Bitext, o Options) error
	Read   func(r io.Reader, name string) ([]*translate.Bitext, error) // nil where a format does not come back
}

// Layout is how source and target stand to each other.
type Layout string

// The layouts.
const (
	SideBySide  Layout = "side-by-side"
	Interleaved Layout = "interleaved"
	SourceAbove Layout = "source-above"
)

// Options are what an editor may choose about a document. Each format takes
// those that suit it and ignores the others.
type Options struct {
	Layout    Layout    // "" is the format's own default
	Paragraph bool      // align whole paragraphs instead of sentences
	Terms     string    // "notes", "index" or "" for the format's default
	Unmarked  bool      // leave findings out of what is for readers
	Title     string    // "" takes the headline
	Credit    string    // who translated, as a line under the text
	Letter    bool      // US Letter instead of A4
	Time      time.Time // the document's date; zero leaves dates out, so that files repeat to the byte
	Neutral   bool      // CSV: neutralise cells that begin with = + - @
	BOM       bool      // CSV: begin with a byte order mark, as Excel wants it
}

// Lookup finds a format by name or by a file's extension.
func Lookup(nameOrExt string) (*Format, error) {
	want := strings.ToLower(nameOrExt)
	for i := range Formats {
		f := &Formats[i]
		if f.Name == want {
			return f, nil
		}
		for _, e := range f.Exts {
			if e == want {
				return f, nil
			}
		}
	}
	return nil, fmt.Errorf("unknown format %q; depeche formats lists them", nameOrExt)
}

// ForFile finds the format that a file's name asks for: of all extensions that
// the name ends in, the longest one counts, so that "a.review.docx" is a review
// table.
func ForFile(name string) (*Format, error) {
	base := strings.ToLower(filepath.Base(name))
	var found *Format
	length := 0
	for i := range Formats {
		for _, e := range Formats[i].Exts {
			if len(e) > length && strings.HasSuffix(base, e) {
				found, length = &Formats[i], len(e)
			}
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%s: no format has the extension %q; depeche formats lists them", name, filepath.Ext(base))
	}
	return found, nil
}

var xliffRoot = regexp.MustCompile(`<([A-Za-z_][\w.-]*:)?xliff[\s>]`)

// Detect finds the format of a bilingual document that can be read back, by
// its content where that says it, else by the extension of its name.
func Detect(name string, data []byte) (*Format, error) {
	head := data[:min(len(data), 4096)]
	if text, err := utf8XML(head); err == nil && xliffRoot.Match(text) {
		if bytes.Contains(text, []byte(nsXLIFF12)) {
			return Lookup("xliff12")
		}
		return Lookup("xliff")
	}
	ext := strings.ToLower(filepath.Ext(name))
	for i := range Formats {
		f := &Formats[i]
		for _, e := range f.Exts {
			if e == ext && f.Read != nil {
				return f, nil
			}
		}
	}
	var readable []string
	for _, f := range Formats {
		if f.Read != nil {
			readable = append(readable, f.Name)
		}
	}
	return nil, fmt.Errorf("%s: not a bilingual document that can be read back (%s)", name, strings.Join(readable, ", "))
}
