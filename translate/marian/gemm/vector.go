package gemm

import "math"

func bits(x float32) uint32 { return math.Float32bits(x) }

// layerEps is Marian's epsilon inside the root of layer normalisation.
const layerEps = 1e-6

// Embed writes q*scale + pos: an embedding row of int8 weights and the
// position added to it.
func (c *CPU) Embed(dst []float32, q []int8, pos []float32, scale float32) {
	n := len(q)
	check("dst", len(dst), n)
	check("pos", len(pos), n)
	done := c.whole(n)
	if done > 0 {
		c.embed(&dst[0], &q[0], &pos[0], uintptr(done), scale)
	}
	for i := done; i < n; i++ {
		dst[i] = float32(float32(q[i])*scale) + pos[i]
	}
}

// AddNorm adds y to x (rows×D, where D is len(scale)) and normalises each row
// of the sum in place: (x-mean)/sqrt(var+1e-6)*scale + bias, with the biased
// variance.
func (c *CPU) AddNorm(x, y, scale, bias []float32, rows int) {
	c.AddNormQuantize(nil, x, y, scale, bias, rows, 0)
}

// AddNormQuantize is [CPU.AddNorm] followed by [CPU.Quantize] of x into q,
// which may be nil.
func (c *CPU) AddNormQuantize(q []uint8, x, y, scale, bias []float32, rows int, qa float32) {
	d := len(scale)
	check("x", len(x), rows*d)
	check("y", len(y), rows*d)
	check("bias", len(bias), d)
	if q != nil {
		check("q", len(q), rows*d)
	}
	asm := d > 0 && c.whole(d) == d
	rn := 1 / float32(d)
	for i := 0; i < rows; i++ {
		if asm {
			var to *uint8
			if q != nil {
				to = &q[i*d]
			}
			kernel := c.addNorm
			if c.addNorm4 != nil && i+4 <= rows {
				kernel = c.addNorm4
			}
			kernel(to, &x[i*d], &y[i*d], &scale[0], &bias[0], uintptr(d), rn, qa)
			if c.addNorm4 != nil && i+4 <= rows {
				i += 3
			}
			continue
		}
		row := x[i*d : i*d+d]
		addNorm(row, y[i*d:i*d+d], scale, bias)
		if q != nil {
			for j, v := range row {
				q[i*d+j] = quantize(v, qa)
			}
		}
	}
}

func addNorm(x, y, scale, bias []float32) {
	var l [lanes]float32
	for i := range x {
		x[i] += y[i]
		l[i%lanes] += x[i]
	}
	rn := 1 / float32(len(x))
	mean := float32(fold(&l) * rn)
	l = [lanes]float32{}
	for i := range x {
		x[i] -= mean
		l[i%lanes] += float32(x[i] * x[i])
	}
	inv := 1 / float32(math.Sqrt(float64(float32(fold(&l)*rn)+layerEps)))
	for i, v := range x {
		x[i] = float32(float32(v*inv)*scale[i]) + bias[i]
	}
}

// SSRU steps the recurrent cell: f = sigmoid(f),
// cell = f*cell + (1-f)*x, h = max(0, cell). All four have one length; cell is
// updated in place and h may be x or f.
func (c *CPU) SSRU(cell, x, f, h []float32) {
	n := len(cell)
	check("x", len(x), n)
	check("f", len(f), n)
	check("h", len(h), n)
	done := c.whole(n)
	if done > 0 {
		c.ssru(&cell[0], &x[0], &f[0], &h[0], uintptr(done))
	}
	for i := done; i < n; i++ {
		s := 1 / (1 + exp(-f[i]))
		cell[i] = float32(s*(cell[i]-x[i])) + x[i]
		h[i] = max(0, cell[i])
	}
}

// Argmax returns the index of the largest element, the lowest where several
// are equal, and the element. x must not be empty.
func (c *CPU) Argmax(x []float32) (int, float32) {
	best, n := 0, c.whole(len(x))
	if n > 0 {
		best = int(c.maximum(&x[0], uintptr(n)))
		if best >= n { // x holds NaN
			best, n = 0, 0
		}
	}
	for i := n; i < len(x); i++ {
		if x[i] > x[best] {
			best = i
		}
	}
	return best, x[best]
}

// LogSumExp returns log(sum(exp(x))), and the index that [CPU.Argmax] gives. x
// must not be empty.
func (c *CPU) LogSumExp(x []float32) (top int, sum float32) {
	top, m := c.Argmax(x)
	var sums [lanes]float32
	n := c.whole(len(x))
	if n > 0 {
		c.sumExp(&sums[0], &x[0], uintptr(n), m)
	}
	for i := n; i < len(x); i++ {
		sums[i%lanes] += exp(x[i] - m)
	}
	return top, m + logf(fold(&sums))
}

// Softmax replaces x by exp(x)/sum(exp(x)).
func (c *CPU) Softmax(x []float32) {
	softmax(x)
}

func softmax(x []float32) {
	m := x[0]
	for _, v := range x {
		m = max(m, v)
	}
	var l [lanes]float32
	for i, v := range x {
		x[i] = exp(v - m)
		l[i%lanes] += x[i]
	}
	inv := 1 / fold(&l)
	for i := range x {
		x[i] *= inv
	}
}

// Constants of exp: the argument is clamped to ±expMax, where the result and
// its reciprocal are normal numbers; log2(e); ln 2 in two parts, the first
// exact in few bits; coefficients after Cephes' expf.
const (
	expMax = 87.3
	log2e  = 1.44269504
	ln2Hi  = 0.693359375
	ln2Lo  = -2.12194440e-4
	expC0  = 1.9875691500e-4
	expC1  = 1.3981999507e-3
	expC2  = 8.3334519073e-3
	expC3  = 4.1665795894e-2
	expC4  = 1.6666665459e-1
	expC5  = 5.0000001201e-1
	round  = 12582912 // 1.5*2^23: x+round-round is x rounded to an integer
)

// exp returns e to the power of x clamped to ±expMax.
func exp(x float32) float32 {
	x = min(max(x, -expMax), expMax)
	t := float32(x*log2e) + round
	n := t - round
	r := x - float32(n*ln2Hi)
	r -= float32(n * ln2Lo)
	y := float32(r*expC0) + expC1
	y = float32(y*r) + expC2
	y = float32(y*r) + expC3
	y = float32(y*r) + expC4
	y = float32(y*r) + expC5
	y = float32(y*float32(r*r)) + r
	y += 1
	return math.Float32frombits(bits(y) + bits(t)<<23)
}

// logf returns the natural logarithm of a positive normal number, after
// Cephes' logf.
func logf(x float32) float32 {
	b := bits(x)
	e := float32(int32(b>>23) - 126)
	x = math.Float32frombits(b&0x7fffff | 0x3f000000) // in [0.5, 1)
	if x < 0.70710678 {
		e--
		x += x
	}
	x--
	z := float32(x * x)
	y := float32(x*7.0376836292e-2) - 1.1514610310e-1
	y = float32(y*x) + 1.1676998740e-1
	y = float32(y*x) - 1.2420140846e-1
	y = float32(y*x) + 1.4249322787e-1
	y = float32(y*x) - 1.6668057665e-1
	y = float32(y*x) + 2.0000714765e-1
	y = float32(y*x) - 2.4999993993e-1
	y = float32(y*x) + 3.3333331174e-1
	y = float32(float32(y*x) * z)
	y += float32(e * ln2Lo)
	y -= float32(z * 0.5)
	return x + y + float32(e*ln2Hi)
}
