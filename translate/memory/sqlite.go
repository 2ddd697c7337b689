package memory

import (
	"context"
	"database/sql"
	"slices"
	"strings"
)

// sqliteRows is how many entries one statement writes.
const sqliteRows = 50

// insertSQLite writes records and what finds them again. What is there already
// is asked for first: inserting alone is much faster than what can do both.
func insertSQLite(ctx context.Context, conn *sql.Conn, tx *sql.Tx, list []*record, keepNewer bool) error {
	if len(list) > 20*sqliteRows {
		// An import touches all pages of the indexes again and again.
		if _, err := tx.ExecContext(ctx, "PRAGMA cache_size = -65536"); err != nil {
			return err
		}
	}
	var id int64 // the last that was given
	if err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'entries'").Scan(&id); err != nil {
		return err
	}
	fresh := make([]*record, 0, len(list))
	for chunk := range slices.Chunk(list, 20*sqliteRows) {
		there, err := existing(ctx, tx, chunk)
		if err != nil {
			return err
		}
		for _, r := range chunk {
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
	}
	if err := addSQLite(ctx, tx, fresh); err != nil {
		return err
	}
	return index(list).insertSQLite(ctx, conn, tx)
}

// standing is an entry of the database that a record may replace.
type standing struct{ id, changed int64 }

// existing finds the entries that stand in the slots of the records.
func existing(ctx context.Context, tx *sql.Tx, list []*record) (map[slot]standing, error) {
	args := make([]any, len(list))
	for i, r := range list {
		args[i] = r.slot.exact
	}
	rows, err := tx.QueryContext(ctx, "SELECT id, changed, hash, previous, next, maker, form FROM entries WHERE hash IN ("+marks(len(list))+")", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	there := make(map[slot]standing)
	for rows.Next() {
		var e standing
		var s slot
		if err := rows.Scan(&e.id, &e.changed, &s.exact, &s.previous, &s.next, &s.maker, &s.form); err != nil {
			return nil, err
		}
		there[s] = e
	}
	return there, rows.Err()
}

func replaceSQLite(ctx context.Context, tx *sql.Tx, id int64, r *record) error {
	row, err := r.row()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE entries SET ("+columns+") = ("+marks(columnCount-1)+", uses + ?) WHERE id = ?", append(row, id)...)
	return err
}

// addSQLite writes new entries.
func addSQLite(ctx context.Context, tx *sql.Tx, list []*record) error {
	var statement *sql.Stmt
	defer func() {
		if statement != nil {
			statement.Close()
		}
	}()
	args := make([]any, 0, sqliteRows*(columnCount+1))
	for chunk := range slices.Chunk(list, sqliteRows) {
		if n := len(chunk) * (columnCount + 1); n != len(args) {
			if statement != nil {
				statement.Close()
			}
			row := "(" + marks(columnCount+1) + ")"
			var err error
			// A failure rolls all back, so that the statement need not do it for itself.
			statement, err = tx.PrepareContext(ctx, "INSERT OR FAIL INTO entries (id, "+columns+") VALUES "+row+strings.Repeat(","+row, len(chunk)-1))
			if err != nil {
				return err
			}
		}
		args = args[:0]
		for _, r := range chunk {
			row, err := r.row()
			if err != nil {
				return err
			}
			args = append(append(args, r.added), row...)
		}
		if _, err := statement.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// insertSQLite writes the gathered postings in the order of the table, so that
// its pages are visited once.
func (x postings) insertSQLite(ctx context.Context, _ *sql.Conn, tx *sql.Tx) error {
	insert, err := tx.PrepareContext(ctx, "INSERT INTO postings (word, first, list) VALUES (?, ?, ?)")
	if err != nil {
		return err
	}
	defer insert.Close()
	return x.each(func(word, first int64, list []byte) error {
		_, err := insert.ExecContext(ctx, word, first, list)
		return err
	})
}
