package glossary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

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

// foldRune is r in lower case, without accents, ligatures taken apart; soft
// hyphens, joiners and combining marks vanish.
func foldRune(r rune) string {
	if r < 0x250 && r >= 0xc0 {
		return latin[r-0xc0]
	}
	return foldSlow(r)
}

var latin = func() (t [0x250 - 0xc0]string) {
	for r := rune(0xc0); r < 0x250; r++ {
		t[r-0xc0] = foldSlow(r)
	}
	return t
}()

// latinByte folds the letters U+00C0 to U+00FF that fold to one byte, by the
// second byte of their UTF-8; 0 stands for all others.
var latinByte = func() (t [256]byte) {
	for i := range 64 {
		if s := latin[i]; wordRune(rune(0xc0+i)) && len(s) == 1 {
			t[0x80+i] = s[0]
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
		case r < utf8.RuneSelf && asciiWord[r] != 0:
			b = append(b, asciiWord[r])
		case wordRune(r):
			b = append(b, foldRune(r)...)
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
// accents that a capital has lost. It tells most pairs apart by their bytes;
// for the rest it takes both words into letters.
func agree(a, b string) bool {
	if a == b {
		return true
	}
	i, k := 0, 0
	for i < len(a) && k < len(b) {
		c, d := a[i], b[k]
		switch {
		case c < utf8.RuneSelf && d < utf8.RuneSelf:
			if c != d && (asciiWord[c] == 0 || asciiWord[c] != asciiWord[d]) {
				return (c == '.' || d == '.') && lettersAgree(a, b)
			}
			i, k = i+1, k+1
		case c == 0xc3 && d == 0xc3 && i+1 < len(a) && k+1 < len(b):
			x, y := latinByte[a[i+1]], latinByte[b[k+1]]
			if x == 0 || y == 0 {
				return lettersAgree(a, b)
			}
			if a[i+1]|0x20 != b[k+1]|0x20 {
				return false
			}
			i, k = i+2, k+2
		case c < utf8.RuneSelf && d == 0xc3 && k+1 < len(b):
			f := latinByte[b[k+1]]
			if f == 0 || asciiWord[c] != f || asciiWord[c] == c {
				return (f == 0 || c == '.' || marked(a, i)) && lettersAgree(a, b)
			}
			i, k = i+1, k+2
		case c == 0xc3 && d < utf8.RuneSelf && i+1 < len(a):
			f := latinByte[a[i+1]]
			if f == 0 || asciiWord[d] != f || asciiWord[d] == d {
				return (f == 0 || d == '.' || marked(b, k)) && lettersAgree(a, b)
			}
			i, k = i+2, k+1
		default:
			return lettersAgree(a, b)
		}
	}
	rest := a[i:] + b[k:]
	if rest == "" {
		return true
	}
	return (rest[0] == '.' || rest[0] >= utf8.RuneSelf) && lettersAgree(a, b)
}

// marked reports whether something beyond Latin-1 follows the byte at i: it
// may be a combining accent.
func marked(s string, i int) bool { return i+1 < len(s) && s[i+1] > 0xc3 }

func lettersAgree(a, b string) bool {
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
