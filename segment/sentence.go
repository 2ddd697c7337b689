package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// near is how far in bytes the text behind a stop is looked at. It keeps time
// linear.
const near = 64

// ends says whether a sentence ends at s.
func (c *cutter) ends(s *stop) bool {
	if c.start >= s.at {
		return false // dots that open a sentence
	}
	rest := c.text[s.next:]
	r, n := utf8.DecodeRuneInString(rest)
	switch {
	case unicode.IsLower(r):
		return c.endsBeforeLower(s, rest)
	case unicode.IsLetter(r):
		return c.endsBeforeCapital(s, rest)
	case unicode.IsDigit(r):
		return c.endsBeforeNumber(s)
	case strings.ContainsRune("-–—−*", r):
		return c.endsBeforeDash(s, r, rest[n:])
	case r == '(' || r == '[':
		return c.endsBeforeBracket(s, rest)
	case r == '.' || r == '…':
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, ".…"))
		return unicode.IsUpper(r) && c.endsBeforeCapital(s, strings.TrimLeft(rest, ".…"))
	case r == '@' || r == '#' || r == '¿' || r == '¡':
		return c.endsBeforeCapital(s, rest)
	case r == '•' || r == '▪':
		return true
	}
	if m := c.markAt(s.next); m != nil && m.open || strings.ContainsRune("'‘’", r) {
		return c.endsBeforeQuote(s, rest)
	}
	return false
}

// endsBeforeQuote decides where a quotation follows.
func (c *cutter) endsBeforeQuote(s *stop, rest string) bool {
	rest = strings.TrimLeftFunc(rest[:min(len(rest), near)], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("«“\"'‹‘’„<([-–—.…", r)
	})
	r, _ := utf8.DecodeRuneInString(rest)
	switch {
	case unicode.IsLower(r):
		return s.full && !s.quote && (s.outer || c.word(s).kind(c) == notAbbreviation)
	case unicode.IsDigit(r):
		return c.endsBeforeNumber(s)
	}
	return c.endsBeforeCapital(s, rest)
}

// endsBeforeLower decides where a lower-case letter follows: some sentences
// begin with one ("iPhone", "à" from a keyboard without "À").
func (c *cutter) endsBeforeLower(s *stop, rest string) bool {
	if s.quote || s.bracket >= 0 || !s.full {
		return false
	}
	if s.outer {
		return true
	}
	if len(rest) > 1 && rest[1] == ')' { // "… . b) Le"
		return true
	}
	w := c.word(s)
	if w.text == "" {
		return true
	}
	if w.kind(c) != notAbbreviation {
		return false
	}
	vowel, digits := false, 0
	for i, r := range w.text {
		switch {
		case unicode.IsDigit(r):
			digits++
		case strings.ContainsRune("aeiouyàâéèêëîïôùûüœæAEIOUYÉÈÀ", r):
			vowel = true
		case i > 0 && r == '.':
			return strings.Contains(w.text, "/") || len(w.text) > 6 // an address
		}
	}
	return vowel && utf8.RuneCountInString(w.text) > 1 || digits > 3 || len(w.text) > 1 && strings.ToUpper(w.text) == w.text && digits == 0
}

// endsBeforeNumber decides where a digit follows.
func (c *cutter) endsBeforeNumber(s *stop) bool {
	if s.bracket >= 0 && !s.strong || s.dots && !s.strong {
		return false
	}
	if !s.full || s.outer {
		return true
	}
	w := c.word(s)
	if w.enumerates(c) || len(w.text) == 1 && isLetter(w.text[0]) {
		return false
	}
	k := w.kind(c)
	return k == notAbbreviation || k == ends
}

// endsBeforeDash decides where a dash or a hyphen follows: the next line of a
// dialogue, the next item of a list, or an attribution.
func (c *cutter) endsBeforeDash(s *stop, dash rune, rest string) bool {
	rest = rest[:min(len(rest), near)]
	next := 0
	for next < len(rest) {
		r, n := utf8.DecodeRuneInString(rest[next:])
		if !strings.ContainsRune("«“\"‹‘([^", r) && !unicode.IsSpace(r) {
			break
		}
		next += n
	}
	r, _ := utf8.DecodeRuneInString(rest[next:])
	if s.full && !s.outer {
		w := c.word(s)
		if k := w.kind(c); k != notAbbreviation && k != ends || w.enumerates(c) || c.runsIn(s) {
			return false
		}
	}
	if unicode.IsLower(r) {
		return dash == '-' && s.full && !s.quote && rest != "" && rest[0] == ' ' && !attribution(rest[next:])
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// attribution says whether text begins with a verb and its pronoun: "dit-il".
func attribution(text string) bool {
	end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '.' })
	if end < 0 {
		end = min(len(text), 40)
	}
	for _, pronoun := range []string{"-il", "-elle", "-on", "-ils", "-elles", "-je", "-nous", "-t-il", "-t-elle", "-t-on"} {
		if strings.HasSuffix(text[:end], pronoun) {
			return true
		}
	}
	return false
}

// runsIn says whether all that stands before s is a place or a title that runs
// into its text behind a dash: "PARIS. – Le ministre", "Art. 1er. – Le".
func (c *cutter) runsIn(s *stop) bool {
	if s.at-c.start > 40 {
		return false
	}
	t := c.text[c.start:s.at]
	word := t
	if i := strings.IndexAny(t, " ,"); i > 0 {
		word = t[:i]
	}
	return word == "Art." || word == "Article" ||
		len(word) > 2 && strings.ToUpper(word) == word && strings.ToLower(word) != word
}

// endsBeforeBracket decides where a bracket opens.
func (c *cutter) endsBeforeBracket(s *stop, rest string) bool {
	head := rest[1:min(len(rest), near)]
	inner := head
	end := strings.IndexAny(head, ")]")
	if end >= 0 {
		inner = head[:end]
	}
	if t := strings.Trim(inner, ". …\u00a0\u202f"); t == "" && end >= 0 {
		return (!s.full || s.outer || c.word(s).kind(c) == notAbbreviation) && s.next+end+2 < len(c.text) // (...) opens what follows
	}
	text := strings.TrimLeftFunc(inner, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("«“\"‹‘", r) })
	r, _ := utf8.DecodeRuneInString(text)
	switch {
	case unicode.IsDigit(r) || end == 1: // (1) (a)
		after := rest[min(len(rest), end+2):]
		a, _ := utf8.DecodeRuneInString(after[skipSpace(after, 0):])
		return end > 0 && end <= 2 && unicode.IsUpper(a) && c.endsBeforeNumber(s)
	case unicode.IsLower(r) || !unicode.IsLetter(r):
		return false
	case end >= 0 && !strings.ContainsAny(inner, ".!?…"):
		// A source, a place: "(AFP)", "(Le Monde)". A sentence has its stop inside or goes on.
		after := rest[min(len(rest), end+2):]
		if strings.Count(strings.TrimSpace(inner), " ") < 3 || strings.HasPrefix(after[skipSpace(after, 0):], ".") {
			return false
		}
	}
	return c.endsBeforeCapital(s, text)
}

// endsBeforeCapital decides where the word at the start of rest, which no
// lower-case letter begins, follows.
func (c *cutter) endsBeforeCapital(s *stop, rest string) bool {
	if s.bracket >= 0 && strings.Trim(c.text[s.bracket+1:s.at], " \u00a0\u202f") == "" && s.bracket <= c.start {
		return false // (...) at the start
	}
	if s.bracket > c.start && !s.outer {
		// The bracket belongs to the sentence that it stands in.
		return s.full && c.word(s).kind(c) == notAbbreviation || startsSentence(rest, true)
	}
	if s.strong && !s.dots {
		w := c.word(s)
		if !s.quote && w.end == s.at && c.text[s.at] == '!' {
			if k, _ := c.abbreviations.kind(c.text, w.start, s.at+1); k != notAbbreviation {
				return startsSentence(rest, false)
			}
		}
		return true
	}
	if !s.full || s.outer {
		return true
	}
	w := c.word(s)
	if w.text == "" {
		return true
	}
	if w.enumerates(c) {
		return false
	}
	if k, at := c.abbreviations.kind(c.text, w.start, s.at+1); k != notAbbreviation {
		return c.endsAfter(k, at, s, rest)
	}
	if i := strings.LastIndexByte(w.text, '-'); i >= 0 {
		if k, at := c.abbreviations.kind(c.text, w.start+i+1, s.at+1); k != notAbbreviation && k != beforeNumber {
			return c.endsAfter(k, at, s, rest)
		}
	}
	if len(w.text) == 1 && 'a' <= w.text[0] && w.text[0] <= 'z' && !s.quote {
		before := c.before(w.start).text // 5 m. Paul; Dupont c. Durand
		return before != "" && isDigit(before[len(before)-1]) || startsSentence(rest, true)
	}
	if n := w.initials(); n > 0 && !s.quote {
		return c.endsAfterInitials(w, n, rest)
	}
	if s.next-s.end >= 2 && utf8.RuneCountInString(w.text) <= 5 && unbroken(c.text[s.end:s.next]) {
		return startsSentence(rest, true) // the white space says that the stop belongs to the word
	}
	return true
}

// unbroken says whether all white space in gap is of the kind that no line is
// broken at.
func unbroken(gap string) bool {
	return strings.Trim(gap, "\u00a0\u202f") == ""
}

// endsAfter decides behind an abbreviation of kind k that begins at offset at.
func (c *cutter) endsAfter(k abbreviationKind, at int, s *stop, rest string) bool {
	switch {
	case k == ends:
		return true
	case s.quote:
		return startsSentence(rest, false)
	case k == beforeName:
		if c.text[at:s.at] == "M" || c.text[at:s.at] == "MM" {
			before := c.before(at)
			r, _ := utf8.DecodeRuneInString(before.text)
			if !unicode.IsUpper(r) || before.start <= c.start {
				return false
			}
		}
		return startsSentence(rest, true)
	case k == mayEnd:
		return startsSentence(rest, false)
	case k == beforeNumber:
		r, n := utf8.DecodeRuneInString(rest)
		after, _ := utf8.DecodeRuneInString(rest[n:])
		if unicode.IsUpper(r) && !unicode.IsLetter(after) && after != '\'' && after != '’' || roman(rest) {
			return false // art. L. 123, vol. XVII
		}
		before := c.before(at)
		if before.text != "" && isDigit(before.text[0]) { // 1 500 p. Paris
			return startsSentence(rest, true)
		}
		return utf8.RuneCountInString(c.text[at:s.at]) > 1 || startsSentence(rest, true)
	}
	return false
}

// labels are words that a single letter follows as a name: "vitamine C".
var labels = map[string]bool{
	"vitamine": true, "vitamines": true, "plan": true, "hépatite": true, "classe": true, "groupe": true,
	"catégorie": true, "zone": true, "ligne": true, "série": true, "type": true, "point": true, "section": true,
	"génération": true, "niveau": true, "annexe": true, "option": true, "phase": true, "lettre": true, "bac": true,
	"bâtiment": true, "tribune": true, "poule": true, "virage": true, "rayon": true, "rayons": true, "note": true,
}

// endsAfterInitials decides behind n single letters with stops.
func (c *cutter) endsAfterInitials(w word, n int, rest string) bool {
	before := c.before(w.start)
	if n == 1 {
		unit := before.text != "" && isDigit(before.text[len(before.text)-1]) // 3 F.
		return unit || labels[before.text] || startsSentence(rest, true)
	}
	hyphen := strings.Contains(w.text, "-")
	if startsSentence(rest, n == 2 || hyphen) {
		return true
	}
	if hyphen || n == 2 {
		return false
	}
	if n > 3 {
		return true
	}
	if p, _ := utf8.DecodeLastRuneInString(c.text[:w.start]); p == '\'' || p == '’' {
		return true
	}
	switch before.text {
	case "le", "la", "les", "du", "des", "au", "aux", "de", "une", "un", "Le", "La", "Les":
		return true
	}
	return false
}

// roman says whether text begins with a Roman numeral.
func roman(text string) bool {
	n := 0
	for n < len(text) && strings.IndexByte("IVXLCDM", text[n]) >= 0 {
		n++
	}
	r, _ := utf8.DecodeRuneInString(text[n:])
	return n > 0 && !unicode.IsLetter(r) && r != '\'' && r != '’'
}
