package marian

import (
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// dequantized is the files with a model whose weights are float32, as the
// reference's "float" figures are computed.
func dequantized(t testing.TB, f Files) Files {
	t.Helper()
	tensors, err := readBin(f.Model)
	if err != nil {
		t.Fatal(err)
	}
	f.Model = writeBin(dequantize(tensors))
	return f
}

// decoded is a batch after the search, each sentence's best hypothesis first.
func decoded(t testing.TB, m *Model, lines []string, o Options) []*sentence {
	t.Helper()
	o = o.withDefaults()
	var parts []*part
	for _, line := range lines {
		parts = append(parts, m.newPart(Input{Text: line}, 0, len(line), o))
	}
	w := m.newWorkspace()
	sources := make([][]int32, len(parts))
	for i, p := range parts {
		sources[i] = p.source
	}
	memories, err := w.encode(t.Context(), sources)
	if err != nil {
		t.Fatal(err)
	}
	batch := make([]*sentence, len(parts))
	for i, p := range parts {
		p.sentence.memory, p.sentence.beam = &memories[i], o.Beam
		batch[i] = &p.sentence
	}
	if err := w.search(t.Context(), batch, o.LengthExponent); err != nil {
		t.Fatal(err)
	}
	return batch
}

// greedyIDs is the words and the summed logits of the best hypotheses.
func greedyIDs(t testing.TB, m *Model, lines []string, o Options) ([][]int32, []float64) {
	t.Helper()
	var ids [][]int32
	var sums []float64
	for _, s := range decoded(t, m, lines, o) {
		var words []int32
		sum := 0.0
		for _, n := range s.path(&s.done[0]) {
			words = append(words, s.nodes[n].id)
			sum += float64(s.nodes[n].logit)
		}
		ids, sums = append(ids, words), append(sums, sum)
	}
	return ids, sums
}

func TestReferenceFloat(t *testing.T) {
	m := loadOn(t, "", dequantized(t, randomFiles(t)))
	lines := sharedLines(t, "engine/vectors/bench16.txt")
	ids, sums := greedyIDs(t, m, lines, Options{MaxLengthFactor: 1, KeepLoops: true})
	wantIDs := sharedLines(t, "engine/vectors/bench16.float.ids")
	wantSums := sharedLines(t, "engine/vectors/bench16.float.scores")
	for i := range lines {
		want, _ := strconv.ParseFloat(wantSums[i], 64)
		if !slices.Equal(ids[i], numbers(t, wantIDs[i])) {
			t.Errorf("line %d: words\n%v, want\n%v", i+1, ids[i], wantIDs[i])
		}
		if math.Abs(sums[i]-want) > 1e-3 {
			t.Errorf("line %d: score %.6f, want %.6f", i+1, sums[i], want)
		}
	}
}

func TestReferenceInt8(t *testing.T) {
	m := loadOn(t, "", randomFiles(t))
	lines := sharedLines(t, "engine/vectors/bench16.txt")
	ids, sums := greedyIDs(t, m, lines, Options{MaxLengthFactor: 1, KeepLoops: true})
	wantIDs := sharedLines(t, "engine/vectors/bench16.exact.ids")
	wantSums := sharedLines(t, "engine/vectors/bench16.exact.scores")
	same, total := 0, 0.0
	for i := range lines {
		want, _ := strconv.ParseFloat(wantSums[i], 64)
		if slices.Equal(ids[i], numbers(t, wantIDs[i])) {
			same++
		}
		total += math.Abs(sums[i]-want) / float64(len(ids[i]))
	}
	t.Logf("%d of %d lines have the reference's words", same, len(lines))
	if mean := total / float64(len(lines)); mean > 0.05 {
		t.Errorf("mean difference of the scores %.4f a token", mean)
	}
}

// TestReferenceAttention compares the guided head with the rows that the NumPy
// reference computes for the first eight words of three lines.
func TestReferenceAttention(t *testing.T) {
	m := loadOn(t, "", dequantized(t, randomFiles(t)))
	data, err := os.ReadFile("testdata/attention.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(data)), "\n")
	for i, s := range decoded(t, m, sharedLines(t, "engine/vectors/bench16.txt")[:3], Options{MaxLengthFactor: 1, KeepLoops: true}) {
		for j, n := range s.path(&s.done[0])[:8] {
			row, fields := s.row(n), strings.Fields(want[8*i+j])
			if len(row) != len(fields) {
				t.Fatalf("line %d word %d: %d columns, want %d", i+1, j+1, len(row), len(fields))
			}
			for k, f := range fields {
				if v, _ := strconv.ParseFloat(f, 64); math.Abs(v-float64(row[k])) > 1e-5 {
					t.Errorf("line %d word %d column %d: %v, want %v", i+1, j+1, k, row[k], f)
				}
			}
		}
	}
}
