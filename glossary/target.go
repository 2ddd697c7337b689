package glossary

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
)

// standing says how a form of an entry stands in a target.
type standing int8

const (
	exact     standing = iota // an accepted form
	loose                     // an accepted form but for capitals, hyphens, full stops, accents
	forbidden                 // a forbidden form
	copied                    // a form of the source
)

// pattern is a form as it is looked for in targets.
type pattern struct {
	text  string
	words []string // as written
	folds []string
	kind  standing
	minds bool // an acronym that is a word in small letters: "IS", "WHO"
}

func newPattern(text string, kind standing) pattern {
	p := pattern{text: text, kind: kind}
	for _, t := range scan(text, nil) {
		if t.quote || t.mark() == '-' || t.mark() == dash {
			continue
		}
		w := text[t.start:t.end]
		p.words = append(p.words, w)
		p.folds = append(p.folds, foldToken(w))
	}
	p.minds = allCaps(text) && utf8.RuneCountInString(text) <= 3
	return p
}

func foldToken(w string) string {
	if wordStarts(w) {
		w = strings.ReplaceAll(w, ".", "")
	}
	return fold(w)
}

func wordStarts(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return wordRune(r)
}

// targetText is a target cut into words and marks.
type targetText struct {
	text  string
	toks  []token
	folds []string
}

func newTarget(text string) *targetText {
	t := &targetText{text: text, toks: scan(text, nil)}
	t.folds = make([]string, len(t.toks))
	for i, k := range t.toks {
		t.folds[i] = foldToken(text[k.start:k.end])
	}
	return t
}

func (t *targetText) word(i int) string { return t.text[t.toks[i].start:t.toks[i].end] }

// occurrence is a form of an entry in a target.
type occurrence struct {
	entry  *entry
	form   *pattern
	kind   standing
	plural bool
	first  int // tokens, half open
	last   int
	span   segment.Span
}

// occurrences finds the forms of the entries in the target; the longest wins,
// and among equals an accepted one.
func (t *targetText) occurrences(entries []*entry) []occurrence {
	var all []occurrence
	for _, e := range entries {
		p := e.patterns()
		for _, list := range [][]pattern{p.accepted, p.banned, p.copies} {
			for k := range list {
				all = t.find(e, &list[k], all)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b occurrence) int {
		return cmp.Or(cmp.Compare(b.span.Len(), a.span.Len()), cmp.Compare(a.kind, b.kind), cmp.Compare(a.span.Start, b.span.Start))
	})
	var kept []occurrence
	for _, o := range all {
		if !slices.ContainsFunc(kept, func(k occurrence) bool { return k.span.Start < o.span.End && o.span.Start < k.span.End }) {
			kept = append(kept, o)
		}
	}
	slices.SortFunc(kept, func(a, b occurrence) int { return cmp.Compare(a.span.Start, b.span.Start) })
	return kept
}

// smallWords are English words that a forbidden acronym may be where all is capitals:
// "PARIS IS READY" is not the IS of a glossary.
var smallWords = func() map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq("a am an any are as at be but by can do for get go had has he her him his i if in is it its may me my no nor not now of off on one or our out own per set she so the to two up us was we who you") {
		m[w] = true
	}
	return m
}()

// small reports whether a form may be an ordinary word: the whole text is capitals.
func (t *targetText) small(form *pattern, span segment.Span) bool {
	return form.minds && span.Len() < len(t.text) && smallWords[strings.ToLower(form.text)] && allCaps(t.text)
}

// standings are the occurrences of the entries of the matches, without the
// forbidden forms that are ordinary words, as far as can be told: no match of
// their entry is left without a place.
func (t *targetText) standings(entries []*entry, ms []Match) ([]occurrence, []int) {
	occs := t.occurrences(entries)
	places := assign(ms, occs)
	kept := slices.DeleteFunc(slices.Clone(occs), func(o occurrence) bool {
		return o.kind == forbidden && t.small(o.form, o.span) &&
			!wanting(ms, places, o.entry)
	})
	if len(kept) == len(occs) {
		return occs, places
	}
	return kept, assign(ms, kept)
}

// wanting reports whether a match of the entry's group has no place.
func wanting(ms []Match, places []int, e *entry) bool {
	for i := range ms {
		if places[i] < 0 && sameGroup(ms[i].entry, e) {
			return true
		}
	}
	return false
}

func (t *targetText) find(e *entry, p *pattern, all []occurrence) []occurrence {
	if len(p.folds) == 0 {
		return all
	}
	for i := range t.toks {
		if t.folds[i] == p.folds[0] || len(p.folds) == 1 && plainPlural(p.folds[0], t.folds[i]) {
			if o, ok := t.at(i, e, p); ok {
				all = append(all, o)
			}
		}
	}
	return all
}

// at compares the pattern with the target from token i on.
func (t *targetText) at(i int, e *entry, p *pattern) (occurrence, bool) {
	o := occurrence{entry: e, form: p, kind: p.kind, first: i}
	k := 0
	for ; k < len(p.folds); i++ {
		if i >= len(t.toks) {
			return o, false
		}
		if k > 0 && (t.toks[i].quote || t.toks[i].mark() == '-') {
			continue
		}
		w := t.word(i)
		switch {
		case t.folds[i] == p.folds[k]:
			if p.minds && !allCaps(w) {
				return o, false
			}
			if p.kind == exact && !keepsCapitals(p.words[k], w) {
				o.kind = loose
			}
		case k == len(p.folds)-1 && plainPlural(p.folds[k], t.folds[i]) && (!p.minds || allCaps(strings.TrimSuffix(w, "s"))):
			o.plural = true
			if p.kind == exact && !keepsCapitals(p.words[k], w) {
				o.kind = loose
			}
		default:
			return o, false
		}
		k++
	}
	o.last = i
	o.span = segment.Span{Start: int(t.toks[o.first].start), End: int(t.toks[i-1].end)}
	got := o.span.Of(t.text)
	if o.kind == exact && !o.plural && !sameMarks(p.text, got) {
		o.kind = loose
	}
	if p.kind == copied && !startsUpper(p.text) && startsUpper(got) && o.first > 0 {
		return o, false // part of a name
	}
	return o, !inAddress(t.text, o.span, p.text)
}

// plainPlural reports whether b is the regular English plural of a.
func plainPlural(a, b string) bool {
	return a != "" && a != b && b != "" && a[0] == b[0] && utf8.RuneCountInString(a) > 2 && Plural(a) == b
}

// keepsCapitals reports whether got has a capital wherever want has one; it
// may have more, at the start of a sentence or in a headline.
func keepsCapitals(want, got string) bool {
	a, b := []rune(want), []rune(strings.ReplaceAll(strings.ReplaceAll(got, "\u00ad", ""), ".", ""))
	for i := range min(len(a), len(b)) {
		if unicode.IsUpper(a[i]) && !unicode.IsUpper(b[i]) {
			return false
		}
	}
	return true
}

// sameMarks compares what capitals do not touch: hyphens, full stops, accents.
func sameMarks(want, got string) bool {
	norm := func(s string) string {
		s = strings.NewReplacer("’", "'", "\u00a0", " ", "\u202f", " ", "\u2011", "-").Replace(s)
		return strings.Join(strings.Fields(strings.ToLower(s)), " ")
	}
	return norm(want) == norm(got)
}

// patterns are the forms of an entry that are looked for in targets.
type patterns struct {
	accepted []pattern
	banned   []pattern
	copies   []pattern // the source's variants, which must not stay
}

// patterns are made when they are first asked for.
func (e *entry) patterns() *patterns {
	if p := e.targets.Load(); p != nil {
		return p
	}
	e.targets.CompareAndSwap(nil, e.term.patterns())
	return e.targets.Load()
}

func (t *Term) patterns() *patterns {
	p := new(patterns)
	add := func(list []pattern, text string, kind standing) []pattern {
		if text == "" || slices.ContainsFunc(list, func(p pattern) bool { return p.text == text }) {
			return list
		}
		return append(list, newPattern(text, kind))
	}
	accept := append(append([]string{t.Target}, t.Forms...), t.Allowed...)
	if t.Keep {
		accept = append(accept, t.Sources...)
	}
	for _, f := range accept {
		p.accepted = add(p.accepted, f, exact)
	}
	for _, f := range accept { // "cases of kidnapping": the last word alone does not show it
		if many := Plural(f); !t.isName() && !strings.HasPrefix(many, f) {
			p.accepted = add(p.accepted, many, exact)
		}
	}
	for _, f := range t.Forbidden {
		p.banned = add(p.banned, f, forbidden)
	}
	if t.Keep {
		return p
	}
	for _, s := range t.Sources {
		// A common word may be English too ("force", "police"): only names and
		// what no English word looks like prove that the source was copied.
		if !startsUpper(s) && isASCII(s) && !strings.Contains(s, " ") && !strings.HasSuffix(s, "iste") {
			continue
		}
		same := slices.ContainsFunc(accept, func(a string) bool { return fold(a) == fold(s) })
		if !same {
			p.copies = add(p.copies, s, copied)
		}
	}
	return p
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}
