package phrase

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/glossary"
)

// Guess is a rule for words that the table does not hold, learned from those
// that it holds. With Known, a word in -From is read as the known word in
// -Known, and of that word's English -Drop becomes -To: -aient as -er, English
// -ed. Without it, the word is taken for a relative: -From becomes -To, and
// English must know what comes out.
type Guess struct {
	From     string
	Relative bool
	Known    string
	Drop, To string
	Log      float32 // natural logarithm of how often it is right
}

const (
	maxEnding = 6 // letters in an ending
	minStem   = 4 // letters before it
	maxGuess  = 4 // guesses for a word
)

// BuildGuesses writes rules: a line each, cells by tabs.
func BuildGuesses(rules []Guess) []byte {
	var b strings.Builder
	for _, g := range rules {
		kind := "known"
		if g.Relative {
			kind = "relative"
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\t%.2f\n", kind, g.From, g.Known, g.Drop, g.To, g.Log)
	}
	return []byte(b.String())
}

// readGuesses gives the rules by the ending that they are for.
func readGuesses(data []byte) (map[string][]Guess, error) {
	rules := make(map[string][]Guess)
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		kind, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		g, err := parseGuess(kind, strings.Split(rest, "\t"))
		if err != nil {
			return nil, fmt.Errorf("phrase model: rule %d for unknown words: %w", number, err)
		}
		rules[g.From] = append(rules[g.From], g)
	}
	return rules, nil
}

func parseGuess(kind string, cells []string) (Guess, error) {
	if kind != "known" && kind != "relative" || len(cells) != 5 {
		return Guess{}, fmt.Errorf("%q with %d cells is none", kind, len(cells))
	}
	log, err := strconv.ParseFloat(cells[4], 32)
	if err != nil || math.IsNaN(log) || math.IsInf(log, 0) || log > 0 {
		return Guess{}, fmt.Errorf("%q is no logarithm of a probability", cells[4])
	}
	return Guess{From: cells[0], Relative: kind == "relative", Known: cells[1], Drop: cells[2], To: cells[3], Log: float32(log)}, nil
}

// guess gives what a word may mean that the table does not hold, best first.
// A word with a capital inside a sentence is a name, and only looked for among
// the relatives.
func (e *Engine) guess(word string, starts bool) []choice {
	if c, ok := e.compound(word); ok {
		return []choice{c}
	}
	if starts {
		word = strings.ToLower(word)
	}
	if strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return nil
	}
	name := startsUpper(word)
	type offered struct {
		score float32
		turn  *turn
	}
	found := make(map[string]offered)
	offer := func(w string, score float32, t *turn) {
		if old, ok := found[w]; !ok || score > old.score {
			found[w] = offered{score, t}
		}
	}
	for k := len(word); k > 0 && utf8.RuneCountInString(word[k:]) <= maxEnding && utf8.RuneCountInString(word[:k]) >= minStem; {
		stem, ending := word[:k], word[k:]
		for _, g := range e.guesses[ending] {
			if g.Relative {
				w := Unaccent(stem) + g.To
				if e.knows(w) {
					offer(w, g.Log, &even)
				}
				continue
			}
			id, ok := e.table.source[stem+g.Known]
			if name || !ok {
				continue
			}
			for _, o := range e.table.options([]uint32{id}) {
				if len(o.words) != 1 || int(o.words[0]) >= len(e.table.target) {
					continue
				}
				if w, ok := strings.CutSuffix(e.table.target[o.words[0]], g.Drop); ok && utf8.RuneCountInString(w) >= 2 {
					if w := e.inflected(w, g.Drop, g.To); w != "" {
						offer(w, g.Log+o.score, &e.turns[o.turn])
					}
				}
			}
		}
		_, size := utf8.DecodeLastRuneInString(stem)
		k -= size
	}
	var list []choice
	for w, o := range found {
		c := e.copied(w, e.weights.Unknown)
		c.score += o.score
		c.guess += o.score
		c.turn = o.turn
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b choice) int {
		return cmp.Or(cmp.Compare(b.guess, a.guess), strings.Compare(a.words[0], b.words[0]))
	})
	return list[:min(len(list), maxGuess)]
}

// inflected puts an ending on an English word, or on what is left of one without
// its old ending, in the ways that English spells it, and gives the one that the
// table knows. Of a whole word it may be one that the table does not know; else "".
func (e *Engine) inflected(word, drop, ending string) string {
	if ending == "s" && strings.HasSuffix(word, "ed") { // participles have no plural
		return word
	}
	ways := []string{word + ending}
	if strings.HasPrefix(ending, "e") || strings.HasPrefix(ending, "i") {
		ways = append(ways, strings.TrimSuffix(word, "e")+ending, word+word[len(word)-1:]+ending)
	}
	if stem, ok := strings.CutSuffix(word, "y"); ok && ending != "ing" {
		ways = append(ways, stem+"i"+ending, stem+"ie"+ending)
	}
	ways = append(ways, word+"e"+ending) // pass, passes
	if stem, ok := strings.CutSuffix(word, "ie"); ok && ending == "" {
		ways = append(ways, stem+"y")
	}
	if i := slices.IndexFunc(ways, e.knows); i >= 0 {
		return ways[i]
	}
	switch {
	case ending == "" && drop == "s" && !strings.HasSuffix(word, "ie"):
		return word
	case !regular[ending]:
	case e.knows(word+"e") && ending != "s" && !e.knows(word):
		return word + ending
	case e.knows(word):
		if ending == "s" {
			return glossary.Plural(word)
		}
		return strings.TrimSuffix(word, "e") + ending
	}
	return ""
}

// regular are endings that make English words of English words.
var regular = words("s ed ing er ers")

// prefixes are first parts of French compounds that English has, too, in its form.
var prefixes = map[string]string{
	"anti": "anti", "pro": "pro", "non": "non", "ultra": "ultra", "néo": "neo", "semi": "semi", "post": "post", "pré": "pre", "micro": "micro",
	"cyber": "cyber", "euro": "Euro", "anglo": "Anglo", "franco": "Franco", "russo": "Russo", "sino": "Sino", "afro": "Afro", "israélo": "Israeli",
	"germano": "German", "hispano": "Spanish", "italo": "Italian", "turco": "Turkish", "américano": "American", "irano": "Iranian", "indo": "Indo",
	"nippo": "Japanese", "syro": "Syrian", "libano": "Lebanese", "serbo": "Serbian", "belgo": "Belgian", "helvético": "Swiss", "algéro": "Algerian",
}

// compound translates a word with hyphens by its parts: names each by itself
// (Moscou-Pékin), and what follows a prefix that both languages have.
func (e *Engine) compound(word string) (choice, bool) {
	parts := strings.Split(word, "-")
	if len(parts) < 2 {
		return choice{}, false
	}
	changed := false
	for i, part := range parts {
		prefix, ok := prefixes[part]
		switch {
		case i == 0 && len(parts) == 2 && ok:
			parts[i], changed = prefix, true
			continue
		case i > 0 && len(parts) == 2 && changed:
		case !startsUpper(part):
			return choice{}, false
		}
		id, ok := e.table.source[part]
		if !ok {
			continue
		}
		if options := e.table.options([]uint32{id}); len(options) > 0 && len(options[0].words) == 1 && int(options[0].words[0]) < len(e.table.target) {
			if w := e.table.target[options[0].words[0]]; startsUpper(w) || !startsUpper(part) {
				changed = changed || w != part
				parts[i] = w
			}
		}
	}
	return e.copied(strings.Join(parts, "-"), e.weights.Unknown), changed
}

// Unaccent takes the accents off French letters.
func Unaccent(s string) string { return unaccented.Replace(s) }

var unaccented = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "ë", "e", "à", "a", "â", "a", "î", "i", "ï", "i", "ô", "o",
	"û", "u", "ù", "u", "ü", "u", "ç", "c", "œ", "oe", "æ", "ae", "É", "E", "È", "E", "Ê", "E", "À", "A", "Â", "A", "Î", "I", "Ô", "O", "Ç", "C")

// split takes a verb and the pronoun behind it apart where the table does not
// hold the two, or says who spoke, and puts the pronoun first (déplore-t-il: il déplore).
func (e *Engine) split(tokens []token) []token {
	var out []token
	for i, t := range tokens {
		verb, subject := inverted(t.text)
		_, whole := e.number(t.text, true)
		if subjects[subject] == "" || whole && !attributes(tokens, i) || !e.reads(verb, i == 0) {
			out = append(out, t)
			continue
		}
		if startsUpper(verb) {
			verb, subject = strings.ToLower(verb), strings.ToUpper(subject[:1])+subject[1:]
		}
		out = append(out, token{text: subject, start: t.start, end: t.end, behind: true}, token{text: verb, start: t.start, end: t.end})
	}
	return out
}

// inverted takes a word with hyphens apart into a verb and the pronoun behind it.
func inverted(w string) (verb, subject string) {
	at := strings.LastIndexByte(w, '-')
	if at <= 0 {
		return w, ""
	}
	return strings.TrimSuffix(w[:at], "-t"), w[at+1:]
}

// attributes reports whether word i stands behind a comma or a quotation mark in
// what is no question, as in « Oui », a-t-il dit: the table knows such words
// from questions.
func attributes(tokens []token, i int) bool {
	if i == 0 || tokens[i-1].text != "," && tokens[i-1].text != `"` {
		return false
	}
	switch tokens[i].text {
	case "semble-t-il", "paraît-il": // nobody does
		return false
	}
	for _, t := range tokens[i:] {
		if t.text == "?" {
			return false
		}
		if t.text == "." {
			break
		}
	}
	return true
}

// reads reports whether there is a translation of a word.
func (e *Engine) reads(word string, starts bool) bool {
	if _, ok := e.number(word, starts); ok || len(e.guess(word, true)) > 0 {
		return true
	}
	list, _ := e.lexicon.find(e, word, false)
	return len(list) > 0
}

// subjects are the pronouns that stand behind a verb; in such a place il is
// seldom it.
var subjects = map[string]string{"il": "he", "elle": "she", "ils": "they", "elles": "they", "on": "they"}
