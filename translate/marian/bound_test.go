//go:build linux

package marian

import (
	"context"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// BenchmarkBound reports how near a batch of 16 sentences comes to what its
// matrix products alone would take: every layer's at the best speed that the
// kernel has for it, 64 rows at a time, and the output layer's at the speed of
// the largest. Times are this thread's processor time, and of each piece of the
// work, between two looks at the context, the least of many runs, so that they
// hold on a busy machine; on an idle one they are those of a whole run.
func BenchmarkBound(b *testing.B) {
	lines := sharedLines(b, "engine/vectors/bench256.txt")[:16]
	options := benchOptions(16, 1).withDefaults()
	for _, path := range []string{"", "avx2"} {
		b.Run("path="+path, func(b *testing.B) {
			runtime.LockOSThread() // threadTime is this thread's
			defer runtime.UnlockOSThread()
			m := loadOn(b, path, randomFiles(b))
			w := m.newWorkspace()
			encode, search := &pieces{Context: b.Context()}, &pieces{Context: b.Context()}
			var n work
			for b.Loop() {
				n = work{}
				var sources [][]int32
				var sentences []*sentence
				for _, line := range lines {
					p := m.prepare(Input{Text: line}, options).parts[0]
					p.sentence.beam = 1
					sources, sentences = append(sources, p.source), append(sentences, &p.sentence)
					n.words += len(strings.Fields(line))
					n.encoded += len(p.source)
				}
				encode.start()
				memories, err := w.encode(encode, sources)
				if err != nil {
					b.Fatal(err)
				}
				encode.Err()
				for i, s := range sentences {
					s.memory = &memories[i]
				}
				search.start()
				if err := w.search(search, sentences, 1); err != nil {
					b.Fatal(err)
				}
				search.Err()
				for _, s := range sentences {
					n.decoded += len(s.nodes)
					n.output += len(s.nodes) * len(s.words) * m.net.dim
				}
			}
			all := (encode.sum() + search.sum()).Seconds()
			macs, least := n.products(m)
			b.ReportMetric(float64(n.words)/all, "words/s")
			b.ReportMetric(encode.sum().Seconds()*1e3, "encode-ms")
			b.ReportMetric(search.sum().Seconds()*1e3, "decode-ms")
			b.ReportMetric(macs/all/1e9, "GMAC/s")
			b.ReportMetric(macs/least/1e9, "bound-GMAC/s")
			b.ReportMetric(100*least/all, "%of-bound")
		})
	}
}

// pieces is a context that takes the time whenever it is looked at, which is the
// same number of times in every run.
type pieces struct {
	context.Context
	at    int
	last  time.Duration
	least []time.Duration
}

func (p *pieces) start() { p.at, p.last = 0, threadTime() }

// Err ends a piece.
func (p *pieces) Err() error {
	d := threadTime() - p.last
	if p.at == len(p.least) {
		p.least = append(p.least, d)
	}
	p.least[p.at] = min(p.least[p.at], d)
	p.at++
	p.last = threadTime()
	return nil
}

func (p *pieces) sum() (d time.Duration) {
	for _, t := range p.least {
		d += t
	}
	return d
}

// work is what a batch has to do.
type work struct {
	words, encoded, decoded int
	output                  int // multiply-adds of the output layer
}

// products is the multiply-adds of a batch and the least time in seconds that
// they take.
func (n work) products(m *Model) (macs, seconds float64) {
	largest := 0.0 // seconds for a multiply-add of the first layer of a feed-forward network
	add := func(rows int, l *linear) {
		t := bestProduct(l) / float64(l.in*l.out)
		if largest == 0 && l.out > l.in {
			largest = t
		}
		part := float64(rows * l.in * l.out)
		macs += part
		seconds += part * t
	}
	for i := range m.net.encoder {
		e := &m.net.encoder[i]
		for _, l := range []*linear{&e.self.q, &e.self.k, &e.self.v, &e.self.o, &e.ffn.up, &e.ffn.down} {
			add(n.encoded, l)
		}
	}
	for i := range m.net.decoder {
		d := &m.net.decoder[i]
		add(n.encoded, &d.cross.k)
		add(n.encoded, &d.cross.v)
		for _, l := range []*linear{&d.cell, &d.forget, &d.cross.q, &d.cross.o, &d.ffn.up, &d.ffn.down} {
			add(n.decoded, l)
		}
	}
	return macs + float64(n.output), seconds + float64(n.output)*largest
}

// bestProduct is the least time in seconds that a row of a product takes.
func bestProduct(l *linear) float64 {
	const rows = 64
	a, dst := make([]uint8, rows*l.in), make([]float32, rows*l.out)
	for i := range a {
		a[i] = uint8(i % 100)
	}
	best := time.Hour
	for range 1500 {
		start := time.Now()
		l.packed.Mul(dst, a, rows, l.unquant, l.bias)
		best = min(best, time.Since(start))
	}
	return best.Seconds() / rows
}

// threadTime is the processor time of this thread.
func threadTime() time.Duration {
	const threadClock = 3 // CLOCK_THREAD_CPUTIME_ID
	var t syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, threadClock, uintptr(unsafe.Pointer(&t)), 0)
	return time.Duration(t.Nano())
}
