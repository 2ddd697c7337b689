package review

import (
	"slices"
	"testing"

	"depeche/translate"
)

// TestWhy: what the files tell of the reason for a change is said.
func TestWhy(t *testing.T) {
	old := "Il pleut. | It rains. | machine:deepl:m1"
	for _, c := range []struct {
		new, want string
		set       func(b *translate.Bitext)
	}{
		{"Il pleut. | It is raining. | machine:google:nmt", "backend: deepl → google", nil},
		{"Il pleut. | It is raining. | machine:deepl:m2", "model: m1 → m2", nil},
		{"Il pleut. | It is raining. | machine:deepl:m1", "the glossary changed", func(b *translate.Bitext) { b.Run.Glossary = "other" }},
		{"Il pleut. | It is raining. | human:Marie", "edited by Marie", nil},
		{"Il pleut. | It is raining. | memory", "from the memory (100 %)", nil},
		{"Il pleut. | It is raining. | machine:deepl:m1", "program: depeche 0.1 → depeche 0.2", func(b *translate.Bitext) { b.Run.Tool = "depeche 0.2" }},
		{"Il pleut. | It rains. | machine:deepl:m1 | reviewed", "state: translated → reviewed", nil},
		{"Il pleut. | It rains. | machine:deepl:m1 || Really?", "comment: Really?", nil},
	} {
		b := bitext(t, "a", c.new)
		if c.set != nil {
			c.set(b)
		}
		d := Diff([]*translate.Bitext{bitext(t, "a", old)}, []*translate.Bitext{b})
		if len(d.Documents[0].Changes) != 1 || !slices.Contains(d.Documents[0].Changes[0].Why, c.want) {
			t.Errorf("%s: %+v, want %q", c.new, d.Documents[0].Changes, c.want)
		}
	}
}
