package main

import "math"

// The NEON kernels do what those in int8.go, vector.go and attend.go do, four
// floats a register, so that 16 partial sums take four.

// Constants, in units of 16 bytes.
const (
	nExpMin = iota
	nExpMax
	nLog2e
	nRound
	nLn2Hi
	nLn2Lo
	nExp0
	nExp1
	nExp2
	nExp3
	nExp4
	nExp5
	nOne
	n127
	nMinus127
	nInt127
	nByte127
	nLowest
	nEps
	nMask    // 16 times all bits, then 16 times none
	nOutside = nMask + 8
)

func neonKernels(asm, stubs string) error {
	g := new(neon)
	var t []uint32
	put := func(v uint32, times int) {
		for range times {
			t = append(t, v)
		}
	}
	for _, f := range []float32{-87.3, 87.3, 1.44269504, 12582912, 0.693359375, -2.12194440e-4,
		1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
		1, 127, -127} {
		put(math.Float32bits(f), 4)
	}
	put(127, 4)
	put(0x7f7f7f7f, 4)
	put(math.Float32bits(-math.MaxFloat32), 4)
	put(math.Float32bits(1e-6), 4)
	put(^uint32(0), 16)
	put(0, 16)
	put(0, 16)
	put(math.Float32bits(-math.MaxFloat32), 16)
	g.constants(t)

	g.mulInt8(false)
	g.mulInt8(true)
	g.rows()
	g.floatMul()
	g.quantize()
	g.embed()
	g.addNorm()
	g.ssru()
	g.maximum()
	g.sumExp()
	g.attend(1)
	g.attend(4)
	g.transpose()
	return g.write(asm, stubs)
}
