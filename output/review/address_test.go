package review

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAddress: the place and token are the user's alone while a server runs,
// and are gone when it ends as it should; what is left of a killed one is
// taken over by a server for the same files and no other.
func TestAddress(t *testing.T) {
	dir := t.TempDir()
	path, drafts := filepath.Join(dir, "a.xlf"), filepath.Join(dir, "drafts")
	writeXLIFF(t, path, bitext(t, "a", dispatch))
	kept := func() []string {
		files, _ := filepath.Glob(filepath.Join(drafts, "*.address"))
		return files
	}
	d := &desk{path: path}
	d.serve(t, Options{Files: []string{path}, Drafts: drafts})
	first := d.url
	if len(kept()) != 1 {
		t.Fatalf("%v", kept())
	}
	if info, err := os.Stat(kept()[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	left, err := os.ReadFile(kept()[0])
	if err != nil {
		t.Fatal(err)
	}
	name := kept()[0]
	d.stop()
	if len(kept()) != 0 {
		t.Errorf("left over: %v", kept())
	}
	d.serve(t, Options{Files: []string{path}, Drafts: drafts})
	if d.url == first {
		t.Error("the token of a server that ended holds")
	}
	d.stop()
	// As if it had been killed.
	if err := os.WriteFile(name, left, 0o600); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "b.xlf")
	writeXLIFF(t, other, bitext(t, "b", dispatch))
	d.serve(t, Options{Files: []string{other}, Drafts: drafts})
	token := first[strings.LastIndexByte(first, '=')+1:]
	if strings.HasSuffix(d.url, token) {
		t.Error("another file's server took the token")
	}
	d.stop()
	d.serve(t, Options{Files: []string{path}, Drafts: drafts})
	if d.url != first {
		t.Errorf("the next server is at %s, not %s", d.url, first)
	}
	d.stop()
	// A damaged file is no reason not to start.
	if err := os.WriteFile(name, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.serve(t, Options{Files: []string{path}, Drafts: drafts})
	d.stop()
}
