// Package gemm holds the arithmetic of the offline translation engine: int8
// and float32 matrix products and the vector steps between them.
//
// Every operation exists in plain Go, and on some processors in assembly. All
// paths give the same bits: integer sums are exact, and float32 sums have one
// written order. Three rules make that hold:
//
//   - No multiplication is fused with an addition. Plain Go writes
//     float32(x*y)+z, where the conversion forbids the compiler to fuse.
//   - A sum over a vector has 16 partial sums, element i going to sum i mod 16,
//     folded as i+8, i+4, i+2, i+1. Sums that need no folding (matrix products,
//     attention) run in index order.
//   - exp and log are the polynomials of this package, not those of package
//     math, whose assembly differs between processors.
//
// The rules hold for finite inputs. Matrices are row-major slices without
// padding unless said otherwise.
//
// The int8 arithmetic is that of Marian's int8shiftAlphaAll: an activation x
// becomes round(x*qa) clamped to ±127 and is stored plus 127, in 0..254; a
// weight is a signed byte; the product is the exact int32 sum. See [Correct]
// for how the shift by 127 leaves again.
package gemm

//go:generate sh -c "cd asm && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg gemm"

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// CPU is a set of kernels chosen for a processor. Its methods may be called
// from several goroutines at once.
type CPU struct {
	kernels
	scratch sync.Pool // of *scratch
}

// pathNames are the names that Detect knows, on whatever processor.
var pathNames = []string{"generic", "avx2", "vnni", "neon"}

// ErrPath is the error of a path that is unknown or that the processor lacks.
var ErrPath = errors.New("no such CPU path")

// Detect returns the kernels of the given name: "generic" (plain Go), "avx2",
// "vnni" (AVX-512 VNNI) or "neon" (ARM64 with SDOT). The empty name takes the
// fastest that this processor runs. A name that is unknown, or that the
// processor lacks, is an error.
func Detect(name string) (*CPU, error) {
	have := append([]kernels{{name: "generic"}}, available()...)
	if name == "" {
		return &CPU{kernels: have[len(have)-1]}, nil
	}
	for _, k := range have {
		if k.name == name {
			return &CPU{kernels: k}, nil
		}
	}
	if !slices.Contains(pathNames, name) {
		return nil, fmt.Errorf("%w: %q is unknown; there are %s", ErrPath, name, strings.Join(pathNames, ", "))
	}
	return nil, fmt.Errorf("%w: this processor lacks %q; it has %s", ErrPath, name, strings.Join(Paths(), ", "))
}

// Paths returns the names of the paths that this processor runs, slowest first.
func Paths() []string {
	s := []string{"generic"}
	for _, k := range available() {
		s = append(s, k.name)
	}
	return s
}

// Name returns the name by which [Detect] finds these kernels.
func (c *CPU) Name() string { return c.name }

// kernels is the assembly of one path; plain Go has none. Lengths n, unless
// said otherwise, are positive multiples of lanes, as are d, dk and tp.
type kernels struct {
	name string

	// The layout of weights: panels of cols columns, in which 4 consecutive
	// k's of a column lie side by side. K is a multiple of 16.
	cols  int
	sums  bool // a panel begins with cols int32 of 127 times the sum of a column
	pairs bool // the layout is that of packPairs

	mul     func(c *float32, ldc uintptr, a *uint8, rows uintptr, b *int8, k uintptr, bias *float32, unquant float32)
	mulRelu func(c *uint8, ldc uintptr, a *uint8, rows uintptr, b *int8, k uintptr, bias *float32, unquant, qa float32)

	// rows multiplies one row of activations by the n rows of w that ids
	// names; n is a multiple of lanes and k of rowsK. rowsPairs, where there is
	// one, does so faster for rows whose pairs of products fit 16 bits.
	rows, rowsPairs func(dst *float32, a *uint8, w *int8, k uintptr, ids *int32, n uintptr, bias *float32, unquant float32)
	rowsK           int

	// float multiplies all rows by floatCols columns.
	float     func(c, a, b *float32, rows, k, n uintptr)
	floatCols int

	quantize func(dst *uint8, x *float32, n uintptr, qa float32)
	embed    func(dst *float32, q *int8, pos *float32, n uintptr, scale float32)
	addNorm  func(q *uint8, x, y, scale, bias *float32, n uintptr, rn, qa float32)
	addNorm4 func(q *uint8, x, y, scale, bias *float32, n uintptr, rn, qa float32) // four rows; not every path has it
	ssru     func(c, x, f, h *float32, n uintptr)
	maximum  func(x *float32, n uintptr) (index uintptr) // n if none is equal to the maximum
	sumExp   func(sums, x *float32, n uintptr, most float32)

	// One head of attention for one query, for four queries and for eight, and
	// four heads for one query; not every path has the last two.
	attend1        func(out, q, kt, v, w *float32, t, tp, dv, dk uintptr, scale float32)
	attendQueries  func(out, q, kt, v, w *float32, t, tp, d, dv, dk uintptr, scale float32)
	attendQueries8 func(out, q, kt, v, w *float32, t, tp, d, dv, dk uintptr, scale float32)
	attendHeads    func(out, q, kt, v, w *float32, t, tp, dv, hv, dk uintptr, scale float32)

	// transpose turns n squares of side block, side by side in src; strides are
	// in bytes.
	transpose func(dst *float32, dstStride uintptr, src *float32, srcStride, n uintptr)
	block     int
}

// whole returns how many of n elements the assembly takes.
func (c *CPU) whole(n int) int {
	if c.cols == 0 {
		return 0
	}
	return n &^ (lanes - 1)
}

// lanes is the number of partial sums of a folded sum, and the unit to which
// attention keys are padded.
const lanes = 16

// check panics unless a slice of length have holds want elements: assembly
// reads and writes without looking at lengths.
func check(name string, have, want int) {
	if want < 0 || have < want {
		panic(fmt.Sprintf("gemm: %s has %d elements, needs %d", name, have, want))
	}
}

// fold adds 16 partial sums in the order that every path keeps.
func fold(l *[lanes]float32) float32 {
	for step := lanes / 2; step > 0; step /= 2 {
		for i := range step {
			l[i] += l[i+step]
		}
	}
	return l[0]
}
