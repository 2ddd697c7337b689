// Package glossary holds terms: it parses glossaries, finds terms in French
// texts in every form, makes a backend obey them and checks what came out.
package glossary

import "depeche/segment"

// Term is an entry: what may stand in a source and what must stand in its
// translation.
type Term struct {
	Sources   []string // variants; the first one names the entry
	Target    string   // preferred
	Forms     []string // target forms in the order of Sources, where the entry gives them
	Allowed   []string // targets that are accepted too
	Forbidden []string // targets that are an error
	Case      Case
	POS       string // noun, verb, adjective, adverb, other, "proper"
	Domain    string
	Client    string
	Context   []string // words one of which must be near, to choose between entries of one form
	Note      string
	Keep      bool // do not translate: the target is the source's own words
	File      string
	Pos       segment.Pos // in File
}

// Case is an entry's rule for capitals.
type Case string

// The case rules. With CaseAuto a variant all in capitals matches only in
// capitals and any other variant in any case.
const (
	CaseAuto   Case = ""
	CaseExact  Case = "exact"
	CaseIgnore Case = "ignore"
)

// Match is an occurrence of a term in a source text.
type Match struct {
	Term   *Term
	Span   segment.Span // the term's own words
	Whole  segment.Span // with article, elision and collapsed apposition
	Target string       // the form that the target shall hold
}
