package dictionary

import (
	"fmt"
	"slices"
	"strings"

	"depeche/glossary"
)

// A lexicon holds words that a model has not seen, or seldom.
// It is a text file, an entry a line, a kind before it:
//
//	n fourmi = ant                     a noun; its plurals are made by rule
//	n œil/yeux = eye                   a plural that the rules do not make
//	n mobilier/- = furniture           none; -/frais = costs has no singular
//	a fourchu = forked                 an adjective, before its noun in English; feminine and plurals by rule
//	a roux/rousse/roux/rousses = red   forms that the rules do not make
//	p fourbi = polished                a participle that is an adjective, by the rules of one
//	v brouter = graze                  a verb in -er, -ir like finir or -dre, conjugated on both sides
//	v s'escrimer = struggle            with its pronoun alone
//	v assister à = attend              with a preposition behind it, which the English has in it
//	f sort = comes out                 a form of an irregular verb, as it stands
//	x hé/ohé = hey                     anything else, as it stands
//
// A bar parts English alternatives, the best first.

// Lexicon is what ReadLexicon read.
type Lexicon struct {
	forms map[string][]lexeme // words as they are
	stems map[string][]lexeme // of verbs
}

// lexeme is what one entry says of a word.
type lexeme struct {
	english   []string
	pluralize bool                  // the English is to be put into it
	verb      map[string]inflection // by its endings; nil for anything but a stem
	pronoun   bool                  // a verb that stands behind se
	governs   string                // a verb with this preposition
}

// ReadLexicon reads a lexicon. An error names the line.
func ReadLexicon(text string) (*Lexicon, error) {
	lex := &Lexicon{forms: make(map[string][]lexeme, 4*strings.Count(text, "\n")), stems: make(map[string][]lexeme)}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := lex.add(line); err != nil {
			return nil, fmt.Errorf("lexicon: line %d: %w", number, err)
		}
	}
	return lex, nil
}

// swallowed are the prepositions that a lexicon may have with a verb.
var swallowed = set("de à sur dans en par contre avec pour vers chez entre")

func (l *Lexicon) add(line string) error {
	french, english, ok := strings.Cut(line, " = ")
	kind, french, _ := strings.Cut(french, " ")
	x := lexeme{}
	for alternative := range strings.SplitSeq(english, "|") {
		x.english = append(x.english, strings.TrimSpace(alternative))
	}
	if kind == "v" || kind == "f" {
		for _, se := range []string{"se ", "s'"} {
			var found bool
			french, found = strings.CutPrefix(french, se)
			x.pronoun = x.pronoun || found
		}
	}
	if kind == "v" || kind == "f" {
		french, x.governs, _ = strings.Cut(french, " ")
		if x.governs != "" && !swallowed[x.governs] {
			return fmt.Errorf("%q is no preposition of a verb", x.governs)
		}
	}
	if !ok || french == "" || english == "" || strings.Contains(french, " ") || kind == "f" && x.pronoun && x.governs == "" {
		return fmt.Errorf("%q is no entry", line)
	}
	if slices.Contains(x.english, "") {
		return fmt.Errorf("an empty alternative in %q", line)
	}
	put := func(word string, x lexeme) {
		if word != "-" {
			l.forms[word] = append(l.forms[word], x)
		}
	}
	given := strings.Split(french, "/")
	if slices.Contains(given, "") {
		return fmt.Errorf("an empty form in %q", line)
	}
	many := x
	many.pluralize = true
	switch kind {
	case "x", "f":
		for _, w := range given {
			put(w, x)
		}
	case "n":
		switch {
		case len(given) > 2:
			return fmt.Errorf("a noun has two forms, not %d", len(given))
		case len(given) == 1:
			given = append(given, glossary.FrenchPlural(french))
		case given[0] == "-":
			many.pluralize = false
		}
		put(given[0], x)
		for _, w := range given[1:] {
			put(w, many)
		}
	case "a", "p":
		switch len(given) {
		case 1:
			given = adjectives(french)
		case 4:
		default:
			return fmt.Errorf("an adjective has four forms, not %d", len(given))
		}
		slices.Sort(given)
		for _, w := range slices.Compact(given) {
			put(w, x)
		}
	case "v":
		if len(given) > 1 {
			return fmt.Errorf("a verb in one form, not %d", len(given))
		}
		return l.verb(french, x)
	default:
		return fmt.Errorf("no kind %q", kind)
	}
	return nil
}

// adjectives are the forms of a French adjective.
func adjectives(w string) []string {
	list := []string{w, glossary.FrenchPlural(w)}
	for _, f := range glossary.FrenchFeminines(w) {
		list = append(list, f, f+"s")
	}
	return list
}

// meaning is a way to translate a word.
type meaning struct {
	english string
	rank    int // among the alternatives
	less    int // how much less likely this form of it is
}

// find gives what a lexicon has for a word. behind tells that the word stands
// behind se, so that verbs count that have it.
func (l *Lexicon) find(w string, behind bool) (list []meaning) {
	add := func(m meaning) {
		if m.english != "" && !slices.ContainsFunc(list, func(o meaning) bool { return o.english == m.english }) {
			list = append(list, m)
		}
	}
	if !behind {
		for _, x := range l.forms[w] {
			if x.governs != "" {
				continue
			}
			for k, english := range x.english {
				if x.pluralize {
					english = glossary.Plural(english)
				}
				add(meaning{english, k, 0})
			}
		}
	}
	others := min(1, len(list)) // a noun before a verb
	for _, m := range l.verbs(w, behind, "") {
		m.rank += others
		add(m)
	}
	return list
}
