package phrase

import (
	"slices"
	"strings"
)

// Dispatches tell in the conditional what they have not verified: il aurait tué
// is reportedly killed, and would have killed in speeches, which the engine
// learned from.

// hearsay adds what word i means if it is aurait before a participle, in a text
// that makes no conditions.
func (s *sentence) hearsay(e *Engine, i int) {
	was, ok := map[string]string{"aurait": "was", "auraient": "were"}[s.word(i)]
	if !ok || i == 0 || s.word(i-1) == "y" || slices.ContainsFunc(s.tokens[max(0, i-3):i], func(t token) bool { return negates(t.text) }) || quoted(s.tokens, i) || slices.ContainsFunc(s.tokens, func(t token) bool { return supposing[strings.ToLower(t.text)] }) {
		return
	}
	verb := i + 1
	passive := verb < len(s.tokens) && s.word(verb) == "été"
	if passive {
		verb++
	}
	if verb >= len(s.tokens) || !participle(s.tokens[verb].text) || modals[s.word(verb)] {
		return
	}
	var choices []choice
	add := func(participle string, score float32, t *turn) {
		past := simple(participle, false)
		if past == "" {
			return
		}
		english := "reportedly " + past
		if passive {
			english = was + " reportedly " + participle
		}
		c := e.copied(english, 0)
		c.score, c.guess, c.turn = c.score+score, c.guess+score, t
		choices = append(choices, c)
	}
	for _, v := range e.lexicon.verbs(e, s.word(verb), false, "") {
		if v.form == participleOf {
			add(v.english, single-perSense*float32(v.rank), &booked)
		}
	}
	for _, o := range e.table.options(s.ids[verb : verb+1]) {
		if len(o.words) == 1 && int(o.words[0]) < len(e.table.target) && !e.bare(o) {
			add(e.table.target[o.words[0]], o.score, &booked)
		}
	}
	if len(choices) > 0 {
		sortChoices(choices)
		for k := range choices {
			choices[k].idiom = true
			choices[k].score += perWord * float32(verb-i)
			choices[k].guess += perWord * float32(verb-i)
		}
		s.propose(i, verb+1, choices...)
	}
}

// quoted reports whether word i stands between quotation marks.
func quoted(tokens []token, i int) bool {
	marks := 0
	for _, t := range tokens[:i] {
		if t.text == `"` {
			marks++
		}
	}
	return marks%2 == 1
}

var (
	supposing = words("si s' sinon sans même autrement mieux plutôt pourquoi comment ?")
	modals    = words("pu dû voulu fallu aimé souhaité préféré été eu suffi mérité")
)
