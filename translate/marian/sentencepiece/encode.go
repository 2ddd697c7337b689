package sentencepiece

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Token is a piece with the bytes of the text that it stands for. A piece
// that begins with a space covers that space. Of the byte pieces of one
// character only the last one covers the character.
type Token struct {
	ID         int32
	Start, End int
}

// unknownPenalty lowers an unknown character below every piece.
const unknownPenalty = 10

// Encode splits a text into the most probable pieces.
func (m *Model) Encode(text string) []Token { return m.encode(text, m.norm.dummyPrefix) }

// EncodeInside is Encode for a text that goes on within a word: no space is
// thought before it.
func (m *Model) EncodeInside(text string) []Token { return m.encode(text, false) }

func (m *Model) encode(text string, dummyPrefix bool) []Token {
	n := m.norm.apply(text, dummyPrefix)
	if len(n.text) == 0 {
		return nil
	}
	best := m.search(n.text)
	tokens := make([]Token, 0, len(n.text)/3+4)
	wasUnknown := false
	for end := len(n.text); end > 0; {
		b := best[end]
		start := int(b.start)
		t := Token{b.id, int(n.from[start]), int(n.from[end])}
		unknown := b.id == m.unk
		switch {
		case unknown && m.byteFallback:
			for k := end - 1; k >= start; k-- {
				tokens = append(tokens, Token{m.byteIDs[n.text[k]], t.Start, t.End})
				t.End = t.Start
			}
		case unknown && wasUnknown:
			tokens[len(tokens)-1].Start = t.Start
		default:
			tokens = append(tokens, t)
		}
		wasUnknown = unknown
		end = start
	}
	slices.Reverse(tokens)
	return tokens
}

// node is the best way to reach a place in the text.
type node struct {
	id, start int32
	score     float32
}

func charLen(lead byte) int {
	return int("\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x02\x02\x03\x04"[lead>>4])
}

// search is the Viterbi segmentation. Sums are compared in float64 against
// stored float32 values, as SentencePiece does: that decides ties.
func (m *Model) search(text []byte) []node {
	best := make([]node, len(text)+1)
	for i := range best {
		best[i].start = -1
	}
	t := &m.trie
	for i := 0; i < len(text); {
		char := min(charLen(text[i]), len(text)-i)
		base := best[i].score
		single := false
		at := int32(0)
		for j := i; j < len(text); j++ {
			if at = t.next(at, text[j]); at < 0 {
				break
			}
			id := t.piece[at]
			if id < 0 {
				continue
			}
			score := float64(m.scores[id])
			if m.kinds[id] == UserDefined {
				score = float64(float32(j+1-i)*m.maxScore) - 0.1
			}
			if sum := score + float64(base); best[j+1].start < 0 || sum > float64(best[j+1].score) {
				best[j+1] = node{id, int32(i), float32(sum)}
			}
			single = single || j+1-i == char
		}
		if !single {
			if sum := m.minScore - unknownPenalty + base; best[i+char].start < 0 || sum > best[i+char].score {
				best[i+char] = node{m.unk, int32(i), sum}
			}
		}
		i += char
	}
	return best
}

// Decode joins pieces into text. Byte pieces that are no valid UTF-8 become
// U+FFFD. Identifiers out of range are skipped.
func (m *Model) Decode(ids []int32) string {
	text, _ := m.DecodeSpans(ids)
	return text
}

// Span is a half-open range of bytes.
type Span struct{ Start, End int }

// DecodeSpans is Decode with the bytes of the text that each piece gave. The
// byte pieces of one run share a span.
func (m *Model) DecodeSpans(ids []int32) (string, []Span) {
	var out strings.Builder
	spans := make([]Span, len(ids))
	for i := 0; i < len(ids); i++ {
		id, start := ids[i], out.Len()
		if id < 0 || int(id) >= len(m.pieces) {
			spans[i] = Span{start, start}
			continue
		}
		switch m.kinds[id] {
		case Control:
		case Unknown:
			out.WriteString(m.unkSurface)
		case Byte:
			j := i
			var run []byte
			for ; j < len(ids) && ids[j] >= 0 && int(ids[j]) < len(m.pieces) && m.kinds[ids[j]] == Byte; j++ {
				run = append(run, m.values[ids[j]])
			}
			for len(run) > 0 {
				r, size := utf8.DecodeRune(run)
				out.WriteRune(r)
				run = run[size:]
			}
			for ; i < j; i++ {
				spans[i] = Span{start, out.Len()}
			}
			i--
			continue
		default:
			p := m.pieces[id]
			if start == 0 && (m.norm.dummyPrefix || m.norm.collapse) {
				p = strings.TrimPrefix(p, Space)
			}
			out.WriteString(strings.ReplaceAll(p, Space, " "))
		}
		spans[i] = Span{start, out.Len()}
	}
	return out.String(), spans
}
