package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// In this file n, a number of elements, is a positive multiple of 16.

func quantize(v *vec) {
	v.text("quantize", "func(dst *uint8, x *float32, n uintptr, qa float32)")
	d, x, n := arg("dst"), arg("x"), arg("n")
	rs, qa := v.r[:v.parts], v.r[4]
	v.broadcastArg("qa", qa)
	v.hold(v.r[16:], ofQuantize...)
	Label("loop")
	for i, r := range rs {
		VMULPS(at(x, v.bytes()*i), qa, r)
		v.quantizeReg(r)
	}
	v.storeBytes(rs, at(d, 0))
	step(x, 64)
	step(d, 16)
	SUBQ(Imm(16), n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

func embed(v *vec) {
	v.text("embed", "func(dst *float32, q *int8, pos *float32, n uintptr, scale float32)")
	d, q, pos, n := arg("dst"), arg("q"), arg("pos"), arg("n")
	scale := v.r[4]
	v.broadcastArg("scale", scale)
	Label("loop")
	for i, r := range v.r[:v.parts] {
		VPMOVSXBD(at(q, v.floats*i), r)
		VCVTDQ2PS(r, r)
		VMULPS(scale, r, r)
		VADDPS(at(pos, v.bytes()*i), r, r)
		VMOVUPS(r, at(d, v.bytes()*i))
	}
	step(q, 16)
	step(pos, 64)
	step(d, 64)
	SUBQ(Imm(16), n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// addNorm treats one row; q may be nil.
func addNorm(v *vec) {
	v.text("addNorm", "func(q *uint8, x, y, scale, bias *float32, n uintptr, rn, qa float32)")
	x, y, scale, bias, n := arg("x"), arg("y"), arg("scale"), arg("bias"), arg("n")
	i := GP64()
	sum, rs, tmp := v.r[0:v.parts], v.r[2:2+v.parts], v.r[4]
	mean, rn, inv, qa := v.r[5], v.r[6], v.r[7], v.r[8]
	v.broadcastArg("rn", rn)
	v.broadcastArg("qa", qa)
	v.hold(v.r[16:], ofQuantize...)
	loop := func(label string, body func(p, disp int)) {
		XORQ(i, i)
		Label(label)
		for p := range v.parts {
			body(p, v.bytes()*p)
		}
		ADDQ(Imm(16), i)
		CMPQ(i, n)
		JLT(LabelRef(label))
	}
	clear := func() {
		for _, r := range sum {
			v.zero(r)
		}
	}
	clear()
	loop("sum", func(p, disp int) {
		VMOVUPS(elem(x, i, disp), rs[p])
		VADDPS(elem(y, i, disp), rs[p], rs[p])
		VMOVUPS(rs[p], elem(x, i, disp))
		VADDPS(rs[p], sum[p], sum[p])
	})
	v.fold(add, sum, tmp)
	VMULPS(rn, sum[0], mean)
	clear()
	loop("variance", func(p, disp int) {
		VMOVUPS(elem(x, i, disp), rs[p])
		VSUBPS(mean, rs[p], rs[p])
		VMULPS(rs[p], rs[p], rs[p])
		VADDPS(rs[p], sum[p], sum[p])
	})
	v.fold(add, sum, tmp)
	VMULPS(rn, sum[0], sum[0])
	VADDPS(v.c(cEps), sum[0], sum[0])
	VSQRTPS(sum[0], sum[0])
	VMOVUPS(v.c(cOne), inv)
	VDIVPS(sum[0], inv, inv)
	scaled := func(p, disp int) {
		VMOVUPS(elem(x, i, disp), rs[p])
		VSUBPS(mean, rs[p], rs[p])
		VMULPS(inv, rs[p], rs[p])
		VMULPS(elem(scale, i, disp), rs[p], rs[p])
		VADDPS(elem(bias, i, disp), rs[p], rs[p])
		VMOVUPS(rs[p], elem(x, i, disp))
	}
	q := arg("q")
	TESTQ(q, q)
	JZ(LabelRef("plain"))
	loop("quantized", func(p, disp int) {
		scaled(p, disp)
		VMULPS(qa, rs[p], rs[p])
		v.quantizeReg(rs[p])
		if p == v.parts-1 {
			v.storeBytes(rs, Mem{Base: q, Index: i, Scale: 1})
		}
	})
	VZEROUPPER()
	RET()
	Label("plain")
	loop("float", scaled)
	VZEROUPPER()
	RET()
}

// addNorm4 treats four rows side by side, so that none waits for itself. rows
// of q, x and y are n elements long; q may be nil.
func addNorm4(v *vec) {
	v.text("addNorm4", "func(q *uint8, x, y, scale, bias *float32, n uintptr, rn, qa float32)")
	n, bytes, left := arg("n"), GP64(), GP64()
	MOVQ(n, bytes)
	SHLQ(Imm(2), bytes)
	x, y := newRows(GP64(), bytes), GP64()
	// over goes through the four rows, 16 columns at a time
	over := func(label string, body func()) {
		Load(Param("x"), x.first)
		MOVQ(n, left)
		Label(label)
		body()
		step(x.first, 64)
		SUBQ(Imm(16), left)
		JNZ(LabelRef(label))
	}
	each := func(body func(row, disp int, sum reg.VecPhysical, m Mem)) {
		for r := range 4 {
			for p := range v.parts {
				disp := v.bytes() * p
				body(r, disp, v.r[v.parts*r+p], x.at(x.first, r, disp))
			}
		}
	}
	mean, inv := v.r[8:12], v.r[12:16]
	t, u := v.r[12], v.r[13]
	clear := func() {
		for _, r := range v.r[:4*v.parts] {
			v.zero(r)
		}
	}
	clear()
	Load(Param("y"), y)
	over("sum", func() {
		each(func(r, disp int, sum reg.VecPhysical, m Mem) {
			VMOVUPS(m, t)
			VADDPS(x.at(y, r, disp), t, t)
			VMOVUPS(t, m)
			VADDPS(t, sum, sum)
		})
		step(y, 64)
	})
	v.fold4(add, mean)
	v.broadcastArg("rn", t)
	VMULPS(t, mean[0], mean[0])
	v.spread4(mean)
	clear()
	over("variance", func() {
		each(func(r, disp int, sum reg.VecPhysical, m Mem) {
			VMOVUPS(m, t)
			VSUBPS(mean[r], t, t)
			VMULPS(t, t, t)
			VADDPS(t, sum, sum)
		})
	})
	v.fold4(add, inv)
	v.broadcastArg("rn", u)
	VMULPS(u, inv[0], inv[0])
	VADDPS(v.c(cEps), inv[0], inv[0])
	VSQRTPS(inv[0], inv[0])
	VMOVUPS(v.c(cOne), u)
	VDIVPS(inv[0], u, inv[0])
	v.spread4(inv)
	scale, bias, q := arg("scale"), arg("bias"), arg("q")
	rs, scales, biases, qa := v.r[0:v.parts], v.r[2:4], v.r[4:6], v.r[6]
	v.broadcastArg("qa", qa)
	v.hold(v.r[16:], ofQuantize...)
	scaled := func(quantized func(row int)) func() {
		return func() {
			for p := range v.parts {
				VMOVUPS(at(scale, v.bytes()*p), scales[p])
				VMOVUPS(at(bias, v.bytes()*p), biases[p])
			}
			for r := range 4 {
				for p := range v.parts {
					m := x.at(x.first, r, v.bytes()*p)
					VMOVUPS(m, rs[p])
					VSUBPS(mean[r], rs[p], rs[p])
					VMULPS(inv[r], rs[p], rs[p])
					VMULPS(scales[p], rs[p], rs[p])
					VADDPS(biases[p], rs[p], rs[p])
					VMOVUPS(rs[p], m)
				}
				if quantized != nil {
					quantized(r)
				}
			}
			step(scale, 64)
			step(bias, 64)
		}
	}
	TESTQ(q, q)
	JZ(LabelRef("plain"))
	to := newRows(q, n)
	over("quantized", func() {
		scaled(func(row int) {
			for _, r := range rs {
				VMULPS(qa, r, r)
				v.quantizeReg(r)
			}
			v.storeBytes(rs, to.at(q, row, 0))
		})()
		step(q, 16)
	})
	VZEROUPPER()
	RET()
	Label("plain")
	over("float", scaled(nil))
	VZEROUPPER()
	RET()
}

func ssru(v *vec) {
	v.text("ssru", "func(c, x, f, h *float32, n uintptr)")
	c, x, f, h, n := arg("c"), arg("x"), arg("f"), arg("h"), arg("n")
	zero, r, s := v.r[0], v.r[1], v.r[2]
	v.zero(zero)
	v.hold(v.r[16:], ofExp...)
	Label("loop")
	for i := range v.parts {
		disp := v.bytes() * i
		VSUBPS(at(f, disp), zero, s)
		v.exp(s, v.r[3], v.r[4], v.r[5], true)
		VADDPS(v.c(cOne), s, s)
		VMOVUPS(v.c(cOne), r)
		VDIVPS(s, r, s)
		VMOVUPS(at(c, disp), r)
		VMOVUPS(at(x, disp), v.r[3])
		VSUBPS(v.r[3], r, r)
		VMULPS(s, r, r)
		VADDPS(v.r[3], r, r)
		VMOVUPS(r, at(c, disp))
		VMAXPS(zero, r, r)
		VMOVUPS(r, at(h, disp))
	}
	for _, p := range []reg.Register{c, x, f, h} {
		step(p, 64)
	}
	SUBQ(Imm(16), n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// maximum returns the first index of the largest element, or n should no
// element equal it (NaN).
func maximum(v *vec) {
	v.text("maximum", "func(x *float32, n uintptr) uintptr")
	x, n := arg("x"), arg("n")
	i, mask := GP64(), GP32()
	sum, tmp := v.r[:v.parts], v.r[4]
	for p, r := range sum {
		VMOVUPS(at(x, v.bytes()*p), r)
	}
	XORQ(i, i)
	Label("loop")
	for p, r := range sum {
		VMAXPS(elem(x, i, v.bytes()*p), r, r)
	}
	ADDQ(Imm(16), i)
	CMPQ(i, n)
	JLT(LabelRef("loop"))
	v.fold(most, sum, tmp)
	XORQ(i, i)
	Label("find")
	if v.wide() {
		VCMPPS(Imm(0), elem(x, i, 0), sum[0], reg.K1)
		KMOVW(reg.K1, mask)
	} else {
		VCMPPS(Imm(0), elem(x, i, 0), sum[0], tmp)
		VMOVMSKPS(tmp, mask)
	}
	TESTL(mask, mask)
	JNZ(LabelRef("found"))
	ADDQ(Imm(uint64(v.floats)), i)
	CMPQ(i, n)
	JLT(LabelRef("find"))
	JMP(LabelRef("end"))
	Label("found")
	BSFL(mask, mask)
	ADDQ(mask.As64(), i)
	Label("end")
	Store(i, ReturnIndex(0))
	VZEROUPPER()
	RET()
}

// sumExp adds exp(x-most) to the 16 partial sums.
func sumExp(v *vec) {
	v.text("sumExp", "func(sum, x *float32, n uintptr, most float32)")
	s, x, n := arg("sum"), arg("x"), arg("n")
	rs, r, top := v.r[:v.parts], v.r[4], v.r[5]
	v.broadcastArg("most", top)
	v.hold(v.r[16:], ofExp...)
	for p, r := range rs {
		VMOVUPS(at(s, v.bytes()*p), r)
	}
	Label("loop")
	for p := range rs {
		VMOVUPS(at(x, v.bytes()*p), r)
		VSUBPS(top, r, r)
		v.exp(r, v.r[6], v.r[7], v.r[8], false)
		VADDPS(r, rs[p], rs[p])
	}
	step(x, 64)
	SUBQ(Imm(16), n)
	JNZ(LabelRef("loop"))
	for p, r := range rs {
		VMOVUPS(r, at(s, v.bytes()*p))
	}
	VZEROUPPER()
	RET()
}

// floatMul multiplies one panel of 2 registers of columns with all rows. a has
// k columns, b and c have n.
func floatMul(v *vec) {
	v.text("float", "func(c, a, b *float32, rows, k, n uintptr)")
	most := (len(v.r) - 4) / 2
	if v.wide() {
		most = 8
	}
	b := &block{c: arg("c"), a: arg("a"), b: arg("b"), rows: arg("rows"), k: arg("k"), ldc: arg("n")}
	b.strides(2)
	SHLQ(Imm(2), b.ldc)
	acc, w, x, t := v.r[:2*most], v.r[2*most:2*most+2], v.r[2*most+2], v.r[2*most+3]
	start := func(mr int) {
		for _, r := range acc[:2*mr] {
			v.zero(r)
		}
	}
	body := func(mr int) {
		VMOVUPS(at(b.p, 0), w[0])
		VMOVUPS(at(b.p, v.bytes()), w[1])
		for r := range mr {
			VBROADCASTSS(b.row(r, 0), x)
			VMULPS(w[0], x, t)
			VADDPS(t, acc[2*r], acc[2*r])
			VMULPS(w[1], x, x)
			VADDPS(x, acc[2*r+1], acc[2*r+1])
		}
		ADDQ(b.ldc, b.p)
	}
	b.run(most, 1, 4, 0, start, body, func(mr int) {
		for r := range mr {
			VMOVUPS(acc[2*r], at(b.c, 0))
			VMOVUPS(acc[2*r+1], at(b.c, v.bytes()))
			ADDQ(b.ldc, b.c)
		}
	})
}
