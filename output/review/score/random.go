package score

import "math/bits"

// random draws the numbers of NumPy's default generator, so that a bootstrap
// takes the samples that sacreBLEU takes: PCG XSL-RR 128/64 (O'Neill 2014) and
// Lemire's (2019) bounded integers of 32 bits.
type random struct {
	state, step [2]uint64 // high and low half
	rest        uint32    // upper half of a drawn word
	held        bool
}

// seeded is numpy.random.default_rng(12345).
func seeded() *random {
	return &random{state: [2]uint64{0x1905e0335aae9634, 0x9199b0d09775add5}, step: [2]uint64{0xc9c7353e6e2b1f28, 0x7d761f2d4027fae7}}
}

func (r *random) word() uint64 {
	const high, low = 0x2360ed051fc65da4, 0x4385df649fccf645
	h, l := bits.Mul64(r.state[1], low)
	h += r.state[0]*low + r.state[1]*high
	l, carry := bits.Add64(l, r.step[1], 0)
	h, _ = bits.Add64(h, r.step[0], carry)
	r.state = [2]uint64{h, l}
	return bits.RotateLeft64(h^l, -int(h>>58))
}

func (r *random) half() uint32 {
	if r.held {
		r.held = false
		return r.rest
	}
	w := r.word()
	r.rest, r.held = uint32(w>>32), true
	return uint32(w)
}

// below gives a number from 0 to n-1; n is at least 1.
func (r *random) below(n int) int {
	if n == 1 {
		return 0
	}
	bound := uint64(uint32(n))
	m := uint64(r.half()) * bound
	if uint32(m) < uint32(bound) {
		for least := -uint32(bound) % uint32(bound); uint32(m) < least; {
			m = uint64(r.half()) * bound
		}
	}
	return int(m >> 32)
}
