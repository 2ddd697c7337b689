package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mark is a quotation mark or a bracket in a text.
type mark struct {
	pos   int
	match int32 // index of the mark that closes this one or is closed by it; -1 if there is none
	kind  markKind
	width uint8 // in bytes
	open  bool  // an opening mark, by its shape or by its context
}

// end is the offset behind the mark.
func (m mark) end() int { return m.pos + int(m.width) }

type markKind uint8

const (
	guillemets markKind = iota // « »
	angles                     // ‹ ›
	doubles                    // “ ”
	lows                       // „ “ and „ ”
	straights                  // " "
	chevrons                   // << >>
	twice                      // '' ''
	singles                    // ‘ ’
	apostrophe                 // ' '
	round                      // ( )
	square                     // [ ]
	markKinds
)

func (k markKind) bracket() bool { return k >= round }

// weak says whether the marks of the kind often are something else:
// apostrophes, arrows. They pair only where no other quotation is crossed.
func (k markKind) weak() bool { return k >= chevrons && k <= apostrophe }

// markBytes are the bytes that a mark may begin with.
var markBytes = [256]bool{'"': true, '\'': true, '(': true, ')': true, '[': true, ']': true, '<': true, '>': true, 0xC2: true, 0xE2: true}

// pairing finds the marks of a text and pairs them. Curved and angular marks
// pair by their shape, straight ones by the white space and the punctuation
// next to them. A mark that has no partner stays alone and binds nothing.
type pairing struct {
	text  string
	marks []mark
	// The stacks hold indices of opening marks without a partner so far;
	// waiting counts them by kind, so that a closing mark without an opening
	// one costs nothing.
	quotes, quoted, brackets []int32
	waiting                  [markKinds]int
}

func pair(text string, marks []mark) []mark {
	p := pairing{text: text, marks: marks[:0]}
	for i := 0; i < len(text); i++ {
		c := text[i]
		if !markBytes[c] {
			continue
		}
		switch c {
		case '"':
			p.straight(i)
		case '\'':
			if i+1 < len(text) && text[i+1] == '\'' {
				if p.roomLeft(i) || !p.closeWeak(i, 2, twice) {
					p.open(i, 2, twice)
				}
				i++
			} else {
				p.apostrophe(i, 1, apostrophe)
			}
		case '(':
			p.openBracket(i, round)
		case '[':
			p.openBracket(i, square)
		case ')':
			p.closeBracket(i, round)
		case ']':
			p.closeBracket(i, square)
		case '<':
			if i+1 < len(text) && text[i+1] == '<' {
				p.open(i, 2, chevrons)
				i++
			}
		case '>':
			if i+1 < len(text) && text[i+1] == '>' {
				p.closeWeak(i, 2, chevrons)
				i++
			}
		case 0xC2:
			if i+1 < len(text) {
				switch text[i+1] {
				case 0xAB:
					p.open(i, 2, guillemets)
				case 0xBB:
					p.close(i, 2, guillemets)
				}
				i++
			}
		case 0xE2:
			if i+2 < len(text) && text[i+1] == 0x80 {
				switch text[i+2] {
				case 0xB9:
					p.open(i, 3, angles)
				case 0xBA:
					p.close(i, 3, angles)
				case 0x9C: // “ closes „ where nothing follows that it could open
					if p.waiting[lows] > 0 && p.roomRight(i+3) && !p.roomLeft(i) {
						p.close(i, 3, lows)
					} else {
						p.open(i, 3, doubles)
					}
				case 0x9D:
					p.close(i, 3, doubles)
				case 0x9E:
					p.open(i, 3, lows)
				case 0x98:
					p.open(i, 3, singles)
				case 0x99:
					p.apostrophe(i, 3, singles)
				}
				i += 2
			}
		}
	}
	return p.marks
}

func (p *pairing) add(i, width int, k markKind, open bool) int32 {
	p.marks = append(p.marks, mark{pos: i, width: uint8(width), kind: k, open: open, match: -1})
	return int32(len(p.marks) - 1)
}

func (p *pairing) open(i, width int, k markKind) {
	m := p.add(i, width, k, true)
	if k.weak() {
		p.quoted = append(p.quoted, m)
		return
	}
	p.waiting[k]++
	p.quotes = append(p.quotes, m)
}

// drop takes the topmost opening marks off the stack down to height n.
func (p *pairing) drop(n int) {
	for _, m := range p.quotes[n:] {
		p.waiting[p.marks[m].kind]--
	}
	p.quotes = p.quotes[:n]
}

func (p *pairing) join(a, b int32) {
	p.marks[a].match, p.marks[b].match = b, a
}

// close adds a closing mark and pairs it with the nearest opening one of its
// kind. Opening marks in between never find a partner: a quotation lies
// within another one or outside it.
func (p *pairing) close(i, width int, k markKind) {
	m := p.add(i, width, k, false)
	if p.waiting[k] == 0 && (k != doubles || p.waiting[lows] == 0) {
		return
	}
	n := len(p.quotes) - 1
	for {
		o := p.marks[p.quotes[n]].kind
		if o == k || o == lows && k == doubles {
			break
		}
		n--
	}
	o := p.quotes[n]
	p.drop(n)
	p.join(o, m)
	p.forget(o)
}

// forget takes the weak marks behind mark o off their stack.
func (p *pairing) forget(o int32) {
	for len(p.quoted) > 0 && p.quoted[len(p.quoted)-1] > o {
		p.quoted = p.quoted[:len(p.quoted)-1]
	}
}

// straight decides by its neighbours whether a straight mark opens or closes.
func (p *pairing) straight(i int) {
	left, right := p.roomLeft(i), p.roomRight(i+1)
	switch {
	case p.waiting[straights] == 0:
		switch {
		case !right || left:
			p.open(i, 1, straights)
		case !p.closeWeak(i, 1, straights):
			p.add(i, 1, straights, false)
		}
	case left && !right:
		// A second opening mark: the one before was never closed, unless a
		// mark that can only close comes without an opening one of its own.
		n := len(p.quotes) - 1
		for p.marks[p.quotes[n]].kind != straights {
			n--
		}
		o := p.quotes[n]
		p.drop(n)
		p.forget(o)
		p.quoted = append(p.quoted, o)
		p.open(i, 1, straights)
	case !left && right && i > 0 && isDigit(p.text[i-1]) && p.closesAgain(i+1):
		p.add(i, 1, straights, false) // inches: the quotation goes on to the next mark
	default:
		p.close(i, 1, straights)
	}
}

// closesAgain says whether the next quotation mark within reach is a straight
// one that can only close.
func (p *pairing) closesAgain(i int) bool {
	const reach = 200 // keeps the look ahead from making time quadratic
	t := p.text[i:min(len(p.text), i+reach)]
	j := strings.IndexByte(t, '"')
	return j >= 0 && !strings.ContainsAny(t[:j], "«»“”‹›„") && !p.roomLeft(i+j) && p.roomRight(i+j+1)
}

// closeWeak closes the quotation that was opened last, if it has that kind and
// no other one is open within it.
func (p *pairing) closeWeak(i, width int, k markKind) bool {
	if len(p.quoted) == 0 {
		return false
	}
	o := p.quoted[len(p.quoted)-1]
	if p.marks[o].kind != k || len(p.quotes) > 0 && p.quotes[len(p.quotes)-1] > o {
		return false
	}
	p.quoted = p.quoted[:len(p.quoted)-1]
	p.join(o, p.add(i, width, k, false))
	return true
}

// apostrophe handles ' and ’, which close a quotation only if one is open and
// no letter follows. ' opens one after white space or an opening mark.
func (p *pairing) apostrophe(i, width int, k markKind) {
	before, _ := utf8.DecodeLastRuneInString(p.text[:i])
	after, n := utf8.DecodeRuneInString(p.text[i+width:])
	if n > 0 && (unicode.IsLetter(after) || after == '-') && unicode.IsLetter(before) {
		return
	}
	word := n > 0 && (unicode.IsLetter(after) || unicode.IsDigit(after))
	if !word && !p.elision(i) && p.closeWeak(i, width, k) {
		return
	}
	if k == apostrophe && word && !unicode.IsDigit(after) && p.roomLeft(i) {
		p.open(i, width, k)
	}
}

// elision says whether the text before i ends in "l", "qu" and the like, so
// that what follows is an apostrophe even before white space.
func (p *pairing) elision(i int) bool {
	t := p.text[max(0, i-4):i]
	if strings.HasSuffix(t, "qu") || strings.HasSuffix(t, "Qu") {
		return true
	}
	if t == "" || !strings.ContainsRune("cdjlmnstCDJLMNST", rune(t[len(t)-1])) {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(t[:len(t)-1])
	return len(t) == 1 || !unicode.IsLetter(r)
}

func (p *pairing) openBracket(i int, k markKind) {
	p.waiting[k]++
	p.brackets = append(p.brackets, p.add(i, 1, k, true))
}

func (p *pairing) closeBracket(i int, k markKind) {
	m := p.add(i, 1, k, false)
	if p.waiting[k] == 0 {
		return
	}
	for {
		o := p.brackets[len(p.brackets)-1]
		p.brackets = p.brackets[:len(p.brackets)-1]
		p.waiting[p.marks[o].kind]--
		if p.marks[o].kind == k {
			p.join(o, m)
			return
		}
	}
}

// roomLeft says whether the mark at i can open a quotation as far as what
// stands before it goes.
func (p *pairing) roomLeft(i int) bool {
	r, n := utf8.DecodeLastRuneInString(p.text[:i])
	return n == 0 || unicode.IsSpace(r) || strings.ContainsRune("([{«“—–-‹/", r)
}

// roomRight says whether the mark that ends at i can close a quotation as far
// as what follows it goes.
func (p *pairing) roomRight(i int) bool {
	r, n := utf8.DecodeRuneInString(p.text[i:])
	return n == 0 || unicode.IsSpace(r) || strings.ContainsRune(")]}»”,.;:!?…›—–/", r)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
