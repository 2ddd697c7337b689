package phrase

import (
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const far = -100

// jointFile writes a joint model of small vectors, as joint.py does: random
// ones, and a bias for each English word; that of -1 is of whether a French
// word has an English one, that of far+d of a French word d places on.
func jointFile(dim, word int, dilations []int, bias map[int]float32) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	var out []byte
	number := func(x float32) { out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x)) }
	for _, x := range []int{JointEnd + 1, JointNone + 1, dim, word, jointHistory, len(dilations), 4} {
		out = binary.LittleEndian.AppendUint32(out, uint32(x))
	}
	for _, d := range dilations {
		out = binary.LittleEndian.AppendUint32(out, uint32(d))
	}
	table := func(n, dim int) {
		for range n {
			number(0.005)
		}
		for range n * dim {
			out = append(out, byte(random.IntN(255)-127))
		}
	}
	numbers := func(n int) {
		for range n {
			number(random.Float32() - 0.5)
		}
	}
	table(JointEnd+1, dim)
	for range dilations {
		table(2*dim, 3*dim)
		numbers(2 * dim)
	}
	table(2*dim, dim)
	numbers(2 * dim)
	table(JointNone+1, word)
	table(2*dim, jointHistory*word)
	table(JointNone+1, dim)
	for w := range JointNone + 1 {
		number(bias[w] - 2)
	}
	numbers(dim)
	number(bias[-1])
	table(2*4+2*orderDistances+1, dim)
	numbers(2 * 4)
	for d := -orderReach; d <= orderReach; d++ {
		number(bias[far+d])
	}
	numbers(orderDistances + 1)
	table(4, word)
	return out
}

// The scores are those of the formula, written down with nothing but sums.
func TestJointScore(t *testing.T) {
	const dim, word = 8, 4
	dilations := []int{1, 2}
	m, err := readJoint(jointFile(dim, word, dilations, nil))
	if err != nil {
		t.Fatal(err)
	}
	value := func(r rows, i, k int) float64 {
		scale, q := r.at(i)
		return float64(scale) * float64(int8(q[k]))
	}
	words := []uint16{JointBegin, 7, 19999, JointSource + 3, 12, JointEnd}
	x := make([][]float64, len(words))
	for i, w := range words {
		for k := range dim {
			x[i] = append(x[i], value(m.source, int(w), k))
		}
	}
	for l, c := range m.convs {
		next := make([][]float64, len(words))
		for i := range words {
			sum := make([]float64, 2*dim)
			for j := range sum {
				sum[j] = float64(float(c.biases, j))
				for k := range 3 * dim {
					if at := i + (k/dim-1)*dilations[l]; at >= 0 && at < len(words) {
						sum[j] += value(c.rows, j, k) * x[at][k%dim]
					}
				}
			}
			for k := range dim {
				next[i] = append(next[i], (x[i][k]+sum[k]/(1+math.Exp(-sum[dim+k])))*math.Sqrt(0.5))
			}
		}
		x = next
	}
	s := m.scorer(words)
	past := []int{40, 16383, JointTarget + 5} // the latest first
	state := uint64(past[2])<<32 | uint64(past[1])<<16 | uint64(past[0])
	low, high := 0, 0
	for at := range words {
		z := float64(float(m.keeps, dim))
		for k := range dim {
			z += x[at][k] * float64(float(m.keeps, k))
		}
		if got, want := float64(s.kept[at][1]), -math.Log(1+math.Exp(-z)); math.Abs(got-want) > 1e-4 {
			t.Errorf("word %d is kept with %g, want %g", at, got, want)
		}
		for _, w := range []uint16{5, 900, JointTarget + 9} {
			sum := make([]float64, 2*dim)
			for j := range sum {
				sum[j] = float64(float(m.reach.biases, j))
				for k := range dim {
					sum[j] += value(m.reach.rows, j, k) * x[at][k]
				}
				for k := range jointHistory * word {
					sum[j] += value(m.history.rows, j, k) * value(m.before, past[k/word], k%word)
				}
			}
			want := float64(float(m.outBias, int(w)))
			for k := range dim {
				want += sum[k] * max(0, sum[dim+k]) * value(m.out, int(w), k)
			}
			switch {
			case want > 0:
				want, high = 0, high+1
			case want < jointFloor:
				want, low = jointFloor, low+1
			}
			for range 2 { // the second is remembered
				if got := float64(s.score(state, w, uint8(at))); math.Abs(got-want) > 1e-3 {
					t.Errorf("word %d at %d: %g, want %g", w, at, got, want)
				}
			}
		}
	}
	if low+high > 9 {
		t.Errorf("%d scores of 18 lie outside the range: the test says little", low+high)
	}
}

// The joint model decides between words that are equal otherwise, and only as
// much as its weight says.
func TestJointDecides(t *testing.T) {
	parts := toyParts("le chat noir dort", "the cat tomcat black sleeps", []toyPair{
		{"le", "the", -1}, {"chat", "cat", -1}, {"chat", "tomcat", -1.5}, {"noir", "black", -1}, {"dort", "sleeps", -1}})
	parts.Joint = jointFile(8, 4, []int{1}, map[int]float32{int(LMWord(1)): -20, int(LMWord(2)): 20})
	for weight, want := range map[float32]string{0: "The cat sleeps", 0.01: "The cat sleeps", 1: "The tomcat sleeps"} {
		parts.Weights = Weights{LM: 0.5, Distortion: 0.3, Unknown: -5, Joint: [2]float32{weight, weight}}
		gives(t, Pack(parts), "Le chat dort", want)
	}
}

// A model that thinks that every word has a translation takes the phrase that
// leaves none out; one that thinks that none has takes the other.
func TestJointKeeps(t *testing.T) {
	parts := toyParts("le chat noir dort", "the cat black sleeps", []toyPair{
		{"le", "the", -1}, {"chat", "cat", -9}, {"noir", "black", -9}, {"chat noir", "black cat", -1}, {"chat noir", "cat", -1}, {"dort", "sleeps", -1}})
	parts.Weights = Weights{Distortion: 0.3, Unknown: -5, Kept: 1}
	for bias, want := range map[float32]string{9: "The black cat sleeps", -9: "The cat sleeps"} {
		parts.Joint = jointFile(8, 4, []int{1}, map[int]float32{-1: bias})
		gives(t, Pack(parts), "Le chat noir dort", want)
	}
}

// gives translates with a model file.
func gives(t *testing.T, model []byte, in, want string) {
	t.Helper()
	out, err := opened(t, model).Translate(context.Background(), Input{Text: in})
	if err != nil || out.Text != want {
		t.Errorf("%q gave %q, %v; want %q", in, out.Text, err, want)
	}
}

// A word of the table has its number, another one its class.
func TestJointWord(t *testing.T) {
	e := toy(t)
	if got, want := e.jointWord("cat"), LMWord(2); got != want {
		t.Errorf("cat is %d, want %d", got, want)
	}
	if got, want := int(e.jointWord("Rochefort")), JointTarget+JointClass("Rochefort"); got != want {
		t.Errorf("Rochefort is %d, want %d", got, want)
	}
}

// What a word without a partner belongs to.
func TestNearest(t *testing.T) {
	for _, c := range [][2][]int{
		{{3, 4}, {3, 4}},
		{{-1, 4}, {4, 4}},
		{{3, -1}, {3, 3}},
		{{3, -1, 5}, {3, 5, 5}},
		{{3, -1, -1, 6}, {3, 3, 6, 6}},
		{{-1, -1}, {-1, -1}},
	} {
		if got := nearest(c[0]); !slices.Equal(got, c[1]) {
			t.Errorf("%v gave %v, want %v", c[0], got, c[1])
		}
	}
}

// Words without a number share a class with their like.
func TestJointClass(t *testing.T) {
	same := [][]string{{"12", "87"}, {"1.500", "12,75"}, {"Rochefort", "Montfort"}, {"ONU", "OTAN"}, {"rapidement", "bêtement"}, {"—", "§"}, {"A320", "G7"}}
	for i, a := range same {
		if x, y := JointClass(a[0]), JointClass(a[1]); x != y {
			t.Errorf("%s is of class %d, %s of %d", a[0], x, a[1], y)
		}
		for _, b := range same[:i] {
			if JointClass(a[0]) == JointClass(b[0]) {
				t.Errorf("%s and %s are of one class", a[0], b[0])
			}
		}
	}
}

func TestJointRefuses(t *testing.T) {
	good := jointFile(8, 4, []int{1}, nil)
	nan := jointFile(8, 4, []int{1}, map[int]float32{7: float32(math.NaN())})
	for name, data := range map[string][]byte{
		"is this":  []byte("is this a model? It is long enough for one"),
		"empty":    nil,
		"header":   good[:20],
		"dilation": good[:30],
		"middle":   good[:len(good)/2],
		"end":      good[:len(good)-1],
		"long":     append(slices.Clone(good), 0),
		"nan":      nan,
	} {
		if m, err := readJoint(data); err == nil || m != nil || !strings.Contains(err.Error(), "joint model") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzJoint(f *testing.F) {
	f.Add(jointFile(8, 4, []int{1}, nil)[:64])
	f.Add(jointFile(8, 8, nil, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = readJoint(data)
	})
}
