package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// attend is one head of attention for one query. kt is dk rows of tp keys, v is
// t rows of stride dv; w has tp elements. tp and dk are multiples of 16. 32
// keys, and 32 values, are taken at a time where there are as many: shorter
// chains of additions would leave the adders idle.
func attend(v *vec) {
	v.text("attend1", "func(out, q, kt, v, w *float32, t, tp, dv, dk uintptr, scale float32)")
	q, kt, w, tp, dv, dk := arg("q"), arg("kt"), arg("w"), arg("tp"), arg("dv"), arg("dk")
	SHLQ(Imm(2), dv)
	SHLQ(Imm(2), tp) // both in bytes
	left, p, pq, count := GP64(), GP64(), GP64(), GP64()

	// a row of products: out[0:16*units] = sum over n of x[n]*y[n][...]
	product := func(label string, units int, x, y, yStride, n, out reg.Register, done func(acc []reg.VecPhysical)) {
		regs := units * v.parts
		acc, ys := v.r[:regs], v.r[regs:2*regs]
		b, t := v.r[2*regs], v.r[2*regs+1]
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
		VBROADCASTSS(at(pq, 0), b)
		for j, r := range ys {
			VMULPS(r, b, t)
			VADDPS(t, acc[j], acc[j])
		}
		ADDQ(yStride, p)
		step(pq, 4)
		DECQ(count)
		JNZ(LabelRef(label))
		if done != nil {
			done(acc)
		}
		for j, r := range acc {
			VMOVUPS(r, at(out, v.bytes()*j))
		}
		step(y, 64*units)
		step(out, 64*units)
	}

	// scores
	pw := GP64()
	MOVQ(w, pw)
	MOVQ(tp, left)
	SHRQ(Imm(2), left)
	scale := v.r[15]
	v.broadcastArg("scale", scale)
	v.hold(v.r[16:], ofExp...)
	blocks("score", left, 2, func(label string, units int) {
		product(label, units, q, kt, tp, dk, pw, func(acc []reg.VecPhysical) {
			for _, r := range acc {
				VMULPS(scale, r, r)
			}
		})
	})

	// softmax
	i, end := GP64(), GP64()
	masks := lastMasks(v)
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
	LEAQ(Mem{Base: pw, Index: tp, Scale: 1}, end)
	for p := range v.parts {
		disp := v.bytes() * p
		VMOVUPS(last(disp), tmp)
		v.outside(tmp, masks, disp)
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
		v.and(at(masks, disp), rs[p])
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

	// mix
	out, pv := arg("out"), arg("v")
	MOVQ(dk, left)
	n := arg("t")
	blocks("mix", left, 2, func(label string, units int) {
		product(label, units, w, pv, dv, n, out, nil)
	})
	VZEROUPPER()
	RET()
}

// blocks counts left down by 16 times most and, if most is 2, by 16. body does
// that many.
func blocks(name string, left reg.Register, most int, body func(label string, units int)) {
	next := func(units int) string {
		if units == 0 {
			return name + "Done"
		}
		return fmt.Sprint(name, 16*units)
	}
	for units := most; units > 0; units-- {
		Label(next(units))
		CMPQ(left, Imm(uint64(16*units)))
		JLT(LabelRef(next(units - 1)))
		body(fmt.Sprint(name, "Loop", 16*units), units)
		SUBQ(Imm(uint64(16*units)), left)
		JMP(LabelRef(next(units)))
	}
	Label(next(0))
}

// lastMasks points to 16 masks for the last 16 keys, then, cOutside-cMask bytes
// on, to 16 values that hide those that are padding.
func lastMasks(v *vec) reg.Register {
	padding := GP64()
	MOVQ(arg("t"), padding)
	NEGQ(padding)
	ANDQ(Imm(15), padding) // the number of keys that are padding
	masks := GP64()
	LEAQ(v.c(cMask), masks)
	LEAQ(Mem{Base: masks, Index: padding, Scale: 4}, masks)
	return masks
}

// and keeps the bits of r that are set in m.
func (v *vec) and(m Mem, r reg.VecPhysical) {
	if v.wide() {
		VPANDD(m, r, r)
	} else {
		VPAND(m, r, r)
	}
}

// outside puts the lowest float32 in place of keys that are padding.
func (v *vec) outside(r reg.VecPhysical, masks reg.Register, disp int) {
	v.and(at(masks, disp), r)
	if m := at(masks, disp+cOutside-cMask); v.wide() {
		VPORD(m, r, r)
	} else {
		VPOR(m, r, r)
	}
}

// transpose turns 8 rows of 8*n floats into columns. Strides are in bytes.
func transpose() {
	text("transpose8AVX2", "func(dst *float32, dstStride uintptr, src *float32, srcStride, n uintptr)")
	y := ymm.r
	d, ds, s, ss, n := arg("dst"), arg("dstStride"), arg("src"), arg("srcStride"), arg("n")
	from, to := newRows(s, ss), newRows(d, ds)
	half := GP64()
	Label("square")
	LEAQ(Mem{Base: s, Index: ss, Scale: 4}, half)
	for i := range 4 {
		VMOVUPS(from.at(s, i, 0), y[i])
		VMOVUPS(from.at(half, i, 0), y[4+i])
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
	LEAQ(Mem{Base: d, Index: ds, Scale: 4}, half)
	for i := range 4 {
		VMOVUPS(y[8+i], to.at(d, i, 0))
		VMOVUPS(y[12+i], to.at(half, i, 0))
	}
	step(s, 32)
	LEAQ(Mem{Base: half, Index: ds, Scale: 4}, d)
	DECQ(n)
	JNZ(LabelRef("square"))
	VZEROUPPER()
	RET()
}
