package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/google/renameio/v2"
	"golang.org/x/term"
)

// input is one document to read. Rel is its place below the folder or pattern
// that named it: outputs keep it.
type input struct {
	path string // "-" is standard input
	rel  string
}

// expand gives the files that the operands name: files, folders (all files
// with one of the extensions below them), patterns, and "-". Hidden files are
// left out unless they are named. The order is that of the operands, sorted
// within each.
func expand(operands, exts []string) ([]input, error) {
	var list []input
	seen := make(map[string]bool)
	add := func(path, rel string) {
		if key := filepath.Clean(path); !seen[key] {
			seen[key] = true
			list = append(list, input{path, rel})
		}
	}
	for _, op := range operands {
		if op == "-" {
			add("-", "stdin")
			continue
		}
		info, err := os.Stat(op)
		switch {
		case err == nil && info.IsDir():
			found, err := walk(op, exts)
			if err != nil {
				return nil, err
			}
			if len(found) == 0 {
				return nil, fmt.Errorf("%s: no files with %s in this folder", op, strings.Join(exts, ", "))
			}
			for _, path := range found {
				rel, err := filepath.Rel(op, path)
				if err != nil {
					return nil, err
				}
				add(path, rel)
			}
		case err == nil:
			add(op, filepath.Base(op))
		case strings.ContainsAny(op, "*?[{"):
			found, err := doublestar.FilepathGlob(op, doublestar.WithFilesOnly(), doublestar.WithNoHidden())
			if err != nil {
				return nil, usagef("%s: %w", op, err)
			}
			if len(found) == 0 {
				return nil, fmt.Errorf("%s: no file matches", op)
			}
			slices.Sort(found)
			base, _ := doublestar.SplitPattern(filepath.ToSlash(op))
			for _, path := range found {
				rel, err := filepath.Rel(filepath.FromSlash(base), path)
				if err != nil {
					return nil, err
				}
				add(path, rel)
			}
		default:
			return nil, notExist(op, err)
		}
	}
	return list, nil
}

func walk(dir string, exts []string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err // d may be nil
		}
		hidden := strings.HasPrefix(d.Name(), ".") && path != dir
		switch {
		case d.IsDir() && hidden:
			return filepath.SkipDir
		case d.Type().IsRegular() && !hidden && slices.Contains(exts, strings.ToLower(filepath.Ext(path))):
			found = append(found, path)
		}
		return nil
	})
	return found, err
}

// writeFile replaces path by what write gives, or leaves it as it was: there
// is never a half-written file. Missing folders are made.
func writeFile(path string, write func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o666), renameio.WithExistingPermissions())
	if err != nil {
		return err
	}
	defer f.Cleanup()
	if err := write(f); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return f.CloseAtomicallyReplace()
}

// writable says why a file can't be written, before somebody pays for what
// would go into it. Missing folders are made.
func writable(path string) error {
	if path == "" {
		return nil
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+"*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// sweep deletes what a killed run left of the files that it was writing. The
// caller holds the lock of their folders.
func sweep(paths []string) {
	names := make(map[string]map[string]bool) // by folder
	for _, path := range paths {
		dir, name := filepath.Split(path)
		if names[dir] == nil {
			names[dir] = make(map[string]bool)
		}
		names[dir][name] = true
	}
	for dir, wanted := range names {
		entries, err := os.ReadDir(cmp.Or(dir, "."))
		if err != nil {
			continue // not there yet, or writing will say why
		}
		for _, e := range entries {
			name, hidden := strings.CutPrefix(e.Name(), ".")
			base := strings.TrimRight(name, "0123456789")
			if hidden && len(name)-len(base) > 8 && wanted[base] && e.Type().IsRegular() {
				_ = os.Remove(filepath.Join(dir, e.Name()))
			}
		}
	}
}

// writeStdout sends what write gives to standard output in one piece, so that
// a failure prints nothing. Binary data does not go to a terminal.
func writeStdout(w io.Writer, binary bool, write func(io.Writer) error) error {
	if f, ok := w.(*os.File); ok && binary && term.IsTerminal(int(f.Fd())) {
		return usagef("this format is binary and standard output is a terminal; name a file with -o")
	}
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		return err
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// sameFile reports whether both names lead to one file.
func sameFile(a, b string) bool {
	if filepath.Clean(a) == filepath.Clean(b) {
		return true
	}
	ia, err := os.Stat(a)
	if err != nil {
		return false
	}
	ib, err := os.Stat(b)
	return err == nil && os.SameFile(ia, ib)
}
