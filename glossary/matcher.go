package glossary

import (
	"math"
	"slices"
	"strings"
	"sync"
)

// matcher finds the variants of all entries in a text in one pass: a trie over
// classes of words, with the entries at its ends. The tables of a large
// glossary do not fit the near caches, and waiting for them is what matching
// spends its time in: so a filter that does fit comes first, and what has to be
// fetched is asked for in rows, so that the waits overlap.
type matcher struct {
	// begins has two bits for each class that begins a variant: most words of a
	// text do not.
	begins []uint64
	root   []branch            // open addressing by class
	next   intMap              // another node and a class to the node behind
	also   map[uint32][]uint32 // classes of verbs, by those of their conjugated forms
	vars   []variant
	words  []span32  // of all variants
	pool   sync.Pool // of *workspace

	// while entries are added
	first intMap // class to the node behind the root
	nodes []node // the root first
	toks  []token
}

// node is a place in the trie.
type node struct {
	id    int32  // 0: no children
	first int32  // of the variants that end here, or -1
	kids  uint32 // a bit for each class that goes on from here
}

// branch is where a class leads from the root.
type branch struct {
	class uint32 // plus 1; 0 is an empty place
	node
}

func kid(class uint32) uint32 { return 1 << (class >> 14 & 31) }

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
	many     bool // is the plural of another variant
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
	ends   []end
	hits   []hit
	asked  uint32 // the sum of what was asked for: a compiler leaves out what nobody uses
}

// end is where a path through the trie meets variants.
type end struct {
	variant     int32 // the first one
	first, last int32 // tokens
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
		table, key := &m.first, uint64(t.class)
		if at != 0 {
			table, key = &m.next, edge(at, t.class)
		}
		s := table.put(key)
		if s.val == 0 {
			s.val = int32(len(m.nodes))
			m.nodes[at].id = at
			m.nodes[at].kids |= kid(t.class)
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
	m.root = make([]branch, max(64, len(m.first.slots)))
	begin := make([]uint32, 0, m.first.n+len(m.also))
	for _, s := range m.first.slots {
		if s.key == 0 {
			continue
		}
		class := uint32(s.key - 1)
		i := class
		for m.root[i&uint32(len(m.root)-1)].class != 0 {
			i++
		}
		m.root[i&uint32(len(m.root)-1)] = branch{class + 1, m.nodes[s.val]}
		begin = append(begin, class)
	}
	for i := range m.next.slots {
		if s := &m.next.slots[i]; s.key != 0 {
			n := m.nodes[s.val]
			s.val, s.also = n.id, n.first
		}
	}
	for form, verbs := range m.also {
		if slices.ContainsFunc(verbs, func(c uint32) bool { return m.branch(c) != nil }) {
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
	m.first, m.nodes, m.toks = intMap{}, nil, nil
}

// branch is where a class leads from the root, nil if nowhere.
func (m *matcher) branch(class uint32) *branch {
	for i := class; ; i++ {
		switch b := &m.root[i&uint32(len(m.root)-1)]; b.class {
		case class + 1:
			return b
		case 0:
			return nil
		}
	}
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

// find fills w.hits with every variant in the text, in the order of their
// starts.
func (m *matcher) find(text string, w *workspace) {
	w.toks, w.hits = scan(text, w.toks[:0]), w.hits[:0]
	w.starts = m.starts(w.toks, w.starts)
	for row := range slices.Chunk(w.starts, 128) {
		for _, i := range row {
			w.asked += m.root[w.toks[i].class&uint32(len(m.root)-1)].class
		}
		w.ends = w.ends[:0]
		for _, i := range row {
			class := w.toks[i].class
			m.begin(w, i, class)
			if len(m.also) > 0 {
				for _, c := range m.also[class] {
					m.begin(w, i, c)
				}
			}
		}
		for _, e := range w.ends {
			w.asked += uint32(len(m.vars[e.variant].text))
		}
		for _, e := range w.ends {
			w.asked += uint32(m.vars[e.variant].text[0])
		}
		for _, e := range w.ends {
			for v := e.variant; v >= 0; v = m.vars[v].next {
				if h, ok := m.verify(text, w.toks, int(e.first), int(e.last), &m.vars[v]); ok {
					w.hits = append(w.hits, h)
				}
			}
		}
	}
}

// begin follows the trie from the token at, taken for a word of the class.
func (m *matcher) begin(w *workspace, at int32, class uint32) {
	if b := m.branch(class); b != nil {
		m.arrive(w, at, at, b.node)
	}
}

// arrive notes the variants that end at a node and goes on.
func (m *matcher) arrive(w *workspace, first, at int32, here node) {
	if here.first >= 0 {
		w.ends = append(w.ends, end{here.first, first, at})
	}
	if here.id == 0 {
		return
	}
	for at++; int(at) < len(w.toks) && w.toks[at].quote; at++ {
	}
	if int(at) == len(w.toks) {
		return
	}
	class := w.toks[at].class
	m.follow(w, first, at, here, class)
	if len(m.also) > 0 {
		for _, c := range m.also[class] {
			m.follow(w, first, at, here, c)
		}
	}
}

func (m *matcher) follow(w *workspace, first, at int32, here node, class uint32) {
	if here.kids&kid(class) == 0 {
		return
	}
	if s := m.next.find(edge(here.id, class)); s != nil {
		m.arrive(w, first, at, node{s.val, s.also, ^uint32(0)})
	}
}
