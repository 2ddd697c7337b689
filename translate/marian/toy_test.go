package marian

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// toy is the shape of a small random model.
type toy struct {
	dim, hidden, heads, encoder, decoder int
	words                                []string // pieces behind </s> and <unk>
	bytes                                bool     // with byte pieces and their fallback
	separate                             bool     // two vocabularies, untied embeddings
	seed                                 uint64
	endBias                              float32
}

// vocabulary is a serialised SentencePiece model with the identifiers that
// Mozilla's have.
func (y toy) vocabulary() []byte {
	field := func(b []byte, number int, value []byte) []byte {
		b = binary.AppendUvarint(b, uint64(number<<3|2))
		return append(binary.AppendUvarint(b, uint64(len(value))), value...)
	}
	var out []byte
	add := func(piece string, score float32, kind byte) {
		p := field(nil, 1, []byte(piece))
		p = append(p, 2<<3|5)
		p = binary.LittleEndian.AppendUint32(p, math.Float32bits(score))
		out = field(out, 1, append(p, 3<<3, kind))
	}
	add("</s>", 0, 3)
	add("<unk>", 0, 2)
	if y.bytes {
		for i := range 256 {
			add(fmt.Sprintf("<0x%02X>", i), 0, 6)
		}
	}
	for i, w := range y.words {
		add(w, -1-float32(i)/8, 1)
	}
	trainer := []byte{3 << 3, 1}
	if y.bytes {
		trainer = append(binary.AppendUvarint(trainer, 35<<3), 1)
	}
	return field(out, 2, trainer)
}

func (y toy) size() int {
	n := 2 + len(y.words)
	if y.bytes {
		n += 256
	}
	return (n + 7) &^ 7
}

func (y toy) options() string {
	return fmt.Sprintf(`dec-cell: ssru
dec-depth: %d
dim-emb: %d
dim-vocabs:
  - %d
  - %d
enc-depth: %d
tied-embeddings: %v
tied-embeddings-all: %v
transformer-decoder-autoreg: rnn
transformer-dim-ffn: %d
transformer-heads: %d
transformer-postprocess: dan
transformer-preprocess: ""
type: transformer
`, y.decoder, y.dim, y.size(), y.size(), y.encoder, y.separate, !y.separate, y.hidden, y.heads)
}

// tensors is the model's parameters, random.
func (y toy) tensors() map[string]tensor {
	r := rand.New(rand.NewPCG(y.seed, 1))
	all := map[string]tensor{}
	put := func(name string, rows, cols int, mean, spread float64) {
		v := make([]float32, rows*cols)
		for i := range v {
			v[i] = float32(mean + spread*r.NormFloat64())
		}
		all[name] = floatTensor(v, rows, cols)
	}
	matrix := func(name string, in, out int) { put(name, in, out, 0, math.Sqrt(2/float64(in+out))) }
	bias := func(name string, n int) { put(name, 1, n, 0, 0.1) }
	norm := func(prefix string) {
		put(prefix+"_ln_scale", 1, y.dim, 1, 0.1)
		put(prefix+"_ln_bias", 1, y.dim, 0, 0.1)
	}
	attention := func(p string) {
		for _, x := range "qkvo" {
			matrix(p+"_W"+string(x), y.dim, y.dim)
			bias(p+"_b"+string(x), y.dim)
		}
		norm(p + "_Wo")
	}
	ffn := func(p string) {
		matrix(p+"_W1", y.dim, y.hidden)
		bias(p+"_b1", y.hidden)
		matrix(p+"_W2", y.hidden, y.dim)
		bias(p+"_b2", y.dim)
		norm(p + "_ffn")
	}
	for i := 1; i <= y.encoder; i++ {
		attention(fmt.Sprintf("encoder_l%d_self", i))
		ffn(fmt.Sprintf("encoder_l%d_ffn", i))
	}
	for i := 1; i <= y.decoder; i++ {
		p := fmt.Sprintf("decoder_l%d", i)
		matrix(p+"_rnn_W", y.dim, y.dim)
		matrix(p+"_rnn_Wf", y.dim, y.dim)
		bias(p+"_rnn_bf", y.dim)
		norm(p + "_rnn_ffn")
		attention(p + "_context")
		ffn(p + "_ffn")
	}
	if y.separate {
		put("encoder_Wemb", y.size(), y.dim, 0, 1/math.Sqrt(float64(y.dim)))
		put("decoder_Wemb", y.size(), y.dim, 0, 1/math.Sqrt(float64(y.dim)))
	} else {
		put("Wemb", y.size(), y.dim, 0, 1/math.Sqrt(float64(y.dim)))
	}
	put("decoder_ff_logit_out_b", 1, y.size(), 0, 0.1)
	b := all["decoder_ff_logit_out_b"].floats()
	b[0] += y.endBias
	all["decoder_ff_logit_out_b"] = floatTensor(b, 1, y.size())
	options := append([]byte(y.options()), 0)
	all[optionsName] = tensor{int8Type, []int{len(options)}, options}
	return all
}

func (y toy) files() Files {
	f := Files{Model: writeBin(y.tensors()), SourceVocab: y.vocabulary()}
	if y.separate {
		f.TargetVocab = append(f.SourceVocab[:len(f.SourceVocab):len(f.SourceVocab)], 0x30, 1) // one more field: another file
	}
	return f
}

func (y toy) load(t testing.TB) *Model {
	t.Helper()
	return loadOn(t, "", y.files())
}

// quantized makes matrices and embeddings int8, with multipliers for the
// activations if alphas is set.
func quantized(tensors map[string]tensor, alphas bool) map[string]tensor {
	out := map[string]tensor{}
	for name, t := range tensors {
		embedding := strings.Contains(name, "Wemb")
		i := strings.LastIndex(name, "_W")
		if t.kind != float32Type || !embedding && (i < 0 || len(name)-i > 3) {
			out[name] = t
			continue
		}
		rows, cols, _ := t.matrix()
		values := t.floats()
		largest := float32(0)
		for _, v := range values {
			largest = max(largest, v, -v)
		}
		q := 127 / largest
		data := make([]byte, len(values), len(values)+4)
		for i := range rows {
			for j := range cols {
				v := byte(int8(math.RoundToEven(float64(values[i*cols+j] * q))))
				if embedding {
					data[i*cols+j] = v
				} else {
					data[j*rows+i] = v
				}
			}
		}
		out[name] = tensor{intgemm8Type, t.shape, binary.LittleEndian.AppendUint32(data, math.Float32bits(q))}
		if alphas {
			out[name+"_QuantMultA"] = floatTensor([]float32{30}, 1, 1)
		}
	}
	return out
}
