package phrase

import (
	"encoding/binary"
	"fmt"
	"math"
)

// The language model: word numbers of 16 bits, orders 1 to 4, natural
// logarithms in 8 bits. Orders above 1 are open hash tables of fingerprints:
// a wrong hit has a chance of about one in a million, which a search over
// hypotheses does not notice.
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
	unigrams []byte    // 2 bytes a word: probability, back-off
	tables   [5][]byte // by order; slots of 5 bytes (fingerprint 3, probability, back-off), order 4 of 4
	slots    [5]uint64
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

func slotSize(order int) uint64 {
	if order == LMOrder {
		return 4
	}
	return 5
}

// find gives the slot of an n-gram, its words packed latest lowest.
func (m *languageModel) find(key uint64, order int) []byte {
	h := lmHash(key, order)
	size := slotSize(order)
	table, slots := m.tables[order], m.slots[order]
	print := byte(h) | 1 // never all zero, which is an empty slot
	p1, p2 := byte(h>>8), byte(h>>16)
	for at := (h >> 24) % slots; ; {
		s := table[at*size : at*size+size]
		if s[0] == 0 {
			return nil
		}
		if s[0] == print && s[1] == p1 && s[2] == p2 {
			return s
		}
		if at++; at == slots {
			at = 0
		}
	}
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
		size := slotSize(n)
		slots := uint64(len(orders[n]))*5/4 + 1
		table := make([]byte, slots*size)
		for _, e := range orders[n] {
			h := lmHash(e.Key, n)
			at := (h >> 24) % slots
			for table[at*size] != 0 {
				at = (at + 1) % slots
			}
			s := table[at*size:]
			s[0], s[1], s[2], s[3] = byte(h)|1, byte(h>>8), byte(h>>16), quant(e.Prob)
			if n < LMOrder {
				s[4] = quant(e.Backoff)
			}
		}
		out = binary.LittleEndian.AppendUint64(out, slots)
		out = append(out, table...)
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
		slots := binary.LittleEndian.Uint64(data)
		data = data[8:]
		if slots == 0 || slots > uint64(len(data))/slotSize(n) {
			return nil, fmt.Errorf("language model: order %d has %d slots in %d bytes", n, slots, len(data))
		}
		size := slots * slotSize(n)
		m.tables[n], m.slots[n], data = data[:size], slots, data[size:]
		empty := false
		for at := uint64(0); at < size && !empty; at += slotSize(n) {
			empty = m.tables[n][at] == 0
		}
		if !empty {
			return nil, fmt.Errorf("language model: order %d has no empty slot", n)
		}
	}
	return m, nil
}
