package translate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"depeche/glossary"
	"depeche/segment"
)

// Pipeline turns documents into bitexts. Its fields are set once, before the
// first Run; then it is safe for concurrent use.
type Pipeline struct {
	Splitter *segment.Splitter  // nil is the default splitter
	Glossary *glossary.Glossary // nil is none
	Terms    glossary.FindOptions
	Memory   TM // nil is none
	Backend  Backend
	To       language.Tag

	// Convert gives the target of a block that no backend sees (dates,
	// signatures, bylines), if it knows one.
	Convert func(kind segment.Kind, text string) (string, bool)
	// Opening gives the length in bytes of what stands before the prose of a
	// block (a list marker, "URGENT - ") and its form in the target language.
	Opening func(kind segment.Kind, text string) (int, string)
	// Polish puts a target into the typography of its language.
	Polish func(source, target string) string
	// Check adds its findings to every pair.
	Check func(*Bitext)

	Fuzzy    int    // lowest percentage of matches that are offered; 0 is 70
	Adopt    int    // lowest percentage of fuzzy matches that are taken as targets; 0 takes none
	Jobs     int    // requests in flight for one document; 0 is 1
	Settings string // options of this run that change targets, in stable order
	Tool     string // "depeche 0.1.0"
	// Documents are the names of all documents of this run. What it makes for
	// one of them is not taken for a text in another typography in the others.
	Documents map[string]bool

	// Progress hears of segments and source characters that are done.
	Progress func(segments, characters int)

	flights flights
	kept    keptTerms
}

const (
	batchItems = 32   // small enough that little is lost by a kill,
	batchChars = 4000 // large enough to keep an engine busy
)

// Run translates one document. The bitext holds a pair for every segment,
// also when the error is not nil: pairs that a failing backend left without a
// target carry a finding that says why. Of old, an earlier bitext of the
// document or nil, what editors did is kept; edits that have no place in the
// document any more are given back.
func (p *Pipeline) Run(ctx context.Context, doc *segment.Document, old *Bitext) (b *Bitext, lost []Pair, err error) {
	work := p.work(doc)
	lost = work.keep(old)
	work.counts, _ = p.Memory.(Counter)
	err = work.run(ctx)
	b = work.text
	if p.Check != nil {
		p.Check(b)
	}
	for i := range b.Pairs {
		b.Pairs[i].settle()
	}
	return b, lost, err
}

// Need is what a run over a document would ask of the backend.
type Need struct {
	Segments   int // of the document
	Characters int // that the backend would get
	Requests   int // texts that the backend would get
	Memory     int // segments that the memory has
}

// Need says what a run over the document would ask, and asks nothing.
func (p *Pipeline) Need(ctx context.Context, doc *segment.Document, old *Bitext) (Need, error) {
	w := p.work(doc)
	w.keep(old)
	jobs, err := w.plan(ctx)
	n := Need{Segments: len(w.text.Pairs), Requests: len(jobs), Memory: w.recalled}
	for _, j := range jobs {
		n.Characters += utf8.RuneCountInString(j.text)
	}
	return n, err
}

// Fingerprint is the fingerprint of a run over the document.
func (p *Pipeline) Fingerprint(doc *segment.Document) string {
	p.Split(doc)
	return p.run(doc).Fingerprint
}

func (p *Pipeline) work(doc *segment.Document) *work {
	p.Split(doc)
	b := &Bitext{Document: doc, Lang: p.To, Run: p.run(doc)}
	for i := range doc.Blocks {
		for _, s := range doc.Blocks[i].Segments {
			b.Pairs = append(b.Pairs, Pair{Block: i, Source: s, State: Initial, Origin: Origin{Kind: None}})
		}
	}
	return &work{Pipeline: p, text: b, info: p.Backend.Info()}
}

// Split splits the document's blocks unless that was done already.
func (p *Pipeline) Split(doc *segment.Document) {
	for i := range doc.Blocks {
		if doc.Blocks[i].Segments != nil {
			return
		}
	}
	s := p.Splitter
	if s == nil {
		s = &segment.Splitter{}
	}
	s.Document(doc)
}

// settle gives a pair the state that its target and findings allow. What a
// human or the memory said of it stands.
func (pair *Pair) settle() {
	switch {
	case pair.Target == "":
		pair.State = Initial
		if Worst(pair.Findings) != LevelError && strings.TrimSpace(pair.Source.Text) != "" {
			pair.Findings = append(pair.Findings, Finding{Rule: "target-missing", Level: LevelError,
				Message: "the segment has no translation"})
		}
	case pair.Origin.Kind == Human:
	case Worst(pair.Findings) == LevelError:
		pair.State = Initial
	case pair.State == Initial:
		pair.State = Translated
	}
}

// run is what the document is translated with. The fingerprint covers all
// that can change a target.
func (p *Pipeline) run(doc *segment.Document) Run {
	info := p.Backend.Info()
	r := Run{Backend: info.Name, Model: info.Model, Tool: p.Tool}
	if p.Glossary != nil {
		r.Glossary = p.Glossary.Hash()
	}
	h := sha256.New()
	for _, s := range []string{doc.Lang.String(), p.To.String(), r.Glossary, r.Backend, r.Model, info.Settings, p.Settings, strconv.Itoa(p.Adopt)} {
		fmt.Fprintf(h, "%d:%s\n", len(s), s)
	}
	for i := range doc.Blocks {
		blk := &doc.Blocks[i]
		fmt.Fprintf(h, "%s %d:%s\n", blk.Kind, len(blk.Text), blk.Text)
		for _, s := range blk.Segments {
			fmt.Fprintf(h, "%d %d\n", s.Span.Start, s.Span.End)
		}
	}
	r.Fingerprint = hex.EncodeToString(h.Sum(nil)[:16])
	return r
}
