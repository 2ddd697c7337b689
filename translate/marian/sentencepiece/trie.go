package sentencepiece

import (
	"bytes"
	"fmt"
)

// trie holds pieces by their bytes. A node's children are neighbours, so that
// one search over labels finds the next node.
type trie struct {
	first  []int32 // node -> its first child
	count  []int16 // node -> number of children
	piece  []int32 // node -> piece that ends here, or -1
	labels []byte  // node -> byte that leads to it
}

// next is the child of node by label c, or -1.
func (t *trie) next(node int32, c byte) int32 {
	first, count := t.first[node], int32(t.count[node])
	if i := bytes.IndexByte(t.labels[first:first+count], c); i >= 0 {
		return first + int32(i)
	}
	return -1
}

// build fills the trie with the pieces of the given identifiers. Two pieces
// with the same text are an error.
func (t *trie) build(pieces []string, ids []int32) error {
	size := 1
	for _, id := range ids {
		size += len(pieces[id])
	}
	size = min(size, 4*len(ids)+16) // most pieces share their beginnings
	t.first, t.count = make([]int32, 0, size), make([]int16, 0, size)
	t.piece, t.labels = make([]int32, 0, size), make([]byte, 0, size)
	t.add(0)
	type span struct{ node, depth, from, to int32 } // of ids with a common prefix of depth bytes
	queue := []span{{0, 0, 0, int32(len(ids))}}
	sorted := make([]int32, len(ids))
	for head := 0; head < len(queue); head++ {
		s := queue[head]
		group := ids[s.from:s.to]
		if len(group) == 1 { // the rest of one piece
			node, rest := s.node, pieces[group[0]][s.depth:]
			for i := range len(rest) {
				t.first[node], t.count[node] = int32(len(t.labels)), 1
				node = t.add(rest[i])
			}
			t.piece[node] = group[0]
			continue
		}
		// distribute by the next byte; what ends here comes first
		var ends [258]int32
		for _, id := range group {
			ends[bucket(pieces[id], s.depth)+1]++
		}
		for i := 1; i < len(ends); i++ {
			ends[i] += ends[i-1]
		}
		if ends[1] > 1 {
			return fmt.Errorf("pieces %d and %d are both %q", group[0], group[1], pieces[group[0]])
		}
		starts := ends
		for _, id := range group {
			b := bucket(pieces[id], s.depth)
			sorted[starts[b]] = id
			starts[b]++
		}
		copy(group, sorted)
		if ends[1] == 1 {
			t.piece[s.node] = group[0]
		}
		t.first[s.node] = int32(len(t.labels))
		for from := ends[1]; int(from) < len(group); {
			b := bucket(pieces[group[from]], s.depth)
			queue = append(queue, span{t.add(byte(b - 1)), s.depth + 1, s.from + from, s.from + ends[b+1]})
			t.count[s.node]++
			from = ends[b+1]
		}
	}
	return nil
}

// bucket is 0 for a piece that ends at depth, else 1 more than its byte there.
func bucket(piece string, depth int32) int {
	if len(piece) == int(depth) {
		return 0
	}
	return int(piece[depth]) + 1
}

func (t *trie) add(label byte) int32 {
	t.first = append(t.first, 0)
	t.count = append(t.count, 0)
	t.piece = append(t.piece, -1)
	t.labels = append(t.labels, label)
	return int32(len(t.labels) - 1)
}
