package backend

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
	"depeche/translate/marian"
	"depeche/translate/marian/registry"
)

// engine is an offline engine with its model loaded.
type engine interface {
	translate(ctx context.Context, req translate.Request) ([]translate.Result, error)
	Close() error
}

// found is a model that was found but not yet loaded.
type found struct {
	name string // what Info calls it: changes with the weights
	beam int    // the width of the search where none is asked for
	load func() (engine, error)
}

// local is the offline engine. Its model is, in this order: the folder or the
// pulled model that the configuration names, a pulled one of the pair of
// languages, the one in the program.
type local struct {
	name string
	cfg  Config
	main found // of French to English, which Info describes

	mu      sync.Mutex
	engines map[string]engine // by pair of languages
}

const localPair = "fr-en"

// MaxBeam is the widest search of the offline engine: memory and time grow with
// it, translations hardly change beyond 8.
const MaxBeam = 64

func openLocal(name string, cfg Config) (translate.Backend, error) {
	if cfg.Beam < 0 || cfg.Beam > MaxBeam {
		return nil, &translate.Error{Backend: name, Cause: translate.CauseConfig, Message: fmt.Sprintf("beam = %d", cfg.Beam),
			Remedy: fmt.Sprintf("write a number from 1 to %d", MaxBeam)}
	}
	l := &local{name: name, cfg: cfg, engines: map[string]engine{}}
	var err error
	if l.main, err = l.find(localPair); err != nil {
		return nil, err
	}
	return l, nil
}

// find looks for a model of a pair of languages.
func (l *local) find(pair string) (found, error) {
	reg := &registry.Registry{Dir: l.cfg.Data}
	if m := l.cfg.Model; m != "" {
		switch info, err := os.Stat(m); {
		case err == nil && info.IsDir():
			return l.folder(filepath.Base(filepath.Clean(m)), m)
		case err == nil:
			return found{}, &translate.Error{Backend: l.name, Cause: translate.CauseConfig, Message: fmt.Sprintf("the model %q is a file", m),
				Remedy: "name the folder that holds it, with its vocabulary and shortlist"}
		}
		got, err := reg.Lookup(m)
		if err != nil {
			return found{}, &translate.Error{Backend: l.name, Cause: translate.CauseConfig, Err: err,
				Message: fmt.Sprintf("%q is neither a folder nor a pulled model", m), Remedy: "see depeche model list"}
		}
		return l.folder(got.ID(), got.Dir)
	}
	got, err := reg.Lookup(pair)
	switch {
	case err == nil:
		return l.folder(got.ID(), got.Dir)
	case !errors.Is(err, registry.ErrNotFound) && !errors.Is(err, os.ErrNotExist):
		return found{}, &translate.Error{Backend: l.name, Cause: translate.CauseConfig, Message: "the pulled models cannot be read", Err: err,
			Remedy: "see depeche model verify"}
	}
	if f, ok := embedded(l.name, pair, l.cfg.Beam); ok {
		return f, nil
	}
	return found{}, &translate.Error{Backend: l.name, Cause: translate.CauseConfig, Message: "there is no model for " + pair,
		Remedy: "pull one: depeche model pull " + pair}
}

func (l *local) folder(name, dir string) (found, error) {
	print, err := fingerprint(dir)
	if err != nil {
		return found{}, &translate.Error{Backend: l.name, Cause: translate.CauseConfig, Message: "the model cannot be read", Err: err,
			Remedy: "name the folder of a model, or pull one: depeche model pull " + localPair}
	}
	beam := l.cfg.Beam
	return found{name: name + "@" + print, beam: 1, load: func() (engine, error) {
		m, err := marian.Open(dir)
		if err != nil {
			return nil, unloaded(l.name, err)
		}
		return neural{m, marian.Options{Beam: beam}}, nil
	}}, nil
}

// unloaded is the error of a model that marian does not open.
func unloaded(name string, err error) error {
	if errors.Is(err, marian.ErrCPU) {
		return &translate.Error{Backend: name, Cause: translate.CauseConfig, Message: "the offline engine cannot run as DEPECHE_CPU says", Err: err,
			Remedy: "unset DEPECHE_CPU for the fastest way that this processor has"}
	}
	return &translate.Error{Backend: name, Cause: translate.CauseConfig, Message: "the model cannot be loaded", Err: err,
		Remedy: "pull it again, or name another folder"}
}

// fingerprint tells models in one folder apart without reading them whole: the
// names and sizes of the files, and the ends of their contents.
func fingerprint(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, e := range entries {
		switch filepath.Ext(e.Name()) {
		case ".bin", ".npz", ".spm":
		default:
			continue
		}
		if err := hashEnds(h, filepath.Join(dir, e.Name())); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:4]), nil
}

func hashEnds(h io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	const end = 1 << 16
	fmt.Fprintf(h, "%s %d\n", filepath.Base(path), info.Size())
	_, err = io.Copy(h, io.NewSectionReader(f, 0, end))
	if err == nil && info.Size() > end {
		_, err = io.Copy(h, io.NewSectionReader(f, max(end, info.Size()-end), end))
	}
	return err
}

func (l *local) Info() translate.Info {
	beam := ""
	if l.cfg.Beam != 0 && l.cfg.Beam != l.main.beam {
		beam = strconv.Itoa(l.cfg.Beam)
	}
	return translate.Info{Name: l.name, Model: l.main.name, Settings: settings("beam", beam), Terms: true,
		MaxItems: l.cfg.MaxItems, MaxChars: l.cfg.MaxChars}
}

func (l *local) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	e, err := l.engine(req.From, req.To)
	if err != nil {
		return nil, err
	}
	return e.translate(ctx, req)
}

// engine loads the model of a pair at its first request.
func (l *local) engine(from, to language.Tag) (engine, error) {
	pair := baseTag(from) + "-" + baseTag(to)
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.engines[pair]; e != nil {
		return e, nil
	}
	f := l.main
	if pair != localPair && l.cfg.Model == "" {
		var err error
		if f, err = l.find(pair); err != nil {
			return nil, err
		}
	}
	e, err := f.load()
	if err != nil {
		return nil, err
	}
	l.engines[pair] = e
	return e, nil
}

// Check loads the model, so that a broken one is found.
func (l *local) Check(context.Context) error {
	_, err := l.engine(language.French, language.English)
	return err
}

// Close unloads the models.
func (l *local) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	for _, e := range l.engines {
		errs = append(errs, e.Close())
	}
	clear(l.engines)
	return errors.Join(errs...)
}

// neural is the engine of package marian.
type neural struct {
	*marian.Model
	options marian.Options
}

// RuleTruncated is the rule of the finding on a translation that was cut off.
const RuleTruncated = "answer-truncated"

func (n neural) translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	outputs, err := n.Model.Translate(ctx, inputs(req), n.options)
	if err != nil {
		return nil, err
	}
	return results(outputs), nil
}

// inputs are the texts of a request with their terms.
func inputs(req translate.Request) []marian.Input {
	list := make([]marian.Input, len(req.Items))
	for i, item := range req.Items {
		list[i].Text = item.Text
		for _, t := range item.Terms {
			list[i].Terms = append(list[i].Terms, marian.Term{Start: t.Span.Start, End: t.Span.End, Targets: t.Targets})
		}
	}
	return list
}

// results are what the engine made, with a finding where it went wrong.
func results(outputs []marian.Output) []translate.Result {
	list := make([]translate.Result, len(outputs))
	for i, o := range outputs {
		r := &list[i]
		r.Text, r.Score, r.HasScore = strings.TrimSpace(o.Text), o.Score, !o.Copied
		if r.Text == o.Text {
			for _, link := range o.Alignment {
				r.Alignment = append(r.Alignment, translate.Link{Source: segment.Span(link.Source), Target: segment.Span(link.Target)})
			}
		}
		if o.Loop {
			r.Findings = append(r.Findings, translate.Finding{Rule: RuleLoops, Level: translate.LevelError, Message: "the engine began to repeat itself and was stopped"})
		}
		if o.Truncated {
			r.Findings = append(r.Findings, translate.Finding{Rule: RuleTruncated, Level: translate.LevelError, Message: "the translation was cut off at the length limit"})
		}
	}
	return list
}
