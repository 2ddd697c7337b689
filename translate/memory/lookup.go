package memory

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"depeche/translate"
	"depeche/translate/quantity"
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
	matches, err := m.lookup(ctx, q)
	if err != nil && ctx.Err() == nil {
		err = m.failed("can't be read", err)
	}
	return matches, err
}

func (m *Memory) lookup(ctx context.Context, q translate.Query) ([]translate.Match, error) {
	k := keysOf(&q)
	exact, err := m.query(ctx, "SELECT "+fields+" FROM entries WHERE hash = ?", k.exact)
	if err != nil {
		return nil, err
	}
	type candidate struct {
		found
		percent int
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
		return cmp.Or(cmp.Compare(rank(&b.found), rank(&a.found)), cmp.Compare(b.percent, a.percent), order)
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

func (m *Memory) query(ctx context.Context, query string, args ...any) ([]found, error) {
	rows, err := m.db.QueryContext(ctx, m.rebind(query), args...)
	if err != nil {
		return nil, err
	}
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

const mostCandidates = 200 // of which the distance is computed

// fuzzy finds entries that are close to the source. An entry that differs in
// numbers alone is adapted: its numbers become those of the source.
func (m *Memory) fuzzy(ctx context.Context, q translate.Query, k keys) ([]translate.Match, error) {
	least := max(q.Fuzzy, LeastFuzzy)
	var out []translate.Match
	seen := make(map[string]bool)
	add := func(f *found, percent int, target, note string) error {
		if f.own(&q) || f.kind == string(translate.Machine) && f.state == string(translate.Initial) || base(f.from) != base(q.From) || base(f.to) != base(q.To) || seen[f.source+"\x00"+target] {
			return nil
		}
		seen[f.source+"\x00"+target] = true
		match, err := f.match(percent)
		match.Target, match.Note = target, note
		out = append(out, match)
		return err
	}
	adapted, err := m.query(ctx, "SELECT "+fields+" FROM entries WHERE loose = ? ORDER BY changed DESC LIMIT 20", k.loose)
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
	near, err := m.candidates(ctx, k.words, least)
	if err != nil {
		return nil, err
	}
	for i := range near {
		if p := percent(k.words, words(near[i].source), least); p >= least {
			if err := add(&near[i], p, near[i].target, ""); err != nil {
				return nil, err
			}
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

// candidates are the entries that share the most rare words with the text and
// are of a length that allows a match.
func (m *Memory) candidates(ctx context.Context, text []string, least int) ([]found, error) {
	if len(text) == 0 {
		return nil, nil
	}
	hashes := prefix(text)
	args := make([]any, len(hashes))
	for i, h := range hashes {
		args[i] = h
	}
	rows, err := m.db.QueryContext(ctx, m.rebind("SELECT first, list FROM postings WHERE word IN ("+marks(len(hashes))+")"), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	n := min(len(text), 255)
	shared := make(map[int64]int)
	for rows.Next() {
		var first int64
		var data sql.RawBytes
		if err := rows.Scan(&first, &data); err != nil {
			return nil, err
		}
		unpack(first, data, func(p posting) {
			if short, long := min(p.size, n), max(p.size, n); 100*short >= least*long || long == 255 {
				shared[p.id]++
			}
		})
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(shared))
	for id := range shared {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(b, a))
	})
	ids = ids[:min(len(ids), mostCandidates)]
	if len(ids) == 0 {
		return nil, nil
	}
	args = args[:0]
	for _, id := range ids {
		args = append(args, id)
	}
	return m.query(ctx, "SELECT "+fields+" FROM entries WHERE id IN ("+marks(len(ids))+")", args...)
}

// adapt puts the numbers of the source into the target of an entry that has
// others. It works where each number of the entry is found in its target once.
func adapt(f *found, q *translate.Query) (target, note string, ok bool) {
	_, olds := loose(f.source, langOf(f.from))
	_, news := loose(q.Source, langOf(q.From))
	if len(olds) != len(news) || len(olds) == 0 {
		return "", "", false
	}
	target = f.target
	var notes []string
	for i := range olds {
		a, b := f.source[olds[i].Span.Start:olds[i].Span.End], q.Source[news[i].Span.Start:news[i].Span.End]
		if a == b {
			continue
		}
		var at *quantity.Token
		tokens := quantity.Find(target, langOf(f.to))
		for j := range tokens {
			if quantity.Agree(olds[i], tokens[j]) {
				if at != nil {
					return "", "", false
				}
				at = &tokens[j]
			}
		}
		if at == nil || at.Kind != quantity.Number || news[i].Kind != quantity.Number || !at.Digits {
			return "", "", false
		}
		target = target[:at.Span.Start] + english(news[i], b) + target[at.Span.End:]
		notes = append(notes, a+" became "+b)
	}
	return target, strings.Join(notes, ", "), len(notes) > 0
}

// english writes a number as English does: 250,000 and 3.5.
func english(t quantity.Token, text string) string {
	if len(t.Values) == 0 || !t.Grouped && !t.Decimal {
		return text
	}
	whole, frac, _ := strings.Cut(t.Values[0], ".")
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 && t.Grouped {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if frac != "" {
		b.WriteString("." + frac)
	}
	return b.String()
}
