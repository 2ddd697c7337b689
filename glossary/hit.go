package glossary

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"depeche/segment"
)

// hit is a variant that stands in a text.
type hit struct {
	v           *variant
	first, last int // tokens
	span        segment.Span
	plural      number
}

// verify looks closely at what the classes let through: accents, inflection,
// capitals, quotation marks inside.
func (m *matcher) verify(text string, toks []token, first, last int, v *variant) (hit, bool) {
	h := hit{v: v, first: first, last: last}
	h.span = segment.Span{Start: int(toks[first].start), End: int(toks[last].end)}
	if !v.quoted && h.span.Of(text) == v.text { // as most stand
		return h, !inAddress(text, h.span, v.text)
	}
	words := m.words[v.from : int(v.from)+int(v.n)]
	k, opened := 0, 0
	for i := first; i <= last; i++ {
		t := toks[i]
		if t.quote {
			opened++
			continue
		}
		w := words[k]
		k++
		if !t.word() {
			continue
		}
		want, got := v.text[w.start:w.end], text[t.start:t.end]
		switch {
		case agree(want, got):
		case !v.inflects:
			return h, false
		default:
			n, ok := inflected(want, got, v.pos())
			if !ok {
				return h, false
			}
			if n != same {
				h.plural = n
			}
		}
		if v.exact && !sameCase(want, got, h.plural != same) {
			return h, false
		}
		if v.caps && !allCaps(strings.TrimRightFunc(got, unicode.IsDigit)) && strings.ContainsFunc(got, unicode.IsLetter) {
			return h, false
		}
	}
	// A quotation that opens inside must close right behind: groupe « État islamique ».
	if opened%2 == 1 {
		if last+1 >= len(toks) || !toks[last+1].quote {
			return h, false
		}
		h.last++
	}
	h.span = segment.Span{Start: int(toks[h.first].start), End: int(toks[h.last].end)}
	return h, !inAddress(text, h.span, v.text)
}

// sameCase reports whether got has the capitals of want; an inflected form is
// compared as far as the two go together.
func sameCase(want, got string, inflected bool) bool {
	if !inflected {
		a, b := []rune(strings.ReplaceAll(want, "\u00ad", "")), []rune(strings.ReplaceAll(got, "\u00ad", ""))
		for i := range min(len(a), len(b)) {
			if unicode.IsUpper(a[i]) != unicode.IsUpper(b[i]) {
				return false
			}
		}
		return true
	}
	return startsUpper(want) == startsUpper(got) && allCaps(want) == allCaps(got)
}

// inAddress reports whether a match lies inside a web or mail address or an
// account's name, where nothing is translated.
func inAddress(text string, s segment.Span, form string) bool {
	start := strings.LastIndexFunc(text[:s.Start], unicode.IsSpace) + 1
	end := len(text)
	if i := strings.IndexFunc(text[s.End:], unicode.IsSpace); i >= 0 {
		end = s.End + i
	}
	before, after := text[start:s.Start], text[s.End:end]
	if before == "" && after == "" {
		return false
	}
	if strings.Contains(before, "://") || strings.HasPrefix(before, "www.") {
		return true
	}
	if strings.HasSuffix(before, "@") && !strings.HasPrefix(form, "@") {
		return true
	}
	if strings.HasPrefix(after, "@") {
		return true
	}
	// name.fr: a full stop with a letter right behind
	if len(after) > 2 && after[0] == '.' && 'a' <= after[1] && after[1] <= 'z' {
		return true
	}
	return strings.HasSuffix(before, ".") && len(before) > 1 && !strings.ContainsAny(before[:len(before)-1], "'\u2019(«\"")
}

// settle chooses among overlapping hits, in their place: the one with more
// words, then with more bytes, then the one that starts earlier, then the
// better rank. The answer is in the order of the text.
func settle(hits []hit, rank func(hit) int) []hit {
	byStart := func(a, b hit) int { return cmp.Compare(a.span.Start, b.span.Start) }
	if !slices.IsSortedFunc(hits, byStart) {
		slices.SortStableFunc(hits, byStart)
	}
	better := func(a, b hit) int {
		return cmp.Or(
			cmp.Compare(b.v.n, a.v.n),
			cmp.Compare(b.span.Len(), a.span.Len()),
			cmp.Compare(a.span.Start, b.span.Start),
			cmp.Compare(rank(a), rank(b)),
			cmp.Compare(a.v.entry, b.v.entry),
			cmp.Compare(abs(a.plural), abs(b.plural)),
			cmp.Compare(a.v.form, b.v.form))
	}
	kept := hits[:0]
	for len(hits) > 0 {
		n, end := 1, hits[0].span.End
		for n < len(hits) && hits[n].span.Start < end {
			end = max(end, hits[n].span.End)
			n++
		}
		kept = settleGroup(kept, hits[:n], better)
		hits = hits[n:]
	}
	return kept
}

// settleGroup appends the winners of hits that overlap in a chain.
func settleGroup(kept, hits []hit, better func(a, b hit) int) []hit {
	if len(hits) == 1 {
		return append(kept, hits[0])
	}
	best := hits[0]
	for _, h := range hits[1:] {
		if better(h, best) < 0 {
			best = h
		}
	}
	if !slices.ContainsFunc(hits, func(h hit) bool { return !h.overlaps(best) }) {
		return append(kept, best) // as most groups end
	}
	slices.SortFunc(hits, better)
	from := len(kept)
	for _, h := range hits {
		if !slices.ContainsFunc(kept[from:], h.overlaps) {
			kept = append(kept, h)
		}
	}
	slices.SortFunc(kept[from:], func(a, b hit) int { return cmp.Compare(a.span.Start, b.span.Start) })
	return kept
}

func (h hit) overlaps(o hit) bool { return h.span.Start < o.span.End && o.span.Start < h.span.End }

func abs(n number) number {
	if n != same {
		return 1
	}
	return 0
}
