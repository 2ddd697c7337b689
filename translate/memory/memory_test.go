package memory

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"depeche/translate"
)

// every runs a test on every kind of database that this machine has.
func every(t *testing.T, test func(t *testing.T, m *Memory)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		test(t, temporary(t))
	})
	t.Run("postgres", func(t *testing.T) {
		m, err := Open(context.Background(), postgres(t))
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		test(t, m)
	})
}

// temporary is an empty memory in a file.
func temporary(t *testing.T) *Memory {
	t.Helper()
	m, err := Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "folder with space", "memory.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func entry(source, target string) translate.Entry {
	return translate.Entry{Query: translate.Query{From: "fr", To: "en", Source: source, Backend: "deepl", Model: "v2"},
		Target: target, Origin: translate.Origin{Kind: translate.Machine, Backend: "deepl", Model: "v2"}, State: translate.Translated}
}

func human(source, target string) translate.Entry {
	e := entry(source, target)
	e.Origin = translate.Origin{Kind: translate.Human, By: "jd", Time: time.Unix(1700000000, 0).UTC()}
	e.State = translate.Reviewed
	return e
}

func save(t *testing.T, m *Memory, entries ...translate.Entry) {
	t.Helper()
	if err := m.Save(context.Background(), entries); err != nil {
		t.Fatal(err)
	}
}

func lookup(t *testing.T, m *Memory, q translate.Query) []translate.Match {
	t.Helper()
	list, err := m.Lookup(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func ask(source string) translate.Query {
	return translate.Query{From: "fr", To: "en", Source: source, Backend: "deepl", Model: "v2", Fuzzy: 70, Limit: 3}
}

func TestExact(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		e := entry("Le président a dit « non ».", "The president said “no.”")
		e.Score, e.HasScore = -0.25, true
		save(t, m, e)
		for _, same := range []string{"Le président a dit « non ».", "Le président a dit «\u00a0non\u00a0».", "Le pre\u0301sident a dit \"non\"."} {
			got := lookup(t, m, ask(same))
			if len(got) != 1 || got[0].Percent < 100 || got[0].Target != e.Target || !got[0].HasScore || got[0].Score != -0.25 {
				t.Errorf("%q: %+v", same, got)
			}
		}
		q := ask(e.Source)
		q.Model = "v3"
		if got := lookup(t, m, q); len(got) > 0 && got[0].Percent >= 100 {
			t.Errorf("another model's entry counts as exact: %+v", got)
		}
		q = ask(e.Source)
		q.From, q.To = "fr-CA", "en-GB"
		if got := lookup(t, m, q); len(got) != 1 || got[0].Percent < 100 {
			t.Errorf("a regional tag misses its base: %+v", got)
		}
		q.To = "de"
		if got := lookup(t, m, q); len(got) != 0 {
			t.Errorf("another language matches: %+v", got)
		}
	})
}

func TestContextAndHumans(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		a, b := entry("Oui.", "Yes."), entry("Oui.", "He did.")
		b.Previous, b.Next = "Il l'a fait ?", "Alors."
		save(t, m, a, b)
		q := ask("Oui.")
		q.Previous, q.Next = "Il l'a fait ?", "Alors."
		if got := lookup(t, m, q); len(got) != 2 || got[0].Percent != 101 || got[0].Target != "He did." {
			t.Errorf("in context: %+v", got)
		}
		save(t, m, human("Oui.", "Indeed."))
		if got := lookup(t, m, q); got[0].Target != "Indeed." || got[0].Origin.Kind != translate.Human || got[0].Origin.By != "jd" {
			t.Errorf("the editor's entry is not first: %+v", got)
		}
		q.Backend = "google"
		if got := lookup(t, m, q); len(got) != 1 || got[0].Target != "Indeed." {
			t.Errorf("the editor's entry must count for every backend, and alone: %+v", got)
		}
		save(t, m, human("Oui.", "Yes indeed."))
		if got := lookup(t, m, q); len(got) != 1 || got[0].Target != "Yes indeed." {
			t.Errorf("a later edit does not replace the earlier: %+v", got)
		}
	})
}

func TestFuzzy(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		save(t, m,
			human("Le ministre russe des Affaires étrangères a rencontré mardi son homologue américain à New York.", "A"),
			human("La pluie tombe sur la ville.", "B"),
			human("La guerre a fait plus de 240.000 morts en quatre ans.", "The war has killed more than 240,000 people in four years."))
		got := lookup(t, m, ask("Le ministre russe des Affaires étrangères a rencontré jeudi son homologue américain à Genève."))
		if len(got) != 1 || got[0].Target != "A" || got[0].Percent < 70 || got[0].Percent > 90 {
			t.Errorf("fuzzy: %+v", got)
		}
		got = lookup(t, m, ask("La guerre a fait plus de 250.000 morts en quatre ans."))
		if len(got) == 0 || got[0].Percent != 99 || got[0].Target != "The war has killed more than 250,000 people in four years." || got[0].Note == "" {
			t.Errorf("numbers are not adapted: %+v", got)
		}
		if got = lookup(t, m, ask("Le soleil brille aujourd'hui sur toute la France.")); len(got) != 0 {
			t.Errorf("nothing is near: %+v", got)
		}
		save(t, m, entry("Trois soldats sont morts hier dans une attaque.", "C"))
		if got = lookup(t, m, ask("Trois soldats sont morts mardi dans une attaque.")); len(got) != 0 {
			t.Errorf("the backend's own draft is offered: %+v", got)
		}
	})
}

// A saved entry that comes again in a later batch keeps its neighbours in the index.
func TestSaveAgain(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		var all []translate.Entry
		for i := range 40 {
			all = append(all, human(fmt.Sprintf("Dossier syrien numéro %s : compromis introuvable entre diplomates fatigués.", strings.Repeat("x", i+1)), fmt.Sprint(i)))
		}
		save(t, m, all...)
		save(t, m, all[0])
		for i := range all {
			q := ask(strings.Replace(all[i].Source, "fatigués", "épuisés", 1))
			q.Limit = 100
			ok := false
			for _, g := range lookup(t, m, q) {
				ok = ok || g.Target == fmt.Sprint(i)
			}
			if !ok {
				t.Fatalf("entry %d is lost to the index", i)
			}
		}
	})
}

func TestAdapt(t *testing.T) {
	for _, c := range []struct{ source, target, ask, want, note string }{
		{"Le bilan est de 240.000 morts.", "The toll is 240,000.", "Le bilan est de 250.000 morts.", "The toll is 250,000.", "240.000 became 250.000"},
		{"Le taux est de 3,5 %.", "The rate is 3.5%.", "Le taux est de 4,25 %.", "The rate is 4.25%.", "3,5 became 4,25"},
		{"Il arrive le 14 juin 2016.", "He arrives on June 14, 2016.", "Il arrive le 1er mai 2017.", "He arrives on May 1, 2017.", "14 juin 2016 became 1er mai 2017"},
		{"Il arrive le 14 juin.", "He arrives on the 14th of June.", "Il arrive le 22 août.", "He arrives on the 22nd of August.", "14 juin became 22 août"},
		{"Il arrive le 14 décembre.", "He arrives on Dec. 14.", "Il arrive le 3 novembre.", "He arrives on Nov. 3.", "14 décembre became 3 novembre"},
		{"Les 3 et 14 juin 2016, 3 hommes.", "3 men on June 14, 2016.", "Les 5 et 14 juin 2016, 5 hommes.", "", ""}, // which 3?
		{"Il arrive le 14 juin.", "He arrives on 14/6.", "Il arrive le 15 juin.", "", ""},
		{"Il arrive le 14 juin.", "He arrives on June 14.", "Il arrive le 15 juin 2016.", "", ""},
		{"Il arrive le 14 juin.", "He arrives tomorrow.", "Il arrive le 15 juin.", "", ""},
	} {
		target, note, _ := adapt(&found{from: "fr", to: "en", source: c.source, target: c.target}, &translate.Query{From: "fr", To: "en", Source: c.ask})
		if note == "" {
			target = ""
		}
		if target != c.want || note != c.note {
			t.Errorf("%q: %q (%s), want %q (%s)", c.ask, target, note, c.want, c.note)
		}
	}
}

// However many entries a run makes itself, what an editor left is offered.
func TestOwnEntriesTakeNoPlace(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		save(t, m, human("Le ministre est arrivé à Paris avec ses conseillers.", "A"),
			human("Le convoi de 40 camions est entré hier dans la ville assiégée.", "The convoy of 40 trucks entered the besieged city yesterday."))
		var own []translate.Entry
		for i := range 2 * mostCandidates {
			own = append(own, entry(fmt.Sprintf("Le ministre est arrivé à Paris avec %d conseillers.", i), "own"),
				entry(fmt.Sprintf("Le convoi de %d camions est entré hier dans la ville assiégée.", 100+i), fmt.Sprintf("own %d", 100+i)))
		}
		save(t, m, own...)
		if got := lookup(t, m, ask("Le ministre est arrivé à Paris avec 1000 conseillers.")); len(got) != 1 || got[0].Target != "A" {
			t.Errorf("%+v", got)
		}
		got := lookup(t, m, ask("Le convoi de 50 camions est entré hier dans la ville assiégée."))
		if len(got) == 0 || got[0].Target != "The convoy of 50 trucks entered the besieged city yesterday." {
			t.Errorf("%+v", got)
		}
		q := ask("Le ministre est arrivé à Paris avec 1000 conseillers.")
		q.Model = "v3" // for another model they are something to offer
		if got := lookup(t, m, q); len(got) != 3 {
			t.Errorf("%+v", got)
		}
	})
}

// An engine's answers to two typographies of one text stand side by side; an
// editor's translation stands for both.
func TestTypography(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		plain, curly := entry("Il a dit \"non\".", "plain"), entry("Il a dit “non”.", "curly")
		save(t, m, plain, curly)
		for _, e := range []translate.Entry{plain, curly} {
			if got := lookup(t, m, ask(e.Source)); len(got) != 2 || got[0].Target != e.Target || got[0].Percent != 101 {
				t.Errorf("%q: %+v", e.Source, got)
			}
		}
		save(t, m, human(plain.Source, "one"), human(curly.Source, "other"))
		for _, e := range []translate.Entry{plain, curly} {
			if got := lookup(t, m, ask(e.Source)); len(got) != 3 || got[0].Target != "other" {
				t.Errorf("%q: %+v", e.Source, got)
			}
		}
	})
}

// Two runs save the same texts in other orders.
func TestSaveAtOnce(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		var list []translate.Entry
		for _, s := range sources(30) {
			list = append(list, human(s, "T"))
		}
		errs := make(chan error)
		for range 2 {
			slices.Reverse(list)
			mine := slices.Clone(list)
			run, err := Open(t.Context(), m.where)
			if err != nil {
				t.Fatal(err)
			}
			defer run.Close()
			go func() {
				var err error
				for range 30 {
					_, serr := run.save(t.Context(), records(mine), false, nil)
					err = errors.Join(err, serr)
				}
				errs <- err
			}()
		}
		for range 2 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if got := indexed(t, m); len(got) != len(list) {
			t.Errorf("%d entries in the index of %d", len(got), len(list))
		}
	})
}

func TestUses(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		save(t, m, human("Oui.", "Yes."), human("Non.", "No."))
		got := lookup(t, m, ask("Oui."))
		m.Used(got[0].Entry)
		m.Used(got[0].Entry)
		if err := m.countUses(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		save(t, m, human("Oui.", "Yes!"))
		for source, want := range map[string]int{"Oui.": 2, "Non.": 0} {
			if hits, err := m.Search(t.Context(), source, 1); err != nil || len(hits) != 1 || hits[0].Uses != want {
				t.Errorf("%+v, %v; want %d", hits, err, want)
			}
		}
	})
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"a b c", "a b c", 0}, {"a b c", "a x c", 1}, {"a b c d", "b c d", 1}, {"a b", "c d", 2}} {
		if got := distance(strings.Fields(c.a), strings.Fields(c.b), 9); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// Several programs may make the same new memory at once.
func TestOpenAtOnce(t *testing.T) {
	for range 5 {
		where := "sqlite:" + filepath.Join(t.TempDir(), "memory.db")
		errs := make(chan error)
		for range 4 {
			go func() {
				m, err := Open(context.Background(), where)
				if err == nil {
					err = m.Close()
				}
				errs <- err
			}()
		}
		for range 4 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	}
}
