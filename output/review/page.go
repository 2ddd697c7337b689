package review

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"sync"
	"time"

	"depeche/glossary"
	"depeche/translate"
	"depeche/translate/check"
)

// Options say what Serve shows and where changes go.
type Options struct {
	Files    []string                                                      // XLIFF files
	Memory   translate.TM                                                  // gets every edit; nil for none
	Glossary *glossary.Glossary                                            // nil for none
	AddTerm  func(source, target, note string) (*glossary.Glossary, error) // keeps a new term and gives the glossary with it; nil where none can be added
	Check    check.Config
	Editor   string // who edits, for the origin of targets
	Drafts   string // folder for unsaved text; "" keeps it in memory
	Addr     string // "" is a free port on 127.0.0.1
	Ready    func(url string)
}

// Concordancer is a memory that finds words anywhere in its sources and
// targets. Memories without it are not searched.
type Concordancer interface {
	Concordance(ctx context.Context, words string, limit int) ([]translate.Match, error)
}

//go:embed page
var assets embed.FS

// policy lets the page use what this server gives and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type server struct {
	Options
	files  []*file
	drafts []*drafts
	token  string
	host   string // address as a browser names it
	events events

	mu    sync.Mutex
	terms *glossary.Glossary
	done  map[string]result // by the page's key of a request
	order []string          // keys, oldest first
}

func (s *server) glossary() *glossary.Glossary {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.terms
}

// Serve shows the review page until ctx ends. It listens on the loopback
// interface alone; only a browser that was given the URL of Ready gets in.
func Serve(ctx context.Context, o Options) error {
	s, err := newServer(o)
	if err != nil {
		return err
	}
	addr := o.Addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%s is no loopback address: the review page is for this machine alone", host)
	}
	place := openAddress(o.Drafts, o.Files)
	l, taken, err := place.listen(addr)
	if err != nil {
		return err
	}
	s.host = l.Addr().String()
	if taken {
		s.token = place.Token
	}
	if err := place.keep(s.host, s.token); err != nil {
		l.Close()
		return err
	}
	defer place.forget()
	srv := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	go s.watch(ctx)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	if o.Ready != nil {
		o.Ready("http://" + s.host + "/?token=" + s.token)
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	// Changes that were received are finished; the streams of events are not waited for.
	s.events.close()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := srv.Shutdown(end); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	<-failed
	return nil
}

func newServer(o Options) (*server, error) {
	s := &server{Options: o, terms: o.Glossary, done: make(map[string]result)}
	for _, path := range o.Files {
		f, err := openFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		d, err := openDrafts(o.Drafts, path)
		if err != nil {
			return nil, fmt.Errorf("drafts of %s: %w", path, err)
		}
		s.files, s.drafts = append(s.files, f), append(s.drafts, d)
	}
	if len(s.files) == 0 {
		return nil, errors.New("no files to review")
	}
	secret := make([]byte, 24)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	s.token = base64.RawURLEncoding.EncodeToString(secret)
	return s, nil
}

// watch looks every second for files that other programs changed.
func (s *server) watch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for i, f := range s.files {
			if !f.commit.TryLock() {
				continue
			}
			before := f.version
			err := f.refresh()
			after := f.version
			f.commit.Unlock()
			if err != nil {
				s.events.send(event{File: i, Error: err.Error()})
			} else if after != before {
				s.events.send(event{File: i, Version: after, Disk: true})
			}
		}
	}
}

// cookie names the token's cookie after the port: browsers keep cookies by
// host, and two reviews may run.
func (s *server) cookie() string {
	_, port, _ := net.SplitHostPort(s.host)
	return "depeche-" + port
}

func (s *server) right(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) == 1
}

// handler guards all routes: the host must be ours (a foreign name that leads
// here is refused), the token must be known, and changes must come from the page.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	root, err := fs.Sub(assets, "page")
	if err != nil {
		panic(err) // the embedded folder is there
	}
	static := http.FileServerFS(root)
	mux.Handle("GET /{$}", static)
	mux.Handle("GET /page.css", static)
	mux.Handle("GET /page.js", static)
	mux.HandleFunc("GET /api/files", s.listFiles)
	mux.HandleFunc("GET /api/document", s.showDocument)
	mux.HandleFunc("GET /api/details", s.showDetails)
	mux.HandleFunc("GET /api/concordance", s.concordance)
	mux.HandleFunc("GET /api/events", s.stream)
	mux.HandleFunc("POST /api/changes", s.changes)
	mux.HandleFunc("POST /api/check", s.tryText)
	mux.HandleFunc("POST /api/draft", s.keepDraft)
	mux.HandleFunc("POST /api/term", s.addTerm)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if r.Host != s.host {
			http.Error(w, "this address is not the review page's", http.StatusMisdirectedRequest)
			return
		}
		if token := r.URL.Query().Get("token"); r.Method == http.MethodGet && r.URL.Path == "/" && token != "" && s.right(token) {
			http.SetCookie(w, &http.Cookie{Name: s.cookie(), Value: s.token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
			// Not a redirect: with a strict cookie it would arrive without it.
			h.Set("Content-Type", "text/html; charset=utf-8")
			h.Set("Refresh", "0; url=/")
			fmt.Fprint(w, "<!DOCTYPE html><html lang=en><title>depeche</title><p><a href=\"/\">Go on to the review page</a></p></html>")
			return
		}
		c, err := r.Cookie(s.cookie())
		if err != nil || !s.right(c.Value) {
			http.Error(w, "This page needs the address that depeche review printed, with its token.", http.StatusForbidden)
			return
		}
		if r.Method != http.MethodGet {
			if origin := r.Header.Get("Origin"); origin != "http://"+s.host || r.Header.Get("Content-Type") != "application/json" {
				http.Error(w, "changes come from the page alone", http.StatusForbidden)
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, 16<<20)
		}
		mux.ServeHTTP(w, r)
	})
}
