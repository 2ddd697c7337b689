package glossary

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word or a mark of a text; white space is no token.
type token struct {
	start, end int32
	class      uint32 // of a word: below markBase; of a mark: markBase plus its rune
	space      bool   // white space stands before it
	quote      bool   // a quotation mark
}

const (
	markBase uint32 = 1 << 31
	dash     rune   = '\u2014' // what a hyphen between spaces is
)

func (t token) word() bool { return t.class < markBase }
func (t token) mark() rune {
	if t.class < markBase {
		return 0
	}
	return rune(t.class - markBase)
}

// longestWord is the most bytes of a folded word that count for its class.
const longestWord = 60

// wordBuffer holds a folded word; its end is room for whole machine words.
type wordBuffer [longestWord + 12]byte

// class numbers the word in the first n bytes, which it may change. Two words
// are of one class if they may be forms of one another, and by rare chance: a
// match is looked at closely afterwards.
func (b *wordBuffer) class(n int) uint32 {
	if n <= longestWord {
		n = len(reduce(b[:n]))
	} else {
		n = longestWord
	}
	h, k := uint64(n), 0
	for ; n-k > 8; k += 8 {
		h = mix(h ^ (binary.LittleEndian.Uint64(b[k:]) | small))
	}
	last := (binary.LittleEndian.Uint64(b[k:]) | small) & (1<<(8*(n-k)) - 1)
	return uint32(mix(h^last) * 0xd6e8feb86659fd93 >> 33)
}

// classOf is the class of a word.
func classOf(word string) uint32 {
	var b wordBuffer
	return b.class(copy(b[:longestWord+1], fold(word)))
}

const (
	ones  = 0x0101010101010101
	high  = 0x80 * ones // the first bit of each byte
	small = 0x20 * ones // what makes an ASCII letter small, and leaves digits alone
)

// notWord looks at eight bytes at once: it sets the first bit of each that is
// no ASCII character of a word. No sum carries into the next byte.
func notWord(x uint64) uint64 {
	low := x &^ high
	lower := low | small
	letter := (lower + (0x80-'a')*ones) &^ (lower + (0x7f-'z')*ones)
	digit := (low + (0x80-'0')*ones) &^ (low + (0x7f-'9')*ones)
	underscore := ^(low ^ '_'*ones + 0x7f*ones)
	return high &^ ((letter | digit | underscore) &^ x)
}

func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// plain takes the word at the start of s into the buffer and gives its length,
// if all is ASCII and it is short, as most are; else 0.
func (b *wordBuffer) plain(s string) int {
	if len(s) < 20 {
		return 0
	}
	x := eight(s)
	n := bits.TrailingZeros64(notWord(x)) / 8
	binary.LittleEndian.PutUint64(b[:], x|small)
	if n == 8 {
		x = eight(s[8:])
		n += bits.TrailingZeros64(notWord(x)) / 8
		binary.LittleEndian.PutUint64(b[8:], x|small)
		if n == 16 {
			return 0
		}
	}
	switch s[n] {
	case 0xe2: // the apostrophe, quotation marks, dashes
		if s[n+1] != 0x80 || s[n+2] < 0x90 {
			return 0
		}
	case 0xc2: // no-break space, guillemets
		if s[n+1] != 0xa0 && s[n+1] != 0xab && s[n+1] != 0xbb {
			return 0
		}
	default:
		if s[n] >= utf8.RuneSelf {
			return 0
		}
	}
	return n
}

// scan cuts the text into tokens and appends them to dst. Texts end at 2 GiB.
func scan(text string, dst []token) []token {
	var buf wordBuffer
	text = text[:min(len(text), math.MaxInt32)]
	space := false
	for i := 0; i < len(text); {
		c := text[i]
		start, n := i, 0
		if c < utf8.RuneSelf {
			if asciiWord[c] == 0 {
				i++
				switch c {
				case ' ', '\t', '\n', '\r':
					space = true
					continue
				case '.', ',':
					dst = append(dst, token{start: int32(start), end: int32(i), class: markBase + uint32(c), space: space})
				default:
					dst = append(dst, mark(text, start, i, rune(c), space))
				}
				space = false
				continue
			}
			n = buf.plain(text[i:])
			i += n
		}
		if n == 0 {
			i, n = buf.fold(text, i)
		}
		if i == start { // a mark or a space outside ASCII
			r, size := utf8.DecodeRuneInString(text[i:])
			i += size
			if unicode.IsSpace(r) || r == '\u202f' || r == '\u00a0' {
				space = true
				continue
			}
			dst = append(dst, mark(text, start, i, r, space))
			space = false
			continue
		}
		if n == 1 && i < len(text) && text[i] == '.' {
			i, n = buf.dotted(text, start, i)
		}
		dst = append(dst, token{start: int32(start), end: int32(i), class: buf.class(n), space: space})
		space = false
	}
	return dst
}

// fold takes the word at i into the buffer. It gives the word's end and the
// length of what is in the buffer.
func (b *wordBuffer) fold(text string, i int) (end, n int) {
	for i < len(text) && n <= longestWord {
		c := text[i]
		if c < utf8.RuneSelf {
			f := asciiWord[c]
			if f == 0 {
				return i, n
			}
			b[n] = f
			n++
			i++
			continue
		}
		if c == 0xc3 && i+1 < len(text) { // the letters of French with accents
			if f := latinByte[text[i+1]]; f != 0 {
				b[n] = f
				n++
				i += 2
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if !wordRune(r) {
			return i, n
		}
		n += copy(b[n:], foldRune(r))
		i += size
	}
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !wordRune(r) {
			break
		}
		i += size
	}
	return i, n
}

// dotted reads on through an acronym with full stops, "O.N.U.", whose first
// letter ends at i: the word is then "onu". The last full stop belongs to the
// word unless it can be the sentence's own.
func (b *wordBuffer) dotted(text string, start, i int) (end, n int) {
	letters, end := 1, i
	n = 1
	first, _ := utf8.DecodeRuneInString(text[start:])
	if !unicode.IsUpper(first) {
		return i, n
	}
	for end < len(text) && text[end] == '.' {
		r, size := utf8.DecodeRuneInString(text[end+1:])
		if !unicode.IsUpper(r) {
			break
		}
		after := end + 1 + size
		if next, _ := utf8.DecodeRuneInString(text[after:]); after < len(text) && wordRune(next) {
			break
		}
		if n <= longestWord {
			n += copy(b[n:], foldRune(r))
		}
		letters++
		end = after
	}
	if letters == 1 {
		return i, n
	}
	if end < len(text) && text[end] == '.' {
		rest := strings.TrimLeft(text[end+1:], " \u00a0\u202f")
		if r, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsUpper(r) {
			end++
		}
	}
	return end, n
}

// mark is the token of a punctuation mark, with its typographic variants made one.
func mark(text string, start, end int, r rune, space bool) token {
	t := token{start: int32(start), end: int32(end), space: space}
	switch r {
	case '\u2019', '\u02bc', '\u2032', '`', '\u00b4':
		r = '\''
	case '-', '\u2010', '\u2011', '\u2012', '\u2013', '\u2212':
		r = '-'
		if after, _ := utf8.DecodeRuneInString(text[end:]); space || unicode.IsSpace(after) {
			r = dash
		}
	case '\u2044', '\u2215':
		r = '/'
	case '"', '«', '»', '“', '”', '„', '‹', '›', '‘':
		r, t.quote = '"', true
	}
	t.class = markBase + uint32(r)
	return t
}
