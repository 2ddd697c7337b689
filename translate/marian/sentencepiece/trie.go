package sentencepiece

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
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

// build fills the trie with the pieces of the given identifiers. Of two pieces
// with the same text, an error.
func (t *trie) build(pieces []string, ids []int32) error {
	slices.SortFunc(ids, func(a, b int32) int { return strings.Compare(pieces[a], pieces[b]) })
	for i := 1; i < len(ids); i++ {
		if pieces[ids[i]] == pieces[ids[i-1]] {
			return fmt.Errorf("pieces %d and %d are both %q", min(ids[i], ids[i-1]), max(ids[i], ids[i-1]), pieces[ids[i]])
		}
	}
	t.add(0)
	type span struct {
		node, depth int32
		ids         []int32 // with a common prefix of depth bytes
	}
	queue := []span{{0, 0, ids}}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if len(s.ids) > 0 && len(pieces[s.ids[0]]) == int(s.depth) {
			t.piece[s.node] = s.ids[0]
			s.ids = s.ids[1:]
		}
		t.first[s.node] = int32(len(t.labels))
		for len(s.ids) > 0 {
			c, n := pieces[s.ids[0]][s.depth], 1
			for n < len(s.ids) && pieces[s.ids[n]][s.depth] == c {
				n++
			}
			queue = append(queue, span{t.add(c), s.depth + 1, s.ids[:n]})
			t.count[s.node]++
			s.ids = s.ids[n:]
		}
	}
	return nil
}

func (t *trie) add(label byte) int32 {
	t.first = append(t.first, 0)
	t.count = append(t.count, 0)
	t.piece = append(t.piece, -1)
	t.labels = append(t.labels, label)
	return int32(len(t.labels) - 1)
}
