package gemm

// Int8 is a weight matrix of K inputs and N outputs in the layout of one CPU
// path.
type Int8 struct {
	cpu   *CPU
	n, k  int
	plain bool // data holds n rows of k, for plain Go
	relu  bool // activations are those of MulReluQuantize
	data  []int8
}

// N returns the number of outputs.
func (p *Int8) N() int { return p.n }

// K returns the number of inputs.
func (p *Int8) K() int { return p.k }

// Pack brings weights into the layout of the path. w is the transposed matrix
// as model files hold it: n rows of k. The result may alias w, which must stay
// unchanged and, if mapped from a file, mapped.
func (c *CPU) Pack(w []int8, n, k int) *Int8 { return c.pack(w, n, k, false) }

// PackRelu is [CPU.Pack] for the activations of [Int8.MulReluQuantize], none of
// which is negative. That is faster on some paths.
func (c *CPU) PackRelu(w []int8, n, k int) *Int8 { return c.pack(w, n, k, true) }

func (c *CPU) pack(w []int8, n, k int, relu bool) *Int8 {
	check("w", len(w), n*k)
	p := &Int8{cpu: c, n: n, k: k, plain: c.plain(k), relu: relu}
	if p.plain {
		p.data = w[: n*k : n*k]
	} else {
		p.pack(func(j int) []int8 { return w[j*k : j*k+k] })
	}
	return p
}

// Gather packs the given rows of w, k elements each, as a matrix of len(rows)
// outputs: the shortlisted part of an output layer. It reuses p, an earlier
// result of Gather or nil, and returns it.
func (c *CPU) Gather(p *Int8, w []int8, k int, rows []int32) *Int8 {
	if p == nil {
		p = &Int8{}
	}
	p.cpu, p.n, p.k, p.plain = c, len(rows), k, c.plain(k)
	row := func(j int) []int8 {
		r := int(rows[j])
		return w[r*k : r*k+k]
	}
	if p.plain {
		p.data = resize(p.data, len(rows)*k)
		for j := range rows {
			copy(p.data[j*k:j*k+k], row(j))
		}
	} else {
		p.pack(row)
	}
	return p
}

// plain reports whether weights of k inputs are left to plain Go.
func (c *CPU) plain(k int) bool { return c.cols == 0 || k == 0 || k%16 != 0 }

func resize[T any](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n)
	}
	return b[:n]
}

// Correct computes the bias that [Int8.Mul] wants, for weights w (n rows of k)
// with multiplier qb and activations with multiplier qa:
//
//	dst[j] = bias[j] + corr*sum(w[j]), corr = -127/(qa*qb)
//
// which takes out the 127 that activations are shifted by. A nil bias counts
// as zero. Source: Marian's PrepareBias, rounding as there.
func Correct(dst, bias []float32, w []int8, n, k int, qa, qb float32) {
	check("dst", len(dst), n)
	check("w", len(w), n*k)
	corr := -1 * float32((127/qa)*(127/qb)) / 127
	for j := range n {
		var s int32
		for _, v := range w[j*k : j*k+k] {
			s += int32(v)
		}
		d := float32(corr * float32(s))
		if bias != nil {
			d += bias[j]
		}
		dst[j] = d
	}
}

// Mul multiplies rows quantised activations a (rows×K, in 0..254) by the
// weights:
//
//	dst[i][j] = float32(sum_k a[i][k]*w[j][k])*unquant + bias[j]
//
// unquant is 1/(qa*qb), bias comes from [Correct]; dst is rows×N.
func (p *Int8) Mul(dst []float32, a []uint8, rows int, unquant float32, bias []float32) {
	check("dst", len(dst), rows*p.n)
	p.checkInputs(a, rows, bias)
	if !p.plain {
		p.mulPanels(dst, nil, a, rows, unquant, bias, 0)
	} else {
		p.mulGeneric(a, rows, func(i, j int, acc int32) {
			dst[i*p.n+j] = float32(float32(acc)*unquant) + bias[j]
		})
	}
}

// MulReluQuantize is [Int8.Mul] followed by max(0, x) and by [CPU.Quantize]
// with qa, the multiplier of the next layer, whose weights are from
// [CPU.PackRelu]: the bytes are less by 127 on paths that do better without.
func (p *Int8) MulReluQuantize(dst []uint8, a []uint8, rows int, unquant float32, bias []float32, qa float32) {
	check("dst", len(dst), rows*p.n)
	p.checkInputs(a, rows, bias)
	if !p.plain {
		p.mulPanels(nil, dst, a, rows, unquant, bias, qa)
	} else {
		p.mulGeneric(a, rows, func(i, j int, acc int32) {
			dst[i*p.n+j] = quantize(max(0, float32(float32(acc)*unquant)+bias[j]), qa) - p.cpu.reluShift()
		})
	}
}

// reluShift is what the activations of MulReluQuantize are less by.
func (c *CPU) reluShift() uint8 {
	if c.pairs {
		return 127
	}
	return 0
}

func (p *Int8) checkInputs(a []uint8, rows int, bias []float32) {
	check("a", len(a), rows*p.k)
	check("bias", len(bias), p.n)
}

// Quantize writes round(x*qa) clamped to ±127, plus 127. Halves round to even.
func (c *CPU) Quantize(dst []uint8, x []float32, qa float32) {
	check("dst", len(dst), len(x))
	n := c.whole(len(x))
	if n > 0 {
		c.quantize(&dst[0], &x[0], uintptr(n), qa)
	}
	for i := n; i < len(x); i++ {
		dst[i] = quantize(x[i], qa)
	}
}

// quantize rounds by adding 1.5*2^23, which leaves the integer, halves to
// even, in the low bits of the float.
func quantize(x, qa float32) uint8 {
	v := float32(x * qa)
	if !(v > -127) {
		v = -127
	}
	if !(v < 127) {
		v = 127
	}
	return uint8(bits(v+12582912) + 127)
}
