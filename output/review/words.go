package review

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// tokens cuts a text into words, runs of white space and single marks. A
// number keeps its marks, a word its apostrophe and hyphen.
func tokens(s string) []string {
	var out []string
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		end := i + n
		switch {
		case unicode.IsSpace(r):
			for end < len(s) {
				r, n := utf8.DecodeRuneInString(s[end:])
				if !unicode.IsSpace(r) {
					break
				}
				end += n
			}
		case letter(r):
			for end < len(s) {
				r, n := utf8.DecodeRuneInString(s[end:])
				if !letter(r) {
					next, _ := utf8.DecodeRuneInString(s[end+n:])
					if !strings.ContainsRune("-'’.,:", r) || !letter(next) || r == ':' && !unicode.IsDigit(next) {
						break
					}
				}
				end += n
			}
		}
		out = append(out, s[i:end])
		i = end
	}
	return out
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func isWord(token string) bool {
	r, _ := utf8.DecodeRuneInString(token)
	return letter(r)
}

// Words is the difference of two texts word by word. White space between two
// changed words counts as changed, so that phrases read as phrases.
func Words(old, new string) []Op {
	var alphabet []string
	index := make(map[string]rune)
	encode := func(s string) []rune {
		var out []rune
		for _, t := range tokens(s) {
			r, ok := index[t]
			if !ok {
				r = rune(len(alphabet) + 1)
				if r >= 0xd800 { // surrogates are no runes
					r += 0x800
				}
				index[t] = r
				alphabet = append(alphabet, t)
			}
			out = append(out, r)
		}
		return out
	}
	a, b := encode(old), encode(new)
	decode := func(s string) string {
		var text strings.Builder
		for _, r := range s {
			if r >= 0xe000 {
				r -= 0x800
			}
			text.WriteString(alphabet[r-1])
		}
		return text.String()
	}
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // the same result on any machine
	var ops []Op
	for _, d := range dmp.DiffMainRunes(a, b, false) {
		sign := "="
		switch d.Type {
		case diffmatchpatch.DiffDelete:
			sign = "-"
		case diffmatchpatch.DiffInsert:
			sign = "+"
		}
		ops = append(ops, Op{sign, decode(d.Text)})
	}
	return phrases(ops)
}

// phrases puts deletions before insertions and takes the white space between
// changes into them.
func phrases(ops []Op) []Op {
	var out []Op
	var minus, plus strings.Builder
	flush := func() {
		if minus.Len() > 0 {
			out = append(out, Op{"-", minus.String()})
		}
		if plus.Len() > 0 {
			out = append(out, Op{"+", plus.String()})
		}
		minus.Reset()
		plus.Reset()
	}
	for i, op := range ops {
		switch op.Op {
		case "-":
			minus.WriteString(op.Text)
		case "+":
			plus.WriteString(op.Text)
		default:
			if strings.TrimSpace(op.Text) == "" && minus.Len() > 0 && plus.Len() > 0 && i+1 < len(ops) {
				minus.WriteString(op.Text)
				plus.WriteString(op.Text)
				continue
			}
			flush()
			out = append(out, op)
		}
	}
	flush()
	return out
}

// words counts the words that were inserted and deleted.
func words(ops []Op) (inserted, deleted int) {
	for _, op := range ops {
		n := 0
		for _, t := range tokens(op.Text) {
			if isWord(t) {
				n++
			}
		}
		switch op.Op {
		case "+":
			inserted += n
		case "-":
			deleted += n
		}
	}
	return inserted, deleted
}
