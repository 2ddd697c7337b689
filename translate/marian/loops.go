package marian

// longestPeriod is the longest block of tokens whose repetition is looked for.
const longestPeriod = 24

// maxBreaks is how often a hypothesis may be turned away from a loop before
// it must end.
const maxBreaks = 6

// loopGuard knows how often a block may stand in a row in a translation.
type loopGuard struct {
	off   bool
	extra int // copies that the source itself has in a row
}

func newLoopGuard(source []int32) loopGuard {
	g := loopGuard{}
	for end := range source {
		for p := 1; p <= min(longestPeriod, (end+1)/2); p++ {
			if n := copies(source[:end+1], p); n > 1 {
				g.extra = max(g.extra, n)
			}
		}
	}
	return g
}

// allowed is the number of copies in a row that a block of p tokens may have.
func (g loopGuard) allowed(p int) int {
	n := 2
	switch p {
	case 1:
		n = 4
	case 2:
		n = 3
	}
	if g.extra > 1 {
		n = max(n, g.extra+1)
	}
	return n
}

// copies is how often the last p tokens stand in a row at the end.
func copies(ids []int32, p int) int {
	n := 1
	for end := len(ids) - p; end >= p; end -= p {
		for i := range p {
			if ids[end-p+i] != ids[end+i] {
				return n
			}
		}
		n++
	}
	return n
}

// period is the length of the block that is repeated too often at the end of
// ids, or 0.
func (g loopGuard) period(ids []int32) int {
	for p := 1; p <= min(longestPeriod, len(ids)/2); p++ {
		if ids[len(ids)-1] == ids[len(ids)-1-p] && copies(ids, p) > g.allowed(p) {
			return p
		}
	}
	return 0
}

// closes reports whether the word id would close a loop behind the hypothesis.
// buffer is scratch.
func (s *sentence) closes(h *hypothesis, id int32, buffer *[]int32) bool {
	if s.guard.off || h.length < 4 {
		return false
	}
	recent := false
	for n, back := h.last, 0; n >= 0 && back < longestPeriod && !recent; n, back = s.nodes[n].parent, back+1 {
		recent = s.nodes[n].id == id
	}
	if !recent {
		return false
	}
	need := longestPeriod*3 + 3
	if s.guard.extra > 1 {
		need = longestPeriod * (s.guard.extra + 2)
	}
	ids := (*buffer)[:0]
	ids = append(ids, id)
	for n := h.last; n >= 0 && len(ids) < need; n = s.nodes[n].parent {
		ids = append(ids, s.nodes[n].id)
	}
	*buffer = ids
	// repetition reads the same backwards
	for p := 1; p <= min(longestPeriod, len(ids)/2); p++ {
		if ids[0] != ids[p] {
			continue
		}
		n := 1
		for n*p+p <= len(ids) && equal(ids[:p], ids[n*p:n*p+p]) {
			n++
		}
		if n > s.guard.allowed(p) {
			return true
		}
	}
	return false
}

func equal(a, b []int32) bool {
	for i, x := range a {
		if b[i] != x {
			return false
		}
	}
	return true
}

// unloop drops the copies of blocks that stand too often in a row, all but one.
// It works on the nodes of a path, whose words are ids.
func (g loopGuard) unloop(path []int32, word func(int32) int32) []int32 {
	var out, ids []int32
	for i := 0; i < len(path); i++ {
		out, ids = append(out, path[i]), append(ids, word(path[i]))
		for p := 1; p <= min(longestPeriod, len(ids)/2); p++ {
			// a loop was broken before it went past what is allowed
			if n := copies(ids, p); n >= g.allowed(p) && n > 2 || n == 2 && g.allowed(p) == 2 && p > 2 {
				ids = ids[:len(ids)-(n-1)*p]
				out = out[:len(ids)]
				break
			}
		}
	}
	return out
}
