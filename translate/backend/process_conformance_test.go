package backend

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"depeche/translate"
)

// Programs have other faults than services: they die, hang, mix up and write
// what is no answer. The runs must end as well, with nothing lost.
func TestConformanceOfPrograms(t *testing.T) {
	for _, how := range []string{"plain", "reorder by two", "twice", "unasked", "dies", "truncates", "empty once"} {
		t.Run(how, func(t *testing.T) {
			cfg := execConfig(t, how)
			cfg.Env["DEPECHE_TEST_ENGLISH"] = "1"
			b := Wrap(openExecWith(t, cfg), conformanceOfPrograms)
			defer Close(b)
			req := dispatch()
			got, err := b.Translate(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range got {
				if want := strings.TrimSpace(english(req.Items[i].Text)); r.Err != nil || r.Text != want || len(r.Findings) > 0 {
					t.Errorf("%d: %.80q %v, want %.80q", i, r.Text, r.Err, want)
				}
			}
		})
	}
	for how, cause := range map[string]translate.Cause{"chatty": translate.CauseAnswer, "mute": translate.CauseTemporary, "falls": translate.CauseTemporary} {
		t.Run("always "+how, func(t *testing.T) {
			p := conformanceOfPrograms
			p.Retries = 1
			if how == "mute" { // the others answer, however slow the machine is
				p.Timeout = 200 * time.Millisecond
			}
			b := Wrap(newExec(t, how), p)
			defer Close(b)
			_, err := b.Translate(t.Context(), dispatch())
			var e *translate.Error
			if !errors.As(err, &e) || e.Cause != cause || e.Remedy == "" || !strings.HasPrefix(err.Error(), "exec: ") {
				t.Error(err)
			}
		})
	}
	t.Run("cancelled in flight", func(t *testing.T) {
		b := Wrap(newExec(t, "mute"), conformanceOfPrograms)
		defer Close(b)
		ctx, cancel := context.WithTimeoutCause(t.Context(), 100*time.Millisecond, nil)
		defer cancel()
		if _, err := b.Translate(ctx, dispatch()); err == nil {
			t.Error("a mute program has answered")
		}
	})
}

var conformanceOfPrograms = func() Policy {
	p := conformance
	p.Timeout, p.Retries = 20*time.Second, 12
	return p
}()

func TestConformanceOfApertium(t *testing.T) {
	b := Wrap(needApertium(t), conformanceOfPrograms)
	req := dispatch()
	got, err := b.Translate(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range got {
		if r.Err != nil || r.Text == "" || len(r.Findings) > 0 {
			t.Errorf("%d: %+v", i, r)
		}
	}
	if n := len([]rune(got[6].Text)); n < 4000 || n > 8000 {
		t.Errorf("5,000 characters became %d", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Translate(ctx, req); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got, err := b.Translate(t.Context(), ask("Le président parle.")); err != nil || got[0].Text != "The president speaks." {
		t.Error(got, err)
	}
}
