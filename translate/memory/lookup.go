package memory

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"depeche/translate"
)

// fields are the columns that a match is made of.
const fields = `id, source, target, src_lang, trg_lang, previous, next, kind, backend, model, settings, glossary,
	state, author, document, note, detail, changed, uses`

// found is an entry as the database has it.
type found struct {
	id                            int64
	source, target, from, to      string
	previous, next                int64
	kind, backend, model          string
	settings, glossary            string
	state, author, document, note string
	detail                        string
	changed, uses                 int64
}

func (f *found) scan(rows *sql.Rows) error {
	return rows.Scan(&f.id, &f.source, &f.target, &f.from, &f.to, &f.previous, &f.next, &f.kind, &f.backend, &f.model,
		&f.settings, &f.glossary, &f.state, &f.author, &f.document, &f.note, &f.detail, &f.changed, &f.uses)
}

func (f *found) human() bool { return f.kind == string(translate.Human) }

// own reports whether the asking backend made the entry in the same way.
func (f *found) own(q *translate.Query) bool {
	return !f.human() && f.backend == q.Backend && f.model == q.Model && f.settings == q.Settings && f.glossary == q.Glossary
}

func (f *found) details() (detail, error) {
	var d detail
	if f.detail == "" {
		return d, nil
	}
	if err := json.Unmarshal([]byte(f.detail), &d); err != nil {
		return d, fmt.Errorf("entry %d: %w", f.id, err)
	}
	return d, nil
}

func (f *found) match(percent int) (translate.Match, error) {
	m := translate.Match{Source: f.source, Target: f.target, Percent: percent, State: translate.State(f.state),
		Entry: f.id, Document: f.document,
		Origin: translate.Origin{Kind: translate.OriginKind(f.kind), Backend: f.backend, Model: f.model, By: f.author}}
	if f.human() {
		m.Origin.Time = time.Unix(f.changed, 0).UTC()
	}
	d, err := f.details()
	if err != nil {
		return m, err
	}
	m.Links, m.Findings = d.Links, d.Findings
	if d.Score != nil {
		m.Score, m.HasScore = *d.Score, true
	}
	if d.Backend != "" || d.Model != "" {
		m.Origin.Backend, m.Origin.Model = d.Backend, d.Model
	}
	return m, nil
}

// Lookup gives the matches of a source, best first: in context before exact
// before fuzzy; within each, human before machine and reviewed before draft.
// Of the machine's exact entries only those count that the same backend made
// with the same model, settings and glossary. Fuzzy ones come behind those, so
// that a run that goes on sees what its first part saw, but not behind an
// editor's.
func (m *Memory) Lookup(ctx context.Context, q translate.Query) ([]translate.Match, error) {
	if err := m.countUses(ctx, mostUses); err != nil {
		return nil, err
	}
	matches, err := m.lookup(ctx, q)
	if err != nil && ctx.Err() == nil {
		err = m.failed("can't be read", err)
	}
	return matches, err
}

func (m *Memory) lookup(ctx context.Context, q translate.Query) ([]translate.Match, error) {
	k := keysOf(&q)
	exact, err := m.ask(ctx, "SELECT "+fields+" FROM entries WHERE hash = ?", k.exact)
	if err != nil {
		return nil, err
	}
	var list []candidate
	for _, f := range exact {
		if !f.human() && !f.own(&q) {
			continue
		}
		percent := 100
		if f.previous == k.previous && f.next == k.next {
			percent = 101
		}
		list = append(list, candidate{f, percent})
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		// Of an editor's entries the latest counts, of an engine's the first:
		// which a later run over the same texts would not change.
		order := cmp.Compare(a.id, b.id)
		if a.human() {
			order = cmp.Or(cmp.Compare(b.changed, a.changed), -order)
		}
		return cmp.Or(cmp.Compare(rank(&b.found), rank(&a.found)), cmp.Compare(b.percent, a.percent), cmp.Compare(typed(&b, &q), typed(&a, &q)), order)
	})
	var out []translate.Match
	for i := range list {
		match, err := list[i].match(list[i].percent)
		if err != nil {
			return nil, err
		}
		out = append(out, match)
	}
	if q.Fuzzy <= 0 || q.Fuzzy > 100 || len(list) > 0 && list[0].human() {
		return out, nil
	}
	near, err := m.fuzzy(ctx, q, k)
	return append(out, near...), err
}

// typed is 1 if the entry's source is the asked one also in its typography.
func typed(c *candidate, q *translate.Query) int {
	if c.source == q.Source {
		return 1
	}
	return 0
}

// rank orders what may be taken: reviewed human, human, reviewed machine, machine.
func rank(f *found) int {
	n := 0
	if f.human() {
		n += 2
	}
	if f.state == string(translate.Reviewed) || f.state == string(translate.Final) {
		n++
	}
	return n
}

// ask is query with a prepared statement.
func (m *Memory) ask(ctx context.Context, query string, args ...any) ([]found, error) {
	s, err := m.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	return all(rows)
}

func (m *Memory) query(ctx context.Context, query string, args ...any) ([]found, error) {
	rows, err := m.db.QueryContext(ctx, m.rebind(query), args...)
	if err != nil {
		return nil, err
	}
	return all(rows)
}

func all(rows *sql.Rows) ([]found, error) {
	defer rows.Close()
	var list []found
	for rows.Next() {
		var f found
		if err := f.scan(rows); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, rows.Err()
}

// fuzzy finds entries that are close to the source, and leaves out those of the
// asking backend: a run would otherwise see what it made itself, or not,
// depending on when it was stopped. An entry that differs in numbers alone is
// adapted: its numbers become those of the source.
func (m *Memory) fuzzy(ctx context.Context, q translate.Query, k keys) ([]translate.Match, error) {
	least := max(q.Fuzzy, LeastFuzzy)
	own := maker(translate.Machine, &q)
	var out []translate.Match
	seen := make(map[string]bool)
	add := func(f *found, percent int, target, note string) error {
		if base(f.from) != base(q.From) || base(f.to) != base(q.To) || seen[f.source+"\x00"+target] {
			return nil
		}
		seen[f.source+"\x00"+target] = true
		match, err := f.match(percent)
		match.Target, match.Note = target, note
		out = append(out, match)
		return err
	}
	if k.loose != 0 {
		// Two ranges of one index leave the asking backend's own unread.
		same := "SELECT " + fields + " FROM entries WHERE loose = ? AND loose <> 0 AND maker %s ? AND " + offered
		adapted, err := m.ask(ctx, fmt.Sprintf(same+" UNION ALL "+same+" ORDER BY changed DESC, id LIMIT 20", "<", ">"), k.loose, own, k.loose, own)
		if err != nil {
			return nil, err
		}
		for i := range adapted {
			if target, note, ok := adapt(&adapted[i], &q); ok {
				if err := add(&adapted[i], 99, target, note); err != nil {
					return nil, err
				}
			}
		}
	}
	near, err := m.near(ctx, &q, k.plain, least, own)
	if err != nil {
		return nil, err
	}
	for i := range near {
		if err := add(&near[i].found, near[i].percent, near[i].target, ""); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out, func(a, b translate.Match) int {
		return cmp.Or(cmp.Compare(b.Percent, a.Percent), cmp.Compare(humanFirst(a), humanFirst(b)), cmp.Compare(a.Source, b.Source))
	})
	if limit := max(q.Limit, 1); len(out) > limit {
		out = out[:limit]
	}
	return out, nil
}

func humanFirst(m translate.Match) int {
	if m.Origin.Kind == translate.Human {
		return 0
	}
	return 1
}
