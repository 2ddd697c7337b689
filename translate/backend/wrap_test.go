package backend

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/text/language"

	"depeche/translate"
)

// scripted is a backend whose answers a test writes.
type scripted struct {
	info   translate.Info
	answer func(ctx context.Context, call int, texts []string) ([]translate.Result, error)

	mu    sync.Mutex
	calls [][]string
	times []time.Time
}

func (s *scripted) Info() translate.Info { return s.info }

func (s *scripted) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	var texts []string
	for _, item := range req.Items {
		texts = append(texts, item.Text)
	}
	s.mu.Lock()
	call := len(s.calls)
	s.calls, s.times = append(s.calls, texts), append(s.times, time.Now())
	s.mu.Unlock()
	return s.answer(ctx, call, texts)
}

func upper(texts []string) []translate.Result {
	var list []translate.Result
	for _, t := range texts {
		list = append(list, translate.Result{Text: strings.ToUpper(t)})
	}
	return list
}

func fault(cause translate.Cause, after time.Duration) error {
	return &translate.Error{Backend: "fake", Cause: cause, Message: string(cause), RetryAfter: after, Refused: cause != translate.CauseTemporary && cause != translate.CauseAnswer}
}

func texts(results []translate.Result) string {
	var list []string
	for _, r := range results {
		list = append(list, r.Text)
	}
	return strings.Join(list, "|")
}

func many(n int) translate.Request {
	req := translate.Request{From: language.French, To: language.English}
	for i := range n {
		req.Items = append(req.Items, translate.Item{ID: fmt.Sprint(i), Text: fmt.Sprintf("texte %d", i)})
	}
	return req
}

var testPolicy = Policy{Retries: 4, AnswerTries: 2, Backoff: time.Second, MaxBackoff: 30 * time.Second, MaxWait: 10 * time.Minute}

func TestRetryWaitsAndSendsOnlyWhatIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{answer: func(_ context.Context, call int, texts []string) ([]translate.Result, error) {
			r := upper(texts)
			switch call {
			case 0:
				return nil, fault(translate.CauseTemporary, 0)
			case 1:
				r[1] = translate.Result{Err: fault(translate.CauseTemporary, 20*time.Second)}
			}
			return r, nil
		}}
		got, err := Retry(s, testPolicy).Translate(t.Context(), many(3))
		if err != nil || texts(got) != "TEXTE 0|TEXTE 1|TEXTE 2" {
			t.Fatal(got, err)
		}
		if len(s.calls) != 3 || !slices.Equal(s.calls[2], []string{"texte 1"}) {
			t.Error(s.calls)
		}
		if d := s.times[1].Sub(s.times[0]); d < 500*time.Millisecond || d > time.Second {
			t.Error("first wait", d)
		}
		if d := s.times[2].Sub(s.times[1]); d < 20*time.Second {
			t.Error("Retry-After of 20 s, waited", d)
		}
	})
}

func TestRetryGivesUp(t *testing.T) {
	for _, c := range []struct {
		cause translate.Cause
		calls int
	}{
		{translate.CauseTemporary, 5}, {translate.CauseAnswer, 3}, {translate.CauseAuth, 1}, {translate.CauseQuota, 1},
		{translate.CauseConfig, 1}, {translate.CauseRequest, 1}, {translate.CauseLimit, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &scripted{answer: func(context.Context, int, []string) ([]translate.Result, error) { return nil, fault(c.cause, 0) }}
			_, err := Retry(s, testPolicy).Translate(t.Context(), many(2))
			if translate.CauseOf(err) != c.cause || len(s.calls) != c.calls {
				t.Error(c.cause, err, len(s.calls))
			}
		})
	}
}

func TestRetryIsCancelledWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{answer: func(_ context.Context, call int, texts []string) ([]translate.Result, error) {
			r := upper(texts)
			r[1] = translate.Result{Err: fault(translate.CauseTemporary, 0)}
			return r, nil
		}}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		got, err := Retry(s, testPolicy).Translate(ctx, many(2))
		if err != nil || got[0].Text != "TEXTE 0" || !errors.Is(got[1].Err, context.DeadlineExceeded) {
			t.Error(got, err)
		}
	})
}

// One refusal stops all workers; the window opens for all of them.
func TestGateStopsAllWorkers(t *testing.T) {
	for _, after := range []time.Duration{0, 40 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			want := 2 * time.Second // base of one second, doubled
			if after > 0 {
				want = after
			}
			s := &scripted{answer: func(_ context.Context, call int, texts []string) ([]translate.Result, error) {
				time.Sleep(10 * time.Millisecond)
				if time.Since(begin) < want {
					return nil, fault(translate.CauseRate, after)
				}
				return upper(texts), nil
			}}
			w := Retry(Gate(s, time.Second, time.Hour), testPolicy)
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for range 3 {
						if _, err := w.Translate(t.Context(), many(1)); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wg.Wait()
			// Eight were in flight and refused together; then nothing until the
			// window opens, and 24 that succeed.
			if len(s.calls) != 8+24 {
				t.Errorf("%d requests for 24", len(s.calls))
			}
			// Eight refusals of one window close the gate once, not eight times longer.
			if at := s.times[8].Sub(begin); at > want+100*time.Millisecond {
				t.Errorf("the first request after the window came after %v", at)
			}
			for _, at := range s.times[8:] {
				if at.Sub(begin) < want {
					t.Fatalf("a request after %v, the gate opens after %v", at.Sub(begin), want)
				}
			}
		})
	}
}

func TestGateDoesNotWaitForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{answer: func(context.Context, int, []string) ([]translate.Result, error) {
			return nil, fault(translate.CauseRate, 24*time.Hour)
		}}
		begin := time.Now()
		_, err := Retry(Gate(s, time.Second, testPolicy.MaxWait), testPolicy).Translate(t.Context(), many(1))
		if translate.CauseOf(err) != translate.CauseRate || time.Since(begin) > time.Minute {
			t.Error(err, time.Since(begin))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{answer: func(context.Context, int, []string) ([]translate.Result, error) {
			return nil, fault(translate.CauseRate, 0)
		}}
		begin := time.Now()
		_, err := Retry(Gate(s, time.Second, testPolicy.MaxWait), testPolicy).Translate(t.Context(), many(1))
		if d := time.Since(begin); translate.CauseOf(err) != translate.CauseRate || d < testPolicy.MaxWait || d > testPolicy.MaxWait+2*time.Minute {
			t.Error(err, d)
		}
	})
}

func TestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		flying, most := 0, 0
		var mu sync.Mutex
		s := &scripted{answer: func(_ context.Context, _ int, texts []string) ([]translate.Result, error) {
			mu.Lock()
			flying++
			most = max(most, flying)
			mu.Unlock()
			time.Sleep(100 * time.Millisecond)
			mu.Lock()
			flying--
			mu.Unlock()
			return upper(texts), nil
		}}
		w := Limit(s, 4, 0, 0)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() { w.Translate(t.Context(), many(1)) })
		}
		wg.Wait()
		if most != 4 {
			t.Errorf("%d in flight", most)
		}
		begin := time.Now()
		w = Limit(s, 0, 2, 0)
		for range 10 {
			w.Translate(t.Context(), many(1))
		}
		if d := time.Since(begin); d < 4*time.Second || d > 5*time.Second {
			t.Errorf("ten requests at two a second took %v", d)
		}
		begin = time.Now()
		w = Limit(s, 0, 0, 7)
		w.Translate(t.Context(), many(5)) // 35 characters, larger than the burst
		if d := time.Since(begin); d < 4*time.Second || d > 5*time.Second {
			t.Errorf("35 characters at seven a second took %v", d)
		}
	})
}

func TestBatchKeepsLimits(t *testing.T) {
	req := many(0)
	for _, text := range []string{"aaaa", "bbbb", "cc", "éé", strings.Repeat("x", 11), "d", "e", "f", "g"} {
		req.Items = append(req.Items, translate.Item{Text: text})
	}
	for _, c := range []struct {
		info  translate.Info
		parts string
	}{
		{translate.Info{MaxItems: 4}, "aaaa bbbb cc éé, xxxxxxxxxxx d e f, g"},
		{translate.Info{MaxChars: 10}, "aaaa bbbb cc, éé d e f g"},
		{translate.Info{MaxBytes: 10}, "aaaa bbbb cc, éé d e f g"},
		{translate.Info{MaxChars: 11, MaxItems: 3}, "aaaa bbbb cc, éé, xxxxxxxxxxx, d e f, g"},
	} {
		s := &scripted{info: c.info, answer: func(_ context.Context, _ int, texts []string) ([]translate.Result, error) { return upper(texts), nil }}
		got, err := Batch(s, 1).Translate(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, call := range s.calls {
			list = append(list, strings.Join(call, " "))
		}
		if p := strings.Join(list, ", "); p != c.parts {
			t.Errorf("%+v: %s", c.info, p)
		}
		for i, r := range got {
			if tooLarge := !strings.Contains(c.parts, "x") && i == 4; (r.Err != nil) != tooLarge || !tooLarge && r.Text != strings.ToUpper(req.Items[i].Text) {
				t.Errorf("%+v: %d %+v", c.info, i, r)
			}
		}
	}
}

// One text that fails alone is isolated, whatever way it fails.
func TestBatchIsolates(t *testing.T) {
	for _, cause := range []translate.Cause{translate.CauseRequest, translate.CauseAnswer, translate.CauseTemporary} {
		t.Run(string(cause), func(t *testing.T) {
			s := &scripted{answer: func(_ context.Context, _ int, texts []string) ([]translate.Result, error) {
				if slices.Contains(texts, "texte 13") {
					return nil, fault(cause, 0)
				}
				return upper(texts), nil
			}}
			got, err := Batch(s, 1).Translate(t.Context(), many(32))
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range got {
				if (i == 13) != (translate.CauseOf(r.Err) == cause) || i != 13 && r.Text != fmt.Sprintf("TEXTE %d", i) {
					t.Error(i, r)
				}
			}
			if len(s.calls) > 12 {
				t.Error(len(s.calls), "requests")
			}
		})
	}
	t.Run("outage", func(t *testing.T) {
		s := &scripted{answer: func(context.Context, int, []string) ([]translate.Result, error) {
			return nil, fault(translate.CauseTemporary, 0)
		}}
		if _, err := Batch(s, 1).Translate(t.Context(), many(32)); translate.CauseOf(err) != translate.CauseTemporary || len(s.calls) != 3 {
			t.Error(err, len(s.calls))
		}
	})
	t.Run("unreachable", func(t *testing.T) {
		s := &scripted{answer: func(context.Context, int, []string) ([]translate.Result, error) {
			return nil, &translate.Error{Backend: "fake", Cause: translate.CauseTemporary, Err: errUnreachable}
		}}
		if _, err := Batch(s, 1).Translate(t.Context(), many(32)); !errors.Is(err, errUnreachable) || len(s.calls) != 1 {
			t.Error(err, len(s.calls))
		}
	})
	t.Run("bad key", func(t *testing.T) {
		s := &scripted{info: translate.Info{MaxItems: 2}, answer: func(context.Context, int, []string) ([]translate.Result, error) {
			return nil, fault(translate.CauseAuth, 0)
		}}
		if _, err := Batch(s, 1).Translate(t.Context(), many(32)); translate.CauseOf(err) != translate.CauseAuth || len(s.calls) != 1 {
			t.Error(err, len(s.calls))
		}
	})
}

func TestGuard(t *testing.T) {
	const source = "Le ministre a été reçu par son homologue."
	for _, c := range []struct {
		name, source string
		answers      []string // of the first request, then of the further ones
		text, rule   string
		failed       bool
	}{
		{name: "good", source: source, answers: []string{"The minister was received."}, text: "The minister was received."},
		{name: "empty, then good", source: source, answers: []string{" ", "Received."}, text: "Received."},
		{name: "empty for good", source: source, answers: []string{""}, failed: true},
		{name: "echo", source: source, answers: []string{"« Le ministre a été reçu par son homologue »"}, text: "« Le ministre a été reçu par son homologue »", rule: RuleUntranslated},
		{name: "echo, then empty", source: source, answers: []string{source, ""}, text: source, rule: RuleUntranslated},
		{name: "echo, then good", source: source, answers: []string{source, "Received."}, text: "Received."},
		{name: "loop", source: source, answers: []string{strings.Repeat("and the minister ", 9)}, text: strings.Repeat("and the minister ", 9), rule: RuleLoops},
		{name: "loop of letters", source: source, answers: []string{strings.Repeat("ab", 40)}, text: strings.Repeat("ab", 40), rule: RuleLoops},
		{name: "echo with a term put in", source: "Daesh a pris hier la ville sans combattre, selon des témoins.", answers: []string{"ISIS a pris hier la ville sans combattre, selon des témoins."},
			text: "ISIS a pris hier la ville sans combattre, selon des témoins.", rule: RuleUntranslated},
		{name: "a label before it is no echo", source: "Le ministre a été reçu par son homologue, sans commentaires.", answers: []string{"EN Le ministre a été reçu par son homologue, sans commentaires."},
			text: "EN Le ministre a été reçu par son homologue, sans commentaires."},
		{name: "names stay", source: "Vladimir Poutine et Barack Obama", answers: []string{"Vladimir Poutine et Barack Obama"}, text: "Vladimir Poutine et Barack Obama"},
		{name: "short stays", source: "Communication, transport", answers: []string{"Communication, transport"}, text: "Communication, transport"},
		{name: "the source loops too", source: "non non non non non non non non", answers: []string{"no no no no no no no no"}, text: "no no no no no no no no"},
		{name: "a separator", source: "***", answers: []string{"***"}, text: "***"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &scripted{info: translate.Info{Name: "fake"}, answer: func(_ context.Context, call int, texts []string) ([]translate.Result, error) {
				return []translate.Result{{Text: c.answers[min(call, len(c.answers)-1)]}}, nil
			}}
			p := testPolicy
			p.Backoff = time.Nanosecond
			got, err := Retry(Guard(s), p).Translate(t.Context(), ask(c.source))
			r := got[0]
			if (err != nil) != c.failed || (r.Err != nil) != c.failed || r.Text != c.text {
				t.Fatalf("%+v, %v", r, err)
			}
			rule := ""
			for _, f := range r.Findings {
				if rule = f.Rule; f.Level != translate.LevelError {
					t.Error(f)
				}
			}
			if rule != c.rule {
				t.Errorf("rule %q, want %q", rule, c.rule)
			}
			if len(s.calls) > 3 {
				t.Error(len(s.calls), "requests")
			}
		})
	}
}

// In a batch, only the item whose answer was none is asked again, alone.
func TestGuardAsksAgainOneByOne(t *testing.T) {
	s := &scripted{answer: func(_ context.Context, call int, texts []string) ([]translate.Result, error) {
		r := upper(texts)
		if call == 0 {
			r[0].Text, r[2].Text = "", ""
		}
		return r, nil
	}}
	got, err := Retry(Guard(s), testPolicy).Translate(t.Context(), many(4))
	if err != nil || texts(got) != "TEXTE 0|TEXTE 1|TEXTE 2|TEXTE 3" || len(s.calls) != 3 || len(s.calls[1]) != 1 {
		t.Error(got, err, s.calls)
	}
}

func TestWrongCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{answer: func(_ context.Context, call int, texts []string) ([]translate.Result, error) {
			if r := upper(texts); len(r) > 1 {
				return r[1:], nil
			}
			return upper(texts), nil
		}}
		got, err := Batch(Retry(Guard(s), testPolicy), 1).Translate(t.Context(), many(4))
		if err != nil || texts(got) != "TEXTE 0|TEXTE 1|TEXTE 2|TEXTE 3" {
			t.Error(got, err)
		}
	})
}

func TestFallback(t *testing.T) {
	good := func(name string) *scripted {
		return &scripted{info: translate.Info{Name: name, Model: "m"}, answer: func(_ context.Context, _ int, texts []string) ([]translate.Result, error) { return upper(texts), nil }}
	}
	bad := func(cause translate.Cause) *scripted {
		return &scripted{info: translate.Info{Name: "bad"}, answer: func(context.Context, int, []string) ([]translate.Result, error) { return nil, fault(cause, 0) }}
	}
	half := &scripted{info: translate.Info{Name: "half"}, answer: func(_ context.Context, _ int, texts []string) ([]translate.Result, error) {
		r := upper(texts)
		r[1] = translate.Result{Err: fault(translate.CauseRequest, 0)}
		return r, nil
	}}
	second := good("second")
	got, err := Fallback(half, second).Translate(t.Context(), many(3))
	if err != nil || texts(got) != "TEXTE 0|TEXTE 1|TEXTE 2" || got[0].Backend != "half" || got[1].Backend != "second" || got[1].Model != "m" ||
		len(second.calls) != 1 || len(second.calls[0]) != 1 {
		t.Error(got, err, second.calls)
	}
	for _, cause := range []translate.Cause{translate.CauseAuth, translate.CauseQuota, translate.CauseTemporary, translate.CauseConfig} {
		if got, err := Fallback(bad(cause), good("b")).Translate(t.Context(), many(2)); err != nil || got[1].Backend != "b" {
			t.Error(cause, got, err)
		}
	}
	// The user's own cap ends the chain.
	second = good("second")
	if _, err := Fallback(bad(translate.CauseLimit), second).Translate(t.Context(), many(2)); translate.CauseOf(err) != translate.CauseLimit || len(second.calls) != 0 {
		t.Error(err, second.calls)
	}
	// All fail: the message names each.
	a, b := bad(translate.CauseAuth), bad(translate.CauseQuota)
	if _, err := Fallback(a, b).Translate(t.Context(), many(1)); err == nil || !strings.Contains(err.Error(), "auth") || !strings.Contains(err.Error(), "quota") {
		t.Error(err)
	}
}

func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := true
		s := &scripted{info: translate.Info{Name: "fake"}, answer: func(_ context.Context, _ int, texts []string) ([]translate.Result, error) {
			if down {
				return nil, fault(translate.CauseTemporary, 0)
			}
			return upper(texts), nil
		}}
		b := Breaker(s, 3, 30*time.Second)
		for range 10 {
			if _, err := b.Translate(t.Context(), many(1)); translate.CauseOf(err) != translate.CauseTemporary {
				t.Error(err)
			}
		}
		if len(s.calls) != 3 {
			t.Error(len(s.calls), "requests")
		}
		down = false
		time.Sleep(31 * time.Second)
		for range 3 {
			if _, err := b.Translate(t.Context(), many(1)); err != nil {
				t.Error(err)
			}
		}
	})
	s := &scripted{answer: func(context.Context, int, []string) ([]translate.Result, error) {
		return nil, fault(translate.CauseAuth, 0)
	}}
	b := Breaker(s, 3, time.Second)
	for range 10 {
		b.Translate(t.Context(), many(1))
	}
	if len(s.calls) != 1 {
		t.Error(len(s.calls), "requests with a bad key")
	}
}

func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{info: translate.Info{Name: "fake"}, answer: func(ctx context.Context, _ int, _ []string) ([]translate.Result, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		_, err := Deadline(s, time.Minute).Translate(t.Context(), many(1))
		if translate.CauseOf(err) != translate.CauseTemporary || !strings.Contains(err.Error(), "fake: no answer within 1m0s") {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := Deadline(s, time.Minute).Translate(ctx, many(1)); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestBudget(t *testing.T) {
	ok := func(_ context.Context, _ int, texts []string) ([]translate.Result, error) { return upper(texts), nil }
	price := Price{PerMillion: 20, Currency: "USD", Date: "2025-06-01"}
	t.Run("characters", func(t *testing.T) {
		s := &scripted{info: translate.Info{Name: "fake", Paid: true}, answer: ok}
		w := NewBudget(Caps{MaxChars: 16}).wrap(Meter(s, price), price)
		for i := range 4 {
			_, err := w.Translate(t.Context(), many(1)) // seven characters each
			if (i < 2) != (err == nil) || i >= 2 && (translate.CauseOf(err) != translate.CauseLimit || !strings.Contains(err.Error(), "--max-chars 16")) {
				t.Error(i, err)
			}
		}
		if spent := Spent(w)[0]; spent.Requests != 2 || spent.Characters != 14 || spent.Segments != 2 || money(spent.Cost) != "0.0003" {
			t.Errorf("%+v", spent)
		}
	})
	t.Run("cost", func(t *testing.T) {
		s := &scripted{info: translate.Info{Name: "fake", Paid: true}, answer: ok}
		w := NewBudget(Caps{MaxCost: 3 * 7 * 20e-6}).wrap(Meter(s, price), price)
		for i := range 5 {
			if _, err := w.Translate(t.Context(), many(1)); (i < 3) != (err == nil) {
				t.Error(i, err)
			}
		}
	})
	t.Run("what is refused is not spent", func(t *testing.T) {
		s := &scripted{info: translate.Info{Name: "fake", Paid: true}, answer: func(_ context.Context, call int, texts []string) ([]translate.Result, error) {
			if call < 20 {
				return nil, fault(translate.CauseRate, 0)
			}
			return upper(texts), nil
		}}
		w := NewBudget(Caps{MaxChars: 7}).wrap(Meter(s, price), price)
		var err error
		for range 21 {
			_, err = w.Translate(t.Context(), many(1))
		}
		if err != nil || Spent(w)[0].Characters != 7 {
			t.Error(err, Spent(w))
		}
	})
	t.Run("many workers", func(t *testing.T) {
		s := &scripted{info: translate.Info{Name: "fake", Paid: true}, answer: ok}
		w := NewBudget(Caps{MaxChars: 7 * 10}).wrap(Meter(s, price), price)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() { w.Translate(t.Context(), many(1)) })
		}
		wg.Wait()
		if len(s.calls) != 10 {
			t.Error(len(s.calls), "requests")
		}
	})
}

func TestWrapKeepsWhatArrivedWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &scripted{info: translate.Info{Name: "fake", MaxItems: 1}, answer: func(ctx context.Context, call int, texts []string) ([]translate.Result, error) {
		if call == 2 {
			cancel()
			return nil, ctx.Err()
		}
		return upper(texts), nil
	}}
	p := testPolicy
	p.Concurrency, p.BreakAfter, p.BreakFor = 1, 3, time.Second
	got, err := Wrap(s, p).Translate(ctx, many(5))
	if err != nil || got[0].Text != "TEXTE 0" || got[1].Text != "TEXTE 1" {
		t.Fatal(got, err)
	}
	for _, r := range got[2:] {
		if !errors.Is(r.Err, context.Canceled) {
			t.Error(r)
		}
	}
	if len(s.calls) != 3 {
		t.Error(s.calls)
	}
}
