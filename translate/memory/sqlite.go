package memory

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// smallCache is the page cache of a connection, in KiB; what it does not hold
// is in the system's.
const smallCache = 2048

// spacious does work that visits all pages of the indexes again and again with
// a page cache that holds most of them.
func (m *Memory) spacious(ctx context.Context, tx *sql.Tx, work func() error) error {
	if m.pg {
		return work()
	}
	if _, err := tx.ExecContext(ctx, "PRAGMA cache_size = -65536"); err != nil {
		return err
	}
	err := work()
	_, serr := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = -%d", smallCache))
	return errors.Join(err, serr)
}

// insertSQLite writes records. What is there already is asked for first:
// inserting alone is much faster than what can do both.
func insertSQLite(ctx context.Context, _ *sql.Conn, tx *sql.Tx, list []*record, keepNewer bool) error {
	there, err := existing(ctx, tx, list)
	if err != nil {
		return err
	}
	var id int64 // the last that was given
	if err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'entries'").Scan(&id); err != nil {
		return err
	}
	fresh := make([]*record, 0, len(list))
	for _, r := range list {
		old, ok := there[r.slot]
		switch {
		case !ok:
			id++
			r.added = id
			fresh = append(fresh, r)
		case keepNewer && old.changed > r.entry.Origin.Time.Unix() && !r.entry.Origin.Time.IsZero():
			continue
		default:
			if err := replaceSQLite(ctx, tx, old.id, r); err != nil {
				return err
			}
		}
		r.written = true
	}
	return addSQLite(ctx, tx, fresh)
}

// standing is an entry of the database that a record may replace.
type standing struct{ id, changed int64 }

// existing finds the entries that stand in the slots of the records, in the
// order of the index.
func existing(ctx context.Context, tx *sql.Tx, list []*record) (map[slot]standing, error) {
	there := make(map[slot]standing)
	hashes := make([]any, len(list))
	for i, r := range list {
		hashes[i] = r.slot.exact
	}
	slices.SortFunc(hashes, func(a, b any) int { return cmp.Compare(a.(int64), b.(int64)) })
	for args := range slices.Chunk(hashes, 1000) {
		rows, err := tx.QueryContext(ctx, "SELECT id, changed, hash, previous, next, maker, form FROM entries WHERE hash IN ("+marks(len(args))+")", args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var e standing
			var s slot
			if err := rows.Scan(&e.id, &e.changed, &s.exact, &s.previous, &s.next, &s.maker, &s.form); err != nil {
				rows.Close()
				return nil, err
			}
			there[s] = e
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	return there, nil
}

func replaceSQLite(ctx context.Context, tx *sql.Tx, id int64, r *record) error {
	row, err := r.row(nil)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE entries SET ("+columns+") = ("+marks(columnCount-1)+", uses + ?) WHERE id = ?", append(row, id)...)
	return err
}

// bulk writes rows, many to a statement.
type bulk struct {
	tx         *sql.Tx
	head, tail string // what stands before and after the values
	width      int    // of a row
	rows       int    // of a statement
	args       []any  // the rows that wait
	statement  *sql.Stmt
}

// write writes the rows in args if they fill a statement.
func (b *bulk) write(ctx context.Context) error {
	if len(b.args) < b.rows*b.width {
		return nil
	}
	if b.statement == nil {
		var err error
		if b.statement, err = b.tx.PrepareContext(ctx, b.text(b.rows)); err != nil {
			return err
		}
	}
	_, err := b.statement.ExecContext(ctx, b.args...)
	b.args = b.args[:0]
	return err
}

func (b *bulk) text(rows int) string {
	row := "(" + marks(b.width) + ")"
	return b.head + " VALUES " + row + strings.Repeat(","+row, rows-1) + b.tail
}

// end writes what is left.
func (b *bulk) end(ctx context.Context) error {
	if b.statement != nil {
		defer b.statement.Close()
	}
	if len(b.args) == 0 {
		return nil
	}
	_, err := b.tx.ExecContext(ctx, b.text(len(b.args)/b.width), b.args...)
	return err
}

// addSQLite writes new entries, whose identities follow each other.
func addSQLite(ctx context.Context, tx *sql.Tx, list []*record) error {
	if len(list) == 0 {
		return nil
	}
	// A failure rolls all back, so that the statement need not be able to undo
	// what it has done; SQLite keeps what is needed for that also where it is
	// given identities. It gives those that follow the last ones itself.
	b := bulk{tx: tx, head: "INSERT OR FAIL INTO entries (" + columns + ")", width: columnCount, rows: 50}
	for _, r := range list {
		var err error
		if b.args, err = r.row(b.args); err != nil {
			return err
		}
		if err = b.write(ctx); err != nil {
			return err
		}
	}
	if err := b.end(ctx); err != nil {
		return err
	}
	var last int64
	if err := tx.QueryRowContext(ctx, "SELECT last_insert_rowid()").Scan(&last); err != nil {
		return err
	}
	if want := list[len(list)-1].added; last != want {
		return fmt.Errorf("the last new entry is %d, not %d", last, want)
	}
	return nil
}

// addSQLite writes postings in the order of the table, so that its pages are
// visited once.
func (x postings) addSQLite(ctx context.Context, tx *sql.Tx) error {
	b := bulk{tx: tx, head: "INSERT INTO postings (word, maker, block, list)", width: 4, rows: 100,
		tail: " ON CONFLICT (word, maker, block) DO UPDATE SET list = CAST(list || excluded.list AS BLOB)"}
	err := x.rows(func(r row) error {
		b.args = append(b.args, r.word, r.maker, r.block, r.list)
		return b.write(ctx)
	})
	if err != nil {
		return err
	}
	return b.end(ctx)
}
