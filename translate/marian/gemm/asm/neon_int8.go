package main

// mulInt8 multiplies a panel of 8 columns, up to 8 rows at a time: 16 bytes of
// a row, less 127, against 16×8 bytes of the panel. The panel begins with what
// the 127 amount to.
func (g *neon) mulInt8(quantized bool) {
	name, out, params := "mul", "*float32", []string{"unquant float32"}
	if quantized {
		name, out, params = "mulRelu", "*uint8", append(params, "qa float32")
	}
	g.text(name, append([]string{"c " + out, "ldc uintptr", "a *uint8", "rows uintptr", "b *int8", "k uintptr", "bias *float32"}, params...), nil)
	c, ldc, a, rows, b, k, bias := g.arg("c"), g.arg("ldc"), g.arg("a"), g.arg("rows"), g.arg("b"), g.arg("k"), g.arg("bias")
	table, p, left := g.table(), g.reg(), g.reg()
	var row [8]int
	for i := range row {
		row[i] = g.reg()
	}
	if !quantized {
		g.line("LSL $2, R%d", ldc)
	}
	const shift, av, bv = 31, 16, 24 // 127 in every byte; 8 rows of a; 2 halves of b, twice
	g.load(table, 16*nByte127, shift)
	next, done := g.newLabel("next"), g.newLabel("done")
	var labels [9]string
	for mr := range labels {
		labels[mr] = g.newLabel("rows")
	}
	g.mark(next)
	for mr := 7; mr > 0; mr-- {
		g.compareTo(rows, mr)
		g.jump("BEQ", labels[mr])
	}
	g.jump("BLT", done)
	for mr := 8; mr > 0; mr-- {
		g.mark(labels[mr])
		g.line("MOVD R%d, R%d", a, row[0])
		for r := 1; r < mr; r++ {
			g.offset(row[r-1], k, row[r])
		}
		g.load(b, 0, 0)
		g.load(b, 16, 1)
		for r := 1; r < mr; r++ {
			g.mov(2*r, 0)
			g.mov(2*r+1, 1)
		}
		g.line("ADD $32, R%d, R%d", b, p)
		g.line("MOVD R%d, R%d", k, left)
		g.loop(left, 16, func() {
			for r := range mr {
				g.line("FMOVQ.P 16(R%d), F%d", row[r], av+r)
				g.op3(subb, av+r, av+r, shift)
			}
			for i := range 4 {
				w := bv + 2*(i%2)
				g.load(p, 32*i, w)
				g.load(p, 32*i+16, w+1)
				for r := range mr {
					g.dotElem(2*r, w, av+r, i)
					g.dotElem(2*r+1, w+1, av+r, i)
				}
			}
			g.add(128, p)
		})
		// the rows have ended where the next ones begin
		if mr == 8 {
			g.line("MOVD R%d, R%d", row[7], a)
		}
		const unquant, bias0, bias1, qa, zero, top, one27 = 16, 17, 18, 19, 20, 21, 22
		g.broadcastArg("unquant", unquant)
		g.load(bias, 0, bias0)
		g.load(bias, 16, bias1)
		if quantized {
			g.broadcastArg("qa", qa)
			g.zero(zero)
			g.load(table, 16*n127, top)
			g.load(table, 16*nInt127, one27)
		}
		for r := range mr {
			for i := range 2 {
				v := 2*r + i
				g.op2(scvtf, v, v)
				g.op3(fmul, v, v, unquant)
				g.op3(fadd, v, v, bias0+i)
				if !quantized {
					g.store(v, c, 16*i)
					continue
				}
				g.op3(fmax, v, v, zero)
				g.op3(fmul, v, v, qa)
				g.op3(fminnm, v, v, top)
				g.op2(fcvtns, v, v)
				g.op3(addi, v, v, one27)
			}
			if quantized {
				g.op2(xtn4, 2*r, 2*r)
				g.op2(xtn4h, 2*r, 2*r+1)
				g.op2(xtn8, 2*r, 2*r)
				g.line("FMOVD F%d, (R%d)", 2*r, c)
			}
			g.offset(c, ldc, c)
		}
		if mr == 8 {
			g.line("SUB $8, R%d", rows)
			g.jump("B", next)
		} else {
			g.jump("B", done)
		}
	}
	g.mark(done)
	g.ret()
}
