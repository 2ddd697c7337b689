package glossary

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"depeche/segment"
)

// columns maps the header names of a table, folded, to the fields of a term.
var columns = map[string]string{
	"source": "source", "sources": "source", "terme": "source", "term": "source", "francais": "source", "french": "source", "fr": "source",
	"terme source": "source", "source term": "source", "entree": "source", "variantes": "variants", "variants": "variants", "synonymes": "variants", "synonyms": "variants",
	"target": "target", "targets": "target", "cible": "target", "traduction": "target", "translation": "target", "anglais": "target", "english": "target", "en": "target",
	"terme cible": "target", "target term": "target", "preferred": "target", "prefere": "target",
	"allowed": "allowed", "admis": "allowed", "autorise": "allowed", "autorises": "allowed", "accepte": "allowed", "acceptes": "allowed", "accepted": "allowed", "admitted": "allowed", "tolere": "allowed", "toleres": "allowed",
	"forbidden": "forbidden", "interdit": "forbidden", "interdits": "forbidden", "proscrit": "forbidden", "proscrits": "forbidden", "deprecated": "forbidden", "banned": "forbidden", "a eviter": "forbidden", "avoid": "forbidden",
	"case": "case", "casse": "case", "majuscules": "case", "capitals": "case",
	"pos": "pos", "part of speech": "pos", "nature": "pos", "categorie": "pos", "category": "pos", "partie du discours": "pos", "classe": "pos", "type": "pos",
	"article": "article", "domain": "domain", "domaine": "domain", "subject": "domain", "sujet": "domain", "rubrique": "domain",
	"client": "client", "desk": "client", "service": "client",
	"context": "context", "contexte": "context",
	"keep": "keep", "do not translate": "keep", "dnt": "keep", "ne pas traduire": "keep", "garder": "keep", "conserver": "keep", "do-not-translate": "keep",
	"note": "note", "notes": "note", "comment": "note", "comments": "note", "commentaire": "note", "commentaires": "note", "remarque": "note", "remarques": "note", "remark": "note",
}

// cell is a value of a table with its place.
type cell struct {
	text string
	pos  segment.Pos
}

// table is what all tabular formats are read into; its first row is the header.
type table struct{ rows [][]cell }

func (t *table) terms(name string) ([]Term, error) {
	for len(t.rows) > 0 && blank(t.rows[0]) {
		t.rows = t.rows[1:]
	}
	if len(t.rows) == 0 {
		return nil, &Error{File: name, Message: "the glossary is empty: it needs a header with at least source and target"}
	}
	fields := make([]string, len(t.rows[0]))
	var errs []error
	seen := map[string]bool{}
	for i, h := range t.rows[0] {
		key := columnKey(h.text)
		if key == "" {
			continue
		}
		f, ok := columns[key]
		switch {
		case !ok:
			errs = append(errs, &Error{name, h.pos, fmt.Sprintf("unknown column %q; known are source, target, allowed, forbidden, case, pos, article, domain, client, context, keep, note", h.text)})
		case seen[f]:
			errs = append(errs, &Error{name, h.pos, fmt.Sprintf("a second column for %s", f)})
		}
		fields[i], seen[f] = f, true
	}
	if !seen["source"] || !seen["target"] && !seen["keep"] {
		errs = append(errs, &Error{name, t.rows[0][0].pos, "the header needs the columns source and target"})
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	terms := make([]Term, 0, len(t.rows)-1)
	for _, row := range t.rows[1:] {
		if blank(row) {
			continue
		}
		term, err := rowTerm(fields, row, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		terms = append(terms, term)
	}
	return terms, errors.Join(errs...)
}

// columnKey is a header as columns has it: folded, in the singular, without
// what only says that it is a term and what stands in parentheses: "Formes
// interdites", "Source (FR)".
func columnKey(header string) string {
	h, _, _ := strings.Cut(fold(header), "(")
	key := strings.Join(strings.Fields(strings.NewReplacer("_", " ", ":", " ", "*", " ").Replace(h)), " ")
	if _, ok := columns[key]; ok {
		return key
	}
	word := key
	if first, rest, ok := strings.Cut(key, " "); ok {
		switch strings.TrimSuffix(first, "s") {
		case "forme", "terme", "traduction", "mot", "langue", "form", "equivalent":
			word = rest
		}
		if first, rest, ok := strings.Cut(word, " "); ok {
			switch strings.TrimSuffix(rest, "s") {
			case "term", "form", "translation", "language":
				word = first
			}
		}
	}
	for _, end := range []string{"", "s", "e", "es"} {
		if w, ok := strings.CutSuffix(word, end); ok && columns[w] != "" {
			return w
		}
	}
	return key
}

func blank(row []cell) bool {
	return !slices.ContainsFunc(row, func(c cell) bool { return strings.TrimSpace(c.text) != "" })
}

func rowTerm(fields []string, row []cell, name string) (Term, error) {
	t := Term{File: name, Pos: row[0].pos}
	for i, c := range row {
		if i >= len(fields) || fields[i] == "" {
			if strings.TrimSpace(c.text) != "" {
				return t, &Error{name, c.pos, fmt.Sprintf("the cell %q has no column in the header", c.text)}
			}
			continue
		}
		if err := t.set(fields[i], c.text); err != nil {
			return t, &Error{name, c.pos, err.Error()}
		}
		if fields[i] == "source" {
			t.Pos = c.pos
		}
	}
	if err := t.valid(); err != nil {
		return t, &Error{name, t.Pos, strings.TrimPrefix(err.Error(), place(&t)+": ")}
	}
	return t, nil
}

// set puts a cell's text into a field.
func (t *Term) set(field, text string) error {
	if !utf8.ValidString(text) {
		return errors.New("the cell is not valid UTF-8")
	}
	if text == "" {
		return nil
	}
	values := split(text)
	one := ""
	if len(values) > 0 {
		one = values[0]
	}
	switch field {
	case "source":
		t.Sources = append(values, t.Sources...)
	case "variants":
		t.Sources = append(t.Sources, values...)
	case "target":
		t.setTargets(values)
	case "allowed":
		t.Allowed = append(t.Allowed, values...)
	case "forbidden":
		t.Forbidden = append(t.Forbidden, values...)
	case "case":
		c, err := parseCase(one)
		t.Case = c
		return err
	case "pos":
		p, err := parsePOS(one)
		t.POS = p
		return err
	case "article":
		a, err := parseArticle(one)
		if a != ArticleAuto {
			t.Article = a
		}
		return err
	case "domain":
		t.Domain = strings.TrimSpace(text)
	case "client":
		t.Client = strings.TrimSpace(text)
	case "context":
		t.Context = values
	case "keep":
		k, err := parseBool(one)
		t.Keep = k
		return err
	case "note":
		t.Note = strings.TrimSpace(text)
	}
	return nil
}

// setTargets takes the preferred target, which may have an article ("the UN"),
// and the further forms.
func (t *Term) setTargets(values []string) {
	if len(values) == 0 {
		return
	}
	for i := range values {
		for {
			rest, ok := strings.CutPrefix(values[i], "the ")
			if !ok || rest == "" {
				break
			}
			values[i] = rest
			if i == 0 && t.Article == ArticleAuto {
				t.Article = ArticleThe
			}
		}
	}
	t.Target = values[0]
	if len(values) > 1 {
		t.Forms = values
	}
}

// split takes a cell apart at "|".
func split(text string) []string {
	var list []string
	for v := range strings.SplitSeq(text, "|") {
		if !tidied(v) {
			v = strings.Join(strings.Fields(v), " ")
		}
		if v != "" {
			list = append(list, v)
		}
	}
	return list
}

// tidied reports whether a text surely has no white space but single spaces
// inside.
func tidied(s string) bool {
	space := true
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && space, c < ' ', c == 0xc2, 0xe1 <= c && c <= 0xe3: // these begin the spaces of Unicode
			return false
		default:
			space = c == ' '
		}
	}
	return !space
}

func parseCase(s string) (Case, error) {
	switch fold(s) {
	case "", "auto":
		return CaseAuto, nil
	case "exact", "exacte", "sensitive", "sensible", "yes", "oui", "true", "1":
		return CaseExact, nil
	case "ignore", "insensitive", "insensible", "any", "no", "non", "false", "0", "indifferente", "indifferent":
		return CaseIgnore, nil
	}
	return "", fmt.Errorf("unknown case rule %q; use exact, ignore or nothing", s)
}

func parsePOS(s string) (string, error) {
	switch fold(strings.TrimSuffix(s, ".")) {
	case "":
		return "", nil
	case "noun", "nom", "n", "nm", "nf", "substantif", "nom commun", "common noun":
		return "noun", nil
	case "verb", "verbe", "v":
		return "verb", nil
	case "adjective", "adjectif", "adj":
		return "adjective", nil
	case "adverb", "adverbe", "adv":
		return "adverb", nil
	case "proper", "proper noun", "propernoun", "nom propre", "np", "name", "nom de personne":
		return "proper", nil
	case "other", "autre", "phrase", "locution", "expression":
		return "other", nil
	}
	return "", fmt.Errorf("unknown part of speech %q; use noun, proper, verb, adjective, adverb or other", s)
}

func parseArticle(s string) (Article, error) {
	switch fold(s) {
	case "", "auto":
		return ArticleAuto, nil
	case "the", "yes", "oui":
		return ArticleThe, nil
	case "none", "no", "non", "aucun", "sans", "-":
		return ArticleNone, nil
	}
	return "", fmt.Errorf("unknown article %q; use the, none or nothing", s)
}

func parseBool(s string) (bool, error) {
	switch fold(s) {
	case "", "no", "non", "false", "0", "n", "faux":
		return false, nil
	case "yes", "oui", "true", "1", "x", "y", "o", "vrai", "keep":
		return true, nil
	}
	return false, fmt.Errorf("%q is neither yes nor no", s)
}
