package phrase

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"depeche/translate/marian/gemm"
)

// jointModel is the neural joint model: how likely an English word is, given
// the French sentence, the word of it that it belongs to, and the English words
// before it (Devlin et al. 2014, with gated convolutions over the French).
// Scores are close to natural logarithms of probabilities: training saw to it
// that they need no sum over all words (Gutmann and Hyvärinen 2010).
type jointModel struct {
	cpu            *gemm.CPU
	dim, word      int
	dilations      []int
	source, before rows
	out            rows
	outBias        []byte
	keeps          []byte // weights and bias of whether a French word has an English one
	convs          []matrix
	reach, history matrix
	order          orderModel
	unpacked       sync.Once
}

// rows are vectors of signed bytes, each with a scale.
type rows struct {
	scales, bytes []byte
	n, dim        int
}

func (r rows) at(i int) (float32, []byte) {
	return float(r.scales, i), r.bytes[i*r.dim : (i+1)*r.dim]
}

// vector is a row as numbers.
func (r rows) vector(i int) []float32 {
	scale, q := r.at(i)
	x := make([]float32, r.dim)
	for k, b := range q {
		x[k] = float32(int8(b)) * scale
	}
	return x
}

func float(b []byte, i int) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
}

// matrix is a layer: its rows are outputs. unpack makes of them what gemm
// multiplies by.
type matrix struct {
	rows
	biases  []byte // of the outputs; nil without
	weights []float32
	bias    []float32
}

func (m *matrix) unpack() {
	m.weights = make([]float32, m.n*m.dim)
	for j := range m.n {
		scale, q := m.at(j)
		for i, x := range q {
			m.weights[i*m.n+j] = float32(int8(x)) * scale
		}
	}
	if m.biases != nil {
		m.bias = make([]float32, m.n)
		for j := range m.bias {
			m.bias[j] = float(m.biases, j)
		}
	}
}

// jointHistory is how many English words the model looks back at.
const jointHistory = 3

// readJoint opens what joint.py wrote, without copying it.
func readJoint(data []byte) (*jointModel, error) {
	cut := false
	take := func(n int) []byte {
		if n > len(data) {
			cut = true
			return nil
		}
		b := data[:n:n]
		data = data[n:]
		return b
	}
	number := func() int {
		if b := take(4); b != nil {
			return int(binary.LittleEndian.Uint32(b))
		}
		return 0
	}
	m := &jointModel{}
	ns, nt := number(), number()
	m.dim, m.word = number(), number()
	before, layers := number(), number()
	m.order.width = number()
	if cut || ns != JointEnd+1 || nt != JointNone+1 || before != jointHistory || m.order.width < 1 || m.order.width > 256 ||
		m.dim < 1 || m.dim > 1024 || m.dim%8 != 0 || m.word < 1 || m.word > 1024 || layers > 16 {
		return nil, fmt.Errorf("joint model: %d and %d words, vectors of %d and %d, %d words before, %d layers, keys of %d: not of this kind", ns, nt, m.dim, m.word, before, layers, m.order.width)
	}
	for range layers {
		d := number()
		if d < 1 || d > 64 {
			return nil, fmt.Errorf("joint model: a layer that looks %d words away", d)
		}
		m.dilations = append(m.dilations, d)
	}
	table := func(n, dim int) rows { return rows{take(4 * n), take(n * dim), n, dim} }
	m.source = table(ns, m.dim)
	for range layers {
		m.convs = append(m.convs, matrix{rows: table(2*m.dim, 3*m.dim), biases: take(8 * m.dim)})
	}
	m.reach = matrix{rows: table(2*m.dim, m.dim), biases: take(8 * m.dim)}
	m.before = table(nt, m.word)
	m.history = matrix{rows: table(2*m.dim, jointHistory*m.word)}
	m.out = table(nt, m.dim)
	m.outBias = take(4 * nt)
	m.keeps = take(4*m.dim + 4)
	places := 2*m.order.width + 2*orderDistances + 1
	m.order.places = matrix{rows: table(places, m.dim), biases: take(4 * places)}
	m.order.word = matrix{rows: table(m.order.width, m.word)}
	if cut || len(data) > 0 {
		return nil, fmt.Errorf("joint model: cut off, or %d bytes too long", len(data))
	}
	numbers := [][]byte{m.source.scales, m.reach.scales, m.reach.biases, m.before.scales, m.history.scales, m.out.scales, m.outBias, m.keeps, m.order.places.scales, m.order.places.biases, m.order.word.scales}
	for _, c := range m.convs {
		numbers = append(numbers, c.scales, c.biases)
	}
	for _, b := range numbers {
		for i := range len(b) / 4 {
			if x := float(b, i); !(x > -1e6 && x < 1e6) {
				return nil, fmt.Errorf("joint model: the number %g", x)
			}
		}
	}
	var err error
	if m.cpu, err = gemm.Detect(""); err != nil {
		return nil, err
	}
	return m, nil
}

// read gives for each French word, with JointBegin before and JointEnd behind
// them, what it adds to the sum, 2·dim numbers, and the natural logarithms of
// the probabilities that no English word belongs to it, and that one does; and
// how likely they come one after the other.
func (m *jointModel) read(words []uint16) (adds []float32, kept [][2]float32, o *order) {
	m.unpacked.Do(func() {
		for i := range m.convs {
			m.convs[i].unpack()
		}
		m.reach.unpack()
		m.history.unpack()
		m.order.places.unpack()
		m.order.word.unpack()
	})
	n, d := len(words), m.dim
	x, wide, y := make([]float32, n*d), make([]float32, n*3*d), make([]float32, n*2*d)
	for i, w := range words {
		copy(x[i*d:], m.source.vector(int(w)))
	}
	half := float32(math.Sqrt(0.5))
	for l, c := range m.convs {
		clear(wide)
		for i := range n {
			for k, at := range [3]int{i - m.dilations[l], i, i + m.dilations[l]} {
				if at >= 0 && at < n {
					copy(wide[(3*i+k)*d:], x[at*d:(at+1)*d])
				}
			}
		}
		m.cpu.Float(y, wide, c.weights, n, 3*d, 2*d, c.bias)
		for i := range n {
			for k := range d {
				gate := float32(1 / (1 + math.Exp(-float64(y[2*i*d+d+k]))))
				x[i*d+k] = (x[i*d+k] + float32(y[2*i*d+k]*gate)) * half
			}
		}
	}
	m.cpu.Float(y, x, m.reach.weights, n, d, 2*d, m.reach.bias)
	kept = make([][2]float32, n)
	for i := range kept {
		sum := float(m.keeps, d)
		for k := range d {
			sum += float32(x[i*d+k] * float(m.keeps, k))
		}
		z := max(-30, min(30, float64(sum)))
		kept[i] = [2]float32{float32(-math.Log1p(math.Exp(z))), float32(-math.Log1p(math.Exp(-z)))}
	}
	return y, kept, m.newOrder(x)
}

// The vocabulary of the joint model: the most frequent words have numbers of
// their own, all others share classes by their shape and their end.
const (
	JointSource  = 20000 // French words with a number of their own: those of the table
	JointTarget  = 16384 // English ones, as the language model numbers them
	JointClasses = 512

	JointBegin = JointSource + JointClasses // stands before the French words
	JointEnd   = JointBegin + 1             // and behind them
	JointNone  = JointTarget + JointClasses // a word before, if it is not known
)

// JointClass is the class of a word that has no number of its own, below
// JointClasses.
func JointClass(w string) int {
	hash := func(s string) int {
		h := uint32(2166136261)
		for i := range len(s) {
			h = (h ^ uint32(s[i])) * 16777619
		}
		return int(h>>16 ^ h&0xffff)
	}
	tail := func(w string, n int) string {
		i := len(w)
		for ; n > 0 && i > 0; n-- {
			_, size := utf8.DecodeLastRuneInString(w[:i])
			i -= size
		}
		return w[i:]
	}
	digits, letters := 0, 0
	for _, r := range w {
		if unicode.IsDigit(r) {
			digits++
		} else if unicode.IsLetter(r) {
			letters++
		}
	}
	switch {
	case digits > 0 && letters > 0:
		return 0
	case digits > 0:
		class := min(digits, 7)
		if strings.ContainsAny(w, ".,") {
			class += 8
		}
		return class
	case letters == 0:
		return 16
	case startsUpper(w) && letters > 1 && strings.ToUpper(w) == w:
		return 17
	case startsUpper(w):
		return 32 + hash(tail(strings.ToLower(w), 2))%96
	}
	return 128 + hash(tail(w, 3))%384
}
