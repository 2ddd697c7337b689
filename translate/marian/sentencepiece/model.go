// Package sentencepiece reads SentencePiece unigram models and tokenises with
// them exactly as the programs spm_encode and spm_decode do: normalisation by
// the model's compiled character map, Viterbi segmentation, byte fallback and
// user-defined symbols.
package sentencepiece

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Kind is a piece's type as numbered in SentencePiece's ModelProto.
type Kind uint8

// The kinds of pieces.
const (
	Normal      Kind = 1
	Unknown     Kind = 2
	Control     Kind = 3
	UserDefined Kind = 4
	Unused      Kind = 5
	Byte        Kind = 6
)

// Space is the symbol that stands for a space in pieces (U+2581).
const Space = "\u2581"

// Model is a vocabulary with its normaliser. It is safe for concurrent use.
type Model struct {
	pieces []string
	scores []float32
	kinds  []Kind
	values []byte // of Byte pieces, else 0

	trie               trie
	minScore, maxScore float32
	unk                int32
	byteIDs            [256]int32 // -1 where the model has no such piece
	byteFallback       bool
	unkSurface         string

	norm normalizer
}

// The limits of Parse keep a broken or hostile file from using up memory.
const (
	maxModelBytes = 64 << 20
	maxPieceBytes = 4 << 10
)

// Parse reads a serialised ModelProto. Models of another type than unigram
// are refused. The Model keeps no reference to data.
func Parse(data []byte) (*Model, error) {
	if len(data) > maxModelBytes {
		return nil, fmt.Errorf("sentencepiece: model of %d bytes is larger than %d", len(data), maxModelBytes)
	}
	m := &Model{unk: -1, unkSurface: " \u2047 "}
	m.norm = normalizer{dummyPrefix: true, collapse: true, escape: true}
	for i := range m.byteIDs {
		m.byteIDs[i] = -1
	}
	var pieces, trainer, normalizer [][]byte
	err := fields(data, func(f field) error {
		switch f.number {
		case 1:
			pieces = append(pieces, f.bytes)
		case 2:
			trainer = append(trainer, f.bytes)
		case 3:
			normalizer = append(normalizer, f.bytes)
		}
		return nil
	})
	for i := 0; err == nil && i < len(trainer); i++ {
		err = m.parseTrainer(trainer[i])
	}
	for i := 0; err == nil && i < len(normalizer); i++ {
		err = m.norm.parse(normalizer[i])
	}
	if err == nil {
		err = m.parsePieces(pieces)
	}
	if err != nil {
		return nil, fmt.Errorf("sentencepiece: %w", err)
	}
	return m, nil
}

func (m *Model) parseTrainer(data []byte) error {
	return fields(data, func(f field) error {
		switch f.number {
		case 3:
			if f.varint != 1 {
				return fmt.Errorf("model type %d is not unigram (1)", f.varint)
			}
		case 24:
			m.norm.suffix = f.varint != 0
		case 35:
			m.byteFallback = f.varint != 0
		case 44:
			m.unkSurface = string(f.bytes)
		}
		return nil
	})
}

func (m *Model) parsePieces(raw [][]byte) error {
	if len(raw) == 0 {
		return fmt.Errorf("no pieces")
	}
	m.pieces = make([]string, len(raw))
	m.scores = make([]float32, len(raw))
	m.kinds = make([]Kind, len(raw))
	m.values = make([]byte, len(raw))
	var text strings.Builder // one allocation for all pieces
	text.Grow(16 * len(raw))
	ends := make([]int, len(raw))
	for i, data := range raw {
		m.kinds[i] = Normal
		var piece []byte
		err := fields(data, func(f field) error {
			switch f.number {
			case 1:
				piece = f.bytes
			case 2:
				m.scores[i] = math.Float32frombits(uint32(f.varint))
			case 3:
				if f.varint < 1 || f.varint > 6 {
					return fmt.Errorf("piece %d: unknown type %d", i, f.varint)
				}
				m.kinds[i] = Kind(f.varint)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if len(piece) == 0 || len(piece) > maxPieceBytes {
			return fmt.Errorf("piece %d: length %d", i, len(piece))
		}
		if s := m.scores[i]; s != s || math.IsInf(float64(s), 0) {
			return fmt.Errorf("piece %d: score %v", i, s)
		}
		text.Write(piece)
		ends[i] = text.Len()
	}
	all, start := text.String(), 0
	for i, end := range ends {
		m.pieces[i], start = all[start:end], end
	}
	return m.index()
}

// index fills what Encode and Decode look up.
func (m *Model) index() error {
	// SentencePiece starts the maximum from the smallest positive float32, so
	// that it is no less than that although all scores are negative
	m.minScore, m.maxScore = math.MaxFloat32, 0x1p-126
	var searchable []int32
	for i, p := range m.pieces {
		switch m.kinds[i] {
		case Normal:
			m.minScore = min(m.minScore, m.scores[i])
			m.maxScore = max(m.maxScore, m.scores[i])
			searchable = append(searchable, int32(i))
		case UserDefined:
			searchable = append(searchable, int32(i))
			m.norm.symbols = append(m.norm.symbols, p)
		case Unknown:
			if m.unk >= 0 {
				return fmt.Errorf("piece %d: a second unknown piece", i)
			}
			m.unk = int32(i)
		case Byte:
			v, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimPrefix(p, "<0x"), ">"), 16, 8)
			if err != nil || len(p) != 6 {
				return fmt.Errorf("piece %d: %q is no byte piece", i, p)
			}
			m.values[i], m.byteIDs[v] = byte(v), int32(i)
		}
	}
	if m.unk < 0 {
		return fmt.Errorf("no unknown piece")
	}
	for v := 0; m.byteFallback && v < 256; v++ {
		if m.byteIDs[v] < 0 {
			return fmt.Errorf("byte fallback without a piece for byte %#02x", v)
		}
	}
	m.norm.index()
	return m.trie.build(m.pieces, searchable)
}

// Len is the number of pieces; identifiers are below it.
func (m *Model) Len() int { return len(m.pieces) }

// Piece is the text of a piece, with U+2581 for spaces.
func (m *Model) Piece(id int32) string { return m.pieces[id] }

// Kind is the type of a piece.
func (m *Model) Kind(id int32) Kind { return m.kinds[id] }

// ByteValue is the byte that a piece of kind Byte stands for.
func (m *Model) ByteValue(id int32) byte { return m.values[id] }

// ID is the identifier of the piece with this text, or -1.
func (m *Model) ID(piece string) int32 {
	for i, p := range m.pieces {
		if p == piece {
			return int32(i)
		}
	}
	return -1
}

// field is one field of a protocol buffer message. Fixed-width values are in
// varint too.
type field struct {
	number uint64
	varint uint64
	bytes  []byte
}

// fields calls f for each field of a message (protocol buffers wire format).
func fields(b []byte, f func(field) error) error {
	size := len(b)
	bad := func() error { return fmt.Errorf("broken protocol buffer, %d bytes before its end", min(len(b), size)) }
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 || key>>3 == 0 {
			return bad()
		}
		b = b[n:]
		one := field{number: key >> 3}
		width := 0
		switch key & 7 {
		case 0:
			if one.varint, n = binary.Uvarint(b); n <= 0 {
				return bad()
			}
			b = b[n:]
		case 1:
			width = 8
		case 2:
			length, n := binary.Uvarint(b)
			if n <= 0 || length > uint64(len(b)-n) {
				return bad()
			}
			b = b[n:]
			one.bytes, b = b[:length:length], b[length:]
		case 5:
			width = 4
		default:
			return bad()
		}
		if width > 0 {
			if len(b) < width {
				return bad()
			}
			if width == 4 {
				one.varint = uint64(binary.LittleEndian.Uint32(b))
			} else {
				one.varint = binary.LittleEndian.Uint64(b)
			}
			b = b[width:]
		}
		if err := f(one); err != nil {
			return err
		}
	}
	return nil
}
