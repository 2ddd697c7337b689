package review

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/google/renameio/v2"

	"depeche/output"
	"depeche/segment"
	"depeche/translate"
)

// file is an XLIFF file under review. What its texts hold is what stands on
// disk: a change is applied, written and only then answered.
type file struct {
	path   string
	format *output.Format

	queue   sync.Mutex // guards pending
	pending []*change

	commit sync.Mutex // held while changes are applied and written

	mu      sync.RWMutex // guards what follows
	texts   []*translate.Bitext
	read    []byte        // the content of the file that texts stand for, as it was read
	written *output.XLIFF // the same since we wrote it
	stamp   stamp
	version int // grows with every change, ours or another's
	history []undo
}

// stamp tells whether a file was touched since it was read.
type stamp struct {
	size  int64
	mtime time.Time
	inode os.FileInfo
}

func (s stamp) same(info os.FileInfo) bool {
	return s.inode != nil && s.size == info.Size() && s.mtime.Equal(info.ModTime()) && os.SameFile(s.inode, info)
}

func newStamp(info os.FileInfo) stamp { return stamp{info.Size(), info.ModTime(), info} }

func openFile(path string) (*file, error) {
	f := &file{path: path}
	format, err := output.Lookup("xliff")
	if err != nil {
		return nil, err
	}
	f.format = format
	return f, f.refresh()
}

// change is one thing that an editor asked for.
type change struct {
	apply    func(f *file) error // under f.mu; reports a *conflict where it no longer fits
	entries  []translate.Entry   // for the memory, set by apply
	changed  bool                // apply changed the texts
	places   []output.Place      // all that it changed; empty: it may be anything
	err      error
	finished bool
}

// do applies changes in their order, writes the file once and saves to the
// memory; each change then has its own error. Changes that wait at the same
// time are written together.
func (f *file) do(ctx context.Context, memory translate.TM, list ...*change) {
	f.queue.Lock()
	f.pending = append(f.pending, list...)
	f.queue.Unlock()
	f.commit.Lock()
	defer f.commit.Unlock()
	if list[0].finished {
		return
	}
	f.queue.Lock()
	batch := f.pending
	f.pending = nil
	f.queue.Unlock()
	f.flush(context.WithoutCancel(ctx), memory, batch)
}

// attempts bounds the writes that find the file changed under their hands.
const attempts = 5

var errTouched = errors.New("the file changed while it was written")

func (f *file) flush(ctx context.Context, memory translate.TM, batch []*change) {
	var err error
	for range attempts {
		for _, c := range batch {
			c.err, c.changed, c.places, c.entries = nil, false, nil, nil
		}
		if err = f.refresh(); err != nil {
			break
		}
		if err = f.applyAll(batch); !errors.Is(err, errTouched) {
			break
		}
		f.restore()
	}
	if err != nil {
		f.restore()
	}
	for _, c := range batch {
		c.finished = true
		if c.err == nil && err != nil {
			c.err = fmt.Errorf("%s is not saved: %w", f.path, err)
		}
		if c.err == nil && memory != nil && len(c.entries) > 0 {
			if err := memory.Save(ctx, c.entries); err != nil {
				c.err = fmt.Errorf("saved in %s, but not in the memory: %w", f.path, err)
			}
		}
	}
}

// applyAll applies the changes and writes the file if one of them changed it.
func (f *file) applyAll(batch []*change) error {
	f.mu.Lock()
	changed, all := false, false
	var places []output.Place
	for _, c := range batch {
		c.err = c.apply(f)
		changed = changed || c.changed
		all = all || c.changed && len(c.places) == 0
		places = append(places, c.places...)
	}
	if changed {
		f.version++
	}
	f.mu.Unlock()
	if !changed {
		return nil
	}
	if all {
		places = nil
	}
	return f.write(places)
}

// write replaces the file, unless another program has changed it meanwhile.
// The changes since it was written last are at the places, or anywhere.
func (f *file) write(places []output.Place) error {
	var next *output.XLIFF
	var err error
	f.mu.RLock()
	if f.written != nil && len(places) > 0 {
		next, err = f.written.Replace(f.texts, places)
	} else {
		next, err = output.NewXLIFF(f.texts)
	}
	f.mu.RUnlock()
	if err != nil {
		return err
	}
	pending, err := renameio.NewPendingFile(f.path, renameio.WithExistingPermissions(), renameio.WithPermissions(0o666))
	if err != nil {
		return err
	}
	defer pending.Cleanup()
	if _, err := next.WriteTo(pending); err != nil {
		return err
	}
	if info, err := os.Stat(f.path); err != nil || !f.stamp.same(info) {
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		if err == nil {
			return errTouched
		}
	}
	if err := pending.CloseAtomicallyReplace(); err != nil {
		return err
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.read, f.written, f.stamp = nil, next, newStamp(info)
	f.mu.Unlock()
	return nil
}

// refresh reads the file anew if it was touched since it was read. A file
// that was taken away stays as it is in memory and is written again.
func (f *file) refresh() error {
	info, err := os.Stat(f.path)
	if err != nil {
		if os.IsNotExist(err) && f.texts != nil {
			return nil
		}
		return err
	}
	if f.stamp.same(info) {
		return nil
	}
	data, err := os.ReadFile(f.path)
	if err != nil {
		return err
	}
	same := f.texts != nil && bytes.Equal(data, f.content())
	var texts []*translate.Bitext
	if !same {
		if texts, err = f.format.Read(bytes.NewReader(data), f.path); err != nil {
			return fmt.Errorf("the file on disk can't be read any more: %w", err)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stamp = newStamp(info)
	if !same {
		f.texts, f.read, f.written = texts, data, nil
		f.version++
	}
	return nil
}

// content is what stands in the file.
func (f *file) content() []byte {
	if f.written != nil {
		return f.written.Text()
	}
	return f.read
}

// restore takes back changes that could not be written.
func (f *file) restore() {
	f.mu.Lock()
	defer f.mu.Unlock()
	texts, err := f.format.Read(bytes.NewReader(f.content()), f.path)
	if err == nil { // what we wrote or read once can be read
		f.texts = texts
		f.version++
	}
}

// revision identifies what an editor sees of a pair.
func revision(p *translate.Pair) string {
	h := sha256.New()
	for _, s := range []string{p.Source.Text, p.Target, string(p.State), p.Comment} {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// find is the place of a segment in a document, -1 if it is gone.
func find(b *translate.Bitext, id string) int {
	for i := range b.Pairs {
		if b.Pairs[i].Source.ID == id {
			return i
		}
	}
	return -1
}

// replace puts pairs for the n pairs from at, which are of one block, in the
// list of pairs and in the block's segments.
func replace(b *translate.Bitext, at, n int, pairs []translate.Pair) {
	index := b.Pairs[at].Block
	block := &b.Document.Blocks[index]
	first := at
	for first > 0 && b.Pairs[first-1].Block == index {
		first--
	}
	k := at - first
	var segments []segment.Segment
	segments = append(segments, block.Segments[:k]...)
	for i := range pairs {
		pairs[i].Block = index
		segments = append(segments, pairs[i].Source)
	}
	block.Segments = append(segments, block.Segments[k+n:]...)
	if n == len(pairs) {
		copy(b.Pairs[at:], pairs)
		return
	}
	var all []translate.Pair
	all = append(all, b.Pairs[:at]...)
	all = append(all, pairs...)
	b.Pairs = append(all, b.Pairs[at+n:]...)
}
