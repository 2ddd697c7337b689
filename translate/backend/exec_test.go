package backend

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"depeche/translate"
)

// TestMain lets this test's own binary play the program behind the exec
// backend: a real one, in another process.
func TestMain(m *testing.M) {
	if how := os.Getenv("DEPECHE_TEST_PROGRAM"); how != "" {
		program(how)
		return
	}
	os.Exit(m.Run())
}

// program answers each text with its capitals, in the given way.
func program(how string) {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	out := bufio.NewWriter(os.Stdout)
	say := func(v any) {
		text, _ := json.Marshal(v)
		fmt.Fprintf(out, "%s\n", text)
		out.Flush()
	}
	var held []map[string]string
	for n := 1; in.Scan(); n++ {
		var q struct{ ID, Text string }
		json.Unmarshal(in.Bytes(), &q)
		a := map[string]string{"id": q.ID, "text": strings.ToUpper(q.Text)}
		if os.Getenv("DEPECHE_TEST_ENGLISH") != "" {
			a["text"] = english(q.Text)
		}
		if name, ok := strings.CutPrefix(how, "machine "); ok {
			a["text"] = machines[name](q.Text)
		}
		switch {
		case how == "reorder":
			if held = append(held, a); len(held) == 3 {
				for i := range held {
					say(held[2-i])
				}
				held = nil
			}
			continue
		case how == "reorder by two":
			if held = append(held, a); len(held) == 2 {
				say(held[1])
				say(held[0])
				held = nil
			}
			continue
		case how == "truncates" && n%3 == 0:
			fmt.Fprint(out, `{"id":"1","te`)
			out.Flush()
			os.Exit(0)
		case how == "empty once" && n == 2:
			a["text"] = ""
		case how == "falls":
			fmt.Fprintln(os.Stderr, "no GPU")
			os.Exit(1)
		case how == "dies" && n%3 == 0:
			fmt.Fprintln(os.Stderr, "out of memory")
			os.Exit(3)
		case how == "chatty":
			fmt.Fprintln(out, "Loading the model …")
		case how == "mute":
			continue
		case how == "twice":
			say(a)
			a = map[string]string{"id": q.ID, "text": "again"}
		case how == "unasked":
			say(map[string]string{"id": "none-such", "text": "?"})
		case how == "refuses" && strings.Contains(q.Text, "!"):
			a = map[string]string{"id": q.ID, "error": "no exclamations"}
		case how == "languages":
			a["text"] = os.Getenv("DEPECHE_FROM") + ">" + os.Getenv("DEPECHE_TO")
		}
		say(a)
	}
}

func execConfig(t testing.TB, how string) Config {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Config{Command: []string{self}, Env: map[string]string{"DEPECHE_TEST_PROGRAM": how}}
}

func newExec(t testing.TB, how string) translate.Backend {
	return openExecWith(t, execConfig(t, how))
}

func openExecWith(t testing.TB, cfg Config) translate.Backend {
	b, err := New("exec", cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { Close(b) })
	return b
}

func TestExec(t *testing.T) {
	for _, how := range []string{"plain", "reorder", "twice", "unasked"} {
		t.Run(how, func(t *testing.T) {
			b := newExec(t, how)
			for range 3 {
				got, err := b.Translate(t.Context(), ask("un", "deux\u202f: « é »", "trois 😀"))
				if err != nil {
					t.Fatal(err)
				}
				if a := got[0].Text + "|" + got[1].Text + "|" + got[2].Text; a != "UN|DEUX\u202f: « É »|TROIS 😀" {
					t.Errorf("%q", a)
				}
			}
		})
	}
}

func TestExecKnowsTheLanguages(t *testing.T) {
	got, err := newExec(t, "languages").Translate(t.Context(), ask("un"))
	if err != nil || got[0].Text != "fr>en" {
		t.Error(got, err)
	}
}

func TestExecRefusesOneText(t *testing.T) {
	got, err := newExec(t, "refuses").Translate(t.Context(), ask("un", "deux !", "trois"))
	if err != nil || got[0].Text != "UN" || got[2].Text != "TROIS" || translate.CauseOf(got[1].Err) != translate.CauseRequest {
		t.Error(got, err)
	}
}

// What a program answered before it died counts; the rest comes from the
// next one.
func TestExecRestarts(t *testing.T) {
	b := newExec(t, "dies")
	got, err := b.Translate(t.Context(), ask("un", "deux", "trois", "quatre"))
	if err != nil || got[0].Text != "UN" || got[1].Text != "DEUX" {
		t.Fatal(got, err)
	}
	for _, r := range got[2:] {
		if translate.CauseOf(r.Err) != translate.CauseTemporary || !strings.Contains(r.Err.Error(), "out of memory") {
			t.Error(r.Err)
		}
	}
	if got, err := b.Translate(t.Context(), ask("trois", "quatre")); err != nil || got[1].Text != "QUATRE" {
		t.Error(got, err)
	}
	w := Retry(newExec(t, "dies"), Policy{Retries: 5, Backoff: time.Microsecond})
	got, err = w.Translate(t.Context(), ask("un", "deux", "trois", "quatre", "cinq", "six", "sept"))
	if err != nil || got[6].Text != "SEPT" {
		t.Error(got, err)
	}
}

func TestExecSaysWhatIsWrong(t *testing.T) {
	_, err := newExec(t, "chatty").Translate(t.Context(), ask("un"))
	if translate.CauseOf(err) != translate.CauseAnswer || !strings.Contains(err.Error(), "standard error") {
		t.Error(err)
	}
	b, _ := New("exec", Config{Command: []string{"no-such-program-here"}})
	if _, err := b.Translate(t.Context(), ask("un")); translate.CauseOf(err) != translate.CauseConfig || !strings.Contains(err.Error(), `no program "no-such-program-here"`) {
		t.Error(err)
	}
	if _, err := New("exec", Config{}); translate.CauseOf(err) != translate.CauseConfig || !strings.Contains(err.Error(), `command = ["program", "argument"] under [backends.exec]`) {
		t.Error(err)
	}
	w := Deadline(newExec(t, "mute"), 50*time.Millisecond)
	if _, err := w.Translate(t.Context(), ask("un")); translate.CauseOf(err) != translate.CauseTemporary || !strings.Contains(err.Error(), "flushes") {
		t.Error(err)
	}
}
