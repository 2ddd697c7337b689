package gemm

// Plain Go multiplies three columns at once: a 64-bit word holds three weights
// 21 bits apart, one multiplication by an activation gives three products, and
// 32 of them fit before a sum can leave its 21 bits (32*255*128 < 2^20).
const (
	wordStep  = 21
	wordTerms = 32
)

// mulGeneric computes every sum and gives it to put. The weights are N rows of
// K as in the file.
func (p *Int8) mulGeneric(a []uint8, rows int, put func(i, j int, acc int32)) {
	n, k := p.n, p.k
	s := p.cpu.getScratch()
	defer p.cpu.scratch.Put(s)
	words := resize(s.words, k)
	s.words = words
	shift := int32(0)
	if p.relu {
		shift = int32(p.cpu.reluShift())
	}
	for j := 0; j < n; j += 3 {
		cols := min(3, n-j)
		clear(words)
		var shifts [3]int32
		for c := range cols {
			for i, w := range p.data[(j+c)*k : (j+c)*k+k] {
				words[i] += int64(w) << (wordStep * c)
				shifts[c] += shift * int32(w)
			}
		}
		var acc [2][3]int32
		for i := 0; i < rows; i += 2 {
			a0 := a[i*k : i*k+k]
			two := i+1 < rows
			a1 := a0
			if two {
				a1 = a[i*k+k : i*k+2*k]
			}
			dot3(&acc, words, a0, a1)
			for c := range cols {
				put(i, j+c, acc[0][c]+shifts[c])
				if two {
					put(i+1, j+c, acc[1][c]+shifts[c])
				}
			}
		}
	}
}

// dot3 multiplies two rows of activations by three columns of weights.
func dot3(acc *[2][3]int32, words []int64, a0, a1 []uint8) {
	*acc = [2][3]int32{}
	for len(words) >= wordTerms {
		w, x, y := (*[wordTerms]int64)(words), (*[wordTerms]uint8)(a0), (*[wordTerms]uint8)(a1)
		var s, t int64
		for i := range w {
			s += w[i] * int64(x[i])
			t += w[i] * int64(y[i])
		}
		spread(&acc[0], s)
		spread(&acc[1], t)
		words, a0, a1 = words[wordTerms:], a0[wordTerms:], a1[wordTerms:]
	}
	var s, t int64
	for i, w := range words {
		s += w * int64(a0[i])
		t += w * int64(a1[i])
	}
	spread(&acc[0], s)
	spread(&acc[1], t)
}

// spread adds the three signed sums in s to acc.
func spread(acc *[3]int32, s int64) {
	const up = 64 - wordStep
	low := s << up >> up
	s = (s - low) >> wordStep
	mid := s << up >> up
	acc[0] += int32(low)
	acc[1] += int32(mid)
	acc[2] += int32((s - mid) >> wordStep)
}
