// Package translate turns a document into a bitext: it splits, applies the
// glossary, asks the memory and a backend, restores, checks and keeps what it
// found out about each segment.
package translate

import (
	"time"

	"golang.org/x/text/language"

	"depeche/segment"
)

// Bitext is a document with its translation: one Pair per segment, in the
// order of the document. It is the only type that passes between the pipeline,
// the writers and readers of output, and review.
type Bitext struct {
	Document *segment.Document
	Lang     language.Tag // of the target
	Pairs    []Pair
	Run      Run
}

// Run says what a bitext was made with. Fingerprint covers the source, the
// glossary, the backend with its model and the settings: a document whose
// file holds the same fingerprint needs no new translation.
type Run struct {
	Fingerprint string
	Backend     string
	Model       string
	Glossary    string // hash of the glossaries' entries, "" without any
	Tool        string // "depeche 0.1.0"
}

// Pair is a segment with its translation.
type Pair struct {
	Block    int // index into Document.Blocks
	Source   segment.Segment
	Target   string
	State    State
	Origin   Origin
	Score    float64 // mean log probability of a target token; meaningful if HasScore
	HasScore bool
	Links    []Link // word alignment; may be empty
	Terms    []Term
	Findings []Finding
	Comment  string // an editor's
	Matches  []Match
}

// State is XLIFF 2's state of a segment.
type State string

// The states of a segment. An absent translation is Initial with an empty
// target, a doubtful one is Initial with its target and an error finding.
const (
	Initial    State = "initial"
	Translated State = "translated"
	Reviewed   State = "reviewed"
	Final      State = "final"
)

// OriginKind says where a target comes from.
type OriginKind string

// The kinds of origin.
const (
	Machine   OriginKind = "machine"   // a backend
	Human     OriginKind = "human"     // an editor
	Memory    OriginKind = "memory"    // a translation memory; Origin.Match says how close
	Source    OriginKind = "source"    // the source itself: signatures, separators
	Converted OriginKind = "converted" // a rule: dates
	None      OriginKind = "none"      // no target
)

// Origin says who made a target.
type Origin struct {
	Kind    OriginKind
	Backend string    // for Machine, and for Memory what made the entry
	Model   string    // likewise
	By      string    // for Human: who, where that is known
	Time    time.Time // for Human: when; zero for all others, so that runs repeat to the byte
	Match   int       // for Memory: 101, 100 or the fuzzy percentage
}

// Term is an occurrence of a glossary entry in a pair.
type Term struct {
	Source    segment.Span // in the source segment's text
	Target    segment.Span // in the target; empty where it is missing
	Entry     string       // the entry's first source form
	Preferred string       // the entry's preferred target
	Note      string
	Glossary  string // name of the glossary
}

// Match is an entry of the memory that is close to the source.
type Match struct {
	Source, Target string
	Percent        int // 101 in context, 100 exact, else fuzzy
	Origin         Origin
	State          State
	Note           string // "240.000 became 250.000"
	Score          float64
	HasScore       bool
	Links          []Link
	Findings       []Finding
	Document       string // that the entry was made for
	Entry          int64  // identity of the entry in its memory
}

// Level says how grave a finding is.
type Level string

// The levels of findings.
const (
	LevelInfo    Level = "info"
	LevelWarning Level = "warning"
	LevelError   Level = "error"
)

// Finding is something doubtful in a pair, as data. Rule is a stable name in
// kebab case ("quotes-unbalanced"). The spans are empty where no place is known.
type Finding struct {
	Rule       string
	Level      Level
	Message    string
	Source     segment.Span // in the source segment's text
	Target     segment.Span // in the target
	Suggestion string       // a better target text for the Target span, "" if there is none
}

// Worst is the gravest level among the findings, "" without any.
func Worst(findings []Finding) Level {
	var worst Level
	for _, f := range findings {
		switch {
		case f.Level == LevelError:
			return LevelError
		case f.Level == LevelWarning, worst == "":
			worst = f.Level
		}
	}
	return worst
}
