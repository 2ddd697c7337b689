package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"depeche/translate/marian"
)

// manifestName is the file of a pulled model that says what it is.
const manifestName = "manifest.json"

// Installed is a pulled model.
type Installed struct {
	Dir      string // for marian.Open
	Pair     string
	Arch     string
	Status   string
	Registry string
	Files    []InstalledFile
}

// ID names the model as Model.ID does.
func (i Installed) ID() string { return i.Pair + "/" + i.Arch }

// Size is the bytes of all files.
func (i Installed) Size() int64 {
	var n int64
	for _, f := range i.Files {
		n += f.Size
	}
	return n
}

// InstalledFile is a file as it was when it was pulled. Stated says that its
// hash is the one that the registry states; else it was taken from the download,
// whose compression checksum was right.
type InstalledFile struct {
	Name   string `json:"name"`
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	Stated bool   `json:"stated"`
}

type manifest struct {
	Pair     string          `json:"pair"`
	Arch     string          `json:"architecture"`
	Status   string          `json:"releaseStatus"`
	Registry string          `json:"registry"`
	Files    []InstalledFile `json:"files"`
}

// CacheDir is where pulled models are kept: depeche/models in the user's cache
// folder, which XDG_CACHE_HOME can name.
func CacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("folder of models: %w", err)
	}
	return filepath.Join(dir, "depeche", "models"), nil
}

func (r *Registry) dir() (string, error) {
	if r.Dir != "" {
		return r.Dir, nil
	}
	return CacheDir()
}

// Pull downloads a model, named as for Find, checks it and puts it into the
// cache in one step: what is there is whole. A download that was interrupted
// goes on where it stopped. progress may be nil. A model that is there already
// and unchanged is not downloaded again.
func (r *Registry) Pull(ctx context.Context, name string, progress func(Progress)) (Installed, error) {
	base, models, err := r.list(ctx)
	if err != nil {
		return Installed{}, err
	}
	m, err := Find(models, name)
	if err != nil {
		return Installed{}, err
	}
	if m.Problem != nil {
		return Installed{}, fmt.Errorf("model %s: the registry's entry cannot be used: %w", m.ID(), m.Problem)
	}
	return r.pull(ctx, base, m, progress)
}

func (r *Registry) pull(ctx context.Context, base string, m Model, progress func(Progress)) (Installed, error) {
	root, err := r.dir()
	if err != nil {
		return Installed{}, err
	}
	final := filepath.Join(root, m.Pair, m.Architecture)
	if have, err := readInstalled(final); err == nil && have.is(m) && have.verify(ctx) == nil {
		return have, nil
	}
	staging := filepath.Join(root, m.Pair, "."+m.Architecture+".partial")
	if err := os.MkdirAll(staging, 0o755); err != nil {
		return Installed{}, err
	}
	made := manifest{Pair: m.Pair, Arch: m.Architecture, Status: m.Status, Registry: base}
	for _, f := range m.Files {
		size, sum, err := r.download(ctx, base, staging, f, progress)
		if err != nil {
			return Installed{}, fmt.Errorf("model %s: %w", m.ID(), err)
		}
		made.Files = append(made.Files, InstalledFile{f.Name(), f.Path, size, sum, f.SHA256 != ""})
	}
	if err := r.check(staging); err != nil {
		return Installed{}, fmt.Errorf("model %s: what was downloaded is no model that can be used: %w", m.ID(), errors.Join(err, os.RemoveAll(staging)))
	}
	data, err := json.MarshalIndent(made, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(staging, manifestName), append(data, '\n'), 0o644)
	}
	if err == nil {
		err = dropOthers(staging, made.Files)
	}
	if err == nil {
		err = os.RemoveAll(final)
	}
	if err == nil {
		err = os.Rename(staging, final)
	}
	if err != nil {
		return Installed{}, fmt.Errorf("model %s: %w", m.ID(), err)
	}
	return readInstalled(final)
}

// dropOthers removes what earlier downloads of another version left.
func dropOthers(dir string, files []InstalledFile) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() != manifestName && !slices.ContainsFunc(files, func(f InstalledFile) bool { return f.Name == e.Name() }) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

func (r *Registry) check(dir string) error {
	if r.Check != nil {
		return r.Check(dir)
	}
	m, err := marian.Open(dir)
	if err != nil {
		return err
	}
	return m.Close()
}

// is reports whether the installed model holds the files that the registry
// lists now.
func (i Installed) is(m Model) bool {
	if len(i.Files) != len(m.Files) {
		return false
	}
	for j, f := range m.Files {
		have := i.Files[j]
		if have.Path != f.Path || f.SHA256 != "" && have.SHA256 != f.SHA256 || f.Size > 0 && have.Size != f.Size {
			return false
		}
	}
	return true
}

func readInstalled(dir string) (Installed, error) {
	name := filepath.Join(dir, manifestName)
	data, err := os.ReadFile(name)
	if err != nil {
		return Installed{}, err
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return Installed{}, fmt.Errorf("%s: %w", name, err)
	}
	for _, f := range m.Files {
		if !plainName(f.Name) {
			return Installed{}, fmt.Errorf("%s: broken file name %q", name, f.Name)
		}
	}
	return Installed{Dir: dir, Pair: m.Pair, Arch: m.Arch, Status: m.Status, Registry: m.Registry, Files: m.Files}, nil
}

// Installed is the models in the cache, sorted by pair.
func (r *Registry) Installed() ([]Installed, error) {
	root, err := r.dir()
	if err != nil {
		return nil, err
	}
	found, err := filepath.Glob(filepath.Join(root, "*", "*", manifestName))
	if err != nil {
		return nil, err
	}
	var models []Installed
	var problems []error
	for _, name := range found {
		dir := filepath.Dir(name)
		if strings.HasPrefix(filepath.Base(dir), ".") {
			continue
		}
		m, err := readInstalled(dir)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		models = append(models, m)
	}
	return models, errors.Join(problems...)
}

// Lookup finds a pulled model, named as for Find; of several architectures of
// the pair the largest.
func (r *Registry) Lookup(name string) (Installed, error) {
	models, err := r.Installed()
	if err != nil {
		return Installed{}, err
	}
	var list []Model
	for _, m := range models {
		list = append(list, Model{Pair: m.Pair, Architecture: m.Arch, Status: m.Status})
	}
	slices.SortStableFunc(list, func(a, b Model) int { return rank(a) - rank(b) })
	m, err := Find(list, name)
	if err != nil {
		return Installed{}, fmt.Errorf("%w among the pulled ones: run depeche model pull %s", err, name)
	}
	for _, have := range models {
		if have.Pair == m.Pair && have.Arch == m.Architecture {
			return have, nil
		}
	}
	return Installed{}, ErrNotFound
}

// Folder is a model in any folder as if it were a pulled one: what the model's
// files are now, with no pair, architecture or registry. The model is loaded
// to see that it is whole.
func Folder(dir string) (Installed, error) {
	d, err := Describe(dir)
	if err != nil {
		return Installed{}, err
	}
	i := Installed{Dir: dir}
	for _, f := range d.Files {
		size, sum, err := hashFile(filepath.Join(dir, f.Name))
		if err != nil {
			return Installed{}, fmt.Errorf("model %s: %w", dir, err)
		}
		i.Files = append(i.Files, InstalledFile{Name: f.Name, Size: size, SHA256: sum})
	}
	return i, nil
}

// Describe loads the model in a folder and says what it is.
func Describe(dir string) (marian.Description, error) {
	m, err := marian.Open(dir)
	if err != nil {
		return marian.Description{}, err
	}
	return m.Describe(), m.Close()
}

// Path is the folder of a pulled model.
func (r *Registry) Path(name string) (string, error) {
	m, err := r.Lookup(name)
	return m.Dir, err
}

// Verify compares each file of a pulled model with its size and SHA-256.
func (r *Registry) Verify(ctx context.Context, name string) (Installed, error) {
	m, err := r.Lookup(name)
	if err != nil {
		return Installed{}, err
	}
	if err := m.verify(ctx); err != nil {
		return m, fmt.Errorf("model %s: %w; run depeche model pull %s to get it again", m.ID(), err, name)
	}
	return m, nil
}

func (i Installed) verify(ctx context.Context) error {
	var problems []error
	for _, f := range i.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		size, sum, err := hashFile(filepath.Join(i.Dir, f.Name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			problems = append(problems, fmt.Errorf("%s is missing", f.Name))
		case err != nil:
			problems = append(problems, err)
		case size != f.Size:
			problems = append(problems, fmt.Errorf("%s has %d bytes, not %d", f.Name, size, f.Size))
		case sum != f.SHA256:
			problems = append(problems, fmt.Errorf("%s has changed: SHA-256 %s, not %s", f.Name, sum, f.SHA256))
		}
	}
	return errors.Join(problems...)
}
