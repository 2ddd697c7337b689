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

// TestAllocations holds that memory is taken in few pieces, whatever the
// length of the text.
func TestAllocations(t *testing.T) {
	text := strings.Repeat("M. Dupont a dit : « Oui. » Il a (peut-être) 14,5 ans, l'âge d'\"agir\". ", 5000)
	var s segment.Splitter
	if n := testing.AllocsPerRun(2, func() { s.Split(text) }); n > 100 {
		t.Errorf("%.0f allocations for %d bytes", n, len(text))
	}
}
