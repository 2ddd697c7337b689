package backend

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"depeche/translate"
)

// Status says whether a backend is ready.
type Status struct {
	Backend, Model string
	About          string
	Network        bool
	Ready          bool
	Configured     bool  // the user has set it up, or it needs no set-up: not being ready is then a fault
	Err            error // why it is not ready
	Message        string
	Remedy         string // what to do, or what is missing
	Detail         string // what is worth knowing though it is ready: "3 of 500000 characters used"
}

// Diagnose asks each backend of the table and of the configuration whether it
// is ready: key, program, server. It translates nothing, but asks configured
// services what they offer; one that takes longer than ten seconds is not
// ready. Backends that are not configured are not asked.
func Diagnose(ctx context.Context, configs map[string]Config) []Status {
	var names []string
	seen := make(map[string]bool)
	for _, e := range Table {
		names, seen[e.Name] = append(names, e.Name), true
	}
	for _, name := range slices.Sorted(maps.Keys(configs)) {
		if !seen[name] {
			names = append(names, name)
		}
	}
	list := make([]Status, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { list[i] = diagnose(ctx, name, configs) })
	}
	wg.Wait()
	return list
}

func diagnose(ctx context.Context, name string, configs map[string]Config) Status {
	cfg, configured := configs[name]
	s := Status{Backend: name, Configured: configured}
	e, err := entry(name, cfg)
	if err == nil {
		s.About, s.Network = e.About, e.Network
		s.Configured = configured || !e.Network && e.Name != "exec"
		var b translate.Backend
		if b, err = e.Open(name, cfg); err == nil {
			defer Close(b)
			info := b.Info()
			s.Model, s.Network, s.Configured = info.Model, info.Network, true
			ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
			defer cancel()
			if err = ready(ctx, b); err == nil {
				if c, ok := b.(interface{ Check(context.Context) error }); ok {
					err = c.Check(ctx)
				}
			}
			if errors.Is(err, context.DeadlineExceeded) {
				err = &translate.Error{Backend: name, Cause: translate.CauseTemporary, Message: "no answer within 10 s", Remedy: remedies[translate.CauseTemporary]}
			}
			if d, ok := b.(interface {
				Detail(context.Context) string
			}); ok && err == nil {
				s.Detail = d.Detail(ctx)
			}
		}
	}
	s.Err, s.Ready = err, err == nil
	var te *translate.Error
	if errors.As(err, &te) {
		s.Message, s.Remedy = te.Message, te.Remedy
		if te.Err != nil {
			s.Message += ": " + te.Err.Error()
		}
	} else if err != nil {
		s.Message = err.Error()
	}
	if s.Remedy == "" && !s.Ready {
		s.Remedy = e.Needs
	}
	return s
}
