package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// neon writes ARM64 assembly. Go's assembler lacks most vector floating point
// and the dot product, so those are written as words, their ARM text beside
// them. Functions use R0 to R17 and R19 to R26, and all vector registers.
type neon struct {
	code, stubs, data bytes.Buffer
	args              map[string]string // where each argument lies
	gp                int               // the next free general register
	label             int
}

// An instruction on three vector registers, of four floats unless it says so.
const (
	fadd   = "FADD 4S 4e20d400"
	fsub   = "FSUB 4S 4ea0d400"
	fmul   = "FMUL 4S 6e20dc00"
	fdiv   = "FDIV 4S 6e20fc00"
	fmax   = "FMAX 4S 4e20f400"
	fmaxnm = "FMAXNM 4S 4e20c400" // the number, where one is NaN
	fminnm = "FMINNM 4S 4ea0c400"
	addi   = "ADD 4S 4ea08400"
	addpi  = "ADDP 4S 4ea0bc00" // sums of neighbours, of n and then of m
	subb   = "SUB 16B 6e208400"
	sdot   = "SDOT 4S 4e809400" // of fours of bytes
	trn1   = "TRN1 4S 4e802800"
	trn2   = "TRN2 4S 4e806800"
	trn1d  = "TRN1 2D 4ec02800"
	trn2d  = "TRN2 2D 4ec06800"
	and    = "AND 16B 4e201c00"
	orr    = "ORR 16B 4ea01c00"
	eor    = "EOR 16B 6e201c00"
)

// An instruction from one vector register to another.
const (
	fsqrt  = "FSQRT 4S,4S 6ea1f800"
	scvtf  = "SCVTF 4S,4S 4e21d800"
	fcvtns = "FCVTNS 4S,4S 4e21a800"
	xtn4   = "XTN 4H,4S 0e612800"
	xtn4h  = "XTN2 8H,4S 4e612800"
	xtn8   = "XTN 8B,8H 0e212800"
	xtn8h  = "XTN2 16B,8H 4e212800"
	sxtl8  = "SXTL 8H,8B 0f08a400"
	sxtl8h = "SXTL2 8H,16B 4f08a400"
	sxtl4  = "SXTL 4S,4H 0f10a400"
	sxtl4h = "SXTL2 4S,8H 4f10a400"
	shl23  = "SHL#23 4S,4S 4f375400"
)

func (g *neon) line(format string, a ...any) { fmt.Fprintf(&g.code, "\t"+format+"\n", a...) }

func (g *neon) word(bits uint32, format string, a ...any) {
	g.line("WORD $0x%08x // %s", bits, fmt.Sprintf(format, a...))
}

func split(op string) (name, shape string, bits uint32) {
	if _, err := fmt.Sscanf(op, "%s %s %x", &name, &shape, &bits); err != nil {
		panic(err)
	}
	return name, shape, bits
}

// op3 is d = n op m.
func (g *neon) op3(op string, d, n, m int) {
	name, shape, bits := split(op)
	g.word(bits|uint32(m)<<16|uint32(n)<<5|uint32(d), "%s V%d.%s, V%d.%s, V%d.%s", name, d, shape, n, shape, m, shape)
}

// op2 is d = op n.
func (g *neon) op2(op string, d, n int) {
	name, shape, bits := split(op)
	to, from, _ := strings.Cut(shape, ",")
	g.word(bits|uint32(n)<<5|uint32(d), "%s V%d.%s, V%d.%s", name, d, to, n, from)
}

// mulElem is d = n * m[i].
func (g *neon) mulElem(d, n, m, i int) {
	g.word(0x4f809000|uint32(i&1)<<21|uint32(i>>1)<<11|uint32(m)<<16|uint32(n)<<5|uint32(d), "FMUL V%d.4S, V%d.4S, V%d.S[%d]", d, n, m, i)
}

// dotElem is d += the dot products of fours of bytes of n with the i'th four of m.
func (g *neon) dotElem(d, n, m, i int) {
	g.word(0x4f80e000|uint32(i&1)<<21|uint32(i>>1)<<11|uint32(m)<<16|uint32(n)<<5|uint32(d), "SDOT V%d.4S, V%d.16B, V%d.4B[%d]", d, n, m, i)
}

// ext is d = n and m, one behind the other, from byte i of n on.
func (g *neon) ext(d, n, m, i int) {
	g.word(0x6e000000|uint32(m)<<16|uint32(i)<<11|uint32(n)<<5|uint32(d), "EXT V%d.16B, V%d.16B, V%d.16B, #%d", d, n, m, i)
}

// dup fills d with the first float of n.
func (g *neon) dup(d, n int) {
	g.word(0x4e040400|uint32(n)<<5|uint32(d), "DUP V%d.4S, V%d.S[0]", d, n)
}

func (g *neon) zero(v int)         { g.line("VEOR V%d.B16, V%d.B16, V%d.B16", v, v, v) }
func (g *neon) mov(d, n int)       { g.line("VMOV V%d.B16, V%d.B16", n, d) }
func (g *neon) load(p, off, v int) { g.line("FMOVQ %d(R%d), F%d", off, p, v) }
func (g *neon) store(v, p, off int) {
	g.line("FMOVQ F%d, %d(R%d)", v, off, p)
}

// reg takes a free general register.
func (g *neon) reg() int {
	if g.gp == 18 {
		g.gp++
	}
	if g.gp > 26 {
		panic("out of registers")
	}
	g.gp++
	return g.gp - 1
}

// text begins a function. Parameters are "name type", results likewise.
func (g *neon) text(name string, params, results []string) {
	g.args, g.gp = map[string]string{}, 0
	at := 0
	place := func(list []string) {
		for _, p := range list {
			name, typ, _ := strings.Cut(p, " ")
			size := 8
			if typ == "float32" {
				size = 4
			}
			at = (at + size - 1) / size * size
			g.args[name] = fmt.Sprintf("%s+%d(FP)", name, at)
			at += size
		}
	}
	place(params)
	if len(results) > 0 {
		at = (at + 7) / 8 * 8
		place(results)
	}
	sig := fmt.Sprintf("func %sNEON(%s)", name, strings.Join(params, ", "))
	if len(results) > 0 {
		sig += " (" + strings.Join(results, ", ") + ")"
	}
	fmt.Fprintf(&g.stubs, "\n//go:noescape\n%s\n", sig)
	fmt.Fprintf(&g.code, "\n// %s\nTEXT ·%sNEON(SB), NOSPLIT, $0-%d\n", sig, name, at)
}

func (g *neon) arg(name string) int {
	r := g.reg()
	g.line("MOVD %s, R%d", g.args[name], r)
	return r
}

// broadcastArg fills v with a float32 argument.
func (g *neon) broadcastArg(name string, v int) {
	g.line("FMOVS %s, F%d", g.args[name], v)
	g.dup(v, v)
}

// newLabel returns a label that is unique in the file's functions.
func (g *neon) newLabel(name string) string {
	g.label++
	return fmt.Sprintf("%s%d", name, g.label)
}

func (g *neon) mark(label string)           { fmt.Fprintf(&g.code, "%s:\n", label) }
func (g *neon) add(n, r int)                { g.line("ADD $%d, R%d", n, r) }
func (g *neon) jump(cond, label string)     { g.line("%s %s", cond, label) }
func (g *neon) ret()                        { g.line("RET") }
func (g *neon) offset(base, index, to int)  { g.line("ADD R%d, R%d, R%d", index, base, to) }
func (g *neon) compare(r, with int)         { g.line("CMP R%d, R%d", with, r) }
func (g *neon) compareTo(r int, number int) { g.line("CMP $%d, R%d", number, r) }

// loop runs body until the counter, which it lowers by n, is zero.
func (g *neon) loop(counter, n int, body func()) {
	l := g.newLabel("loop")
	g.mark(l)
	body()
	g.line("SUBS $%d, R%d", n, counter)
	g.jump("BNE", l)
}

// constants writes the table: 16 bytes of each constant in the order of the
// offsets in vec.go, which here stand 16 bytes apart.
func (g *neon) constants(table []uint32) {
	for i, v := range table {
		fmt.Fprintf(&g.data, "DATA constants<>+%d(SB)/4, $0x%08x\n", 4*i, v)
	}
	fmt.Fprintf(&g.data, "GLOBL constants<>(SB), RODATA|NOPTR, $%d\n", 4*len(table))
}

// table gives the address of the constants.
func (g *neon) table() int {
	r := g.reg()
	g.line("MOVD $constants<>(SB), R%d", r)
	return r
}

func (g *neon) write(asm, stubs string) error {
	const head = "// Code generated by command: go run . DO NOT EDIT.\n\n"
	a := head + "#include \"textflag.h\"\n\n" + g.data.String() + g.code.String()
	if err := os.WriteFile(asm, []byte(a), 0o644); err != nil {
		return err
	}
	return os.WriteFile(stubs, []byte(head+"package gemm\n"+g.stubs.String()), 0o644)
}
