package output

import (
	"bufio"
	"encoding/json"
	"io"
	"math"
	"time"

	"depeche/segment"
	"depeche/translate"
)

// segmentLine is what `depeche segment --json` prints of a segment. The
// order of the fields is the order on the line. Start and End are the
// segment's place in its block's text, in bytes of UTF-8.
type segmentLine struct {
	Block int          `json:"block"` // from 0
	Kind  segment.Kind `json:"kind"`
	ID    string       `json:"id"`
	Text  string       `json:"text"`
	Start int          `json:"start"`
	End   int          `json:"end"`
}

// pairLine is a segmentLine with its translation.
type pairLine struct {
	segmentLine
	Document string          `json:"document"`
	Target   string          `json:"target"`
	Origin   originJSON      `json:"origin"`
	State    translate.State `json:"state"`
	Score    *float64        `json:"score"` // null where the backend gave none
	Findings []findingJSON   `json:"findings"`
}

type originJSON struct {
	Kind    translate.OriginKind `json:"kind"`
	Backend string               `json:"backend,omitempty"`
	Model   string               `json:"model,omitempty"`
	By      string               `json:"by,omitempty"`
	Time    *time.Time           `json:"time,omitempty"`
	Match   int                  `json:"match,omitempty"`
}

type findingJSON struct {
	Rule       string          `json:"rule"`
	Level      translate.Level `json:"level"`
	Message    string          `json:"message"`
	Source     *segment.Span   `json:"source,omitempty"`
	Target     *segment.Span   `json:"target,omitempty"`
	Suggestion string          `json:"suggestion,omitempty"`
}

// lineEncoder writes one JSON object a line and leaves < > & as they are.
func lineEncoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

func newSegmentLine(block int, kind segment.Kind, s *segment.Segment) segmentLine {
	return segmentLine{Block: block, Kind: kind, ID: s.ID, Text: s.Text, Start: s.Span.Start, End: s.Span.End}
}

// SegmentsJSONL writes every segment of every block as a line of JSON: the
// fields of the JSON lines of a bitext that are known before translation.
func SegmentsJSONL(w io.Writer, doc *segment.Document) error {
	buf := bufio.NewWriter(w)
	e := lineEncoder(buf)
	for i := range doc.Blocks {
		b := &doc.Blocks[i]
		for j := range b.Segments {
			if err := e.Encode(newSegmentLine(i, b.Kind, &b.Segments[j])); err != nil {
				return err
			}
		}
	}
	return buf.Flush()
}

func writeJSONL(w io.Writer, texts []*translate.Bitext, _ Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	buf := bufio.NewWriterSize(w, 1<<16)
	e := lineEncoder(buf)
	for _, b := range texts {
		for i := range b.Pairs {
			p := &b.Pairs[i]
			line := pairLine{
				segmentLine: newSegmentLine(p.Block, b.Document.Blocks[p.Block].Kind, &p.Source),
				Document:    b.Document.Name,
				Target:      p.Target,
				Origin:      originJSON{Kind: p.Origin.Kind, Backend: p.Origin.Backend, Model: p.Origin.Model, By: p.Origin.By, Match: p.Origin.Match},
				State:       p.State,
				Findings:    make([]findingJSON, len(p.Findings)),
			}
			if !p.Origin.Time.IsZero() {
				line.Origin.Time = &p.Origin.Time
			}
			if p.HasScore && !math.IsNaN(p.Score) && !math.IsInf(p.Score, 0) { // JSON has neither
				line.Score = &p.Score
			}
			for k, f := range p.Findings {
				line.Findings[k] = findingJSON{Rule: f.Rule, Level: f.Level, Message: f.Message, Source: place(f.Source), Target: place(f.Target), Suggestion: f.Suggestion}
			}
			if err := e.Encode(line); err != nil {
				return err
			}
		}
	}
	return buf.Flush()
}

// place is nil for a span that stands for "no place known".
func place(s segment.Span) *segment.Span {
	if s.Empty() {
		return nil
	}
	return &s
}
