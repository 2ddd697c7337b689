package marian

import "sync"

// wholeOutput is the output layer over the whole vocabulary, made when a
// model without a shortlist first needs it and shared by all workers.
type wholeOutput struct {
	once sync.Once
	out  output
}

func (h *wholeOutput) get(m *Model) output {
	h.once.Do(func() {
		o := &m.net.output
		words := m.allWords()
		h.out.in, h.out.out = o.table.dim, len(words)
		h.out.bias, h.out.sums = o.bias[:len(words)], o.sums
		if o.table.floats != nil {
			h.out.w = make([]float32, o.table.dim*len(words))
			transpose(h.out.w, o.table.floats, words, o.table.dim)
			return
		}
		h.out.packed = m.cpu.Pack(o.table.ints[:len(words)*o.table.dim], len(words), o.table.dim)
		h.out.qa, h.out.qb, h.out.unquant = o.qa, o.table.multiplier, o.unquant
	})
	return h.out
}

// allWords is every word that the target vocabulary has, but for the unknown
// one: columns and words are the same where it is the last one left out.
func (m *Model) allWords() []int32 {
	words := make([]int32, m.targetSize)
	for i := range words {
		words[i] = int32(i)
	}
	return words
}
