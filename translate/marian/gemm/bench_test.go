package gemm

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// fastest is the shortest of the runs of f, which other work on the machine
// disturbs least.
func fastest(b *testing.B, f func()) time.Duration {
	least := time.Hour
	for b.Loop() {
		start := time.Now()
		f()
		least = min(least, time.Since(start))
	}
	return least
}

// best reports the multiply-adds of the fastest run of f in billions a second.
func best(b *testing.B, macs int, f func()) {
	b.ReportMetric(float64(macs)/float64(fastest(b, f).Nanoseconds()), "GMAC/s")
}

// BenchmarkMul is on the shapes of the tiny model: attention and feed-forward,
// encoder and decoder batches. Weights are spread as those of models are.
func BenchmarkMul(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range cpus(b) {
		for _, s := range [][3]int{{64, 1536, 256}, {64, 256, 1536}, {64, 256, 256}, {16, 256, 256}, {16, 1536, 256}, {1, 1536, 256}} {
			rows, n, k := s[0], s[1], s[2]
			p := c.Pack(normalInt8(r, n*k, 27), n, k)
			a, bias, dst := randUint8(r, rows*k), randFloat(r, n, 1), make([]float32, rows*n)
			if k > n {
				p = c.PackRelu(normalInt8(r, n*k, 27), n, k)
				for i := range a {
					a[i] = a[i]/2 + 127 - c.reluShift()
				}
			}
			b.Run(fmt.Sprintf("%s/%dx%dx%d", c.Name(), rows, n, k), func(b *testing.B) {
				best(b, rows*n*k, func() { p.Mul(dst, a, rows, 1e-3, bias) })
			})
		}
	}
}

// BenchmarkPicked is the output layer for the words of one sentence, out of a
// vocabulary that does not fit the inner caches.
func BenchmarkPicked(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const vocab, k, n = 32000, 256, 1200
	w, a, bias, dst := normalInt8(r, vocab*k, 22), randUint8(r, k), randFloat(r, n, 1), make([]float32, n)
	for _, c := range cpus(b) {
		matrix := c.Rows(w, k)
		var sentences [16]*Picked
		for i := range sentences {
			ids := make([]int32, n)
			for j := range ids {
				ids[j] = int32((j*vocab + r.IntN(vocab)) / n)
			}
			sentences[i] = matrix.Pick(ids)
		}
		b.Run(c.Name(), func(b *testing.B) {
			i := 0
			best(b, n*k, func() {
				sentences[i%len(sentences)].Mul(dst, a, 1, 1e-3, bias)
				i++
			})
		})
	}
}

// BenchmarkFloat is the product of models in float32.
func BenchmarkFloat(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const rows, n, k = 64, 1536, 256
	for _, c := range cpus(b) {
		x, w, dst := randFloat(r, rows*k, 1), randFloat(r, k*n, 1), make([]float32, rows*n)
		b.Run(c.Name(), func(b *testing.B) {
			best(b, rows*n*k, func() { c.Float(dst, x, w, rows, k, n, nil) })
		})
	}
}

// BenchmarkVector times the steps between products on one row of the tiny
// model, or one sentence of 26 tokens.
func BenchmarkVector(b *testing.B) {
	const d, t, heads = 256, 26, 8
	r := rand.New(rand.NewPCG(1, 1))
	x, y, scale, bias := randFloat(r, t*d, 1), randFloat(r, t*d, 1), randFloat(r, d, 1), randFloat(r, d, 1)
	kt, out, scratch, q := make([]float32, d*Pad(t)), make([]float32, t*d), make([]float32, AttendScratch(t)), make([]uint8, t*d)
	logits, emb := randFloat(r, 1024, 1), randInt8(r, d)
	for _, c := range cpus(b) {
		c.TransposeKeys(kt, y, t, d)
		for _, f := range []struct {
			name string
			run  func()
		}{
			{"Quantize", func() { c.Quantize(q[:d], x[:d], 20) }},
			{"AddNormQuantize", func() { c.AddNormQuantize(q[:d], x[:d], y, scale, bias, 1, 20) }},
			{"AddNormQuantize16", func() { c.AddNormQuantize(q, x, y, scale, bias, 16, 20) }},
			{"Quantize16", func() { c.Quantize(q[:16*d], x[:16*d], 20) }},
			{"Embed", func() { c.Embed(out[:d], emb, x, 0.3) }},
			{"SSRU", func() { c.SSRU(out[:d], x[:d], y[:d], scale) }},
			{"Argmax1024", func() { c.Argmax(logits) }},
			{"TransposeKeys26", func() { c.TransposeKeys(kt, y, t, d) }},
			{"Attend26", func() { c.Attend(out, x, kt, y, nil, scratch, t, t, d, heads) }},
			{"AttendSplit26", func() { c.AttendSplit(out, x, kt, y, nil, scratch, t, t, d, heads) }},
			{"AttendSplit1", func() { c.AttendSplit(out, x, kt, y, nil, scratch, 1, t, d, heads) }},
		} {
			b.Run(f.name+"/"+c.Name(), func(b *testing.B) {
				const runs = 10
				least := fastest(b, func() {
					for range runs {
						f.run()
					}
				})
				b.ReportMetric(float64(least.Nanoseconds())/runs, "least-ns")
			})
		}
	}
}
