package gemm

import "math"

// Pad rounds a number of keys up to the unit of [CPU.TransposeKeys].
func Pad(t int) int { return (t + lanes - 1) &^ (lanes - 1) }

// AttendScratch returns the length of the scratch of [CPU.Attend] for t keys.
func AttendScratch(t int) int { return attendQueries * Pad(t) }

// attendQueries is how many queries a kernel takes at once.
const attendQueries = 4

// TransposeKeys turns the keys of a sentence, t×d, into d rows of Pad(t), the
// padding zero.
func (c *CPU) TransposeKeys(kt, k []float32, t, d int) {
	tp := Pad(t)
	check("kt", len(kt), d*tp)
	check("k", len(k), t*d)
	rows, cols := 0, 0 // what whole squares cover
	if b := c.block; b > 0 {
		rows, cols = t/b*b, d/b*b
		for i := 0; i < rows; i += b {
			for j := 0; j < cols; j += b {
				c.transpose(&kt[j*tp+i], uintptr(4*tp), &k[i*d+j], uintptr(4*d))
			}
		}
	}
	for j := range d {
		row := kt[j*tp : j*tp+tp]
		from := rows
		if j >= cols {
			from = 0
		}
		for i := from; i < t; i++ {
			row[i] = k[i*d+j]
		}
		clear(row[t:])
	}
}

// Attend is multi-head attention of queries (queries×d) over the t keys of one
// sentence: kt from [CPU.TransposeKeys], v t×d. Head h takes columns
// h*d/heads onwards; scores are divided by sqrt(d/heads). out is queries×d and
// may be q. Unless align is nil, it is queries×Pad(t) and receives the weights
// of head 0 (elements from t on are undefined). scratch has AttendScratch(t)
// elements.
func (c *CPU) Attend(out, q, kt, v, align, scratch []float32, queries, t, d, heads int) {
	tp, dk := Pad(t), d/heads
	check("out", len(out), queries*d)
	check("q", len(q), queries*d)
	check("kt", len(kt), d*tp)
	check("v", len(v), t*d)
	check("scratch", len(scratch), AttendScratch(t))
	if align != nil {
		check("align", len(align), queries*tp)
	}
	scale := float32(1 / math.Sqrt(float64(dk)))
	if t == 0 {
		clear(out[:queries*d])
		return
	}
	asm := dk > 0 && c.whole(dk) == dk
	for i := 0; i < queries; {
		n, attend := 1, c.attend1
		if asm && i+attendQueries <= queries {
			n, attend = attendQueries, c.attend4
		}
		for h := range heads {
			w := scratch
			if h == 0 && align != nil {
				w = align[i*tp:]
			}
			from, at := i*d+h*dk, h*dk
			if asm {
				attend(&out[from], &q[from], &kt[at*tp], &v[at], &w[0], uintptr(t), uintptr(tp), uintptr(d), uintptr(dk), scale)
			} else {
				attendOne(out[from:from+dk], q[from:from+dk], kt[at*tp:], v[at:], w[:t], tp, d, scale)
			}
		}
		i += n
	}
}

// attendOne is one query of one head.
func attendOne(out, q, kt, v, w []float32, tp, d int, scale float32) {
	clear(w)
	for j, x := range q {
		for i, y := range kt[j*tp : j*tp+len(w)] {
			w[i] += float32(x * y)
		}
	}
	for i := range w {
		w[i] *= scale
	}
	softmax(w)
	clear(out)
	for i, x := range w {
		for j, y := range v[i*d : i*d+len(out)] {
			out[j] += float32(x * y)
		}
	}
}
