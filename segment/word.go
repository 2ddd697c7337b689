package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is what stands before a stop, up to white space, a mark or an
// apostrophe.
type word struct {
	text       string
	start, end int
}

// maxWord bounds how far back a word is read.
const maxWord = 48

// word gives the word that the stops of s follow.
func (c *cutter) word(s *stop) word {
	start := wordStart(c.text, s.at)
	return word{text: c.text[start:s.at], start: start, end: s.at}
}

// before gives the word before offset i.
func (c *cutter) before(i int) word {
	start := wordBefore(c.text, i)
	if start < 0 {
		return word{start: i, end: i}
	}
	end := start
	for end < i {
		r, n := utf8.DecodeRuneInString(c.text[end:i])
		if unicode.IsSpace(r) {
			break
		}
		end += n
	}
	return word{text: c.text[start:end], start: start, end: end}
}

// wordStart gives the start of the word that ends at i.
func wordStart(text string, i int) int {
	low := max(0, i-maxWord)
	for i > low {
		r, n := utf8.DecodeLastRuneInString(text[:i])
		if unicode.IsSpace(r) || strings.ContainsRune("'’‘\"«»“”‹›„()[]{}–—…<>", r) {
			break
		}
		i -= n
	}
	return i
}

// wordBefore gives the start of the word that ends before the white space
// before i; -1 if there is none.
func wordBefore(text string, i int) int {
	low := max(0, i-8)
	for i > low {
		r, n := utf8.DecodeLastRuneInString(text[:i])
		if !unicode.IsSpace(r) {
			if start := wordStart(text, i); start < i {
				return start
			}
			return -1
		}
		i -= n
	}
	return -1
}

// kind gives the kind of abbreviation that the word is with its stop; initials
// count as names' beginnings.
func (w word) kind(c *cutter) abbreviationKind {
	if w.text == "" {
		return notAbbreviation
	}
	if k, _ := c.abbreviations.kind(c.text, w.start, w.end+1); k != notAbbreviation {
		return k
	}
	if i := strings.LastIndexByte(w.text, '-'); i >= 0 {
		if k, _ := c.abbreviations.kind(c.text, w.start+i+1, w.end+1); k != notAbbreviation && k != beforeNumber {
			return k
		}
	}
	if w.initials() > 0 {
		return beforeName
	}
	return notAbbreviation
}

// initials gives the number of letters if the word consists of single capital
// letters with stops or hyphens between them, else 0.
func (w word) initials() int {
	n, letter := 0, false
	for _, r := range w.text {
		switch {
		case unicode.IsUpper(r) && !letter:
			n++
			letter = true
		case (r == '.' || r == '-') && n > 0:
			letter = false
		default:
			return 0
		}
	}
	return n
}

// enumerates says whether the word stands at the start of a segment, or behind
// a colon, as the number of what follows: "1.", "IV.", "A.".
func (w word) enumerates(c *cutter) bool {
	if w.text == "" || len(w.text) > 8 {
		return false
	}
	digits := strings.TrimLeft(w.text, "0123456789") == "" && len(w.text) < 4
	number := digits || roman(w.text) && strings.Trim(w.text, "IVXLCDM") == "" ||
		len(w.text) < 3 && utf8.RuneCountInString(w.text) == 1
	if !number {
		return false
	}
	start := c.start
	for start < w.start && w.start-start < maxWord {
		r, n := utf8.DecodeRuneInString(c.text[start:])
		if !strings.ContainsRune("«“\"‹(-–—•", r) && !unicode.IsSpace(r) {
			break
		}
		start += n
	}
	if start >= w.start {
		return true
	}
	before := strings.TrimRightFunc(c.text[max(0, w.start-8):w.start], unicode.IsSpace)
	return digits && len(w.text) < 3 && (strings.HasSuffix(before, ":") || strings.HasSuffix(before, ";"))
}
