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
// classes of words, with the entries at its ends.
type matcher struct {
	lexicon
	next  intMap        // node and class to node; also is what node.first is
	root  []node        // class of a word to where it leads from the root
	nodes []node        // the root first; only while entries are added
	open  map[rune]bool // marks that begin a variant: "@afp"
	vars  []variant
	words []span32  // of all variants
	pool  sync.Pool // of *workspace

	// while entries are added
	toks []token
	buf  [64]byte
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
	toks []token
	hits []hit
}

type span32 struct{ start, end int32 }

func (m *matcher) init() {
	m.also = make(map[int32][]int32)
	m.open = make(map[rune]bool)
	m.nodes = []node{{first: -1}}
	m.pool.New = func() any { return new(workspace) }
}

// add takes a form into the trie. Of v, next, from and n are not set yet.
func (m *matcher) add(v variant, rule Case) {
	text := v.text
	m.toks = m.scan(text, m.toks[:0])
	toks := m.toks
	at := int32(0)
	v.from = int32(len(m.words))
	for _, t := range toks {
		if t.quote {
			v.quoted = true
			continue
		}
		class := t.class
		if t.word() {
			class = m.lexicon.add(foldWord(m.buf[:0], text[t.start:t.end]))
			if v.inflects && v.verb {
				m.addForms(text[t.start:t.end], class)
			}
		}
		m.words = append(m.words, span32{t.start, t.end})
		if at == 0 && !t.word() {
			m.open[t.mark()] = true
		}
		key := uint64(at)<<32 | uint64(uint32(class))
		child, ok := m.next.get(key)
		if !ok {
			child = int32(len(m.nodes))
			m.nodes = append(m.nodes, node{first: -1})
			m.next.put(key, child)
			m.nodes[at].id = at
		}
		at = child
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
func (m *matcher) addForms(verb string, class int32) {
	for _, f := range conjugated(strings.ToLower(verb)) {
		if c := m.lexicon.add([]byte(fold(f))); c != class && !slices.Contains(m.also[c], class) {
			m.also[c] = append(m.also[c], class)
		}
	}
}

// seal ends the adding.
func (m *matcher) seal() {
	m.lexicon.seal()
	for i := range m.next.slots {
		if s := &m.next.slots[i]; s.key != 0 {
			n := m.nodes[s.val]
			s.val, s.also = n.id, n.first
		}
	}
	m.root = make([]node, m.classes.n)
	for c := range m.root {
		m.root[c].first = -1
		if s := m.next.find(uint64(c)); s != nil {
			m.root[c] = node{s.val, s.also}
		}
	}
	m.nodes = nil
	m.toks = nil
}

// hit is a variant that stands in a text.
type hit struct {
	v           *variant
	first, last int // tokens
	span        segment.Span
	plural      number
}

// each calls f for every variant in the text, with its tokens.
func (m *matcher) each(text string, toks []token, f func(hit)) {
	for i := range toks {
		c := toks[i].class
		switch {
		case c == noWord, toks[i].quote:
		case c >= markBase:
			if len(m.open) > 0 && m.open[rune(c-markBase)] {
				m.step(text, toks, i, i, 0, c, f)
			}
		default:
			if n := m.root[c]; n.id != 0 || n.first >= 0 {
				m.arrive(text, toks, i, i, n, f)
			}
			if len(m.also) > 0 {
				for _, other := range m.also[c] {
					m.step(text, toks, i, i, 0, other, f)
				}
			}
		}
	}
}

// walk goes on from a node with the token at.
func (m *matcher) walk(text string, toks []token, first, at int, from int32, f func(hit)) {
	for at < len(toks) && toks[at].quote {
		at++
	}
	if at >= len(toks) {
		return
	}
	class := toks[at].class
	if class == noWord {
		return
	}
	m.step(text, toks, first, at, from, class, f)
	if len(m.also) > 0 && toks[at].word() {
		for _, c := range m.also[class] {
			m.step(text, toks, first, at, from, c, f)
		}
	}
}

func (m *matcher) step(text string, toks []token, first, at int, from, class int32, f func(hit)) {
	if s := m.next.find(uint64(from)<<32 | uint64(uint32(class))); s != nil {
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
	if here.id != 0 {
		m.walk(text, toks, first, at+1, here.id, f)
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
