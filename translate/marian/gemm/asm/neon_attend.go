package main

// attend is one head of attention for one query or for four; see attend in
// attend.go and attendQueries in attend4.go.
func (g *neon) attend(queries int) {
	name, strides := "attend1", []string{"dv uintptr"}
	if queries > 1 {
		name, strides = "attendQueries", []string{"d uintptr", "dv uintptr"}
	}
	args := append([]string{"out *float32", "q *float32", "kt *float32", "v *float32", "w *float32", "t uintptr", "tp uintptr"}, strides...)
	g.text(name, append(args, "dk uintptr", "scale float32"), nil)
	out, q, kt, v, w := g.arg("out"), g.arg("q"), g.arg("kt"), g.arg("v"), g.arg("w")
	t, tp, dv, dk := g.arg("t"), g.arg("tp"), g.arg("dv"), g.arg("dk")
	table, left, count, p, pw := g.table(), g.reg(), g.reg(), g.reg(), g.reg()
	d := dv // of a single query there is no other row
	if queries > 1 {
		d = g.arg("d")
		g.line("LSL $2, R%d", d)
	}
	g.line("LSL $2, R%d", dv)
	g.line("LSL $2, R%d", tp) // all in bytes
	const scale = 31
	g.broadcastArg("scale", scale)
	px := make([]int, queries)
	for i := range px {
		px[i] = g.reg()
	}

	// product computes 16 columns: out[i] = sum over n of x[i][n]*y[n]
	product := func(x, xStride, y, yStride, n, to, toStride int, scaled bool) {
		const ys, xs, tmp = 16, 20, 24
		for i := range 4 * queries {
			g.zero(i)
		}
		g.line("MOVD R%d, R%d", y, p)
		g.line("MOVD R%d, R%d", n, count)
		g.line("MOVD R%d, R%d", x, px[0])
		for i := 1; i < queries; i++ {
			g.offset(px[i-1], xStride, px[i])
		}
		g.loop(count, 1, func() {
			for i := range 4 {
				g.load(p, 16*i, ys+i)
			}
			for i := range queries {
				g.line("FMOVS.P 4(R%d), F%d", px[i], xs+i)
				for j := range 4 {
					g.mulElem(tmp+j, ys+j, xs+i, 0)
					g.op3(fadd, 4*i+j, 4*i+j, tmp+j)
				}
			}
			g.offset(p, yStride, p)
		})
		g.line("MOVD R%d, R%d", to, p)
		for i := range queries {
			for j := range 4 {
				if scaled {
					g.op3(fmul, 4*i+j, 4*i+j, scale)
				}
				g.store(4*i+j, p, 16*j)
			}
			g.offset(p, toStride, p)
		}
		g.add(64, y)
		g.add(64, to)
	}

	// scores
	g.line("MOVD R%d, R%d", w, pw)
	g.line("LSR $2, R%d, R%d", tp, left)
	g.loop(left, 16, func() { product(q, d, kt, tp, dk, pw, tp, true) })

	// softmax, query by query
	masks, end := px[0], count
	g.line("NEG R%d, R%d", t, masks)
	g.line("AND $15, R%d", masks)
	g.line("ADD R%d<<2, R%d, R%d", masks, table, masks)
	g.add(16*nMask, masks)
	g.line("MOVD R%d, R%d", w, pw)
	g.line("MOVD $%d, R%d", queries, left)
	const r, acc, tmp, top = 0, 20, 4, 24
	each := func(body func(i int)) {
		g.line("MOVD R%d, R%d", pw, p)
		l := g.newLabel("over")
		g.mark(l)
		for i := range 4 {
			g.load(p, 16*i, r+i)
		}
		for i := range 4 {
			body(i)
		}
		g.add(64, p)
		g.compare(p, end)
		g.jump("BLT", l)
	}
	stored := func() {
		for i := range 4 {
			g.store(r+i, p, 16*i)
		}
	}
	g.loop(left, 1, func() {
		g.offset(pw, tp, end)
		g.line("SUB $64, R%d, R%d", end, p)
		for i := range 4 {
			g.load(p, 16*i, r+i)
			g.load(masks, 16*i, tmp)
			g.op3(and, r+i, r+i, tmp)
			g.load(masks, 16*i+16*(nOutside-nMask), tmp)
			g.op3(orr, r+i, r+i, tmp)
			g.load(table, 16*nLowest, acc+i)
		}
		stored()
		each(func(i int) { g.op3(fmax, acc+i, acc+i, r+i) })
		g.fold(fmax, acc, tmp)
		g.mov(top, acc)
		each(func(i int) {
			g.op3(fsub, r+i, r+i, top)
			if i == 3 {
				g.exp(r, 4, table, false)
				stored()
			}
		})
		g.line("SUB $64, R%d", p)
		for i := range 4 { // the last 16 are still in the registers
			g.load(masks, 16*i, tmp)
			g.op3(and, r+i, r+i, tmp)
			g.zero(acc + i)
		}
		stored()
		each(func(i int) { g.op3(fadd, acc+i, acc+i, r+i) })
		g.fold(fadd, acc, tmp)
		g.load(table, 16*nOne, top)
		g.op3(fdiv, top, top, acc)
		each(func(i int) {
			g.op3(fmul, r+i, r+i, top)
			if i == 3 {
				stored()
			}
		})
		g.offset(pw, tp, pw)
	})

	// mix
	g.line("MOVD R%d, R%d", dk, left)
	g.loop(left, 16, func() { product(w, tp, v, dv, t, out, d, false) })
	g.ret()
}

// transpose turns 4 rows of 4*n floats into columns.
func (g *neon) transpose() {
	g.text("transpose4", []string{"dst *float32", "dstStride uintptr", "src *float32", "srcStride uintptr", "n uintptr"}, nil)
	d, ds, s, ss, n, p := g.arg("dst"), g.arg("dstStride"), g.arg("src"), g.arg("srcStride"), g.arg("n"), g.reg()
	g.loop(n, 1, func() {
		g.line("MOVD R%d, R%d", s, p)
		for i := range 4 {
			g.load(p, 0, i)
			g.offset(p, ss, p)
		}
		for i := 0; i < 4; i += 2 {
			g.op3(trn1, 4+i, i, i+1)
			g.op3(trn2, 5+i, i, i+1)
		}
		g.op3(trn1d, 0, 4, 6)
		g.op3(trn1d, 1, 5, 7)
		g.op3(trn2d, 2, 4, 6)
		g.op3(trn2d, 3, 5, 7)
		for i := range 4 {
			g.store(i, d, 0)
			g.offset(d, ds, d)
		}
		g.add(16, s)
	})
	g.ret()
}
