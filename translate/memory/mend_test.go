package memory

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"depeche/translate"
)

// indexed gives how often each entry stands in the index, and fails if one has
// no other place there than its words give it.
func indexed(t *testing.T, m *Memory) map[int64]int {
	t.Helper()
	rows, err := m.db.QueryContext(t.Context(), "SELECT block, list FROM postings")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := make(map[int64]int)
	for rows.Next() {
		var block int64
		var list []byte
		if err := rows.Scan(&block, &list); err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 || len(list)%3 != 0 {
			t.Errorf("a row of %d bytes", len(list))
		}
		unpack(block, list, func(id int64, _ int) { all[id]++ })
	}
	return all
}

// near looks for a text by its neighbour: a few words are other ones.
func near(t *testing.T, m *Memory, source string) bool {
	t.Helper()
	q := ask(source + " également")
	q.Backend, q.Limit = "another", 100
	return slices.ContainsFunc(lookup(t, m, q), func(g translate.Match) bool { return g.Source == source })
}

func sources(n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf("Dossier syrien %s : compromis introuvable entre diplomates fatigués.", strings.Repeat("x", i%40+1)+strings.Repeat("y", i/40)))
	}
	return list
}

// An import that is killed leaves entries that the index does not have: they
// are there when the memory is opened again, once each, also where an import
// goes on beside the one that opened it.
func TestMend(t *testing.T) {
	open := func() (*Memory, string) {
		where := "sqlite:" + t.TempDir() + "/memory.db"
		m, err := Open(t.Context(), where)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { m.Close() })
		return m, where
	}
	m, where := open()
	texts := sources(300)
	var left backlog
	for part := range slices.Chunk(texts, 100) {
		var list []translate.Entry
		for _, s := range part {
			list = append(list, human(s, "T"))
		}
		if _, err := m.save(t.Context(), records(list), true, &left); err != nil {
			t.Fatal(err)
		}
	}
	save(t, m, human("Une phrase de plus est arrivée entretemps de Moscou.", "T"))
	if got := indexed(t, m); len(got) != 1 {
		t.Fatalf("%d entries are indexed at once", len(got))
	}
	if near(t, m, texts[7]) {
		t.Error("the index has what waits for it")
	}
	other, err := Open(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	before := indexed(t, other)
	if len(before) != 301 || !near(t, other, texts[7]) || !near(t, other, texts[299]) {
		t.Errorf("%d entries of 301 are indexed", len(before))
	}
	if err := m.work(t.Context(), &left); err != nil {
		t.Fatal(err)
	}
	for id, n := range indexed(t, m) {
		if n != before[id] {
			t.Errorf("entry %d stands in the index %d times, not %d", id, n, before[id])
		}
	}
}

// What is imported is found at once, and nothing is left to be done.
func TestImportIndexes(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		var b strings.Builder
		b.WriteString(`<tmx version="1.4"><header/><body>`)
		texts := sources(50)
		for _, s := range texts {
			fmt.Fprintf(&b, `<tu><tuv xml:lang="fr"><seg>%s</seg></tuv><tuv xml:lang="en"><seg>T</seg></tuv></tu>`, s)
		}
		// The units before a fault are there too.
		if done, err := importText(t, m, b.String()+"<tu></body>"); err == nil || done.Units != len(texts) {
			t.Fatalf("%+v, %v", done, err)
		}
		for _, s := range texts {
			if !near(t, m, s) {
				t.Errorf("%s is not found", s)
			}
		}
		var left int
		if err := m.db.QueryRow("SELECT COUNT(*) FROM unindexed").Scan(&left); err != nil || left != 0 {
			t.Errorf("%d, %v", left, err)
		}
	})
}

// What is pruned leaves nothing in the index, and takes nothing else with it.
func TestPruneIndex(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		texts := sources(120)
		for i, s := range texts {
			e := entry(s, "T")
			e.Origin.Time = time.Unix(int64(1000+i%3), 0)
			if i%4 == 0 {
				e = human(s, "T")
			}
			save(t, m, e)
		}
		if n, err := m.Prune(context.Background(), time.Unix(1001, 0), ""); n != 60 || err != nil {
			t.Fatalf("pruned %d, %v", n, err)
		}
		ids := make(map[int64]bool)
		if err := m.each(t.Context(), "", "", func(f *found) error { ids[f.id] = true; return nil }); err != nil {
			t.Fatal(err)
		}
		got := indexed(t, m)
		if len(got) != len(ids) || len(ids) != 60 {
			t.Errorf("%d entries are left, %d in the index", len(ids), len(got))
		}
		for id := range got {
			if !ids[id] {
				t.Errorf("entry %d stands in the index and is no more", id)
			}
		}
		for i, s := range texts {
			if want := i%4 == 0 || i%3 == 2; near(t, m, s) != want {
				t.Errorf("%s: found %v, want %v", s, !want, want)
			}
		}
	})
}

// Entries that come one by one make long rows, not many.
func TestRows(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		for _, s := range sources(60) {
			save(t, m, human(s, "T"))
		}
		var rows int
		if err := m.db.QueryRow("SELECT COUNT(*) FROM postings").Scan(&rows); err != nil || rows > 60+10 {
			t.Errorf("%d rows, %v", rows, err)
		}
		if got := indexed(t, m); len(got) != 60 {
			t.Errorf("%d entries", len(got))
		}
	})
}

func TestPrefix(t *testing.T) {
	for _, s := range []string{"", "Oui", "L’État a 100 % raison…", "ÉCOLE école e\u0301cole", "le la les de des", "1 2 3", "İstanbul ÇA", "12e x9", "日本 語"} {
		s = normal(s)
		hashes, size := prefix(s)
		if want := words(s); size != len(want) {
			t.Errorf("%q: %d words, want %q", s, size, want)
		}
		if len(hashes) > size*3/10+1 {
			t.Errorf("%q: %d hashes", s, len(hashes))
		}
	}
	equal := func(a, b string) bool {
		x, _ := prefix(normal(a))
		y, _ := prefix(normal(b))
		return slices.Equal(x, y)
	}
	if !equal("ÉCOLE fermée", "école FERMÉE") || equal("école fermée", "école ouverte hier") {
		t.Error("words are not the same in capitals")
	}
	if x, _ := prefix("le ministre de la"); len(x) != 2 || !slices.Contains(x, first("ministre")) {
		t.Error("a rare word is not in the index")
	}
}

func first(word string) uint64 {
	x, _ := prefix(word)
	return x[0]
}
