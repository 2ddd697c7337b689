package backend

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"
	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
	"depeche/translate/phrase"
	"depeche/translate/phrase/fren"
	"depeche/translate/typography"
)

// embedded is the model in the program for a pair of languages.
func embedded(pair string) (found, bool) {
	if pair != localPair {
		return found{}, false
	}
	return found{name: fren.Name, load: func() (engine, error) {
		e, err := fren.Engine()
		return phrases{e}, err
	}}, true
}

// phrases is the engine of package phrase.
type phrases struct{ *phrase.Engine }

func (p phrases) Close() error { return nil }

func (p phrases) translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	items := req.Items
	respell := typography.American // what the model learned from is British for the most part
	if region, sure := req.To.Region(); sure == language.Exact && region.String() != "US" {
		respell = nil
	}
	results := make([]translate.Result, len(items))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, item := range items {
		group.Go(func() error {
			in := phrase.Input{Text: item.Text, Respell: respell}
			for _, t := range item.Terms {
				in.Terms = append(in.Terms, phrase.Term{Start: t.Span.Start, End: t.Span.End, Target: t.Targets[0]})
			}
			for _, l := range typography.Literals(item.Text) {
				in.Terms = append(in.Terms, phrase.Term{Start: l.Span.Start, End: l.Span.End, Target: l.English})
			}
			out, err := p.Translate(ctx, in)
			if err != nil {
				return err
			}
			r := &results[i]
			r.Text, r.Score, r.HasScore = out.Text, out.Score, true
			for _, l := range out.Links {
				r.Alignment = append(r.Alignment, translate.Link{
					Source: segment.Span{Start: l.SourceStart, End: l.SourceEnd}, Target: segment.Span{Start: l.TargetStart, End: l.TargetEnd}})
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return results, nil
}
