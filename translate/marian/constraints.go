package marian

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/translate/marian/sentencepiece"
)

// constraints is what the translation of one sentence must contain: for each
// term one of its forms. A nil *constraints requires nothing.
type constraints struct {
	terms  []term
	tokens int     // that the forms need at least, all terms together
	extra  []int32 // words of the forms
}

// maxTerms is how many terms a sentence may have.
const maxTerms = 64

// term is a required term: its source tokens and the ways to write it, as a
// tree of target words.
type term struct {
	start, end int // tokens of the source
	tree       []formNode
	shortest   int // words of the shortest form
}

// The roots of a term's tree: how a form begins after a space, within a word
// (behind an opening bracket or quotation mark) and at the start of the
// translation.
const (
	rootSpaced = iota
	rootInside
	rootStart
	roots
)

// formNode is a place within the forms of a term.
type formNode struct {
	next   []formEdge
	form   int32 // form that is complete here, or -1
	left   int   // words to the nearest complete form
	plural bool  // an ending may follow the complete form
	text   string
	exact  bool // text is what the required form says, not its capitalised variant
}

type formEdge struct {
	id int32
	to int32
}

// newConstraints prepares terms for the search. Terms without a form that the
// vocabulary can write are left out; of them the list says -1.
func (m *Model) newConstraints(terms []termTokens) *constraints {
	c := &constraints{}
	for _, t := range terms {
		made := term{start: t.start, end: t.end, tree: make([]formNode, roots)}
		for i := range made.tree {
			made.tree[i].form = -1
		}
		for i, form := range t.forms {
			form = strings.TrimSpace(form)
			if form == "" {
				continue
			}
			plural := takesEnding(form)
			spaced, inside := m.tokens(m.targetVoc.Encode(form)), m.tokens(m.targetVoc.EncodeInside(form))
			made.add(rootSpaced, spaced, i, form, plural, true)
			made.add(rootInside, inside, i, form, plural, true)
			made.add(rootStart, spaced, i, form, plural, true)
			if capital := capitalized(form); capital != form {
				made.add(rootStart, m.tokens(m.targetVoc.Encode(capital)), i, capital, plural, false)
			}
		}
		if made.shortest = made.measure(); made.shortest == 0 {
			made.shortest = -1
		} else {
			c.tokens += made.shortest
		}
		c.terms = append(c.terms, made)
		for _, n := range made.tree {
			for _, e := range n.next {
				c.extra = append(c.extra, e.id)
			}
		}
	}
	slices.Sort(c.extra)
	c.extra = slices.Compact(c.extra)
	return c
}

// termTokens is a required term: a span of source tokens and target texts.
type termTokens struct {
	start, end int
	forms      []string
	untold     bool
}

// tokens is the words of a form, nil where the vocabulary can't write it.
func (m *Model) tokens(tokens []sentencepiece.Token) []int32 {
	var ids []int32
	for _, t := range tokens {
		if !m.canProduce(t.ID) {
			return nil
		}
		ids = append(ids, t.ID)
	}
	return ids
}

func (t *term) add(root int, ids []int32, form int, text string, plural, exact bool) {
	if len(ids) == 0 {
		return
	}
	at := int32(root)
	for _, id := range ids {
		at = t.child(at, id)
	}
	if n := &t.tree[at]; n.form < 0 {
		n.form, n.plural, n.text, n.exact = int32(form), plural, text, exact
	}
}

// child is the node that id leads to, made where it is missing.
func (t *term) child(at, id int32) int32 {
	if to := t.next(at, id); to >= 0 {
		return to
	}
	to := int32(len(t.tree))
	t.tree = append(t.tree, formNode{form: -1})
	t.tree[at].next = append(t.tree[at].next, formEdge{id, to})
	return to
}

// next is the node that id leads to, or -1.
func (t *term) next(at, id int32) int32 {
	for _, e := range t.tree[at].next {
		if e.id == id {
			return e.to
		}
	}
	return -1
}

// measure fills the distances to the nearest complete form and returns the
// shortest form after a space.
func (t *term) measure() int {
	for i := len(t.tree) - 1; i >= 0; i-- { // children stand behind their parents
		n := &t.tree[i]
		if n.form >= 0 {
			continue
		}
		for _, e := range n.next {
			if d := t.tree[e.to].left + 1; n.left == 0 || d < n.left {
				n.left = d
			}
		}
	}
	return t.tree[rootSpaced].left
}

// takesEnding reports whether an ending like a plural s may follow a form: its
// last word is a common one.
func takesEnding(form string) bool {
	word := form[strings.LastIndexAny(form, " -")+1:]
	for _, r := range word {
		if !unicode.IsLower(r) {
			return false
		}
	}
	return utf8.RuneCountInString(word) > 2
}

func capitalized(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// words is the words of all forms.
func (c *constraints) words() []int32 {
	if c == nil {
		return nil
	}
	return c.extra
}

// termState says how far a hypothesis is with its terms.
type termState struct {
	met    uint64 // terms that stand
	active int8   // term in progress, or -1
	forced bool   // the term in progress was begun on purpose and must be finished
	at     int32  // place in its tree
	// what stands just before: the end of a form, after which a word must
	// begin, and whether an ending may come first
	boundary, ending bool
	endsTerm         int8 // term whose form the last word completed
	// the form of a term that stands already, in progress once more
	again   int8
	againAt int32
	repeats bool // the last word completed it
}

func newTermState() termState { return termState{active: -1, endsTerm: -1, again: -1} }

func (c *constraints) start() termState { return newTermState() }

// complete reports whether all terms that can be written stand.
func (c *constraints) complete(s *termState) bool {
	for i := range c.terms {
		if c.terms[i].shortest > 0 && s.met&(1<<i) == 0 {
			return false
		}
	}
	return true
}

// needs is the number of words that the missing terms take at least.
func (c *constraints) needs(s *termState) int {
	n := 0
	for i := range c.terms {
		switch {
		case c.terms[i].shortest < 0 || s.met&(1<<i) != 0:
		case int(s.active) == i && s.forced:
			n += c.terms[i].tree[s.at].left
		default:
			n += c.terms[i].shortest
		}
	}
	return n
}

// begun is the number of terms that stand or were begun on purpose: hypotheses
// compete with those that are equally far.
func (c *constraints) begun(s *termState) int {
	n := 0
	for i := range c.terms {
		if s.met&(1<<i) != 0 || int(s.active) == i && s.forced {
			n++
		}
	}
	return n
}

// accepts reports whether a word may follow where the end of a form stands
// just before.
func (m *Model) accepts(s *termState, id int32) bool {
	if !s.boundary || id == m.end {
		return true
	}
	if w := m.words[id]; w.begins || !w.letter {
		return true
	}
	if s.ending {
		switch m.targetVoc.Piece(id) {
		case "s", "es":
			return true
		}
	}
	return false
}

// root is the tree's root for a form that would begin behind the word
// previous.
func (m *Model) root(previous int32) int32 {
	switch {
	case previous < 0:
		return rootStart
	case m.words[previous].opens:
		return rootInside
	}
	return rootSpaced
}

// step is the state after a word that no term forced.
func (c *constraints) step(m *Model, s termState, previous, id int32) termState {
	after := newTermState()
	after.met = s.met
	if s.boundary && s.ending && !m.words[id].begins && m.words[id].letter {
		after.boundary = true // behind an ending too a word must begin
	}
	if s.active >= 0 {
		if to := c.terms[s.active].next(s.at, id); to >= 0 {
			return c.enter(after, int(s.active), to, s.forced)
		}
	}
	root := m.root(previous)
	for i := range c.terms {
		if after.met&(1<<i) != 0 {
			continue
		}
		if to := c.terms[i].next(root, id); to >= 0 {
			return c.enter(after, i, to, false)
		}
	}
	c.repeat(&after, &s, root, id)
	return after
}

// repeat follows, in after, the form of a term that stands already.
func (c *constraints) repeat(after, s *termState, root, id int32) {
	follow := func(i int, from int32) bool {
		to := c.terms[i].next(from, id)
		if to < 0 {
			return false
		}
		if c.terms[i].tree[to].form >= 0 {
			after.repeats = true
		} else {
			after.again, after.againAt = int8(i), to
		}
		return true
	}
	if s.again >= 0 && follow(int(s.again), s.againAt) {
		return
	}
	for i := range c.terms {
		if s.met&(1<<i) != 0 && follow(i, root) {
			return
		}
	}
}

// enter is the state in which a term's tree has been followed to a place.
func (c *constraints) enter(s termState, i int, to int32, forced bool) termState {
	n := &c.terms[i].tree[to]
	s.boundary, s.ending = false, false
	if n.form < 0 {
		s.active, s.at, s.forced = int8(i), to, forced
		return s
	}
	s.met |= 1 << i
	s.active, s.forced, s.at = -1, false, 0
	s.boundary, s.ending, s.endsTerm = true, n.plural, int8(i)
	return s
}
