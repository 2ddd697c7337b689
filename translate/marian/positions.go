package marian

import "math"

// positions is the table of sinusoid position encodings, rows×dim: sines in
// the first half of a row, cosines in the second, with the divisor dim/2-1
// (Marian's sinusoidalPositionEmbeddings). Its arithmetic is written out, each
// product rounded on its own, so that every processor gets the same bits.
func positions(rows, dim int) []float32 {
	table := make([]float32, rows*dim)
	half := dim / 2
	step := float32(0)
	if half > 1 {
		step = float32(9.210340371976184) / float32(half-1) // ln 10000
	}
	for j := range half {
		rate := float32(expNegative(-float64(float32(step * float32(j)))))
		for p := range rows {
			sin, cos := sinCos(float64(float32(float32(p) * rate)))
			table[p*dim+j], table[p*dim+half+j] = float32(sin), float32(cos)
		}
	}
	return table
}

// expNegative is e^x for -10 <= x <= 0: (e^(x/1024))^1024.
func expNegative(x float64) float64 {
	x /= 1024
	sum, term := 1.0, 1.0
	for n := 1; n < 12; n++ {
		term = float64(term*x) / float64(n)
		sum += term
	}
	for range 10 {
		sum = float64(sum * sum)
	}
	return sum
}

// sinCos is the sine and cosine of a small angle, 0 <= x < 1e5.
func sinCos(x float64) (sin, cos float64) {
	const (
		head = 1.57079632673412561417e+00 // the first 33 bits of pi/2
		tail = 6.07710050650619224932e-11 // pi/2 - head
	)
	quarters := math.Floor(float64(x*0.6366197723675814) + 0.5)
	r := x - float64(quarters*head)
	r -= float64(quarters * tail)
	square := float64(r * r)
	s, c := r, 1.0
	term := r
	for n := 3; n < 20; n += 2 {
		term = -float64(term*square) / float64(n*(n-1))
		s += term
	}
	term = 1
	for n := 2; n < 20; n += 2 {
		term = -float64(term*square) / float64(n*(n-1))
		c += term
	}
	switch int64(quarters) & 3 {
	case 1:
		return c, -s
	case 2:
		return -s, -c
	case 3:
		return -c, s
	}
	return s, c
}
