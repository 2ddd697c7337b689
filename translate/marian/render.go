package marian

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/translate/marian/sentencepiece"
)

// result is what the search made of a part.
type result struct {
	text      string
	tokens    int
	score     float64
	links     []Link // source spans within the part
	places    []Span // of the part's terms
	excess    int    // how often terms stand besides their places
	truncated bool
	loop      bool
	nbest     []Hypothesis
}

func (r *result) found() int {
	n := 0
	for _, p := range r.places {
		if p.End > p.Start {
			n++
		}
	}
	return n
}

func (r *result) hasTerms() bool { return r.found() == len(r.places) }

// betterTerms reports whether r serves the terms better than other.
func (r *result) betterTerms(other *result) bool {
	return r.found() > other.found() || r.found() == other.found() && r.excess < other.excess
}

// drop lets go of what only the search needs.
func (s *sentence) drop() {
	s.nodes, s.attention, s.live, s.done, s.words, s.own, s.columns, s.memory = nil, nil, nil, nil, nil, nil, nil, nil
}

// finish makes a result of the best hypothesis.
func (p *part) finish(m *Model, o Options) {
	s := &p.sentence
	best := &s.done[0]
	r := result{
		tokens:    best.length,
		score:     best.sum / float64(max(best.length, 1)),
		truncated: best.cut,
		loop:      best.broken > 0,
	}
	var rows [][]float32
	var spans []Span
	r.text, spans, rows = m.render(s, best, r.loop)
	r.places = m.locate(r.text, spans, rows, p)
	if r.loop && s.terms != nil && !r.hasTerms() { // the same term twice in a row is no loop
		r.text, spans, rows = m.render(s, best, false)
		r.places = m.locate(r.text, spans, rows, p)
	}
	r.excess = p.excess(r.text, r.places)
	r.links = p.links(r.text, spans, rows, r.places)
	for i := 0; i < min(o.NBest, len(s.done)); i++ {
		h := &s.done[i]
		text, _, _ := m.render(s, h, h.broken > 0)
		r.nbest = append(r.nbest, Hypothesis{text, h.sum / power(float64(max(h.length, 1)), o.LengthExponent)})
	}
	p.result = r
}

// render writes a hypothesis as text, with the span and the attention of each
// token. If unloop is set, loops are reduced to one round. Bytes that are no
// character are left out.
func (m *Model) render(s *sentence, h *hypothesis, unloop bool) (string, []Span, [][]float32) {
	path := s.path(h)
	if len(path) > 0 && s.nodes[path[len(path)-1]].id == m.end {
		path = path[:len(path)-1]
	}
	if unloop {
		path = s.guard.unloop(path, func(n int32) int32 { return s.nodes[n].id })
	}
	path = m.validBytes(s, path)
	ids := make([]int32, len(path))
	rows := make([][]float32, len(path))
	for i, n := range path {
		ids[i], rows[i] = s.nodes[n].id, s.row(n)
	}
	text, pieces := m.targetVoc.DecodeSpans(ids)
	trimmed := strings.TrimSpace(text)
	shift := strings.Index(text, trimmed)
	spans := make([]Span, len(pieces))
	for i, p := range pieces {
		start, end := p.Start-shift, p.End-shift
		spans[i] = Span{min(max(start, 0), len(trimmed)), min(max(end, 0), len(trimmed))}
	}
	return trimmed, spans, rows
}

// validBytes drops the byte pieces of a path that make no UTF-8.
func (m *Model) validBytes(s *sentence, path []int32) []int32 {
	isByte := func(n int32) bool { return m.targetVoc.Kind(s.nodes[n].id) == sentencepiece.Byte }
	if !slices.ContainsFunc(path, isByte) {
		return path
	}
	var out []int32
	for i := 0; i < len(path); {
		if !isByte(path[i]) {
			out = append(out, path[i])
			i++
			continue
		}
		var run []byte
		for j := i; j < len(path) && isByte(path[j]); j++ {
			run = append(run, m.targetVoc.ByteValue(s.nodes[path[j]].id))
		}
		r, size := utf8.DecodeRune(run)
		if r != utf8.RuneError && (unicode.IsPrint(r) || unicode.IsSpace(r)) {
			out = append(out, path[i:i+size]...)
		} else {
			size = 1
		}
		i += size
	}
	return out
}

// join puts the parts of a text together again.
func (m *Model) join(t *text, o Options) Output {
	if len(t.parts) == 0 {
		out := Output{Text: t.input.Text, Copied: true, Terms: make([]Span, len(t.input.Terms))}
		if o.NBest > 0 {
			out.NBest = []Hypothesis{{Text: out.Text}}
		}
		return out
	}
	in := t.input.Text
	lead := in[:len(in)-len(strings.TrimLeftFunc(in, unicode.IsSpace))]
	trail := in[len(strings.TrimRightFunc(in, unicode.IsSpace)):]
	out := Output{Terms: make([]Span, len(t.input.Terms)), Parts: len(t.parts)}
	var b strings.Builder
	b.WriteString(lead)
	nbest := 0
	for i, p := range t.parts {
		r := &p.result
		source := in[p.start:p.end]
		if i > 0 {
			b.WriteString(source[:len(source)-len(strings.TrimLeftFunc(source, unicode.IsSpace))])
		}
		text := r.text
		if !p.last && !endsSentence(source) {
			text = openEnd(text)
		}
		at := b.Len()
		b.WriteString(text)
		for _, l := range r.links {
			if l.Target.End <= len(text) {
				out.Alignment = append(out.Alignment, Link{Span{l.Source.Start + p.start, l.Source.End + p.start}, Span{l.Target.Start + at, l.Target.End + at}})
			}
		}
		for j, place := range r.places {
			if place.End > place.Start && place.End <= len(text) {
				out.Terms[p.termIndex[j]] = Span{place.Start + at, place.End + at}
			}
		}
		out.Score += r.score * float64(r.tokens)
		out.Tokens += r.tokens
		out.Truncated = out.Truncated || r.truncated
		out.Loop = out.Loop || r.loop
		nbest = max(nbest, len(r.nbest))
	}
	out.Score /= float64(max(out.Tokens, 1))
	b.WriteString(trail)
	out.Text = b.String()
	for i := range nbest {
		out.NBest = append(out.NBest, t.hypothesis(i, lead, trail))
	}
	return out
}

// openEnd takes away a full stop that the model put at the end of a part
// whose sentence goes on in the next one.
func openEnd(text string) string {
	if strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "..") {
		return text[:len(text)-1]
	}
	return text
}

// endsSentence reports whether a source ends in a mark that ends a sentence.
func endsSentence(source string) bool {
	source = strings.TrimRight(source, "»”’\"')]\u00a0\u202f \t\n")
	return strings.ContainsRune(".!?…", lastRune(source))
}

// hypothesis is the i-th translation of a text: of each part its i-th, or its
// last.
func (t *text) hypothesis(i int, lead, trail string) Hypothesis {
	var texts []string
	score := 0.0
	for _, p := range t.parts {
		h := p.result.nbest[min(i, len(p.result.nbest)-1)]
		if source := t.input.Text[p.start:p.end]; !p.last && !endsSentence(source) {
			h.Text = openEnd(h.Text)
		}
		texts = append(texts, h.Text)
		score += h.Score
	}
	return Hypothesis{lead + strings.Join(texts, " ") + trail, score / float64(len(t.parts))}
}
