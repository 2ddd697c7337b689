package marian

import (
	"context"

	"depeche/translate/marian/gemm"
)

// chunkRows is the number of rows that matrix products take at once. Between
// products the context is looked at, so that on the slowest path a cancellation
// is noticed within milliseconds.
const (
	chunkRows        = 64 // their activations stay in the nearest cache
	chunkRowsGeneric = 24
)

// rows is how many hypotheses of several sentences are decoded together. A
// single sentence may have more.
func (m *Model) rows() int {
	if m.cpu.Name() == "generic" {
		return chunkRowsGeneric
	}
	return 64
}

// workspace is one worker's state and memory. Its buffers grow to the largest batch
// that they have met and are used again.
type workspace struct {
	m        *Model
	set      *wordSet
	chunk    int
	stopped  func() bool // whether the call's context has ended; products are skipped then
	floats   arena[float32]
	memories arena[float32] // what the decoder reads of the encoder
	bytes    arena[uint8]
	gathered *gemm.Int8
}

func (m *Model) newWorkspace() *workspace {
	w := &workspace{m: m, set: newWordSet(m.net.targetWords), chunk: chunkRows, stopped: func() bool { return false }}
	if m.cpu.Name() == "generic" {
		w.chunk = chunkRowsGeneric
	}
	return w
}

// arena hands out slices of a few large blocks and takes them back without
// giving the memory to the garbage collector.
type arena[T any] struct {
	blocks [][]T
	at     mark
}

// mark is a place in an arena: what was handed out before it stays.
type mark struct{ block, used int }

// take gives n elements; what they hold is left over from earlier use.
func (a *arena[T]) take(n int) []T {
	const least = 1 << 18
	rounded := (n + 63) &^ 63
	for ; ; a.at = (mark{a.at.block + 1, 0}) {
		if a.at.block == len(a.blocks) {
			a.blocks = append(a.blocks, make([]T, max(rounded, least)))
		}
		if b := a.blocks[a.at.block]; a.at.used+rounded <= len(b) {
			s := b[a.at.used : a.at.used+n : a.at.used+n]
			a.at.used += rounded
			return s
		}
	}
}

// release takes back what was handed out since the mark.
func (a *arena[T]) release(to mark) { a.at = to }

// input is the operand of matrix products: rows of dim floats, quantised at
// most once for each multiplier.
type input struct {
	x    []float32
	q    []uint8 // buffer of the same length
	qa   float32 // multiplier that q holds x for; 0 for none
	rows int
}

// mul computes dst = in·W + b.
func (w *workspace) mul(dst []float32, in *input, l *linear) {
	switch {
	case w.stopped():
	case l.packed == nil:
		w.m.cpu.Float(dst, in.x, l.w, in.rows, l.in, l.out, l.bias)
	case l.qa > 0:
		w.quantize(in, l.qa)
		l.packed.Mul(dst, in.q, in.rows, l.unquant, l.bias)
	default:
		w.mulDynamic(dst, in, l.packed, l.qb, l.bias, l.sums)
	}
}

func (w *workspace) quantize(in *input, qa float32) {
	if in.qa != qa {
		w.m.cpu.Quantize(in.q, in.x, qa)
		in.qa = qa
	}
}

// mulDynamic is an int8 product whose activations have no calibrated
// multiplier. Each row gets its own, so that it does not depend on the batch.
func (w *workspace) mulDynamic(dst []float32, in *input, p *gemm.Int8, qb float32, bias, sums []float32) {
	k, n := p.K(), p.N()
	corrected := make([]float32, n)
	for r := range in.rows {
		x, q := in.x[r*k:r*k+k], in.q[r*k:r*k+k]
		largest := float32(0)
		for _, v := range x {
			largest = max(largest, v, -v)
		}
		qa := float32(1)
		if largest > 0 {
			qa = 127 / largest
		}
		correction := -127 / (qa * qb)
		for j := range corrected {
			corrected[j] = float32(correction * sums[j])
			if bias != nil {
				corrected[j] += bias[j]
			}
		}
		w.m.cpu.Quantize(q, x, qa)
		p.Mul(dst[r*n:r*n+n], q, 1, 1/(qa*qb), corrected)
	}
	in.qa = 0
}

// addNorm sets x = norm(x+y) and leaves in.x = x quantised for the next layer.
func (w *workspace) addNorm(in *input, y []float32, n *norm, next *linear) {
	if next != nil && next.qa > 0 {
		w.m.cpu.AddNormQuantize(in.q, in.x, y, n.scale, n.bias, in.rows, next.qa)
		in.qa = next.qa
		return
	}
	w.m.cpu.AddNorm(in.x, y, n.scale, n.bias, in.rows)
	in.qa = 0
}

// feedForward sets in.x = norm(in.x + down(relu(up(in.x)))).
func (w *workspace) feedForward(in *input, f *feedForward, hidden []float32, hiddenQ []uint8, y []float32, next *linear) {
	h := input{q: hiddenQ[:in.rows*f.up.out], rows: in.rows}
	switch {
	case w.stopped():
		return
	case f.up.packed != nil && f.up.qa > 0 && f.down.qa > 0:
		w.quantize(in, f.up.qa)
		f.up.packed.MulReluQuantize(h.q, in.q, in.rows, f.up.unquant, f.up.bias, f.down.qa)
		h.qa = f.down.qa
	default:
		h.x = hidden[:in.rows*f.up.out]
		if f.up.packed == nil {
			w.m.cpu.FloatRelu(h.x, in.x, f.up.w, in.rows, f.up.in, f.up.out, f.up.bias)
		} else {
			w.mul(h.x, in, &f.up)
			for i, v := range h.x {
				h.x[i] = max(v, 0)
			}
		}
	}
	w.mul(y, &h, &f.down) // looks at the context again
	w.addNorm(in, y, &f.norm, next)
}

// floatHidden reports whether a feed-forward layer's hidden row is needed as
// float32.
func (f *feedForward) floatHidden() bool {
	return f.up.packed == nil || f.up.qa == 0 || f.down.qa == 0
}

// chunks calls f for row ranges that cover 0..rows, until the context ends.
func (w *workspace) chunks(ctx context.Context, rows int, f func(from, to int)) error {
	for from := 0; from < rows; from += w.chunk {
		if err := ctx.Err(); err != nil {
			return err
		}
		f(from, min(from+w.chunk, rows))
	}
	return ctx.Err()
}

// embed writes the embeddings of words at positions into rows of dst.
func (w *workspace) embed(dst []float32, e *embedding, id int32, position int) {
	n := w.m.net
	d := n.dim
	place := n.positions[position*d : position*d+d]
	if id < 0 {
		copy(dst, place)
		return
	}
	scale := n.scale(e)
	if e.floats == nil {
		w.m.cpu.Embed(dst, e.ints[int(id)*d:int(id)*d+d], place, scale)
		return
	}
	for i, v := range e.floats[int(id)*d : int(id)*d+d] {
		dst[i] = float32(v*scale) + place[i]
	}
}
