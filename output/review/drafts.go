package review

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/renameio/v2"
)

// drafts keeps what editors are typing but have not saved, so that a browser
// or a server that dies loses no more than the last half second. There is one
// file for each document file, named after its path.
type drafts struct {
	mu   sync.Mutex
	path string           // "" keeps them in memory alone
	list map[string]draft // by document and segment
}

type draft struct {
	Base   string `json:"base"`
	Target string `json:"target"`
}

func openDrafts(dir, file string) (*drafts, error) {
	d := &drafts{list: make(map[string]draft)}
	if dir == "" {
		return d, nil
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(abs))
	d.path = filepath.Join(dir, hex.EncodeToString(sum[:8])+".json")
	data, err := os.ReadFile(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	return d, json.Unmarshal(data, &d.list)
}

func draftKey(document, id string) string { return document + "\x00" + id }

func (d *drafts) get(document, id string) (draft, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v, ok := d.list[draftKey(document, id)]
	return v, ok
}

// put keeps a draft; drop forgets it.
func (d *drafts) put(document, id string, v draft) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list[draftKey(document, id)] = v
	return d.write()
}

func (d *drafts) drop(document, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.list[draftKey(document, id)]; !ok {
		return nil
	}
	delete(d.list, draftKey(document, id))
	return d.write()
}

func (d *drafts) write() error {
	if d.path == "" {
		return nil
	}
	if len(d.list) == 0 {
		err := os.Remove(d.path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	data, err := json.Marshal(d.list)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(d.path), 0o700); err != nil {
		return err
	}
	return renameio.WriteFile(d.path, data, 0o600)
}
