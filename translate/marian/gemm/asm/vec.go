package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vec is a width of vector registers.
type vec struct {
	suffix string
	floats int // in one register
	parts  int // registers that hold the 16 partial sums of a folded sum
	r      []reg.VecPhysical
	consts Mem
	held   map[int]reg.VecPhysical // constants that the kernel at work has in registers
}

var (
	ymm = vec{suffix: "AVX2", floats: 8, parts: 2, r: []reg.VecPhysical{
		reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
		reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15}}
	zmm = vec{suffix: "AVX512", floats: 16, parts: 1, r: []reg.VecPhysical{
		reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7,
		reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
		reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23,
		reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31}}
)

func (v *vec) wide() bool { return v.floats == 16 }

// bytes is the size of one register.
func (v *vec) bytes() int { return 4 * v.floats }

func (v *vec) text(name, signature string) {
	text(name+v.suffix, signature)
	v.held = map[int]reg.VecPhysical{}
}

func (v *vec) zero(r reg.VecPhysical) {
	if v.wide() {
		VPXORD(r, r, r)
	} else {
		VXORPS(r, r, r)
	}
}

// broadcastArg fills r with a float32 argument.
func (v *vec) broadcastArg(name string, r reg.VecPhysical) {
	c, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSS(c.Addr, r)
}

// Offsets into the constants, in bytes; each constant fills 64 bytes.
const (
	cExpMin = iota * 64
	cExpMax
	cLog2e
	cRound
	cLn2Hi
	cLn2Lo
	cExp0
	cExp1
	cExp2
	cExp3
	cExp4
	cExp5
	cOne
	c127
	cMinus127
	cInt127
	cLowest
	cEps
	cMask    // 16 times all bits, then 16 times none
	_        // the second half of it
	cOutside // 16 times zero, then 16 times the lowest float32
	_
	cOnes // 16-bit ones
)

// constants writes the table, whose numbers are those of vector.go.
func constants() Mem {
	m := GLOBL("constants", RODATA|NOPTR)
	at := 0
	put := func(bits uint32, times int) {
		for range times {
			DATA(at, U32(bits))
			at += 4
		}
	}
	for _, f := range []float32{-87.3, 87.3, 1.44269504, 12582912, 0.693359375, -2.12194440e-4,
		1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
		1, 127, -127} {
		put(math.Float32bits(f), 16)
	}
	put(127, 16)
	put(math.Float32bits(-math.MaxFloat32), 16)
	put(math.Float32bits(1e-6), 16)
	put(^uint32(0), 16)
	put(0, 16)
	put(0, 16)
	put(math.Float32bits(-math.MaxFloat32), 16)
	put(0x00010001, 16)
	return m
}

func (v *vec) c(offset int) Op {
	if r, ok := v.held[offset]; ok {
		return r
	}
	return v.consts.Offset(offset)
}

// hold keeps constants in registers from r[0] on. Only the wider registers are
// enough for that, and need it: the linker aligns the table to 32 bytes, so that
// each read of 64 may take two lines.
func (v *vec) hold(r []reg.VecPhysical, constants ...int) {
	for i, c := range constants {
		if v.wide() {
			VBROADCASTSS(v.consts.Offset(c), r[i])
			v.held[c] = r[i]
		}
	}
}

// What exp and quantizeReg read.
var (
	ofExp      = []int{cExpMin, cExpMax, cLog2e, cRound, cLn2Hi, cLn2Lo, cExp0, cExp1, cExp2, cExp3, cExp4, cExp5, cOne}
	ofQuantize = []int{c127, cMinus127, cInt127}
)

// half returns the lower part of a register: of a zmm its ymm, of a ymm its xmm.
func half(r reg.VecPhysical) reg.VecPhysical {
	if r.Size() == 64 {
		return r.AsY().(reg.VecPhysical)
	}
	return r.AsX().(reg.VecPhysical)
}

// fold reduces the 16 partial results in rs (one zmm, or two ymm) in the order
// of plain Go's fold and leaves the result in every element of rs[0].
func (v *vec) fold(op func(...Op), rs []reg.VecPhysical, tmp reg.VecPhysical) {
	r := rs[0]
	if v.wide() {
		VEXTRACTF64X4(Imm(1), r, half(tmp))
		op(half(tmp), half(r), half(r))
	} else {
		op(rs[1], r, r)
	}
	y, ty := r, tmp
	if v.wide() {
		y, ty = half(r), half(tmp)
	}
	x, tx := half(y), half(ty)
	VEXTRACTF128(Imm(1), y, tx)
	op(tx, x, x)
	VPERMILPS(Imm(0x4e), x, tx)
	op(tx, x, x)
	VPERMILPS(Imm(0xb1), x, tx)
	op(tx, x, x)
	VBROADCASTSS(x, r)
}

func add(ops ...Op)  { VADDPS(ops...) }
func most(ops ...Op) { VMAXPS(ops...) }

// exp replaces x by exp(x). The argument is clamped from below; from above
// only if it may be positive. n, t and y are scratch.
func (v *vec) exp(x, n, t, y reg.VecPhysical, positive bool) {
	VMAXPS(v.c(cExpMin), x, x)
	if positive {
		VMINPS(v.c(cExpMax), x, x)
	}
	VMULPS(v.c(cLog2e), x, t)
	VADDPS(v.c(cRound), t, t)
	VSUBPS(v.c(cRound), t, n)
	VMULPS(v.c(cLn2Hi), n, y)
	VSUBPS(y, x, x)
	VMULPS(v.c(cLn2Lo), n, y)
	VSUBPS(y, x, x)
	VMULPS(v.c(cExp0), x, y)
	for _, c := range []int{cExp1, cExp2, cExp3, cExp4} {
		VADDPS(v.c(c), y, y)
		VMULPS(x, y, y)
	}
	VADDPS(v.c(cExp5), y, y)
	VMULPS(x, x, n)
	VMULPS(n, y, y)
	VADDPS(x, y, y)
	VADDPS(v.c(cOne), y, y)
	VPSLLD(Imm(23), t, t)
	VPADDD(t, y, x)
}

// quantizeReg turns the floats in r, already multiplied, into integers 0..254.
func (v *vec) quantizeReg(r reg.VecPhysical) {
	VMAXPS(v.c(cMinus127), r, r)
	VMINPS(v.c(c127), r, r)
	VCVTPS2DQ(r, r)
	VPADDD(v.c(cInt127), r, r)
}

// storeBytes writes the integers in rs (16 in one zmm, or two ymm) as bytes.
// It destroys rs.
func (v *vec) storeBytes(rs []reg.VecPhysical, m Mem) {
	if v.wide() {
		VPMOVDB(rs[0], m)
		return
	}
	VPACKSSDW(rs[1], rs[0], rs[0])
	VPERMQ(Imm(0xd8), rs[0], rs[0])
	VEXTRACTI128(Imm(1), rs[0], half(rs[1]))
	VPACKUSWB(half(rs[1]), half(rs[0]), half(rs[0]))
	VMOVDQU(half(rs[0]), m)
}
