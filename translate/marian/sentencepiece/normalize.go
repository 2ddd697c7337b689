package sentencepiece

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// normalizer applies a model's NormalizerSpec: a map from byte sequences to
// replacements, held in a double array as darts-clone writes it, and the
// treatment of spaces.
type normalizer struct {
	units        []uint32 // double array
	replacements []byte   // NUL-terminated strings
	symbols      []string // user-defined, copied unchanged; longest first
	symbolStarts [256]bool
	dummyPrefix  bool // a space before the text
	collapse     bool // runs of spaces become one, none at the ends
	escape       bool // spaces become U+2581
	suffix       bool // spaces belong to the word before them
}

func (n *normalizer) parse(data []byte) error {
	return fields(data, func(f field) error {
		switch f.number {
		case 2:
			return n.parseMap(f.bytes)
		case 3:
			n.dummyPrefix = f.varint != 0
		case 4:
			n.collapse = f.varint != 0
		case 5:
			n.escape = f.varint != 0
		}
		return nil
	})
}

func (n *normalizer) parseMap(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if len(b) < 4 {
		return fmt.Errorf("character map of %d bytes", len(b))
	}
	size := binary.LittleEndian.Uint32(b)
	b = b[4:]
	if size%4 != 0 || uint64(size) > uint64(len(b)) || size == 0 {
		return fmt.Errorf("character map of %d bytes holds a double array of %d", len(b), size)
	}
	n.units = make([]uint32, size/4)
	for i := range n.units {
		n.units[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	n.replacements = append(bytes.Clone(b[size:]), 0)
	return nil
}

func (n *normalizer) index() {
	slices.SortStableFunc(n.symbols, func(a, b string) int { return len(b) - len(a) })
	for _, s := range n.symbols {
		n.symbolStarts[s[0]] = true
	}
}

func offset(unit uint32) uint32 { return (unit >> 10) << ((unit & 0x200) >> 6) }

// prefix is the replacement of the longest known prefix of in, and the
// number of bytes that it replaces.
func (n *normalizer) prefix(in string) (string, int) {
	if n.symbolStarts[in[0]] {
		for _, s := range n.symbols {
			if strings.HasPrefix(in, s) {
				return s, len(s)
			}
		}
	}
	length, value := 0, uint32(0)
	if len(n.units) > 0 {
		pos := offset(n.units[0])
		for i := 0; i < len(in); i++ {
			pos ^= uint32(in[i])
			if uint64(pos) >= uint64(len(n.units)) || n.units[pos]&0x800000ff != uint32(in[i]) {
				break
			}
			unit := n.units[pos]
			pos ^= offset(unit)
			if uint64(pos) >= uint64(len(n.units)) {
				break
			}
			if unit>>8&1 == 1 {
				length, value = i+1, n.units[pos]&0x7fffffff
			}
		}
	}
	if length > 0 && uint64(value) < uint64(len(n.replacements)) {
		rest := n.replacements[value:]
		return string(rest[:bytes.IndexByte(rest, 0)]), length
	}
	r, size := utf8.DecodeRuneInString(in)
	if r == utf8.RuneError && size <= 1 {
		return "\uFFFD", 1
	}
	return in[:size], size
}

// normalized is a text as the segmentation sees it. Byte i of text comes from
// the source from byte from[i] on; from has one entry more than text.
type normalized struct {
	text []byte
	from []int32
}

func (n *normalizer) apply(in string, dummyPrefix bool) normalized {
	out := normalized{text: make([]byte, 0, len(in)+len(in)/2+8), from: make([]int32, 0, len(in)+len(in)/2+9)}
	consumed := 0
	if n.collapse {
		for consumed < len(in) {
			p, size := n.prefix(in[consumed:])
			if p != " " {
				break
			}
			consumed += size
		}
	}
	if consumed == len(in) {
		return normalized{}
	}
	space := " "
	if n.escape {
		space = Space
	}
	put := func(s string) {
		out.text = append(out.text, s...)
		for range len(s) {
			out.from = append(out.from, int32(consumed))
		}
	}
	if dummyPrefix && !n.suffix {
		put(space)
	}
	afterSpace := n.collapse
	for consumed < len(in) {
		p, size := n.prefix(in[consumed:])
		if afterSpace {
			p = strings.TrimLeft(p, " ")
		}
		if p != "" {
			afterSpace = p[len(p)-1] == ' '
			if n.escape {
				p = strings.ReplaceAll(p, " ", Space)
			}
			put(p)
		}
		consumed += size
		if !n.collapse {
			afterSpace = false
		}
	}
	for n.collapse && bytes.HasSuffix(out.text, []byte(space)) {
		length := len(out.text) - len(space)
		consumed = int(out.from[length])
		out.text, out.from = out.text[:length], out.from[:length]
	}
	if dummyPrefix && n.suffix {
		put(space)
	}
	out.from = append(out.from, int32(consumed))
	return out
}
