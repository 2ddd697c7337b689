package check

import (
	"regexp"
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
	wrapped := len(s) > 2 && s[0] == '"' && s[len(s)-1] == '"' && strings.Contains(s[1:len(s)-1], `""`)
	for i, r := range s {
		m := mark{at: i, len: utf8.RuneLen(r)}
		if wrapped && (i == 0 || i == len(s)-1 || r == '"' && s[i-1] == '"' && i > 1) {
			continue // a cell of a CSV file, with its marks doubled
		}
		switch r {
		case '«', '“', '„':
			m.open = true
		case '»', '”':
		case '"':
			before, _ := utf8.DecodeLastRuneInString(s[:i])
			after, _ := utf8.DecodeRuneInString(strings.TrimPrefix(s[i+1:], `"`))
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
	if openT == shutT && openS != shutS && loneSingle(t.target) {
		return // British marks
	}
	if openS == shutS && (openT+shutT)%2 == 0 {
		return // one of them is turned the wrong way: no quotation is open
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

// quotesLost reports quoted speech that stands without marks in the target,
// which may have more, for English sets marks where French does not, and single
// ones. Titles, terms and words that French sets in marks need none in English:
// la « taxe Tobin », the Tobin tax.
func quotesLost(t *text) {
	source, target := quoteMarks(t.source), quoteMarks(t.target)
	openS, shutS := count(source)
	openT, shutT := count(target)
	if openS != shutS || openT != shutT {
		return // the rule on balance speaks
	}
	have := openT + singles(t.target)
	if openS <= have {
		return
	}
	var said []segment.Span
	for i, m := range source {
		if !m.open {
			continue
		}
		q := segment.Span{Start: m.at, End: m.at + m.len}
		if i+1 < len(source) {
			q.End = source[i+1].at + source[i+1].len
		}
		if speech(q.Of(t.source)) {
			said = append(said, q)
		}
	}
	if len(said) > have {
		t.report(said[0], segment.Span{}, "", "the source has %s, the translation %s", plural(openS, "quotation"), plural(openT, "quotation"))
	}
}

// quotations gives the spans between double marks of quotation.
func quotations(s string) []segment.Span {
	var out []segment.Span
	var open []mark
	for _, m := range quoteMarks(s) {
		switch {
		case m.open:
			open = append(open, m)
		case len(open) > 0:
			out = append(out, segment.Span{Start: open[len(open)-1].at, End: m.at + m.len})
			open = open[:len(open)-1]
		}
	}
	return out
}

// speechWords are French words that stand in sentences, hardly in titles and
// terms.
var speechWords = func() map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(`je nous vous tu il elle ils elles on ce ça cela ceci rien personne me te se moi ne pas jamais
		ai as a avons avez ont suis es est sommes êtes sont étais était étaient sera seront serait faut fallait peut peux pouvons
		peuvent veux veut voulons veulent doit dois devons doivent va vais vont allons fait font ferai ferons dit dis
		avait avaient aura auront qui que qu n s m j c parce mais donc si comme très trop plus oui non`) {
		m[w] = true
	}
	return m
}()

// speech reports whether a quotation with its marks is what somebody said, and
// no title, term or single word: it has three words or more, of which one
// stands in no title, or an end mark, or is long.
func speech(quotation string) bool {
	ws := words(quotation)
	if len(ws) < 3 {
		return false
	}
	inside := strings.TrimRight(quotation, "»”\" \u00a0\u202f")
	if strings.HasSuffix(inside, ".") || strings.HasSuffix(inside, "!") || strings.HasSuffix(inside, "?") {
		return true
	}
	telling, capitals := 0, 0
	for _, w := range ws {
		before, _, elision := strings.Cut(strings.ToLower(strings.ReplaceAll(w.text, "’", "'")), "'")
		if speechWords[before] || elision && speechWords[strings.ToLower(elided(w.text))] {
			telling++
		}
		if capitalised(w.text) {
			capitals++
		}
	}
	return telling > 0 || len(ws) >= 8 && capitals*3 < len(ws)
}

// loneSingle reports a single mark of quotation without its partner: a space
// or the beginning before it, or a mark of punctuation and then the end.
func loneSingle(s string) bool {
	n := 0
	for i, r := range s {
		if r != '\'' && r != '‘' && r != '’' {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		switch {
		case (i == 0 || unicode.IsSpace(before) || before == '(' || before == '/') && (unicode.IsLetter(after) || unicode.IsDigit(after) || after == '['):
			n++
		case strings.ContainsRune(".,!?…)", before) && !unicode.IsLetter(after):
			n--
		case unicode.IsLetter(before) && !unicode.IsLetter(after) && n > 0:
			n--
		}
	}
	return n != 0
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

// brackets compares round and square ones together: their balance, then
// whether what stands in them was lost.
func brackets(t *text) {
	so, sc := bracketCount(t.source)
	to, tc := bracketCount(t.target)
	switch {
	case so-sc != to-tc && to != tc && (so == sc || (so > sc) != (to > tc)):
		at := strings.IndexAny(t.target, "([")
		if tc > to {
			at = strings.IndexAny(t.target, ")]")
		}
		t.report(segment.Span{}, segment.Span{Start: at, End: at + 1}, "", "a bracket has no partner")
	case so == sc && so > to && to == tc:
		at := strings.IndexByte(t.source, '(')
		if at < 0 {
			return
		}
		end := at + strings.IndexByte(t.source[at:], ')') + 1
		if end <= at || len(words(t.source[at:end])) < 4 || reAside.MatchString(t.source[at:end]) {
			return // an abbreviation, a year, a word for the readers of the source
		}
		short := float64(len(t.target)) < 0.93*float64(len(t.source))-0.7*float64(end-at)
		if share, n := t.evidence(t.source[at:end], 0); n >= 2 && share == 0 && short {
			t.report(segment.Span{Start: at, End: end}, segment.Span{}, "", "the brackets of the source are lost")
		}
	}
}

// reAside holds for remarks in brackets that only readers of French need.
var reAside = regexp.MustCompile(`(?i)^\((?:.* )?(?:en (?:anglais|français)|littéralement|ndlr|traduction)\b`)

func bracketCount(s string) (open, shut int) {
	return strings.Count(s, "(") + strings.Count(s, "["), strings.Count(s, ")") + strings.Count(s, "]")
}
