package gemm

import "math"

// Pad rounds a number of keys up to the unit of [CPU.TransposeKeys].
func Pad(t int) int { return (t + lanes - 1) &^ (lanes - 1) }

// AttendScratch returns the length of the scratch of [CPU.Attend] for t keys.
func AttendScratch(t int) int { return mostRows * Pad(t) }

// attendRows is how many queries, or heads, a kernel takes at once, and mostRows
// how many queries one that not every path has.
const (
	attendRows = 4
	mostRows   = 8
)

// TransposeKeys turns the keys of a sentence, t×d, into d rows of Pad(t), the
// padding zero.
func (c *CPU) TransposeKeys(kt, k []float32, t, d int) {
	tp := Pad(t)
	check("kt", len(kt), d*tp)
	check("k", len(k), t*d)
	b := c.block
	if b == 0 || d%b != 0 || d == 0 {
		for j := range d {
			row := kt[j*tp : j*tp+tp]
			for i := range t {
				row[i] = k[i*d+j]
			}
			clear(row[t:])
		}
		return
	}
	var s *scratch
	for i := 0; i < tp; i += b {
		from := k[min(i, t)*d:]
		if i+b > t { // rows that are not there are zero
			if s == nil {
				s = c.getScratch()
				defer c.scratch.Put(s)
			}
			s.keys = resize(s.keys, b*d)
			clear(s.keys[copy(s.keys, k[min(i, t)*d:t*d]):])
			from = s.keys
		}
		c.transpose(&kt[i], uintptr(4*tp), &from[0], uintptr(4*d), uintptr(d/b))
	}
}

// SplitValues turns the values of a sentence, t×d, into one matrix of t×d/heads
// for each head: what attention of one head reads then lies together.
func SplitValues(split, v []float32, t, d, heads int) {
	check("split", len(split), t*d)
	check("v", len(v), t*d)
	dk := d / heads
	for h := range heads {
		for i := range t {
			copy(split[(h*t+i)*dk:][:dk], v[i*d+h*dk:])
		}
	}
}

// Attend is multi-head attention of queries (queries×d) over the t keys of one
// sentence: kt from [CPU.TransposeKeys], v t×d. Head h takes columns
// h*d/heads onwards; scores are divided by sqrt(d/heads). out is queries×d and
// may be q. Unless align is nil, it is queries×Pad(t) and receives the weights
// of head 0 (elements from t on are undefined). scratch has AttendScratch(t)
// elements.
func (c *CPU) Attend(out, q, kt, v, align, scratch []float32, queries, t, d, heads int) {
	c.attendAll(out, q, kt, v, align, scratch, queries, t, d, heads, d, d/heads)
}

// AttendSplit is [CPU.Attend] for v from [SplitValues].
func (c *CPU) AttendSplit(out, q, kt, v, align, scratch []float32, queries, t, d, heads int) {
	c.attendAll(out, q, kt, v, align, scratch, queries, t, d, heads, d/heads, t*(d/heads))
}

// attendAll has the distances between the rows of v and between its heads.
func (c *CPU) attendAll(out, q, kt, v, align, scratch []float32, queries, t, d, heads, dv, hv int) {
	tp, dk := Pad(t), d/heads
	check("out", len(out), queries*d)
	check("q", len(q), queries*d)
	check("kt", len(kt), d*tp)
	check("v", len(v), t*d)
	check("scratch", len(scratch), AttendScratch(t))
	if align != nil {
		check("align", len(align), queries*tp)
	}
	if t == 0 {
		clear(out[:queries*d])
		return
	}
	scale := float32(1 / math.Sqrt(float64(dk)))
	asm := dk > 0 && c.whole(dk) == dk
	for i := 0; i < queries; {
		at := i * d
		switch {
		case asm && i+attendRows <= queries:
			kernel, rows := c.attendQueries, attendRows
			if c.attendQueries8 != nil && i+mostRows <= queries {
				kernel, rows = c.attendQueries8, mostRows
			}
			for h := range heads {
				w := scratch
				if h == 0 && align != nil {
					w = align[i*tp:]
				}
				kernel(&out[at+h*dk], &q[at+h*dk], &kt[h*dk*tp], &v[h*hv], &w[0],
					uintptr(t), uintptr(tp), uintptr(d), uintptr(dv), uintptr(dk), scale)
			}
			i += rows
			continue
		case asm && c.attendHeads != nil && heads%attendRows == 0:
			for h := 0; h < heads; h += attendRows {
				c.attendHeads(&out[at+h*dk], &q[at+h*dk], &kt[h*dk*tp], &v[h*hv], &scratch[0],
					uintptr(t), uintptr(tp), uintptr(dv), uintptr(hv), uintptr(dk), scale)
				if h == 0 && align != nil {
					copy(align[i*tp:i*tp+t], scratch)
				}
			}
		default:
			for h := range heads {
				w := scratch
				if h == 0 && align != nil {
					w = align[i*tp:]
				}
				from := at + h*dk
				if asm {
					c.attend1(&out[from], &q[from], &kt[h*dk*tp], &v[h*hv], &w[0], uintptr(t), uintptr(tp), uintptr(dv), uintptr(dk), scale)
				} else {
					attendOne(out[from:from+dk], q[from:from+dk], kt[h*dk*tp:], v[h*hv:], w[:t], tp, dv, scale)
				}
			}
		}
		i++
	}
}

// attendOne is one query of one head.
func attendOne(out, q, kt, v, w []float32, tp, dv int, scale float32) {
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
		for j, y := range v[i*dv : i*dv+len(out)] {
			out[j] += float32(x * y)
		}
	}
}
