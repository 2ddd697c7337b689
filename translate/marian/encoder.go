package marian

import (
	"context"

	"depeche/translate/marian/gemm"
)

// maxPositions bounds the length of a source and of a target, in tokens.
const maxPositions = 512

// memory is what the decoder reads of an encoded sentence: keys (transposed,
// dim×Pad(length)) and values (length×dim, split by heads) for each decoder
// layer.
type memory struct {
	length       int
	keys, values [][]float32
}

// encode runs the encoder over the sentences of a batch, their rows one after
// another without padding, and computes the keys and values of the decoder's
// cross attention. They are valid until the next call.
func (w *workspace) encode(ctx context.Context, sources [][]int32) ([]memory, error) {
	w.memories.release(mark{})
	w.floats.release(mark{})
	w.bytes.release(mark{})
	n, cpu := w.m.net, w.m.cpu
	d := n.dim
	rows, longest := 0, 0
	for _, s := range sources {
		rows += len(s)
		longest = max(longest, len(s))
	}
	x, xq := w.floats.take(rows*d), w.bytes.take(rows*d)
	r := 0
	for _, s := range sources {
		for p, id := range s {
			w.embed(x[r*d:r*d+d], n.source, id, p)
			r++
		}
	}
	q, k, v := w.floats.take(rows*d), w.floats.take(rows*d), w.floats.take(rows*d)
	y := w.floats.take(min(rows, w.chunk) * d)
	yq := w.bytes.take(min(rows, w.chunk) * d)
	hidden, hiddenQ := w.hidden(min(rows, w.chunk))
	kt := w.floats.take(d * gemm.Pad(longest))
	scratch := w.floats.take(gemm.AttendScratch(longest))
	qas := make([]float32, rows/w.chunk+1) // multiplier of each chunk of xq
	part := func(from, to int) *input {
		return &input{x: x[from*d : to*d], q: xq[from*d : to*d], qa: qas[from/w.chunk], rows: to - from}
	}
	for i := range n.encoder {
		layer := &n.encoder[i]
		err := w.chunks(ctx, rows, func(from, to int) {
			in := part(from, to)
			w.mul(q[from*d:to*d], in, &layer.self.q)
			w.mul(k[from*d:to*d], in, &layer.self.k)
			w.mul(v[from*d:to*d], in, &layer.self.v)
		})
		if err != nil {
			return nil, err
		}
		at := 0
		for _, s := range sources {
			t := len(s)
			cpu.TransposeKeys(kt, k[at*d:(at+t)*d], t, d)
			part := q[at*d : (at+t)*d]
			cpu.Attend(part, part, kt, v[at*d:(at+t)*d], nil, scratch, t, t, d, n.heads)
			at += t
		}
		var next *linear
		if i+1 < len(n.encoder) {
			next = &n.encoder[i+1].self.q
		} else {
			next = &n.decoder[0].cross.k
		}
		err = w.chunks(ctx, rows, func(from, to int) {
			in := part(from, to)
			mixed := &input{x: q[from*d : to*d], q: yq, rows: to - from}
			w.mul(y, mixed, &layer.self.o)
			w.addNorm(in, y, &layer.self.norm, &layer.ffn.up)
			w.feedForward(in, &layer.ffn, hidden, hiddenQ, y, next)
			qas[from/w.chunk] = in.qa
		})
		if err != nil {
			return nil, err
		}
	}
	return w.remember(ctx, sources, rows, part, k, v)
}

// remember computes the decoder's keys and values from the encoder's output. k
// and v are room for all rows.
func (w *workspace) remember(ctx context.Context, sources [][]int32, rows int, part func(from, to int) *input, k, v []float32) ([]memory, error) {
	n, cpu := w.m.net, w.m.cpu
	d := n.dim
	memories := make([]memory, len(sources))
	for i := range n.decoder {
		cross := &n.decoder[i].cross
		err := w.chunks(ctx, rows, func(from, to int) {
			in := part(from, to)
			w.mul(k[from*d:to*d], in, &cross.k)
			w.mul(v[from*d:to*d], in, &cross.v)
		})
		if err != nil {
			return nil, err
		}
		at := 0
		for j, s := range sources {
			t := len(s)
			kt := w.memories.take(d * gemm.Pad(t))
			cpu.TransposeKeys(kt, k[at*d:(at+t)*d], t, d)
			split := w.memories.take(t * d)
			gemm.SplitValues(split, v[at*d:(at+t)*d], t, d, n.heads)
			memories[j].length = t
			memories[j].keys = append(memories[j].keys, kt)
			memories[j].values = append(memories[j].values, split)
			at += t
		}
	}
	return memories, nil
}

// hidden is room for the hidden rows of the widest feed-forward layer.
func (w *workspace) hidden(rows int) ([]float32, []uint8) {
	n := w.m.net
	width, float := 0, 0
	note := func(f *feedForward) {
		width = max(width, f.up.out)
		if f.floatHidden() {
			float = max(float, f.up.out)
		}
	}
	for i := range n.encoder {
		note(&n.encoder[i].ffn)
	}
	for i := range n.decoder {
		note(&n.decoder[i].ffn)
	}
	return w.floats.take(rows * float), w.bytes.take(rows * width)
}
