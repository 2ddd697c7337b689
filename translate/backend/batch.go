package backend

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"depeche/translate"
)

// Batch splits a request by the backend's limits on items, characters and
// bytes, sends at most so many parts at once, and halves a part that fails
// until the items stand alone that make it fail.
func Batch(b translate.Backend, concurrency int) translate.Backend {
	return &batch{wrapped{b}, max(1, concurrency)}
}

type batch struct {
	wrapped
	concurrency int
}

func (b *batch) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	info := b.Info()
	results := make([]translate.Result, len(req.Items))
	var group errgroup.Group
	group.SetLimit(b.concurrency)
	stop, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for _, part := range parts(req.Items, info, results) {
		group.Go(func() error {
			// After a failure that awaits all parts none is begun, but those
			// under way are not broken off: they may be paid for.
			if err := context.Cause(stop); err != nil {
				keep(results, part, failed(len(part), err))
				return nil
			}
			got := b.part(ctx, sub(req, part))
			for _, r := range got {
				if fatal(r.Err) {
					cancel(r.Err)
				}
			}
			keep(results, part, got)
			return nil
		})
	}
	group.Wait()
	return whole(results)
}

// fatal reports whether a failure awaits every other request too.
func fatal(err error) bool {
	switch translate.CauseOf(err) {
	case translate.CauseAuth, translate.CauseConfig, translate.CauseQuota, translate.CauseLimit:
		return true
	}
	return false
}

// parts groups the items' indices by the limits. An item that is too large
// by itself gets its error here.
func parts(items []translate.Item, info translate.Info, results []translate.Result) [][]int {
	var list [][]int
	var part []int
	chars, bytes := 0, 0
	for i, item := range items {
		c, n := utf8.RuneCountInString(item.Text), len(item.Text)
		if info.MaxChars > 0 && c > info.MaxChars || info.MaxBytes > 0 && n > info.MaxBytes {
			results[i].Err = &translate.Error{Backend: info.Name, Cause: translate.CauseRequest, Refused: true,
				Message: fmt.Sprintf("takes no segment of %d characters (%d bytes)", c, n), Remedy: "split the paragraph, or choose another backend with -b"}
			continue
		}
		if len(part) > 0 && (info.MaxItems > 0 && len(part) >= info.MaxItems ||
			info.MaxChars > 0 && chars+c > info.MaxChars || info.MaxBytes > 0 && bytes+n > info.MaxBytes) {
			list, part, chars, bytes = append(list, part), nil, 0, 0
		}
		part, chars, bytes = append(part, i), chars+c, bytes+n
	}
	if len(part) > 0 {
		list = append(list, part)
	}
	return list
}

// part asks for a part, and where it fails as a whole for reasons that a
// single text can cause, for its halves.
func (b *batch) part(ctx context.Context, req translate.Request) []translate.Result {
	got, err := b.Backend.Translate(ctx, req)
	if len(got) != len(req.Items) {
		if err == nil {
			err = wrongCount(b.Info().Name, len(req.Items), len(got))
		}
		got = failed(len(req.Items), err)
	}
	if err == nil || len(req.Items) < 2 {
		return got
	}
	switch translate.CauseOf(err) {
	case translate.CauseRequest, translate.CauseAnswer:
		return append(b.part(ctx, half(req, 0)), b.part(ctx, half(req, 1))...)
	case translate.CauseTemporary:
		if errors.Is(err, errUnreachable) {
			return got
		}
		return b.isolate(ctx, req, got)
	}
	return got
}

// isolate looks for the one text that makes a service fail (HTTP 500) each
// time. Where both halves fail it is the service that does not work, and the
// search ends.
func (b *batch) isolate(ctx context.Context, req translate.Request, got []translate.Result) []translate.Result {
	if len(req.Items) < 2 {
		return got
	}
	var side [2][]translate.Result
	var errs [2]error
	for i := range side {
		h := half(req, i)
		if side[i], errs[i] = b.Backend.Translate(ctx, h); len(side[i]) != len(h.Items) {
			side[i] = failed(len(h.Items), errs[i])
		}
		if ctx.Err() != nil {
			errs[i] = ctx.Err()
		}
	}
	for i := range side {
		if errs[i] != nil && errs[1-i] == nil {
			side[i] = b.isolate(ctx, half(req, i), side[i])
		}
	}
	return append(side[0], side[1]...)
}

// half is the first or second half of a request.
func half(req translate.Request, i int) translate.Request {
	mid := len(req.Items) / 2
	h := req
	if h.Items = req.Items[:mid]; i == 1 {
		h.Items = req.Items[mid:]
	}
	return h
}
