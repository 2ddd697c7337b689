package phrase

import (
	"math"
	"testing"
)

// The scores are those of the formula: a softmax over the places that are left.
func TestOrderScore(t *testing.T) {
	const dim, word, width = 8, 4, 4
	m, err := readJoint(jointFile(dim, word, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	words := []uint16{JointBegin, 7, 19999, JointSource + 3, 12, JointEnd}
	value := func(r rows, i, k int) float64 {
		scale, q := r.at(i)
		return float64(scale) * float64(int8(q[k]))
	}
	// What the matrix of places makes of a French word: output k.
	place := func(i, k int) float64 {
		sum := float64(float(m.order.places.biases, k))
		for d := range dim {
			sum += value(m.order.places.rows, k, d) * value(m.source, int(words[i]), d)
		}
		return sum
	}
	logit := func(last, at int, before uint16) float64 {
		sum := 0.0
		for k := range width {
			ask := place(last, k)
			if before != JointNone {
				for d := range word {
					ask += value(m.order.word.rows, k, d) * value(m.before, int(before), d)
				}
			}
			sum += ask * place(at, width+k)
		}
		d := min(max(at-last, -orderReach), orderReach) + orderReach
		return sum/math.Sqrt(width) + place(last, 2*width+d) + place(at, 2*width+orderDistances+d) + place(at, 2*width+2*orderDistances)
	}
	s := m.scorer(words)
	for _, c := range []struct {
		done []int // places
		last uint8
		left []int
	}{
		{nil, 0, []int{1, 2, 3, 4, 5}},
		{[]int{1, 3}, 3, []int{2, 3, 4, 5}},
		{[]int{2, 1}, 1, []int{1, 3, 4, 5}},
		{[]int{1, 2, 3, 4}, 2, []int{2, 5}},
	} {
		var done coverage
		for _, at := range c.done {
			done = done.with(at-1, at)
		}
		for _, before := range []uint16{40, JointNone} {
			sum := 0.0
			for _, at := range c.left {
				sum += math.Exp(logit(int(c.last), at, before))
			}
			total := 0.0
			for _, at := range c.left {
				got, want := float64(s.order.score(done, before, c.last, uint8(at))), math.Log(math.Exp(logit(int(c.last), at, before))/sum)
				if math.Abs(got-max(jointFloor, want)) > 1e-3 {
					t.Errorf("with %v done, after word %d at %d: place %d has %g, want %g", c.done, before, c.last, at, got, want)
				}
				total += math.Exp(got)
			}
			if math.Abs(total-1) > 1e-3 {
				t.Errorf("with %v done, after word %d at %d: the places left have %g together", c.done, before, c.last, total)
			}
		}
		for _, at := range c.done {
			if got := s.order.score(done, 40, c.last, uint8(at)); at != int(c.last) && got != orderBack {
				t.Errorf("back to place %d: %g", at, got)
			}
		}
	}
}

// The order model decides which of two words comes first, and only as much as
// its weight says.
func TestOrderDecides(t *testing.T) {
	parts := toyParts("le chat noir dort", "the cat black sleeps", []toyPair{{"le", "the", -1}, {"chat", "cat", -1}, {"noir", "black", -1}, {"dort", "sleeps", -1}})
	// Each word likes to come two places after the last, or one before it.
	parts.Joint = jointFile(8, 4, []int{1}, map[int]float32{far + 2: 9, far - 1: 12})
	for weight, want := range map[float32]string{0: "The cat black sleeps", 0.001: "The cat black sleeps", 1: "Cat the sleeps black"} {
		parts.Weights = Weights{Distortion: 0.3, Unknown: -5, Order: weight}
		gives(t, Pack(parts), "Le chat noir dort", want)
	}
}
