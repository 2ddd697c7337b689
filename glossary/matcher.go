package glossary

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"depeche/segment"
)

// matcher finds the variants of all entries in a text in one pass: a trie over
// classes of words, with the entries at its ends. What it reads for each word
// of a text is small, for a large glossary does not fit the near caches.
type matcher struct {
	// begins has two bits for each class that begins a variant: most words of a
	// text do not.
	begins []uint64
	next   intMap              // node and class to the node behind; node 0 is the root
	also   map[uint32][]uint32 // classes of verbs, by those of their conjugated forms
	vars   []variant
	words  []span32  // of all variants
	pool   sync.Pool // of *workspace

	nodes []node // only while entries are added
	toks  []token
}

// node is a place in the trie.
type node struct {
	id    int32 // 0: no children
	first int32 // of the variants that end here, or -1
}

// variant is one form that an entry may take in a text.
type variant struct {
	entry    int32
	form     int32  // index into Term.Sources
	next     int32  // another variant with the same classes, or -1
	from     int32  // its first word in matcher.words
	text     string // as the entry has it
	n        int16  // words
	verb     bool
	adj      bool // an adjective
	inflects bool
	plain    bool // the entry is no name and has no client, domain or context words
	quoted   bool // the entry has quotation marks
	upper    bool // is all in capitals
	fixed    bool // looks alike in both numbers
	caps     bool // matches in capitals only
	exact    bool
}

// pos is the part of speech, where inflection minds it.
func (v *variant) pos() string {
	switch {
	case v.verb:
		return "verb"
	case v.adj:
		return "adjective"
	}
	return ""
}

// workspace is what a search needs and the next one can use again.
type workspace struct {
	toks   []token
	starts []int32
	hits   []hit
}

type span32 struct{ start, end int32 }

func (m *matcher) init() {
	m.also = make(map[uint32][]uint32)
	m.nodes = []node{{first: -1}}
	m.pool.New = func() any { return new(workspace) }
}

func edge(from int32, class uint32) uint64 { return uint64(from)<<32 | uint64(class) }

// add takes a form into the trie. Of v, next, from and n are not set yet.
func (m *matcher) add(v variant, rule Case) {
	text := v.text
	m.toks = scan(text, m.toks[:0])
	at := int32(0)
	v.from = int32(len(m.words))
	for _, t := range m.toks {
		if t.quote {
			v.quoted = true
			continue
		}
		if t.word() && v.inflects && v.verb {
			m.addForms(text[t.start:t.end], t.class)
		}
		m.words = append(m.words, span32{t.start, t.end})
		s := m.next.put(edge(at, t.class))
		if s.val == 0 {
			s.val = int32(len(m.nodes))
			m.nodes[at].id = at
			m.nodes = append(m.nodes, node{first: -1})
		}
		at = s.val
	}
	n := len(m.words) - int(v.from)
	if n == 0 || n > math.MaxInt16 {
		return
	}
	v.n, v.upper = int16(n), allCaps(text)
	switch rule {
	case CaseExact:
		v.exact = true
	case CaseAuto:
		v.caps = v.upper
	}
	v.next = m.nodes[at].first
	m.nodes[at].first = int32(len(m.vars))
	m.vars = append(m.vars, v)
}

// addForms makes the conjugated forms of a verb lead to its class.
func (m *matcher) addForms(verb string, class uint32) {
	for _, f := range conjugated(strings.ToLower(verb)) {
		if c := classOf(f); c != class && !slices.Contains(m.also[c], class) {
			m.also[c] = append(m.also[c], class)
		}
	}
}

// seal ends the adding.
func (m *matcher) seal() {
	var begin []uint32
	for i := range m.next.slots {
		if s := &m.next.slots[i]; s.key != 0 {
			if from := int32((s.key - 1) >> 32); from == 0 {
				begin = append(begin, uint32(s.key-1))
			}
			n := m.nodes[s.val]
			s.val, s.also = n.id, n.first
		}
	}
	for form, verbs := range m.also {
		if slices.ContainsFunc(verbs, func(c uint32) bool { return m.next.find(edge(0, c)) != nil }) {
			begin = append(begin, form)
		}
	}
	n := 1
	for n < len(begin)/8 {
		n *= 2
	}
	m.begins = make([]uint64, n)
	for _, c := range begin {
		m.begins[c&uint32(n-1)] |= 1<<(c>>25&63) | 1<<(c>>19&63)
	}
	m.nodes, m.toks = nil, nil
}

// hit is a variant that stands in a text.
type hit struct {
	v           *variant
	first, last int // tokens
	span        segment.Span
	plural      number
}

// starts gives the tokens at which a variant may begin, and a few more.
func (m *matcher) starts(toks []token, list []int32) []int32 {
	list = slices.Grow(list[:0], len(toks)+1)[:len(toks)+1]
	n, mask := 0, uint32(len(m.begins)-1)
	for i := range toks { // without a branch: many looks are under way at once
		c := toks[i].class
		w := m.begins[c&mask]
		list[n] = int32(i)
		n += int(w >> (c >> 25 & 63) & (w >> (c >> 19 & 63)) & 1)
	}
	return list[:n]
}

// each calls f for every variant in the text, with its tokens.
func (m *matcher) each(text string, w *workspace, f func(hit)) {
	w.starts = m.starts(w.toks, w.starts)
	for _, i := range w.starts {
		m.step(text, w.toks, int(i), int(i), 0, f)
	}
}

// step goes on from a node with the token at.
func (m *matcher) step(text string, toks []token, first, at int, from int32, f func(hit)) {
	class := toks[at].class
	m.follow(text, toks, first, at, from, class, f)
	if len(m.also) > 0 {
		for _, c := range m.also[class] {
			m.follow(text, toks, first, at, from, c, f)
		}
	}
}

func (m *matcher) follow(text string, toks []token, first, at int, from int32, class uint32, f func(hit)) {
	if s := m.next.find(edge(from, class)); s != nil {
		m.arrive(text, toks, first, at, node{s.val, s.also}, f)
	}
}

// arrive calls f for the variants that end at a node, and goes on.
func (m *matcher) arrive(text string, toks []token, first, at int, here node, f func(hit)) {
	for v := here.first; v >= 0; v = m.vars[v].next {
		if h, ok := m.verify(text, toks, first, at, &m.vars[v]); ok {
			f(h)
		}
	}
	if here.id == 0 {
		return
	}
	for at++; at < len(toks) && toks[at].quote; at++ {
	}
	if at < len(toks) {
		m.step(text, toks, first, at, here.id, f)
	}
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

// settle chooses among overlapping hits: the one with more words, then with
// more bytes, then the one that starts earlier, then the better rank. The
// answer is in the order of the text.
func settle(hits []hit, rank func(hit) int) []hit {
	byStart := func(a, b hit) int { return cmp.Compare(a.span.Start, b.span.Start) }
	if !slices.IsSortedFunc(hits, byStart) {
		slices.SortStableFunc(hits, byStart)
	}
	var kept []hit
	for len(hits) > 0 {
		n, end := 1, hits[0].span.End
		for n < len(hits) && hits[n].span.Start < end {
			end = max(end, hits[n].span.End)
			n++
		}
		kept = settleGroup(kept, hits[:n], rank)
		hits = hits[n:]
	}
	return kept
}

// settleGroup appends the winners of hits that overlap in a chain.
func settleGroup(kept, hits []hit, rank func(hit) int) []hit {
	if len(hits) == 1 {
		return append(kept, hits[0])
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(
			cmp.Compare(b.v.n, a.v.n),
			cmp.Compare(b.span.Len(), a.span.Len()),
			cmp.Compare(a.span.Start, b.span.Start),
			cmp.Compare(rank(a), rank(b)),
			cmp.Compare(a.v.entry, b.v.entry),
			cmp.Compare(abs(a.plural), abs(b.plural)),
			cmp.Compare(a.v.form, b.v.form))
	})
	from := len(kept)
	for _, h := range hits {
		if !slices.ContainsFunc(kept[from:], func(k hit) bool { return k.span.Start < h.span.End && h.span.Start < k.span.End }) {
			kept = append(kept, h)
		}
	}
	slices.SortFunc(kept[from:], func(a, b hit) int { return cmp.Compare(a.span.Start, b.span.Start) })
	return kept
}

func abs(n number) number {
	if n != same {
		return 1
	}
	return 0
}
