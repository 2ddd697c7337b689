package output

import (
	"bytes"
	"io"
	"runtime"
	"testing"

	"depeche/segment"
	"depeche/translate"
)

// long is a document of n segments, the sample's over and over.
func long(tb testing.TB, n int) *translate.Bitext {
	b := lavrov(tb)
	d := *b.Document
	d.Source, d.Blocks = "", nil
	out := *b
	out.Document, out.Pairs = &d, nil
	for len(out.Pairs) < n {
		for i := range b.Pairs {
			p := b.Pairs[i]
			if b.Document.Blocks[p.Block].Kind != segment.Paragraph && len(out.Pairs) > len(b.Pairs) {
				continue
			}
			block := b.Document.Blocks[p.Block]
			block.Span = segment.Span{}
			block.Segments = append([]segment.Segment(nil), block.Segments...)
			p.Block = len(d.Blocks)
			d.Blocks = append(d.Blocks, block)
			out.Pairs = append(out.Pairs, p)
			if len(out.Pairs) == n {
				break
			}
		}
	}
	d.Identify()
	for i := range out.Pairs {
		out.Pairs[i].Source.ID = d.Blocks[out.Pairs[i].Block].Segments[0].ID
	}
	return &out
}

// BenchmarkWrite writes 5,000 segments in each format.
func BenchmarkWrite(b *testing.B) {
	text := long(b, 5000)
	for _, f := range Formats {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f.Write(io.Discard, []*translate.Bitext{text}, Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(peak(), "heap-MB")
		})
	}
}

// BenchmarkRead reads 5,000 segments in each format that comes back.
func BenchmarkRead(b *testing.B) {
	text := long(b, 5000)
	for _, f := range Formats {
		if f.Read == nil {
			continue
		}
		data := write(b, f.Name, Options{}, text)
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := f.Read(bytes.NewReader(data), "b"); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(peak(), "heap-MB")
		})
	}
}

// peak is what the heap has taken from the system so far, in MB.
func peak() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapSys) / 1e6
}
