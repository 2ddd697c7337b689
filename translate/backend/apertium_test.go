package backend

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/language"

	"depeche/translate"
)

// needApertium skips a test on a machine without Apertium's French and English.
func needApertium(t testing.TB) translate.Backend {
	b, err := New("apertium", Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.(*apertium).chain(language.French, language.English); err != nil {
		t.Skip("Apertium is absent: apt install apertium apertium-fr-es apertium-eng-spa")
	}
	t.Cleanup(func() { Close(b) })
	return b
}

func ask(texts ...string) translate.Request {
	req := translate.Request{From: language.French, To: language.English}
	for i, text := range texts {
		req.Items = append(req.Items, translate.Item{ID: string(rune('a' + i)), Text: text})
	}
	return req
}

func TestApertiumTranslates(t *testing.T) {
	b := needApertium(t)
	for _, c := range []struct{ source, want string }{
		{"Le président parle.", "The president speaks."},
		{"Le président parle", "The president speaks"},
		{"« Le président parle », a déclaré Zgrzbl.", "« The president speaks », has declared Zgrzbl."},
		{"L’eau est claire.", "The water is clear."},
	} {
		t.Run(c.source, func(t *testing.T) {
			got, err := b.Translate(t.Context(), ask(c.source))
			if err != nil || got[0].Err != nil {
				t.Fatal(err, got)
			}
			if got[0].Text != c.want {
				t.Errorf("got %q, want %q", got[0].Text, c.want)
			}
		})
	}
}

// Marks of unknown words and reserved characters: what the text has stays,
// what Apertium would add does not come.
func TestApertiumAddsNoMarks(t *testing.T) {
	b := needApertium(t)
	texts := []string{"Zgrzbl voit Frtzlpk.", "5 * 3 # 2 @ 1", `[a] {b} ^c$ <d> e/f \ g`, "écrire à zgrzbl@exemple.fr", "*étoile*", "😀 et 👩‍👩‍👧", "e\u0301te\u0301", "a\u200bb", "10\u202f000 €", "."}
	got, err := b.Translate(t.Context(), ask(texts...))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range got {
		for _, mark := range []string{"*", "@", "#", "[", "]", "{", "}", "^", "$", "<", ">", `\`, "😀", "👩‍👩‍👧", "\u200b"} {
			if n, want := strings.Count(r.Text, mark), strings.Count(texts[i], mark); n != want {
				t.Errorf("%q → %q: %d × %q, want %d", texts[i], r.Text, n, mark, want)
			}
		}
	}
}

func TestApertiumRestartsAfterDeath(t *testing.T) {
	b := needApertium(t)
	if _, err := b.Translate(t.Context(), ask("Bonjour.")); err != nil {
		t.Fatal(err)
	}
	for _, p := range b.(*apertium).running {
		p.cmds[3].Process.Kill()
		<-p.died
	}
	got, err := b.Translate(t.Context(), ask("Le président parle."))
	if err != nil || got[0].Text != "The president speaks." {
		t.Error(got, err)
	}
}

func TestApertiumIsOnePipelineForAll(t *testing.T) {
	b := needApertium(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := b.Translate(t.Context(), ask("Le président parle.", "La ministre parle."))
			if err != nil || got[0].Text != "The president speaks." {
				t.Error(got, err)
			}
		})
	}
	wg.Wait()
	if n := len(b.(*apertium).running); n != 1 {
		t.Errorf("%d pipelines", n)
	}
}

func TestApertiumSaysWhatIsMissing(t *testing.T) {
	b, _ := New("apertium", Config{Data: t.TempDir()})
	_, err := b.Translate(t.Context(), ask("Bonjour."))
	if translate.CauseOf(err) != translate.CauseConfig || !strings.Contains(err.Error(), "apt install apertium apertium-fr-es apertium-eng-spa") {
		t.Error(err)
	}
	dir := t.TempDir()
	os.Mkdir(filepath.Join(dir, "modes"), 0o755)
	os.WriteFile(filepath.Join(dir, "modes", "fr-en.mode"), []byte("no-such-program-here | lt-proc $1 'a b'"), 0o644)
	b, _ = New("apertium", Config{Data: dir})
	if _, err := b.Translate(t.Context(), ask("Bonjour.")); translate.CauseOf(err) != translate.CauseConfig {
		t.Error(err)
	}
}

func TestShellWords(t *testing.T) {
	got, err := shellWords(`lt-proc '/a b/c.bin'|x $1 "d \"e" f\ g` + "\n")
	if want := "lt-proc;/a b/c.bin;|;x;$1;d \"e;f g"; err != nil || strings.Join(got, ";") != want {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := shellWords("'a"); err == nil {
		t.Error("an open quote passed")
	}
}
