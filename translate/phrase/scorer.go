package phrase

import "slices"

// scorer scores English words for one sentence.
type scorer struct {
	m      *jointModel
	source []float32    // what each French word adds
	kept   [][2]float32 // see read
	order  *order
	words  map[[2]int][]float32 // what a word before adds, by its place and number
	past   map[uint64][]float32 // what words before add, latest lowest
	known  map[scored]float32
}

type scored struct {
	past uint64 // three words before, then the word, lowest
	at   uint8
}

func (m *jointModel) scorer(words []uint16) *scorer {
	source, kept, order := m.read(words)
	return &scorer{m: m, source: source, kept: kept, order: order, words: make(map[[2]int][]float32), past: make(map[uint64][]float32), known: make(map[scored]float32)}
}

// jointFloor is the least score: of rare words the model knows too little to
// condemn them.
const jointFloor = -8

// The words before, 16 bits each, the latest lowest: none known, and none yet.
const (
	jointUnseen  = uint64(JointNone)<<32 | uint64(JointNone)<<16 | JointNone
	jointOpening = uint64(JointNone)<<32 | uint64(JointNone)<<16 | LMStart
)

// then gives the words before the next one.
func then(past uint64, word uint16) uint64 { return (past<<16 | uint64(word)) & (1<<48 - 1) }

// score is the natural logarithm of the probability that word comes, which
// belongs to French word at, counted with JointBegin.
func (s *scorer) score(past uint64, word uint16, at uint8) float32 {
	key := scored{past<<16 | uint64(word), at}
	if p, ok := s.known[key]; ok {
		return p
	}
	h := s.history(past)
	d := s.m.dim
	r := s.source[2*d*int(at):][:2*d]
	scale, q := s.m.out.at(int(word))
	sum := gated(h[:d], h[d:], r[:d], r[d:], q)
	p := max(jointFloor, min(0, float32(sum*scale)+float(s.m.outBias, int(word))))
	s.known[key] = p
	return p
}

// jointCommon is the first English number that is not of a common word; the
// weights of a model depend on it.
const jointCommon = LMReserved + 300

// JointKind tells common English words, articles and prepositions and the
// like, from others: 0 and 1. The model knows more of the former.
func JointKind(word uint16) int {
	if word < jointCommon {
		return 0
	}
	return 1
}

// phrase scores the words of a choice, one after the other.
func (s *scorer) phrase(past *uint64, c *choice, weights [2]float32) float32 {
	var sum float32
	for k, w := range c.joint {
		if !c.idiom {
			sum += weights[JointKind(w)] * s.score(*past, w, c.at[k])
		}
		*past = then(*past, w)
	}
	return sum
}

// end scores the end of the sentence.
func (s *scorer) end(past uint64) float32 {
	return s.score(past, LMEnd, uint8(len(s.source)/(2*s.m.dim)-1))
}

// gated is the sum of (a+b)·max(0, g+h)·q.
func gated(a, g, b, h []float32, q []byte) float32 {
	g, b, h, q = g[:len(a)], b[:len(a)], h[:len(a)], q[:len(a)]
	var sum [4]float32
	for i := 0; i+4 <= len(a); i += 4 {
		for k := range 4 {
			if gate := g[i+k] + h[i+k]; gate > 0 {
				sum[k] += float32(float32((a[i+k]+b[i+k])*gate) * float32(int8(q[i+k])))
			}
		}
	}
	return sum[0] + sum[1] + sum[2] + sum[3]
}

// history gives what the words before add, 2·dim numbers.
func (s *scorer) history(past uint64) []float32 {
	if v, ok := s.past[past]; ok {
		return v
	}
	v := make([]float32, 2*s.m.dim)
	for k := range jointHistory {
		for i, x := range s.before(k, int(past>>(16*k)&0xffff)) {
			v[i] += x
		}
	}
	s.past[past] = v
	return v
}

// before gives what a word adds, k words before the latest.
func (s *scorer) before(k, word int) []float32 {
	key := [2]int{k, word}
	if v, ok := s.words[key]; ok {
		return v
	}
	m := s.m
	v, n := make([]float32, 2*m.dim), 2*m.dim*m.word
	m.cpu.Float(v, m.before.vector(word), m.history.weights[k*n:(k+1)*n], 1, m.word, 2*m.dim, nil)
	s.words[key] = v
	return v
}

// join makes ready what the joint model needs of a sentence: the numbers of its
// words, and for each choice the numbers of its English words and the French
// word that each belongs to. Their guesses take in what it thinks of them.
func (s *sentence) join(e *Engine, known []bool) {
	if e.joint == nil {
		return
	}
	words := make([]uint16, 0, len(s.tokens)+2)
	words = append(words, JointBegin)
	for i, t := range s.tokens {
		switch {
		case known[i] && s.ids[i] < JointSource:
			words = append(words, uint16(s.ids[i]))
		case known[i]: // in the case that it has in the table
			words = append(words, uint16(JointSource+JointClass(e.table.words[s.ids[i]])))
		default:
			words = append(words, uint16(JointSource+JointClass(t.text)))
		}
	}
	s.scorer = e.joint.scorer(append(words, JointEnd))
	partners := make([]map[string]float32, len(s.tokens)) // of each French word, with their scores
	for i := range s.tokens {
		partners[i] = make(map[string]float32)
		if known[i] {
			for _, o := range e.table.options(s.ids[i : i+1]) {
				for _, w := range o.words {
					if int(w) >= len(e.table.target) {
						continue
					}
					// A word of several is the less likely to be the partner.
					word, score := e.table.target[w], o.score-float32(len(o.words)-1)
					if old, ok := partners[i][word]; !ok || score > old {
						partners[i][word] = score
					}
				}
			}
		}
	}
	for k := range s.spans {
		p := &s.spans[k]
		for c := range p.choices {
			e.affiliate(&p.choices[c], p.from, p.to, partners)
			s.weigh(e, &p.choices[c], p.from, p.to)
		}
		sortChoices(p.choices)
	}
}

// affiliate fills the numbers of a choice's words for the joint model, and the
// French words that they belong to.
func (e *Engine) affiliate(c *choice, from, to int, partners []map[string]float32) {
	c.joint, c.at = make([]uint16, len(c.words)), make([]uint8, len(c.words))
	own := make([]int, len(c.words))
	for k, w := range c.words {
		w = plain.Replace(w)
		c.joint[k] = e.jointWord(w)
		own[k] = -1
		var best float32
		for i := from; i < to; i++ {
			if score, ok := partners[i][w]; ok && (own[k] < 0 || score > best) {
				own[k], best = i, score
			}
		}
	}
	for k, i := range nearest(own) {
		if i < 0 {
			i = from + k*(to-from)/len(own)
		}
		c.at[k] = uint8(i + 1)
	}
}

// nearest gives each word without a partner that of the nearest one with one,
// to the right if there are two; -1 if none has.
func nearest(own []int) []int {
	out := slices.Clone(own)
	for k := range own {
		for d := 0; d < len(own) && out[k] < 0; d++ {
			if k+d < len(own) && own[k+d] >= 0 {
				out[k] = own[k+d]
			} else if k-d >= 0 && own[k-d] >= 0 {
				out[k] = own[k-d]
			}
		}
	}
	return out
}

// jointWord is the joint model's number of an English word.
func (e *Engine) jointWord(w string) uint16 {
	if n, ok := e.numbers[w]; ok {
		if id := LMWord(n); id != LMUnknown && id < JointTarget {
			return id
		}
	}
	return uint16(JointTarget + JointClass(w))
}

// weigh adds what the joint model thinks of the words that have a partner and
// of those that have none, and its guess from inside the phrase.
func (s *sentence) weigh(e *Engine, c *choice, from, to int) {
	for i := from + 1; i <= to && !c.idiom; i++ {
		has := 0
		if slices.Contains(c.at, uint8(i)) {
			has = 1
		}
		c.kept += s.scorer.kept[i][has]
	}
	c.score += e.weights.Kept * c.kept
	c.guess += e.weights.Kept * c.kept
	past := jointUnseen
	o, _ := s.scorer.order.phrase(coverage{}.with(0, from), past, uint8(from), c) // all before it done
	c.guess += e.weights.Order * o
	if c.idiom {
		return
	}
	for k, w := range c.joint {
		c.guess += e.weights.Joint[JointKind(w)] * s.scorer.score(past, w, c.at[k])
		past = then(past, w)
	}
}
