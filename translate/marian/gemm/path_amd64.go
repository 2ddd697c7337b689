package gemm

//go:generate sh -c "cd asm && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg gemm"

func available() []path {
	ps := []path{generic}
	if hasAVX2() {
		ps = append(ps, avx2)
		if hasVNNI() {
			ps = append(ps, vnni)
		}
	}
	return ps
}

// hasAVX2 reports AVX2, and that the system keeps the ymm registers.
// Source: Intel's manual, volume 1, section 14.3.
func hasAVX2() bool {
	top, _, _, _ := cpuid(0, 0)
	if top < 7 {
		return false
	}
	const osxsave, avx = 1 << 27, 1 << 28
	_, _, c, _ := cpuid(1, 0)
	if c&osxsave == 0 || c&avx == 0 || xgetbv()&0x6 != 0x6 {
		return false
	}
	_, b, _, _ := cpuid(7, 0)
	return b&(1<<5) != 0
}

// hasVNNI reports the parts of AVX-512 that the kernels use (F, DQ, BW, VL,
// VNNI), and that the system keeps the zmm and mask registers.
func hasVNNI() bool {
	const f, dq, bw, vl, dot = 1 << 16, 1 << 17, 1 << 30, 1 << 31, 1 << 11
	_, b, c, _ := cpuid(7, 0)
	const want = f | dq | bw | vl
	return b&want == want && c&dot != 0 && xgetbv()&0xe6 == 0xe6
}

func (c *CPU) quantize(dst []uint8, x []float32, qa float32) int {
	n := len(x) &^ (lanes - 1)
	switch {
	case n == 0:
	case c.path == vnni:
		quantizeAVX512(&dst[0], &x[0], uintptr(n), qa)
	case c.path == avx2:
		quantizeAVX2(&dst[0], &x[0], uintptr(n), qa)
	default:
		return 0
	}
	return n
}

func (c *CPU) float(dst, a, b []float32, rows, k, n int) int {
	if rows == 0 || k == 0 {
		return 0
	}
	j := 0
	switch c.path {
	case vnni:
		for ; j+32 <= n; j += 32 {
			floatAVX512(&dst[j], &a[0], &b[j], uintptr(rows), uintptr(k), uintptr(n))
		}
	case avx2:
		for ; j+16 <= n; j += 16 {
			floatAVX2(&dst[j], &a[0], &b[j], uintptr(rows), uintptr(k), uintptr(n))
		}
	}
	return j
}

func (c *CPU) embed(dst []float32, q []int8, pos []float32, scale float32) int {
	n := len(q) &^ (lanes - 1)
	switch {
	case n == 0:
	case c.path == vnni:
		embedAVX512(&dst[0], &q[0], &pos[0], uintptr(n), scale)
	case c.path == avx2:
		embedAVX2(&dst[0], &q[0], &pos[0], uintptr(n), scale)
	default:
		return 0
	}
	return n
}

func (c *CPU) addNorm(q []uint8, x, y, scale, bias []float32, rows int, qa float32) bool {
	d := len(scale)
	if c.path == generic || d == 0 || d%lanes != 0 {
		return false
	}
	rn := 1 / float32(d)
	for i := 0; i < rows*d; i += d {
		var to *uint8
		if q != nil {
			to = &q[i]
		}
		if c.path == vnni {
			addNormAVX512(to, &x[i], &y[i], &scale[0], &bias[0], uintptr(d), rn, qa)
		} else {
			addNormAVX2(to, &x[i], &y[i], &scale[0], &bias[0], uintptr(d), rn, qa)
		}
	}
	return true
}

func (c *CPU) ssru(cell, x, f, h []float32) int {
	n := len(cell) &^ (lanes - 1)
	switch {
	case n == 0:
	case c.path == vnni:
		ssruAVX512(&cell[0], &x[0], &f[0], &h[0], uintptr(n))
	case c.path == avx2:
		ssruAVX2(&cell[0], &x[0], &f[0], &h[0], uintptr(n))
	default:
		return 0
	}
	return n
}

func (c *CPU) argmax(x []float32) (best, done int) {
	n := len(x) &^ (lanes - 1)
	switch {
	case n == 0:
	case c.path == vnni:
		best = int(maximumAVX512(&x[0], uintptr(n)))
	case c.path == avx2:
		best = int(maximumAVX2(&x[0], uintptr(n)))
	default:
		return 0, 0
	}
	if best >= n { // not found: x holds NaN
		return 0, 0
	}
	return best, n
}

func (c *CPU) sumExp(sums *[lanes]float32, x []float32, m float32) int {
	n := len(x) &^ (lanes - 1)
	switch {
	case n == 0:
	case c.path == vnni:
		sumExpAVX512(&sums[0], &x[0], uintptr(n), m)
	case c.path == avx2:
		sumExpAVX2(&sums[0], &x[0], uintptr(n), m)
	default:
		return 0
	}
	return n
}

func (c *CPU) attend(out, q, kt, v, align, scratch []float32, queries, t, d, heads int, scale float32) bool {
	dk := d / heads
	if c.path == generic || dk == 0 || dk%lanes != 0 {
		return false
	}
	tp := Pad(t)
	for i := 0; i < queries; {
		n := 1
		if i+attendQueries <= queries {
			n = attendQueries
		}
		for h := range heads {
			w := scratch
			if h == 0 && align != nil {
				w = align[i*tp:]
			}
			at := h * dk
			out, q, kt, v := &out[i*d+at], &q[i*d+at], &kt[at*tp], &v[at]
			t, tp, d, dk := uintptr(t), uintptr(tp), uintptr(d), uintptr(dk)
			switch {
			case c.path == vnni && n == 1:
				attend1AVX512(out, q, kt, v, &w[0], t, tp, d, dk, scale)
			case c.path == vnni:
				attend4AVX512(out, q, kt, v, &w[0], t, tp, d, dk, scale)
			case n == 1:
				attend1AVX2(out, q, kt, v, &w[0], t, tp, d, dk, scale)
			default:
				attend4AVX2(out, q, kt, v, &w[0], t, tp, d, dk, scale)
			}
		}
		i += n
	}
	return true
}

// transpose writes the blocks of 8×8 that lie whole in k and returns how many
// of the t rows and d columns they cover.
func (c *CPU) transpose(kt, k []float32, t, d int) (rows, cols int) {
	if c.path == generic {
		return 0, 0
	}
	tp := Pad(t)
	rows, cols = t&^7, d&^7
	for i := 0; i < rows; i += 8 {
		for j := 0; j < cols; j += 8 {
			transpose8AVX2(&kt[j*tp+i], uintptr(4*tp), &k[i*d+j], uintptr(4*d))
		}
	}
	return rows, cols
}
