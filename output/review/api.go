package review

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"depeche/segment"
	"depeche/translate"
)

// The JSON forms that the page gets. Spans are in UTF-16 units.

type documentEntry struct {
	Index    int    `json:"index"`
	Name     string `json:"name"`
	Title    string `json:"title"`
	Segments int    `json:"segments"`
	Done     int    `json:"done"` // reviewed or final
	Errors   int    `json:"errors"`
	Warnings int    `json:"warnings"`
}

type fileEntry struct {
	Index     int             `json:"index"`
	Path      string          `json:"path"`
	Version   int             `json:"version"`
	Documents []documentEntry `json:"documents"`
}

type findingEntry struct {
	Rule       string `json:"rule"`
	Level      string `json:"level"`
	Message    string `json:"message"`
	Source     []int  `json:"source,omitempty"`
	Target     []int  `json:"target,omitempty"`
	Suggestion string `json:"suggestion,omitempty"`
}

type termEntry struct {
	Source    []int  `json:"source,omitempty"`
	Target    []int  `json:"target,omitempty"`
	Entry     string `json:"entry"`
	Preferred string `json:"preferred"`
	Note      string `json:"note,omitempty"`
	Glossary  string `json:"glossary,omitempty"`
}

type segmentEntry struct {
	ID       string         `json:"id"`
	Block    int            `json:"block"`
	Kind     string         `json:"kind"`
	Source   string         `json:"source"`
	Target   string         `json:"target"`
	State    string         `json:"state"`
	Origin   string         `json:"origin"`
	Rev      string         `json:"rev"`
	Comment  string         `json:"comment,omitempty"`
	Draft    *draft         `json:"draft,omitempty"`
	Findings []findingEntry `json:"findings,omitempty"`
	Terms    []termEntry    `json:"terms,omitempty"`
}

type matchEntry struct {
	Source  string `json:"source"`
	Target  string `json:"target"`
	Percent int    `json:"percent"`
	Origin  string `json:"origin"`
	Diff    []Op   `json:"diff,omitempty"` // from the match's source to the segment's
}

func units(text string, s segment.Span) []int {
	if s.Empty() || s.End > len(text) {
		return nil
	}
	return []int{unitOffset(text, s.Start), unitOffset(text, s.End)}
}

func findingEntries(p *translate.Pair) []findingEntry {
	var out []findingEntry
	for _, f := range p.Findings {
		out = append(out, findingEntry{f.Rule, string(f.Level), f.Message, units(p.Source.Text, f.Source), units(p.Target, f.Target), f.Suggestion})
	}
	return out
}

func (s *server) segmentEntry(file int, b *translate.Bitext, p *translate.Pair) segmentEntry {
	e := segmentEntry{ID: p.Source.ID, Block: p.Block, Kind: string(b.Document.Blocks[p.Block].Kind), Source: p.Source.Text, Target: p.Target,
		State: string(p.State), Origin: originText(p.Origin), Rev: revision(p), Comment: p.Comment, Findings: findingEntries(p)}
	for _, t := range p.Terms {
		e.Terms = append(e.Terms, termEntry{units(p.Source.Text, t.Source), units(p.Target, t.Target), t.Entry, t.Preferred, t.Note, t.Glossary})
	}
	if d, ok := s.drafts[file].get(b.Document.Name, p.Source.ID); ok && d.Target != p.Target {
		e.Draft = &d
	}
	return e
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // the other side went away
}

func (s *server) listFiles(w http.ResponseWriter, _ *http.Request) {
	var out struct {
		Files []fileEntry `json:"files"`
		Terms bool        `json:"terms"` // terms can be added
		Name  string      `json:"editor"`
	}
	out.Terms, out.Name = s.AddTerm != nil, s.Editor
	for i, f := range s.files {
		f.mu.RLock()
		e := fileEntry{Index: i, Path: f.path, Version: f.version}
		for j, b := range f.texts {
			d := documentEntry{Index: j, Name: b.Document.Name, Title: b.Document.Meta.Title, Segments: len(b.Pairs)}
			for k := range b.Pairs {
				p := &b.Pairs[k]
				if p.State == translate.Reviewed || p.State == translate.Final {
					d.Done++
				}
				switch translate.Worst(p.Findings) {
				case translate.LevelError:
					d.Errors++
				case translate.LevelWarning:
					d.Warnings++
				}
			}
			e.Documents = append(e.Documents, d)
		}
		f.mu.RUnlock()
		out.Files = append(out.Files, e)
	}
	answer(w, out)
}

// place reads the file and document that a request names.
func (s *server) place(w http.ResponseWriter, r *http.Request) (int, *file, int, bool) {
	i, err1 := strconv.Atoi(r.URL.Query().Get("file"))
	j, err2 := strconv.Atoi(r.URL.Query().Get("document"))
	if err1 != nil || err2 != nil || i < 0 || i >= len(s.files) || j < 0 {
		http.Error(w, "no such file", http.StatusNotFound)
		return 0, nil, 0, false
	}
	return i, s.files[i], j, true
}

func (s *server) showDocument(w http.ResponseWriter, r *http.Request) {
	i, f, j, ok := s.place(w, r)
	if !ok {
		return
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	if j >= len(f.texts) {
		http.Error(w, "the document is gone: the file has changed", http.StatusNotFound)
		return
	}
	b := f.texts[j]
	out := struct {
		Name     string         `json:"name"`
		Title    string         `json:"title"`
		From     string         `json:"from"`
		To       string         `json:"to"`
		Version  int            `json:"version"`
		Segments []segmentEntry `json:"segments"`
	}{b.Document.Name, b.Document.Meta.Title, b.Document.Lang.String(), b.Lang.String(), f.version, make([]segmentEntry, 0, len(b.Pairs))}
	for k := range b.Pairs {
		out.Segments = append(out.Segments, s.segmentEntry(i, b, &b.Pairs[k]))
	}
	answer(w, out)
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

// tryText gives the findings that a text would have.
func (s *server) tryText(w http.ResponseWriter, r *http.Request) {
	var q request
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.File < 0 || q.File >= len(s.files) {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	f := s.files[q.File]
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
	var q request
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.File < 0 || q.File >= len(s.files) {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	f := s.files[q.File]
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

// event tells the tabs that a file changed.
type event struct {
	File    int    `json:"file"`
	Version int    `json:"version"`
	Tab     string `json:"tab,omitempty"`  // who did it
	Disk    bool   `json:"disk,omitempty"` // another program did
	Error   string `json:"error,omitempty"`
}

// events shares events out to the open streams.
type events struct {
	mu     sync.Mutex
	open   map[chan event]bool
	closed bool
}

func (e *events) send(ev event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for c := range e.open {
		select {
		case c <- ev:
		default: // a tab that does not read will ask anew
		}
	}
}

func (e *events) join() chan event {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := make(chan event, 64)
	if e.closed {
		close(c)
		return c
	}
	if e.open == nil {
		e.open = make(map[chan event]bool)
	}
	e.open[c] = true
	return c
}

func (e *events) leave(c chan event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.open, c)
}

func (e *events) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	for c := range e.open {
		close(c)
		delete(e.open, c)
	}
}

// stream sends events as they come, and a sign of life in between.
func (s *server) stream(w http.ResponseWriter, r *http.Request) {
	c := s.events.join()
	defer s.events.leave(c)
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	beat := time.NewTicker(10 * time.Second)
	defer beat.Stop()
	fmt.Fprint(w, ": here\n\n")
	for {
		if flush.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			fmt.Fprint(w, ": here\n\n")
		case ev, ok := <-c:
			if !ok {
				return
			}
			data, err := json.Marshal(ev)
			if err != nil {
				return
			}
			fmt.Fprintf(w, "data: %s\n\n", data)
		}
	}
}
