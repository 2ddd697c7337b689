package review

import (
	"net/http"
	"strconv"

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
