// Package backend holds the translation backends, one file each, the table
// that names them, and the wrappers that make all of them survive: retry,
// gate, limits, batches, budget, fallback.
package backend

import (
	"fmt"
	"io"
	"strings"
	"time"

	"depeche/translate"
)

// Entry is a backend in the table.
type Entry struct {
	Name    string // as in -b NAME
	About   string // one line for the list of backends
	Needs   string // what must be there before it works
	Network bool   // the texts leave this machine (with the default settings)
	Paid    bool
	Timeout time.Duration // of one request, where the configuration sets none; 0: a minute
	// Open makes the backend. name is its section in the configuration, which
	// messages carry. It starts no program and opens no connection, and fails
	// only where the configuration or a key is missing.
	Open func(name string, cfg Config) (translate.Backend, error)
}

// Table lists the backends.
var Table = []Entry{
	{Name: "local", About: "the offline engine with a pulled model, a model folder or the one in the program", Timeout: 10 * time.Minute,
		Needs: "nothing; a better model by depeche model pull fr-en, or model = \"DIR\" under [backends.local]", Open: openLocal},
	{Name: "apertium", About: "Apertium on this machine, or an APy server by base_url",
		Needs: "the Debian packages apertium, apertium-fr-es and apertium-eng-spa", Open: openApertium},
	{Name: "deepl", About: "DeepL, free and pro", Network: true, Paid: true,
		Needs: "a key in DEEPL_API_KEY", Open: openDeepL},
	{Name: "google", About: "Google Cloud Translation v3", Network: true, Paid: true,
		Needs: "application default credentials, and project under [backends.google]", Open: openGoogle},
	{Name: "libretranslate", About: "a LibreTranslate server", Network: true,
		Needs: "base_url under [backends.libretranslate]; for some servers a key in LIBRETRANSLATE_API_KEY", Open: openLibreTranslate},
	{Name: "microsoft", About: "Microsoft Translator v3", Network: true, Paid: true,
		Needs: "a key in MICROSOFT_TRANSLATOR_KEY, and location (the region) under [backends.microsoft]", Open: openMicrosoft},
	{Name: "openai", About: "a language model on any OpenAI-compatible server", Network: true, Paid: true, Timeout: 5 * time.Minute,
		Needs: "model under [backends.openai]; a key in OPENAI_API_KEY, or base_url of a server that needs none", Open: openOpenAI},
	{Name: "exec", About: "any program that reads and answers JSON lines", Timeout: 2 * time.Minute,
		Needs: "command under [backends.exec]", Open: openExec},
}

// entry finds the backend that a name, or the type in its section, stands for.
func entry(name string, cfg Config) (Entry, error) {
	kind := cfg.Type
	if kind == "" {
		kind = name
	}
	var names []string
	for _, e := range Table {
		if e.Name == kind {
			return e, nil
		}
		names = append(names, e.Name)
	}
	return Entry{}, &translate.Error{Backend: name, Cause: translate.CauseConfig,
		Message: fmt.Sprintf("there is no backend %q", kind), Remedy: "choose one of " + strings.Join(names, ", ")}
}

// New makes the bare backend that name or cfg.Type names, without wrappers.
// Close it when done.
func New(name string, cfg Config) (translate.Backend, error) {
	e, err := entry(name, cfg)
	if err != nil {
		return nil, err
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
