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
	k.blocks(most, func(mr int) {
		MOVQ(k.b, k.p)
		MOVQ(k.k, left)
		start(mr)
		k.loop(fmt.Sprint("loop", mr), mr, ks, stepA, stepB, left, body)
		finish(mr)
	})
}

// loop writes the loop over left k's, ks of them a round.
func (k *block) loop(label string, mr, ks, stepA, stepB int, left reg.Register, body func(mr int)) {
	Label(label)
	body(mr)
	step(k.a, stepA)
	if mr > 4 {
		step(k.a4, stepA)
	}
	if stepB > 0 {
		step(k.p, stepB)
	}
	SUBQ(Imm(uint64(ks)), left)
	JNZ(LabelRef(label))
}

// blocks writes the loop over rows. multiply does all k's of mr rows and
// leaves a behind the first of them.
func (k *block) blocks(most int, multiply func(mr int)) {
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
		multiply(mr)
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
	if quantized {
		v.hold(v.r[16:], c127, cInt127) // in place of weights
	}
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
			if v.wide() { // AVX2 leaves the 127 out behind a relu
				VPADDD(v.c(cInt127), z, z)
			}
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
	v.held = map[int]reg.VecPhysical{}
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

// Where a panel of mulAVX2 holds what; see pairs.go of package gemm.
const (
	panelExtras  = 64 // bytes from the end of the weights to the extra groups
	panelCount   = 72 // of extra groups
	panelDepth   = 80
	panelWeights = 128
	extraWeights = 8 // behind the group's place
	extraSize    = 72
)

// mulAVX2 multiplies a panel of 16 columns: groups of 4 k's, 4 bytes of a row
// of a against 16×4 bytes of the panel. VPMADDUBSW adds two products in 16
// bits, and at depth 2 two such sums are added; the panel is made so that none
// of that can saturate.
func mulAVX2(quantized bool) {
	name, out, more := "mulAVX2", "float32", ""
	if quantized {
		name, out, more = "mulReluAVX2", "uint8", ", qa float32"
	}
	v := &ymm
	text(name, fmt.Sprintf(signature, out, more))
	k := newBlock(quantized, 0)
	y := v.r
	left, count := GP64(), GP64()
	weights, ones := y[8:10], y[15]
	// pair adds group at p+disp, against the bytes of a at row(r)
	pair := func(mr, disp int, row func(r int) Mem) {
		VMOVDQU(at(k.p, disp), weights[0])
		VMOVDQU(at(k.p, disp+32), weights[1])
		for r := range mr {
			VPBROADCASTD(row(r), y[10])
			VPMADDUBSW(weights[0], y[10], y[11])
			VPMADDWD(ones, y[11], y[11])
			VPADDD(y[11], y[2*r], y[2*r])
			VPMADDUBSW(weights[1], y[10], y[10])
			VPMADDWD(ones, y[10], y[10])
			VPADDD(y[10], y[2*r+1], y[2*r+1])
		}
	}
	const most = 4
	k.blocks(most, func(mr int) {
		label := func(name string) string { return fmt.Sprint(name, mr) }
		for i := range 2 * mr {
			VMOVDQU(at(k.b, 32*(i%2)), y[i])
		}
		VMOVDQU(v.c(cOnes), ones)
		LEAQ(at(k.b, panelWeights), k.p)
		MOVQ(k.k, left)
		CMPQ(at(k.b, panelDepth), Imm(2))
		JEQ(LabelRef(label("deep")))
		k.loop(label("pairs"), mr, 8, 8, 128, left, func(mr int) {
			for u := range 2 {
				pair(mr, 64*u, func(r int) Mem { return k.row(r, 4*u) })
			}
		})
		JMP(LabelRef(label("extras")))
		Label(label("deep"))
		k.loop(label("fours"), mr, 8, 8, 128, left, func(mr int) {
			VMOVDQU(at(k.p, 0), weights[0])
			VMOVDQU(at(k.p, 32), weights[1])
			for r := range mr {
				VPBROADCASTD(k.row(r, 0), y[10])
				VPBROADCASTD(k.row(r, 4), y[11])
				VPMADDUBSW(weights[0], y[10], y[12])
				VPMADDUBSW(at(k.p, 64), y[11], y[13])
				VPADDW(y[13], y[12], y[12])
				VPMADDWD(ones, y[12], y[12])
				VPADDD(y[12], y[2*r], y[2*r])
				VPMADDUBSW(weights[1], y[10], y[10])
				VPMADDUBSW(at(k.p, 96), y[11], y[11])
				VPADDW(y[11], y[10], y[10])
				VPMADDWD(ones, y[10], y[10])
				VPADDD(y[10], y[2*r+1], y[2*r+1])
			}
		})
		Label(label("extras"))
		MOVQ(at(k.b, panelCount), count)
		TESTQ(count, count)
		JZ(LabelRef(label("finish")))
		ADDQ(at(k.b, panelExtras), k.p)
		Label(label("extra"))
		MOVQ(at(k.p, 0), left)
		ADDQ(k.a, left)
		pair(mr, extraWeights, func(r int) Mem {
			m := k.row(r, 0)
			m.Base = left
			return m
		})
		step(k.p, extraSize)
		DECQ(count)
		JNZ(LabelRef(label("extra")))
		Label(label("finish"))
		v.broadcastArg("unquant", y[12])
		if quantized {
			v.broadcastArg("qa", y[13])
			v.zero(y[14])
		}
		k.finish(v, mr, quantized, func(r int) []reg.VecPhysical { return y[2*r : 2*r+2] }, y[12], y[13], y[14],
			func(i int) Op { return at(k.bias, 32*i) })
	})
}
