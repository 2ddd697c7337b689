package gemm

import "fmt"

// Rows is a matrix of transposed weights of which some rows are multiplied
// where they lie: the output layer, whose words differ from sentence to sentence.
// It does for few activations what [CPU.Gather] does for many.
type Rows struct {
	cpu     *CPU
	w       []int8
	n, k    int
	crowded []bool // for each row whether its pairs of products can leave 16 bits; nil where that does not matter
}

// Rows makes rows of w, k elements each. It keeps w.
func (c *CPU) Rows(w []int8, k int) *Rows {
	r := &Rows{cpu: c, w: w, n: len(w) / max(k, 1), k: k}
	if c.rowsPairs == nil || k == 0 || k%c.rowsK != 0 {
		return r
	}
	r.crowded = make([]bool, r.n)
	for i := range r.crowded {
		r.crowded[i] = crowdedRow(w[i*k:i*k+k], 32767/254)
	}
	return r
}

// Picked is some of the rows of a matrix.
type Picked struct {
	*Rows
	n    int
	ids  []int32 // n, filled up to lanes, and lanes more: kernels look ahead
	runs []run
}

// run is rows that one kernel takes, a multiple of lanes but for the last.
type run struct {
	from, to int
	crowded  bool
}

// Pick picks rows.
func (r *Rows) Pick(ids []int32) *Picked {
	for _, id := range ids {
		if id < 0 || int(id) >= r.n {
			panic(fmt.Sprintf("gemm: row %d of %d", id, r.n))
		}
	}
	padded := make([]int32, Pad(len(ids))+lanes)
	copy(padded, ids)
	p := &Picked{Rows: r, n: len(ids), ids: padded}
	for i := 0; i < p.n; i += lanes {
		crowded := r.crowded == nil
		for _, id := range p.ids[i : i+lanes] {
			crowded = crowded || r.crowded[id]
		}
		if last := len(p.runs) - 1; last >= 0 && p.runs[last].crowded == crowded {
			p.runs[last].to = i + lanes
		} else {
			p.runs = append(p.runs, run{i, i + lanes, crowded})
		}
	}
	return p
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
		for _, run := range p.runs {
			rows := c.rows
			if !run.crowded {
				rows = c.rowsPairs
			}
			if to := min(run.to, whole); run.from < to {
				rows(&dst[i*n+run.from], &a[i*k], &p.w[0], uintptr(k), &p.ids[run.from], uintptr(to-run.from), &bias[run.from], unquant)
			}
			if run.to > n {
				rows(&s.floats[0], &a[i*k], &p.w[0], uintptr(k), &p.ids[whole], lanes, &s.bias[0], unquant)
				copy(dst[i*n+whole:i*n+n], s.floats[:])
			}
		}
	}
}
