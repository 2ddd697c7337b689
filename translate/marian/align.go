package marian

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// splitWords is the spans of the words of a text: runs of letters and digits,
// and each other character that is no space for itself. An apostrophe ends the
// word before it and belongs to it.
func splitWords(text string) []Span {
	var words []Span
	start := -1
	for i, r := range text {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[i:])
		}
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if start < 0 {
				start = i
			}
			continue
		case (r == '\'' || r == '’') && start >= 0:
			words = append(words, Span{start, i + size})
		default:
			if start >= 0 {
				words = append(words, Span{start, i})
			}
			if !unicode.IsSpace(r) {
				words = append(words, Span{i, i + size})
			}
		}
		start = -1
	}
	if start >= 0 {
		words = append(words, Span{start, len(text)})
	}
	return words
}

// overlapping is, for each token's span, the index of the word that most of it
// lies in, or -1.
func overlapping(words, tokens []Span) []int {
	index := make([]int, len(tokens))
	at := 0
	for i, t := range tokens {
		index[i] = -1
		for at > 0 && words[at-1].End > t.Start {
			at--
		}
		for at < len(words) && words[at].End <= t.Start {
			at++
		}
		most := 0
		for j := at; j < len(words) && words[j].Start < t.End; j++ {
			if n := min(words[j].End, t.End) - max(words[j].Start, t.Start); n > most {
				most, index[i] = n, j
			}
		}
	}
	return index
}

// leastLink is the share of a target word's attention that a source word
// besides the strongest one needs for a link.
const leastLink = 0.3

// links aligns the words of a translation: each with the source word that its
// tokens attend to most, and with others that have a good share. Required terms
// are aligned with their source.
func (p *part) links(target string, spans []Span, rows [][]float32, places []Span) []Link {
	sources, targets := splitWords(p.text), splitWords(target)
	if len(sources) == 0 {
		return nil
	}
	tokens := make([]Span, len(p.tokens))
	for i, t := range p.tokens {
		tokens[i] = Span{t.Start, t.End}
	}
	sourceWord := overlapping(sources, tokens)
	targetWord := overlapping(targets, spans)
	shares := make([]float32, len(sources))
	var links []Link
	for w, span := range targets {
		clear(shares)
		total := float32(0)
		for i, row := range rows {
			if targetWord[i] != w {
				continue
			}
			for j, a := range row {
				total += a
				if j < len(sourceWord) && sourceWord[j] >= 0 {
					shares[sourceWord[j]] += a
				}
			}
		}
		if term := slices.IndexFunc(places, func(t Span) bool { return t.Start < span.End && span.Start < t.End }); term >= 0 {
			start, end := p.tokens[p.terms[term].start].Start, p.tokens[p.terms[term].end-1].End
			for _, s := range sources {
				if s.Start < end && start < s.End {
					links = append(links, Link{s, span})
				}
			}
			continue
		}
		best := 0
		for j, share := range shares {
			if share > shares[best] {
				best = j
			}
		}
		for j, share := range shares {
			if total > 0 && (j == best && share > 0.1*total || share > leastLink*total) {
				links = append(links, Link{sources[j], span})
			}
		}
	}
	return links
}

// chance is a place where a term could stand, and the share of attention that
// its tokens give to the term's source.
type chance struct {
	span  Span
	share float32
}

// locate finds where each term of a part stands in its translation: as many of
// them as possible, and each where its tokens attend to its source most.
// A form that the vocabulary's normalisation changes is found as it is written.
func (m *Model) locate(text string, spans []Span, rows [][]float32, p *part) []Span {
	chances := make([][]chance, len(p.terms))
	for i, t := range p.terms {
		for _, form := range t.forms {
			form = strings.TrimSpace(form)
			places := occurrences(text, form)
			if written := m.targetVoc.Decode(m.tokens(m.targetVoc.Encode(form))); written != form {
				places = append(places, occurrences(text, written)...)
			}
			for _, span := range places {
				chances[i] = append(chances[i], chance{span, attended(span, spans, rows, t)})
			}
		}
		slices.SortStableFunc(chances[i], func(a, b chance) int { return cmp.Compare(b.share, a.share) })
	}
	a := assignment{chances: chances, now: make([]Span, len(chances)), best: make([]Span, len(chances)), found: -1, steps: 5000}
	a.assign(0, 0, 0)
	return a.best
}

// excess is how often forms of the terms stand besides the terms' places.
func (p *part) excess(text string, places []Span) int {
	n := 0
	var seen []Span
	for _, t := range p.terms {
		for _, form := range t.forms {
			for _, span := range occurrences(text, strings.TrimSpace(form)) {
				overlaps := func(s Span) bool { return s.Start < span.End && span.Start < s.End }
				if !slices.ContainsFunc(places, overlaps) && !slices.ContainsFunc(seen, overlaps) {
					seen = append(seen, span)
					n++
				}
			}
		}
	}
	return n
}

// assignment tries the ways to give terms places that do not overlap.
type assignment struct {
	chances   [][]chance
	now, best []Span
	found     int
	share     float32
	steps     int // left, before the best so far must do
}

func (a *assignment) assign(term, found int, share float32) {
	a.steps--
	if found+len(a.chances)-term < a.found || a.steps < 0 && a.found >= 0 {
		return
	}
	if term == len(a.chances) {
		if found > a.found || found == a.found && share > a.share {
			a.found, a.share = found, share
			copy(a.best, a.now)
		}
		return
	}
	for _, c := range a.chances[term] {
		if !slices.ContainsFunc(a.now[:term], func(s Span) bool { return s.Start < c.span.End && c.span.Start < s.End }) {
			a.now[term] = c.span
			a.assign(term+1, found+1, share+c.share)
		}
	}
	a.now[term] = Span{}
	a.assign(term+1, found, share)
}

// attended is the mean share of attention that the tokens of a target span
// give to a term's source.
func attended(span Span, spans []Span, rows [][]float32, t termTokens) float32 {
	sum, n := float32(0), 0
	for i, s := range spans {
		if s.Start < span.End && span.Start < s.End {
			sum += mass(rows[i], t.start, t.end)
			n++
		}
	}
	return sum / float32(max(n, 1))
}

// occurrences is where a form stands in a text as words of its own. At the
// start of the text its first letter may be a capital; a common noun may have an
// ending.
func occurrences(text, form string) []Span {
	var found []Span
	if form == "" {
		return nil
	}
	if capital := capitalized(form); capital != form && strings.HasPrefix(text, capital) {
		if end, ok := wordEnd(text, len(capital), form); ok {
			found = append(found, Span{0, end})
		}
	}
	for from := 0; from <= len(text)-len(form); {
		i := strings.Index(text[from:], form)
		if i < 0 {
			break
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		if i == 0 || !isWord(before) {
			if end, ok := wordEnd(text, i+len(form), form); ok {
				found = append(found, Span{i, end})
			}
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		from = i + size
	}
	return found
}

// wordEnd is where the word ends that a form ends in, if that is the form's own
// end or that of an allowed ending.
func wordEnd(text string, end int, form string) (int, bool) {
	for _, ending := range []string{"", "s", "es"} {
		if ending != "" && !takesEnding(form) || !strings.HasPrefix(text[end:], ending) {
			continue
		}
		after, _ := utf8.DecodeRuneInString(text[end+len(ending):])
		if end+len(ending) == len(text) || !isWord(after) {
			return end + len(ending), true
		}
	}
	return 0, false
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
