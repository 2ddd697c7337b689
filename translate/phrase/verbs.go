package phrase

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// A rare form of a verb stands in few sentences of the text that a table is
// made of, and in some of them it was aligned to an auxiliary alone: ne céderons
// pas as "will not", qui s'exprimait as "who was". Such translations lose the
// verb.

// inflections are endings of verbs that few other words have.
var inflections = []string{
	"erai", "eras", "era", "erons", "erez", "eront", "irai", "iras", "ira", "irons", "irez", "iront", "rrai", "rras", "rra", "rrons", "rrez", "rront",
	"drai", "dras", "dra", "drons", "drez", "dront", "trai", "tras", "tra", "trons", "trez", "tront",
	"rais", "rait", "rions", "riez", "raient", "ais", "ait", "aient", "èrent", "irent", "urent", "issent", "issons", "issez", "er", "ir",
}

// verbal reports whether a French word looks like a form of a verb.
func verbal(w string) bool {
	if utf8.RuneCountInString(w) < 5 || startsUpper(w) {
		return false
	}
	return slices.ContainsFunc(inflections, func(end string) bool { return strings.HasSuffix(w, end) })
}

// frequent is how many of the words, the most frequent, may be auxiliaries
// themselves, or lose their meaning to another word.
const frequent = 400

// bare reports whether all words of a translation are auxiliaries, pronouns,
// particles or marks.
func (e *Engine) bare(o option) bool {
	for _, w := range o.words {
		if int(w) >= len(e.table.target) || !e.helps(w) {
			return false
		}
	}
	return len(o.words) > 0
}

// gerund reports whether a translation is of the kind of calling for, without is
// or were before it.
func (e *Engine) gerund(o option) bool {
	found := false
	for _, n := range o.words {
		if int(n) >= len(e.table.target) {
			return false
		}
		w := e.table.target[n]
		if auxiliary[w] && w != "for" && w != "to" && w != "on" && w != "in" {
			return false
		}
		found = found || len(w) > 5 && strings.HasSuffix(w, "ing")
	}
	return found
}

// finite reports whether a phrase has a finite verb and no relative pronoun: the
// English has one, too.
func (e *Engine) finite(ids []uint32) bool {
	found := false
	for _, id := range ids {
		w := e.table.words[id]
		if relative[w] {
			return false
		}
		found = found || id >= frequent && finiteForm(w)
	}
	return found
}

func finiteForm(w string) bool {
	if utf8.RuneCountInString(w) < 6 || startsUpper(w) || strings.HasSuffix(w, "ment") {
		return false
	}
	for _, end := range []string{"ent", "ait", "èrent", "era", "eront"} {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// verbs leaves out the translations of a phrase that lose a verb of it, or its
// tense.
func (s *sentence) verbs(e *Engine, ids []uint32, list []option) []option {
	if e.finite(ids) && slices.ContainsFunc(list, e.gerund) {
		list = slices.DeleteFunc(list, e.gerund)
	}
	if e.perfect(ids) {
		if past := slices.DeleteFunc(slices.Clone(list), func(o option) bool { return !e.past(o) }); len(past) > 0 {
			list = past
		}
	}
	if slices.ContainsFunc(ids, func(id uint32) bool { return future[e.table.words[id]] }) {
		if whole := slices.DeleteFunc(slices.Clone(list), func(o option) bool { return !e.being(o) }); len(whole) > 0 {
			list = whole
		}
	}
	for i, id := range ids {
		if id < frequent || !verbal(e.table.words[id]) {
			continue
		}
		own := e.table.options(ids[i : i+1])
		if len(own) > 0 && e.bare(own[0]) {
			continue
		}
		mine := s.english(e, id)
		others := make(map[uint32]bool)
		for k, other := range ids {
			if k != i {
				maps.Copy(others, s.english(e, other))
			}
		}
		list = slices.DeleteFunc(list, func(o option) bool {
			for _, w := range o.words {
				if int(w) >= len(e.table.target) || mine[w] || !others[w] && !e.helps(w) {
					return false
				}
			}
			return len(o.words) > 0
		})
	}
	return list
}

// perfect reports whether a phrase has a verb in the perfect: ont défilé.
func (e *Engine) perfect(ids []uint32) bool {
	for i := range len(ids) - 1 {
		if having[e.table.words[ids[i]]] && participle(e.table.words[ids[i+1]]) {
			return true
		}
	}
	return false
}

// future are forms of être that lose be to the auxiliary: serait as would.
var future = words("sera seront serait seraient")

// being reports whether a translation has a form of be, or another verb without
// its auxiliary.
func (e *Engine) being(o option) bool {
	helped := false
	for _, n := range o.words {
		if int(n) >= len(e.table.target) {
			return true
		}
		switch e.table.target[n] {
		case "be", "is", "are", "was", "were", "been", "being", "'s":
			return true
		case "will", "would", "'ll", "'d", "shall", "should":
			helped = true
		}
	}
	return !helped || len(o.words) > 1
}

// past reports whether a translation tells of the past.
func (e *Engine) past(o option) bool {
	for _, n := range o.words {
		if int(n) >= len(e.table.target) {
			return true
		}
		w := e.table.target[n]
		if strings.HasSuffix(w, "ed") || pasts[w] != "" || preterites[w] {
			return true
		}
	}
	return false
}

// helps reports whether an English word is an auxiliary, a pronoun, a particle
// or a mark.
func (e *Engine) helps(w uint32) bool {
	word := e.table.target[w]
	return auxiliary[strings.ToLower(word)] || !hasLetter(word)
}

// english are the words that a French word may become by itself, but for those
// that help.
func (s *sentence) english(e *Engine, id uint32) map[uint32]bool {
	if m, ok := s.partners[id]; ok {
		return m
	}
	m := make(map[uint32]bool)
	for _, o := range e.table.options([]uint32{id}) {
		for _, w := range o.words {
			if int(w) < len(e.table.target) && !e.helps(w) {
				m[w] = true
			}
		}
	}
	s.partners[id] = m
	return m
}

// conjugate adds what word i means if it is a future or a conditional of a verb
// whose infinitive the table has, also with a denial around it.
func (s *sentence) conjugate(e *Engine, i int) {
	const dear = -1
	auxiliary, infinitive := e.tense(s.word(i))
	if infinitive == 0 || s.ids[i] < 4*frequent && s.ids[i] != 0 {
		return
	}
	for _, t := range s.tokens[max(0, i-5):i] {
		if whenever[strings.ToLower(t.text)] { // quand il viendra: when he comes
			return
		}
	}
	var simple, denied []choice
	negation := ""
	if i > 0 && i+1 < len(s.tokens) && negates(s.word(i-1)) {
		negation = denyingAdverbs[s.word(i+1)]
	}
	for _, o := range e.table.options([]uint32{infinitive}) {
		if len(o.words) == 0 || e.bare(o) || int(slices.Max(o.words)) >= len(e.table.target) {
			continue
		}
		verb := strings.TrimPrefix(e.english(o), "to ")
		add := func(list []choice, text string) []choice {
			c := e.copied(text, 0)
			c.score, c.guess, c.turn = c.score+o.score+dear, c.guess+o.score+dear, &e.turns[o.turn]
			return append(list, c)
		}
		simple = add(simple, auxiliary+" "+verb)
		if negation != "" {
			denied = add(denied, auxiliary+" "+negation+" "+verb)
		}
		if len(simple) == maxGuess {
			break
		}
	}
	if len(simple) > 0 {
		s.add(i, i+1, simple...)
	}
	if len(denied) > 0 {
		s.propose(i-1, i+2, denied...)
	}
}

// tense gives the English auxiliary of a future or a conditional, and the
// number of the verb's infinitive in the table, 0 for none.
func (e *Engine) tense(w string) (auxiliary string, infinitive uint32) {
	if startsUpper(w) {
		return "", 0
	}
	for _, t := range []struct{ auxiliary, ends string }{
		{"would", "aient ions iez ais ait"}, {"will", "ons ont ez ai as a"},
	} {
		for _, end := range strings.Fields(t.ends) {
			stem, ok := strings.CutSuffix(w, end)
			if !ok || !strings.HasSuffix(stem, "r") || len(stem) < 4 {
				continue
			}
			for _, verb := range []string{stem, stem + "e"} {
				if id, ok := e.table.source[verb]; ok && slices.ContainsFunc(infinitives, func(end string) bool { return strings.HasSuffix(verb, end) }) {
					return t.auxiliary, id
				}
			}
		}
	}
	return "", 0
}

var (
	preterites = func() map[string]bool { // forms of the past that are no participles, and auxiliaries
		m := words("has have had having been was were 've 'd did")
		for _, w := range pasts {
			m[w] = true
		}
		return m
	}()
	infinitives = strings.Fields("er ir dre ttre ître aître pre ire aire oire ivre clure")
	whenever    = words("quand lorsque lorsqu' tant aussitôt sitôt fois dès")
)

var auxiliary = words(`be been being am is are was were 's 'm 're has have had having 've do does did doing will 'll shall would 'd should can could may might must
	not n't no i you he she it we they them him her us me itself themselves himself to the a an of in on at for from with by and that which who this these those there`)
