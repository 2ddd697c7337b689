package phrase

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// verbToy is a model with forms of verbs, which are no frequent words of it.
func verbToy(t *testing.T) *Engine {
	t.Helper()
	var rare []string // words that stand before those of the test
	for i := range 4 * frequent {
		rare = append(rare, fmt.Sprint("w", i))
	}
	french := "ne n' pas jamais plus nous il quand la et le qui ont lundi " + strings.Join(rare, " ") + " céderons céder exprimait exprime appellent appeler qui_x défilé réfléchissons mordra mordre neutrons neutre Clara"
	english := "not never no longer we he when the and who have will was yield give expressed call calling are parade paraded Monday think bite to neutrons neutral for"
	parts := toyParts(french, english, []toyPair{
		{"ne céderons", "will", -0.1}, {"ne", "not", -3}, {"n'", "not", -3}, {"pas", "not", -0.5}, {"jamais", "never", -0.5}, {"nous", "we", -0.1}, {"il", "he", -0.1}, {"quand", "when", -0.1},
		{"la", "the", -0.1}, {"le", "the", -0.1}, {"et", "and", -0.1}, {"qui", "who", -4}, {"ont", "have", -1}, {"lundi", "Monday", -0.1},
		{"céder", "to yield", -0.5}, {"céder", "give", -1},
		{"il exprimait", "he was", -0.1}, {"exprimait", "expressed", -1},
		{"appellent", "calling", -0.1}, {"appellent", "call", -1}, {"qui appellent", "calling", -0.1},
		{"ont défilé", "parade", -0.1}, {"ont défilé", "have paraded", -2},
		{"réfléchissons lundi", "Monday", -0.1}, {"réfléchissons", "think", -1},
		{"mordre", "bite", -0.5}, {"neutre", "neutral", -0.5}, {"neutrons", "neutrons", -0.5},
	})
	parts.Weights = Weights{LM: 0.1, Distortion: 1, Word: 0.1, Unknown: -5}
	return opened(t, Pack(parts))
}

func TestVerbs(t *testing.T) {
	e := verbToy(t)
	for _, c := range []struct{ name, in, want string }{
		{"a denied future keeps its verb", "nous ne céderons pas", "we will not yield"},
		{"also with never", "nous ne céderons jamais", "we will never yield"},
		{"a future by its infinitive", "il mordra", "he will bite"},
		{"no future behind when", "quand il mordra", "when he mordra"},
		{"a noun is no future", "neutrons", "neutrons"},
		{"nor is a name", "la Clara", "the Clara"},
		{"no auxiliary for a verb", "il exprimait", "he expressed"},
		{"a finite verb is no gerund", "ils appellent", "ils call"},
		{"a relative clause may be one", "nous qui appellent", "we calling"},
		{"the perfect is past", "qui ont défilé", "who paraded"},
		{"the verb is not lost to its adverb", "nous réfléchissons lundi", "we think Monday"},
	} {
		out, err := e.Translate(context.Background(), Input{Text: c.in})
		if err != nil || out.Text != c.want {
			t.Errorf("%s: %q gave %q, %v; want %q", c.name, c.in, out.Text, err, c.want)
		}
	}
}

func TestSmallWords(t *testing.T) {
	for text, want := range map[string]string{
		"le 12 mars":                 "0 on",
		"grève le 1er juin":          "1 on",
		"le lundi 12 mars":           "0 on",
		"depuis le 12 mars":          "1 ",
		"d'ici le 12 mars":           "2 ",
		"le 12 hommes":               "",
		"le mars":                    "",
		"le 2012 mars":               "",
		"ni Paris ni Berlin":         "2 nor",
		"qualifiant cela de « bon »": "2 ",
		"parlant de « bon »":         "",
		"pour « rendre »":            "0 to",
		"pour « le bien »":           "",
	} {
		tokens := tokenize(text)
		var got []string
		for i := range tokens {
			if w, ok := small(tokens, i); ok {
				got = append(got, string(rune('0'+i))+" "+w)
			}
		}
		if strings.Join(got, ",") != want {
			t.Errorf("%q gave %q, want %q", text, got, want)
		}
	}
}

func TestInflected(t *testing.T) {
	e := &Engine{numbers: map[string]uint32{"strike": 0, "run": 0, "running": 0, "carry": 0, "carried": 0, "pass": 0, "passes": 0, "skate": 0, "walk": 0, "party": 0, "orchids": 0, "mummy": 0}}
	for _, c := range []struct{ word, drop, ending, want string }{
		{"run", "", "ing", "running"},
		{"carry", "", "ed", "carried"},
		{"pass", "", "s", "passes"},
		{"skate", "", "er", "skater"}, // not known, but well made
		{"walk", "", "ed", "walked"},
		{"party", "", "s", "parties"},
		{"strip", "", "d", ""}, // stripd
		{"describ", "e", "e", ""},
		{"orchid", "s", "", "orchid"},
		{"mummie", "s", "", "mummy"},
		{"operat", "ed", "", ""},
		{"blessed", "", "s", "blessed"},
	} {
		if got := e.inflected(c.word, c.drop, c.ending); got != c.want {
			t.Errorf("%s −%s +%s gave %q, want %q", c.word, c.drop, c.ending, got, c.want)
		}
	}
}
