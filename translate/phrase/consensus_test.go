package phrase

import "testing"

// Two translations that agree outvote one that scores a little better.
func TestConsensus(t *testing.T) {
	start := &hypothesis{choice: &choice{turn: &even}}
	end := func(score float32, words ...string) *hypothesis {
		return &hypothesis{score: score, back: start, choice: &choice{words: words, turn: &even}, last: 1}
	}
	got := consensus([]*hypothesis{end(-1, "it", "was", "held"), end(-1.1, "the", "talks", "took", "place"), end(-1.1, "the", "talks", "took", "place", "there")})
	if words := got.step.choice.words; words[0] != "the" {
		t.Errorf("%q was chosen", words)
	}
	if got := consensus([]*hypothesis{end(-1, "it", "was", "held"), end(-20, "the", "talks"), end(-20, "the", "talks")}); got.step.choice.words[0] != "it" {
		t.Errorf("%q was chosen though it is far behind", got.step.choice.words)
	}
}
