// Package marian is the offline translation engine: it runs Marian's
// transformer students with SSRU decoders, as Mozilla publishes them for
// Firefox, in pure Go.
//
// A Model translates any number of texts at once; what it makes of one text
// depends on that text and the options alone, not on its neighbours, on the
// number of threads or on the processor.
//
// Memory: besides the mapped model, its packed copy and a table of positions,
// each thread at work holds about
//
//	4*tokens*dim*(8+2*decoder layers) + 4*rows*words + 5*chunk*hidden bytes
//
// where tokens and rows are those of a batch (at most Options.BatchTokens and
// Options.Batch) and words is the size of the batch's shortlist; for Firefox's
// models with the default options that is below 25 MB.
package marian

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Input is a text to translate: a sentence, or a few that belong together.
type Input struct {
	Text  string
	Terms []Term
}

// Term requires that the words of the text from byte Start to End become one of
// Targets. Common nouns may take a plural ending.
type Term struct {
	Start, End int
	Targets    []string // the preferred one first
	Likely     bool     // the model would have it, too: it is not told, the search alone sees to it
}

// Options of a translation. The zero value is what is recommended.
type Options struct {
	Beam            int     // width of the beam search; 0 and 1 are greedy
	NBest           int     // hypotheses to return for each text, at most Beam's width or this number
	LengthExponent  float64 // hypotheses compare by log probability / length^exponent; 0 stands for 1, less for no normalisation
	MaxLengthFactor float64 // target tokens per source token, at most; 0 stands for 2
	MaxSource       int     // tokens of a source that are translated at once; 0 stands for 128; at most 256
	Batch           int     // sentences translated together; 0 stands for 64
	BatchTokens     int     // source tokens translated together; 0 stands for 1024
	Threads         int     // 0 stands for GOMAXPROCS
	KeepLoops       bool    // leave repetition loops alone
}

func (o Options) withDefaults() Options {
	o.Beam = max(o.Beam, 1, o.NBest)
	if o.LengthExponent == 0 {
		o.LengthExponent = 1
	}
	o.LengthExponent = max(o.LengthExponent, 0)
	if o.MaxLengthFactor <= 0 {
		o.MaxLengthFactor = 2
	}
	if o.MaxSource <= 1 {
		o.MaxSource = 128
	}
	o.MaxSource = min(o.MaxSource, maxPositions/2) // tokenised for itself a part can grow a little
	o.Batch = cmp.Or(max(o.Batch, 0), 64)
	o.BatchTokens = cmp.Or(max(o.BatchTokens, 0), 1024)
	o.Threads = cmp.Or(max(o.Threads, 0), runtime.GOMAXPROCS(0))
	return o
}

// Output is a translation.
type Output struct {
	Text      string
	Score     float64 // mean log probability of a token, 0 for a copied text
	Tokens    int     // tokens produced, ends of sentence included
	Alignment []Link  // word alignment, in the order of the target
	Terms     []Span  // where each term of the input stands in Text; empty where it is missing
	NBest     []Hypothesis

	Copied    bool // the source itself: it has no words that the model could translate
	Parts     int  // more than 1 where the source was too long and was cut, or where a sentence was lost otherwise
	Truncated bool // the length limit ended the translation
	Loop      bool // a repetition loop was broken
}

// Hypothesis is one of several translations of a text.
type Hypothesis struct {
	Text  string
	Score float64 // log probability, normalised by the length
}

// Link aligns a word of the source with a word of the target.
type Link struct{ Source, Target Span }

// Span is a half-open range of byte offsets.
type Span struct{ Start, End int }

// Translate translates texts; the outputs are in their order. The error is the
// context's.
func (m *Model) Translate(ctx context.Context, inputs []Input, options Options) ([]Output, error) {
	options = options.withDefaults()
	texts := make([]*text, len(inputs))
	var parts []*part
	for i, in := range inputs {
		texts[i] = m.prepare(in, options)
		parts = append(parts, texts[i].parts...)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	if err := m.run(ctx, batches(parts, m.rows(), options), options); err != nil {
		return nil, err
	}
	var fresh []*part
	for _, t := range texts {
		fresh = append(fresh, m.divide(t, options)...)
	}
	if err := m.run(ctx, batches(fresh, m.rows(), options), options); err != nil {
		return nil, err
	}
	outputs := make([]Output, len(inputs))
	for i, t := range texts {
		outputs[i] = m.join(t, options)
	}
	return outputs, ctx.Err()
}

// batches groups sentences of similar length, the longest batches first. Their
// number is a multiple of the threads, and each has about as many tokens as the
// others, so that no thread waits at the end. rows bounds the hypotheses of a
// batch.
func batches(parts []*part, rows int, o Options) [][]*part {
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b *part) int { return len(b.source) - len(a.source) })
	total := 0
	for _, p := range parts {
		total += len(p.source)
	}
	sentences := max(1, min(o.Batch, rows/o.Beam))
	count := max((len(parts)+sentences-1)/sentences, (total+o.BatchTokens-1)/o.BatchTokens)
	count = (count + o.Threads - 1) / o.Threads * o.Threads
	var out [][]*part
	for len(parts) > 0 {
		share := total // of tokens, for each batch that is still to come
		if left := count - len(out); left > 1 {
			share = (total + left - 1) / left
		}
		n, tokens := 0, 0
		for n < len(parts) && n < sentences && tokens < share && (n == 0 || tokens+len(parts[n].source) <= o.BatchTokens) {
			tokens += len(parts[n].source)
			n++
		}
		out = append(out, parts[:n])
		parts, total = parts[n:], total-tokens
	}
	return out
}

// run gives the batches to threads as they become free.
func (m *Model) run(ctx context.Context, batches [][]*part, o Options) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(o.Threads, len(batches)) {
		wait.Go(func() {
			w := m.borrow()
			defer m.giveBack(w)
			w.stopped = func() bool { return ctx.Err() != nil }
			for {
				i := int(next.Add(1)) - 1
				if i >= len(batches) || ctx.Err() != nil {
					return
				}
				if err := w.translate(ctx, batches[i], o); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}

// borrow takes a workspace that an earlier call left, or makes one.
func (m *Model) borrow() *workspace {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.idle); n > 0 {
		w := m.idle[n-1]
		m.idle = m.idle[:n-1]
		return w
	}
	return m.newWorkspace()
}

func (m *Model) giveBack(w *workspace) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.idle) < runtime.GOMAXPROCS(0) {
		m.idle = append(m.idle, w)
	}
}

// translate decodes a batch, and once more, under constraints, the sentences
// whose translation misses a term or repeats it.
func (w *workspace) translate(ctx context.Context, batch []*part, o Options) error {
	sources := make([][]int32, len(batch))
	for i, p := range batch {
		sources[i] = p.source
	}
	memories, err := w.encode(ctx, sources)
	if err != nil {
		return err
	}
	sentences := make([]*sentence, len(batch))
	for i, p := range batch {
		p.sentence.memory = &memories[i]
		p.sentence.beam = o.Beam
		sentences[i] = &p.sentence
	}
	if err := w.search(ctx, sentences, o.LengthExponent); err != nil {
		return err
	}
	var again []*part
	for _, p := range batch {
		p.finish(w.m, o)
		if len(p.terms) > 0 && (!p.result.hasTerms() || p.result.excess > 0) {
			again = append(again, p)
		}
	}
	for len(again) > 0 { // few at a time: their beams are wide
		n, rows := 0, 0
		for n < len(again) && (n == 0 || rows+again[n].constrain(w.m, o) <= w.m.rows()) {
			rows += again[n].sentence.beam
			n++
		}
		if err := w.constrained(ctx, again[:n], o); err != nil {
			return err
		}
		again = again[n:]
	}
	for _, p := range batch {
		p.sentence.drop()
	}
	return nil
}

// constrain prepares a part for the search under constraints and returns its
// beam.
func (p *part) constrain(m *Model, o Options) int {
	if s := &p.sentence; s.terms == nil {
		s.terms = m.newConstraints(p.terms)
		s.beam = max(s.terms.width(), o.Beam)
		s.limit = min(s.limit+2*s.terms.tokens+8, maxPositions)
	}
	return p.sentence.beam
}

// constrained repeats the search for sentences that miss a term.
func (w *workspace) constrained(ctx context.Context, batch []*part, o Options) error {
	sentences := make([]*sentence, len(batch))
	for i, p := range batch {
		p.constrain(w.m, o)
		sentences[i] = &p.sentence
	}
	if err := w.search(ctx, sentences, o.LengthExponent); err != nil {
		return err
	}
	for _, p := range batch {
		first := p.result
		if len(p.sentence.done) == 0 {
			continue // the terms need more room than there is: the first try stands
		}
		if p.finish(w.m, o); !p.result.betterTerms(&first) {
			p.result = first
		}
	}
	return nil
}
