//go:build !amd64

package gemm

// The methods of this file are the assembly of a processor that has none:
// those that return a bool say that nothing was done, those that return a
// number how many elements were.

func available() []path { return []path{generic} }

func (c *CPU) pack(*Int8, func(j int) []int8) bool { return false }

func (p *Int8) mul([]float32, []uint8, []uint8, int, float32, []float32, float32) {}

func (c *CPU) quantize([]uint8, []float32, float32) int { return 0 }

func (c *CPU) float(dst, a, b []float32, rows, k, n int) int { return 0 }

func (c *CPU) embed([]float32, []int8, []float32, float32) int { return 0 }

func (c *CPU) addNorm(q []uint8, x, y, scale, bias []float32, rows int, qa float32) bool {
	return false
}

func (c *CPU) ssru(cell, x, f, h []float32) int { return 0 }

func (c *CPU) argmax(x []float32) (best, done int) { return 0, 0 }

func (c *CPU) sumExp(*[lanes]float32, []float32, float32) int { return 0 }

func (c *CPU) attend(out, q, kt, v, align, scratch []float32, queries, t, d, heads int, scale float32) bool {
	return false
}

func (c *CPU) transpose(kt, k []float32, t, d int) (rows, cols int) { return 0, 0 }
