package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cutter finds the places where a text is cut.
type cutter struct {
	text          string
	abbreviations *Abbreviations
	marks         []mark // by position
	mark          int    // index of the first mark behind what was looked at
	keep          []Span // by their start
	kept          int    // index of the first span of keep that starts behind what was looked at
	keepEnd       int    // the furthest end of the spans before it
	start         int    // of the segment at hand
}

// stopBytes are the bytes that a place to cut may begin with.
var stopBytes = [256]bool{'.': true, '!': true, '?': true, '\n': true, 0xE2: true}

// stop is the end of what may be a sentence: its stops and what closes behind
// them.
type stop struct {
	at      int  // of the first stop
	end     int  // behind the stops and the closing marks
	next    int  // of what follows after white space
	full    bool // one full stop, nothing else
	strong  bool // ! or ?
	dots    bool // … or ...
	outer   bool // the stop stands behind a closing mark
	quote   bool // a quotation mark closes behind the stop, and no stop follows it
	bracket int  // start of a bracket that closes behind the stop; -1 if there is none
}

// cuts appends the offsets behind which a new segment begins.
func (c *cutter) cuts(cuts []int) []int {
	c.start = skipSpace(c.text, 0)
	for i := 0; i < len(c.text); i++ {
		b := c.text[i]
		if !stopBytes[b] {
			continue
		}
		switch b {
		case '\n':
			if end := blankLine(c.text, i); end > 0 {
				if m := c.markAt(end); !c.inside(i) && (m == nil || m.open || m.match < 0) {
					cuts, c.start = append(cuts, i), end
				}
				i = end - 1
			}
			continue
		case 0xE2:
			if !strings.HasPrefix(c.text[i:], "…") {
				if c.bullet(i) && !c.inside(i) {
					cuts, c.start = append(cuts, i), i
				}
				i += min(2, len(c.text)-i-1)
				continue
			}
		}
		s, ok := c.stop(i)
		if ok && !c.inside(s.end) && c.ends(&s) {
			cuts, c.start = append(cuts, s.end), s.next
		}
		i = s.end - 1
	}
	return cuts
}

// inside says whether a cut at offset i would divide what is kept together.
// Offsets must not fall from call to call.
func (c *cutter) inside(i int) bool {
	for c.kept < len(c.keep) && c.keep[c.kept].Start < i {
		c.keepEnd = max(c.keepEnd, c.keep[c.kept].End)
		c.kept++
	}
	return i < c.keepEnd
}

// blankLine gives the end of the white space at i if it holds an empty line,
// else 0.
func blankLine(text string, i int) int {
	lines := 0
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsSpace(r) {
			break
		}
		if r == '\n' {
			lines++
		}
		i += n
	}
	if lines < 2 {
		return 0
	}
	return i
}

// bullet says whether a bullet stands at i, white space around it, and text
// before it.
func (c *cutter) bullet(i int) bool {
	r, n := utf8.DecodeRuneInString(c.text[i:])
	if !strings.ContainsRune("•‣◦▪●■▶►➤", r) {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(c.text[:i])
	after, _ := utf8.DecodeRuneInString(c.text[i+n:])
	return unicode.IsSpace(before) && unicode.IsSpace(after)
}

// markAt gives the mark at offset i; nil if there is none. Offsets must not
// fall from call to call.
func (c *cutter) markAt(i int) *mark {
	for c.mark < len(c.marks) && c.marks[c.mark].pos < i {
		c.mark++
	}
	if c.mark < len(c.marks) && c.marks[c.mark].pos == i {
		return &c.marks[c.mark]
	}
	return nil
}

// stop reads the stops at i and all that belongs to them. ok is false where
// the text cannot be cut behind them.
func (c *cutter) stop(i int) (s stop, ok bool) {
	s = stop{at: i, bracket: -1}
	j := s.run(c.text, i)
	for {
		s.end = j
		k := skipSpace(c.text, j)
		s.next = k
		if k >= len(c.text) {
			return s, false
		}
		if m := c.markAt(k); m != nil && (!m.open || c.strayed(m)) {
			j = m.end()
			switch {
			case !m.kind.bracket():
				s.quote = true
			case m.match >= 0:
				s.bracket = c.marks[m.match].pos
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(c.text[k:])
		switch {
		case r == '!' || r == '?', r == '.' || r == '…':
			after := s // what s is if the stop belongs to it
			e := after.run(c.text, k)
			if r == '.' || r == '…' {
				if l, _ := utf8.DecodeRuneInString(c.text[e:]); k > j && (unicode.IsLetter(l) || unicode.IsDigit(l)) {
					return s, true // "...et" opens what follows
				}
			}
			if s.quote || s.bracket >= 0 {
				after = stop{at: i, bracket: -1, outer: true}
				after.run(c.text, k)
			}
			s, j = after, e
			continue
		case strings.ContainsRune(",;:", r):
			return s, false
		case k == j && r == '[':
			if e := note(c.text, k); e > 0 {
				j = e
				continue
			}
		case k == j && unicode.Is(unicode.No, r), unicode.Is(unicode.So, r) && n == 4, r == '\ufe0f', r == '\u200d':
			j = k + n
			continue
		}
		return s, k > j
	}
}

// strayed says whether m is a straight mark without a partner, white space on
// both sides: behind a stop, it belongs to the sentence that ends there.
func (c *cutter) strayed(m *mark) bool {
	if m.kind != straights || m.match >= 0 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(c.text[m.end():])
	return unicode.IsSpace(r)
}

// run reads stops without white space between them and gives their end.
func (s *stop) run(text string, i int) int {
	first, dots := s.end == 0, 0
	for i < len(text) {
		switch {
		case text[i] == '!' || text[i] == '?':
			s.strong = true
			i++
		case text[i] == '.':
			dots++
			i++
		case strings.HasPrefix(text[i:], "…"):
			s.dots = true
			i += len("…")
		default:
			s.dots = s.dots || dots > 1
			s.full = first && dots == 1 && !s.strong && !s.dots
			return i
		}
	}
	return i
}

// note gives the end of a reference such as [12] at i, else 0.
func note(text string, i int) int {
	j := i + 1
	for j < len(text) && isDigit(text[j]) && j-i < 5 {
		j++
	}
	if j > i+1 && j < len(text) && text[j] == ']' {
		return j + 1
	}
	return 0
}

func skipSpace(text string, i int) int {
	for i < len(text) {
		if c := text[i]; c < utf8.RuneSelf {
			if c != ' ' && (c < '\t' || c > '\r') {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsSpace(r) && r != '\u200b' && r != '\u2060' && r != '\ufeff' {
			return i
		}
		i += n
	}
	return i
}
