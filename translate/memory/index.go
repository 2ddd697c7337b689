package memory

import (
	"cmp"
	"context"
	"database/sql"
	_ "embed"
	"encoding/binary"
	"slices"
	"strings"
)

// Fuzzy matches are found by their rare words (prefix filtering, Chaudhuri et
// al. 2006). Two texts of which at most 30 in 100 words differ share at least
// 70 in 100, so that with the words in one fixed order, rare ones first, the
// first 30 in 100 and one more of each must have a word in common: only those
// are indexed and looked up. What is rare is fixed by a list of common words,
// common in French news and politics, so that the order never changes.

//go:embed common.txt
var commonText string

var common = func() map[string]int {
	m := make(map[string]int)
	for i, w := range strings.Fields(commonText) {
		m[w] = i + 1
	}
	return m
}()

// LeastFuzzy is the lowest percentage that the index can find.
const LeastFuzzy = 70

// prefix gives the hashes of the words of a text that stand in the index.
func prefix(words []string) []int64 {
	type ranked struct {
		rank int // 0 for words outside the list, else the higher the rarer
		hash int64
	}
	list := make([]ranked, len(words))
	for i, w := range words {
		list[i] = ranked{-common[w], int64(wordHash(w))}
		if common[w] == 0 {
			list[i].rank = 1
			if strings.IndexFunc(w, func(r rune) bool { return r < '0' || r > '9' }) < 0 {
				list[i].rank = 0 // a number: rare, but the first thing to differ
			}
		}
	}
	slices.SortFunc(list, func(a, b ranked) int {
		if a.rank == 1 || b.rank == 1 || a.rank == 0 || b.rank == 0 {
			if c := cmp.Compare(b.rank, a.rank); c != 0 {
				return c
			}
			return cmp.Compare(a.hash, b.hash)
		}
		return cmp.Compare(a.rank, b.rank)
	})
	n := len(words)*(100-LeastFuzzy)/100 + 1
	out := make([]int64, 0, n)
	for _, r := range list[:min(n, len(list))] {
		out = append(out, r.hash)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func wordHash(w string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(w) {
		h = (h ^ uint64(w[i])) * 1099511628211
	}
	return h >> 24 // 40 bits: shorter keys in the file
}

// indexer gathers the postings of a batch of entries.
type indexer struct{ lists map[int64][]posting }

// posting is an entry that has a word in its prefix, with its number of words.
type posting struct {
	id   int64
	size int
}

func newIndexer() *indexer { return &indexer{make(map[int64][]posting)} }

func (x *indexer) add(id int64, words []string) {
	for _, h := range prefix(words) {
		x.lists[h] = append(x.lists[h], posting{id, min(len(words), 255)})
	}
}

// store writes the gathered postings, one block for each word.
func (x *indexer) store(ctx context.Context, m *Memory, tx *sql.Tx) error {
	insert, err := tx.PrepareContext(ctx, m.rebind("INSERT INTO postings (word, first, list) VALUES (?, ?, ?) ON CONFLICT (word, first) DO NOTHING"))
	if err != nil {
		return err
	}
	defer insert.Close()
	hashes := make([]int64, 0, len(x.lists))
	for h := range x.lists {
		hashes = append(hashes, h)
	}
	slices.Sort(hashes) // in the order of the table, so that its pages are visited once
	for _, h := range hashes {
		list := x.lists[h]
		first := slices.MinFunc(list, func(a, b posting) int { return cmp.Compare(a.id, b.id) }).id
		done, err := insert.ExecContext(ctx, h, first, pack(list))
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n > 0 {
			continue
		}
		// The first entry was saved before and begins a block already.
		var data []byte
		if err := tx.QueryRowContext(ctx, m.rebind("SELECT list FROM postings WHERE word = ? AND first = ?"), h, first).Scan(&data); err != nil {
			return err
		}
		unpack(first, data, func(p posting) { list = append(list, p) })
		if _, err := tx.ExecContext(ctx, m.rebind("UPDATE postings SET list = ? WHERE word = ? AND first = ?"), pack(list), h, first); err != nil {
			return err
		}
	}
	return nil
}

// pack writes a block: for each entry the distance from the one before it and
// its number of words.
func pack(list []posting) []byte {
	slices.SortFunc(list, func(a, b posting) int { return cmp.Compare(a.id, b.id) })
	list = slices.Compact(list)
	var data []byte
	last := list[0].id
	for _, p := range list {
		data = binary.AppendUvarint(data, uint64(p.id-last))
		data = append(data, byte(p.size))
		last = p.id
	}
	return data
}

// unpack calls f for every posting of a block.
func unpack(first int64, data []byte, f func(posting)) {
	id := first
	for len(data) > 1 {
		d, n := binary.Uvarint(data)
		if n <= 0 || n >= len(data) {
			return
		}
		id += int64(d)
		f(posting{id, int(data[n])})
		data = data[n+1:]
	}
}
