package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// cpus returns every path of this processor, plain Go first.
func cpus(t testing.TB) []*CPU {
	var cs []*CPU
	for _, name := range Paths() {
		c, err := Detect(name)
		if err != nil {
			t.Fatal(err)
		}
		cs = append(cs, c)
	}
	return cs
}

func TestDetect(t *testing.T) {
	paths := Paths()
	t.Log("paths:", paths)
	best, err := Detect("")
	if err != nil || best.Name() != paths[len(paths)-1] {
		t.Errorf("Detect() = %v, %v; want the last of %v", best, err, paths)
	}
	for _, name := range pathNames {
		c, err := Detect(name)
		switch {
		case slices.Contains(paths, name):
			if err != nil || c.Name() != name {
				t.Errorf("Detect(%q) = %v, %v", name, c, err)
			}
		case err == nil || !strings.Contains(err.Error(), "lacks"):
			t.Errorf("Detect(%q), which this processor lacks, gives the error %v", name, err)
		}
	}
	if _, err := Detect("mmx"); err == nil || !strings.Contains(err.Error(), "unknown") {
		t.Errorf("Detect(mmx) gives the error %v", err)
	}
}

// shapes are rows, outputs and inputs: those of the known models and odd ones.
var shapes = [][3]int{
	{1, 1, 1}, {1, 8, 64}, {2, 3, 5}, {3, 31, 64}, {4, 32, 128}, {5, 33, 192}, {6, 40, 64}, {7, 72, 320},
	{8, 256, 256}, {9, 257, 256}, {11, 384, 384}, {13, 1000, 256}, {16, 1536, 256}, {17, 256, 1536},
	{1, 512, 512}, {12, 100, 100}, {23, 96, 2048}, {3, 64, 4}, {5, 35, 7}, {33, 64, 64}, {0, 8, 64}, {4, 8, 0},
}

func randInt8(r *rand.Rand, n int) []int8 {
	w := make([]int8, n)
	for i := range w {
		w[i] = int8(r.IntN(256) - 128)
	}
	return w
}

func randUint8(r *rand.Rand, n int) []uint8 {
	a := make([]uint8, n)
	for i := range a {
		a[i] = uint8(r.IntN(255))
		if r.IntN(4) == 0 {
			a[i] = 254 // the saturation that a pairwise int16 kernel would show
		}
	}
	return a
}

func randFloat(r *rand.Rand, n int, scale float32) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64()) * scale
	}
	return x
}

// sameBits fails unless got and want are equal bit for bit.
func sameBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s: element %d of %d is %v (%#x), plain Go gives %v (%#x)", what, i, len(want),
				got[i], math.Float32bits(got[i]), want[i], math.Float32bits(want[i]))
		}
	}
}

// normalInt8 are weights as models have them, spread around zero.
func normalInt8(r *rand.Rand, n int, deviation float64) []int8 {
	w := make([]int8, n)
	for i := range w {
		w[i] = int8(max(-127, min(127, math.Round(r.NormFloat64()*deviation))))
	}
	return w
}

// TestInt8 compares every path with the sum as the formula has it, on weights
// of any spread and at the extremes.
func TestInt8(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range shapes {
		n, k := s[1], s[2]
		for name, w := range map[string][]int8{
			"uniform": randInt8(r, n*k), "wide": normalInt8(r, n*k, 45), "trained": normalInt8(r, n*k, 27), "narrow": normalInt8(r, n*k, 12),
			"lowest": slices.Repeat([]int8{-128}, n*k), "highest": slices.Repeat([]int8{127}, n*k),
		} {
			testInt8(t, r, name, s, w, false)
			testInt8(t, r, name, s, w, true)
		}
	}
}

func testInt8(t *testing.T, r *rand.Rand, name string, shape [3]int, w []int8, relu bool) {
	rows, n, k := shape[0], shape[1], shape[2]
	a, bias := randUint8(r, rows*k), randFloat(r, n, 1)
	if rows == 8 { // the extremes
		for i := range a {
			a[i] = 254
		}
	}
	for i := range a {
		if relu {
			a[i] = max(a[i], 127)
		}
	}
	unquant, qa := float32(r.Float64()*1e-3), float32(r.Float64()*40)
	want, wantQ := make([]float32, rows*n), make([]uint8, rows*n)
	for i := range rows {
		for j := range n {
			var acc int32
			for l := range k {
				acc += int32(a[i*k+l]) * int32(w[j*k+l])
			}
			v := float32(float32(acc)*unquant) + bias[j]
			want[i*n+j] = v
			q := math.RoundToEven(float64(float32(max(0, v) * qa)))
			wantQ[i*n+j] = uint8(min(q, 127) + 127)
		}
	}
	for _, c := range cpus(t) {
		what := fmt.Sprintf("%s %d×%d×%d, weights %s, relu %v", c.Name(), rows, n, k, name, relu)
		p := c.Pack(w, n, k)
		if relu {
			p = c.PackRelu(w, n, k)
		}
		a, wantQ := slices.Clone(a), slices.Clone(wantQ)
		for i := range wantQ {
			wantQ[i] -= c.reluShift()
		}
		for i := range a {
			if relu {
				a[i] -= c.reluShift()
			}
		}
		got := make([]float32, rows*n+1)
		got[rows*n] = 42
		p.Mul(got, a, rows, unquant, bias)
		sameBits(t, what, got, append(want, 42))
		gotQ := make([]uint8, rows*n+1)
		gotQ[rows*n] = 42
		p.MulReluQuantize(gotQ, a, rows, unquant, bias, qa)
		if !slices.Equal(gotQ, append(wantQ, 42)) {
			t.Fatalf("%s: relu and quantise differ", what)
		}
	}
}

// TestGather compares a gathered matrix with the columns of the whole one.
func TestGather(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const vocab, k, rows = 500, 128, 5
	w, a := randInt8(r, vocab*k), randUint8(r, rows*k)
	zero := make([]float32, vocab)
	for _, c := range cpus(t) {
		whole := make([]float32, rows*vocab)
		c.Pack(w, vocab, k).Mul(whole, a, rows, 1, zero)
		var p *Int8
		for _, n := range []int{1, 200, 7, 8, 32, 33, 499} {
			ids := make([]int32, n)
			for i := range ids {
				ids[i] = int32(r.IntN(vocab))
			}
			p = c.Gather(p, w, k, ids)
			got, want := make([]float32, rows*n), make([]float32, rows*n)
			p.Mul(got, a, rows, 1, zero[:n])
			for i := range rows {
				for j, id := range ids {
					want[i*n+j] = whole[i*vocab+int(id)]
				}
			}
			sameBits(t, fmt.Sprintf("%s %d of %d", c.Name(), n, vocab), got, want)
		}
	}
}

// TestRows compares picked rows with the columns of the whole product.
func TestRows(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	const vocab = 300
	for _, k := range []int{4, 16, 48, 64, 100, 256, 384, 512} {
		for _, rows := range []int{1, 3} {
			w, a := normalInt8(r, vocab*k, 22), randUint8(r, rows*k) // some rows in hundred are crowded
			copy(w, randInt8(r, vocab*k/3))
			bias := randFloat(r, vocab, 1)
			for _, c := range cpus(t) {
				whole := make([]float32, rows*vocab)
				c.Pack(w, vocab, k).Mul(whole, a, rows, 1e-3, bias)
				for _, n := range []int{0, 1, 7, 8, 15, 16, 17, 40, 200} {
					ids, picked := make([]int32, n), make([]float32, n)
					for i := range ids {
						ids[i] = int32(r.IntN(vocab))
						picked[i] = bias[ids[i]]
					}
					want, got := make([]float32, rows*n+1), make([]float32, rows*n+1)
					want[rows*n], got[rows*n] = 42, 42
					c.Rows(w, k).Pick(ids).Mul(got, a, rows, 1e-3, picked)
					for i := range rows {
						for j, id := range ids {
							want[i*n+j] = whole[i*vocab+int(id)]
						}
					}
					sameBits(t, fmt.Sprintf("%s %d×%d×%d", c.Name(), rows, n, k), got, want)
				}
			}
		}
	}
}

// TestCorrect checks that the shift by 127 leaves no trace but rounding.
func TestCorrect(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const rows, n, k = 3, 40, 64
	x, w, bias := randFloat(r, rows*k, 1), randInt8(r, n*k), randFloat(r, n, 1)
	qa, qb := float32(31.5), float32(212.25)
	for _, c := range cpus(t) {
		a, corrected, got := make([]uint8, rows*k), make([]float32, n), make([]float32, rows*n)
		c.Quantize(a, x, qa)
		Correct(corrected, bias, w, n, k, qa, qb)
		c.Pack(w, n, k).Mul(got, a, rows, 1/(qa*qb), corrected)
		for i := range rows {
			for j := range n {
				want := float64(bias[j])
				for l := range k {
					want += float64(x[i*k+l]) * float64(w[j*k+l]) / float64(qb)
				}
				if math.Abs(float64(got[i*n+j])-want) > 0.2 {
					t.Fatalf("%s: element %d,%d is %v, real arithmetic gives %v", c.Name(), i, j, got[i*n+j], want)
				}
			}
		}
	}
}

func TestQuantize(t *testing.T) {
	inf := float32(math.Inf(1))
	x := []float32{0, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 126.5, 127.5, -126.5, -127.5, 1e9, -1e9, 1e38, inf, -inf, float32(math.NaN()), 3.49, -3.51}
	want := []uint8{127, 127, 129, 129, 127, 125, 125, 253, 254, 1, 0, 254, 0, 254, 254, 0, 0, 130, 123}
	r := rand.New(rand.NewPCG(7, 8))
	for range 1000 {
		v := float32(r.NormFloat64() * 60)
		x = append(x, v)
		want = append(want, uint8(math.RoundToEven(math.Max(-127, math.Min(127, float64(v))))+127))
	}
	for _, c := range cpus(t) {
		for n := range len(x) {
			if n > 70 && n < len(x)-1 {
				continue
			}
			got := make([]uint8, n+1)
			got[n] = 42
			c.Quantize(got, x[:n], 1)
			for i, g := range got[:n] {
				if g != want[i] {
					t.Fatalf("%s: %v of %d quantises to %d, want %d", c.Name(), x[i], n, g, want[i])
				}
			}
			if got[n] != 42 {
				t.Fatalf("%s: wrote past the end at %d", c.Name(), n)
			}
		}
	}
}
