// Package memory is the translation memory: a SQLite file of one desk, or a
// PostgreSQL database that desks share, behind one implementation.
package memory

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/adrg/xdg"
	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver "pgx"; database/sql knows no other way
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // likewise "sqlite"
)

//go:embed migrations
var migrations embed.FS

// Memory is an open translation memory. It satisfies translate.TM and is safe
// for concurrent use, also by several processes.
type Memory struct {
	db    *sql.DB
	where string
	pg    bool
	write sync.Mutex // one writer in this process; SQLite has one anyway

	counting sync.Mutex
	uses     map[int64]int // of entries, since they were last written

	preparing sync.Mutex
	prepared  map[string]*sql.Stmt // of Lookup; closed with the database
}

// connections are the most that a memory in a file has open.
const connections = 4

// Default is where the memory of this user lies: depeche/memory.db in the XDG
// data folder.
func Default() string { return "sqlite:" + filepath.Join(xdg.DataHome, "depeche", "memory.db") }

// Open opens the memory at a place, "sqlite:PATH", "postgres://…" or a path,
// makes it if it is not there and brings its tables up to date.
func Open(ctx context.Context, where string) (*Memory, error) {
	m := &Memory{where: where}
	var err error
	if strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://") {
		m.pg = true
		m.where = redact(where)
		m.db, err = sql.Open("pgx", where)
	} else {
		path := strings.TrimPrefix(where, "sqlite:")
		m.where = path
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("translation memory: %w", err)
		}
		q := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", fmt.Sprintf("cache_size(-%d)", smallCache), "temp_store(MEMORY)"}, "_txlock": {"immediate"}}
		m.db, err = sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
		if err == nil {
			// A connection is dear to open, and each has a cache of its own.
			m.db.SetMaxOpenConns(connections)
			m.db.SetMaxIdleConns(connections)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("translation memory: %w", err)
	}
	err = m.migrate(ctx)
	if err == nil {
		_ = m.mend(ctx) // a full disk does not stop who only reads; Stats says what is left
		err = ctx.Err()
	}
	if err != nil {
		m.db.Close()
		return nil, m.failed("can't be opened", err)
	}
	return m, nil
}

// Close ends the use of the memory.
func (m *Memory) Close() error {
	return errors.Join(m.countUses(context.Background(), 0), m.db.Close())
}

func (m *Memory) migrate(ctx context.Context) error {
	dialect, dir := goose.DialectSQLite3, "migrations/sqlite"
	if m.pg {
		dialect, dir = goose.DialectPostgres, "migrations/postgres"
	}
	files, err := fs.Sub(migrations, dir)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(dialect, m.db, files)
	if err != nil {
		return err
	}
	// Another run may be making the tables at this moment: then one of the two
	// fails, and finds them made when it looks again.
	for try := 0; ; try++ {
		pending, err := provider.HasPending(ctx)
		if err == nil && pending {
			_, err = provider.Up(ctx)
		}
		if err == nil || try == 20 || ctx.Err() != nil {
			return err
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// failed is an error in words that an editor can act on.
func (m *Memory) failed(what string, err error) error {
	hint := ""
	switch text := err.Error(); {
	case strings.Contains(text, "SQLITE_BUSY"), strings.Contains(text, "database is locked"):
		hint = "; another program holds it: wait for it, or choose another memory with -m"
	case strings.Contains(text, "SQLITE_READONLY"), strings.Contains(text, "unable to open database"):
		hint = "; the folder or the file can't be written: choose another memory with -m, or none with --no-memory"
	case strings.Contains(text, "SQLITE_FULL"), strings.Contains(text, "no space"):
		hint = "; the disk is full"
	case strings.Contains(text, "not a database"):
		hint = "; the file is no translation memory: choose another with -m"
	}
	return &Error{fmt.Errorf("translation memory %s %s: %w%s", m.where, what, err, hint)}
}

// Error is a failure of the memory itself: it ends a run, since what is
// translated without it would be paid for again.
type Error struct{ err error }

func (e *Error) Error() string { return e.err.Error() }

func (e *Error) Unwrap() error { return e.err }

// redact hides the password of a database address.
func redact(where string) string {
	u, err := url.Parse(where)
	if err != nil {
		return "postgres://…"
	}
	return u.Redacted()
}

// rebind turns the question marks of a statement into PostgreSQL's $1, $2 ….
func (m *Memory) rebind(query string) string {
	if !m.pg {
		return query
	}
	var b strings.Builder
	n := 0
	for _, r := range query {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
	}
	return b.String()
}

// prepare gives a statement that is used again and again: on SQLite parsing
// one takes longer than what it does.
func (m *Memory) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	m.preparing.Lock()
	defer m.preparing.Unlock()
	if s := m.prepared[query]; s != nil {
		return s, nil
	}
	s, err := m.db.PrepareContext(ctx, m.rebind(query))
	if err != nil {
		return nil, err
	}
	if m.prepared == nil {
		m.prepared = make(map[string]*sql.Stmt)
	}
	m.prepared[query] = s
	return s, nil
}

// marks are n question marks with commas between.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }
