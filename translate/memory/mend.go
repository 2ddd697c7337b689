package memory

import (
	"context"
	"database/sql"
	"errors"
	"slices"
)

// mendBatch is of how many entries the postings are gathered before they are
// written.
const mendBatch = 50_000

// mend indexes the entries that are noted as not indexed: a migration that
// changes the index notes all, and an import that was killed leaves some.
func (m *Memory) mend(ctx context.Context) error {
	for {
		var some bool
		if err := m.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM unindexed)").Scan(&some); err != nil || !some {
			return err
		}
		m.write.Lock()
		err := m.transaction(ctx, func(_ *sql.Conn, tx *sql.Tx) error { return m.mendSome(ctx, tx) })
		m.write.Unlock()
		if err != nil {
			return err
		}
	}
}

// mendSome indexes the first of the entries that are not indexed.
func (m *Memory) mendSome(ctx context.Context, tx *sql.Tx) error {
	var first, last int64
	switch err := tx.QueryRowContext(ctx, "SELECT first, last FROM unindexed ORDER BY first LIMIT 1").Scan(&first, &last); {
	case errors.Is(err, sql.ErrNoRows):
		return nil // another program was faster
	case err != nil:
		return err
	}
	x, n, end, err := m.read(ctx, tx, "id BETWEEN ? AND ?", first, last)
	if err != nil {
		return err
	}
	if err := m.spacious(ctx, tx, func() error { return m.addPostings(ctx, tx, x) }); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, m.rebind("DELETE FROM unindexed WHERE first = ?"), first); err != nil {
		return err
	}
	if n == mendBatch {
		_, err = tx.ExecContext(ctx, m.rebind("INSERT INTO unindexed (first, last) VALUES (?, ?)"), end+1, last)
	}
	return err
}

// read gives the postings of the first entries, at most mendBatch, of which a
// condition is true, with the number of these entries and the identity of the
// last.
func (m *Memory) read(ctx context.Context, tx *sql.Tx, condition string, args ...any) (x postings, n int, last int64, err error) {
	rows, err := tx.QueryContext(ctx, m.rebind("SELECT id, maker, source FROM entries WHERE "+condition+" ORDER BY id LIMIT ?"), append(slices.Clone(args), mendBatch)...)
	if err != nil {
		return nil, 0, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var source string
		var maker int64
		if err := rows.Scan(&last, &maker, &source); err != nil {
			return nil, 0, 0, err
		}
		n++
		hashes, size := prefix(normal(source))
		for _, h := range hashes {
			x = append(x, newPosting(h, makerTag(maker), last, size))
		}
	}
	return x, n, last, rows.Err()
}

// backlog are the postings of entries that an import has saved and not indexed
// yet: many are written together, so that each page of the index is visited
// once for them. The entries are noted as not indexed until then.
type backlog struct {
	postings postings
	noted    []span
}

// span is a row of the table unindexed.
type span struct{ first, last int64 }

// mostBacklog is how many postings are gathered, of 16 bytes each.
const mostBacklog = 2_000_000

// work writes the backlog.
func (m *Memory) work(ctx context.Context, b *backlog) error {
	if len(b.noted) == 0 {
		return nil
	}
	m.write.Lock()
	defer m.write.Unlock()
	err := m.transaction(ctx, func(_ *sql.Conn, tx *sql.Tx) error {
		for _, s := range b.noted {
			done, err := tx.ExecContext(ctx, m.rebind("DELETE FROM unindexed WHERE first = ? AND last = ?"), s.first, s.last)
			if err != nil {
				return err
			}
			if n, err := done.RowsAffected(); err != nil {
				return err
			} else if n == 0 { // another program has opened the memory and indexed them
				b.postings = slices.DeleteFunc(b.postings, func(p posting) bool { return s.first <= p.id() && p.id() <= s.last })
			}
		}
		return m.spacious(ctx, tx, func() error { return m.addPostings(ctx, tx, b.postings) })
	})
	if err != nil {
		return m.failed("can't be written", err)
	}
	b.postings, b.noted = b.postings[:0], b.noted[:0]
	return nil
}

// addPostings writes postings: behind those that stand in the same rows.
func (m *Memory) addPostings(ctx context.Context, tx *sql.Tx, x postings) error {
	if m.pg {
		return x.addPostgres(ctx, tx)
	}
	return x.addSQLite(ctx, tx)
}

// deletePostings deletes postings of entries that are no more.
func (m *Memory) deletePostings(ctx context.Context, tx *sql.Tx, x postings) error {
	find, err := tx.PrepareContext(ctx, m.rebind("SELECT list FROM postings WHERE word = ? AND maker = ? AND block = ?"))
	if err != nil {
		return err
	}
	defer find.Close()
	return x.rows(func(gone row) error {
		var list []byte
		switch err := find.QueryRowContext(ctx, gone.word, gone.maker, gone.block).Scan(&list); {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return err
		}
		dead := make(map[[2]byte]bool, len(gone.list)/3)
		for p := range slices.Chunk(gone.list, 3) {
			dead[[2]byte(p)] = true
		}
		kept := make([]byte, 0, len(list))
		for p := range slices.Chunk(list, 3) {
			if !dead[[2]byte(p)] {
				kept = append(kept, p...)
			}
		}
		where := " WHERE word = ? AND maker = ? AND block = ?"
		if len(kept) == 0 {
			_, err := tx.ExecContext(ctx, m.rebind("DELETE FROM postings"+where), gone.word, gone.maker, gone.block)
			return err
		}
		_, err := tx.ExecContext(ctx, m.rebind("UPDATE postings SET list = ?"+where), kept, gone.word, gone.maker, gone.block)
		return err
	})
}
