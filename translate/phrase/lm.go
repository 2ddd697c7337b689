package phrase

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// The language model: word numbers of 16 bits, orders 1 to 4, natural
// logarithms in 8 bits. Orders above 1 are hash tables of fingerprints, in
// buckets of about eight: a wrong hit has a chance of about one in two
// million, which a search over hypotheses does not notice.
const (
	LMUnknown  = 0
	LMStart    = 1
	LMEnd      = 2
	LMReserved = 3
	LMWords    = 1 << 16
	LMOrder    = 4

	lmStep = 0.07 // of the quantised logarithms
)

// LMWord is the language model's number of an English word number.
func LMWord(word uint32) uint16 {
	if word+LMReserved < LMWords {
		return uint16(word + LMReserved)
	}
	return LMUnknown
}

// languageModel reads its tables in place.
type languageModel struct {
	unigrams []byte              // 2 bytes a word: probability, back-off
	tables   [LMOrder + 1][]byte // by order; entries of 5 bytes (fingerprint 3, probability, back-off), order 4 of 4
	offsets  [LMOrder + 1][]byte // where each bucket begins, in entries, 4 bytes; one more for the end
	buckets  [LMOrder + 1]uint64
}

// lmState is what the next word's probability depends on: the last words, the
// latest lowest, and how many they are.
type lmState struct {
	words uint64
	n     uint8
}

func lmHash(key uint64, order int) uint64 {
	h := key*0x9e3779b97f4a7c15 + uint64(order)*0xbf58476d1ce4e5b9
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	return h
}

// lmBucket is how many n-grams a bucket holds on average.
const lmBucket = 8

func entrySize(order int) int {
	if order == LMOrder {
		return 4
	}
	return 5
}

// find gives the entry of an n-gram, its words packed latest lowest.
func (m *languageModel) find(key uint64, order int) []byte {
	h := lmHash(key, order)
	at := 4 * ((h >> 24) % m.buckets[order])
	offsets, size := m.offsets[order][at:at+8], entrySize(order)
	b := m.tables[order][size*int(binary.LittleEndian.Uint32(offsets)) : size*int(binary.LittleEndian.Uint32(offsets[4:]))]
	p0, p1, p2 := byte(h), byte(h>>8), byte(h>>16)
	for ; len(b) >= size; b = b[size:] {
		if b[0] == p0 && b[1] == p1 && b[2] == p2 {
			return b[:size]
		}
	}
	return nil
}

func logOf(b byte) float32 { return -lmStep * float32(b) }

// score gives the natural logarithm of the word's probability after the state,
// and the state after it.
func (m *languageModel) score(s lmState, word uint16) (float32, lmState) {
	next := lmState{(s.words<<16 | uint64(word)) & (1<<48 - 1), min(s.n+1, LMOrder-1)}
	var backoff float32
	for n := int(s.n); n >= 1; n-- {
		context := s.words & (1<<(16*n) - 1)
		if slot := m.find(context<<16|uint64(word), n+1); slot != nil {
			return backoff + logOf(slot[3]), next
		}
		if n == 1 {
			backoff += logOf(m.unigrams[2*context+1])
		} else if slot := m.find(context, n); slot != nil {
			backoff += logOf(slot[4])
		}
	}
	return backoff + logOf(m.unigrams[2*int(word)]), next
}

// LMEntry is an n-gram for BuildLM: its words packed latest lowest, natural
// logarithms of probability and back-off weight.
type LMEntry struct {
	Key           uint64
	Prob, Backoff float32
}

// BuildLM packs a language model: the entries of orders 1 to 4.
func BuildLM(orders [LMOrder + 1][]LMEntry) []byte {
	quant := func(x float32) byte { return byte(min(255, max(0, math.Round(float64(-x)/lmStep)))) }
	uni := make([]byte, 2*LMWords)
	for i := range LMWords {
		uni[2*i] = 255
	}
	for _, e := range orders[1] {
		uni[2*e.Key], uni[2*e.Key+1] = quant(e.Prob), quant(e.Backoff)
	}
	out := uni
	for n := 2; n <= LMOrder; n++ {
		buckets := uint64(len(orders[n])/lmBucket + 1)
		at := func(e LMEntry) uint64 { return (lmHash(e.Key, n) >> 24) % buckets }
		sorted := slices.Clone(orders[n])
		slices.SortFunc(sorted, func(a, b LMEntry) int {
			return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(a.Key, b.Key))
		})
		out = binary.LittleEndian.AppendUint64(out, buckets)
		next := 0
		for b := range buckets {
			out = binary.LittleEndian.AppendUint32(out, uint32(next))
			for next < len(sorted) && at(sorted[next]) == b {
				next++
			}
		}
		out = binary.LittleEndian.AppendUint32(out, uint32(next))
		for _, e := range sorted {
			h := lmHash(e.Key, n)
			out = append(out, byte(h), byte(h>>8), byte(h>>16), quant(e.Prob))
			if n < LMOrder {
				out = append(out, quant(e.Backoff))
			}
		}
	}
	return out
}

// readLM opens a packed language model without copying it.
func readLM(data []byte) (*languageModel, error) {
	m := &languageModel{}
	if len(data) < 2*LMWords {
		return nil, fmt.Errorf("language model: %d bytes are too few", len(data))
	}
	m.unigrams, data = data[:2*LMWords], data[2*LMWords:]
	for n := 2; n <= LMOrder; n++ {
		if len(data) < 8 {
			return nil, fmt.Errorf("language model: order %d is missing", n)
		}
		buckets := binary.LittleEndian.Uint64(data)
		if data = data[8:]; buckets == 0 || buckets >= uint64(len(data))/4 {
			return nil, fmt.Errorf("language model: order %d has %d buckets in %d bytes", n, buckets, len(data))
		}
		m.buckets[n], m.offsets[n], data = buckets, data[:4*(buckets+1)], data[4*(buckets+1):]
		last := uint32(0)
		for at := range buckets + 1 {
			o := binary.LittleEndian.Uint32(m.offsets[n][4*at:])
			if o < last || uint64(o)*uint64(entrySize(n)) > uint64(len(data)) {
				return nil, fmt.Errorf("language model: bucket %d of order %d lies outside the file", at, n)
			}
			last = o
		}
		size := int(last) * entrySize(n)
		m.tables[n], data = data[:size], data[size:]
	}
	return m, nil
}
