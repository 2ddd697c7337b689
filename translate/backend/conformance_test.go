package backend

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"depeche/translate"
)

// subject is a backend of the table with the other end that it speaks to.
type subject struct {
	name   string
	lacks  []string // faults that its protocol cannot have
	single bool
	byID   bool
	key    bool // it has a key
	open   func(t testing.TB, s *service) translate.Backend
}

func subjects() []subject {
	var list []subject
	for _, p := range protocols {
		s := subject{name: p.name, single: p.single, byID: p.byID, key: !p.free, open: func(t testing.TB, s *service) translate.Backend {
			cfg := p.config
			cfg.BaseURL, cfg.Getenv = p.serve(t, s), testEnv
			b, err := New(p.name, cfg)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}}
		if p.single {
			s.name += " (APy)"
			s.lacks = []string{"fewer", "more", "empty text"}
		}
		if p.free {
			s.lacks = append(s.lacks, "key", "quota")
		}
		if _, ok := p.refusals["quota"]; !ok {
			s.lacks = append(s.lacks, "quota")
		}
		if !p.byID {
			s.lacks = append(s.lacks, "reordered", "duplicate")
		}
		list = append(list, s)
	}
	list = append(list, subject{name: "google", key: true,
		// Messages of gRPC are whole or not there, have no HTML and no IDs.
		lacks: []string{"truncated", "html", "nothing", "inside", "reordered", "duplicate", "quota"},
		open: func(t testing.TB, s *service) translate.Backend {
			_, addr := serveGoogle(t, s)
			b, err := New("google", Config{Project: "desk", BaseURL: addr, Insecure: true, Getenv: testEnv})
			if err != nil {
				t.Fatal(err)
			}
			return b
		}})
	return list
}

// dispatch holds what news may hold, and what breaks naive software.
func dispatch() translate.Request {
	req := translate.Request{From: language.French, To: language.English}
	for i, text := range []string{
		"Le président a parlé devant l'Assemblée nationale.",
		"« C'est\u202fassez\u202f!\u202f», a-t-il lancé à 10\u00a0h.",
		"Un drapeau \U0001F1EB\U0001F1F7, une famille \U0001F469\u200d\U0001F469\u200d\U0001F467 et un pouce \U0001F44D\U0001F3FD.",
		"L'e\u0301te\u0301 a e\u0301te\u0301 chaud.",
		"Mot\u200bcoupé, \ufeffmarque et \u2067droite\u2069 à gauche.",
		`Des "guillemets", une \barre\ et {des} <balises> & [crochets].`,
		strings.Repeat("La phrase est longue, elle continue, ", 200)[:5000],
		"Fin.",
	} {
		req.Items = append(req.Items, translate.Item{ID: string(rune('a' + i)), Text: text})
	}
	return req
}

// conformance is the policy of the suite: real waits, but short ones.
var conformance = Policy{Timeout: 400 * time.Millisecond, Concurrency: 4, Retries: 4, AnswerTries: 2,
	Backoff: 2 * time.Millisecond, MaxBackoff: 10 * time.Millisecond, MaxWait: 2 * time.Second, BreakAfter: 5, BreakFor: time.Second,
	Price: Price{PerMillion: 20, Currency: "USD"}}

// logged is everything that the suite logs, at the level of --verbose.
var logged struct {
	sync.Mutex
	bytes.Buffer
}

type logWriter struct{}

func (logWriter) Write(b []byte) (int, error) {
	logged.Lock()
	defer logged.Unlock()
	return logged.Write(b)
}

func TestConformance(t *testing.T) {
	slog.SetDefault(slog.New(slog.NewTextHandler(logWriter{}, &slog.HandlerOptions{Level: slog.LevelDebug})))
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for _, f := range []string{"", "429", "429 after", "500", "503", "reset", "slow", "truncated", "nothing", "fewer", "more",
				"reordered", "duplicate", "empty text", "html", "inside", "hang"} {
				if !slices.Contains(s.lacks, f) {
					t.Run("once "+f, func(t *testing.T) { s.passes(t, f) })
				}
			}
			for _, f := range []struct {
				fault string
				cause translate.Cause
			}{
				{"key", translate.CauseAuth}, {"quota", translate.CauseQuota}, {"429", translate.CauseRate},
				{"500", translate.CauseTemporary}, {"html", translate.CauseAnswer}, {"truncated", translate.CauseAnswer}, {"400", translate.CauseRequest},
			} {
				if !slices.Contains(s.lacks, f.fault) {
					t.Run("always "+f.fault, func(t *testing.T) { s.ends(t, f.fault, f.cause) })
				}
			}
			for _, f := range []string{"400", "500"} {
				t.Run("one text "+f, func(t *testing.T) { s.isolates(t, f) })
			}
			t.Run("cancelled in flight", s.cancels)
			t.Run("no server", s.alone)
		})
	}
	t.Cleanup(func() {
		logged.Lock()
		defer logged.Unlock()
		if strings.Contains(logged.String(), testKey) {
			t.Error("the key stands in the log")
		}
		if !strings.Contains(logged.String(), "msg=request backend=deepl") {
			t.Error("requests are not logged")
		}
	})
}

// passes: a fault that passes costs nothing but time. Every text is
// translated, and none is charged twice unless its first answer got lost.
func (s subject) passes(t *testing.T, fault string) {
	lost := map[string]bool{}
	fake := newService(nil)
	fake.fault = func(call int, texts []string) string {
		if call > 0 {
			return ""
		}
		switch fault {
		case "reset", "slow", "truncated":
			for _, x := range texts {
				lost[x] = true
			}
		case "fewer", "more", "duplicate", "empty text":
			for i, x := range texts {
				// By ID, only the answer in question is asked again.
				if !s.byID && fault != "empty text" || i == 0 && fault != "more" && fault != "fewer" || i == len(texts)-1 && fault == "fewer" {
					lost[x] = true
				}
			}
		}
		return fault
	}
	b := Wrap(s.open(t, fake), conformance)
	defer Close(b)
	req := dispatch()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	got, err := b.Translate(ctx, req)
	if err != nil || len(got) != len(req.Items) {
		t.Fatal(len(got), err)
	}
	chars := 0
	for i, r := range got {
		text := req.Items[i].Text
		if want := s.target(text); r.Err != nil || r.Text != want || len(r.Findings) > 0 {
			t.Errorf("%d: %.60q %v %v, want %.60q", i, r.Text, r.Err, r.Findings, want)
		}
		times := 1
		if lost[text] {
			times = 2
		}
		if n := fake.billed[text]; n != times {
			t.Errorf("%.40q was charged %d times", text, n)
		}
		chars += times * utf8.RuneCountInString(text)
	}
	if fake.chars != chars {
		t.Errorf("%d characters were charged, want %d", fake.chars, chars)
	}
	if spent := Spent(b)[0]; spent.Characters < fake.chars {
		t.Errorf("the report says %d characters, the service charges %d", spent.Characters, fake.chars)
	}
}

// target is the answer that is expected for a text. Apertium writes single
// spaces.
func (s subject) target(text string) string {
	if s.single {
		return reformatPlain(text, english(strings.ReplaceAll(text, "’", "'")))
	}
	return strings.TrimSpace(english(text))
}

// ends: a fault that stays ends the run soon, with a message that names the
// backend and a remedy and holds no key, and nothing is charged for it beyond
// what the service did.
func (s subject) ends(t *testing.T, fault string, cause translate.Cause) {
	fake := newService(func(int, []string) string { return fault })
	b := Wrap(s.open(t, fake), conformance)
	defer Close(b)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	got, err := b.Translate(ctx, dispatch())
	if translate.CauseOf(err) != cause {
		t.Fatalf("%v %v", got, err)
	}
	for _, r := range got {
		if r.Err == nil || r.Text != "" {
			t.Errorf("%+v", r)
		}
	}
	var e *translate.Error
	if errors.As(err, &e); e.Backend == "" || e.Remedy == "" || !strings.HasPrefix(err.Error(), strings.Fields(s.name)[0]+": ") {
		t.Errorf("%q has no backend or remedy", err)
	}
	if strings.Contains(err.Error(), testKey) {
		t.Errorf("%q holds the key", err)
	}
	if e.Cause == translate.CauseAuth || e.Cause == translate.CauseQuota {
		if fake.calls > 4 {
			t.Errorf("%d requests after a final refusal", fake.calls)
		}
		// A second dispatch does not ask again.
		n := fake.calls
		if _, err := b.Translate(ctx, dispatch()); translate.CauseOf(err) != cause || fake.calls != n {
			t.Error(err, fake.calls)
		}
	}
	if fault != "truncated" && fake.chars != 0 {
		t.Errorf("%d characters were charged", fake.chars)
	}
}

// isolates: a text that always fails leaves the others alone.
func (s subject) isolates(t *testing.T, fault string) {
	req := dispatch()
	poison := req.Items[3].Text
	fake := newService(func(_ int, texts []string) string {
		if slices.Contains(texts, poison) {
			return fault
		}
		return ""
	})
	b := Wrap(s.open(t, fake), conformance)
	defer Close(b)
	got, err := b.Translate(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range got {
		if i == 3 {
			if r.Err == nil || r.Text != "" {
				t.Errorf("%+v", r)
			}
		} else if r.Err != nil || fake.billed[req.Items[i].Text] != 1 {
			t.Errorf("%d: %v, charged %d times", i, r.Err, fake.billed[req.Items[i].Text])
		}
	}
}

func (s subject) cancels(t *testing.T) {
	fake := newService(func(int, []string) string { return "hang" })
	p := conformance
	p.Timeout = time.Minute
	b := Wrap(s.open(t, fake), p)
	defer Close(b)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-fake.inside; cancel() }()
	begin := time.Now()
	if _, err := b.Translate(ctx, dispatch()); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if time.Since(begin) > 5*time.Second {
		t.Error("the cancelled run took", time.Since(begin))
	}
}

// alone: the server is not there at all.
func (s subject) alone(t *testing.T) {
	if s.name == "google" {
		b, _ := New("google", Config{Project: "desk", BaseURL: "127.0.0.1:1", Insecure: true})
		b = Wrap(b, conformance)
		defer Close(b)
		if _, err := b.Translate(t.Context(), ask("Bonjour.")); translate.CauseOf(err) != translate.CauseTemporary || !errors.Is(err, errUnreachable) {
			t.Error(err)
		}
		return
	}
	for _, p := range protocols {
		if p.name != strings.Fields(s.name)[0] {
			continue
		}
		cfg := p.config
		cfg.BaseURL, cfg.Getenv = "http://127.0.0.1:1", testEnv
		b, err := New(p.name, cfg)
		if err != nil {
			t.Fatal(err)
		}
		b = Wrap(b, conformance)
		defer Close(b)
		_, err = b.Translate(t.Context(), ask("Bonjour."))
		if translate.CauseOf(err) != translate.CauseTemporary || !strings.Contains(err.Error(), "cannot connect to 127.0.0.1:1: unreachable") || !errors.Is(err, errUnreachable) || !strings.Contains(err.Error(), "see whether the server runs") {
			t.Error(err)
		}
	}
}
