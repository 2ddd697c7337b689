package dictionary

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"unicode/utf8"
)

// inflection is a form of a verb.
type inflection byte

const (
	infinitive    inflection = iota
	person3                  // he grazes, or I graze
	plain3                   // they graze
	participleOf             // grazed
	gerundOf                 // grazing
	imperfectOne             // grazed, was grazing
	imperfectMany            // were grazing
	imperfectWe              // the same, or graze
	preterite                // grazed
	futureOf                 // will graze
	conditionalOf            // would graze
)

// endingsOf reads a table of endings, a form a line.
func endingsOf(text string) map[string]inflection {
	m := make(map[string]inflection)
	form := infinitive
	for line := range strings.Lines(strings.TrimSpace(text)) {
		for _, end := range strings.Fields(line) {
			m[strings.TrimSuffix(end, "-")] = form
		}
		form++
	}
	return m
}

// The endings of the conjugations, a line each: infinitive, he, they, participle,
// gerund, imperfect of one, of many and of us, past, future and conditional.
var (
	endingsER = endingsOf(`er
		e
		es ent ons ez
		é ée és ées
		ant
		ais ait
		aient
		ions iez
		ai as a âmes âtes èrent
		erai eras era erons erez eront
		erais erait erions eriez eraient`)
	// those with a vowel before them that is not closed: semer, sème
	endingsOpen = func() map[string]inflection {
		m := maps.Clone(endingsER)
		for _, end := range []string{"e", "es", "ent"} {
			delete(m, end)
		}
		return m
	}()
	endingsIR = endingsOf(`ir
		it
		issons issez issent isse isses
		i ie is ies
		issant
		issais issait
		issaient
		issions issiez
		irent îmes
		irai iras ira irons irez iront
		irais irait irions iriez iraient`)
	endingsRE = endingsOf(`re
		-
		s e es ons ez ent
		u ue us ues
		ant
		ais ait
		aient
		ions iez
		is it irent
		rai ras ra rons rez ront
		rais rait rions riez raient`)
)

// opening is a vowel that is not closed where the ending is silent.
var opening = regexp.MustCompile(`^(.+)([eé])([bcdfghjklmnpqrstvz]|[bcdfgptv][rl]|gn|ch|[gq]u)$`)

// verb reads a verb in the infinitive.
func (l *Lexicon) verb(french string, x lexeme) error {
	stem, group := french, ""
	for _, g := range []string{"er", "ir", "dre"} {
		if s, ok := strings.CutSuffix(french, g); ok && utf8.RuneCountInString(s) >= 2 {
			stem, group = s, g
		}
	}
	put := func(stem string, endings map[string]inflection) {
		x.verb = endings
		l.stems[stem] = append(l.stems[stem], x)
	}
	if strings.HasSuffix(french, "oir") {
		group = ""
	}
	switch group {
	case "":
		return fmt.Errorf("%q is no verb in -er, -ir or -dre", french)
	case "ir":
		put(stem, endingsIR)
		return nil
	case "dre":
		put(stem+"d", endingsRE)
		return nil
	}
	switch last := stem[len(stem)-1]; {
	case last == 'g': // mangea
		put(stem+"e", endingsER)
	case last == 'c': // plaça
		put(stem[:len(stem)-1]+"ç", endingsER)
	case last == 'y': // noie
		put(stem[:len(stem)-1]+"i", endingsER)
	}
	own := endingsER
	if m := opening.FindStringSubmatch(stem); m != nil { // sème, règle
		own = endingsOpen
		put(m[1]+"è"+m[3], endingsER)
		if m[2] == "e" && (m[3] == "l" || m[3] == "t") { // jette
			put(stem+m[3], endingsER)
		}
	}
	put(stem, own)
	return nil
}

// maxVerbEnding is how long an ending may be: èrent, eraient.
const maxVerbEnding = 8

// verbs gives what a form of a verb may be. governs is the preposition behind it,
// "" for none.
func (l *Lexicon) verbs(w string, behind bool, governs string) []meaning {
	var list []meaning
	for at := len(w); at >= max(2, len(w)-maxVerbEnding); at-- {
		for _, x := range l.stems[w[:at]] {
			form, ok := x.verb[w[at:]]
			if !ok || x.governs != governs || x.pronoun != behind && !(x.pronoun && form == participleOf) {
				continue
			}
			for k, verb := range x.english {
				for _, m := range conjugations(form, verb) {
					m.rank += k
					if x.pronoun && !behind {
						m.rank += 2
					}
					list = append(list, m)
				}
			}
		}
	}
	return list
}

// conjugations are what a form of a French verb may be in English.
func conjugations(form inflection, verb string) []meaning {
	f := forms(verb)
	switch form {
	case infinitive:
		return []meaning{{english: verb}, {english: "to " + verb, less: 1}, {english: f.ing, less: 1}}
	case person3:
		return []meaning{{english: f.third}, {english: verb, less: 2}}
	case plain3:
		return []meaning{{english: verb}}
	case participleOf:
		return []meaning{{english: f.participle}}
	case gerundOf:
		return []meaning{{english: f.ing}}
	case imperfectOne:
		return []meaning{{english: f.past}, {english: "was " + f.ing, less: 1}}
	case imperfectMany:
		return []meaning{{english: f.past}, {english: "were " + f.ing, less: 1}}
	case imperfectWe: // nous broutions: that we graze
		return []meaning{{english: f.past}, {english: verb}, {english: "were " + f.ing, less: 1}}
	case preterite:
		return []meaning{{english: f.past}}
	case futureOf:
		return []meaning{{english: "will " + verb}}
	default:
		return []meaning{{english: "would " + verb}}
	}
}
