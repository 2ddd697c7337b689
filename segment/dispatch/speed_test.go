package dispatch_test

import (
	"os"
	"strings"
	"testing"

	"depeche/segment/dispatch"
)

func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"lavrov-syrie", "afp-wrapped"} {
		data, err := os.ReadFile("testdata/" + name + ".txt")
		if err != nil {
			b.Fatal(err)
		}
		text := strings.Repeat(string(data)+"\n\n", 1<<20/len(data))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := dispatch.Read(strings.NewReader(text), "-", dispatch.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
