package review

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"depeche/translate"
)

type matchEntry struct {
	Source  string `json:"source"`
	Target  string `json:"target"`
	Percent int    `json:"percent"`
	Origin  string `json:"origin"`
	Diff    []Op   `json:"diff,omitempty"` // from the match's source to the segment's
}

// showDetails gives what belongs to one segment besides itself: matches of the
// memory with their difference, and the machine's text against the edit.
func (s *server) showDetails(w http.ResponseWriter, r *http.Request) {
	_, f, j, ok := s.place(w, r)
	if !ok {
		return
	}
	f.mu.RLock()
	var p translate.Pair
	var q translate.Query
	at := -1
	if j < len(f.texts) {
		if at = find(f.texts[j], r.URL.Query().Get("id")); at >= 0 {
			p, q = f.texts[j].Pairs[at], query(f.texts[j], at)
		}
	}
	f.mu.RUnlock()
	if at < 0 {
		http.Error(w, "the segment is gone", http.StatusNotFound)
		return
	}
	var out struct {
		Matches []matchEntry `json:"matches"`
		Machine string       `json:"machine,omitempty"`
		Edit    []Op         `json:"edit,omitempty"`
		Error   string       `json:"error,omitempty"`
	}
	matches := slices.Clone(p.Matches)
	if s.Memory != nil {
		found, err := s.Memory.Lookup(r.Context(), q)
		if err != nil {
			out.Error = err.Error()
		}
		matches = append(found, matches...)
	}
	machine := machineTarget(&p)
	seen := map[string]bool{}
	for _, m := range matches {
		if m.Target == p.Target && m.Source == p.Source.Text || seen[m.Source+"\x00"+m.Target] {
			continue
		}
		seen[m.Source+"\x00"+m.Target] = true
		e := matchEntry{Source: m.Source, Target: m.Target, Percent: m.Percent, Origin: originText(m.Origin)}
		if m.Source != p.Source.Text {
			e.Diff = Words(m.Source, p.Source.Text)
		}
		out.Matches = append(out.Matches, e)
	}
	if machine != "" && machine != p.Target {
		out.Machine, out.Edit = machine, Words(machine, p.Target)
	}
	answer(w, out)
}

// concordanceLimit is how many places a search shows.
const concordanceLimit = 50

func (s *server) concordance(w http.ResponseWriter, r *http.Request) {
	words := strings.TrimSpace(r.URL.Query().Get("q"))
	var out struct {
		Matches []matchEntry `json:"matches"`
		Error   string       `json:"error,omitempty"`
	}
	if words == "" {
		answer(w, out)
		return
	}
	seen := map[string]bool{}
	add := func(source, target, where string) {
		if key := source + "\x00" + target; !seen[key] && len(out.Matches) < concordanceLimit {
			seen[key] = true
			out.Matches = append(out.Matches, matchEntry{Source: source, Target: target, Origin: where})
		}
	}
	want := strings.ToLower(words)
	for _, f := range s.files {
		f.mu.RLock()
		for _, b := range f.texts {
			for k := range b.Pairs {
				if p := &b.Pairs[k]; strings.Contains(strings.ToLower(p.Source.Text), want) || strings.Contains(strings.ToLower(p.Target), want) {
					add(p.Source.Text, p.Target, b.Document.Name)
				}
			}
		}
		f.mu.RUnlock()
	}
	if m, ok := s.Memory.(Concordancer); ok {
		found, err := m.Concordance(r.Context(), words, concordanceLimit)
		if err != nil {
			out.Error = err.Error()
		}
		for _, f := range found {
			add(f.Source, f.Target, "memory · "+originText(f.Origin))
		}
	}
	answer(w, out)
}

// asked reads a request about a file; the file is nil where it is none, which
// the answer then says.
func (s *server) asked(w http.ResponseWriter, r *http.Request) (request, *file) {
	var q request
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.File < 0 || q.File >= len(s.files) {
		http.Error(w, "bad request", http.StatusBadRequest)
		return q, nil
	}
	return q, s.files[q.File]
}

// tryText gives the findings that a text would have.
func (s *server) tryText(w http.ResponseWriter, r *http.Request) {
	q, f := s.asked(w, r)
	if f == nil {
		return
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	if q.Document < 0 || q.Document >= len(f.texts) {
		http.Error(w, "the document is gone", http.StatusNotFound)
		return
	}
	b := f.texts[q.Document]
	at := find(b, q.ID)
	if at < 0 {
		http.Error(w, "the segment is gone", http.StatusNotFound)
		return
	}
	p := b.Pairs[at]
	if p.Target != q.Target {
		p.Target, p.Origin = q.Target, translate.Origin{Kind: translate.Human}
	}
	s.check(b, &p)
	answer(w, findingEntries(&p))
}

func (s *server) keepDraft(w http.ResponseWriter, r *http.Request) {
	q, f := s.asked(w, r)
	if f == nil {
		return
	}
	f.mu.RLock()
	name, saved, ok := "", false, q.Document >= 0 && q.Document < len(f.texts)
	if ok {
		b := f.texts[q.Document]
		name = b.Document.Name
		at := find(b, q.ID)
		saved = at >= 0 && b.Pairs[at].Target == q.Target
	}
	f.mu.RUnlock()
	if !ok {
		http.Error(w, "the document is gone", http.StatusNotFound)
		return
	}
	keep := func() error { return s.drafts[q.File].put(name, q.ID, draft{q.Base, q.Target}) }
	if saved {
		keep = func() error { return s.drafts[q.File].drop(name, q.ID) }
	}
	if err := keep(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// addTerm keeps a term and checks all segments with the glossary that has it.
func (s *server) addTerm(w http.ResponseWriter, r *http.Request) {
	var q struct{ Source, Target, Note string }
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	q.Source, q.Target = strings.TrimSpace(q.Source), strings.TrimSpace(q.Target)
	switch {
	case s.AddTerm == nil:
		http.Error(w, "no glossary to add to: start depeche review with -g FILE", http.StatusConflict)
		return
	case q.Source == "" || q.Target == "":
		http.Error(w, "a term needs a source and a target", http.StatusBadRequest)
		return
	}
	g, err := s.AddTerm(q.Source, q.Target, strings.TrimSpace(q.Note))
	if err != nil {
		http.Error(w, "the term is not kept: "+err.Error(), http.StatusInternalServerError)
		return
	}
	s.mu.Lock()
	s.terms = g
	s.mu.Unlock()
	for i, f := range s.files {
		c := &change{}
		c.apply = func(f *file) error {
			for _, b := range f.texts {
				for k := range b.Pairs {
					p := &b.Pairs[k]
					if strings.Contains(strings.ToLower(p.Source.Text), strings.ToLower(q.Source)) {
						s.check(b, p)
						c.changed = true
					}
				}
			}
			return nil
		}
		if f.do(r.Context(), nil, c); c.err != nil {
			http.Error(w, fmt.Sprintf("the term is kept, but %s could not be checked: %v", f.path, c.err), http.StatusInternalServerError)
			return
		}
		f.mu.RLock()
		s.events.send(event{File: i, Version: f.version})
		f.mu.RUnlock()
	}
	answer(w, map[string]bool{"ok": true})
}
