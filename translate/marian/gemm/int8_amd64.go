package gemm

// A panel holds this many columns; this many consecutive k's of a column lie
// side by side.
const (
	vnniCols, vnniGroup = 32, 4
	avx2Cols, avx2Group = 16, 2
)

func (c *CPU) pack(p *Int8, row func(j int) []int8) bool {
	if c.path == generic || p.k == 0 || p.k%16 != 0 {
		return false
	}
	cols := vnniCols
	if c.path == avx2 {
		cols = avx2Cols
	}
	p.data = resize(p.data, (p.n+cols-1)/cols*cols*p.k)
	empty := make([]int8, p.k)
	for j := 0; j < len(p.data)/p.k; j++ {
		from := empty
		if j < p.n {
			from = row(j)
		}
		panel := p.data[j/cols*cols*p.k:][:cols*p.k]
		if c.path == avx2 {
			for i, at := 0, j%cols*avx2Group; i < len(from); i, at = i+avx2Group, at+avx2Cols*avx2Group {
				*(*[avx2Group]int8)(panel[at:]) = [avx2Group]int8(from[i:])
			}
		} else {
			for i, at := 0, j%cols*vnniGroup; i < len(from); i, at = i+vnniGroup, at+vnniCols*vnniGroup {
				*(*[vnniGroup]int8)(panel[at:]) = [vnniGroup]int8(from[i:])
			}
		}
	}
	return true
}

// product is one call of Mul or MulReluQuantize.
type product struct {
	p           *Int8
	a           []uint8
	wide        []int16 // a for AVX2
	unquant, qa float32
}

func (p *Int8) mul(dst []float32, quantized []uint8, a []uint8, rows int, unquant float32, bias []float32, qa float32) {
	if rows == 0 {
		return
	}
	x := product{p: p, a: a, unquant: unquant, qa: qa}
	cols := vnniCols
	if p.cpu.path == avx2 {
		cols = avx2Cols
		buf, _ := p.cpu.wide.Get().(*[]int16)
		if buf == nil {
			buf = new([]int16)
		}
		defer p.cpu.wide.Put(buf)
		if cap(*buf) < rows*p.k {
			*buf = make([]int16, rows*p.k)
		}
		x.wide = (*buf)[:rows*p.k]
		widenAVX2(&x.wide[0], &a[0], uintptr(rows*p.k))
	}
	n, whole := p.n, p.n/cols*cols
	for j := 0; j < whole; j += cols {
		if quantized != nil {
			x.bytes(&quantized[j], n, 0, rows, j, &bias[j])
		} else {
			x.floats(&dst[j], n, 0, rows, j, &bias[j])
		}
	}
	if whole == n {
		return
	}
	// the last panel is part empty: its products go through a buffer
	var b [vnniCols]float32
	copy(b[:], bias[whole:n])
	const step = 8
	for i := 0; i < rows; i += step {
		end := min(i+step, rows)
		if quantized != nil {
			var buf [step * vnniCols]uint8
			x.bytes(&buf[0], cols, i, end, whole, &b[0])
			for r := i; r < end; r++ {
				copy(quantized[r*n+whole:r*n+n], buf[(r-i)*cols:])
			}
		} else {
			var buf [step * vnniCols]float32
			x.floats(&buf[0], cols, i, end, whole, &b[0])
			for r := i; r < end; r++ {
				copy(dst[r*n+whole:r*n+n], buf[(r-i)*cols:])
			}
		}
	}
}

// floats multiplies rows from..end by the panel of column j. c has a row
// stride of ldc.
func (x *product) floats(c *float32, ldc, from, end, j int, bias *float32) {
	k := x.p.k
	b, rows := &x.p.data[j*k], uintptr(end-from)
	if x.wide != nil {
		mulAVX2(c, uintptr(ldc), &x.wide[from*k], 2*uintptr(k), rows, b, uintptr(k)/avx2Group, bias, x.unquant)
	} else {
		mulVNNI(c, uintptr(ldc), &x.a[from*k], uintptr(k), rows, b, uintptr(k)/vnniGroup, bias, x.unquant)
	}
}

// bytes is floats with relu and quantisation.
func (x *product) bytes(c *uint8, ldc, from, end, j int, bias *float32) {
	k := x.p.k
	b, rows := &x.p.data[j*k], uintptr(end-from)
	if x.wide != nil {
		mulReluAVX2(c, uintptr(ldc), &x.wide[from*k], 2*uintptr(k), rows, b, uintptr(k)/avx2Group, bias, x.unquant, x.qa)
	} else {
		mulReluVNNI(c, uintptr(ldc), &x.a[from*k], uintptr(k), rows, b, uintptr(k)/vnniGroup, bias, x.unquant, x.qa)
	}
}
