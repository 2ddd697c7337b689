package phrase

import "strings"

// A phrase table loses small words, and with ne … plus or ne … que the sense
// turns round. Of the translations that the search found, the best that keeps a
// denial or a restriction is taken.

// sense is what a translation may not lose.
type sense struct{ denies, restricts bool }

func negates(w string) bool { return w == "ne" || w == "n'" }

// senseOf reads a French text: ne with a word that denies near it, or with que.
func senseOf(tokens []token) sense {
	var s sense
	for i, t := range tokens {
		if !negates(strings.ToLower(t.text)) {
			continue
		}
		for j := max(0, i-4); j < min(len(tokens), i+8); j++ {
			w := strings.ToLower(tokens[j].text)
			switch {
			case denying[w] && (j > i || w != "plus" && w != "pas" && w != "point"):
				s.denies = true
			case j > i && j < i+6 && (w == "que" || w == "qu'"):
				s.restricts = true
			}
		}
		if !s.restricts && i+1 < len(tokens) && alone[strings.ToLower(tokens[i+1].text)] { // ne peut quitter le pays
			s.denies = true
		}
	}
	if s.denies { // n'a pas dit que
		s.restricts = false
	}
	return s
}

// offer adds what the table may have lost: a word for each that denies or
// restricts, dear enough to stay behind where a phrase has it.
func (s *sentence) offer(e *Engine, fixed []bool) {
	const dear = -1
	for i, t := range s.tokens {
		w := strings.ToLower(t.text)
		english := lost[w]
		que := w == "que" || w == "qu'"
		if fixed[i] || english == "" || que && !(s.sense.restricts && after(s.tokens, i)) || !que && !s.sense.denies {
			continue
		}
		c := e.copied(english, 0)
		c.score += dear
		c.guess += dear
		s.add(i, i+1, c)
	}
}

// after reports whether ne stands up to five words before.
func after(tokens []token, i int) bool {
	for _, t := range tokens[max(0, i-5):i] {
		if negates(strings.ToLower(t.text)) {
			return true
		}
	}
	return false
}

// keeps reports whether English words have the sense.
func (s sense) keeps(t *tail) bool {
	denied, restricted := !s.denies, !s.restricts
	for ; t != nil; t = t.next {
		denied, restricted = denied || t.step.choice.keeps, restricted || t.step.choice.keeps
		for _, w := range t.step.choice.words {
			low := strings.ToLower(w)
			denied = denied || denials[low]
			restricted = restricted || restrictions[low]
		}
	}
	return denied && restricted
}

// sensible gives the best way to the ends that keeps the sense, or else the one
// that it is given. tried is how many of the ways it looks at.
func sensible(s sense, best *tail, ends []*hypothesis) *tail {
	const tried = 400
	if s.keeps(best) {
		return best
	}
	each(ends, tried, func(t *tail, _ float32) bool {
		if s.keeps(t) {
			best = t
			return false
		}
		return true
	})
	return best
}

var (
	lost         = map[string]string{"pas": "not", "plus": "no longer", "jamais": "never", "aucun": "no", "aucune": "no", "rien": "nothing", "que": "only", "qu'": "only"}
	denying      = words("pas plus jamais rien aucun aucune ni guère personne nul nulle nullement point")
	alone        = words("peut peuvent pouvait pouvaient pourrait pourraient saurait sauraient") // deny with ne alone, if no que follows
	denials      = words("not n't no never nothing none nor neither nobody without cannot hardly unable nowhere lack lacks lacked fail fails failed refuse refused refuses impossible unlikely stop stopped ceased nil")
	restrictions = words("only just merely solely but until except mere alone")
)
