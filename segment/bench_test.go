package segment_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"depeche/segment"
)

func BenchmarkSplit(b *testing.B) {
	for _, set := range []string{"sequoia-annodis", "sequoia-frwiki", "gsd-dev"} {
		data, err := os.ReadFile(filepath.Join(shared, "gold", set+".json"))
		if err != nil {
			b.Skipf("no development sets: %v", err)
		}
		var docs []struct{ Paras [][]string }
		if err := json.Unmarshal(data, &docs); err != nil {
			b.Fatal(err)
		}
		var texts []string
		size := 0
		for _, d := range docs {
			for _, p := range d.Paras {
				texts = append(texts, strings.Join(p, " "))
				size += len(texts[len(texts)-1])
			}
		}
		b.Run(set, func(b *testing.B) {
			var s segment.Splitter
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for _, t := range texts {
					s.Split(t)
				}
			}
		})
	}
}
