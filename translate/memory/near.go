package memory

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"depeche/translate"
)

// candidate is an entry that may be offered, with how close it is.
type candidate struct {
	found
	percent int
}

// mostCandidates is of how many entries the distance is computed.
const mostCandidates = 200

// offered is what of another than the asking backend may be a fuzzy match: not
// what is doubtful.
const offered = "NOT (kind = 'machine' AND state = 'initial')"

// near gives the entries of which at least the given percentage of the words
// agrees with the text's.
func (m *Memory) near(ctx context.Context, q *translate.Query, plain string, least int, own int64) ([]candidate, error) {
	ids, err := m.sharing(ctx, plain, least, makerTag(own))
	if err != nil {
		return nil, err
	}
	text := words(plain)
	percents := make(map[int64]int)
	var close []any
	// Entries that were deleted since, or may not be offered, take no place.
	for seen := 0; len(ids) > 0 && seen < mostCandidates; {
		args := []any{own}
		for _, id := range ids[:min(len(ids), mostCandidates)] {
			args = append(args, id)
		}
		ids = ids[len(args)-1:]
		rows, err := m.db.QueryContext(ctx, m.rebind("SELECT id, source, src_lang, trg_lang FROM entries WHERE maker <> ? AND "+offered+" AND id IN ("+marks(len(args)-1)+")"), args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var f found
			if err := rows.Scan(&f.id, &f.source, &f.from, &f.to); err != nil {
				rows.Close()
				return nil, err
			}
			if base(f.from) != base(q.From) || base(f.to) != base(q.To) {
				continue
			}
			seen++
			if p := percent(text, words(normal(f.source)), least); p >= least {
				percents[f.id] = p
				close = append(close, f.id)
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	if len(close) == 0 {
		return nil, nil
	}
	list, err := m.query(ctx, "SELECT "+fields+" FROM entries WHERE id IN ("+marks(len(close))+") ORDER BY id DESC", close...)
	if err != nil {
		return nil, err
	}
	out := make([]candidate, len(list))
	for i, f := range list {
		out[i] = candidate{f, percents[f.id]}
	}
	return out, nil
}

// sharing gives the identities of entries that share rare words with the text
// and are of a length that allows a match, those that share most of them first.
func (m *Memory) sharing(ctx context.Context, plain string, least int, own uint64) ([]int64, error) {
	hashes, n := prefix(plain)
	if n == 0 {
		return nil, nil
	}
	hashes = hashes[:min(len(hashes), 255)] // a page of words without a stop
	for len(hashes)%4 != 0 {
		hashes = append(hashes, hashes[0]) // so that there are few statements
	}
	n = min(n, 255)
	args := make([]any, 0, 2*len(hashes)+2)
	for range 2 {
		for _, h := range hashes {
			args = append(args, int64(h))
		}
		args = append(args, int64(own))
	}
	rest := " FROM postings WHERE word IN (" + marks(len(hashes)) + ") AND maker "
	find, err := m.prepare(ctx, "SELECT block, list"+rest+"< ? UNION ALL SELECT block, list"+rest+"> ?")
	if err != nil {
		return nil, err
	}
	rows, err := find.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	shared := make(map[int64]int)
	for rows.Next() {
		var block int64
		var data sql.RawBytes
		if err := rows.Scan(&block, &data); err != nil {
			return nil, err
		}
		unpack(block, data, func(id int64, size int) {
			short, long := min(size, n), max(size, n)
			if 100*short >= least*long || long == 255 {
				shared[id]++
			}
		})
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	ids := slices.Collect(maps.Keys(shared))
	slices.SortFunc(ids, func(a, b int64) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(b, a))
	})
	return ids, nil
}
