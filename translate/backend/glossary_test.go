package backend

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/language"

	"depeche/glossary"
	"depeche/segment"
	"depeche/translate"
)

// deskTerms is a glossary of a desk, with the starter glossary behind it.
func deskTerms(t *testing.T, name, rows string) *glossary.Glossary {
	t.Helper()
	terms, err := glossary.ReadCSV(strings.NewReader("source,target,forbidden,pos,context\n"+rows), name)
	if err != nil {
		t.Fatal(err)
	}
	g, err := glossary.New(glossary.Set{Name: name, Terms: terms}, glossary.News())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

const deskRows = "Daech|EI|groupe État islamique,ISIS,Islamic State,proper,\n" +
	"djihadiste,jihadist,,noun,\n" +
	"mandat,warrant,,noun,juge\n"

// run translates a text with a pipeline as the program builds it.
func run(t *testing.T, b translate.Backend, g *glossary.Glossary, text string) *translate.Bitext {
	t.Helper()
	p := &translate.Pipeline{Glossary: g, Backend: Wrap(b, conformance), To: language.English}
	doc := &segment.Document{Name: "d", Lang: language.French, Source: text, Blocks: []segment.Block{{Kind: segment.Paragraph, Text: text, Span: segment.Span{End: len(text)}}}}
	bitext, _, err := p.Run(t.Context(), doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	return bitext
}

func TestServiceKeepsGlossary(t *testing.T) {
	for name, open := range keepers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := &keeper{}
			next := open(t, k)
			g := deskTerms(t, "desk", deskRows)
			k.kept = append(k.kept, keptOne{id: deskGlossaries + "theirs", name: "theirs"},
				keptOne{id: deskGlossaries + "depeche-sport-fr-en-0123456789abcdef", name: "depeche-sport-fr-en-0123456789abcdef"},
				keptOne{id: deskGlossaries + "depeche-desk-fr-en-mine", name: "depeche-desk-fr-en-mine"})
			others := k.names()

			// Nothing is made where no text has a term of the glossary.
			run(t, next(), g, "Le ministre de l'Otan parle.")
			if k.names() != others {
				t.Error("a glossary was made for nothing:", k.names())
			}

			b := run(t, next(), g, "Les djihadistes du groupe État islamique reculent. Le juge signe un mandat.")
			first := "depeche-desk-fr-en-" + g.List(glossary.FindOptions{}).Hash()
			if !strings.Contains(k.names(), first) || k.made != 1 {
				t.Fatal(k.names(), k.made)
			}
			if got := b.Pairs[0].Target; !strings.Contains(got, "jihadists") || !strings.Contains(got, "ISIS") {
				t.Error(got)
			}
			// The service has the terms: they go there as they stand. What
			// words around choose is protected.
			if sent := strings.Join(k.sent, "\n"); !strings.Contains(sent, "Les djihadistes du groupe État islamique") || strings.Contains(sent, "mandat") {
				t.Error(sent)
			}
			if got := b.Pairs[1].Target; !strings.Contains(got, "warrant") {
				t.Error(got)
			}

			// The next run finds it.
			run(t, next(), g, "Daech recule.")
			if k.made != 1 {
				t.Error("made again", k.made)
			}

			// A changed glossary takes its place; all others stay.
			g = deskTerms(t, "desk", deskRows+"armée,army,,noun,\n")
			run(t, next(), g, "L'armée recule.")
			if k.made != 2 || strings.Contains(k.names(), first) || !strings.Contains(k.names(), "depeche-desk-fr-en-"+g.List(glossary.FindOptions{}).Hash()) {
				t.Error(k.names(), k.made)
			}
			for _, other := range strings.Fields(others) {
				if !strings.Contains(k.names(), other) {
					t.Error(other, "is not ours and was deleted")
				}
			}
			if len(k.files) != 0 {
				t.Error("files are left in the bucket:", k.files)
			}
		})
	}
}

func TestServiceKeepsGlossaryForSeveralRuns(t *testing.T) {
	for name, open := range keepers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := &keeper{}
			next := open(t, k)
			g := deskTerms(t, "desk", deskRows)
			var wg sync.WaitGroup
			for range 6 {
				b := next()
				wg.Go(func() {
					if got := run(t, b, g, "Daech recule.").Pairs[0].Target; got != "EN ISIS recule." {
						t.Error(got)
					}
				})
			}
			wg.Wait()
			if want := "depeche-desk-fr-en-" + g.List(glossary.FindOptions{}).Hash(); k.names() != want {
				t.Error(k.names(), "instead of one", want)
			}
		})
	}
}

// A run with another state of the glossary deletes the one in use.
func TestServiceLosesGlossary(t *testing.T) {
	for name, open := range keepers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := &keeper{}
			b := open(t, k)()
			g := deskTerms(t, "desk", deskRows)
			list := g.List(glossary.FindOptions{})
			if kept, err := b.(translate.TermKeeper).KeepTerms(t.Context(), language.French, language.English, list); !kept || err != nil {
				t.Fatal(kept, err)
			}
			k.mu.Lock()
			k.kept = nil
			k.mu.Unlock()
			if got, err := b.Translate(t.Context(), ask("Daech recule.")); err != nil || got[0].Text != "EN ISIS recule." {
				t.Error(got, err)
			}
		})
	}
}

// What the service refuses is said once, and the terms are protected in the texts.
func TestServiceRefusesGlossary(t *testing.T) {
	for _, c := range []struct{ backend, refuse, says string }{
		{"deepl", "quota", "too many glossaries"},
		{"google", "quota", "Quota exceeded for glossaries"},
		{"google", "entries", "the language is not supported"},
		{"google", "bucket", "The specified bucket does not exist"},
	} {
		t.Run(c.backend+" "+c.refuse, func(t *testing.T) {
			var log bytes.Buffer
			old := slog.Default()
			slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
			defer slog.SetDefault(old)
			k := &keeper{refuse: c.refuse}
			b := keepers[c.backend](t, k)()
			if c.refuse == "bucket" {
				b.(*google).cfg.Bucket = "none"
			}
			p := conformance
			p.Retries = 1
			pl := &translate.Pipeline{Glossary: deskTerms(t, "desk", deskRows), Backend: Wrap(b, p), To: language.English}
			for _, text := range []string{"Daech recule.", "Les djihadistes reculent."} {
				doc := &segment.Document{Name: "d", Lang: language.French, Source: text, Blocks: []segment.Block{{Kind: segment.Paragraph, Text: text, Span: segment.Span{End: len(text)}}}}
				bitext, _, err := pl.Run(t.Context(), doc, nil)
				if err != nil || translate.Worst(bitext.Pairs[0].Findings) == translate.LevelError {
					t.Error(bitext.Pairs, err)
				}
				if got := bitext.Pairs[0].Target; !strings.Contains(got, "ISIS") && !strings.Contains(got, "jihadists") {
					t.Error(got)
				}
			}
			if strings.Contains(strings.Join(k.sent, " "), "Daech") {
				t.Error("a term was left to a service that does not have it:", k.sent)
			}
			if got := log.String(); strings.Count(got, "keeps no glossary") != 1 || !strings.Contains(got, c.says) || !strings.Contains(got, c.backend+": ") {
				t.Error(got)
			}
		})
	}
}

// A configured glossary, or terms = "protect", keeps ours away.
func TestServiceKeepsNoGlossaryUnasked(t *testing.T) {
	k := &keeper{}
	url := k.serveDeepL(t)
	list := deskTerms(t, "desk", deskRows).List(glossary.FindOptions{})
	for _, cfg := range []Config{{Terms: TermsProtect}, {Glossary: "theirs"}} {
		cfg.BaseURL = url
		if kept, err := open(t, "deepl", cfg).(translate.TermKeeper).KeepTerms(t.Context(), language.French, language.English, list); kept || err != nil {
			t.Error(kept, err)
		}
	}
	b := open(t, "google", Config{Project: "desk", BaseURL: k.serveGoogle(t), Insecure: true})
	if kept, err := b.(translate.TermKeeper).KeepTerms(t.Context(), language.French, language.English, list); kept || err != nil {
		t.Error(kept, err)
	}
	if k.made != 0 {
		t.Error(k.made)
	}
	if _, err := New("deepl", Config{Terms: "nativ", Getenv: testEnv}); translate.CauseOf(err) != translate.CauseConfig {
		t.Error(err)
	}
}

// obedient puts required terms into its answers, and refuses what it is told to.
type obedient struct {
	refuses string
	mu      sync.Mutex
	items   []translate.Item
}

func (o *obedient) Info() translate.Info { return translate.Info{Name: "obedient", Terms: true} }

func (o *obedient) Translate(_ context.Context, req translate.Request) ([]translate.Result, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := make([]translate.Result, len(req.Items))
	for i, item := range req.Items {
		o.items = append(o.items, item)
		if strings.Contains(item.Text, o.refuses) {
			list[i].Err = fault(translate.CauseRequest, 0)
			continue
		}
		text := item.Text
		for _, term := range slices.Backward(item.Terms) {
			text = text[:term.Span.Start] + term.Targets[0] + text[term.Span.End:]
		}
		list[i].Text = english(text)
	}
	return list, nil
}

// Each backend of a chain gets the terms in its own way: beside the text, in a
// glossary of its service, or put out of reach.
func TestChainServesEachInItsWay(t *testing.T) {
	const text = "Daech recule. Les djihadistes attaquent. Le juge signe un mandat."
	p := conformance
	p.Retries = 0
	through := func(t *testing.T, chain ...translate.Backend) []translate.Pair {
		for i := range chain {
			chain[i] = Wrap(chain[i], p)
		}
		pl := &translate.Pipeline{Glossary: deskTerms(t, "desk", deskRows), Backend: Fallback(chain...), To: language.English}
		doc := &segment.Document{Name: "d", Lang: language.French, Source: text, Blocks: []segment.Block{{Kind: segment.Paragraph, Text: text, Span: segment.Span{End: len(text)}}}}
		b, _, err := pl.Run(t.Context(), doc, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range b.Pairs {
			if translate.Worst(pair.Findings) == translate.LevelError {
				t.Error(pair.Target, pair.Findings)
			}
		}
		return b.Pairs
	}
	for name, open := range keepers {
		t.Run("obedient,"+name, func(t *testing.T) {
			first, k := &obedient{refuses: "djihadistes"}, &keeper{}
			pairs := through(t, first, open(t, k)())
			if len(first.items) != 3 || first.items[0].Text != "Daech recule." || len(first.items[0].Terms) != 1 || len(first.items[2].Terms) != 1 {
				t.Errorf("%+v", first.items)
			}
			if pairs[0].Target != "EN ISIS recule." || pairs[0].Origin.Backend != "obedient" || !strings.Contains(pairs[2].Target, "warrant") {
				t.Error(pairs)
			}
			if k.made != 1 || strings.Join(k.sent, "|") != "Les djihadistes attaquent." {
				t.Error(k.made, k.sent)
			}
			if pairs[1].Target != "EN Les jihadists attaquent." || pairs[1].Origin.Backend != name {
				t.Error(pairs[1])
			}
		})
		t.Run("down,"+name+",obedient", func(t *testing.T) {
			down := &scripted{info: translate.Info{Name: "down"}, answer: func(context.Context, int, []string) ([]translate.Result, error) {
				return nil, fault(translate.CauseQuota, 0)
			}}
			last, k := &obedient{refuses: "nothing"}, &keeper{refuse: "quota"}
			pairs := through(t, down, open(t, k)(), last)
			// What the first one got was out of its reach, and so it was for
			// the second, whose service keeps no more glossaries.
			for _, sent := range append(down.calls[0], k.sent...) {
				if strings.Contains(sent, "Daech") || strings.Contains(sent, "djihadistes") || strings.Contains(sent, "mandat") {
					t.Error(sent)
				}
			}
			if pairs[1].Origin.Backend != name || len(last.items) != 0 || !strings.Contains(pairs[1].Target, "jihadists") {
				t.Error(pairs[1], last.items)
			}
		})
	}
	t.Run("none is asked for nothing", func(t *testing.T) {
		k := &keeper{}
		through(t, &obedient{refuses: "nothing"}, keepers["deepl"](t, k)())
		if k.made != 0 || len(k.sent) != 0 {
			t.Error(k.made, k.sent)
		}
	})
}
