package check

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
)

// mark is a quotation mark or bracket in a text.
type mark struct {
	at, len int
	open    bool
}

// quoteMarks gives the double quotation marks of a text; straight ones are
// opening or closing by what stands around them.
func quoteMarks(s string) []mark {
	var marks []mark
	depth := 0
	for i, r := range s {
		m := mark{at: i, len: utf8.RuneLen(r)}
		switch r {
		case '«', '“', '„':
			m.open = true
		case '»', '”':
		case '"':
			if strings.HasPrefix(s[i+1:], `"`) || (i == 0 || i == len(s)-1) && strings.Contains(s, `""`) {
				continue // doubled and wrapped by an export as CSV
			}
			before, _ := utf8.DecodeLastRuneInString(s[:i])
			after, _ := utf8.DecodeRuneInString(s[i+1:])
			spaceBefore := i == 0 || unicode.IsSpace(before) || strings.ContainsRune("([-–—'’/", before)
			spaceAfter := i+1 == len(s) || unicode.IsSpace(after) || strings.ContainsRune(".,;:!?)]-–—", after)
			if unicode.IsDigit(before) && depth == 0 { // inches
				continue
			}
			m.open = spaceBefore && !spaceAfter || spaceBefore == spaceAfter && depth <= 0
		default:
			continue
		}
		if m.open {
			depth++
		} else {
			depth--
		}
		marks = append(marks, m)
	}
	return marks
}

func count(marks []mark) (open, shut int) {
	for _, m := range marks {
		if m.open {
			open++
		} else {
			shut++
		}
	}
	return open, shut
}

func (m mark) span() segment.Span { return segment.Span{Start: m.at, End: m.at + m.len} }

// quotesUnbalanced compares the balance of the marks: a quotation that runs
// over several segments may open in one and close in another, but in both
// languages alike.
func quotesUnbalanced(t *text) {
	source, target := quoteMarks(t.source), quoteMarks(t.target)
	openS, shutS := count(source)
	openT, shutT := count(target)
	if openS-shutS == openT-shutT || openS == shutS && unevenInside(t.source) {
		return
	}
	var at segment.Span
	if m, ok := partnerless(target); ok {
		at = m.span()
	}
	switch {
	case openT == shutT && openS > shutS:
		t.report(segment.Span{}, at, "", "the source opens a quotation that goes on; the translation does not")
	case openT == shutT:
		t.report(segment.Span{}, at, "", "the source closes a quotation; the translation does not")
	case openT > shutT:
		t.report(segment.Span{}, at, "", "the quotation is not closed")
	default:
		t.report(segment.Span{}, at, "", "the closing quotation mark has no opening one")
	}
}

// unevenInside reports marks whose directions the text itself leaves unclear.
func unevenInside(s string) bool { return strings.Count(s, `"`)%2 == 1 }

// partnerless is the first mark without a partner.
func partnerless(marks []mark) (mark, bool) {
	var open []mark
	for _, m := range marks {
		switch {
		case m.open:
			open = append(open, m)
		case len(open) == 0:
			return m, true
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return open[0], true
	}
	return mark{}, false
}

// quotesLost reports quotations that the target does not have. It may have
// more, for English sets marks where French does not, and single ones.
func quotesLost(t *text) {
	source, target := quoteMarks(t.source), quoteMarks(t.target)
	openS, shutS := count(source)
	openT, shutT := count(target)
	if openS != shutS || openT != shutT {
		return // the rule on balance speaks
	}
	if openS <= openT+singles(t.target) {
		return
	}
	for i, m := range source {
		if !m.open {
			continue
		}
		end := m.at + m.len
		if i+1 < len(source) {
			end = source[i+1].at + source[i+1].len
		}
		t.report(segment.Span{Start: m.at, End: end}, segment.Span{}, "", "the source has %s, the translation %s", plural(openS, "quotation"), plural(openT, "quotation"))
		return
	}
}

func plural(n int, word string) string {
	digits := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
	if n == 1 {
		return "one " + word
	}
	if n < len(digits) {
		return digits[n] + " " + word + "s"
	}
	return "many " + word + "s"
}

// singles counts quotations in single marks.
func singles(s string) int {
	n, open := 0, false
	for i, r := range s {
		switch r {
		case '‘', '‹':
			open = true
		case '\'', '’', '›':
			before, _ := utf8.DecodeLastRuneInString(s[:i])
			after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
			switch {
			case r == '\'' && !open && (i == 0 || unicode.IsSpace(before) || before == '(') && unicode.IsLetter(after):
				open = true
			case open && !unicode.IsLetter(after):
				open = false
				n++
			}
		}
	}
	return n
}

// brackets compares () and []: their balance, then their number.
func brackets(t *text) {
	for _, pair := range []string{"()", "[]"} {
		open, shut := pair[:1], pair[1:]
		so, sc := strings.Count(t.source, open), strings.Count(t.source, shut)
		to, tc := strings.Count(t.target, open), strings.Count(t.target, shut)
		switch {
		case so-sc != to-tc && to != tc:
			at := strings.Index(t.target, open)
			if tc > to {
				at = strings.Index(t.target, shut)
			}
			t.report(segment.Span{}, segment.Span{Start: at, End: at + 1}, "", "a bracket %s has no partner", pair)
		case so == sc && so > to && to == tc && pair == "()":
			at := strings.Index(t.source, open)
			end := at + strings.Index(t.source[at:], shut) + 1
			if end > at {
				short := float64(len(t.target)) < 0.93*float64(len(t.source))-0.5*float64(end-at)
				if share, n := evidence(t.source[at:end], folded(t.target)); n == 0 || share > 0 || !short {
					continue // said without brackets
				}
				t.report(segment.Span{Start: at, End: end}, segment.Span{}, "", "the brackets of the source are lost")
			}
		}
	}
}
