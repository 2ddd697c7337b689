package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// near fails unless got is within a relative 1e-5 of the float64 value.
func near(t *testing.T, what string, got float32, want, unit float64) {
	t.Helper()
	if math.Abs(float64(got)-want) > 1e-5*unit {
		t.Fatalf("%s: %v, float64 gives %v", what, got, want)
	}
}

func TestFloat(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, s := range shapes {
		rows, n, k := s[0], s[1], s[2]
		a, b, bias := randFloat(r, rows*k, 1), randFloat(r, k*n, 1), randFloat(r, n, 1)
		want := make([]float32, rows*n)
		for i := range rows {
			for j := range n {
				var acc float32
				var exact float64
				for l := range k {
					acc += float32(a[i*k+l] * b[l*n+j])
					exact += float64(a[i*k+l]) * float64(b[l*n+j])
				}
				near(t, "reference", acc, exact, 20*math.Sqrt(float64(k)))
				want[i*n+j] = acc + bias[j]
			}
		}
		for _, c := range cpus(t) {
			what := fmt.Sprintf("%s %d×%d×%d", c.Name(), rows, n, k)
			got := make([]float32, rows*n+1)
			got[rows*n] = 42
			c.Float(got, a, b, rows, k, n, bias)
			sameBits(t, what, got, append(want, 42))
			c.FloatRelu(got, a, b, rows, k, n, bias)
			for i, v := range want {
				if got[i] != max(0, v) {
					t.Fatalf("%s: relu of %v is %v", what, v, got[i])
				}
			}
		}
	}
}

var widths = []int{1, 2, 7, 8, 15, 16, 17, 31, 32, 48, 64, 65, 100, 256, 384, 512, 1000}

func TestAddNorm(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for _, d := range widths {
		for _, rows := range []int{0, 1, 2, 4, 9} {
			x, y, scale, bias := randFloat(r, rows*d, 3), randFloat(r, rows*d, 1), randFloat(r, d, 1), randFloat(r, d, 1)
			want, wantQ := slices.Clone(x), make([]uint8, rows*d)
			for i := range rows {
				addNorm(want[i*d:i*d+d], y[i*d:i*d+d], scale, bias)
				mean, sq := 0.0, 0.0
				for j := range d {
					mean += float64(x[i*d+j]+y[i*d+j]) / float64(d)
				}
				for j := range d {
					sq += math.Pow(float64(x[i*d+j]+y[i*d+j])-mean, 2) / float64(d)
				}
				for j := range d {
					v := (float64(x[i*d+j]+y[i*d+j])-mean)/math.Sqrt(sq+1e-6)*float64(scale[j]) + float64(bias[j])
					if d > 2 {
						near(t, "reference", want[i*d+j], v, 20)
					}
					wantQ[i*d+j] = quantize(want[i*d+j], 20)
				}
			}
			for _, c := range cpus(t) {
				what := fmt.Sprintf("%s %d×%d", c.Name(), rows, d)
				got := slices.Clone(x)
				c.AddNorm(got, y, scale, bias, rows)
				sameBits(t, what, got, want)
				got = append(slices.Clone(x), 42)
				q := append(make([]uint8, rows*d), 42)
				c.AddNormQuantize(q, got, y, scale, bias, rows, 20)
				sameBits(t, what, got, append(want, 42))
				if !slices.Equal(q, append(wantQ, 42)) {
					t.Fatalf("%s: quantised values differ", what)
				}
			}
		}
	}
}

func TestEmbed(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for _, n := range widths {
		q, pos := randInt8(r, n), randFloat(r, n, 1)
		want := make([]float32, n+1)
		want[n] = 42
		for i := range n {
			want[i] = float32(float32(q[i])*0.37) + pos[i]
		}
		for _, c := range cpus(t) {
			got := make([]float32, n+1)
			got[n] = 42
			c.Embed(got, q, pos, 0.37)
			sameBits(t, fmt.Sprintf("%s %d", c.Name(), n), got, want)
		}
	}
}

func TestSSRU(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for _, n := range widths {
		c0, x, f := randFloat(r, n, 1), randFloat(r, n, 1), randFloat(r, n, 20)
		f[0] = 1000 * float32(n%3-1)
		want, wantH := make([]float32, n), make([]float32, n)
		for i := range n {
			s := 1 / (1 + exp(-f[i]))
			near(t, "sigmoid", s, 1/(1+math.Exp(-float64(f[i]))), 0.1)
			want[i] = float32(s*(c0[i]-x[i])) + x[i]
			wantH[i] = max(0, want[i])
		}
		for _, c := range cpus(t) {
			got, h := append(slices.Clone(c0), 42), make([]float32, n+1)
			h[n] = 42
			c.SSRU(got[:n], x, f, h)
			sameBits(t, fmt.Sprintf("%s cell %d", c.Name(), n), got, append(want, 42))
			sameBits(t, fmt.Sprintf("%s output %d", c.Name(), n), h, append(wantH, 42))
			got, h = slices.Clone(c0), slices.Clone(f)
			c.SSRU(got, x, h, h)
			sameBits(t, fmt.Sprintf("%s in place %d", c.Name(), n), h, wantH)
		}
	}
}

func TestArgmax(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	for _, n := range widths {
		for k := range 20 {
			x := randFloat(r, n, 10)
			switch k % 4 {
			case 1: // ties
				for i := range x {
					x[i] = float32(r.IntN(3)) - 2
				}
			case 2:
				for i := range x {
					x[i] = -math.MaxFloat32
				}
			case 3:
				x[n-1] = 100
			}
			want := 0
			for i, v := range x {
				if v > x[want] {
					want = i
				}
			}
			sum := 0.0
			for _, v := range x {
				sum += math.Exp(float64(v - x[want]))
			}
			var sums [lanes]float32
			for i, v := range x {
				sums[i%lanes] += exp(v - x[want])
			}
			lse := x[want] + logf(fold(&sums))
			if x[want] > -1e30 {
				near(t, "log sum exp", lse, float64(x[want])+math.Log(sum), 10)
			}
			soft := slices.Clone(x)
			softmax(soft)
			for _, c := range cpus(t) {
				if got, v := c.Argmax(x); got != want || v != x[want] {
					t.Fatalf("%s %d: argmax is %d (%v), want %d (%v)", c.Name(), n, got, v, want, x[want])
				}
				top, sum := c.LogSumExp(x)
				if top != want {
					t.Fatalf("%s %d: the top of the sum is %d, want %d", c.Name(), n, top, want)
				}
				sameBits(t, c.Name()+" log sum exp", []float32{sum}, []float32{lse})
				got := append(slices.Clone(x), 42)
				c.Softmax(got[:n])
				sameBits(t, c.Name()+" softmax", got, append(soft, 42))
			}
		}
	}
}

func TestExpLog(t *testing.T) {
	for x := float32(-90); x < 90; x += 0.0137 {
		want := math.Exp(float64(min(max(x, -expMax), expMax)))
		near(t, fmt.Sprint("exp ", x), exp(x), want, want/20)
		if v := exp(x); x > 0 {
			near(t, fmt.Sprint("log ", v), logf(v), math.Log(float64(v)), max(1, float64(x))/20)
		}
	}
	if exp(0) != 1 || logf(1) != 0 {
		t.Errorf("exp(0) = %v, log(1) = %v", exp(0), logf(1))
	}
}

func TestAttend(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for _, dims := range [][2]int{{256, 8}, {384, 8}, {512, 8}, {64, 8}, {6, 2}, {40, 2}, {48, 1}, {16, 1}} {
		d, heads := dims[0], dims[1]
		dk := d / heads
		for _, n := range []int{1, 2, 15, 16, 17, 26, 33, 70, 128, 200} {
			queries := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 3}[n%10]
			q, k, v := randFloat(r, queries*d, 1), randFloat(r, n*d, 1), randFloat(r, n*d, 1)
			want, wantAlign := make([]float32, queries*d), make([]float32, queries*n)
			scale := float32(1 / math.Sqrt(float64(dk)))
			for i := range queries {
				for h := range heads {
					at := i*d + h*dk
					w := make([]float32, n)
					for l := range n {
						for j := range dk {
							w[l] += float32(q[at+j] * k[l*d+h*dk+j])
						}
						w[l] *= scale
					}
					softmax(w)
					if h == 0 {
						copy(wantAlign[i*n:], w)
					}
					for l := range n {
						for j := range dk {
							want[at+j] += float32(w[l] * v[l*d+h*dk+j])
						}
					}
				}
			}
			for _, c := range cpus(t) {
				what := fmt.Sprintf("%s %d queries, %d keys, %d/%d", c.Name(), queries, n, d, heads)
				kt, scratch := make([]float32, d*Pad(n)), make([]float32, AttendScratch(n)+1)
				for i := range kt {
					kt[i] = float32(math.NaN()) // padding must not be left over
				}
				scratch[len(scratch)-1] = 42
				c.TransposeKeys(kt, k, n, d)
				got, align := append(make([]float32, queries*d), 42), append(make([]float32, queries*Pad(n)), 42)
				c.Attend(got, q, kt, v, align, scratch, queries, n, d, heads)
				sameBits(t, what, got, append(want, 42))
				for i := range queries {
					sameBits(t, what+" alignment", align[i*Pad(n):], wantAlign[i*n:i*n+n])
				}
				if scratch[len(scratch)-1] != 42 || align[len(align)-1] != 42 {
					t.Fatalf("%s: wrote past the end", what)
				}
				q2 := slices.Clone(q)
				c.Attend(q2, q2, kt, v, nil, scratch, queries, n, d, heads)
				sameBits(t, what+" in place", q2, want)
				split := make([]float32, n*d)
				SplitValues(split, v, n, d, heads)
				c.AttendSplit(got, q, kt, split, nil, scratch, queries, n, d, heads)
				sameBits(t, what+" split", got, append(want, 42))
			}
		}
	}
}
