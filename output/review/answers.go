package review

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
)

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // the other side went away
}

// result answers one request for a change.
type result struct {
	Key       string         `json:"key"`
	OK        bool           `json:"ok"` // it is in the file and in the memory
	Error     string         `json:"error,omitempty"`
	Retry     bool           `json:"retry,omitempty"`    // the same request may succeed later
	Conflict  *segmentEntry  `json:"conflict,omitempty"` // how the segment stands now
	Gone      bool           `json:"gone,omitempty"`
	ID        string         `json:"id,omitempty"`
	Structure bool           `json:"structure,omitempty"`
	Version   int            `json:"version"`
	Segments  []segmentEntry `json:"segments,omitempty"` // all whose findings or texts changed
}

// changes takes a list of changes and answers each when it is safe.
func (s *server) changes(w http.ResponseWriter, r *http.Request) {
	var list []request
	if err := json.NewDecoder(r.Body).Decode(&list); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	out := make([]result, len(list))
	for i := 0; i < len(list); { // runs of one file are written together
		n := i + 1
		for n < len(list) && list[n].File == list[i].File {
			n++
		}
		s.change(r, list[i:n], out[i:n])
		i = n
	}
	answer(w, out)
}

// change does requests for one file and fills in their results.
func (s *server) change(r *http.Request, list []request, results []result) {
	type task struct {
		change *change
		out    outcome
		before map[string]segmentEntry
	}
	tasks := make([]*task, len(list))
	var todo []*change
	for i, q := range list {
		if q.File < 0 || q.File >= len(s.files) {
			results[i] = result{Key: q.Key, Error: "no such file"}
			continue
		}
		s.mu.Lock()
		past, ok := s.done[q.Key]
		s.mu.Unlock()
		if ok && q.Key != "" {
			results[i] = past
			continue
		}
		t := &task{}
		t.change = s.build(q, &t.out)
		apply := t.change.apply
		t.change.apply = func(f *file) error {
			t.out = outcome{}
			t.before = s.entries(q.File, q.Document, nil)
			return apply(f)
		}
		tasks[i] = t
		todo = append(todo, t.change)
	}
	if len(todo) == 0 {
		return
	}
	file := list[0].File
	f := s.files[file]
	f.do(r.Context(), s.Memory, todo...)
	f.mu.RLock()
	for i, q := range list {
		if t := tasks[i]; t != nil {
			results[i] = s.result(f, q, t.change.err, &t.out, t.before)
		}
	}
	f.mu.RUnlock()
	for i, q := range list {
		if tasks[i] != nil && results[i].OK {
			s.remember(results[i])
			s.events.send(event{File: file, Version: results[i].Version, Tab: q.Tab})
		}
	}
}

// result is what the page hears of a change that was done or failed; f.mu is
// held.
func (s *server) result(f *file, q request, err error, out *outcome, before map[string]segmentEntry) result {
	res := result{Key: q.Key, OK: err == nil, ID: out.ID, Structure: out.Structure, Version: f.version}
	var clash *conflict
	switch {
	case errors.As(err, &clash):
		res.Error, res.Gone = err.Error(), clash.now == nil
		if clash.now != nil {
			e := s.segmentEntry(q.File, f.texts[q.Document], clash.now)
			res.Conflict = &e
		}
	case err != nil:
		res.Error, res.Retry = err.Error(), q.Op == "save"
	default:
		name := f.texts[q.Document].Document.Name
		if err := s.drafts[q.File].drop(name, q.ID); err != nil {
			res.Error = err.Error()
		}
		for id, e := range s.entries(q.File, q.Document, append(out.Touched, q.ID)) {
			if old, ok := before[id]; !ok || id == q.ID || !reflect.DeepEqual(old, e) {
				res.Segments = append(res.Segments, e)
			}
		}
	}
	return res
}

// entries gives the segments of a document by ID; f.mu is held. Of a large
// document only those that were touched.
func (s *server) entries(file, document int, touched []string) map[string]segmentEntry {
	f := s.files[file]
	if document < 0 || document >= len(f.texts) {
		return nil
	}
	b := f.texts[document]
	out := make(map[string]segmentEntry)
	if len(b.Pairs) > large {
		for _, id := range touched {
			if k := find(b, id); k >= 0 {
				out[id] = s.segmentEntry(file, b, &b.Pairs[k])
			}
		}
		return out
	}
	for k := range b.Pairs {
		out[b.Pairs[k].Source.ID] = s.segmentEntry(file, b, &b.Pairs[k])
	}
	return out
}

// remember keeps the last answers for requests that are sent again.
func (s *server) remember(r result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Key == "" {
		return
	}
	s.done[r.Key] = r
	if s.order = append(s.order, r.Key); len(s.order) > 500 {
		delete(s.done, s.order[0])
		s.order = s.order[1:]
	}
}
