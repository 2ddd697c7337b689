package memory

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"depeche/translate"
	"depeche/translate/quantity"
)

// detail is what an entry keeps besides its columns.
type detail struct {
	Score    *float64            `json:"score,omitempty"`
	Links    []translate.Link    `json:"links,omitempty"`
	Findings []translate.Finding `json:"findings,omitempty"`
	// Who answered, where a chain of backends was asked.
	Backend string `json:"backend,omitempty"`
	Model   string `json:"model,omitempty"`
	// The neighbouring sources, of which the columns hold hashes.
	Previous string `json:"previous,omitempty"`
	Next     string `json:"next,omitempty"`
	// The texts with inline codes.
	SourceXML string `json:"source_xml,omitempty"`
	TargetXML string `json:"target_xml,omitempty"`
}

func (d *detail) empty() bool {
	return d.Score == nil && d.Links == nil && d.Findings == nil && d.Backend == "" && d.Model == "" &&
		d.Previous == "" && d.Next == "" && d.SourceXML == "" && d.TargetXML == ""
}

// keys are the hashes that an entry is found by.
type keys struct {
	exact, loose, previous, next int64  // loose is 0 for a source without numbers
	plain                        string // the source, normalised
}

func langOf(tag string) quantity.Lang {
	if base(tag) == "en" {
		return quantity.English
	}
	return quantity.French
}

func keysOf(q *translate.Query) keys {
	pair := base(q.From) + ">" + base(q.To)
	context := func(text string) int64 {
		if text == "" {
			return 0
		}
		return hash(normal(text))
	}
	plain := normal(q.Source)
	k := keys{exact: hash(pair, plain), previous: context(q.Previous), next: context(q.Next), plain: plain}
	if open, found := loose(q.Source, langOf(q.From)); len(found) > 0 {
		k.loose = hash(pair, "#", open)
	}
	return k
}

// slot is equal for two entries when the later one replaces the earlier: the
// same source in the same context from the same maker. What an engine made of
// other quotation marks is another translation, what an editor made is not.
type slot struct{ exact, previous, next, maker, form int64 }

func slotOf(e *translate.Entry, k keys) slot {
	s := slot{exact: k.exact, previous: k.previous, next: k.next, maker: maker(e.Origin.Kind, &e.Query)}
	if e.Origin.Kind != translate.Human {
		s.form = hash(e.Source)
	}
	return s
}

// maker is equal for two entries from the same maker: all editors are one, an
// engine is another with each model, settings and glossary.
func maker(kind translate.OriginKind, q *translate.Query) int64 {
	if kind == translate.Human {
		return hash(string(kind), "")
	}
	return hash(string(kind), q.Backend, q.Model, q.Settings, q.Glossary)
}

// columns are those of an entry that are written, in the order of row.
const columns = `hash, loose, previous, next, maker, form, src_lang, trg_lang, source, target, kind, backend, model,
	settings, glossary, state, author, document, note, detail, changed, uses`

const columnCount = 22

// record is an entry on its way into the database.
type record struct {
	entry  *translate.Entry
	loose  int64
	slot   slot
	prefix []uint64 // see prefix
	size   int      // in words

	written bool  // false if it gave way to one
	added   int64 // the identity of the new entry; 0 if it replaced one or gave way to one
}

// row adds the values of the columns to others.
func (r *record) row(args []any) ([]any, error) {
	e := r.entry
	d := detail{Links: e.Links, Findings: e.Findings, Previous: e.Previous, Next: e.Next, SourceXML: e.SourceXML, TargetXML: e.TargetXML}
	if e.HasScore {
		d.Score = &e.Score
	}
	if e.Origin.Backend != e.Backend || e.Origin.Model != e.Model {
		d.Backend, d.Model = e.Origin.Backend, e.Origin.Model
	}
	text := ""
	if !d.empty() {
		data, err := json.Marshal(d)
		if err != nil {
			return nil, err
		}
		text = string(data)
	}
	changed := e.Origin.Time
	if changed.IsZero() {
		changed = time.Now()
	}
	return append(args, r.slot.exact, r.loose, r.slot.previous, r.slot.next, r.slot.maker, r.slot.form, e.From, e.To, e.Source, e.Target,
		string(e.Origin.Kind), e.Backend, e.Model, e.Settings, e.Glossary, string(e.State), e.Origin.By,
		e.Document, e.Note, text, changed.Unix(), e.Uses), nil
}

// records prepares entries for the database. Of two with the same slot the
// later one stays.
func records(entries []translate.Entry) []*record {
	list := make([]*record, 0, len(entries))
	at := make(map[slot]*record, len(entries))
	for i := range entries {
		e := &entries[i]
		k := keysOf(&e.Query)
		s := slotOf(e, k)
		if r := at[s]; r != nil {
			r.entry = e
			continue
		}
		r := &record{entry: e, loose: k.loose, slot: s}
		r.prefix, r.size = prefix(k.plain)
		at[s] = r
		list = append(list, r)
	}
	return list
}

// Save stores entries in one transaction. An entry with the same source,
// context and maker is replaced.
func (m *Memory) Save(ctx context.Context, entries []translate.Entry) error {
	_, err := m.save(ctx, records(entries), false, nil)
	return err
}

// save writes the records in one transaction. With keepNewer an entry gives
// way to one in its slot that was changed later; it gives the number of these.
// With a backlog their postings may be left to it.
func (m *Memory) save(ctx context.Context, list []*record, keepNewer bool, later *backlog) (older int, err error) {
	if len(list) == 0 {
		return 0, nil
	}
	if m.pg {
		later = nil // there the identities of a transaction need not follow each other
	}
	m.write.Lock()
	defer m.write.Unlock()
	var new span
	err = m.transaction(ctx, func(conn *sql.Conn, tx *sql.Tx) error {
		insert := insertSQLite
		if m.pg {
			insert = copyPostgres
		}
		write := func() error { return insert(ctx, conn, tx, list, keepNewer) }
		var err error
		if len(list) > 1000 {
			err = m.spacious(ctx, tx, write)
		} else {
			err = write()
		}
		if err != nil {
			return err
		}
		if later == nil {
			return m.addPostings(ctx, tx, postings(nil).index(list))
		}
		new = span{}
		for _, r := range list {
			if r.added != 0 {
				new = span{cmp.Or(new.first, r.added), r.added}
			}
		}
		if new.first == 0 {
			return nil
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO unindexed (first, last) VALUES (?, ?)", new.first, new.last)
		return err
	})
	if err != nil {
		return 0, m.failed("can't be written", err)
	}
	if later != nil && new.first != 0 {
		later.noted = append(later.noted, new)
		later.postings = later.postings.index(list)
	}
	for _, r := range list {
		if !r.written {
			older++
		}
	}
	return older, nil
}

// writing is the number of the lock that writers take.
const writing = 0x64e9ec4e

// mostUses is how many entries' uses wait to be written.
const mostUses = 5000

// Used counts one use more of an entry. It is written with others, at last when
// the memory is closed.
func (m *Memory) Used(entry int64) {
	m.counting.Lock()
	defer m.counting.Unlock()
	if m.uses == nil {
		m.uses = make(map[int64]int)
	}
	m.uses[entry]++
}

// countUses writes the uses that were counted, if they are of more than some
// entries.
func (m *Memory) countUses(ctx context.Context, more int) error {
	m.counting.Lock()
	if len(m.uses) <= more {
		m.counting.Unlock()
		return nil
	}
	uses := m.uses
	m.uses = nil
	m.counting.Unlock()
	m.write.Lock()
	defer m.write.Unlock()
	err := m.transaction(ctx, func(_ *sql.Conn, tx *sql.Tx) error {
		// In one order, so that two runs don't wait for each other.
		for _, id := range slices.Sorted(maps.Keys(uses)) {
			if _, err := tx.ExecContext(ctx, m.rebind("UPDATE entries SET uses = uses + ? WHERE id = ?"), uses[id], id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return m.failed("can't be written", err)
	}
	return nil
}

// transaction does f in a transaction. There is one writer at a time, on
// PostgreSQL as on SQLite: two that write the same entries in other orders
// would wait for each other.
func (m *Memory) transaction(ctx context.Context, f func(*sql.Conn, *sql.Tx) error) error {
	conn, err := m.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if m.pg {
		_, err = tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", writing)
	}
	if err == nil {
		err = f(conn, tx)
	}
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}
