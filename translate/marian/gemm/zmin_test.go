package gemm

import (
	"fmt"
	"math/rand/v2"
	"os"
	"sort"
	"testing"
	"time"
)

// temporary: min and median of many short runs
func TestZMin(t *testing.T) {
	if os.Getenv("ZMIN") == "" {
		t.Skip()
	}
	measure := func(name string, macs float64, f func(i int)) {
		var d []float64
		start := time.Now()
		for i := 0; time.Since(start) < 400*time.Millisecond || i < 50; i++ {
			s := time.Now()
			f(i)
			d = append(d, time.Since(s).Seconds())
		}
		sort.Float64s(d)
		fmt.Printf("%-32s min %9.2f µs  p25 %9.2f  med %9.2f  (%.1f / %.1f GMAC/s)\n", name, d[0]*1e6, d[len(d)/4]*1e6, d[len(d)/2]*1e6, macs/d[0]/1e9, macs/d[len(d)/4]/1e9)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range cpus(t)[1:] {
		const vocab, k, n = 32000, 256, 1200
		w, a, bias, dst := randInt8(r, vocab*k), randUint8(r, 16*2048), randFloat(r, 20000, 1), make([]float32, 16*20000)
		var sentences [16]*Picked
		for i := range sentences {
			ids := make([]int32, n)
			for j := range ids {
				ids[j] = int32((j*vocab + r.IntN(vocab)) / n)
			}
			sentences[i] = c.Pick(w, k, ids)
		}
		measure(c.Name()+" picked", float64(n*k), func(i int) { sentences[i%16].Mul(dst, a, 1, 1e-3, bias) })
		same := sentences[0]
		measure(c.Name()+" picked hot", float64(n*k), func(i int) { same.Mul(dst, a, 1, 1e-3, bias) })
		u := c.Pack(w[:12000*k], 12000, k)
		measure(c.Name()+" union", float64(16*12000*k), func(i int) { u.Mul(dst, a, 16, 1e-3, bias) })
		for _, s := range [][3]int{{64, 1536, 256}, {64, 256, 1536}, {64, 256, 256}, {16, 256, 256}, {16, 1536, 256}, {1, 1536, 256}} {
			rows, n, k := s[0], s[1], s[2]
			p := c.Pack(randInt8(r, n*k), n, k)
			a := randUint8(r, rows*k)
			measure(fmt.Sprintf("%s %dx%dx%d", c.Name(), rows, n, k), float64(rows*n*k), func(int) { p.Mul(dst, a, rows, 1e-3, bias) })
		}
		const d, tt, heads = 256, 26, 8
		x, y := randFloat(r, tt*d, 1), randFloat(r, tt*d, 1)
		kt, out, scratch, q := make([]float32, d*Pad(tt)), make([]float32, tt*d), make([]float32, AttendScratch(tt)), make([]uint8, tt*d)
		measure(c.Name()+" transpose", 0, func(int) { c.TransposeKeys(kt, y, tt, d) })
		measure(c.Name()+" attend26", 0, func(int) { c.Attend(out, x, kt, y, nil, scratch, tt, tt, d, heads) })
		measure(c.Name()+" attend1", 0, func(int) { c.Attend(out, x, kt, y, nil, scratch, 1, tt, d, heads) })
		measure(c.Name()+" addnormq 26", 0, func(int) { c.AddNormQuantize(q, x, y, bias[:d], bias[d:2*d], tt, 20) })
		measure(c.Name()+" quantize 26", 0, func(int) { c.Quantize(q, y, 20) })
		measure(c.Name()+" lse 1200", 0, func(int) { c.LogSumExp(bias[:1200]) })
		measure(c.Name()+" argmax 1200", 0, func(int) { c.Argmax(bias[:1200]) })
		measure(c.Name()+" ssru 16x256", 0, func(int) { c.SSRU(dst[:4096], dst[5000:9096], bias[:4096], dst[5000:9096]) })
	}
}
