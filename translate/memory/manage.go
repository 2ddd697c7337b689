package memory

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"depeche/translate"
)

// each calls f for every entry of a language pair, in the order in which they
// came; empty languages stand for all.
func (m *Memory) each(ctx context.Context, from, to string, f func(*found) error) error {
	rows, err := m.db.QueryContext(ctx, "SELECT "+fields+" FROM entries ORDER BY id")
	if err != nil {
		return m.failed("can't be read", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e found
		if err := e.scan(rows); err != nil {
			return m.failed("can't be read", err)
		}
		if from != "" && base(e.from) != base(from) || to != "" && base(e.to) != base(to) {
			continue
		}
		if err := f(&e); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return m.failed("can't be read", err)
	}
	return nil
}

// Sample gives up to limit pairs of texts of a language pair.
func (m *Memory) Sample(ctx context.Context, from, to string, limit int) ([][2]string, error) {
	var pairs [][2]string
	full := errors.New("enough")
	err := m.each(ctx, from, to, func(e *found) error {
		if len(pairs) >= limit {
			return full
		}
		pairs = append(pairs, [2]string{e.source, e.target})
		return nil
	})
	if errors.Is(err, full) {
		err = nil
	}
	return pairs, err
}

// Hit is an entry that concordance search found.
type Hit struct {
	translate.Match
	Previous string // neighbouring sources, where known
	Next     string
	Changed  time.Time
	Uses     int // how often it became a target
}

// Search is the concordance: the entries whose source or target holds the
// words, in any case, the latest first.
func (m *Memory) Search(ctx context.Context, words string, limit int) ([]Hit, error) {
	like := func(s string) string {
		return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s) + "%"
	}
	// SQLite's lower() knows ASCII alone, so the words are also looked for as
	// they were typed, in lower case and with a first capital.
	low := strings.ToLower(words)
	r, size := utf8.DecodeRuneInString(low)
	patterns := []string{like(low), like(words), like(string(unicode.ToUpper(r)) + low[size:])}
	var where []string
	var args []any
	for _, column := range []string{"lower(source)", "source", "lower(target)", "target"} {
		for _, p := range patterns {
			where, args = append(where, column+` LIKE ? ESCAPE '\'`), append(args, p)
		}
	}
	query := "SELECT " + fields + " FROM entries WHERE " + strings.Join(where, " OR ") + " ORDER BY changed DESC, id DESC LIMIT ?"
	args = append(args, limit)
	list, err := m.query(ctx, query, args...)
	if err != nil {
		return nil, m.failed("can't be read", err)
	}
	var hits []Hit
	for i := range list {
		match, err := list[i].match(100)
		if err != nil {
			return nil, err
		}
		d, err := list[i].details()
		if err != nil {
			return nil, err
		}
		hits = append(hits, Hit{match, d.Previous, d.Next, time.Unix(list[i].changed, 0).UTC(), int(list[i].uses)})
	}
	return hits, nil
}

// Stats counts the entries of a memory.
type Stats struct {
	Where   string
	Entries int
	Human   int
	Machine int
	Pairs   map[string]int // by language pair, "fr>en"
	By      map[string]int // by backend, of the machine's
	Bytes   int64          // size of the database
	Left    int            // entries that are not indexed yet: near matches with them are not found
}

// Stats counts what the memory holds.
func (m *Memory) Stats(ctx context.Context) (Stats, error) {
	s := Stats{Where: m.where, Pairs: make(map[string]int), By: make(map[string]int)}
	rows, err := m.db.QueryContext(ctx, "SELECT kind, backend, src_lang, trg_lang, COUNT(*) FROM entries GROUP BY kind, backend, src_lang, trg_lang")
	if err != nil {
		return s, m.failed("can't be read", err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind, backend, from, to string
		var n int
		if err := rows.Scan(&kind, &backend, &from, &to, &n); err != nil {
			return s, m.failed("can't be read", err)
		}
		s.Entries += n
		s.Pairs[base(from)+">"+base(to)] += n
		if kind == string(translate.Human) {
			s.Human += n
		} else {
			s.Machine += n
			s.By[backend] += n
		}
	}
	if err := rows.Err(); err != nil {
		return s, m.failed("can't be read", err)
	}
	size := "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
	if m.pg {
		size = "SELECT pg_total_relation_size('entries') + pg_total_relation_size('postings')"
	}
	left := "SELECT COUNT(*) FROM entries JOIN unindexed ON id BETWEEN first AND last"
	if err := errors.Join(m.db.QueryRowContext(ctx, size).Scan(&s.Bytes), m.db.QueryRowContext(ctx, left).Scan(&s.Left)); err != nil {
		return s, m.failed("can't be read", err)
	}
	return s, nil
}

// Prune deletes machine entries that were last changed at a time or before it, of one
// backend or of all; an editor's entries stay. It gives their number.
func (m *Memory) Prune(ctx context.Context, before time.Time, backend string) (int, error) {
	old := "kind <> ? AND changed <= ? AND (? = '' OR backend = ?)"
	args := []any{string(translate.Human), before.Unix(), backend, backend}
	deleted := 0
	for more := true; more; {
		n := 0
		m.write.Lock()
		err := m.transaction(ctx, func(_ *sql.Conn, tx *sql.Tx) error {
			x, read, last, err := m.read(ctx, tx, old, args...)
			if err != nil {
				return err
			}
			n = read
			err = m.spacious(ctx, tx, func() error { return m.deletePostings(ctx, tx, x) })
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, m.rebind("DELETE FROM entries WHERE "+old+" AND id <= ?"), append(slices.Clone(args), last)...)
			return err
		})
		m.write.Unlock()
		if err != nil {
			return deleted, m.failed("can't be written", err)
		}
		deleted += n
		more = n == mendBatch
	}
	return deleted, nil
}

// Concordance is Search for the review page: the matches alone.
func (m *Memory) Concordance(ctx context.Context, words string, limit int) ([]translate.Match, error) {
	hits, err := m.Search(ctx, words, limit)
	matches := make([]translate.Match, len(hits))
	for i, h := range hits {
		matches[i] = h.Match
	}
	return matches, err
}
