package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/text/language"

	"depeche/glossary"
	"depeche/segment"
	"depeche/translate"
	"depeche/translate/backend"
	"depeche/translate/check"
	"depeche/translate/memory"
	"depeche/translate/typography"
)

// pipelineFlags are the flags of all commands that translate.
func pipelineFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "to", Aliases: []string{"t"}, Usage: "language `LANG` of the translation; en-GB has British spelling, dates and quotation marks", Value: "en", EnvVars: []string{"DEPECHE_TO"}},
		&cli.StringFlag{Name: "backend", Aliases: []string{"b"}, Usage: "translate with `NAME`, or with the first of several that works; depeche backends lists them", EnvVars: []string{"DEPECHE_BACKEND"}},
		&cli.StringFlag{Name: "model", Usage: "folder `DIR` of a model for the offline engine", EnvVars: []string{"DEPECHE_MODEL"}},
		&cli.IntFlag{Name: "beam", Usage: "let the offline engine follow `N` hypotheses; 4 for the model in the program and 1 for others if not given", EnvVars: []string{"DEPECHE_BEAM"}},
		glossaryFlag(),
		&cli.BoolFlag{Name: "no-starter", Usage: "leave out the starter glossary for news", EnvVars: []string{"DEPECHE_NO_STARTER"}},
		memoryFlag(),
		&cli.BoolFlag{Name: "no-memory", Usage: "neither read nor write a translation memory", EnvVars: []string{"DEPECHE_NO_MEMORY"}},
		&cli.IntFlag{Name: "adopt", Usage: "take fuzzy matches of at least `PERCENT` as translations; 0 for none", EnvVars: []string{"DEPECHE_ADOPT"}},
		&cli.StringFlag{Name: "quotes", Usage: "quotation marks in `STYLE`: us, uk or keep; uk for --to en-GB if not given", Value: "us", EnvVars: []string{"DEPECHE_QUOTES"}},
	}
}

func glossaryFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "glossary", Aliases: []string{"g"}, Usage: "glossary `FILE` (CSV, TSV, XLSX, TBX, TOML); may be repeated, the first one wins", EnvVars: []string{"DEPECHE_GLOSSARY"}}
}

// loadGlossary joins the glossaries that the user names, in their order, and
// the starter glossary behind them.
func loadGlossary(c *cli.Context) (*glossary.Glossary, error) {
	var sets []glossary.Set
	for _, name := range c.StringSlice("glossary") {
		terms, err := glossary.Load(name)
		if err != nil {
			return nil, notExist(name, err)
		}
		sets = append(sets, glossary.Set{Name: strings.TrimSuffix(filepath.Base(name), filepath.Ext(name)), Terms: terms})
	}
	if !c.Bool("no-starter") {
		starter := glossary.News()
		if to, err := tag("to", c.String("to")); err == nil && british(to) {
			inBritain(starter.Terms)
		}
		sets = append(sets, starter)
	}
	g, err := glossary.New(sets...)
	if err != nil {
		return nil, err
	}
	for _, k := range g.Conflicts() {
		say(c, "glossary: %s", k.String())
	}
	return g, nil
}

// newPipeline builds the pipeline that the flags and the configuration ask
// for. The function that it gives ends the backend's processes.
func newPipeline(c *cli.Context, cfg *config) (*translate.Pipeline, func() error, error) {
	to, err := tag("to", c.String("to"))
	if err != nil {
		return nil, nil, err
	}
	if n := c.Int("adopt"); n != 0 && (n < memory.LeastFuzzy || n > 100) {
		return nil, nil, usagef("--adopt %d: a fuzzy match has %d to 99 per cent; 0 adopts none", n, memory.LeastFuzzy)
	}
	style := typography.Options{Quotes: typography.Quotes(c.String("quotes")), British: british(to)}
	if style.British && !c.IsSet("quotes") {
		style.Quotes = typography.UK
	}
	quotes := style.Quotes
	switch quotes {
	case typography.US, typography.UK, typography.Keep:
	default:
		return nil, nil, usagef("--quotes %s: choose us, uk or keep", quotes)
	}
	if err := cfg.Check.Validate(); err != nil {
		return nil, nil, &exitError{exitUsage, fmt.Errorf("%s: %w", cfg.file, err)}
	}
	g, err := loadGlossary(c)
	if err != nil {
		return nil, nil, err
	}
	b, err := openBackend(c, cfg)
	if err != nil {
		return nil, nil, err
	}
	p := &translate.Pipeline{
		Glossary: g, Backend: b, To: to, Jobs: c.Int("jobs"), Tool: "depeche " + release,
		Convert:  typography.Convert,
		Opening:  typography.Opening,
		Check:    func(t *translate.Bitext) { check.Run(t, cfg.Check) },
		Adopt:    c.Int("adopt"),
		Settings: fmt.Sprintf("quotes=%s", quotes),
	}
	if style.British {
		p.Settings += " british"
		style.Kept = britishless(g)
		p.Convert = func(kind segment.Kind, text string) (string, bool) {
			target, ok := typography.Convert(kind, text)
			return typography.British(target, style.Kept), ok
		}
		p.Opening = func(kind segment.Kind, text string) (int, string) {
			n, target := typography.Opening(kind, text)
			return n, typography.British(target, style.Kept)
		}
	}
	if base, _ := to.Base(); base.String() == "en" {
		p.Polish = func(source, target string) string { return typography.English(source, target, style) }
	}
	var m *memory.Memory
	if !c.Bool("no-memory") {
		if m, err = memory.Open(c.Context, c.String("memory")); err != nil {
			return nil, nil, errors.Join(err, backend.Close(b))
		}
		p.Memory = m
	}
	return p, func() error {
		if m != nil {
			return errors.Join(backend.Close(b), m.Close())
		}
		return backend.Close(b)
	}, nil
}

// openBackend opens the backend that the command line or the configuration
// names, else the default.
func openBackend(c *cli.Context, cfg *config) (translate.Backend, error) {
	caps := backend.Caps{MaxChars: c.Int("max-chars")}
	var err error
	if s := c.String("max-cost"); s != "" {
		if caps.MaxCost, err = strconv.ParseFloat(s, 64); err != nil || caps.MaxCost < 0 {
			return nil, usagef("--max-cost %s: write an amount like 5 or 0.50", s)
		}
	}
	configs := maps.Clone(cfg.Backends)
	if configs == nil {
		configs = make(map[string]backend.Config)
	}
	local := configs["local"]
	if c.IsSet("model") {
		local.Model = c.String("model")
	}
	if c.IsSet("beam") {
		if local.Beam = c.Int("beam"); local.Beam < 1 || local.Beam > backend.MaxBeam {
			return nil, usagef("--beam %d: write a number from 1 to %d", local.Beam, backend.MaxBeam)
		}
	}
	configs["local"] = local
	if err := forLocal(c, cfg, configs); err != nil {
		return nil, err
	}
	return backend.OpenCapped(c.String("backend"), configs, caps)
}

// forLocal refuses a flag of the offline engine that is typed beside a backend
// that would not look at it; in the configuration or the environment it may
// wait for a run that does.
func forLocal(c *cli.Context, cfg *config, configs map[string]backend.Config) error {
	for _, flag := range []string{"model", "beam"} {
		if !c.IsSet(flag) || cfg.applied[flag] || os.Getenv("DEPECHE_"+strings.ToUpper(flag)) != "" {
			continue
		}
		names, err := backend.Names(c.String("backend"), configs)
		if err != nil {
			return err
		}
		if !slices.Contains(names, "local") {
			return usagef("--%s is for the offline engine; --backend %s does not use it", flag, strings.Join(names, ","))
		}
	}
	return nil
}

// british reports whether a variety of English is spelled as in Britain.
func british(to language.Tag) bool {
	base, _ := to.Base()
	region, sure := to.Region()
	return base.String() == "en" && sure == language.Exact && !slices.Contains([]string{"US", "CA", "PH", "LR", "PR"}, region.String())
}

// inBritain gives the starter glossary's terms British spelling; the American one stays
// allowed.
func inBritain(terms []glossary.Term) {
	for i := range terms {
		t := &terms[i]
		if british := typography.British(t.Target, nil); british != t.Target {
			t.Allowed, t.Target = append(slices.Clone(t.Allowed), t.Target), british
		}
	}
}

// britishless gives the targets of a glossary that Britain's ways would change.
func britishless(g *glossary.Glossary) (list []string) {
	for _, t := range g.Terms() {
		if typography.British(t.Target, nil) != t.Target {
			list = append(list, t.Target)
		}
	}
	return list
}
