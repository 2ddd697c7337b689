package gemm

import "fmt"

// Picked is some rows of a matrix of transposed weights, multiplied where they
// lie: the output layer for the few words that a sentence may take. It does
// for few activations what [CPU.Gather] does for many.
type Picked struct {
	cpu *CPU
	w   []int8
	n   int
	k   int
	ids []int32 // n, filled up to lanes, and lanes more: kernels look ahead
}

// Pick picks rows of w, k elements each. It keeps w.
func (c *CPU) Pick(w []int8, k int, ids []int32) *Picked {
	rows := len(w) / max(k, 1)
	for _, id := range ids {
		if id < 0 || int(id) >= rows {
			panic(fmt.Sprintf("gemm: row %d of %d", id, rows))
		}
	}
	padded := make([]int32, Pad(len(ids))+lanes)
	copy(padded, ids)
	return &Picked{cpu: c, w: w, n: len(ids), k: k, ids: padded}
}

// Mul is [Int8.Mul] for the picked rows: dst is rows×len(ids), bias has
// len(ids) elements.
func (p *Picked) Mul(dst []float32, a []uint8, rows int, unquant float32, bias []float32) {
	c, n, k := p.cpu, p.n, p.k
	check("dst", len(dst), rows*n)
	check("a", len(a), rows*k)
	check("bias", len(bias), n)
	if n == 0 || rows == 0 {
		return
	}
	if c.rows == nil || k == 0 || k%c.rowsK != 0 {
		for i := range rows {
			x := a[i*k : i*k+k]
			for j, id := range p.ids[:n] {
				var acc int32
				for l, w := range p.w[int(id)*k:][:k] {
					acc += int32(x[l]) * int32(w)
				}
				dst[i*n+j] = float32(float32(acc)*unquant) + bias[j]
			}
		}
		return
	}
	whole := n &^ (lanes - 1)
	var s *scratch
	if whole < n {
		s = c.getScratch()
		defer c.scratch.Put(s)
		// the last rows go through buffers
		clear(s.bias[copy(s.bias[:], bias[whole:n]):])
	}
	for i := range rows {
		if whole > 0 {
			c.rows(&dst[i*n], &a[i*k], &p.w[0], uintptr(k), &p.ids[0], uintptr(whole), &bias[0], unquant)
		}
		if whole < n {
			c.rows(&s.floats[0], &a[i*k], &p.w[0], uintptr(k), &p.ids[whole], lanes, &s.bias[0], unquant)
			copy(dst[i*n+whole:i*n+n], s.floats[:])
		}
	}
}
