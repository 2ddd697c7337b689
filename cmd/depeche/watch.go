package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/urfave/cli/v2"
)

func watchCommand() *cli.Command {
	flags := []cli.Flag{outputFlag(), formatFlag(),
		&cli.DurationFlag{Name: "settle", Usage: "take a file when it has not changed for `TIME`", Value: time.Second, EnvVars: []string{"DEPECHE_SETTLE"}},
		&cli.StringFlag{Name: "failed", Usage: "move files that can't be translated to `DIR`; the folder failed below the outputs if not given", EnvVars: []string{"DEPECHE_FAILED"}}}
	flags = append(flags, readFlags()...)
	flags = append(flags, pipelineFlags()...)
	flags = append(flags, runFlags()...)
	return &cli.Command{
		Name: "watch", Usage: "translate the dispatches of a folder, and those that arrive in it", ArgsUsage: "DIR",
		Description: "Ends with Ctrl-C. Hidden and temporary files are left alone.",
		Flags:       append(flags, layoutFlags()...),
		Action:      watchAction,
	}
}

func watchAction(c *cli.Context) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	if c.NArg() != 1 {
		return usagef("watch wants one folder")
	}
	dir, out := c.Args().First(), c.String("output")
	if info, err := os.Stat(dir); err != nil {
		return notExist(dir, err)
	} else if !info.IsDir() {
		return usagef("%s: is no folder", dir)
	}
	if out == "" {
		return usagef("watch wants a folder for the translations; name one with -o")
	}
	failed := c.String("failed")
	if failed == "" {
		failed = filepath.Join(out, "failed")
	}
	for _, d := range []string{out, failed} {
		if inside(d, dir) {
			return usagef("%s lies in %s, so that its files would be taken for dispatches; name another folder", d, dir)
		}
	}
	if !strings.HasSuffix(out, "/") {
		out += "/" // a folder, though it may not be there yet
	}
	r, closer, err := newRunner(c, cfg)
	if err != nil {
		return err
	}
	defer closer()
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("%s can't be watched: %w", dir, err)
	}
	defer notify.Close()
	w := &watcher{c: c, dir: dir, out: out, failed: failed, runner: r, notify: notify, files: make(map[string]*watched)}
	say(c, "watching %s; Ctrl-C ends it", dir)
	return w.run(c.Context)
}

// inside reports whether a path is a folder or lies below it.
func inside(path, dir string) bool {
	p, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	d, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(d, p)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// watcher translates what arrives in a folder.
type watcher struct {
	c                *cli.Context
	dir, out, failed string
	runner           *runner // has no inputs
	notify           *fsnotify.Watcher
	files            map[string]*watched
}

// watched is a file in the folder.
type watched struct {
	size    int64
	changed time.Time
	since   time.Time // when this size and time were seen first
	done    bool
	tries   int
}

const (
	mostTries = 3                // of a file whose backend or output fails
	retryTime = 15 * time.Second // between them
	rescan    = 10 * time.Second // network shares notify nobody
)

func (w *watcher) run(ctx context.Context) error {
	tick := time.NewTicker(min(max(w.c.Duration("settle")/4, 10*time.Millisecond), time.Second))
	defer tick.Stop()
	events, last := true, time.Time{}
	for {
		if events || w.waiting() || time.Since(last) > rescan {
			events, last = false, time.Now()
			ready, err := w.scan()
			if err != nil {
				return err
			}
			if err := w.translate(ctx, ready); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.notify.Events:
			events = true
			continue // until the burst is over
		case err := <-w.notify.Errors:
			events = true
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				fmt.Fprintf(w.c.App.ErrWriter, "depeche: %s: %v\n", w.dir, err)
			}
		case <-tick.C:
		}
	}
}

func (w *watcher) waiting() bool {
	for _, f := range w.files {
		if !f.done {
			return true
		}
	}
	return false
}

// scan looks at the folder and gives the files that have settled.
func (w *watcher) scan() (ready []string, err error) {
	exts := dispatchExts()
	there := make(map[string]bool)
	err = filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		hidden := path != w.dir && strings.ContainsRune(".~#", rune(d.Name()[0]))
		switch {
		case err != nil && path != w.dir:
			return nil // gone in this moment, or not ours to read
		case err != nil:
			return err
		case d.IsDir() && hidden:
			return filepath.SkipDir
		case d.IsDir():
			return w.notify.Add(path)
		case hidden || !d.Type().IsRegular() || !slices.Contains(exts, strings.ToLower(filepath.Ext(path))):
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		there[path] = true
		f := w.files[path]
		if f == nil || f.size != info.Size() || !f.changed.Equal(info.ModTime()) {
			f = &watched{size: info.Size(), changed: info.ModTime(), since: time.Now()}
			w.files[path] = f
		}
		if !f.done && time.Since(f.since) >= w.c.Duration("settle") {
			ready = append(ready, path)
		}
		return nil
	})
	for path := range w.files {
		if !there[path] {
			delete(w.files, path)
		}
	}
	return ready, err
}

// translate runs over the files that are ready. Their outputs have the names
// that a run over the whole folder would give them.
func (w *watcher) translate(ctx context.Context, ready []string) error {
	if len(ready) == 0 {
		return nil
	}
	formats, err := parseFormats(w.c.StringSlice("format"))
	if err != nil {
		return err
	}
	var all []input
	for path := range w.files {
		rel, err := filepath.Rel(w.dir, path)
		if err != nil {
			return err
		}
		all = append(all, input{path, rel})
	}
	slices.SortFunc(all, func(a, b input) int { return strings.Compare(a.path, b.path) })
	plans, _, err := plan(all, w.out, formats, []string{"html", "xliff"})
	if err != nil {
		return err
	}
	var inputs []input
	var targets [][]target
	for i, in := range all {
		if slices.Contains(ready, in.path) {
			inputs, targets = append(inputs, in), append(targets, plans[i])
		}
	}
	r := &runner{c: w.c, pipeline: w.runner.pipeline, options: w.runner.options, splitter: w.runner.splitter, from: w.runner.from,
		inputs: inputs, plans: targets, index: indexFolder(w.out, targets)}
	err = r.translate()
	var exit *exitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && r.report.Error != "":
		return err // the next file would fail as well
	case err != nil && !errors.As(err, &exit):
		return err
	}
	for i := range r.report.Documents {
		d := &r.report.Documents[i]
		f := w.files[d.Input]
		f.done = true
		if d.Status != statusFailed && d.Status != statusPartial {
			continue
		}
		if f.tries++; !d.unreadable && f.tries < mostTries {
			f.done, f.since = false, time.Now().Add(retryTime)
			continue
		}
		if err := w.aside(inputs[i], d.Error); err != nil {
			return err
		}
	}
	return nil
}

// aside moves a file that failed out of the folder, with the reason beside it.
func (w *watcher) aside(in input, reason string) error {
	to := filepath.Join(w.failed, in.rel)
	for n := 2; ; n++ {
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		}
		ext := filepath.Ext(in.rel)
		to = filepath.Join(w.failed, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(in.rel, ext), n, ext))
	}
	err := writeFile(to+".reason.txt", func(out io.Writer) error {
		_, err := fmt.Fprintln(out, reason)
		return err
	})
	if err != nil {
		return err
	}
	if err := move(in.path, to); err != nil {
		return err
	}
	delete(w.files, in.path)
	say(w.c, "%s moved to %s", in.path, to)
	return nil
}

// move renames a file, or copies it to another file system.
func move(from, to string) error {
	if os.Rename(from, to) == nil {
		return nil
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := writeFile(to, func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
		return err
	}
	return os.Remove(from)
}
