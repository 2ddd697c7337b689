package glossary

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"depeche/segment"
)

// matcher finds the variants of all entries in a text in one pass: a trie over
// classes of words, with the entries at its ends.
type matcher struct {
	lexicon
	next map[uint64]int32 // node and class to node
	ends []int32          // node to the first of its variants, or -1
	vars []variant
	pool sync.Pool // of []token
}

// variant is one form that an entry may take in a text.
type variant struct {
	entry int32
	form  int32  // index into Term.Sources
	next  int32  // another variant with the same classes, or -1
	text  string // as the entry has it
	words []span32
	caps  bool // matches in capitals only
	exact bool
}

type span32 struct{ start, end int32 }

func (m *matcher) init() {
	m.classes = make(map[string]int32)
	m.also = make(map[int32][]int32)
	m.next = make(map[uint64]int32)
	m.ends = []int32{-1}
	m.pool.New = func() any { return new([]token) }
}

// add takes a form into the trie.
func (m *matcher) add(text string, entry, form int, rule Case, verb bool) {
	toks := m.scan(text, nil)
	node := int32(0)
	v := variant{entry: int32(entry), form: int32(form), next: -1, text: text}
	for _, t := range toks {
		if t.quote {
			continue
		}
		class := t.class
		if t.word() {
			class = m.lexicon.add(fold(strings.ReplaceAll(text[t.start:t.end], ".", "")))
			if verb {
				m.addForms(text[t.start:t.end], class)
			}
		}
		v.words = append(v.words, span32{int32(t.start), int32(t.end)})
		key := uint64(node)<<32 | uint64(uint32(class))
		child, ok := m.next[key]
		if !ok {
			child = int32(len(m.ends))
			m.ends = append(m.ends, -1)
			m.next[key] = child
		}
		node = child
	}
	if node == 0 {
		return
	}
	switch rule {
	case CaseExact:
		v.exact = true
	case CaseAuto:
		v.caps = allCaps(text)
	}
	v.next = m.ends[node]
	m.ends[node] = int32(len(m.vars))
	m.vars = append(m.vars, v)
}

// addForms makes the conjugated forms of a verb lead to its class.
func (m *matcher) addForms(verb string, class int32) {
	for _, f := range conjugated(strings.ToLower(verb)) {
		if c := m.lexicon.add(fold(f)); c != class && !slices.Contains(m.also[c], class) {
			m.also[c] = append(m.also[c], class)
		}
	}
}

// hit is a variant that stands in a text.
type hit struct {
	v           *variant
	first, last int // tokens
	span        segment.Span
	plural      number
}

// each calls f for every variant in the text, with its tokens. posOf gives
// an entry's part of speech, or false if its words do not inflect.
func (m *matcher) each(text string, toks []token, posOf func(entry int32) (string, bool), f func(hit)) {
	for i := range toks {
		if toks[i].class != noWord && !toks[i].quote {
			m.walk(text, toks, i, i, 0, posOf, f)
		}
	}
}

func (m *matcher) walk(text string, toks []token, first, at int, node int32, posOf func(int32) (string, bool), f func(hit)) {
	for at > first && at < len(toks) && toks[at].quote {
		at++
	}
	if at >= len(toks) {
		return
	}
	class := toks[at].class
	if class == noWord {
		return
	}
	m.step(text, toks, first, at, node, class, posOf, f)
	if toks[at].word() {
		for _, c := range m.also[class] {
			m.step(text, toks, first, at, node, c, posOf, f)
		}
	}
}

func (m *matcher) step(text string, toks []token, first, at int, node, class int32, posOf func(int32) (string, bool), f func(hit)) {
	child, ok := m.next[uint64(node)<<32|uint64(uint32(class))]
	if !ok {
		return
	}
	for v := m.ends[child]; v >= 0; v = m.vars[v].next {
		if h, ok := m.verify(text, toks, first, at, &m.vars[v], posOf); ok {
			f(h)
		}
	}
	m.walk(text, toks, first, at+1, child, posOf, f)
}

// verify looks closely at what the classes let through: accents, inflection,
// capitals, quotation marks inside.
func (m *matcher) verify(text string, toks []token, first, last int, v *variant, posOf func(int32) (string, bool)) (hit, bool) {
	h := hit{v: v, first: first, last: last}
	pos, inflects := posOf(v.entry)
	k, opened := 0, 0
	for i := first; i <= last; i++ {
		t := toks[i]
		if t.quote {
			opened++
			continue
		}
		w := v.words[k]
		k++
		if !t.word() {
			continue
		}
		want, got := v.text[w.start:w.end], text[t.start:t.end]
		switch {
		case agree(want, got):
		case !inflects:
			return h, false
		default:
			n, ok := inflected(want, got, pos)
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
	h.span = segment.Span{Start: toks[h.first].start, End: toks[h.last].end}
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

// settle chooses among overlapping hits: the one with more words, then with
// more bytes, then the one that starts earlier, then the better rank. The
// answer is in the order of the text.
func settle(hits []hit, rank func(hit) int) []hit {
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(
			cmp.Compare(len(b.v.words), len(a.v.words)),
			cmp.Compare(b.span.Len(), a.span.Len()),
			cmp.Compare(a.span.Start, b.span.Start),
			cmp.Compare(rank(a), rank(b)),
			cmp.Compare(a.v.entry, b.v.entry),
			cmp.Compare(abs(a.plural), abs(b.plural)),
			cmp.Compare(a.v.form, b.v.form))
	})
	var kept []hit
	for _, h := range hits {
		i, _ := slices.BinarySearchFunc(kept, h, func(a, b hit) int { return cmp.Compare(a.span.Start, b.span.Start) })
		if i < len(kept) && kept[i].span.Start < h.span.End || i > 0 && kept[i-1].span.End > h.span.Start {
			continue
		}
		kept = slices.Insert(kept, i, h)
	}
	return kept
}

func abs(n number) number {
	if n != same {
		return 1
	}
	return 0
}
