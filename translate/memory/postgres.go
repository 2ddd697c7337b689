package memory

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// copyPostgres writes records. They travel by COPY,
// into a table of this connection that the transaction empties at its end.
func copyPostgres(ctx context.Context, conn *sql.Conn, tx *sql.Tx, list []*record, keepNewer bool) error {
	if _, err := tx.ExecContext(ctx, "CREATE TEMPORARY TABLE IF NOT EXISTS incoming ON COMMIT DELETE ROWS AS SELECT "+
		columns+", 0::BIGINT AS n FROM entries WITH NO DATA"); err != nil {
		return err
	}
	at := make(map[slot]*record, len(list))
	n := 0
	rows := pgx.CopyFromFunc(func() ([]any, error) {
		if n == len(list) {
			return nil, nil
		}
		r := list[n]
		at[r.slot] = r
		row, err := r.row(nil)
		n++
		return append(row, int64(n)), err
	})
	if err := copyFrom(ctx, conn, "incoming", append(strings.FieldsFunc(columns, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }), "n"), rows); err != nil {
		return err
	}
	upsert := ` ON CONFLICT (hash, previous, next, maker, form) DO UPDATE SET source = excluded.source, target = excluded.target, state = excluded.state,
		author = excluded.author, document = excluded.document, note = excluded.note, detail = excluded.detail, changed = excluded.changed`
	if keepNewer {
		upsert += " WHERE excluded.changed >= entries.changed"
	}
	// A row that no transaction has replaced yet is new.
	added, err := tx.QueryContext(ctx, "INSERT INTO entries ("+columns+") SELECT "+columns+" FROM incoming ORDER BY n"+upsert+
		" RETURNING CASE WHEN xmax = 0 THEN id ELSE 0 END, hash, previous, next, maker, form")
	if err != nil {
		return err
	}
	return assign(added, at)
}

// assign notes what became of the records, and the identities of new ones.
func assign(rows *sql.Rows, at map[slot]*record) error {
	defer rows.Close()
	for rows.Next() {
		var id int64
		var s slot
		if err := rows.Scan(&id, &s.exact, &s.previous, &s.next, &s.maker, &s.form); err != nil {
			return err
		}
		at[s].added, at[s].written = id, true
	}
	return rows.Err()
}

// addPostgres writes postings.
func (x postings) addPostgres(ctx context.Context, tx *sql.Tx) error {
	var words, makers, blocks []int64
	var lists [][]byte
	_ = x.rows(func(r row) error {
		words, makers, blocks, lists = append(words, r.word), append(makers, r.maker), append(blocks, r.block), append(lists, r.list)
		return nil
	})
	_, err := tx.ExecContext(ctx, `INSERT INTO postings (word, maker, block, list)
		SELECT * FROM unnest($1::BIGINT[], $2::BIGINT[], $3::BIGINT[], $4::BYTEA[])
		ON CONFLICT (word, maker, block) DO UPDATE SET list = postings.list || excluded.list`, words, makers, blocks, lists)
	return err
}

func copyFrom(ctx context.Context, conn *sql.Conn, table string, columns []string, rows pgx.CopyFromSource) error {
	return conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("%T is no connection to PostgreSQL", driver)
		}
		_, err := c.Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, rows)
		return err
	})
}
