package review

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"depeche/glossary"
	"depeche/output"
	"depeche/translate"
	"depeche/translate/memory"
)

// dispatch is a document in which there is something for every key.
const dispatch = `"Ce n'est pas réaliste", a déclaré M. Lavrov. | "It's not realistic", Mr. Lavrov said.
Plus de 240.000 personnes sont mortes. | More than 24,000 people have died.
Le président a parlé. Le ministre a répondu. | The president spoke. The minister answered.
Daesh doit être détruit. | Daesh must be destroyed.
Il a rencontré Barack Obama mardi. | He met Barack Obama on Tuesday.
Avec AFP | With AFP`

func writeXLIFF(t testing.TB, path string, texts ...*translate.Bitext) {
	t.Helper()
	f, err := output.Lookup("xliff")
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf, texts, output.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, buf.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readXLIFF(t testing.TB, path string) *translate.Bitext {
	t.Helper()
	f, err := output.Lookup("xliff")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := f.Read(bytes.NewReader(data), path)
	if err != nil {
		t.Fatal(err)
	}
	return texts[0]
}

// desk is a review of one file with a real memory and glossary.
type desk struct {
	path   string
	url    string
	memory *memory.Memory
	stop   func()
}

func newDesk(t testing.TB, text string, more ...func(*Options)) *desk {
	t.Helper()
	dir := t.TempDir()
	d := &desk{path: filepath.Join(dir, "lavrov.xlf")}
	writeXLIFF(t, d.path, bitext(t, "lavrov.txt", text))
	var err error
	if d.memory, err = memory.Open(t.Context(), filepath.Join(dir, "memory.db")); err != nil {
		t.Fatal(err)
	}
	terms := []glossary.Term{{Sources: []string{"Daesh", "EI"}, Target: "ISIS", Note: "never Daesh"}}
	g, err := glossary.New(glossary.Set{Name: "desk", Terms: terms})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Files: []string{d.path}, Memory: d.memory, Glossary: g, Editor: "marie", Drafts: filepath.Join(dir, "drafts"),
		AddTerm: func(source, target, note string) (*glossary.Glossary, error) {
			terms = append(terms, glossary.Term{Sources: []string{source}, Target: target, Note: note})
			return glossary.New(glossary.Set{Name: "desk", Terms: terms})
		}}
	for _, m := range more {
		m(&o)
	}
	d.serve(t, o)
	t.Cleanup(func() {
		d.stop()
		if err := d.memory.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *desk) serve(t testing.TB, o Options) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan string, 1)
	o.Ready = func(url string) { ready <- url }
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if err := Serve(ctx, o); err != nil {
			t.Error(err)
			ready <- ""
		}
	}()
	d.url = <-ready
	d.stop = func() { cancel(); wg.Wait() }
}

// TestGuards: who has no token, comes by another name or from another page
// gets nothing.
func TestGuards(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.xlf")
	writeXLIFF(t, path, bitext(t, "a", dispatch))
	s, err := newServer(Options{Files: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	s.host = "127.0.0.1:7777"
	h := s.handler()
	ask := func(method, url, body string, set func(*http.Request)) *http.Response {
		r := httptest.NewRequest(method, url, strings.NewReader(body))
		r.Host = s.host
		r.AddCookie(&http.Cookie{Name: s.cookie(), Value: s.token})
		r.Header.Set("Origin", "http://"+s.host)
		r.Header.Set("Content-Type", "application/json")
		set(r)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
	none := func(*http.Request) {}
	for _, c := range []struct {
		name, method, url string
		set               func(*http.Request)
		want              int
	}{
		{"the page", "GET", "/", none, 200},
		{"no cookie", "GET", "/api/files", func(r *http.Request) { r.Header.Del("Cookie") }, 403},
		{"the right token", "GET", "/?token=" + s.token, func(r *http.Request) { r.Header.Del("Cookie") }, 200},
		{"a wrong token", "GET", "/?token=x", func(r *http.Request) { r.Header.Del("Cookie") }, 403},
		{"a name that leads here", "GET", "/", func(r *http.Request) { r.Host = "evil.example:7777" }, 421},
		{"a change", "POST", "/api/changes", none, 200},
		{"another page's change", "POST", "/api/changes", func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") }, 403},
		{"a form's change", "POST", "/api/changes", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 403},
		{"a file outside", "GET", "/../file.go", none, 307},
	} {
		res := ask(c.method, c.url, "[]", c.set)
		if res.StatusCode != c.want && !(c.want == 307 && res.StatusCode >= 300) {
			t.Errorf("%s: %d, want %d", c.name, res.StatusCode, c.want)
		}
		if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", c.name, csp)
		}
	}
	if err := Serve(t.Context(), Options{Files: []string{path}, Addr: "0.0.0.0:0"}); err == nil {
		t.Error("the page was served to the network")
	}
}
