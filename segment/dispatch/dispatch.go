// Package dispatch reads dispatches into documents: it decodes, finds the
// blocks and says what each one is.
package dispatch

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/language"

	"depeche/segment"
)

// Options of reading.
type Options struct {
	Encoding string       // IANA name of the character encoding; "" to guess
	Lang     language.Tag // language of the source
}

var dateLine = regexp.MustCompile(`^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b`)

// Read reads one dispatch. Name is its file name, for messages; "-" is
// standard input.
func Read(r io.Reader, name string, o Options) (*segment.Document, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	d := &segment.Document{Name: name, Lang: o.Lang, Encoding: "utf-8", Source: string(data)}
	if !utf8.ValidString(d.Source) {
		dec, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		d.Encoding, d.Source = "windows-1252", string(dec)
	}
	src, at := d.Source, 0
	for _, line := range strings.SplitAfter(src, "\n") {
		t := strings.TrimSpace(line)
		if t != "" {
			lead := strings.Index(line, t)
			b := segment.Block{Kind: segment.Paragraph, Text: t, Span: segment.Span{Start: at + lead, End: at + lead + len(t)}}
			switch {
			case dateLine.MatchString(t):
				b.Kind, d.Meta.Date = segment.DateLine, t
			case d.Meta.Title == "":
				b.Kind, d.Meta.Title = segment.Headline, t
			case d.Meta.Title == t:
				b.Kind = segment.Repeat
			case strings.HasPrefix(t, "Avec ") && len(t) < 40:
				b.Kind = segment.Signature
			}
			d.Blocks = append(d.Blocks, b)
		}
		at += len(line)
	}
	return d, nil
}
