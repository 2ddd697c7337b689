package memory

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"depeche/translate"
	"depeche/translate/quantity"
)

// columns are those of an entry that are written, in the order of row.
const columns = `hash, loose, slot, src_lang, trg_lang, source, target, previous, next, kind, backend, model,
	settings, glossary, state, author, document, note, detail, changed`

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
	exact, loose, previous, next int64
	words                        []string
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
	open, _ := loose(q.Source, langOf(q.From))
	return keys{hash(pair, normal(q.Source)), hash(pair, "#", open), context(q.Previous), context(q.Next), words(q.Source)}
}

// slot is equal for two entries when the later one replaces the earlier: the
// same source in the same context from the same maker.
func slot(e *translate.Entry, k keys) string {
	maker := ""
	if e.Origin.Kind != translate.Human {
		maker = fmt.Sprintf("%s\x00%s\x00%s\x00%s", e.Backend, e.Model, e.Settings, e.Glossary)
	}
	return fmt.Sprintf("%016x%016x%016x%016x", uint64(k.exact), uint64(k.previous), uint64(k.next), uint64(hash(string(e.Origin.Kind), maker)))
}

func row(e *translate.Entry, k keys) ([]any, error) {
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
	return []any{k.exact, k.loose, slot(e, k), e.From, e.To, e.Source, e.Target, k.previous, k.next,
		string(e.Origin.Kind), e.Backend, e.Model, e.Settings, e.Glossary, string(e.State), e.Origin.By,
		e.Document, e.Note, text, changed.Unix()}, nil
}

// Save stores entries in one transaction. An entry with the same source,
// context and maker is replaced.
func (m *Memory) Save(ctx context.Context, entries []translate.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	m.write.Lock()
	defer m.write.Unlock()
	err := m.transaction(ctx, func(tx *sql.Tx) error {
		statement := "INSERT INTO entries (" + columns + ") VALUES (" + marks(20) + `)
			ON CONFLICT (slot) DO UPDATE SET target = excluded.target, state = excluded.state, author = excluded.author,
			document = excluded.document, note = excluded.note, detail = excluded.detail, changed = excluded.changed
			RETURNING id`
		insert, err := tx.PrepareContext(ctx, m.rebind(statement))
		if err != nil {
			return err
		}
		defer insert.Close()
		ix := newIndexer()
		for i := range entries {
			k := keysOf(&entries[i].Query)
			args, err := row(&entries[i], k)
			if err != nil {
				return err
			}
			var id int64
			if err := insert.QueryRowContext(ctx, args...).Scan(&id); err != nil {
				return err
			}
			ix.add(id, k.words)
		}
		return ix.store(ctx, m, tx)
	})
	if err != nil {
		return m.failed("can't be written", err)
	}
	return nil
}

func (m *Memory) transaction(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}
