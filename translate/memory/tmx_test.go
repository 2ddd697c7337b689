package memory

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"depeche/translate"
)

const tmxSample = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="fr-FR" datatype="plaintext"/><body>
<tu creationid="jd" changedate="20240102T030405Z"><note>vu</note>
 <tuv xml:lang="fr-FR"><seg>L'<bpt i="1">&lt;b&gt;</bpt>ONU<ept i="1">&lt;/b&gt;</ept> a dit « non ».</seg></tuv>
 <tuv xml:lang="en-US"><seg>The <bpt i="1">&lt;b&gt;</bpt>UN<ept i="1">&lt;/b&gt;</ept> said “no.”</seg></tuv></tu>
<tu><tuv xml:lang="de"><seg>Nein.</seg></tuv><tuv xml:lang="fr"><seg>Non.</seg></tuv></tu>
<tu><tuv lang="FR"><seg>Oui.</seg></tuv><tuv lang="EN-GB"><seg>Yes.</seg></tuv></tu>
</body></tmx>`

func importText(t *testing.T, m *Memory, text string) (Imported, error) {
	t.Helper()
	return m.ImportTMX(context.Background(), strings.NewReader(text), "a.tmx", "fr", "en", nil)
}

func TestTMX(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		done, err := importText(t, m, tmxSample)
		if err != nil || done.Units != 2 || done.Skipped != 1 {
			t.Fatalf("%+v, %v", done, err)
		}
		got := lookup(t, m, ask(`L'ONU a dit "non".`))
		if len(got) != 1 || got[0].Target != "The UN said “no.”" || got[0].Origin.By != "jd" || got[0].Origin.Kind != translate.Human {
			t.Fatalf("%+v", got)
		}
		e := entry("Machine.", "Engine.")
		e.Previous, e.Origin.Backend = "Avant.", "google"
		save(t, m, e)
		var out bytes.Buffer
		if n, err := m.ExportTMX(context.Background(), &out, "fr", "en", "1"); err != nil || n != 3 {
			t.Fatalf("%d, %v", n, err)
		}
		for _, want := range []string{`<bpt i="1">&lt;b&gt;</bpt>ONU`, `<note>vu</note>`, `changedate="20240102T030405Z"`, `xml:lang="en-US"`, "x-depeche-backend\">deepl"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s is missing in\n%s", want, out.String())
			}
		}
		// What is exported comes back the same.
		if done, err := importText(t, m, out.String()); err != nil || done.Units != 3 {
			t.Fatalf("%+v, %v", done, err)
		}
		var again bytes.Buffer
		if n, err := m.ExportTMX(context.Background(), &again, "fr", "en", "1"); err != nil || n != 3 {
			t.Fatalf("importing an export made %d entries of 3, %v", n, err)
		}
		if strings.Count(again.String(), "<seg>") != strings.Count(out.String(), "<seg>") {
			t.Error("the second export differs")
		}
	})
}

func TestTMXUTF16(t *testing.T) {
	m := temporary(t)
	data := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(strings.Replace(tmxSample, "UTF-8", "UTF-16", 1))) {
		data = append(data, byte(u), byte(u>>8))
	}
	if done, err := importText(t, m, string(data)); err != nil || done.Units != 2 {
		t.Errorf("%+v, %v", done, err)
	}
}

// An archive that comes again does not undo what an editor changed since.
func TestTMXOlder(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		unit := func(date, target string) string {
			return `<tmx version="1.4"><header/><body><tu usagecount="7"` + date + `><tuv xml:lang="fr"><seg>Oui.</seg></tuv><tuv xml:lang="en"><seg>` + target + `</seg></tuv></tu></body></tmx>`
		}
		e := human("Oui.", "Yes indeed.")
		save(t, m, e)
		for _, c := range []struct {
			date, want string
			older      int
		}{
			{` changedate="20200101T000000Z"`, "Yes indeed.", 1},
			{` changedate="20240101T000000Z"`, "new", 0},
			{"", "new", 0},
		} {
			done, err := importText(t, m, unit(c.date, "new"))
			if err != nil || done.Older != c.older || done.Units != 1-c.older {
				t.Errorf("%s: %+v, %v", c.date, done, err)
			}
			if got := lookup(t, m, ask("Oui.")); len(got) != 1 || got[0].Target != c.want {
				t.Errorf("%s: %+v", c.date, got)
			}
		}
	})
}

func TestTMXFaults(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "a.tmx:1:1: this is no TMX file: it is empty"},
		{"text", "\nIl pleut.\n", "a.tmx:1:1: this is no TMX file: it begins with text"},
		{"other", "<html/>", "a.tmx:1:8: this is no TMX file: its root is <html>"},
		{"cut", tmxSample[:500], "a.tmx:6:"},
		{"entity", strings.Replace(tmxSample, "« non »", "&xxe;", 1), "a.tmx:5:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := importText(t, temporary(t), c.text); err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

func TestSearchStatsPrune(t *testing.T) {
	every(t, func(t *testing.T, m *Memory) {
		old := entry("L'État a 100 % raison.", "The state is 100% right.")
		old.Origin.Time = time.Unix(1000, 0)
		save(t, m, human("La pluie tombe.", "The rain falls."), old, entry("Il neige.", "It snows."))
		for words, want := range map[string]int{"pluie": 1, "PLUIE": 1, "état": 1, "100 %": 1, "%": 1, "_": 0, "snows": 1, "rien": 0} {
			if hits, err := m.Search(context.Background(), words, 10); err != nil || len(hits) != want {
				t.Errorf("%q: %d hits, %v; want %d", words, len(hits), err, want)
			}
		}
		if n, err := m.Prune(context.Background(), time.Unix(2000, 0), ""); n != 1 || err != nil {
			t.Errorf("pruned %d, %v", n, err)
		}
		s, err := m.Stats(context.Background())
		if err != nil || s.Entries != 2 || s.Human != 1 || s.By["deepl"] != 1 || s.Pairs["fr>en"] != 2 || s.Bytes == 0 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func FuzzTMX(f *testing.F) {
	f.Add(tmxSample)
	f.Fuzz(func(t *testing.T, text string) {
		m := temporary(t)
		if _, err := importText(t, m, text); err != nil && !strings.HasPrefix(err.Error(), "a.tmx:") {
			t.Error(err)
		}
	})
}
