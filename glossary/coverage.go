package glossary

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
)

// Candidate is a name or an acronym of a dispatch that no entry covers.
type Candidate struct {
	Form    string // as it stands most often
	Count   int
	Example string // a passage that holds it
	Text    int    // index of the text that the example is from
}

// Coverage gives the capitalised names and acronyms of the texts (segments,
// best) that no entry of the glossary covers, the most frequent first. A
// capital at the start of a sentence proves nothing: such a word counts only
// if it stands elsewhere with its capital, or goes on with another one.
func (g *Glossary) Coverage(texts []string) []Candidate {
	type found struct {
		Candidate
		sure  bool
		forms map[string]int
	}
	all := make(map[string]*found)
	for n, text := range texts {
		ms := g.Find(text, FindOptions{})
		for _, c := range candidates(text) {
			if slices.ContainsFunc(ms, func(m Match) bool { return m.Whole.Start < c.span.End && c.span.Start < m.Whole.End }) {
				continue
			}
			form := c.span.Of(text)
			f := all[nameKey(form)]
			if f == nil {
				f = &found{Candidate: Candidate{Example: around(text, c.span), Text: n}, forms: map[string]int{}}
				all[nameKey(form)] = f
			}
			f.Count++
			f.forms[form]++
			f.sure = f.sure || c.sure
		}
	}
	for key, f := range all { // "Obama-Poutine" is the two of them
		if a, b, ok := strings.Cut(key, "-"); ok && all[a] != nil && all[b] != nil {
			for _, part := range []*found{all[a], all[b]} {
				part.Count += f.Count
				part.sure = part.sure || f.sure
			}
			f.sure = false
		}
	}
	var list []Candidate
	for _, f := range all {
		if !f.sure {
			continue
		}
		for form, n := range f.forms {
			if m := f.forms[f.Form]; n > m || n == m && form < f.Form {
				f.Form = form
			}
		}
		list = append(list, f.Candidate)
	}
	slices.SortFunc(list, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(fold(a.Form), fold(b.Form)))
	})
	return list
}

// nameKey is what forms of one candidate have in common: "ministères de la
// Défense" are counted with the "ministère de la Défense".
func nameKey(form string) string {
	first, rest, more := strings.Cut(fold(form), " ")
	if more && !startsUpper(form) {
		first = strings.TrimSuffix(first, "s")
	}
	return strings.TrimSpace(first + " " + rest)
}

// around gives up to 60 characters either side of a span, on whole words.
func around(text string, s segment.Span) string {
	const reach = 60
	start, end := s.Start, s.End
	for n := 0; start > 0 && n < reach; n++ {
		_, k := utf8.DecodeLastRuneInString(text[:start])
		start -= k
	}
	for n := 0; end < len(text) && n < reach; n++ {
		_, k := utf8.DecodeRuneInString(text[end:])
		end += k
	}
	before, after := text[start:s.Start], text[s.End:end]
	if start > 0 {
		if i := strings.IndexFunc(before, unicode.IsSpace); i >= 0 {
			before = "…" + before[i+1:]
		}
	}
	if end < len(text) {
		if i := strings.LastIndexFunc(after, unicode.IsSpace); i >= 0 {
			after = after[:i] + "…"
		}
	}
	return before + text[s.Start:s.End] + after
}
