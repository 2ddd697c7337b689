package memory

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"depeche/translate"
)

// TestMigrate opens a memory of the first form: all of it is found, and what
// is edited now replaces what was edited then.
func TestMigrate(t *testing.T) {
	ctx := context.Background()
	old := func(t *testing.T, m *Memory, dialect goose.Dialect, dir string) {
		files, err := fs.Sub(migrations, dir)
		if err != nil {
			t.Fatal(err)
		}
		p, err := goose.NewProvider(dialect, m.db, files)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.UpTo(ctx, 1); err != nil {
			t.Fatal(err)
		}
		for _, e := range []translate.Entry{human("La guerre a fait plus de 240.000 morts en quatre ans.", "More than 240,000 died in four years of war."),
			entry("Il pleut sur la ville depuis ce matin.", "It has been raining."), human("Oui.", "Yes.")} {
			k := keysOf(&e.Query)
			slot := fmt.Sprintf("%016x%016x%016x%016x", uint64(k.exact), uint64(k.previous), uint64(k.next), uint64(maker(e.Origin.Kind, &e.Query)))
			_, err := m.db.ExecContext(ctx, m.rebind("INSERT INTO entries (hash, loose, slot, src_lang, trg_lang, source, target, previous, next, kind, backend, model, settings, glossary, state, author, document, note, detail, changed) VALUES ("+marks(20)+")"),
				k.exact, k.loose, slot, "fr", "en", e.Source, e.Target, 0, 0, string(e.Origin.Kind), e.Backend, e.Model, "", "", string(e.State), e.Origin.By, "", "", "", 1000)
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := m.db.ExecContext(ctx, m.rebind("INSERT INTO postings (word, first, list) VALUES (7, 1, ?)"), []byte{0, 3}); err != nil {
			t.Fatal(err)
		}
	}
	check := func(t *testing.T, where string) {
		m, err := Open(ctx, where)
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		for source, want := range map[string]string{
			"Oui.": "Yes.", "Il pleut sur la ville depuis ce matin.": "It has been raining.",
			"La guerre a fait plus de 250.000 morts en quatre ans.": "More than 250,000 died in four years of war.",
			"La guerre a fait plus de mille morts en quatre ans.":   "More than 240,000 died in four years of war.",
		} {
			if got := lookup(t, m, ask(source)); len(got) == 0 || got[0].Target != want {
				t.Errorf("%q: %+v", source, got)
			}
		}
		save(t, m, human("Oui.", "Yes indeed."))
		if s, err := m.Stats(ctx); err != nil || s.Entries != 3 {
			t.Errorf("%+v, %v", s, err)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		where := filepath.Join(t.TempDir(), "memory.db")
		db, err := sql.Open("sqlite", where)
		if err != nil {
			t.Fatal(err)
		}
		old(t, &Memory{db: db}, goose.DialectSQLite3, "migrations/sqlite")
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		check(t, where)
	})
	t.Run("postgres", func(t *testing.T) {
		where := postgres(t)
		db, err := sql.Open("pgx", where)
		if err != nil {
			t.Fatal(err)
		}
		old(t, &Memory{db: db, pg: true}, goose.DialectPostgres, "migrations/postgres")
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		check(t, where)
	})
}
