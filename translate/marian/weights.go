package marian

import (
	"fmt"
	"math"
	"strings"

	"depeche/translate/marian/gemm"
)

// linear is a layer y = xW + b. Its weights are int8 with a fixed multiplier of
// the activations (qa > 0), int8 with one chosen for each row (qa == 0), or
// float32 (packed == nil).
type linear struct {
	in, out int
	bias    []float32 // of out elements; what Int8.Mul wants where qa > 0; nil for none
	packed  *gemm.Int8
	qa, qb  float32
	unquant float32
	sums    []float32 // sum of each column of integers, where qa == 0
	w       []float32 // in×out
}

// norm is a layer normalisation.
type norm struct{ scale, bias []float32 }

type attention struct {
	q, k, v, o linear
	norm       norm
}

type feedForward struct {
	up, down linear
	norm     norm
}

type encoderLayer struct {
	self attention
	ffn  feedForward
}

type decoderLayer struct {
	cell, forget linear // of the SSRU
	cellNorm     norm
	cross        attention
	ffn          feedForward
}

// embedding holds one vector for each word, as integers or as float32.
type embedding struct {
	words, dim int
	ints       []int8 // words×dim
	multiplier float32
	floats     []float32
}

// outputLayer multiplies by the transposed target embedding. bias has the
// correction for int8.
type outputLayer struct {
	table   *embedding
	rows    *gemm.Rows // of the table, where it holds integers and qa > 0
	bias    []float32
	qa      float32
	unquant float32
	sums    []float32
}

// network is all the parameters.
type network struct {
	config
	source, target *embedding
	encoder        []encoderLayer
	decoder        []decoderLayer
	output         outputLayer
	positions      []float32 // maxPositions×dim
}

// weightReader takes parameters by name and keeps the first error.
type weightReader struct {
	tensors map[string]tensor
	used    map[string]bool
	cpu     *gemm.CPU
	err     error
}

func (r *weightReader) fail(name, format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("parameter %q: "+format, append([]any{name}, args...)...)
	}
}

// get is a parameter of the given shape; 0 stands for any size.
func (r *weightReader) get(name string, rows, cols int) (t tensor, n, m int, ok bool) {
	t, ok = r.tensors[name]
	if !ok {
		r.fail(name, "missing")
		return t, 0, 0, false
	}
	r.used[name] = true
	n, m, err := t.matrix()
	if err != nil {
		r.fail(name, "%v", err)
		return t, 0, 0, false
	}
	if n == 0 || m == 0 || rows > 0 && n != rows || cols > 0 && m != cols {
		r.fail(name, "shape %d×%d, want %d×%d", n, m, rows, cols)
		return t, 0, 0, false
	}
	return t, n, m, true
}

// vector is a float32 parameter of one row.
func (r *weightReader) vector(name string, size int) []float32 {
	t, _, _, ok := r.get(name, 1, size)
	if !ok {
		return nil
	}
	if t.kind != float32Type {
		r.fail(name, "is %v, want float32", t.kind)
		return nil
	}
	return r.finite(name, t.floats())
}

func (r *weightReader) finite(name string, values []float32) []float32 {
	for i, v := range values {
		if v-v != 0 { // NaN or infinite
			r.fail(name, "element %d is %v", i, v)
			break
		}
	}
	return values
}

// multiplier checks a quantisation multiplier.
func (r *weightReader) multiplier(name string, q float32) float32 {
	if !(q > 1e-12 && q < 1e12) {
		r.fail(name, "quantisation multiplier %v", q)
		return 1
	}
	return q
}

// activation is the calibrated multiplier of the activations that meet a
// matrix, 0 where the model has none.
func (r *weightReader) activation(name string) float32 {
	name += "_QuantMultA"
	if _, ok := r.tensors[name]; !ok {
		return 0
	}
	v := r.vector(name, 1)
	if len(v) != 1 {
		return 0
	}
	return r.multiplier(name, v[0])
}

// linear is the layer with matrix name of in×out and, unless bias is empty,
// that bias. out may be 0 for any size. pack is the CPU's way to pack the
// weights for the activations that the layer meets.
func (r *weightReader) linear(name, bias string, in, out int, pack func(w []int8, n, k int) *gemm.Int8) linear {
	t, _, out, ok := r.get(name, in, out)
	if !ok {
		return linear{}
	}
	l := linear{in: in, out: out}
	if bias != "" {
		l.bias = r.vector(bias, out)
	}
	switch t.kind {
	case float32Type:
		l.w = r.finite(name, t.floats())
	case intgemm8Type:
		ints, qb := t.ints()
		l.qa, l.qb = r.activation(name), r.multiplier(name, qb)
		if r.err != nil {
			return linear{}
		}
		l.packed = pack(ints, out, in)
		if l.qa > 0 {
			l.unquant = 1 / (l.qa * l.qb)
			corrected := make([]float32, out)
			gemm.Correct(corrected, l.bias, ints, out, in, l.qa, l.qb)
			l.bias = corrected
		} else {
			l.sums = columnSums(ints, out, in)
		}
	default:
		r.fail(name, "is %v", t.kind)
	}
	return l
}

// columnSums is the sum of each row of w, n rows of k.
func columnSums(w []int8, n, k int) []float32 {
	sums := make([]float32, n)
	for i := range sums {
		sum := int32(0)
		for _, v := range w[i*k : i*k+k] {
			sum += int32(v)
		}
		sums[i] = float32(sum)
	}
	return sums
}

func (r *weightReader) norm(prefix string, dim int) norm {
	return norm{r.vector(prefix+"_ln_scale", dim), r.vector(prefix+"_ln_bias", dim)}
}

func (r *weightReader) attention(prefix string, dim int) attention {
	part := func(x string) linear { return r.linear(prefix+"_W"+x, prefix+"_b"+x, dim, dim, r.cpu.Pack) }
	return attention{part("q"), part("k"), part("v"), part("o"), r.norm(prefix+"_Wo", dim)}
}

func (r *weightReader) feedForward(prefix string, dim int) feedForward {
	up := r.linear(prefix+"_W1", prefix+"_b1", dim, 0, r.cpu.Pack)
	if r.err != nil {
		return feedForward{}
	}
	pack := r.cpu.Pack
	if up.qa > 0 && r.activation(prefix+"_W2") > 0 {
		pack = r.cpu.PackRelu // takes what MulReluQuantize gives; the calibration decides whether that is used
	}
	return feedForward{up, r.linear(prefix+"_W2", prefix+"_b2", up.out, dim, pack), r.norm(prefix+"_ffn", dim)}
}

func (r *weightReader) embedding(name string, words, dim int) *embedding {
	t, _, _, ok := r.get(name, words, dim)
	if !ok {
		return nil
	}
	e := &embedding{words: words, dim: dim}
	switch t.kind {
	case float32Type:
		e.floats = r.finite(name, t.floats())
	case intgemm8Type:
		e.ints, e.multiplier = t.ints()
		r.multiplier(name, e.multiplier)
	default:
		r.fail(name, "is %v", t.kind)
	}
	return e
}

// output is the output layer that shares the embedding called name.
func (r *weightReader) output(name string, e *embedding) outputLayer {
	o := outputLayer{table: e, bias: r.vector("decoder_ff_logit_out_b", e.words)}
	if e.floats != nil || r.err != nil {
		return o
	}
	// Marian quantises the dequantised matrix once more; as the largest integer
	// is always 127 the integers come out the same and only the multiplier is rounded
	qb := 127 / (127 * (1 / e.multiplier))
	if o.qa = r.activation(name); o.qa == 0 {
		o.qa = r.activation("none")
	}
	if o.qa == 0 {
		o.sums = columnSums(e.ints, e.words, e.dim)
		return o
	}
	o.rows = r.cpu.Rows(e.ints, e.dim)
	o.unquant = 1 / (o.qa * qb)
	corrected := make([]float32, e.words)
	gemm.Correct(corrected, o.bias, e.ints, e.words, e.dim, o.qa, qb)
	o.bias = corrected
	return o
}

// readNetwork takes all parameters of the architecture and refuses a model
// that holds others.
func readNetwork(tensors map[string]tensor, cpu *gemm.CPU) (*network, error) {
	options, ok := tensors[optionsName]
	if !ok || options.kind != int8Type {
		return nil, fmt.Errorf("no options (%s)", optionsName)
	}
	c, err := parseConfig(string(options.data[:options.elements()]))
	if err != nil {
		return nil, err
	}
	r := &weightReader{tensors: tensors, used: map[string]bool{optionsName: true, "none_QuantMultA": true}, cpu: cpu}
	n := &network{config: c}
	targetName := "Wemb"
	if c.tiedAll {
		n.source = r.embedding("Wemb", c.sourceWords, c.dim)
		n.target = n.source
	} else {
		targetName = "decoder_Wemb"
		n.source = r.embedding("encoder_Wemb", c.sourceWords, c.dim)
		n.target = r.embedding(targetName, c.targetWords, c.dim)
	}
	for i := 1; i <= c.encoderLayers && r.err == nil; i++ {
		p := fmt.Sprintf("encoder_l%d", i)
		n.encoder = append(n.encoder, encoderLayer{r.attention(p+"_self", c.dim), r.feedForward(p+"_ffn", c.dim)})
	}
	for i := 1; i <= c.decoderLayers && r.err == nil; i++ {
		p := fmt.Sprintf("decoder_l%d", i)
		n.decoder = append(n.decoder, decoderLayer{
			cell:     r.linear(p+"_rnn_W", "", c.dim, c.dim, cpu.Pack),
			forget:   r.linear(p+"_rnn_Wf", p+"_rnn_bf", c.dim, c.dim, cpu.Pack),
			cellNorm: r.norm(p+"_rnn_ffn", c.dim),
			cross:    r.attention(p+"_context", c.dim),
			ffn:      r.feedForward(p+"_ffn", c.dim),
		})
	}
	if r.err == nil {
		n.output = r.output(targetName, n.target)
	}
	if r.err != nil {
		return nil, r.err
	}
	for name := range tensors {
		if !r.used[name] && !strings.HasSuffix(name, "_QuantMultA") {
			return nil, fmt.Errorf("unknown parameter %q", name)
		}
	}
	n.positions = positions(maxPositions, c.dim)
	return n, nil
}

// scale is what embeddings are multiplied by.
func (n *network) scale(e *embedding) float32 {
	s := float32(math.Sqrt(float64(n.dim)))
	if e.floats == nil {
		s *= 1 / e.multiplier
	}
	return s
}
