// Package backend holds the translation backends, one file each, the table
// that names them, and the wrappers that make all of them survive: retry,
// gate, limits, batches, budget, fallback.
package backend

import (
	"fmt"
	"io"
	"strings"

	"depeche/translate"
)

// Entry is a backend in the table.
type Entry struct {
	Name    string // as in -b NAME
	About   string // one line for the list of backends
	Needs   string // what must be there before it works
	Network bool   // the texts leave this machine (with the default settings)
	Paid    bool
	// Open makes the backend. name is its section in the configuration, which
	// messages carry. It starts no program and opens no connection, and fails
	// only where the configuration or a key is missing.
	Open func(name string, cfg Config) (translate.Backend, error)
}

// Table lists the backends.
func Table() []Entry {
	return []Entry{
		{Name: "apertium", About: "Apertium on this machine, or an APy server by base_url",
			Needs: "the Debian packages apertium, apertium-fr-es and apertium-eng-spa", Open: openApertium},
		{Name: "google", About: "Google Cloud Translation v3", Network: true, Paid: true,
			Needs: "application default credentials and project under [backends.google]", Open: openGoogle},
		{Name: "exec", About: "any program that reads and answers JSON lines",
			Needs: "command under [backends.exec]", Open: openExec},
	}
}

// Lookup finds a backend in the table.
func Lookup(name string) (Entry, bool) {
	for _, e := range Table() {
		if e.Name == name {
			return e, true
		}
	}
	return Entry{}, false
}

// Open makes the backend that name or cfg.Type names. Close it when done.
func Open(name string, cfg Config) (translate.Backend, error) {
	kind := cfg.Type
	if kind == "" {
		kind = name
	}
	e, ok := Lookup(kind)
	if !ok {
		var names []string
		for _, e := range Table() {
			names = append(names, e.Name)
		}
		return nil, &translate.Error{Backend: name, Cause: translate.CauseConfig,
			Message: fmt.Sprintf("there is no backend %q", kind), Remedy: "choose one of " + strings.Join(names, ", ")}
	}
	return e.Open(name, cfg)
}

// Close ends what a backend has running, if anything.
func Close(b translate.Backend) error {
	if c, ok := b.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
