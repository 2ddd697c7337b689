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
			f := all[fold(form)]
			if f == nil {
				f = &found{Candidate: Candidate{Example: around(text, c.span), Text: n}, forms: map[string]int{}}
				all[fold(form)] = f
			}
			f.Count++
			f.forms[form]++
			f.sure = f.sure || c.sure
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

type candidate struct {
	span segment.Span
	sure bool
}

// joining words stand inside names: "Ursula von der Leyen", "Conseil de l'Europe".
var joining = wordSet("de du des d la le les l von der van ben bin ibn al el of et")

var titles = wordSet("m mm mme mmes mlle dr me mgr")

// candidates finds runs of capitalised words.
func candidates(text string) []candidate {
	toks := scan(text, nil)
	word := func(i int) string { return text[toks[i].start:toks[i].end] }
	capital := func(i int) bool { return i < len(toks) && toks[i].word() && startsUpper(word(i)) }
	var list []candidate
	for i := 0; i < len(toks); i++ {
		if !capital(i) || titles[fold(word(i))] {
			continue
		}
		first := i == 0 || opensSentence(text, toks, i)
		end := i + 1
		w := word(i)
		acronym := utf8.RuneCountInString(w) > 1 && allCaps(strings.TrimRightFunc(w, unicode.IsDigit)) && !allCaps(text)
		for !acronym {
			k := end
			// at most an article and a preposition, or a hyphen, between two capitalised words
			for k < len(toks) && k < end+4 && (toks[k].word() && joining[fold(word(k))] && fold(word(k)) != "et" || toks[k].mark() == '\'' || toks[k].mark() == '-') {
				k++
			}
			if !capital(k) || titles[fold(word(k))] {
				break
			}
			end = k + 1
		}
		c := candidate{span: segment.Span{Start: int(toks[i].start), End: int(toks[end-1].end)}}
		c.sure = (acronym || !first || end > i+1 && !elided(toks, i)) && !allCaps(text)
		if first && end > i+1 && (frequent[fold(w)] || elided(toks, i)) { // "L'Elysée", "Le Kremlin": the name comes behind
			for i++; i < end && !capital(i); i++ {
			}
			c.span.Start, c.sure = int(toks[i].start), !allCaps(text)
		}
		if utf8.RuneCountInString(c.span.Of(text)) > 1 && !(first && frequent[fold(c.span.Of(text))]) {
			list = append(list, c)
		}
		i = end - 1
	}
	return list
}

func elided(toks []token, i int) bool {
	return i+1 < len(toks) && toks[i+1].mark() == '\'' && toks[i].end-toks[i].start <= 2
}

// opensSentence reports whether a capital at token i may be the sentence's own.
func opensSentence(text string, toks []token, i int) bool {
	p := toks[i-1]
	switch p.mark() {
	case '.':
		if i >= 2 && toks[i-2].word() && titles[fold(text[toks[i-2].start:toks[i-2].end])] {
			return false // M. Lavrov
		}
		return true
	case '!', '?', ':', '"', '…', dash, ';':
		return true
	}
	return false
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
