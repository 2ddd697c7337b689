package memory

import (
	"cmp"
	"context"
	"database/sql"
	_ "embed"
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"depeche/translate"
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

// postings are the entries of a batch by the words of their prefixes, in the
// order of the words and then of the entries.
type postings []posting

// posting is an entry that has a word in its prefix.
type posting struct {
	word  int64
	id    int64
	size  uint8  // of the entry in words, at most 255
	maker uint16 // see makerTag
}

// editors is the maker of all entries of people.
var editors = maker(translate.Human, nil)

// makerTag is 0 for an editor, and for an engine a number that tells its
// entries from those of nearly all others.
func makerTag(maker int64) uint16 {
	if maker == editors {
		return 0
	}
	return 1 + uint16(uint64(maker)%16383)
}

// index gathers the postings of the entries that are new.
func index(list []*record) postings {
	n := 0
	for _, r := range list {
		if r.added != 0 { // else one with the same words stands there
			n += len(r.prefix)
		}
	}
	x := make(postings, 0, n)
	for _, r := range list {
		if r.added == 0 {
			continue
		}
		for _, h := range r.prefix {
			x = append(x, posting{h, r.added, uint8(min(r.size, 255)), makerTag(r.slot.maker)})
		}
	}
	slices.SortFunc(x, func(a, b posting) int { return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(a.id, b.id)) })
	return x
}

// mendBatch is of how many entries the postings are gathered before they are
// written.
const mendBatch = 50_000

// mend makes the index anew if it is gone: a migration that changes its form
// empties it.
func (m *Memory) mend(ctx context.Context) error {
	gone := "SELECT NOT EXISTS (SELECT 1 FROM postings) AND EXISTS (SELECT 1 FROM entries)"
	var is bool
	if err := m.db.QueryRowContext(ctx, gone).Scan(&is); err != nil || !is {
		return err
	}
	m.write.Lock()
	defer m.write.Unlock()
	return m.transaction(ctx, func(conn *sql.Conn, tx *sql.Tx) error {
		if m.pg {
			if _, err := tx.ExecContext(ctx, "LOCK TABLE postings IN EXCLUSIVE MODE"); err != nil {
				return err
			}
		}
		if err := tx.QueryRowContext(ctx, gone).Scan(&is); err != nil || !is {
			return err // another program was faster
		}
		for last, more := int64(0), true; more; {
			var list []*record
			rows, err := tx.QueryContext(ctx, m.rebind("SELECT id, maker, source FROM entries WHERE id > ? ORDER BY id LIMIT ?"), last, mendBatch)
			if err != nil {
				return err
			}
			for rows.Next() {
				var source string
				r := &record{}
				if err := rows.Scan(&r.added, &r.slot.maker, &source); err != nil {
					rows.Close()
					return err
				}
				text := words(normal(source))
				r.prefix, r.size = prefix(text), len(text)
				list, last = append(list, r), r.added
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				return err
			}
			insert := postings.insertSQLite
			if m.pg {
				insert = postings.copyPostgres
			}
			if err := insert(index(list), ctx, conn, tx); err != nil {
				return err
			}
			more = len(list) == mendBatch
		}
		return nil
	})
}

// each calls f for one block for each word, in the order of the words.
func (x postings) each(f func(word, first int64, list []byte) error) error {
	for begin, end := 0, 0; begin < len(x); begin = end {
		for end < len(x) && x[end].word == x[begin].word {
			end++
		}
		if err := f(x[begin].word, x[begin].id, pack(x[begin:end])); err != nil {
			return err
		}
	}
	return nil
}

// pack writes a block: for each entry the distance from the one before it, its
// number of words and its maker.
func pack(list []posting) []byte {
	data := make([]byte, 0, 4*len(list))
	last := list[0].id
	for _, p := range list {
		data = binary.AppendUvarint(data, uint64(p.id-last))
		data = append(data, p.size)
		data = binary.AppendUvarint(data, uint64(p.maker))
		last = p.id
	}
	return data
}

// unpack calls f for every posting of a block.
func unpack(first int64, data []byte, f func(posting)) {
	p := posting{id: first}
	for len(data) > 0 {
		d, n := binary.Uvarint(data)
		if n <= 0 || n >= len(data) {
			return
		}
		p.id += int64(d)
		p.size = data[n]
		data = data[n+1:]
		tag, n := binary.Uvarint(data)
		if n <= 0 {
			return
		}
		p.maker = uint16(tag)
		data = data[n:]
		f(p)
	}
}
