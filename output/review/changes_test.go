package review

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"depeche/output"
	"depeche/translate"
	"depeche/translate/memory"
)

// client changes segments as the page does.
type client struct {
	t      testing.TB
	s      *server
	number int
	tab    string
}

func (c *client) send(list ...request) []result {
	c.t.Helper()
	for i := range list {
		if list[i].Key == "" {
			c.number++
			list[i].Key = fmt.Sprintf("%s-%d", c.tab, c.number)
		}
		list[i].Tab = c.tab
	}
	body, err := json.Marshal(list)
	if err != nil {
		c.t.Fatal(err)
	}
	w := httptest.NewRecorder()
	c.s.changes(w, httptest.NewRequest("POST", "/api/changes", bytes.NewReader(body)))
	data, _ := io.ReadAll(w.Body)
	var out []result
	if err := json.Unmarshal(data, &out); err != nil {
		c.t.Fatalf("%s: %v", data, err)
	}
	return out
}

// TestChanges goes through the server's part of each change: what it answers
// with ok stands in the file.
func TestChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.xlf")
	writeXLIFF(t, path, bitext(t, "a", dispatch))
	m, err := memory.Open(t.Context(), filepath.Join(t.TempDir(), "m.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	s, err := newServer(Options{Files: []string{path}, Memory: m, Editor: "marie"})
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, s: s, tab: "one"}
	b := readXLIFF(t, path)
	id := func(i int) string { return readXLIFF(t, path).Pairs[i].Source.ID }
	rev := func(i int) string { p := readXLIFF(t, path).Pairs[i]; return revision(&p) }

	save := request{Op: "save", ID: id(1), Base: rev(1), Target: "More than 240,000 people have died.", State: "reviewed", Comment: "see 😀 AFP"}
	if r := c.send(save)[0]; !r.OK || len(r.Segments) == 0 || r.Segments[0].State != "reviewed" {
		t.Fatalf("save: %+v", r)
	}
	p := readXLIFF(t, path).Pairs[1]
	if p.Target != save.Target || p.State != translate.Reviewed || p.Comment != save.Comment || p.Origin.Kind != translate.Human || p.Origin.By != "marie" || machineTarget(&p) != b.Pairs[1].Target {
		t.Errorf("on disk: %+v", p)
	}
	if found, err := m.Lookup(t.Context(), query(readXLIFF(t, path), 1)); err != nil || len(found) == 0 || found[0].Target != save.Target || found[0].Origin.Kind != translate.Human {
		t.Errorf("in the memory: %+v, %v", found, err)
	}

	// The same request again is done once; an old base is a conflict.
	save.Key = "one-1"
	if r := c.send(save)[0]; !r.OK {
		t.Errorf("again: %+v", r)
	}
	stale := request{Op: "save", ID: id(1), Base: save.Base, Target: "Other.", State: "reviewed"}
	if r := c.send(stale)[0]; r.OK || r.Conflict == nil || r.Conflict.Target != save.Target {
		t.Errorf("stale: %+v", r)
	}

	// Another program writes the file: its change and ours both stay.
	other := readXLIFF(t, path)
	other.Pairs[4].Target = "He met President Barack Obama on Tuesday."
	writeXLIFF(t, path, other)
	if r := c.send(request{Op: "save", ID: id(3), Base: rev(3), Target: "ISIS must be destroyed.", State: "final"})[0]; !r.OK {
		t.Errorf("after a change on disk: %+v", r)
	}
	if now := readXLIFF(t, path); now.Pairs[4].Target != other.Pairs[4].Target || now.Pairs[3].State != translate.Final {
		t.Errorf("a change is lost: %+v", now.Pairs)
	}
	// A file that can't be read any more is not overwritten.
	good, _ := os.ReadFile(path)
	os.WriteFile(path, []byte("<xliff"), 0o644)
	broken := request{Op: "save", ID: "s0", Base: "", Target: "x", State: "reviewed"}
	if r := c.send(broken)[0]; r.OK || !strings.Contains(r.Error, "can't be read") {
		t.Errorf("broken file: %+v", r)
	}
	if data, _ := os.ReadFile(path); string(data) != "<xliff" {
		t.Error("the broken file was overwritten")
	}
	os.WriteFile(path, good, 0o644)

	// Split, join and undo give back the very file.
	before, _ := os.ReadFile(path)
	source := readXLIFF(t, path).Pairs[2].Source.Text
	r := c.send(request{Op: "split", ID: id(2), Base: rev(2), SourceAt: unitOffset(source, strings.Index(source, "Le ministre")), TargetAt: len("The president spoke. ")})[0]
	if now := readXLIFF(t, path); !r.OK || !r.Structure || len(now.Pairs) != 7 || now.Pairs[2].Source.Text != "Le président a parlé." || now.Pairs[3].Target != "The minister answered." {
		t.Fatalf("split: %+v", r)
	}
	if r := c.send(request{Op: "merge", ID: id(3), Base: rev(3)})[0]; r.OK {
		t.Error("two paragraphs were joined")
	}
	if r := c.send(request{Op: "merge", ID: id(2), Base: rev(2)})[0]; !r.OK {
		t.Errorf("merge: %+v", r)
	}
	if now := readXLIFF(t, path).Pairs[2]; now.Source.Text != source || now.Target != "The president spoke. The minister answered." {
		t.Errorf("merge: %+v", now)
	}
	for range 2 {
		if r := c.send(request{Op: "undo"})[0]; !r.OK {
			t.Errorf("undo: %+v", r)
		}
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Errorf("undo did not give the file back:\n%s\n%s", before, after)
	}
	if r := (&client{t: t, s: s, tab: "two"}).send(request{Op: "undo"})[0]; r.OK {
		t.Error("one tab undid what another did")
	}

	// A folder that can't be written: nothing is said to be saved, nothing changes.
	if os.Geteuid() != 0 {
		os.Chmod(filepath.Dir(path), 0o555)
		if r := c.send(request{Op: "save", ID: id(0), Base: rev(0), Target: "x", State: "final"})[0]; r.OK || !r.Retry {
			t.Errorf("read-only folder: %+v", r)
		}
		os.Chmod(filepath.Dir(path), 0o755)
	}
}

// failing is a memory whose disk is full, until it is not.
type failing struct {
	translate.TM
	full  bool
	saved []translate.Entry
}

func (f *failing) Save(_ context.Context, entries []translate.Entry) error {
	if f.full {
		return fmt.Errorf("database or disk is full")
	}
	f.saved = append(f.saved, entries...)
	return nil
}

func TestMemoryFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.xlf")
	writeXLIFF(t, path, bitext(t, "a", dispatch))
	m := &failing{full: true}
	s, err := newServer(Options{Files: []string{path}, Memory: m})
	if err != nil {
		t.Fatal(err)
	}
	p := readXLIFF(t, path).Pairs[0]
	c := &client{t: t, s: s, tab: "one"}
	q := request{Op: "save", ID: p.Source.ID, Base: revision(&p), Target: "New.", State: "reviewed"}
	if r := c.send(q)[0]; r.OK || !r.Retry || !strings.Contains(r.Error, "disk is full") {
		t.Errorf("%+v", r)
	}
	// The page asks again: the file has the text, the memory must get it, too.
	m.full = false
	if r := c.send(q)[0]; !r.OK || len(m.saved) != 1 || m.saved[0].Target != "New." {
		t.Errorf("%+v, in the memory: %+v", r, m.saved)
	}
}

// TestLargeFile changes a document of which a change writes its own unit
// alone: the file is the one that writing everything gives.
func TestLargeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.xlf")
	writeXLIFF(t, path, blocks(many(large+10, func(i int) int { return i })))
	s, err := newServer(Options{Files: []string{path}, Editor: "marie"})
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, s: s, tab: "one"}
	text := readXLIFF(t, path)
	at := func(i int) request {
		p := &s.files[0].texts[0].Pairs[i]
		return request{ID: p.Source.ID, Base: revision(p)}
	}
	whole := func(what string) {
		t.Helper()
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want, err := output.NewXLIFF(s.files[0].texts)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(data, want.Text()) {
			t.Errorf("%s: the file is not what writing everything gives", what)
		}
	}
	for i, target := range []string{"One < & longer than it was before.", "Two.", "Three ’é."} {
		q := at(i * 700)
		q.Op, q.Target, q.State = "save", target, "reviewed"
		if r := c.send(q)[0]; !r.OK {
			t.Fatalf("save: %+v", r)
		}
		whole("save")
	}
	q := at(5)
	q.Op, q.SourceAt, q.TargetAt = "split", strings.Index(text.Pairs[5].Source.Text, "a parlé"), 7
	if r := c.send(q)[0]; !r.OK {
		t.Fatalf("split: %+v", r)
	}
	whole("split")
	q, r := at(5), at(800)
	q.Op = "merge"
	r.Op, r.Target, r.State = "save", "In the same batch.", "final"
	for _, r := range c.send(q, r) {
		if !r.OK {
			t.Fatalf("merge and save: %+v", r)
		}
	}
	whole("merge and save")
	for range 4 {
		if r := c.send(request{Op: "undo"})[0]; !r.OK {
			t.Fatalf("undo: %+v", r)
		}
		whole("undo")
	}
	// A file that another program changed meanwhile is written as a whole.
	other := readXLIFF(t, path)
	other.Pairs[9].Target = "Changed elsewhere."
	writeXLIFF(t, path, other)
	q = at(3)
	q.Op, q.Target, q.State = "save", "After that.", "reviewed"
	if r := c.send(q)[0]; !r.OK {
		t.Fatalf("save: %+v", r)
	}
	whole("after another program")
	if got := readXLIFF(t, path).Pairs; got[9].Target != "Changed elsewhere." || got[3].Target != "After that." {
		t.Errorf("%q, %q", got[9].Target, got[3].Target)
	}
}

// TestUndoOfOne: an undo that names its change takes back no other one, and
// none of another document.
func TestUndoOfOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.xlf")
	writeXLIFF(t, path, bitext(t, "a", "Un. | One."), bitext(t, "b", "Deux. | Two."))
	s, err := newServer(Options{Files: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, s: s, tab: "one"}
	target := func() string { return s.files[0].texts[0].Pairs[0].Target }
	p := &s.files[0].texts[0].Pairs[0]
	if r := c.send(request{Key: "first", Op: "save", ID: p.Source.ID, Base: revision(p), Target: "1.", State: "reviewed"})[0]; !r.OK {
		t.Fatalf("%+v", r)
	}
	if r := c.send(request{Op: "undo", Of: "another"})[0]; r.OK || target() != "1." {
		t.Errorf("an undo took back another change: %+v", r)
	}
	if r := c.send(request{Op: "undo", Document: 1})[0]; r.OK || target() != "1." {
		t.Errorf("an undo reached another document: %+v", r)
	}
	if r := c.send(request{Op: "undo", Of: "first"})[0]; !r.OK || target() != "One." {
		t.Errorf("undo: %+v, %q", r, target())
	}
}

// TestAtOnce sends changes to all segments from many tabs at the same time.
func TestAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.xlf")
	b := many(60, func(i int) int { return i })
	writeXLIFF(t, path, blocks(b))
	s, err := newServer(Options{Files: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	b = readXLIFF(t, path)
	var wg sync.WaitGroup
	for i := range b.Pairs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c := &client{t: t, s: s, tab: fmt.Sprint("tab", i)}
			p := b.Pairs[i]
			if r := c.send(request{Op: "save", ID: p.Source.ID, Base: revision(&p), Target: fmt.Sprint("Edit ", i), State: "reviewed"})[0]; !r.OK {
				t.Errorf("%d: %+v", i, r)
			}
		}()
	}
	wg.Wait()
	for i, p := range readXLIFF(t, path).Pairs {
		if p.Target != fmt.Sprint("Edit ", i) {
			t.Errorf("%d: %q", i, p.Target)
		}
	}
}

// blocks gives every pair of a bitext a paragraph of its own.
func blocks(b *translate.Bitext) *translate.Bitext {
	for i := range b.Pairs {
		p := &b.Pairs[i]
		p.Source.Span.End = len(p.Source.Text)
		p.Block = i
		b.Document.Blocks = append(b.Document.Blocks, blockOf(p))
	}
	return b
}

func BenchmarkSave10000(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.xlf")
	writeXLIFF(b, path, blocks(many(10000, func(i int) int { return i })))
	s, err := newServer(Options{Files: []string{path}})
	if err != nil {
		b.Fatal(err)
	}
	c := &client{t: b, s: s, tab: "one"}
	text := readXLIFF(b, path)
	i := 0
	for b.Loop() {
		p := text.Pairs[i]
		if r := c.send(request{Op: "save", ID: p.Source.ID, Base: revision(&p), Target: fmt.Sprint("Edit ", i, time.Now().UnixNano()), State: "reviewed"})[0]; !r.OK {
			b.Fatal(r.Error)
		}
		i++
	}
}
