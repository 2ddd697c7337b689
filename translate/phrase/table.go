package phrase

import (
	"encoding/binary"
	"fmt"
	"math"
	"sort"
	"strings"
)

// option is a translation of a source phrase: English word numbers and the
// weighted translation score, a natural logarithm.
type option struct {
	words []uint32
	score float32
	turn  byte
}

// table finds the options of source phrases in a packed phrase table: the
// source words by falling frequency, buckets of phrases by hash, in each
// phrase a fingerprint of 24 bits and its options.
type table struct {
	source  map[string]uint32
	words   []string // of the source
	target  []string
	offsets []byte // 4 bytes a bucket and 4 more
	blob    []byte
	buckets uint64
}

const (
	maxPhrase = 5 // words in a source phrase
	scoreStep = 0.08
)

func phraseHash(words []uint32) uint64 {
	h := uint64(len(words)) * 0x9e3779b97f4a7c15
	for _, w := range words {
		h = (h ^ uint64(w)) * 0xff51afd7ed558ccd
		h ^= h >> 32
	}
	return h
}

// options gives the translations of the words, best first; nil if there are none.
func (t *table) options(words []uint32) []option {
	h := phraseHash(words)
	at := h % t.buckets
	lo, hi := binary.LittleEndian.Uint32(t.offsets[4*at:]), binary.LittleEndian.Uint32(t.offsets[4*at+4:])
	print := uint32(h >> 40)
	for b := t.blob[lo:hi]; len(b) >= 5; {
		found := uint32(b[0])|uint32(b[1])<<8|uint32(b[2])<<16 == print
		n, size := int(b[3]), int(b[4])
		b = b[5:]
		if size == 255 && len(b) >= 2 {
			size = int(binary.LittleEndian.Uint16(b))
			b = b[2:]
		}
		if size > len(b) {
			return nil // a damaged table
		}
		if found {
			return t.parse(b[:size], n)
		}
		b = b[size:]
	}
	return nil
}

// parse reads n options; what is damaged ends the list.
func (t *table) parse(b []byte, n int) []option {
	list := make([]option, 0, n)
	for range n {
		if len(b) < 3 {
			break
		}
		o := option{score: -scoreStep * float32(b[0]), turn: b[1]}
		k := int(b[2])
		b = b[3:]
		for range k {
			w, size := binary.Uvarint(b)
			if size <= 0 || w > 1<<31 {
				return list
			}
			o.words = append(o.words, uint32(w))
			b = b[size:]
		}
		list = append(list, o)
	}
	return list
}

// Phrase is a source phrase with its translations, for BuildTable.
type Phrase struct {
	Source  []uint32
	Options []PhraseOption
}

// PhraseOption is one translation with its weighted score, a natural logarithm.
type PhraseOption struct {
	Target []uint32
	Score  float32
	Turn   byte // see Turns
}

// BuildTable packs a phrase table. The words of both languages stand in the
// order of their numbers.
func BuildTable(source, target []string, phrases []Phrase) []byte {
	var out []byte
	for _, words := range [][]string{source, target} {
		text := strings.Join(words, "\n")
		out = binary.LittleEndian.AppendUint32(out, uint32(len(text)))
		out = append(out, text...)
	}
	buckets := uint64(len(phrases)/4 + 1)
	at := make([]uint64, len(phrases))
	order := make([]int, len(phrases))
	for i := range phrases {
		order[i], at[i] = i, phraseHash(phrases[i].Source)
	}
	sort.Slice(order, func(a, b int) bool {
		x, y := at[order[a]], at[order[b]]
		if x%buckets != y%buckets {
			return x%buckets < y%buckets
		}
		return x < y
	})
	offsets := make([]uint32, 0, buckets+1)
	var blob []byte
	next := 0
	for b := range buckets {
		offsets = append(offsets, uint32(len(blob)))
		for ; next < len(order) && at[order[next]]%buckets == b; next++ {
			p := phrases[order[next]]
			h := at[order[next]] >> 40
			blob = append(blob, byte(h), byte(h>>8), byte(h>>16), byte(len(p.Options)))
			var body []byte
			for _, o := range p.Options {
				body = append(body, byte(min(255, max(0, math.Round(float64(-o.Score)/scoreStep)))), o.Turn, byte(len(o.Target)))
				for _, w := range o.Target {
					body = binary.AppendUvarint(body, uint64(w))
				}
			}
			if len(body) < 255 {
				blob = append(blob, byte(len(body)))
			} else {
				blob = append(blob, 255, byte(len(body)), byte(len(body)>>8))
			}
			blob = append(blob, body...)
		}
	}
	offsets = append(offsets, uint32(len(blob)))
	out = binary.LittleEndian.AppendUint64(out, buckets)
	for _, o := range offsets {
		out = binary.LittleEndian.AppendUint32(out, o)
	}
	return append(out, blob...)
}

// readTable opens a packed phrase table.
func readTable(data []byte) (*table, error) {
	t := &table{}
	for i := range 2 {
		if len(data) < 4 || uint64(binary.LittleEndian.Uint32(data)) > uint64(len(data)-4) {
			return nil, fmt.Errorf("phrase table: the words of language %d are cut off", i+1)
		}
		n := binary.LittleEndian.Uint32(data)
		words := strings.Split(string(data[4:4+n]), "\n")
		data = data[4+n:]
		if i == 1 {
			t.target = words
			continue
		}
		t.words = words
		t.source = make(map[string]uint32, len(words))
		for j, w := range words {
			t.source[w] = uint32(j)
		}
	}
	if len(data) < 8 {
		return nil, fmt.Errorf("phrase table: the buckets are missing")
	}
	t.buckets = binary.LittleEndian.Uint64(data)
	data = data[8:]
	if t.buckets == 0 || t.buckets >= uint64(len(data))/4 {
		return nil, fmt.Errorf("phrase table: %d buckets in %d bytes", t.buckets, len(data))
	}
	t.offsets, t.blob = data[:4*(t.buckets+1)], data[4*(t.buckets+1):]
	last := uint32(0)
	for at := uint64(0); at <= t.buckets; at++ {
		o := binary.LittleEndian.Uint32(t.offsets[4*at:])
		if o < last || uint64(o) > uint64(len(t.blob)) {
			return nil, fmt.Errorf("phrase table: bucket %d lies outside the file", at)
		}
		last = o
	}
	return t, nil
}
