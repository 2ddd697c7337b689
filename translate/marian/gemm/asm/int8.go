package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// block is the frame of a product of one panel of columns with all rows: it
// takes most rows at a time, then the rest at once.
type block struct {
	a, lda, b, k, c, ldc, bias, rows reg.GPVirtual
	lda3, a4, p                      reg.GPVirtual
}

const signature = "func(c *%s, ldc uintptr, a *uint8, rows uintptr, b *int8, k uintptr, bias *float32, unquant float32%s)"

// newBlock loads the arguments; a has 1<<shift bytes an element.
func newBlock(quantized bool, shift uint64) *block {
	k := &block{a: arg("a"), b: arg("b"), k: arg("k"), c: arg("c"), ldc: arg("ldc"), bias: arg("bias"), rows: arg("rows")}
	k.strides(shift)
	if !quantized {
		SHLQ(Imm(2), k.ldc)
	}
	return k
}

// strides computes multiples of the row stride of a.
func (k *block) strides(shift uint64) {
	k.lda, k.lda3, k.a4, k.p = GP64(), GP64(), GP64(), GP64()
	MOVQ(k.k, k.lda)
	if shift > 0 {
		SHLQ(Imm(shift), k.lda)
	}
	LEAQ(Mem{Base: k.lda, Index: k.lda, Scale: 2}, k.lda3)
}

// row is the address of bytes off of row r of the block.
func (k *block) row(r, off int) Mem {
	m := Mem{Base: k.a, Disp: off}
	if r >= 4 {
		m.Base = k.a4
	}
	switch r % 4 {
	case 1:
		m.Index, m.Scale = k.lda, 1
	case 2:
		m.Index, m.Scale = k.lda, 2
	case 3:
		m.Index, m.Scale = k.lda3, 1
	}
	return m
}

// run writes the loops over rows and k. body multiplies ks k's of mr rows,
// which are stepA bytes of a row and stepB bytes of the panel.
func (k *block) run(most, ks, stepA, stepB int, start, body func(mr int), finish func(mr int)) {
	left := GP64()
	Label("next")
	for mr := most - 1; mr > 0; mr-- {
		CMPQ(k.rows, Imm(uint64(mr)))
		JEQ(LabelRef(fmt.Sprint("rows", mr)))
	}
	JL(LabelRef("done"))
	for mr := most; mr > 0; mr-- {
		if mr < most {
			Label(fmt.Sprint("rows", mr))
		}
		if mr > 4 {
			LEAQ(Mem{Base: k.a, Index: k.lda, Scale: 4}, k.a4)
		}
		MOVQ(k.b, k.p)
		MOVQ(k.k, left)
		start(mr)
		loop := fmt.Sprint("loop", mr)
		Label(loop)
		body(mr)
		step(k.a, stepA)
		if mr > 4 {
			step(k.a4, stepA)
		}
		if stepB > 0 {
			step(k.p, stepB)
		}
		SUBQ(Imm(uint64(ks)), left)
		JNZ(LabelRef(loop))
		finish(mr)
		if mr == most {
			// a has moved along one row: go to the row after the block
			for range mr - 1 {
				ADDQ(k.lda, k.a)
			}
			SUBQ(Imm(uint64(mr)), k.rows)
			JMP(LabelRef("next"))
		} else if mr > 1 {
			JMP(LabelRef("done"))
		}
	}
	Label("done")
	VZEROUPPER()
	RET()
}

// finish converts the sums of a block, scales them, adds the bias and stores
// them as floats or, after relu, as bytes. acc gives the registers of row r,
// as many as hold cols columns; the constants lie in unquant, qa and bias.
func (k *block) finish(v *vec, mr int, quantized bool, acc func(r int) []reg.VecPhysical, unquant, qa, zero reg.VecPhysical, bias func(i int) Op) {
	for r := range mr {
		rs := acc(r)
		for i, z := range rs {
			VCVTDQ2PS(z, z)
			VMULPS(unquant, z, z)
			VADDPS(bias(i), z, z)
			if !quantized {
				VMOVUPS(z, at(k.c, v.bytes()*i))
				continue
			}
			VMAXPS(zero, z, z)
			VMULPS(qa, z, z)
			VMINPS(v.c(c127), z, z)
			VCVTPS2DQ(z, z)
			VPADDD(v.c(cInt127), z, z)
		}
		if quantized {
			for i := 0; i < len(rs); i += v.parts {
				v.storeBytes(rs[i:i+v.parts], at(k.c, 16*(i/v.parts)))
			}
		}
		ADDQ(k.ldc, k.c)
	}
}

// mulVNNI multiplies a panel of 32 columns: groups of 4 k's, 4 bytes of a row
// of a against 32×4 bytes of the panel.
func mulVNNI(quantized bool) {
	name, out, more := "mulVNNI", "float32", ""
	if quantized {
		name, out, more = "mulReluVNNI", "uint8", ", qa float32"
	}
	v := &zmm
	text(name, fmt.Sprintf(signature, out, more))
	k := newBlock(quantized, 0)
	z := v.r
	v.broadcastArg("unquant", z[29])
	VMOVUPS(at(k.bias, 0), z[30])
	VMOVUPS(at(k.bias, 64), z[31])
	if quantized {
		v.broadcastArg("qa", z[28])
		v.zero(z[27])
	}
	start := func(mr int) {
		for i := range 2 * mr {
			v.zero(z[i])
		}
	}
	const unroll = 4
	body := func(mr int) {
		for u := range unroll {
			VMOVDQU32(at(k.p, 128*u), z[16])
			VMOVDQU32(at(k.p, 128*u+64), z[17])
			for r := range mr {
				a := z[18+r]
				VPBROADCASTD(k.row(r, 4*u), a)
				VPDPBUSD(z[16], a, z[2*r])
				VPDPBUSD(z[17], a, z[2*r+1])
			}
		}
	}
	k.run(8, 4*unroll, 4*unroll, 128*unroll, start, body, func(mr int) {
		k.finish(v, mr, quantized, func(r int) []reg.VecPhysical { return z[2*r : 2*r+2] }, z[29], z[28], z[27],
			func(i int) Op { return z[30+i] })
	})
}

// widen turns bytes into 16-bit integers, which VPMADDWD takes. n is a
// multiple of 16.
func widen() {
	text("widenAVX2", "func(dst, src *uint8, n uintptr)")
	d, s, n := arg("dst"), arg("src"), arg("n")
	Label("loop")
	VPMOVZXBW(at(s, 0), reg.Y0)
	VMOVDQU(reg.Y0, at(d, 0))
	step(s, 16)
	step(d, 32)
	SUBQ(Imm(16), n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// mulAVX2 multiplies a panel of 16 columns: groups of 2 k's, two 16-bit
// integers of a row of a against 16×2 bytes of the panel. Unlike VPMADDUBSW,
// VPMADDWD cannot saturate here.
func mulAVX2(quantized bool) {
	name, out, more := "mulAVX2", "float32", ""
	if quantized {
		name, out, more = "mulReluAVX2", "uint8", ", qa float32"
	}
	v := &ymm
	text(name, fmt.Sprintf(signature, out, more))
	k := newBlock(quantized, 1)
	y := v.r
	start := func(mr int) {
		for i := range 2 * mr {
			v.zero(y[i])
		}
	}
	const unroll = 4
	body := func(mr int) {
		for u := range unroll {
			VPMOVSXBW(at(k.p, 32*u), y[12])
			VPMOVSXBW(at(k.p, 32*u+16), y[13])
			for r := range mr {
				VPBROADCASTD(k.row(r, 4*u), y[14])
				VPMADDWD(y[12], y[14], y[15])
				VPADDD(y[15], y[2*r], y[2*r])
				VPMADDWD(y[13], y[14], y[14])
				VPADDD(y[14], y[2*r+1], y[2*r+1])
			}
		}
	}
	k.run(6, 2*unroll, 4*unroll, 32*unroll, start, body, func(mr int) {
		v.broadcastArg("unquant", y[12])
		if quantized {
			v.broadcastArg("qa", y[13])
			v.zero(y[14])
		}
		k.finish(v, mr, quantized, func(r int) []reg.VecPhysical { return y[2*r : 2*r+2] }, y[12], y[13], y[14],
			func(i int) Op { return at(k.bias, 32*i) })
	})
}
