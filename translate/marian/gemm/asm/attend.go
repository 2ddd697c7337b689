package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// attend is one head of attention for a number of queries, which share the
// loads of keys and values. kt is dk rows of tp keys, v is t rows of stride d;
// q and out have stride d, w has stride tp. tp and dk are multiples of 16.
// A kernel of one query takes 32 keys, and 32 values, at a time where it can:
// shorter chains of additions would leave the adders idle.
func attend(v *vec, queries int) {
	v.text(fmt.Sprintf("attend%d", queries), "func(out, q, kt, v, w *float32, t, tp, d, dk uintptr, scale float32)")
	q, kt, w, tp, d, dk := arg("q"), arg("kt"), arg("w"), arg("tp"), arg("d"), arg("dk")
	d3, tp3 := GP64(), GP64()
	SHLQ(Imm(2), d)
	SHLQ(Imm(2), tp) // both in bytes
	if queries > 1 {
		LEAQ(Mem{Base: d, Index: d, Scale: 2}, d3)
		LEAQ(Mem{Base: tp, Index: tp, Scale: 2}, tp3)
	}
	strided := func(base, stride, stride3 reg.Register, i, disp int) Mem {
		m := Mem{Base: base, Disp: disp}
		switch i {
		case 1:
			m.Index, m.Scale = stride, 1
		case 2:
			m.Index, m.Scale = stride, 2
		case 3:
			m.Index, m.Scale = stride3, 1
		}
		return m
	}
	left, p, pq, count := GP64(), GP64(), GP64(), GP64()

	// rows of products: out[i][0:16*units] = sum over n of x[i][n]*y[n][...]
	product := func(label string, units int, x, xStride, x3, y, yStride, n, out, outStride, out3 reg.Register, done func(acc []reg.VecPhysical)) {
		regs := units * v.parts
		acc, ys := v.r[:queries*regs], v.r[queries*regs:queries*regs+regs]
		b, t := v.r[queries*regs+regs], v.r[queries*regs+regs+1]
		for _, r := range acc {
			v.zero(r)
		}
		MOVQ(y, p)
		MOVQ(x, pq)
		MOVQ(n, count)
		Label(label)
		for i, r := range ys {
			VMOVUPS(at(p, v.bytes()*i), r)
		}
		for i := range queries {
			VBROADCASTSS(strided(pq, xStride, x3, i, 0), b)
			for j, r := range ys {
				VMULPS(r, b, t)
				VADDPS(t, acc[i*regs+j], acc[i*regs+j])
			}
		}
		ADDQ(yStride, p)
		step(pq, 4)
		DECQ(count)
		JNZ(LabelRef(label))
		if done != nil {
			done(acc)
		}
		for i := range queries {
			for j := range regs {
				VMOVUPS(acc[i*regs+j], strided(out, outStride, out3, i, v.bytes()*j))
			}
		}
		step(y, 64*units)
		step(out, 64*units)
	}
	blocks := func(name string, body func(label string, units int)) {
		if queries == 1 {
			Label(name + "32")
			CMPQ(left, Imm(32))
			JLT(LabelRef(name + "16"))
			body(name+"Loop32", 2)
			SUBQ(Imm(32), left)
			JMP(LabelRef(name + "32"))
		}
		Label(name + "16")
		CMPQ(left, Imm(16))
		JLT(LabelRef(name + "Done"))
		body(name+"Loop16", 1)
		SUBQ(Imm(16), left)
		JMP(LabelRef(name + "16"))
		Label(name + "Done")
	}

	// scores
	pw := GP64()
	MOVQ(w, pw)
	MOVQ(tp, left)
	SHRQ(Imm(2), left)
	scale := v.r[15]
	v.broadcastArg("scale", scale)
	blocks("score", func(label string, units int) {
		product(label, units, q, d, d3, kt, tp, dk, pw, tp, tp3, func(acc []reg.VecPhysical) {
			for _, r := range acc {
				VMULPS(scale, r, r)
			}
		})
	})

	// softmax, query by query
	i, end := GP64(), GP64()
	tail := GP64() // where the masks for the last 16 keys begin
	t := arg("t")
	MOVQ(t, tail)
	NEGQ(tail)
	ANDQ(Imm(15), tail) // the number of keys that are padding
	masks := GP64()
	LEAQ(v.c(cMask), masks)
	LEAQ(Mem{Base: masks, Index: tail, Scale: 4}, masks)
	MOVQ(w, pw)
	rs, tmp, top := v.r[0:v.parts], v.r[4], v.r[5]
	last := func(disp int) Mem { return Mem{Base: end, Disp: disp - 64} }
	over := func(label string, body func(p int, m Mem)) {
		MOVQ(pw, i)
		Label(label)
		for p := range v.parts {
			body(p, at(i, v.bytes()*p))
		}
		step(i, 64)
		CMPQ(i, end)
		JLT(LabelRef(label))
	}
	if queries > 1 {
		MOVQ(U32(uint32(queries)), left)
		Label("softmax")
	}
	LEAQ(Mem{Base: pw, Index: tp, Scale: 1}, end)
	for p := range v.parts {
		disp := v.bytes() * p
		VMOVUPS(last(disp), tmp)
		if v.wide() {
			VPANDD(at(masks, disp), tmp, tmp)
			VPORD(at(masks, disp+cOutside-cMask), tmp, tmp)
		} else {
			VPAND(at(masks, disp), tmp, tmp)
			VPOR(at(masks, disp+cOutside-cMask), tmp, tmp)
		}
		VMOVUPS(tmp, last(disp))
		VMOVUPS(v.c(cLowest), rs[p])
	}
	over("top", func(p int, m Mem) { VMAXPS(m, rs[p], rs[p]) })
	v.fold(most, rs, tmp)
	VMOVAPS(rs[0], top)
	over("exp", func(p int, m Mem) {
		VMOVUPS(m, rs[p])
		VSUBPS(top, rs[p], rs[p])
		v.exp(rs[p], v.r[6], v.r[7], v.r[8], false)
		VMOVUPS(rs[p], m)
	})
	for p := range v.parts {
		disp := v.bytes() * p
		// the last 16 are still in the registers
		if v.wide() {
			VPANDD(at(masks, disp), rs[p], rs[p])
		} else {
			VPAND(at(masks, disp), rs[p], rs[p])
		}
		VMOVUPS(rs[p], last(disp))
	}
	for _, r := range rs {
		v.zero(r)
	}
	over("sum", func(p int, m Mem) { VADDPS(m, rs[p], rs[p]) })
	v.fold(add, rs, tmp)
	VMOVUPS(v.c(cOne), tmp)
	VDIVPS(rs[0], tmp, top)
	over("scale", func(p int, m Mem) {
		VMULPS(m, top, rs[p])
		VMOVUPS(rs[p], m)
	})
	if queries > 1 {
		ADDQ(tp, pw)
		DECQ(left)
		JNZ(LabelRef("softmax"))
	}

	// mix
	out, pv := arg("out"), arg("v")
	MOVQ(dk, left)
	n := arg("t")
	blocks("mix", func(label string, units int) {
		product(label, units, w, tp, tp3, pv, d, n, out, d, d3, nil)
	})
	VZEROUPPER()
	RET()
}

// transpose turns 8 rows of 8 floats into columns. Strides are in bytes.
func transpose() {
	text("transpose8AVX2", "func(dst *float32, dstStride uintptr, src *float32, srcStride uintptr)")
	y := ymm.r
	d, ds, s, ss := arg("dst"), arg("dstStride"), arg("src"), arg("srcStride")
	for i := range 8 {
		VMOVUPS(at(s, 0), y[i])
		if i < 7 {
			ADDQ(ss, s)
		}
	}
	for i := 0; i < 8; i += 2 { // pairs of rows
		VUNPCKLPS(y[i+1], y[i], y[8+i])
		VUNPCKHPS(y[i+1], y[i], y[9+i])
	}
	for i := 0; i < 8; i += 4 { // fours of rows
		VUNPCKLPD(y[8+i+2], y[8+i], y[i])
		VUNPCKHPD(y[8+i+2], y[8+i], y[i+1])
		VUNPCKLPD(y[8+i+3], y[8+i+1], y[i+2])
		VUNPCKHPD(y[8+i+3], y[8+i+1], y[i+3])
	}
	for i := range 4 {
		VPERM2F128(Imm(0x20), y[4+i], y[i], y[8+i])
		VPERM2F128(Imm(0x31), y[4+i], y[i], y[12+i])
	}
	for i := range 8 {
		VMOVUPS(y[8+i], at(d, 0))
		if i < 7 {
			ADDQ(ds, d)
		}
	}
	VZEROUPPER()
	RET()
}
