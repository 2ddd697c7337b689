package phrase

import "testing"

func TestNumeral(t *testing.T) {
	for text, want := range map[string]string{
		"trois mille ans": "three thousand", "deux cents personnes": "two hundred", "cent cinquante euros": "one hundred fifty", "deux mille cinq cents": "two thousand five hundred",
		"trois cent mille habitants": "three hundred thousand", "cent quatre-vingt-dix-sept pages": "one hundred ninety-seven", "mille neuf cent": "", "deux ans": "", "mille personnes": "",
		"deux trois": "", "soixante et onze": "", "deux cent soixante-quatre blessés": "two hundred sixty-four",
	} {
		s := &sentence{tokens: tokenize(text)}
		s.starts = make([]bool, len(s.tokens))
		if got, _ := s.numeral(0); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
