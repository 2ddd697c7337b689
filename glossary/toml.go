package glossary

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"depeche/segment"
)

var termHeader = regexp.MustCompile(`(?m)^[ \t]*\[\[[ \t]*term[ \t]*\]\]`)

// ReadTOML reads a glossary from TOML: a table [[term]] for each entry, with
// the keys source, target, allowed, forbidden, case, pos, article, domain,
// client, context, keep and note. Lists may be written as one string.
func ReadTOML(r io.Reader, name string) ([]Term, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	text, err := decode(data)
	if err != nil {
		return nil, &Error{File: name, Message: err.Error()}
	}
	var file map[string]any
	if _, err := toml.Decode(text, &file); err != nil {
		var perr toml.ParseError
		if errors.As(err, &perr) {
			return nil, &Error{name, at(text, lineStarts(text), perr.Position.Line, perr.Position.Col), perr.Message}
		}
		return nil, &Error{File: name, Message: err.Error()}
	}
	var errs []error
	for key := range file {
		if key != "term" {
			errs = append(errs, &Error{File: name, Message: fmt.Sprintf("unknown key %q; entries are written [[term]]", key)})
		}
	}
	list, ok := file["term"].([]map[string]any)
	if !ok && len(errs) == 0 {
		errs = append(errs, &Error{File: name, Message: "the glossary has no [[term]]"})
	}
	places := termHeader.FindAllStringIndex(text, -1)
	var terms []Term
	for i, m := range list {
		t := Term{File: name}
		if len(places) == len(list) { // else a string holds something like a header
			start := places[i][0]
			line := strings.Count(text[:start], "\n") + 1
			t.Pos = segment.Pos{Offset: start, Line: line, Column: 1}
		}
		if err := t.fromMap(m); err != nil {
			errs = append(errs, &Error{name, t.Pos, err.Error()})
			continue
		}
		if err := t.valid(); err != nil {
			errs = append(errs, &Error{name, t.Pos, strings.TrimPrefix(err.Error(), place(&t)+": ")})
			continue
		}
		terms = append(terms, t)
	}
	return terms, errors.Join(errs...)
}

func (t *Term) fromMap(m map[string]any) error {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.name == k }) {
			return fmt.Errorf("unknown key %q", k)
		}
		values, err := stringsOf(m[k])
		if err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
		if err := t.set(k, strings.Join(values, "|")); err != nil {
			return err
		}
	}
	return nil
}

func stringsOf(v any) ([]string, error) {
	switch v := v.(type) {
	case string:
		return []string{v}, nil
	case bool:
		if v {
			return []string{"yes"}, nil
		}
		return nil, nil
	case []any:
		var list []string
		for _, x := range v {
			s, ok := x.(string)
			if !ok {
				return nil, errors.New("a list holds something other than strings")
			}
			list = append(list, s)
		}
		return list, nil
	}
	return nil, errors.New("the value is no string, list of strings or truth value")
}

// tomlTerm is an entry as it is written.
type tomlTerm struct {
	Source    []string `toml:"source"`
	Target    []string `toml:"target,omitempty"`
	Allowed   []string `toml:"allowed,omitempty"`
	Forbidden []string `toml:"forbidden,omitempty"`
	Case      string   `toml:"case,omitempty"`
	POS       string   `toml:"pos,omitempty"`
	Article   string   `toml:"article,omitempty"`
	Domain    string   `toml:"domain,omitempty"`
	Client    string   `toml:"client,omitempty"`
	Context   []string `toml:"context,omitempty"`
	Keep      bool     `toml:"keep,omitempty"`
	Note      string   `toml:"note,omitempty"`
}

// WriteTOML writes the entries as ReadTOML reads them.
func WriteTOML(w io.Writer, terms []Term) error {
	file := struct {
		Term []tomlTerm `toml:"term"`
	}{make([]tomlTerm, len(terms))}
	for i := range terms {
		t := &terms[i]
		target := t.Forms
		if len(target) == 0 && t.Target != "" {
			target = []string{t.Target}
		}
		file.Term[i] = tomlTerm{t.Sources, target, t.Allowed, t.Forbidden, string(t.Case), t.POS, string(t.Article),
			t.Domain, t.Client, t.Context, t.Keep, t.Note}
	}
	e := toml.NewEncoder(w)
	e.Indent = ""
	return e.Encode(file)
}
