// Package segment holds what a reader gives and what the splitter makes of it:
// documents, blocks and segments, with their places in the text.
//
// A Document is a sequence of blocks; a block is split into segments. Two
// invariants hold everywhere and are fuzzed: the segments of a block and the
// gaps between them give back Block.Text byte for byte, and the blocks of a
// plain-text document and the white space between them give back
// Document.Source.
package segment

import (
	"fmt"

	"golang.org/x/text/language"
)

// Pos is a place in a text: Offset in bytes from the start, Line and Column
// from 1, columns in runes.
type Pos struct{ Offset, Line, Column int }

func (p Pos) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// Span is a half-open range of byte offsets.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Len is the number of bytes that the span covers.
func (s Span) Len() int { return s.End - s.Start }

// Empty reports whether the span covers nothing; the zero Span stands for
// "no place known".
func (s Span) Empty() bool { return s.End <= s.Start }

// Of returns the part of text that the span covers.
func (s Span) Of(text string) string { return text[s.Start:s.End] }

// Kind says what a block is in a dispatch.
type Kind string

// The kinds of blocks. A dateline ("MOSCOU, 29 sept 2015 (AFP) -") is no
// block: it stays with its paragraph and is known by Block.Dateline.
const (
	Paragraph  Kind = "paragraph"
	Headline   Kind = "headline"        // the document's title
	Repeat     Kind = "headline-repeat" // the headline once more: printed once, kept in the data
	Heading    Kind = "heading"         // a heading inside the text; Block.Level from 1
	Lead       Kind = "lead"            // chapô: the summary under the headline
	Item       Kind = "item"            // list item; Block.Level from 1
	Quote      Kind = "quote"           // block quotation
	Cell       Kind = "cell"            // table cell
	DateLine   Kind = "date"            // a line that holds the date and time of issue alone
	Byline     Kind = "byline"          // "Par Jean Dupont"
	Signature  Kind = "signature"       // "Avec AFP", "jd/mc"
	Alert      Kind = "alert"           // URGENT, FLASH, ALERTE
	Correction Kind = "correction"      // "RECTIFICATIF", "Corrige le 2e paragraphe"
	Embargo    Kind = "embargo"         // "SOUS EMBARGO jusqu'à …"
	Separator  Kind = "separator"       // "***", "----": no prose
)

// Meta is what is known of a document besides its blocks. Empty where unknown.
type Meta struct {
	Title  string // the headline's text
	Date   string // the date line as written
	Byline string
	Agency string // "AFP", "Reuters", …
	Place  string // of the dateline
	URL    string // of the source
	URN    string // identifier in a news system (NewsML, ninjs)
}

// Document is what a reader gives.
type Document struct {
	Name     string       // file name or title for messages; "-" for standard input
	Lang     language.Tag // language of the source
	Encoding string       // IANA name of the character encoding that was read, "utf-8" if unknown
	Meta     Meta
	Source   string // the whole decoded text for plain-text input; empty for other formats
	Blocks   []Block
}

// Block is a paragraph, a headline, a list item or another unit of layout.
// Text is on one line: line breaks of hard-wrapped paragraphs are single
// spaces in it. Span is its place in Document.Source, the wrapped form
// (zero where Source is empty).
type Block struct {
	Kind     Kind
	Level    int
	Text     string
	Span     Span
	Dateline Span // "MOSCOU, 29 sept 2015 (AFP) -" within Text; empty if there is none
	Segments []Segment
}

// Segment is a unit of translation: a sentence, or a quotation with its
// attribution. Span is its place in Block.Text, so Span.Of(block.Text) == Text.
// ID is stable over edits elsewhere in the document, unique in it, and a valid
// XML NMTOKEN.
type Segment struct {
	ID     string
	Text   string
	Span   Span
	Quotes []Quotation
}

// Quotation is one quotation, or the part of one, that lies in a segment.
// Span is within Segment.Text and covers the marks. Level is 1 for an
// outermost quotation. A quotation that was opened in an earlier segment has
// Opened false, one that is not closed in this segment has Closed false.
type Quotation struct {
	Span   Span
	Level  int
	Opened bool // the opening mark lies in this segment
	Closed bool // the closing mark lies in this segment
}
