package main

// In this file n, a number of elements, is a positive multiple of 16.

// limits are the registers that hold -127, 127 and the integer 127.
const limits = 29

func (g *neon) loadLimits(table int) {
	g.load(table, 16*nMinus127, limits)
	g.load(table, 16*n127, limits+1)
	g.load(table, 16*nInt127, limits+2)
}

// quantized turns 16 floats in v..v+3, already multiplied, into bytes in v.
func (g *neon) quantized(v int) {
	for i := v; i < v+4; i++ {
		g.op3(fmaxnm, i, i, limits)
		g.op3(fminnm, i, i, limits+1)
		g.op2(fcvtns, i, i)
		g.op3(addi, i, i, limits+2)
	}
	g.op2(xtn4, v, v)
	g.op2(xtn4h, v, v+1)
	g.op2(xtn4, v+2, v+2)
	g.op2(xtn4h, v+2, v+3)
	g.op2(xtn8, v, v)
	g.op2(xtn8h, v, v+2)
}

func (g *neon) quantize() {
	g.text("quantize", []string{"dst *uint8", "x *float32", "n uintptr", "qa float32"}, nil)
	d, x, n, table := g.arg("dst"), g.arg("x"), g.arg("n"), g.table()
	g.loadLimits(table)
	g.broadcastArg("qa", 16)
	g.loop(n, 16, func() {
		for i := range 4 {
			g.load(x, 16*i, i)
			g.op3(fmul, i, i, 16)
		}
		g.quantized(0)
		g.store(0, d, 0)
		g.add(64, x)
		g.add(16, d)
	})
	g.ret()
}

func (g *neon) embed() {
	g.text("embed", []string{"dst *float32", "q *int8", "pos *float32", "n uintptr", "scale float32"}, nil)
	d, q, pos, n := g.arg("dst"), g.arg("q"), g.arg("pos"), g.arg("n")
	g.broadcastArg("scale", 16)
	g.loop(n, 16, func() {
		g.load(q, 0, 4)
		g.op2(sxtl8h, 5, 4)
		g.op2(sxtl8, 4, 4)
		g.op2(sxtl4, 0, 4)
		g.op2(sxtl4h, 1, 4)
		g.op2(sxtl4, 2, 5)
		g.op2(sxtl4h, 3, 5)
		for i := range 4 {
			g.op2(scvtf, i, i)
			g.op3(fmul, i, i, 16)
			g.load(pos, 16*i, 4)
			g.op3(fadd, i, i, 4)
			g.store(i, d, 16*i)
		}
		g.add(16, q)
		g.add(64, pos)
		g.add(64, d)
	})
	g.ret()
}

// fold reduces the 16 partial results in v..v+3 and fills v with the result.
func (g *neon) fold(op string, v, tmp int) {
	g.op3(op, v, v, v+2)
	g.op3(op, v+1, v+1, v+3)
	g.op3(op, v, v, v+1)
	g.ext(tmp, v, v, 8)
	g.op3(op, v, v, tmp)
	g.ext(tmp, v, v, 4)
	g.op3(op, v, v, tmp)
	g.dup(v, v)
}

// over runs body for every 16 floats from p on; the registers in moving are
// addresses that go along, 64 bytes a time.
func (g *neon) over(p, n int, moving []int, body func()) {
	left := g.reg()
	g.line("MOVD R%d, R%d", n, left)
	g.loop(left, 16, func() {
		body()
		for _, r := range append([]int{p}, moving...) {
			g.add(64, r)
		}
	})
	g.gp--
}

// rewind takes n floats off an address.
func (g *neon) rewind(p, n int) { g.line("SUB R%d<<2, R%d", n, p) }

func (g *neon) addNorm() {
	g.text("addNorm", []string{"q *uint8", "x *float32", "y *float32", "scale *float32", "bias *float32", "n uintptr", "rn float32", "qa float32"}, nil)
	q, x, y, scale, bias, n, table := g.arg("q"), g.arg("x"), g.arg("y"), g.arg("scale"), g.arg("bias"), g.arg("n"), g.table()
	const sum, v, tmp, mean, rn, inv, qa = 0, 4, 8, 16, 17, 18, 19
	g.loadLimits(table)
	g.broadcastArg("rn", rn)
	g.broadcastArg("qa", qa)
	clear := func() {
		for i := range 4 {
			g.zero(sum + i)
		}
	}
	clear()
	g.over(x, n, []int{y}, func() {
		for i := range 4 {
			g.load(x, 16*i, v)
			g.load(y, 16*i, tmp)
			g.op3(fadd, v, v, tmp)
			g.store(v, x, 16*i)
			g.op3(fadd, sum+i, sum+i, v)
		}
	})
	g.fold(fadd, sum, tmp)
	g.op3(fmul, mean, sum, rn)
	clear()
	g.rewind(x, n)
	g.over(x, n, nil, func() {
		for i := range 4 {
			g.load(x, 16*i, v)
			g.op3(fsub, v, v, mean)
			g.op3(fmul, v, v, v)
			g.op3(fadd, sum+i, sum+i, v)
		}
	})
	g.fold(fadd, sum, tmp)
	g.op3(fmul, sum, sum, rn)
	g.load(table, 16*nEps, tmp)
	g.op3(fadd, sum, sum, tmp)
	g.op2(fsqrt, sum, sum)
	g.load(table, 16*nOne, inv)
	g.op3(fdiv, inv, inv, sum)
	g.rewind(x, n)
	scaled := func() {
		for i := range 4 {
			g.load(x, 16*i, v+i)
			g.op3(fsub, v+i, v+i, mean)
			g.op3(fmul, v+i, v+i, inv)
			g.load(scale, 16*i, tmp)
			g.op3(fmul, v+i, v+i, tmp)
			g.load(bias, 16*i, tmp)
			g.op3(fadd, v+i, v+i, tmp)
			g.store(v+i, x, 16*i)
		}
	}
	plain := g.newLabel("plain")
	g.line("CBZ R%d, %s", q, plain)
	g.over(x, n, []int{scale, bias}, func() {
		scaled()
		for i := range 4 {
			g.op3(fmul, v+i, v+i, qa)
		}
		g.quantized(v)
		g.store(v, q, 0)
		g.add(16, q)
	})
	g.ret()
	g.mark(plain)
	g.over(x, n, []int{scale, bias}, scaled)
	g.ret()
}

// exp replaces each of the registers x by exp of it, with y, t and n from 4
// others each as scratch, taken from 8 on; constants come from the table.
func (g *neon) exp(x, count, table int, positive bool) {
	const scratch, c = 8, 28
	t := func(i int) int { return scratch + i }
	n := func(i int) int { return scratch + 4 + i }
	y := func(i int) int { return scratch + 8 + i }
	each := func(f func(i, x int)) {
		for i := range count {
			f(i, x+i)
		}
	}
	with := func(constant int, f func(i, x int)) {
		g.load(table, 16*constant, c)
		each(f)
	}
	with(nExpMin, func(i, x int) { g.op3(fmax, x, x, c) })
	if positive {
		with(nExpMax, func(i, x int) { g.op3(fminnm, x, x, c) })
	}
	with(nLog2e, func(i, x int) { g.op3(fmul, t(i), x, c) })
	with(nRound, func(i, x int) {
		g.op3(fadd, t(i), t(i), c)
		g.op3(fsub, n(i), t(i), c)
	})
	for _, part := range []int{nLn2Hi, nLn2Lo} {
		with(part, func(i, x int) {
			g.op3(fmul, y(i), n(i), c)
			g.op3(fsub, x, x, y(i))
		})
	}
	with(nExp0, func(i, x int) { g.op3(fmul, y(i), x, c) })
	for _, k := range []int{nExp1, nExp2, nExp3, nExp4} {
		with(k, func(i, x int) {
			g.op3(fadd, y(i), y(i), c)
			g.op3(fmul, y(i), y(i), x)
		})
	}
	with(nExp5, func(i, x int) {
		g.op3(fadd, y(i), y(i), c)
		g.op3(fmul, n(i), x, x)
		g.op3(fmul, y(i), y(i), n(i))
		g.op3(fadd, y(i), y(i), x)
	})
	with(nOne, func(i, x int) {
		g.op3(fadd, y(i), y(i), c)
		g.op2(shl23, t(i), t(i))
		g.op3(addi, x, y(i), t(i))
	})
}

func (g *neon) ssru() {
	g.text("ssru", []string{"c *float32", "x *float32", "f *float32", "h *float32", "n uintptr"}, nil)
	c, x, f, h, n, table := g.arg("c"), g.arg("x"), g.arg("f"), g.arg("h"), g.arg("n"), g.table()
	const zero, one, s, r, xs = 24, 25, 0, 4, 5
	g.zero(zero)
	g.load(table, 16*nOne, one)
	g.loop(n, 16, func() {
		for i := range 4 {
			g.load(f, 16*i, s+i)
			g.op3(fsub, s+i, zero, s+i)
		}
		g.exp(s, 4, table, true)
		for i := range 4 {
			g.op3(fadd, s+i, s+i, one)
			g.op3(fdiv, s+i, one, s+i)
			g.load(c, 16*i, r)
			g.load(x, 16*i, xs)
			g.op3(fsub, r, r, xs)
			g.op3(fmul, r, r, s+i)
			g.op3(fadd, r, r, xs)
			g.store(r, c, 16*i)
			g.op3(fmax, r, r, zero)
			g.store(r, h, 16*i)
		}
		for _, p := range []int{c, x, f, h} {
			g.add(64, p)
		}
	})
	g.ret()
}

// maximum finds the largest element and then, one by one, the first equal to it.
func (g *neon) maximum() {
	g.text("maximum", []string{"x *float32", "n uintptr"}, []string{"index uintptr"})
	x, n, i := g.arg("x"), g.arg("n"), g.reg()
	const sum, v = 0, 4
	for i := range 4 {
		g.load(x, 16*i, sum+i)
	}
	g.over(x, n, nil, func() {
		for i := range 4 {
			g.load(x, 16*i, v)
			g.op3(fmax, sum+i, sum+i, v)
		}
	})
	g.fold(fmax, sum, v)
	g.rewind(x, n)
	g.line("MOVD $0, R%d", i)
	find, found := g.newLabel("find"), g.newLabel("found")
	g.mark(find)
	g.line("FMOVS.P 4(R%d), F%d", x, v)
	g.line("FCMPS F%d, F%d", sum, v)
	g.jump("BEQ", found)
	g.add(1, i)
	g.compare(i, n)
	g.jump("BLT", find)
	g.mark(found)
	g.line("MOVD R%d, %s", i, g.args["index"])
	g.ret()
}

func (g *neon) sumExp() {
	g.text("sumExp", []string{"sums *float32", "x *float32", "n uintptr", "most float32"}, nil)
	s, x, n, table := g.arg("sums"), g.arg("x"), g.arg("n"), g.table()
	const sum, v, top = 24, 0, 4
	for i := range 4 {
		g.load(s, 16*i, sum+i)
	}
	g.broadcastArg("most", top)
	g.over(x, n, nil, func() {
		for i := range 4 {
			g.load(x, 16*i, v+i)
			g.op3(fsub, v+i, v+i, top)
		}
		g.exp(v, 4, table, false)
		for i := range 4 {
			g.op3(fadd, sum+i, sum+i, v+i)
		}
	})
	for i := range 4 {
		g.store(sum+i, s, 16*i)
	}
	g.ret()
}

// floatMul multiplies a panel of 16 columns, up to 4 rows at a time.
func (g *neon) floatMul() {
	g.text("float", []string{"c *float32", "a *float32", "b *float32", "rows uintptr", "k uintptr", "n uintptr"}, nil)
	c, a, b, rows, k, n := g.arg("c"), g.arg("a"), g.arg("b"), g.arg("rows"), g.arg("k"), g.arg("n")
	lda, p, left := g.reg(), g.reg(), g.reg()
	row := [4]int{g.reg(), g.reg(), g.reg(), g.reg()}
	g.line("LSL $2, R%d", n)
	g.line("LSL $2, R%d, R%d", k, lda)
	next, done := g.newLabel("next"), g.newLabel("done")
	labels := [5]string{"", g.newLabel("rows"), g.newLabel("rows"), g.newLabel("rows"), ""}
	g.mark(next)
	for mr := 3; mr > 0; mr-- {
		g.compareTo(rows, mr)
		g.jump("BEQ", labels[mr])
	}
	g.jump("BLT", done)
	for mr := 4; mr > 0; mr-- {
		if mr < 4 {
			g.mark(labels[mr])
		}
		g.line("MOVD R%d, R%d", a, row[0])
		for r := 1; r < mr; r++ {
			g.offset(row[r-1], lda, row[r])
		}
		for i := range 4 * mr {
			g.zero(i)
		}
		g.line("MOVD R%d, R%d", b, p)
		g.line("MOVD R%d, R%d", k, left)
		g.loop(left, 1, func() {
			for i := range 4 {
				g.load(p, 16*i, 16+i)
			}
			for r := range mr {
				g.line("FMOVS.P 4(R%d), F%d", row[r], 20+r)
				for i := range 4 {
					g.mulElem(24+i, 16+i, 20+r, 0)
					g.op3(fadd, 4*r+i, 4*r+i, 24+i)
				}
			}
			g.offset(p, n, p)
		})
		for r := range mr {
			for i := range 4 {
				g.store(4*r+i, c, 16*i)
			}
			g.offset(c, n, c)
		}
		if mr == 4 {
			g.line("MOVD R%d, R%d", row[3], a)
			g.line("SUB $4, R%d", rows)
			g.jump("B", next)
		} else {
			g.jump("B", done)
		}
	}
	g.mark(done)
	g.ret()
}
