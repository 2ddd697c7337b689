// Command asm writes the amd64 and arm64 kernels of package gemm. It is a module of its
// own, so that the program does not depend on avo. In the folder of package
// gemm:
//
//	go generate
//
// On amd64 every kernel comes in two widths from one text: ymm registers for
// AVX2, zmm registers for AVX-512. avo knows no ARM, so neon.go holds what is
// needed of an assembler. The order of float32 operations is that of the plain
// Go versions; see the rules in the documentation of package gemm.
package main

import (
	"log"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	ymm.consts = constants()
	zmm.consts = ymm.consts
	cpuid()
	mulVNNI(false)
	mulVNNI(true)
	rowsVNNI()
	mulAVX2(false)
	mulAVX2(true)
	rowsAVX2()
	rowsPairsAVX2()
	for _, v := range []*vec{&ymm, &zmm} {
		floatMul(v)
		quantize(v)
		embed(v)
		addNorm(v)
		addNorm4(v)
		ssru(v)
		maximum(v)
		sumExp(v)
		attend(v)
		attendQueries(v, "attendQueries", 4)
		attendHeads(v)
	}
	attendQueries(&zmm, "attendQueries8", 8)
	transpose()
	if err := neonKernels("../kernels_arm64.s", "../kernels_arm64.go"); err != nil {
		log.Fatal(err)
	}
	Generate()
}

// cpuid gives the feature registers that the dispatch reads.
func cpuid() {
	text("cpuid", "func(leaf, sub uint32) (a, b, c, d uint32)")
	Load(Param("leaf"), reg.EAX)
	Load(Param("sub"), reg.ECX)
	CPUID()
	for i, r := range []reg.Register{reg.EAX, reg.EBX, reg.ECX, reg.EDX} {
		Store(r, ReturnIndex(i))
	}
	RET()
	text("xgetbv", "func() uint32")
	XORL(reg.ECX, reg.ECX)
	XGETBV()
	Store(reg.EAX, ReturnIndex(0))
	RET()
}

func text(name, signature string) {
	TEXT(name, NOSPLIT, signature)
	Pragma("noescape")
}

func arg(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }

// at is the memory at base plus a displacement in bytes.
func at(base reg.Register, disp int) Mem { return Mem{Base: base, Disp: disp} }

// elem is the float32 at index i behind base, plus a displacement in bytes.
func elem(base, i reg.Register, disp int) Mem { return Mem{Base: base, Index: i, Scale: 4, Disp: disp} }

// step adds a number of bytes to a register.
func step(r reg.Register, bytes int) {
	if bytes < 128 {
		ADDQ(Imm(uint64(bytes)), r)
	} else {
		ADDQ(I32(bytes), r)
	}
}
