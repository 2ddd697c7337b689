package glossary

import (
	"encoding/binary"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is a word or a mark of a text; white space is no token.
type token struct {
	start, end int32
	class      int32 // of a word: its class or noWord; of a mark: markBase plus its rune
	space      bool  // white space stands before it
	quote      bool  // a quotation mark
}

const (
	noWord   int32 = -1
	markBase int32 = 1 << 29
	dash     rune  = '\u2014' // what a hyphen between spaces is
)

func (t token) word() bool { return t.class < markBase }
func (t token) mark() rune {
	if t.class < markBase {
		return 0
	}
	return rune(t.class - markBase)
}

// lexicon numbers the classes of words. Two words are of one class if they
// may be forms of one another; a match is then looked at closely. A conjugated
// form belongs to the classes of its verbs too, which stand in also.
type lexicon struct {
	// classes is keyed by the hash of the reduced word. Two words that share
	// one fall into one class, which the closer look sorts out.
	classes intMap
	also    map[int32][]int32
	// filter has a bit for each hash: most words of a text are in no entry, and
	// it says so without a look into the large table.
	filter []uint64
}

func (l *lexicon) add(folded []byte) int32 {
	h := hash(reduce(folded))
	if c, ok := l.classes.get(h); ok {
		return c
	}
	c := int32(l.classes.n)
	l.classes.put(h, c)
	return c
}

// seal makes the filter, after the last add.
func (l *lexicon) seal() {
	n := 64
	for n < 16*l.classes.n {
		n *= 2
	}
	l.filter = make([]uint64, n/64)
	for _, s := range l.classes.slots {
		if s.key != 0 {
			h := (s.key - 1) & uint64(n-1)
			l.filter[h/64] |= 1 << (h % 64)
		}
	}
}

// hash takes eight bytes at a time; it is part of each word's cost.
func hash(key []byte) uint64 {
	h := uint64(len(key))
	for len(key) > 8 {
		h = mix(h ^ binary.LittleEndian.Uint64(key))
		key = key[8:]
	}
	var last [8]byte
	copy(last[:], key)
	h = mix(h ^ binary.LittleEndian.Uint64(last[:]))
	return h >> 1 // leaves room for the mark of an empty place
}

// class is the class of a folded word, which it may change; noWord if the
// lexicon has none.
func (l *lexicon) class(folded []byte) int32 {
	if l.classes.n == 0 || len(folded) == 0 {
		return noWord
	}
	h := hash(reduce(folded))
	if l.filter != nil {
		k := h & uint64(len(l.filter)*64-1)
		if l.filter[k/64]&(1<<(k%64)) == 0 {
			return noWord
		}
	}
	if n, ok := l.classes.get(h); ok {
		return n
	}
	return noWord
}

// longestWord is the most bytes of a folded word that scan keeps; a longer one
// goes the slow way.
const longestWord = 60

// scan cuts the text into tokens and appends them to dst. Texts end at 2 GiB.
func (l *lexicon) scan(text string, dst []token) []token {
	var buf [longestWord + 4]byte
	text = text[:min(len(text), math.MaxInt32)]
	space := false
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf && asciiWord[c] == 0 {
			i++
			switch c {
			case ' ', '\t', '\n', '\r':
				space = true
				continue
			case '.', ',':
				dst = append(dst, token{start: int32(i - 1), end: int32(i), class: markBase + int32(c), space: space})
			default:
				dst = append(dst, mark(text, i-1, i, rune(c), space))
			}
			space = false
			continue
		}
		start, n := i, 0
		for i < len(text) && n < longestWord {
			c := text[i]
			if c < utf8.RuneSelf {
				f := asciiWord[c]
				if f == 0 {
					break
				}
				buf[n] = f
				n++
				i++
				continue
			}
			if c == 0xc3 && i+1 < len(text) { // the letters of French with accents
				if f := latinByte[text[i+1]&0x3f]; f != 0 {
					buf[n] = f
					n++
					i += 2
					continue
				}
			}
			r, size := utf8.DecodeRuneInString(text[i:])
			if !wordRune(r) {
				break
			}
			n = len(foldRune(buf[:n], r))
			i += size
		}
		word := buf[:n]
		if n >= longestWord {
			for i < len(text) {
				r, size := utf8.DecodeRuneInString(text[i:])
				if !wordRune(r) {
					break
				}
				i += size
			}
			word = foldWord(nil, text[start:i])
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
			word, i = dotted(text, word, start, i)
		}
		dst = append(dst, token{start: int32(start), end: int32(i), class: l.class(word), space: space})
		space = false
	}
	return dst
}

// dotted reads on through an acronym with full stops, "O.N.U.": the word is
// then "onu". The last full stop belongs to the word unless it can be the
// sentence's own.
func dotted(text string, word []byte, start, i int) ([]byte, int) {
	letters, end := 1, i
	first, _ := utf8.DecodeRuneInString(text[start:])
	if !unicode.IsUpper(first) {
		return word, i
	}
	for end < len(text) && text[end] == '.' {
		r, n := utf8.DecodeRuneInString(text[end+1:])
		if !unicode.IsUpper(r) {
			break
		}
		after := end + 1 + n
		if next, _ := utf8.DecodeRuneInString(text[after:]); after < len(text) && wordRune(next) {
			break
		}
		word = foldRune(word, r)
		letters++
		end = after
	}
	if letters == 1 {
		return word, i
	}
	if end < len(text) && text[end] == '.' {
		rest := strings.TrimLeft(text[end+1:], " \u00a0\u202f")
		if r, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsUpper(r) {
			end++
		}
	}
	return word, end
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
	t.class = markBase + r
	return t
}

// asciiWord folds the ASCII characters of words and is 0 for all others.
var asciiWord = func() (t [utf8.RuneSelf]byte) {
	for c := byte('a'); c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = c, c
	}
	for c := byte('0'); c <= '9'; c++ {
		t[c] = c
	}
	t['_'] = '_'
	return t
}()

func wordRune(r rune) bool {
	switch {
	case r < 0xaa:
		return r < utf8.RuneSelf && asciiWord[r] != 0
	case r == '\u02bc': // an apostrophe, though Unicode has it as a letter
		return false
	case r == '\u00ad' || r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u2060' || r == '\ufeff':
		return true
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// foldRune appends r in lower case, without accents, ligatures taken apart;
// soft hyphens, joiners and combining marks vanish.
func foldRune(dst []byte, r rune) []byte {
	if r < 0x250 && r >= 0xc0 {
		return append(dst, latin[r-0xc0]...)
	}
	return append(dst, foldSlow(r)...)
}

var latin = func() (t [0x250 - 0xc0]string) {
	for r := rune(0xc0); r < 0x250; r++ {
		t[r-0xc0] = foldSlow(r)
	}
	return t
}()

// latinByte folds the letters U+00C0 to U+00FF that fold to one byte; 0 stands
// for all others.
var latinByte = func() (t [64]byte) {
	for i := range t {
		if s := latin[i]; wordRune(rune(0xc0+i)) && len(s) == 1 {
			t[i] = s[0]
		}
	}
	return t
}()

func foldSlow(r rune) string {
	if r < utf8.RuneSelf {
		if f := asciiWord[r]; f != 0 {
			return string(rune(f))
		}
		return string(r)
	}
	switch r {
	case 'œ', 'Œ':
		return "oe"
	case 'æ', 'Æ':
		return "ae"
	case 'ß':
		return "ss"
	case 'ø', 'Ø':
		return "o"
	case 'ł', 'Ł':
		return "l"
	case 'đ', 'Đ':
		return "d"
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return ""
	}
	var b []byte
	for _, d := range norm.NFKD.String(string(unicode.ToLower(r))) {
		if !unicode.Is(unicode.M, d) {
			b = utf8.AppendRune(b, unicode.ToLower(d))
		}
	}
	return string(b)
}

// fold is the folded form of a word or phrase.
func fold(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case wordRune(r):
			b = foldRuneAny(b, r)
		case unicode.IsSpace(r):
			b = append(b, ' ')
		case r == '\u2019' || r == '\u02bc':
			b = append(b, '\'')
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return string(b)
}

// foldWord is fold for one word, without the full stops of an acronym.
func foldWord(dst []byte, w string) []byte {
	for _, r := range w {
		if r != '.' {
			dst = foldRuneAny(dst, r)
		}
	}
	return dst
}

func foldRuneAny(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		return append(dst, asciiWord[r])
	}
	return foldRune(dst, r)
}

// letters is a word taken apart for a comparison that minds accents: lower
// case with accents, ligatures apart. plain marks a capital without accent,
// which may stand for an accented one ("ETAT" for "état").
type letter struct {
	r     rune
	plain bool
}

func letters(word string, dst []letter) []letter {
	if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.M, r) }) {
		word = norm.NFC.String(word)
	}
	for _, r := range word {
		switch r {
		case 'œ', 'Œ':
			dst = append(dst, letter{r: 'o'}, letter{r: 'e'})
		case 'æ', 'Æ':
			dst = append(dst, letter{r: 'a'}, letter{r: 'e'})
		case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '.':
		default:
			dst = append(dst, letter{unicode.ToLower(r), r < utf8.RuneSelf && unicode.IsUpper(r)})
		}
	}
	return dst
}

// agree reports whether two words are the same but for case, ligatures and
// accents that a capital has lost.
func agree(a, b string) bool {
	if a == b {
		return true
	}
	var x, y [48]letter
	la, lb := letters(a, x[:0]), letters(b, y[:0])
	if len(la) != len(lb) {
		return false
	}
	for i := range la {
		p, q := la[i], lb[i]
		if p.r == q.r {
			continue
		}
		if !p.plain && !q.plain || foldSlow(p.r) != foldSlow(q.r) {
			return false
		}
	}
	return true
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// allCaps reports whether s has letters and all of them are capitals.
func allCaps(s string) bool {
	found := false
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		found = found || unicode.IsUpper(r)
	}
	return found
}
