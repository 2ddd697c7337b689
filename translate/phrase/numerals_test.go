package phrase

import "testing"

func TestNumeral(t *testing.T) {
	for text, want := range map[string]string{
		"trois mille ans": "three thousand", "deux cents personnes": "two hundred", "cent cinquante euros": "one hundred fifty", "deux mille cinq cents": "two thousand five hundred",
		"trois cent mille habitants": "three hundred thousand", "cent quatre-vingt-dix-sept pages": "one hundred ninety-seven", "mille neuf cent": "one thousand nine hundred", "deux ans": "", "mille personnes": "",
		"deux trois": "", "deux-trois mille manifestants": "two or three thousand", "dix-quinze mille soldats": "ten or fifteen thousand",
		"vingt-trente mille": "twenty or thirty thousand", "deux-trois cents morts": "two or three hundred", "quatre-vingts mille": "eighty thousand", "trois-deux mille": "",
		"cent quatre vingt dix morts": "one hundred ninety", "deux mille vingt et un morts": "two thousand twenty-one", "trois cent un morts": "three hundred one",
		"trois cent mille deux": "three hundred thousand two", "vingt et un mille": "twenty-one thousand", "soixante et onze mille": "seventy-one thousand",
		"quatre-vingt-onze mille": "ninety-one thousand", "cent cent": "", "quatre et": "", "deux cents et quelques": "two hundred",
		"trente-deux mille cinq cent quarante-trois": "thirty-two thousand five hundred forty-three", "soixante et onze": "seventy-one", "deux cent soixante-quatre blessés": "two hundred sixty-four",
	} {
		s := &sentence{text: text, tokens: tokenize(text)}
		s.starts = make([]bool, len(s.tokens))
		if got := s.numerals()[0].english; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
