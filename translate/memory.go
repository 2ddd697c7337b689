package translate

import "context"

// TM is a translation memory as the pipeline uses it. translate/memory
// satisfies it.
type TM interface {
	// Lookup gives the matches for one source in its context, best first:
	// human before machine, reviewed before draft. At most q.Limit fuzzy ones,
	// and none of those that the asking backend made itself.
	Lookup(ctx context.Context, q Query) ([]Match, error)
	// Save stores entries at once and durably; it is called the moment that
	// a translation arrives.
	Save(ctx context.Context, entries []Entry) error
}

// Counter is a TM that counts how often its entries became targets.
type Counter interface {
	// Used counts one use more of an entry, named by its Match.Entry.
	Used(entry int64)
}

// Query asks a memory for one source segment.
type Query struct {
	From, To       string // BCP 47; regional tags match their base
	Source         string
	Previous, Next string // neighbouring sources: context of a 101 % match
	Backend        string // machine entries count as exact only when made by the
	Model          string // same backend, model and
	Settings       string // settings and
	Glossary       string // glossary (hash)
	Fuzzy          int    // lowest fuzzy percentage wanted; 0 for none
	Limit          int    // of fuzzy matches
}

// Entry is what a memory keeps of one translation.
type Entry struct {
	Query
	Target   string
	Origin   Origin
	State    State
	Document string
	Note     string
	Uses     int // how often it became a target, as another memory counted
	// The texts with inline codes, as XML, where they came from a TMX file that
	// has some; "" for plain text.
	SourceXML, TargetXML string
	Score                float64 // meaningful if HasScore
	HasScore             bool
	Links                []Link
	Findings             []Finding // of the backend and the glossary's repair; checks find theirs again
}
