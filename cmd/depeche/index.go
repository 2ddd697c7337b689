package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"depeche/output"
)

const indexName = "index.html"

// indexFolder is the folder out if HTML pages go into it or below, else "".
func indexFolder(out string, plans [][]target) string {
	if out == "" || out == "-" {
		return ""
	}
	root := filepath.Clean(out) + string(filepath.Separator)
	for _, list := range plans {
		for _, t := range list {
			if t.format.Name == "html" && strings.HasPrefix(filepath.Clean(t.path), root) {
				return filepath.Clean(out)
			}
		}
	}
	return ""
}

// writeIndex writes the index of a folder that holds several of our pages,
// of whatever run. A page of that name that is no index is left alone.
func writeIndex(c *cli.Context, dir string) error {
	if dir == "" {
		return nil
	}
	path := filepath.Join(dir, indexName)
	have, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	exists := err == nil
	entries, err := pages(dir)
	if err != nil || len(entries) < 2 && !exists {
		return err
	}
	if exists && !output.IsIndex(have) {
		say(c, "%s is another page: no index of the folder was written", path)
		return nil
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := output.WriteIndex(&buf, filepath.Base(abs), entries); err != nil || bytes.Equal(have, buf.Bytes()) {
		return err
	}
	return writeFile(path, func(w io.Writer) error { _, err := w.Write(buf.Bytes()); return err })
}

// pages lists our HTML pages below a folder.
func pages(dir string) ([]output.IndexEntry, error) {
	found, err := walk(dir, []string{".html", ".htm"})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a run that failed before its first page
	}
	if err != nil {
		return nil, err
	}
	var entries []output.IndexEntry
	for _, path := range found {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		e, ours := output.ReadIndexEntry(f)
		f.Close()
		if !ours {
			continue
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return nil, err
		}
		e.Path = filepath.ToSlash(rel)
		entries = append(entries, e)
	}
	return entries, nil
}
