package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// ahead is how many rows a row is asked for before it is needed; ids holds as
// many more.
const ahead = 16

const rowsSignature = "func(dst *float32, a *uint8, w *int8, k uintptr, ids *int32, n uintptr, bias *float32, unquant float32)"

// rowsFrame is what the kernels of both widths share: four rows at a time are
// multiplied by a, many sums are folded at once and leave as floats.
type rowsFrame struct {
	dst, a, w, k, ids, n, bias reg.GPVirtual
	p                          [4]reg.GPVirtual
	i                          reg.GPVirtual
}

func newRowsFrame(name string) *rowsFrame {
	text(name, rowsSignature)
	f := &rowsFrame{dst: arg("dst"), a: arg("a"), w: arg("w"), k: arg("k"), ids: arg("ids"), n: arg("n"), bias: arg("bias"), i: GP64()}
	for i := range f.p {
		f.p[i] = GP64()
	}
	return f
}

// address points p at the rows of ids from the given one on.
func (f *rowsFrame) address(from int) {
	for r, p := range f.p {
		MOVLQSX(at(f.ids, 4*(from+r)), p)
		IMULQ(f.k, p)
		ADDQ(f.w, p)
	}
}

// prefetch asks for the rows that come ahead of the four from the given one on.
// They lie apart, where no processor foresees them.
func (f *rowsFrame) prefetch(from, ahead int, label string) {
	f.address(from + ahead)
	XORQ(f.i, f.i)
	Label(label)
	for _, p := range f.p {
		PREFETCHT0(Mem{Base: p, Index: f.i, Scale: 1})
	}
	step(f.i, 64)
	CMPQ(f.i, f.k)
	JLT(LabelRef(label))
}

// next goes on to the following count rows.
func (f *rowsFrame) next(count int, label string) {
	step(f.ids, 4*count)
	step(f.bias, 4*count)
	step(f.dst, 4*count)
	SUBQ(Imm(uint64(count)), f.n)
	JNZ(LabelRef(label))
	VZEROUPPER()
	RET()
}

// rowsVNNI takes 16 rows a round; k is a multiple of 64.
func rowsVNNI() {
	f := newRowsFrame("rowsVNNI")
	v := &zmm
	z := v.r
	v.broadcastArg("unquant", z[31])
	labels := []string{"rows0", "rows4", "rows8", "rows12"}
	Label("round")
	for g, label := range labels {
		f.prefetch(4*g, ahead, label+"ahead")
		f.address(4 * g)
		acc := z[4*g : 4*g+4]
		for _, r := range acc {
			v.zero(r)
		}
		XORQ(f.i, f.i)
		Label(label)
		VMOVDQU32(Mem{Base: f.a, Index: f.i, Scale: 1}, z[30])
		for r, p := range f.p {
			VPDPBUSD(Mem{Base: p, Index: f.i, Scale: 1}, z[30], acc[r])
		}
		step(f.i, 64)
		CMPQ(f.i, f.k)
		JLT(LabelRef(label))
	}
	// fold: pairs, then fours of rows side by side in every 128 bits, then
	// across the 128 bits
	t := z[16]
	pair := func(low, high func(...Op), a, b reg.VecPhysical) {
		high(b, a, t)
		low(b, a, a)
		VPADDD(t, a, a)
	}
	for i := 0; i < 16; i += 2 {
		pair(func(o ...Op) { VPUNPCKLDQ(o...) }, func(o ...Op) { VPUNPCKHDQ(o...) }, z[i], z[i+1])
	}
	for i := 0; i < 16; i += 4 {
		pair(func(o ...Op) { VPUNPCKLQDQ(o...) }, func(o ...Op) { VPUNPCKHQDQ(o...) }, z[i], z[i+2])
	}
	even := func(o ...Op) { VSHUFI32X4(Imm(0x88), o[0], o[1], o[2]) }
	odd := func(o ...Op) { VSHUFI32X4(Imm(0xdd), o[0], o[1], o[2]) }
	pair(even, odd, z[0], z[4])
	pair(even, odd, z[8], z[12])
	pair(even, odd, z[0], z[8])
	VCVTDQ2PS(z[0], z[0])
	VMULPS(z[31], z[0], z[0])
	VADDPS(at(f.bias, 0), z[0], z[0])
	VMOVUPS(z[0], at(f.dst, 0))
	f.next(16, "round")
}

// rowsAVX2 takes 8 rows a round; k is a multiple of 16.
func rowsAVX2() {
	y := ymm.r
	rows8("rowsAVX2", 16, func(f *rowsFrame, acc []reg.VecPhysical) {
		VPMOVZXBW(Mem{Base: f.a, Index: f.i, Scale: 1}, y[14])
		for r, p := range f.p {
			VPMOVSXBW(Mem{Base: p, Index: f.i, Scale: 1}, y[10+r])
			VPMADDWD(y[14], y[10+r], y[10+r])
			VPADDD(y[10+r], acc[r], acc[r])
		}
	})
}

// rowsPairsAVX2 takes 8 rows a round, whose sums of two products fit 16 bits; k
// is a multiple of 32.
func rowsPairsAVX2() {
	y := ymm.r
	rows8("rowsPairsAVX2", 32, func(f *rowsFrame, acc []reg.VecPhysical) {
		VMOVDQU(Mem{Base: f.a, Index: f.i, Scale: 1}, y[14])
		for r, p := range f.p {
			VPMADDUBSW(Mem{Base: p, Index: f.i, Scale: 1}, y[14], y[9+r])
			VPMADDWD(y[13], y[9+r], y[9+r])
			VPADDD(y[9+r], acc[r], acc[r])
		}
	})
}

// rows8 is a kernel of 8 rows a round. body adds ks products at index f.i of
// four rows to acc; it may use registers from 8 on, of which 13 holds 16-bit
// ones and 15 must stay.
func rows8(name string, ks int, body func(f *rowsFrame, acc []reg.VecPhysical)) {
	f := newRowsFrame(name)
	v := &ymm
	y := v.r
	v.broadcastArg("unquant", y[15])
	VMOVDQU(v.c(cOnes), y[13])
	Label("round")
	for g, label := range []string{"rows0", "rows4"} {
		f.prefetch(4*g, ahead, label+"ahead")
		f.address(4 * g)
		acc := y[4*g : 4*g+4]
		for _, r := range acc {
			v.zero(r)
		}
		XORQ(f.i, f.i)
		Label(label)
		body(f, acc)
		step(f.i, ks)
		CMPQ(f.i, f.k)
		JLT(LabelRef(label))
	}
	for i := 0; i < 8; i += 2 {
		VPHADDD(y[i+1], y[i], y[i])
	}
	for i := 0; i < 8; i += 4 {
		VPHADDD(y[i+2], y[i], y[i])
	}
	VPERM2I128(Imm(0x20), y[4], y[0], y[8])
	VPERM2I128(Imm(0x31), y[4], y[0], y[9])
	VPADDD(y[9], y[8], y[0])
	VCVTDQ2PS(y[0], y[0])
	VMULPS(y[15], y[0], y[0])
	VADDPS(at(f.bias, 0), y[0], y[0])
	VMOVUPS(y[0], at(f.dst, 0))
	f.next(8, "round")
}

// rows takes 4 rows a round; k is a multiple of 16. Bytes of a are signed here,
// 127 less; 127 times the sum of the row is added by a second dot product.
func (g *neon) rows() {
	g.text("rows", []string{"dst *float32", "a *uint8", "w *int8", "k uintptr", "ids *int32", "n uintptr", "bias *float32", "unquant float32"}, nil)
	dst, a, w, k, ids, n, bias, table := g.arg("dst"), g.arg("a"), g.arg("w"), g.arg("k"), g.arg("ids"), g.arg("n"), g.arg("bias"), g.table()
	left, pa := g.reg(), g.reg()
	var p [4]int
	for i := range p {
		p[i] = g.reg()
	}
	const shift, av, wv, tmp, unquant = 31, 16, 17, 18, 30
	g.load(table, 16*nByte127, shift)
	g.broadcastArg("unquant", unquant)
	g.loop(n, 4, func() {
		for r := range p {
			g.line("MOVW.P 4(R%d), R%d", ids, p[r])
			g.line("MADD R%d, R%d, R%d, R%d", k, w, p[r], p[r])
			g.zero(r)
			g.zero(4 + r)
		}
		g.line("MOVD R%d, R%d", a, pa)
		g.line("MOVD R%d, R%d", k, left)
		g.loop(left, 16, func() {
			g.line("FMOVQ.P 16(R%d), F%d", pa, av)
			g.op3(subb, av, av, shift)
			for r := range p {
				g.line("FMOVQ.P 16(R%d), F%d", p[r], wv)
				g.op3(sdot, r, wv, av)
				g.op3(sdot, 4+r, wv, shift)
			}
		})
		for r := range p {
			g.op3(addi, r, r, 4+r)
		}
		g.op3(addpi, 0, 0, 1)
		g.op3(addpi, 2, 2, 3)
		g.op3(addpi, 0, 0, 2)
		g.op2(scvtf, 0, 0)
		g.op3(fmul, 0, 0, unquant)
		g.load(bias, 0, tmp)
		g.op3(fadd, 0, 0, tmp)
		g.store(0, dst, 0)
		g.add(16, bias)
		g.add(16, dst)
	})
	g.ret()
}
