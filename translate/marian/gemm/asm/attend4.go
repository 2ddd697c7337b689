package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rows is equally spaced rows in memory: the first, and the distance in bytes,
// once and three times; none if all rows are one.
type rows struct{ first, apart, thrice reg.Register }

// newRows computes three times the distance.
func newRows(first, apart reg.Register) rows {
	thrice := GP64()
	LEAQ(Mem{Base: apart, Index: apart, Scale: 2}, thrice)
	return rows{first, apart, thrice}
}

// at is the memory at base in row i, of four.
func (r rows) at(base reg.Register, i, disp int) Mem {
	m := Mem{Base: base, Disp: disp}
	switch {
	case i == 0 || r.apart == nil:
	case i == 3:
		m.Index, m.Scale = r.thrice, 1
	default:
		m.Index, m.Scale = r.apart, uint8(i)
	}
	return m
}

// products computes count rows: out[i] = sum over n of x[i][n]*y[i][n], of 16
// times units columns. The rows of y are yNext bytes long. y and out move on
// behind what was done.
type products struct {
	v          *vec
	count      int
	x, y, out  rows
	yNext      reg.Register
	n          string // the argument
	px, py, pn reg.GPVirtual
	px4        reg.GPVirtual // where there are more than four
	soon       reg.Register  // what is read next, asked for while this is computed
	lines      int           // cache lines of it for each n; 0 for none
}

func (f *products) block(label string, units int, scale reg.VecPhysical) {
	v := f.v
	regs := units * v.parts
	acc, ys := v.r[:f.count*regs], v.r[f.count*regs:]
	b, t := v.r[len(v.r)-3], v.r[len(v.r)-2]
	for _, r := range acc {
		v.zero(r)
	}
	MOVQ(f.x.first, f.px)
	if f.count > 4 {
		LEAQ(Mem{Base: f.px, Index: f.x.apart, Scale: 4}, f.px4)
	}
	MOVQ(f.y.first, f.py)
	Load(Param(f.n), f.pn)
	Label(label)
	shared := f.y.apart == nil
	if shared {
		for j := range regs {
			VMOVUPS(at(f.py, v.bytes()*j), ys[j])
		}
	}
	for i := range f.count {
		px := f.px
		if i >= 4 {
			px = f.px4
		}
		VBROADCASTSS(f.x.at(px, i%4, 0), b)
		for j := range regs {
			if shared {
				VMULPS(ys[j], b, t)
			} else {
				VMULPS(f.y.at(f.py, i, v.bytes()*j), b, t)
			}
			VADDPS(t, acc[i*regs+j], acc[i*regs+j])
		}
	}
	for l := range f.lines {
		PREFETCHT1(at(f.soon, 64*l))
	}
	if f.lines > 0 {
		step(f.soon, 64*f.lines)
	}
	ADDQ(f.yNext, f.py)
	step(f.px, 4)
	if f.count > 4 {
		step(f.px4, 4)
	}
	DECQ(f.pn)
	JNZ(LabelRef(label))
	to := f.out.first
	for i := range f.count {
		if i == 4 {
			LEAQ(Mem{Base: to, Index: f.out.apart, Scale: 4}, f.px)
			to = f.px
		}
		for j := range regs {
			r := acc[i*regs+j]
			if scale != nil {
				VMULPS(scale, r, r)
			}
			VMOVUPS(r, f.out.at(to, i%4, v.bytes()*j))
		}
	}
	step(f.y.first, 64*units)
	step(f.out.first, 64*units)
}

// softmax4 replaces four rows of tp scores, of which t are not padding, by
// their softmax. The four run side by side, so that none waits for itself; each
// adds in the order that package gemm keeps.
func softmax4(v *vec, w rows, tp reg.Register) {
	i, end := GP64(), GP64()
	masks := lastMasks(v)
	v.hold(v.r[16:], ofExp...)
	LEAQ(Mem{Base: w.first, Index: tp, Scale: 1, Disp: -64}, end) // the last 16
	all := func(body func(q, disp int, r reg.VecPhysical, m Mem)) {
		for q := range 4 {
			for p := range v.parts {
				disp := v.bytes() * p
				body(q, disp, v.r[v.parts*q+p], w.at(i, q, disp))
			}
		}
	}
	// before covers all but the last 16
	before := func(label string, body func(q, disp int, r reg.VecPhysical, m Mem)) {
		MOVQ(w.first, i)
		Label(label)
		CMPQ(i, end)
		JGE(LabelRef(label + "Last"))
		all(body)
		step(i, 64)
		JMP(LabelRef(label))
		Label(label + "Last")
	}
	MOVQ(end, i)
	all(func(q, disp int, r reg.VecPhysical, m Mem) {
		VMOVUPS(m, r)
		v.outside(r, masks, disp)
	})
	before("top", func(q, disp int, r reg.VecPhysical, m Mem) { VMAXPS(m, r, r) })
	tops := v.r[8:12]
	v.fold4(most, tops)
	v.spread4(tops)
	for _, r := range v.r[:4*v.parts] {
		v.zero(r)
	}
	x := v.r[12]
	exp := func(q int, m Mem) {
		VMOVUPS(m, x)
		VSUBPS(tops[q], x, x)
		v.exp(x, v.r[13], v.r[14], v.r[15], false)
	}
	before("exp", func(q, disp int, r reg.VecPhysical, m Mem) {
		exp(q, m)
		VMOVUPS(x, m)
		VADDPS(x, r, r)
	})
	all(func(q, disp int, r reg.VecPhysical, m Mem) {
		exp(q, m)
		v.and(at(masks, disp), x)
		VMOVUPS(x, m)
		VADDPS(x, r, r)
	})
	v.fold4(add, tops)
	VMOVUPS(v.c(cOne), x)
	VDIVPS(tops[0], x, tops[0])
	v.spread4(tops)
	scale := func(q, disp int, r reg.VecPhysical, m Mem) {
		VMULPS(m, tops[q], r)
		VMOVUPS(r, m)
	}
	before("scale", scale)
	all(scale)
}

// fold4 reduces the 16 partial results of each of four rows, which are in the
// first registers, in the order of plain Go's fold, and leaves them in r[0] for
// spread4.
func (v *vec) fold4(op func(...Op), r []reg.VecPhysical) {
	if v.wide() {
		z := v.r
		for q := 0; q < 4; q += 2 { // the halves of two rows
			VSHUFF64X2(Imm(0x44), z[q+1], z[q], r[0])
			VSHUFF64X2(Imm(0xee), z[q+1], z[q], z[q+1])
			op(z[q+1], r[0], z[q])
		}
		VSHUFF64X2(Imm(0x88), z[2], z[0], r[0]) // a quarter of each row
		VSHUFF64X2(Imm(0xdd), z[2], z[0], z[0])
		op(z[0], r[0], r[0])
		for _, order := range []uint64{0x4e, 0xb1} {
			VPERMILPS(Imm(order), r[0], z[0])
			op(z[0], r[0], r[0])
		}
		return
	}
	y := v.r
	for q := range 4 {
		op(y[2*q+1], y[2*q], y[2*q])
	}
	for q := 0; q < 4; q += 2 { // the halves of two rows
		VPERM2F128(Imm(0x20), y[2*q+2], y[2*q], y[2*q+1])
		VPERM2F128(Imm(0x31), y[2*q+2], y[2*q], y[2*q+3])
		op(y[2*q+3], y[2*q+1], y[2*q])
	}
	VUNPCKLPD(y[4], y[0], y[1])
	VUNPCKHPD(y[4], y[0], y[2])
	op(y[2], y[1], y[0]) // pairs of rows 0 and 2, then of 1 and 3
	VPERMILPS(Imm(0xb1), y[0], y[1])
	op(y[1], y[0], r[0])
}

// spread4 fills r[0] to r[3] with the results of fold4, row by row.
func (v *vec) spread4(r []reg.VecPhysical) {
	if v.wide() {
		for q := 3; q >= 0; q-- {
			VSHUFF64X2(Imm(uint64(0x55*q)), r[0], r[0], r[q])
		}
		return
	}
	t := v.r[1]
	VPERM2F128(Imm(0x11), r[0], r[0], t)
	VPERM2F128(Imm(0x00), r[0], r[0], r[2])
	VPERMILPS(Imm(0x00), t, r[1])
	VPERMILPS(Imm(0xaa), t, r[3])
	VPERMILPS(Imm(0x00), r[2], r[0])
	VPERMILPS(Imm(0xaa), r[2], r[2])
}

// attendQueries is one head of attention for count queries, four or eight, which
// share the loads of keys and values. q and out have rows of stride d, v has t of stride
// dv; kt is dk rows of tp keys and w has count rows of tp.
func attendQueries(v *vec, name string, count int) {
	v.text(name, "func(out, q, kt, v, w *float32, t, tp, d, dv, dk uintptr, scale float32)")
	tp, d := arg("tp"), arg("d")
	left, most := GP64(), 2/v.parts // times 16 columns at once, as registers allow
	MOVQ(tp, left)
	SHLQ(Imm(2), tp)
	SHLQ(Imm(2), d) // both in bytes
	scale := v.r[len(v.r)-1]
	v.broadcastArg("scale", scale)
	w, byQuery := newRows(arg("w"), tp), newRows(arg("q"), d)
	to := rows{GP64(), w.apart, w.thrice}
	MOVQ(w.first, to.first)
	f := &products{v: v, count: count, x: byQuery, y: rows{first: arg("kt")}, yNext: tp, n: "dk", out: to, px: GP64(), py: GP64(), pn: GP64(), px4: GP64()}
	blocks("score", left, most, func(label string, units int) { f.block(label, units, scale) })
	MOVQ(U32(uint32(count/4)), left)
	Label("softmax")
	softmax4(v, w, tp)
	LEAQ(Mem{Base: w.first, Index: tp, Scale: 4}, w.first)
	DECQ(left)
	JNZ(LabelRef("softmax"))
	Load(Param("w"), w.first)
	dv := arg("dv")
	SHLQ(Imm(2), dv)
	f.x, f.y, f.yNext, f.n = w, rows{first: arg("v")}, dv, "t"
	f.out = rows{arg("out"), byQuery.apart, byQuery.thrice}
	MOVQ(arg("dk"), left)
	blocks("mix", left, most, func(label string, units int) { f.block(label, units, nil) })
	VZEROUPPER()
	RET()
}

// attendHeads is four heads of attention for one query. Those of q and out lie
// side by side, those of kt one after another, each dk rows of tp keys, and
// those of v hv elements apart, each t rows of stride dv. w has four rows of tp.
// In the decoder keys and values come from the third cache.
func attendHeads(v *vec) {
	v.text("attendHeads", "func(out, q, kt, v, w *float32, t, tp, dv, hv, dk uintptr, scale float32)")
	tp, dk := arg("tp"), arg("dk")
	SHLQ(Imm(2), tp)
	apart := GP64() // heads of q and out
	MOVQ(dk, apart)
	SHLQ(Imm(2), apart)
	left, two := GP64(), GP64()
	f := &products{v: v, count: 2, px: GP64(), py: GP64(), pn: GP64()}
	// pairs computes the products of heads 0 and 1, then 2 and 3
	pairs := func(name string, x, y, out rows, columns func(), scale reg.VecPhysical) {
		f.x = x
		f.y, f.out = rows{GP64(), y.apart, nil}, rows{GP64(), out.apart, nil}
		MOVQ(U32(2), two)
		Label(name)
		MOVQ(y.first, f.y.first)
		MOVQ(out.first, f.out.first)
		columns()
		blocks(name, left, 2, func(label string, units int) { f.block(label, units, scale) })
		for _, r := range []rows{x, y, out} {
			LEAQ(Mem{Base: r.first, Index: r.apart, Scale: 2}, r.first)
		}
		DECQ(two)
		JNZ(LabelRef(name))
	}
	scale := v.r[len(v.r)-1]
	v.broadcastArg("scale", scale)
	head := GP64() // of kt
	MOVQ(tp, head)
	IMULQ(dk, head)
	f.yNext, f.n = tp, "dk"
	f.soon, f.lines = arg("v"), 2 // about half of it; the processor sees where that leads
	pairs("score", rows{arg("q"), apart, nil}, rows{arg("kt"), head, nil}, rows{arg("w"), tp, nil}, func() {
		MOVQ(tp, left)
		SHRQ(Imm(2), left)
	}, scale)
	w := newRows(arg("w"), tp)
	softmax4(v, w, tp)
	dv, hv := arg("dv"), arg("hv")
	SHLQ(Imm(2), dv)
	SHLQ(Imm(2), hv)
	f.yNext, f.n = dv, "t"
	following, size := arg("kt"), arg("dk") // the keys of the next four heads
	IMULQ(tp, size)
	LEAQ(Mem{Base: following, Index: size, Scale: 4}, following)
	f.soon, f.lines = following, 3
	pairs("mix", rows{w.first, tp, nil}, rows{arg("v"), hv, nil}, rows{arg("out"), apart, nil}, func() { MOVQ(arg("dk"), left) }, nil)
	VZEROUPPER()
	RET()
}
