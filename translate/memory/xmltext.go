package memory

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The places where text stands.
type place int

const (
	inElement place = iota
	inAttribute
	inCDATA
)

// decode gives the text between two places in buf, with its references
// resolved.
func (s *scanner) decode(begin, end int, where place) (string, error) {
	raw := s.buf[begin:end]
	ascii, special := true, false
	for i, c := range raw {
		switch {
		case c >= utf8.RuneSelf:
			ascii = false
		case c < ' ' && c != '\n' && c != '\t' && c != '\r':
			return "", s.fault(begin+i, fmt.Sprintf("illegal character code U+%04X", c))
		case c == '\r' || c == '&':
			special = true
		case c == '>' && where == inElement && i >= 2 && raw[i-1] == ']' && raw[i-2] == ']':
			return "", s.fault(begin+i, "]]> without a CDATA section")
		}
	}
	if !ascii {
		for i := 0; i < len(raw); {
			r, n := utf8.DecodeRune(raw[i:])
			if r == utf8.RuneError && n == 1 {
				return "", s.fault(begin+i, "invalid UTF-8")
			}
			if r == 0xfffe || r == 0xffff {
				return "", s.fault(begin+i, fmt.Sprintf("illegal character code %U", r))
			}
			i += n
		}
	}
	if !special {
		return string(raw), nil
	}
	out := make([]byte, 0, len(raw))
	for at := 0; at < len(raw); {
		switch c := raw[at]; {
		case c == '\r':
			out = append(out, '\n')
			if at++; at < len(raw) && raw[at] == '\n' {
				at++
			}
		case c == '&' && where != inCDATA:
			name, _, found := bytes.Cut(raw[at+1:min(at+20, len(raw))], []byte{';'})
			if !found {
				return "", s.fault(begin+at, "an & that is not &amp;")
			}
			r, ok := reference(string(name))
			if !ok {
				return "", s.fault(begin+at, fmt.Sprintf("unknown entity &%s;", name))
			}
			out = utf8.AppendRune(out, r)
			at += len(name) + 2
		default:
			out = append(out, c)
			at++
		}
	}
	return string(out), nil
}

// reference gives the character of what stands between & and ;.
func reference(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return 0, false
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	if strings.HasPrefix(digits, "+") {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, base, 32)
	r := rune(n)
	legal := n <= unicode.MaxRune && utf8.ValidRune(r) && (r >= ' ' || r == '\n' || r == '\t' || r == '\r') && r != 0xfffe && r != 0xffff
	return r, err == nil && legal
}
