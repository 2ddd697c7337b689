package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/adrg/xdg"
	"github.com/rogpeppe/go-internal/lockedfile"
	"github.com/urfave/cli/v2"
)

// lockFolders takes a lock for each folder, in one order for all runs. The
// locks are files in the cache folder; they end with the process, however that
// ends.
func lockFolders(c *cli.Context, dirs map[string]bool) (unlock func(), err error) {
	var unlocks []func()
	free := func() {
		for _, f := range slices.Backward(unlocks) {
			f()
		}
	}
	folder := filepath.Join(xdg.CacheHome, "depeche", "locks")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	var names []string
	for dir := range dirs {
		sum := sha256.Sum256([]byte(dir))
		names = append(names, hex.EncodeToString(sum[:12]))
	}
	slices.Sort(names)
	for _, name := range names {
		type locked struct {
			unlock func()
			err    error
		}
		done := make(chan locked, 1)
		go func() {
			f, err := lockedfile.MutexAt(filepath.Join(folder, name)).Lock()
			done <- locked{f, err}
		}()
		select {
		case l := <-done:
			if l.err != nil {
				free()
				return nil, l.err
			}
			unlocks = append(unlocks, l.unlock)
			continue
		case <-time.After(300 * time.Millisecond):
			say(c, "another run is writing there; waiting for it")
		case <-c.Context.Done():
		}
		select {
		case l := <-done:
			if l.err != nil {
				free()
				return nil, l.err
			}
			unlocks = append(unlocks, l.unlock)
		case <-c.Context.Done():
			free()
			return nil, c.Context.Err()
		}
	}
	return free, nil
}
