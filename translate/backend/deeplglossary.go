package backend

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"depeche/glossary"
	"depeche/translate"
)

// deeplGlossary is a glossary of the account
// (https://developers.deepl.com/api-reference/multilingual-glossaries).
type deeplGlossary struct {
	ID           string            `json:"glossary_id,omitempty"`
	Name         string            `json:"name"`
	Created      string            `json:"creation_time,omitempty"` // ISO 8601, always in UTC
	Dictionaries []deeplDictionary `json:"dictionaries"`
}

type deeplDictionary struct {
	From    string `json:"source_lang"`
	To      string `json:"target_lang"`
	Entries string `json:"entries,omitempty"`
	Format  string `json:"entries_format,omitempty"`
	Count   int    `json:"entry_count,omitempty"`
}

// deeplLargest is the most that a glossary may hold, in bytes.
const deeplLargest = 10 << 20

// deeplKept is the glossary of ours that is in use for a pair of languages.
type deeplKept struct {
	id   string
	list *glossary.List
}

// KeepTerms sees that the account has a glossary of exactly this list: one
// that is there already is used, else it is made, and those of earlier states
// of the list are deleted. Others are never touched.
func (d *deepl) KeepTerms(ctx context.Context, from, to language.Tag, list *glossary.List) (bool, error) {
	if d.cfg.Glossary != "" || d.cfg.Terms == TermsProtect || len(list.Pairs) == 0 {
		return false, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	id, err := d.ensure(ctx, from, to, list)
	if err != nil {
		return false, err
	}
	d.clean(ctx, nameKept(list, from, to))
	d.kept[deeplPair(from, to)] = deeplKept{id, list}
	return true, nil
}

func deeplPair(from, to language.Tag) [2]string {
	return [2]string{strings.ToLower(deeplTag(from, false)), strings.ToLower(deeplTag(to, false))}
}

func (d *deepl) glossaries(ctx context.Context) ([]deeplGlossary, error) {
	var list struct{ Glossaries []deeplGlossary }
	err := d.client.get(ctx, "/v3/glossaries", nil, &list)
	return list.Glossaries, err
}

// ensure finds or makes the glossary of the list and gives its ID.
func (d *deepl) ensure(ctx context.Context, from, to language.Tag, list *glossary.List) (string, error) {
	name, pair := nameKept(list, from, to).String(), deeplPair(from, to)
	id, err := d.first(ctx, name, pair)
	if id != "" || err != nil {
		return id, err
	}
	entries := list.TSV()
	if len(entries) > deeplLargest {
		return "", d.client.fail(translate.CauseConfig, fmt.Sprintf("takes no glossary of %d bytes", len(entries)), nil)
	}
	var made deeplGlossary
	if err := d.client.post(ctx, "/v3/glossaries", nil, deeplGlossary{Name: name,
		Dictionaries: []deeplDictionary{{From: pair[0], To: pair[1], Entries: entries, Format: "tsv"}}}, &made); err != nil {
		return "", err
	}
	if made.ID == "" {
		return "", d.client.fail(translate.CauseAnswer, "the service gives no ID for the new glossary", nil)
	}
	slog.DebugContext(ctx, "glossary made", "backend", d.name, "name", name, "entries", len(list.Pairs))
	// Names are not unique: of two runs that made it at once, the later one
	// takes that of the other.
	id, err = d.first(ctx, name, pair)
	if err != nil || id == "" || id == made.ID {
		return made.ID, nil
	}
	d.delete(ctx, made.ID, name)
	return id, nil
}

// first is the ID of the oldest glossary of that name for the languages, "" if
// there is none.
func (d *deepl) first(ctx context.Context, name string, pair [2]string) (string, error) {
	all, err := d.glossaries(ctx)
	if err != nil {
		return "", err
	}
	all = slices.DeleteFunc(all, func(g deeplGlossary) bool { return g.Name != name || !g.has(pair) })
	if len(all) == 0 {
		return "", nil
	}
	return slices.MinFunc(all, func(a, b deeplGlossary) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.ID, b.ID))
	}).ID, nil
}

func (g *deeplGlossary) has(pair [2]string) bool {
	return slices.ContainsFunc(g.Dictionaries, func(d deeplDictionary) bool {
		return strings.EqualFold(d.From, pair[0]) && strings.EqualFold(d.To, pair[1])
	})
}

// clean deletes the glossaries of earlier states of the list. That it fails
// hurts no translation.
func (d *deepl) clean(ctx context.Context, name keptName) {
	all, err := d.glossaries(ctx)
	if err != nil {
		return
	}
	for _, g := range all {
		if name.old(g.Name) {
			d.delete(ctx, g.ID, g.Name)
		}
	}
}

func (d *deepl) delete(ctx context.Context, id, name string) {
	err := d.client.do(ctx, http.MethodDelete, "/v3/glossaries/"+id, nil, nil, nil)
	slog.DebugContext(ctx, "glossary deleted", "backend", d.name, "name", name, "error", err)
}

// renewed makes the glossary of ours again that a request did not find: a run
// with another state of the list has deleted it. It reports whether the
// request is worth sending again.
func (d *deepl) renewed(ctx context.Context, from, to language.Tag, used string, err error) bool {
	var e *translate.Error
	if !errors.As(err, &e) || e.Cause != translate.CauseConfig && (e.Cause != translate.CauseRequest || !strings.Contains(strings.ToLower(e.Message), "glossary")) {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	pair := deeplPair(from, to)
	k, ok := d.kept[pair]
	if !ok {
		return false
	}
	if k.id != used {
		return true // another worker has done it
	}
	if k.id, err = d.ensure(ctx, from, to, k.list); err != nil || k.id == used {
		return false
	}
	d.kept[pair] = k
	return true
}

// glossaryID is the glossary for the languages: of ours, or the configured one,
// by ID or by name, if it has a dictionary for them.
func (d *deepl) glossaryID(ctx context.Context, from, to language.Tag) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	pair := deeplPair(from, to)
	if d.cfg.Glossary == "" {
		return d.kept[pair].id, nil
	}
	if id, ok := d.glossary[pair]; ok {
		return id, nil
	}
	all, err := d.glossaries(ctx)
	if err != nil {
		return "", err
	}
	for _, g := range all {
		if (g.ID == d.cfg.Glossary || g.Name == d.cfg.Glossary) && g.has(pair) {
			d.glossary[pair] = g.ID
			return g.ID, nil
		}
	}
	return "", d.client.fail(translate.CauseConfig, fmt.Sprintf("the account has no glossary %q from %s to %s", d.cfg.Glossary, pair[0], pair[1]), nil)
}
