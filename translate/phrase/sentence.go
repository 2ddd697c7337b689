package phrase

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is what the search gets for a run of tokens.
type sentence struct {
	text   string
	tokens []token
	ids    []uint32 // in the table
	spans  []span
	walls  []int
	starts []bool // a sentence begins with this token, and it has a capital
	names  []bool // a capital inside a sentence, and the table has the word without it alone: "Rocher"
	shout  bool   // all in capitals

	fixed    []bool       // marks, terms and words whose English is given: no phrase goes over them
	perfect  []bool       // see perfects
	verb     [][]meaning  // see predicates
	own      [][]meaning  // what a lexicon has in the place of the table
	same     map[int]bool // terms that are one word and the same in English: an idiom may hold them
	persons  []bool       // see persons
	owners   []string     // see owners
	sense    sense
	partners map[uint32]map[uint32]bool // see english
	scorer   *scorer                    // nil without a joint model
}

func (e *Engine) sentence(in Input, tokens []token, opening bool) *sentence {
	s := &sentence{text: in.Text, partners: make(map[uint32]map[uint32]bool), tokens: tokens, ids: make([]uint32, len(tokens)), starts: make([]bool, len(tokens)), names: make([]bool, len(tokens)), shout: shouts(tokens)}
	known := make([]bool, len(tokens))
	fixed := make([]bool, len(tokens))
	s.fixed = fixed
	figures := make(map[int]figure)
	s.same = make(map[int]bool)
	for _, term := range in.Terms {
		i := slices.IndexFunc(tokens, func(t token) bool { return t.end > term.Start && t.start < term.End })
		if i < 0 || fixed[i] {
			continue
		}
		j := i
		for j < len(tokens) && tokens[j].start < term.End && tokens[j].end > term.Start && !fixed[j] {
			fixed[j] = true
			j++
		}
		if term.Target != "" && startsDigit(term.Target) {
			figures[i] = figure{j, term.Target}
		}
		if j == i+1 && term.Target == tokens[i].text {
			s.same[i] = true
		}
		s.add(i, j, e.copied(term.Target, 0))
	}
	e.restore(tokens, opening, s.shout)
	s.perfect, s.owners, s.persons, s.sense = perfects(tokens), owners(tokens), persons(tokens), senseOf(tokens)
	s.verb, s.own = e.predicates(tokens), make([][]meaning, len(tokens))
	titled, he := title(tokens), humans(tokens)
	start := opening
	for i, t := range tokens {
		if t.wall || !fixed[i] && (len(s.verb[i]) > 0 || i > 0 && finiteVerb(t.text) && e.predicate(tokens, i)) {
			s.walls = append(s.walls, i)
		}
		next := opens(t.text) || start && !hasLetter(t.text)
		s.starts[i] = start && startsUpper(t.text)
		s.ids[i], known[i] = e.number(t.text, start || s.shout)
		if _, own := e.table.source[t.text]; known[i] && !own && !s.shout && startsUpper(t.text) {
			switch {
			case acronym(t.text) && len(t.text) <= 4 && s.ids[i] >= common:
				known[i] = false
			case !start:
				s.names[i] = true
				known[i] = titled || !beside(tokens, i, startsUpper)
			}
		}
		start = next
		if fixed[i] {
			continue
		}
		if list, ok := s.given(e, i, he[i]); ok {
			fixed[i] = true
			s.add(i, i+1, list...)
		}
	}
	for i := range tokens {
		if !fixed[i] {
			s.lexemes(e, i, known[i])
		}
	}
	for i := range tokens {
		if fixed[i] {
			continue
		}
		s.conjugate(e, i)
		s.hearsay(e, i)
		s.governed(e, i)
		s.governs(e, i)
		s.near(e, i)
		own := e.book.word(s.word(i)) || len(s.own[i]) > 0 // a phrasebook or a lexicon has the word itself
		for j := i + 1; j <= len(tokens) && j-i <= maxPhrase && !fixed[j-1] && known[j-1]; j++ {
			if own && j == i+1 {
				continue
			}
			list := s.verbs(e, s.ids[i:j], e.faithful(tokens[i:j], e.table.options(s.ids[i:j])))
			for k := i; k < j; k++ {
				if len(s.verb[k]) > 0 {
					list = slices.DeleteFunc(list, func(o option) bool { return e.misses(o, s.verb[k], false) })
				} else if len(s.own[k]) > 0 && j == i+2 {
					list = slices.DeleteFunc(list, func(o option) bool { return e.misses(o, s.own[k], true) })
				}
			}
			if j == i+1 && !s.shout && acronym(tokens[i].text) {
				list = slices.DeleteFunc(list, func(o option) bool {
					return o.score < doubtful && !e.capital(o) || s.ids[i] >= rareAcronym && len(tokens[i].text) <= 3 && !e.anagram(tokens[i].text, o)
				})
			}
			if w := e.table.words[s.ids[i]]; j == i+1 && s.ids[i] >= rareName && e.proper(w) {
				list = slices.DeleteFunc(list, func(o option) bool { return !e.alike(w, o) })
			}
			if len(list) > 0 {
				s.add(i, j, modern(tokens[i:j], e.choices(list))...)
			}
		}
		if !own && !s.single(i) {
			guesses := e.guess(tokens[i].text, s.starts[i] || s.shout)
			if len(guesses) == 0 {
				guesses = append(guesses, e.copied(plain.Replace(in.Text[tokens[i].start:tokens[i].end]), e.weights.Unknown))
			}
			s.add(i, i+1, guesses...)
		}
	}
	s.look(e, fixed, figures)
	s.offer(e, fixed)
	slices.Sort(s.walls)
	s.join(e, known)
	return s
}

// word is a word as it would stand inside a sentence.
func (s *sentence) word(i int) string {
	if s.starts[i] || s.shout {
		return strings.ToLower(s.tokens[i].text)
	}
	return s.tokens[i].text
}

// single reports whether word i has a choice by itself.
func (s *sentence) single(i int) bool {
	return slices.ContainsFunc(s.spans, func(p span) bool { return p.from == i && p.to == i+1 })
}

// propose adds choices unless they would go over what is fixed.
func (s *sentence) propose(from, to int, choices ...choice) {
	if !slices.Contains(s.fixed[from:to], true) {
		s.add(from, to, choices...)
	}
}

func (s *sentence) add(from, to int, choices ...choice) {
	s.spans = append(s.spans, span{from, to, choices})
}

// number finds a word in the table. At the start of a sentence, and in text
// that is all in capitals, the commoner of its cases counts.
func (e *Engine) number(word string, anyCase bool) (uint32, bool) {
	id, ok := e.table.source[word]
	if ok && !anyCase {
		return id, true
	}
	low := strings.ToLower(word)
	r, size := utf8.DecodeRuneInString(low)
	for _, other := range []string{low, string(unicode.ToUpper(r)) + low[size:]} {
		if x, found := e.table.source[other]; found && (!ok || x < id) {
			id, ok = x, true
		}
		if ok && !anyCase {
			break
		}
	}
	return id, ok
}
