package gemm

import "encoding/binary"

// scratch is memory that a product needs while it runs.
type scratch struct {
	words  []int64 // plain Go: the columns at work
	keys   []float32
	floats [edgeRows * maxCols]float32
	bytes  [edgeRows * maxCols]uint8
	bias   [maxCols]float32
}

// A panel that is not full is multiplied edgeRows rows at a time, through a
// buffer.
const (
	edgeRows = 8
	maxCols  = 32
)

func (c *CPU) getScratch() *scratch {
	if s, ok := c.scratch.Get().(*scratch); ok {
		return s
	}
	return new(scratch)
}

// panelSize is the number of bytes of a panel.
func (p *Int8) panelSize() int {
	size := p.cpu.cols * p.k
	switch {
	case p.cpu.pairs:
		size += panelWeights
	case p.cpu.sums:
		size += 4 * p.cpu.cols
	}
	return size
}

// pack writes the columns row(0..n-1) as panels, the last filled up with zeros.
func (p *Int8) pack(row func(j int) []int8) {
	if p.cpu.pairs {
		p.packPairs(row)
		return
	}
	cols, size := p.cpu.cols, p.panelSize()
	panels := (p.n + cols - 1) / cols
	p.data = resize(p.data, panels*size)
	zeros := make([]int8, p.k)
	for j := range panels * cols {
		from := zeros
		if j < p.n {
			from = row(j)
		}
		panel := p.data[j/cols*size:][:size]
		if p.cpu.sums {
			putSum(panel[j%cols*4:], from)
			panel = panel[4*cols:]
		}
		at := j % cols * 4
		for i := 0; i < len(from); i += 4 {
			*(*[4]int8)(panel[at:]) = [4]int8(from[i:])
			at += cols * 4
		}
	}
}

// putSum writes 127 times the sum of a column, which a kernel that takes
// activations as signed bytes adds.
func putSum(dst, column []int8) {
	var sum int32
	for _, w := range column {
		sum += int32(w)
	}
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], uint32(127*sum))
	for i, v := range b {
		dst[i] = int8(v)
	}
}

// mulPanels multiplies by assembly, into dst or, unless it is nil, into
// quantized.
func (p *Int8) mulPanels(dst []float32, quantized []uint8, a []uint8, rows int, unquant float32, bias []float32, qa float32) {
	if rows == 0 || p.n == 0 {
		return
	}
	cols, whole := p.cpu.cols, p.n/p.cpu.cols*p.cpu.cols
	var s *scratch
	if whole < p.n {
		s = p.cpu.getScratch()
		defer p.cpu.scratch.Put(s)
	}
	mul := func(c *float32, q *uint8, ldc, from, end, j int, bias *float32) {
		b := &p.data[j/cols*p.panelSize()]
		if q != nil {
			p.cpu.mulRelu(q, uintptr(ldc), &a[from*p.k], uintptr(end-from), b, uintptr(p.k), bias, unquant, qa)
		} else {
			p.cpu.mul(c, uintptr(ldc), &a[from*p.k], uintptr(end-from), b, uintptr(p.k), bias, unquant)
		}
	}
	for j := 0; j < whole; j += cols {
		if quantized != nil {
			mul(nil, &quantized[j], p.n, 0, rows, j, &bias[j])
		} else {
			mul(&dst[j], nil, p.n, 0, rows, j, &bias[j])
		}
	}
	if whole == p.n {
		return
	}
	clear(s.bias[copy(s.bias[:], bias[whole:p.n]):])
	for i := 0; i < rows; i += edgeRows {
		end := min(i+edgeRows, rows)
		if quantized != nil {
			mul(nil, &s.bytes[0], cols, i, end, whole, &s.bias[0])
		} else {
			mul(&s.floats[0], nil, cols, i, end, whole, &s.bias[0])
		}
		for r := i; r < end; r++ {
			if quantized != nil {
				copy(quantized[r*p.n+whole:r*p.n+p.n], s.bytes[(r-i)*cols:])
			} else {
				copy(dst[r*p.n+whole:r*p.n+p.n], s.floats[(r-i)*cols:])
			}
		}
	}
}
