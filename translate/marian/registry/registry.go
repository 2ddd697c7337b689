// Package registry finds, downloads and checks translation models in a
// registry of Mozilla's layout: a file db/models.json that lists the models of
// each language pair, and beside it the models' files, gzip-compressed.
//
// A pulled model is a folder in the user's cache that marian.Open reads. It
// holds the files under their own names and a manifest with the SHA-256 of each.
package registry

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// Mozilla is the address of Mozilla's registry: its storage bucket.
const Mozilla = "https://storage.googleapis.com/moz-fx-translations-data--303e-prod-translations-data"

// index is where the list of models lies below the registry's address.
const index = "db/models.json"

// Registry is a place to get models from, and the folder that they go to.
type Registry struct {
	URL    string       // address of the bucket; empty stands for Mozilla
	Dir    string       // folder of pulled models; empty stands for CacheDir
	Client *http.Client // nil stands for one that honours the proxy settings of the environment

	// Check looks at a folder of downloaded files before they become a model of
	// the cache. nil stands for loading it.
	Check func(dir string) error
}

// Model is one entry of the registry.
type Model struct {
	Pair         string // "fr-en"
	Architecture string // "tiny", "base", "base-memory"
	Status       string // "Release", "Release Desktop", "Nightly" …; empty for what was never released
	From, To     string // language codes
	Files        []File
	BLEU, COMET  float64 // on FLORES, as the registry states them; 0 where it does not
	Parameters   int64
	Problem      error // what is wrong with the entry; nil for one that can be pulled
}

// ID names a model among all of a registry: pair and architecture.
func (m Model) ID() string { return m.Pair + "/" + m.Architecture }

// Size is the bytes of the unpacked files as far as the registry states them.
func (m Model) Size() int64 {
	var n int64
	for _, f := range m.Files {
		n += f.Size
	}
	return n
}

// File is one file of a model.
type File struct {
	Role   string // "model", "vocab", "srcVocab", "trgVocab" or "lexicalShortlist"
	Path   string // below the registry's address; "….gz" is compressed
	Size   int64  // unpacked; 0 where the registry does not state it
	SHA256 string // of the unpacked file, in hexadecimal; empty where the registry does not state it
}

// Name is the unpacked file's name.
func (f File) Name() string { return strings.TrimSuffix(path.Base(f.Path), ".gz") }

// roles is the files that a model may have. All but the vocabularies and the
// shortlist are needed.
var roles = []string{"model", "vocab", "srcVocab", "trgVocab", "lexicalShortlist"}

// ErrNotFound is the error of a model that the registry or the cache lacks.
var ErrNotFound = errors.New("no such model")

// OfflineError says that the registry can't be reached, and what to do.
type OfflineError struct {
	URL string
	Err error
}

func (e *OfflineError) Error() string {
	return fmt.Sprintf("the model registry at %s can't be reached (%v): check the network and the proxy (HTTPS_PROXY), "+
		"or copy a model folder (model.*.bin, vocab.*.spm, lex.*.bin) from another machine and give it with --model DIR", e.URL, e.Err)
}

func (e *OfflineError) Unwrap() error { return e.Err }

// document is the list of models as the registry publishes it.
type document struct {
	Generated string                       `json:"generated"`
	BaseURL   string                       `json:"baseUrl"`
	Models    map[string][]json.RawMessage `json:"models"`
}

type entry struct {
	Architecture string          `json:"architecture"`
	Status       string          `json:"releaseStatus"`
	From         string          `json:"sourceLanguage"`
	To           string          `json:"targetLanguage"`
	Files        map[string]item `json:"files"`
	// what nothing depends on is read apart, as far as it is understood
	Statistics json.RawMessage `json:"modelStatistics"`
	Metrics    json.RawMessage `json:"metrics"`
}

// item is one file of an entry. Mozilla states size and hash of the model file
// alone; a registry that states those of all files has all of them checked.
type item struct {
	Path             string `json:"path"`
	UncompressedSize int64  `json:"uncompressedSize"`
	UncompressedHash string `json:"uncompressedHash"`
}

// List gets the registry's models, sorted by pair, what was released first.
func (r *Registry) List(ctx context.Context) ([]Model, error) {
	_, models, err := r.list(ctx)
	return models, err
}

// list also gives the address that paths are below.
func (r *Registry) list(ctx context.Context) (string, []Model, error) {
	address := cmp.Or(r.URL, Mozilla)
	base, err := url.Parse(strings.TrimSuffix(address, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return "", nil, fmt.Errorf("model registry: %q is no web address", address)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	list := base.JoinPath(index).String()
	response, err := r.get(ctx, list, 0)
	if err != nil {
		return "", nil, err
	}
	defer response.Body.Close()
	body, err := unpacked(response.Body)
	if err != nil {
		return "", nil, &OfflineError{list, err}
	}
	const limit = 64 << 20
	data, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return "", nil, &OfflineError{list, err}
	}
	if len(data) > limit {
		return "", nil, fmt.Errorf("%s: larger than %d bytes", list, limit)
	}
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return "", nil, fmt.Errorf("%s: %w", list, err)
	}
	var models []Model
	for pair, entries := range d.Models {
		for _, e := range entries {
			models = append(models, readEntry(pair, e))
		}
	}
	slices.SortFunc(models, func(a, b Model) int {
		return cmp.Or(strings.Compare(a.Pair, b.Pair), rank(a)-rank(b), strings.Compare(a.Architecture, b.Architecture))
	})
	// files are taken from where the list came from, unless it is Mozilla's own
	// address that names another
	if r.URL == "" && d.BaseURL != "" {
		return strings.TrimSuffix(d.BaseURL, "/"), models, nil
	}
	return base.String(), models, nil
}

// rank orders the models of a pair: released ones first, larger ones first.
func rank(m Model) int {
	n := 10
	switch {
	case m.Problem != nil:
		n = 20
	case m.Status == "Release":
		n = 0
	case strings.HasPrefix(m.Status, "Release"):
		n = 3
	case m.Status != "":
		n = 6
	}
	switch m.Architecture {
	case "base-memory":
	case "base":
		n++
	default:
		n += 2
	}
	return n
}

// readEntry reads one entry. What is wrong with it is the entry's problem alone:
// the models of other pairs can still be pulled.
func readEntry(pair string, data []byte) Model {
	var e entry
	err := json.Unmarshal(data, &e)
	m := Model{Pair: pair, Architecture: cmp.Or(e.Architecture, "unknown"), Status: e.Status, From: e.From, To: e.To, Problem: err}
	if m.Problem == nil {
		m.Files, m.Problem = e.files()
	}
	if !plainName(pair) || !plainName(m.Architecture) {
		m.Problem = fmt.Errorf("broken name of a pair or an architecture (%q)", m.ID())
	}
	var statistics struct {
		Parameters int64 `json:"parameters"`
	}
	if json.Unmarshal(e.Statistics, &statistics) == nil {
		m.Parameters = statistics.Parameters
	}
	var metrics map[string]map[string]any // by test set
	if json.Unmarshal(e.Metrics, &metrics) != nil {
		return m
	}
	for _, scores := range metrics {
		for name, value := range scores {
			v, _ := value.(float64)
			switch strings.ToLower(name) {
			case "bleu":
				m.BLEU = v
			case "comet", "comet22":
				m.COMET = v
			}
		}
	}
	return m
}

// files is the files of an entry that a model has.
func (e entry) files() ([]File, error) {
	var files []File
	for _, role := range roles {
		f, ok := e.Files[role]
		if !ok {
			continue
		}
		file := File{Role: role, Path: f.Path, Size: f.UncompressedSize, SHA256: strings.ToLower(f.UncompressedHash)}
		if !plainName(file.Name()) || strings.Contains(f.Path, "..") || path.IsAbs(f.Path) {
			return nil, fmt.Errorf("broken path %q", f.Path)
		}
		if file.SHA256 != "" && len(file.SHA256) != 64 || file.Size < 0 || file.Size > maxFile {
			return nil, fmt.Errorf("%s: broken hash or size", f.Path)
		}
		files = append(files, file)
	}
	if len(files) == 0 || files[0].Role != "model" {
		return nil, errors.New("no model file")
	}
	return files, nil
}

// plainName reports whether a name can be that of a file or a folder.
func plainName(s string) bool {
	for _, c := range s {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("._-", c)) {
			return false
		}
	}
	return s != "" && s[0] != '.'
}

// Find picks a model of a list: by pair ("fr-en", "fren"), the best one of
// that pair, or by pair and architecture ("fr-en/tiny").
func Find(models []Model, name string) (Model, error) {
	pair, architecture, _ := strings.Cut(strings.ToLower(name), "/")
	var pairs []string
	for _, m := range models {
		own := strings.ToLower(m.Pair)
		if (own == pair || strings.ReplaceAll(own, "-", "") == pair) && (architecture == "" || strings.ToLower(m.Architecture) == architecture) {
			return m, nil
		}
		if own == pair {
			pairs = append(pairs, m.ID())
		}
	}
	if len(pairs) > 0 {
		return Model{}, fmt.Errorf("%w: %q; there are %s", ErrNotFound, name, strings.Join(pairs, ", "))
	}
	return Model{}, fmt.Errorf("%w: %q", ErrNotFound, name)
}
