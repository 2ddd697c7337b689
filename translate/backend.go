package translate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/text/language"

	"depeche/segment"
)

// Backend translates texts. Implementations are safe for concurrent use.
// What holds for all of them (retry, rate, cost, order of fallback) stands in
// wrappers of this interface, not in the implementations.
type Backend interface {
	Info() Info
	// Translate answers one Result per item of the request, in the same
	// order. A failure of one item stands in its Result; the error is for
	// failures of the whole request and is, wherever possible, an *Error.
	Translate(ctx context.Context, req Request) ([]Result, error)
}

// Info says what a backend is and what it can take in one request.
// Zero limits mean "no limit".
type Info struct {
	Name     string // as in -b NAME
	Model    string // model or engine version; part of a run's fingerprint
	Settings string // whatever else changes a translation (formality, beam …), in stable order
	Network  bool   // the texts leave this machine
	Paid     bool   // each request costs money
	MaxItems int    // segments in a request
	MaxChars int    // Unicode characters in a request
	MaxBytes int    // bytes in a request
	Terms    bool   // obeys Item.Terms itself; else the pipeline protects terms in the text
	Context  bool   // uses Item.Before and Item.After
}

// Request is a batch of segments of one document.
type Request struct {
	From, To language.Tag
	Items    []Item
}

// Item is one text to translate: one line, without leading or trailing space.
type Item struct {
	ID            string
	Text          string
	Terms         []TermRequest // required terms, in order, not overlapping; only for Info.Terms
	Before, After string        // neighbouring source segments; only for Info.Context
	Examples      []Example     // close matches of the memory; backends may use them

	// In gives the item with its terms in another way, for a chain of backends
	// that are served in different ones; nil where all ways are the same.
	In func(Way) Item
}

// Way is how an item hands over its terms.
type Way string

// The ways. The pipeline chooses one for the backend that it has; a chain
// chooses for each of its own, and says so in Result.Way.
const (
	Protected Way = "protected" // put out of reach in the text
	Kept      Way = "kept"      // what the service keeps stands in the text, the rest is out of reach
	Required  Way = "required"  // all stand in the text and in Terms
)

// TermRequest asks that the words at Span of the text become one of Targets,
// the preferred one first.
type TermRequest struct {
	Span    segment.Span
	Targets []string
	Note    string
}

// Example is a source and its approved translation.
type Example struct{ Source, Target string }

// Result is the answer to one Item.
type Result struct {
	Text      string
	Score     float64 // mean log probability of a target token, ≤ 0; meaningful if HasScore
	HasScore  bool
	Alignment []Link // word alignment, where the backend has one
	Findings  []Finding
	Err       error  // this item alone failed; Text is then empty
	Backend   string // who answered, where that is not who Info names: a fallback; else ""
	Model     string // likewise
	Way       Way    // how it got the terms, where the item's own way was not taken; else ""
}

// Link aligns a span of the source text with a span of the target text.
type Link struct{ Source, Target segment.Span }

// Cause says why a backend failed, and so whether another try can help.
type Cause string

// The causes of a backend's failure.
const (
	CauseTemporary Cause = "temporary" // 5xx, reset, timeout: try again
	CauseRate      Cause = "rate"      // too many requests: wait, then try again
	CauseQuota     Cause = "quota"     // the account's quota is spent
	CauseAuth      Cause = "auth"      // no key, wrong key, no permission
	CauseConfig    Cause = "config"    // program, model or setting missing
	CauseRequest   Cause = "request"   // the service refuses this text
	CauseAnswer    Cause = "answer"    // the answer can't be read or isn't one
	CauseLimit     Cause = "limit"     // the user's own cap on cost or characters
)

// Error is a backend's failure. Its message is one sentence that names the
// backend and says what happened; Remedy, if not empty, says what to do.
// It never holds a key.
type Error struct {
	Backend    string
	Cause      Cause
	Message    string
	Remedy     string
	RetryAfter time.Duration // what the service asked for; 0 if nothing
	Refused    bool          // the service did nothing for this request, and so charges nothing
	Err        error
}

func (e *Error) Error() string {
	s := e.Backend + ": " + e.Message
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Retryable reports whether the same request can succeed later.
func (e *Error) Retryable() bool {
	return e.Cause == CauseTemporary || e.Cause == CauseRate || e.Cause == CauseAnswer
}

// CauseOf is the cause of err if a backend's Error is in its chain, else "".
func CauseOf(err error) Cause {
	var e *Error
	if errors.As(err, &e) {
		return e.Cause
	}
	return ""
}

// errCount is the answer of a backend that breaks the contract.
func errCount(name string, want, got int) error {
	return &Error{Backend: name, Cause: CauseAnswer, Message: fmt.Sprintf("answered %d texts for %d", got, want)}
}
