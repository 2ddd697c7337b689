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

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// path is one implementation of the operations.
type path uint8

const (
	generic path = iota
	avx2
	vnni
	neon
)

var pathNames = [...]string{generic: "generic", avx2: "avx2", vnni: "vnni", neon: "neon"}

// CPU is a set of kernels chosen for a processor. Its methods keep no state
// and may be called from several goroutines at once.
type CPU struct {
	path path
	wide sync.Pool // of *[]int16: activations widened for AVX2
}

// Detect returns the kernels of the given name: "generic" (plain Go), "avx2",
// "vnni" (AVX-512 VNNI) or "neon" (ARM64 with SDOT). The empty name takes the
// fastest that this processor runs. A name that is unknown, or that the
// processor lacks, is an error.
func Detect(name string) (*CPU, error) {
	have := available()
	if name == "" {
		return &CPU{path: have[len(have)-1]}, nil
	}
	i := slices.Index(pathNames[:], name)
	if i < 0 {
		return nil, fmt.Errorf("unknown CPU path %q: want one of %s", name, strings.Join(pathNames[:], ", "))
	}
	if !slices.Contains(have, path(i)) {
		return nil, fmt.Errorf("this processor lacks the CPU path %q: it has %s", name, names(have))
	}
	return &CPU{path: path(i)}, nil
}

// Paths returns the names of the paths that this processor runs, slowest first.
func Paths() []string {
	var s []string
	for _, p := range available() {
		s = append(s, pathNames[p])
	}
	return s
}

func names(ps []path) string {
	var s []string
	for _, p := range ps {
		s = append(s, pathNames[p])
	}
	return strings.Join(s, ", ")
}

// Name returns the name by which [Detect] finds these kernels.
func (c *CPU) Name() string { return pathNames[c.path] }

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
