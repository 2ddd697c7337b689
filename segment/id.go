package segment

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Identify gives every segment of the document its ID: "s" and ten hex digits
// of a hash of the block's kind and the segment's text, with "-2", "-3" … for
// further occurrences. White space is folded first, so that re-wrapping a
// paragraph keeps its IDs. A document that gains a paragraph keeps the IDs of
// all others.
func (d *Document) Identify() {
	seen := make(map[string]int)
	for i := range d.Blocks {
		b := &d.Blocks[i]
		for j := range b.Segments {
			s := &b.Segments[j]
			sum := sha256.Sum256([]byte(string(b.Kind) + "\x00" + strings.Join(strings.Fields(s.Text), " ")))
			id := "s" + hex.EncodeToString(sum[:5])
			seen[id]++
			if n := seen[id]; n > 1 {
				id += "-" + strconv.Itoa(n)
			}
			s.ID = id
		}
	}
}
