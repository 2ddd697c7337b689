package marian

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// shortlist gives, for each source word, the target words that may translate
// it (Marian's binary lexical shortlist). Its memory may be a mapped file.
type shortlist struct {
	first   int32  // the first target words are always allowed
	offsets []byte // u64 for each source word, and one more
	indices []byte // u32 target words, grouped by source word
	sources int
}

const shortlistMagic = 0xF11A48D5013417F5

// readShortlist reads and checks a whole file. Every index is checked
// against targets, the number of target words.
func readShortlist(b []byte, targets int) (*shortlist, error) {
	r := &byteReader{rest: b, size: len(b)}
	magic, sum := r.u64(), r.u64()
	if r.err == nil && magic != shortlistMagic {
		return nil, fmt.Errorf("no binary shortlist: magic number %#x", magic)
	}
	body := r.rest
	first, _, offsets, indices := r.u64(), r.u64(), r.u64(), r.u64()
	if r.err != nil {
		return nil, r.err
	}
	left := uint64(len(r.rest))
	if offsets < 1 || offsets > left/8 || indices > left/4 || 8*offsets+4*indices != left {
		return nil, fmt.Errorf("%d offsets and %d indices do not fill %d bytes: the file is damaged", offsets, indices, left)
	}
	if first > uint64(targets) {
		return nil, fmt.Errorf("first %d of %d target words", first, targets)
	}
	s := &shortlist{first: int32(first), offsets: r.take(8 * offsets), indices: r.take(4 * indices), sources: int(offsets - 1)}
	if got := shortlistSum(body); got != sum {
		return nil, fmt.Errorf("checksum %#x, want %#x: the file is damaged", got, sum)
	}
	last := uint64(0)
	for i := 0; i <= s.sources; i++ {
		at := s.offset(i)
		if at < last || at > indices {
			return nil, fmt.Errorf("offset %d of source word %d", at, i)
		}
		last = at
	}
	if s.offset(0) != 0 || last != indices {
		return nil, fmt.Errorf("offsets end at %d of %d indices", last, indices)
	}
	for i := uint64(0); i < indices; i++ {
		if id := s.index(i); uint64(id) >= uint64(targets) {
			return nil, fmt.Errorf("target word %d of %d", id, targets)
		}
	}
	return s, nil
}

// shortlistSum is Marian's hash of a buffer, over whole 64-bit words.
func shortlistSum(b []byte) uint64 {
	var sum uint64
	for ; len(b) >= 8; b = b[8:] {
		sum ^= binary.LittleEndian.Uint64(b) + 0x9e3779b9 + sum<<6 + sum>>2
	}
	return sum
}

func (s *shortlist) offset(source int) uint64 {
	return binary.LittleEndian.Uint64(s.offsets[8*source:])
}

func (s *shortlist) index(i uint64) uint32 { return binary.LittleEndian.Uint32(s.indices[4*i:]) }

// wordSet is a set of words, one bit each.
type wordSet struct {
	bits []uint64
	size int // bits
	n    int // words
}

func newWordSet(size int) *wordSet { return &wordSet{bits: make([]uint64, (size+63)/64), size: size} }

func (w *wordSet) add(id int32) {
	word, bit := &w.bits[id/64], uint64(1)<<(id%64)
	if *word&bit == 0 {
		*word |= bit
		w.n++
	}
}

// sorted lists the words in ascending order.
func (w *wordSet) sorted() []int32 {
	words := make([]int32, 0, w.n)
	for i, b := range w.bits {
		for ; b != 0; b &= b - 1 {
			words = append(words, int32(64*i+bits.TrailingZeros64(b)))
		}
	}
	return words
}

func (w *wordSet) clear() {
	clear(w.bits)
	w.n = 0
}

// only takes out the words that are not in another set of the same size.
func (w *wordSet) only(other *wordSet) {
	w.n = 0
	for i, b := range other.bits {
		w.bits[i] &= b
		w.n += bits.OnesCount64(w.bits[i])
	}
}

// choose makes set the target words that may translate one sentence, with extra
// words added. Where source and target share a vocabulary the source's own words
// belong to it. The set depends on nothing but the sentence, so that a
// translation does not depend on the batch.
func (s *shortlist) choose(set *wordSet, source []int32, shared bool, extra []int32) {
	set.clear()
	for id := int32(0); id < s.first; id++ {
		set.add(id)
	}
	for _, id := range source {
		if shared {
			set.add(id)
		}
		if int(id) < s.sources {
			for i, end := s.offset(int(id)), s.offset(int(id)+1); i < end; i++ {
				set.add(int32(s.index(i)))
			}
		}
	}
	// Marian fills up to a multiple of eight with the smallest words not yet in
	for id := s.first; set.n%8 != 0 && int(id) < set.size; id++ {
		set.add(id)
	}
	for _, id := range extra {
		set.add(id)
	}
}
