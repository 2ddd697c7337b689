package marian

import (
	"context"

	"depeche/translate/marian/gemm"
)

// decoder is the state of the hypotheses of a batch. A row is a hypothesis;
// the rows of one sentence are neighbours.
type decoder struct {
	w        *workspace
	cells    [][]float32 // SSRU state of each layer, rows×dim
	spare    []float32   // for moving rows
	x        []float32   // rows×dim
	xq       []uint8
	y, q, f  []float32
	yq       []uint8
	hidden   []float32
	hiddenQ  []uint8
	scratch  []float32
	align    []float32 // attention of the guided head, each row Pad(longest)
	stride   int
	logits   []float32 // rows×columns
	columns  int
	output   output
	capacity int
}

// newDecoder makes room for rows hypotheses over sources of at most longest
// tokens.
func (w *workspace) newDecoder(rows, longest int, out output) *decoder {
	n := w.m.net
	size := rows * n.dim
	d := &decoder{w: w, capacity: rows, output: out, columns: out.out, stride: gemm.Pad(longest)}
	for range n.decoder {
		cell := w.floats.take(size)
		clear(cell)
		d.cells = append(d.cells, cell)
	}
	d.spare = w.floats.take(size)
	d.x, d.y, d.q, d.f = w.floats.take(size), w.floats.take(size), w.floats.take(size), w.floats.take(size)
	d.xq, d.yq = w.bytes.take(size), w.bytes.take(size)
	d.hidden, d.hiddenQ = w.hidden(rows)
	d.scratch = w.floats.take(gemm.AttendScratch(longest))
	d.align = w.floats.take(rows * d.stride)
	d.logits = w.floats.take(rows * d.columns)
	return d
}

// group is the hypotheses of one sentence: how many rows, what they attend to
// and, unless all sentences share the decoder's output layer, the words that
// they may take.
type group struct {
	rows   int
	memory *memory
	own    *ownOutput
}

// step computes the logits of the next word of each row. previous is each
// row's last word, -1 at the start; position is the same for all.
func (d *decoder) step(ctx context.Context, previous []int32, position int, groups []group) error {
	w, n := d.w, d.w.m.net
	cpu, dim, rows := w.m.cpu, n.dim, len(previous)
	for i, id := range previous {
		w.embed(d.x[i*dim:i*dim+dim], n.target, id, position)
	}
	size := rows * dim
	in := &input{x: d.x[:size], q: d.xq[:size], rows: rows}
	for i := range n.decoder {
		if err := ctx.Err(); err != nil {
			return err
		}
		layer := &n.decoder[i]
		w.mul(d.y[:size], in, &layer.cell)
		w.mul(d.f[:size], in, &layer.forget)
		cpu.SSRU(d.cells[i][:size], d.y[:size], d.f[:size], d.y[:size])
		w.addNorm(in, d.y[:size], &layer.cellNorm, &layer.cross.q)
		w.mul(d.q[:size], in, &layer.cross.q)
		at := 0
		for _, g := range groups {
			var align []float32
			if i == n.alignLayer {
				align = d.align[at*d.stride:]
			}
			part := d.q[at*dim : (at+g.rows)*dim]
			cpu.AttendSplit(part, part, g.memory.keys[i], g.memory.values[i], align, d.scratch, g.rows, g.memory.length, dim, n.heads)
			if align != nil {
				spread(align, g.rows, gemm.Pad(g.memory.length), d.stride)
			}
			at += g.rows
		}
		mixed := &input{x: d.q[:size], q: d.yq[:size], rows: rows}
		w.mul(d.y[:size], mixed, &layer.cross.o)
		w.addNorm(in, d.y[:size], &layer.cross.norm, &layer.ffn.up)
		next := &d.output.linear
		if i+1 < len(n.decoder) {
			next = &n.decoder[i+1].cell
		}
		w.feedForward(in, &layer.ffn, d.hidden, d.hiddenQ, d.y[:size], next)
	}
	if !d.output.own {
		w.mul(d.logits[:rows*d.columns], in, &d.output.linear)
		return nil
	}
	w.quantize(in, d.output.qa)
	at := 0
	for _, g := range groups {
		for range g.rows {
			g.own.rows.Mul(d.row(at)[:len(g.own.bias)], in.q[at*dim:at*dim+dim], 1, d.output.unquant, g.own.bias)
			at++
		}
	}
	return nil
}

// spread moves rows of a compact matrix apart, in place.
func spread(m []float32, rows, from, to int) {
	for r := rows - 1; r > 0 && from != to; r-- {
		copy(m[r*to:r*to+from], m[r*from:r*from+from])
	}
}

// row is the logits of a hypothesis, one for each column of the output; where
// sentences have outputs of their own, one for each of its words and then room.
func (d *decoder) row(i int) []float32 { return d.logits[i*d.columns : (i+1)*d.columns] }

// attention is the guided head's attention of a hypothesis over a source of
// the given length.
func (d *decoder) attention(i, length int) []float32 {
	return d.align[i*d.stride : i*d.stride+length]
}

// keep makes row parents[i] of the state row i.
func (d *decoder) keep(parents []int) {
	moved := false
	for i, p := range parents {
		moved = moved || i != p
	}
	if !moved {
		return
	}
	dim := d.w.m.net.dim
	for l, cell := range d.cells {
		for i, p := range parents {
			copy(d.spare[i*dim:i*dim+dim], cell[p*dim:p*dim+dim])
		}
		d.cells[l], d.spare = d.spare, cell
	}
}

// output is the output layer of a batch: over the words of all its sentences,
// or, where sentences have their own, what these have in common.
type output struct {
	linear // out is the number of columns; the matrix may be shared with other batches
	own    bool
}

// ownOutput is the output layer over the words of one sentence. The rows of
// the embedding are multiplied where they lie: the words of all sentences
// together are many times those of one.
type ownOutput struct {
	rows *gemm.Picked
	bias []float32
}

// ownOutputs reports whether sentences can have output layers of their own.
func (w *workspace) ownOutputs() bool {
	o := &w.m.net.output
	return w.m.shortlist != nil && o.rows != nil
}

// pick makes the output layer over the given words.
func (w *workspace) pick(words []int32) *ownOutput {
	o := &w.m.net.output
	own := &ownOutput{rows: o.rows.Pick(words), bias: w.floats.take(len(words))}
	for j, id := range words {
		own.bias[j] = o.bias[id]
	}
	return own
}

// gather makes the output layer over the given words, or over all of the
// vocabulary where words is nil. It is valid until the next call.
func (w *workspace) gather(words []int32) output {
	o := &w.m.net.output
	if words == nil {
		return w.m.whole.get(w.m)
	}
	d := o.table.dim
	out := output{linear: linear{in: d, out: len(words)}}
	out.bias = w.floats.take(len(words))
	for j, id := range words {
		out.bias[j] = o.bias[id]
	}
	if o.table.floats != nil {
		out.w = w.floats.take(d * len(words))
		transpose(out.w, o.table.floats, words, d)
		return out
	}
	w.gathered = w.m.cpu.Gather(w.gathered, o.table.ints, d, words)
	out.packed = w.gathered
	out.qa, out.qb, out.unquant = o.qa, o.table.multiplier, o.unquant
	if o.sums != nil {
		out.sums = w.floats.take(len(words))
		for j, id := range words {
			out.sums[j] = o.sums[id]
		}
	}
	return out
}

// transpose writes the given rows of table as columns of dst, dim×len(rows).
func transpose(dst, table []float32, rows []int32, dim int) {
	for j, id := range rows {
		for k, v := range table[int(id)*dim : int(id)*dim+dim] {
			dst[k*len(rows)+j] = v
		}
	}
}
