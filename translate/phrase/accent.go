package phrase

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// initials are the letters that lose their accents as capitals, for many
// writers: Etats-Unis, Ecole, A Paris.
var initials = map[byte][]string{'A': {"À", "Â"}, 'C': {"Ç"}, 'E': {"É", "Ê", "È"}, 'I': {"Î"}, 'O': {"Ô", "Œ"}, 'U': {"Û"}}

// restore gives the capitals of the words the accents that the table knows
// them with. starts is true where a sentence begins before the first word.
func (e *Engine) restore(tokens []token, starts, shout bool) {
	for i := range tokens {
		w := tokens[i].text
		next := opens(w) || starts && !hasLetter(w)
		switch {
		case w == "A":
			if i+1 < len(tokens) && !strings.HasPrefix(tokens[i+1].text, "t-") && (starts && !shout || shout && e.place(tokens[i+1].text)) {
				tokens[i].text = "À"
			}
		case shout || len(w) > 4 && acronym(w):
			low := strings.ToLower(w)
			known, ok := e.number(w, true)
			if id, found := e.accents()[Unaccent(low)]; found && (!ok || id < known) {
				tokens[i].text = strings.ToUpper(e.table.words[id])
			}
		case startsUpper(w):
			tokens[i].text = e.initial(w, starts)
		}
		starts = next
	}
}

// initial gives a word the accent on its capital with which the table has it,
// or has it more often.
func (e *Engine) initial(w string, starts bool) string {
	best, known := e.number(w, starts)
	for _, letter := range initials[w[0]] {
		other := letter + w[1:]
		if id, ok := e.number(other, starts); ok && (!known || id < best) {
			w, best, known = other, id, true
		}
	}
	return w
}

// place reports whether a word in a text of capitals follows à rather than a:
// a name, a number or an article.
func (e *Engine) place(w string) bool {
	low := strings.ToLower(w)
	if isNumber(w) || low == "la" || strings.HasPrefix(low, "l'") {
		return true
	}
	r, size := utf8.DecodeRuneInString(low)
	name, ok := e.table.source[string(unicode.ToUpper(r))+low[size:]]
	if !ok {
		id, found := e.accents()[Unaccent(low)]
		return found && startsUpper(e.table.words[id])
	}
	common, ok := e.table.source[low]
	return !ok || name < common
}

// accents gives, for words with accents, their numbers by the words without
// them and in small letters; the commonest where there are several.
func (e *Engine) accents() map[string]uint32 {
	e.unaccented.Do(func() {
		e.byPlain = make(map[string]uint32)
		for w, id := range e.table.source {
			low := strings.ToLower(w)
			key := Unaccent(low)
			if old, ok := e.byPlain[key]; key != low && (!ok || id < old) {
				e.byPlain[key] = id
			}
		}
	})
	return e.byPlain
}
