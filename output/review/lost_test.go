package review

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"depeche/translate"
)

// TestNothingIsLost: two tabs, a file changed on disk, a lost connection.
func TestNothingIsLost(t *testing.T) {
	d := newDesk(t, dispatch)
	b := browser(t)
	one := open(t, b, d.url)
	ctx, cancel := chromedp.NewContext(one.ctx) // the same browser
	defer cancel()
	two := &tab{t, ctx}
	two.do(chromedp.Navigate(d.url))
	two.at(1)

	// The second tab is writing while the first one saves the same segment.
	two.keys("e")
	two.write("The second tab’s text.")
	one.keys("e")
	one.write("The first tab’s text.")
	one.press("Escape", 0)
	one.saved()
	two.wait(`document.getElementById("edit").value === "The second tab’s text."`)
	two.press("Escape", 0)
	time.Sleep(300 * time.Millisecond)
	// Either the second tab saw the first one's text and saved on top of it,
	// or it is asked; silently it may not win.
	if js[bool](two, `!document.getElementById("conflict").hidden`) {
		two.shot("conflict")
		js[bool](two, `document.getElementById("keep-mine").click(), true`)
	}
	two.saved()
	if got := readXLIFF(t, d.path).Pairs[0].Target; got != "The second tab’s text." {
		t.Errorf("two tabs: %q", got)
	}
	one.wait(`document.getElementById("target").textContent === "The second tab’s text."`) // it hears of it

	// Another program changes the file: the page shows it.
	text := readXLIFF(t, d.path)
	text.Pairs[4].Target = "Changed on disk."
	writeXLIFF(t, d.path, text)
	one.keys("jjjj")
	one.at(5)
	one.wait(`document.getElementById("target").textContent === "Changed on disk."`)

	// While the page loads a change, the editor goes on: it does not pull him back.
	js[bool](one, `(() => { const f = window.fetch; window.fetch = async (u, o) => { if (String(u).includes("/api/document")) { window.fetch = f; window.asked = true; await new Promise((r) => setTimeout(r, 400)); const a = await f(u, o); setTimeout(() => { window.answered = true; }, 100); return a; } return f(u, o); }; return true; })()`)
	text.Pairs[3].Target = "Changed on disk, too."
	writeXLIFF(t, d.path, text)
	one.wait(`window.asked`)
	one.keys("kk")
	one.at(3)
	one.wait(`window.answered`)
	one.at(3)
	one.keys("jj")
	one.at(5)

	// The connection is lost: the page says that nothing is saved, and saves
	// when it is back.
	offline := func(on bool) {
		one.protocol("Network.enable", map[string]any{})
		one.protocol("Network.emulateNetworkConditions", map[string]any{"offline": on, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
	}
	offline(true)
	one.keys("e")
	one.write("Written without a connection.")
	one.press("Escape", 0)
	one.wait(`document.getElementById("saved").textContent.startsWith("Not saved (1)")`)
	one.shot("offline")
	if got := readXLIFF(t, d.path).Pairs[4].Target; got != "Changed on disk." {
		t.Errorf("offline: %q", got)
	}
	one.keys("e")
	one.write("Written twice without a connection.")
	one.press("Escape", 0)
	one.wait(`document.getElementById("saved").textContent.startsWith("Not saved (2)")`)
	offline(false)
	one.saved()
	if !js[bool](one, `document.getElementById("conflict").hidden`) {
		t.Error("an editor is in conflict with himself")
	}
	if got := readXLIFF(t, d.path).Pairs[4].Target; got != "Written twice without a connection." {
		t.Errorf("online again: %q", got)
	}
}

// TestServer is no test but the server that TestKilledServer kills.
func TestServer(t *testing.T) {
	path := os.Getenv("REVIEW_SERVER")
	if path == "" {
		t.Skip("only run by TestKilledServer")
	}
	err := Serve(t.Context(), Options{Files: []string{path}, Editor: "marie", Drafts: filepath.Join(filepath.Dir(path), "drafts"),
		Ready: func(url string) { os.WriteFile(path+".url", []byte(url), 0o600) }})
	if err != nil {
		t.Fatal(err)
	}
}

func TestKilledServer(t *testing.T) {
	b := browser(t)
	path := filepath.Join(t.TempDir(), "lavrov.xlf")
	writeXLIFF(t, path, bitext(t, "lavrov.txt", dispatch))
	start := func() (*exec.Cmd, string) {
		os.Remove(path + ".url")
		cmd := exec.Command(os.Args[0], "-test.run=^TestServer$")
		cmd.Env = append(os.Environ(), "REVIEW_SERVER="+path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for range 400 {
			if url, err := os.ReadFile(path + ".url"); err == nil && len(url) > 0 {
				return cmd, string(url)
			}
			time.Sleep(25 * time.Millisecond)
		}
		t.Fatal("the server did not start")
		return nil, ""
	}
	cmd, url := start()
	p := open(t, b, url)
	p.keys("e")
	p.write("Saved before the kill.")
	p.accept()
	p.at(2)
	p.saved()
	p.keys("e")
	p.write("Typed, not saved.")
	time.Sleep(600 * time.Millisecond) // drafts are sent after a third of a second
	cmd.Process.Kill()
	cmd.Wait()
	if got := readXLIFF(t, path).Pairs[0].Target; got != "Saved before the kill." {
		t.Errorf("what was saved is lost: %q", got)
	}
	// In another tab the draft is there when the server is.
	cmd, url = start()
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	q := open(t, b, url)
	q.at(2)
	q.wait(`document.getElementById("draft")`)
	q.shot("draft")
	js[bool](q, `document.getElementById("draft").click(), true`)
	q.wait(`document.getElementById("edit").value === "Typed, not saved."`)
	q.accept()
	q.saved()
	if got := readXLIFF(t, path).Pairs[1].Target; got != "Typed, not saved." {
		t.Errorf("the draft: %q", got)
	}

	// Killed once more: what is written without a server waits in the tab, and
	// the next server takes the old one's place.
	cmd.Process.Kill()
	cmd.Wait()
	q.at(3)
	q.keys("e")
	q.write("Written while no server ran.")
	q.press("Escape", 0)
	q.wait(`document.getElementById("saved").textContent.startsWith("Not saved (1)")`)
	again, next := start()
	defer func() { again.Process.Kill(); again.Wait() }()
	if next != url {
		t.Errorf("the new server is at %s, the old one was at %s", next, url)
	}
	q.saved()
	if got := readXLIFF(t, path).Pairs[2].Target; got != "Written while no server ran." {
		t.Errorf("what waited in the tab: %q", got)
	}
}

// TestUndoBeforeTheAnswer: what an editor takes back before the server has
// answered is seen at once, and done in his order.
func TestUndoBeforeTheAnswer(t *testing.T) {
	d := newDesk(t, dispatch)
	p := open(t, browser(t), d.url)
	shown := func(text string) {
		t.Helper()
		if got := js[string](p, `document.getElementById("target").textContent`); got != text {
			t.Errorf("the page shows %q, not %q", got, text)
		}
	}
	edit := func(text string) { p.keys("e"); p.write(text); p.press("Escape", 0) }
	before := readXLIFF(t, d.path).Pairs[0].Target
	js[bool](p, `(() => { const f = window.fetch, held = new Promise((r) => { window.release = r; }); window.fetch = async (u, o) => { if (String(u).includes("/api/changes")) await held; return f(u, o); }; return true; })()`)
	edit("First.")
	shown("First.")
	p.keys("u")
	shown(before)
	edit("Second.")
	edit("Third.")
	p.keys("u")
	shown(before) // two edits that had not left yet are one change
	p.keys("jaj")
	p.keys("u") // the accepted one
	p.at(2)
	edit("Fourth.")
	p.keys("k")
	p.at(1)
	if got := js[string](p, `document.getElementById("saved").textContent`); !strings.HasPrefix(got, "Saving ") {
		t.Errorf("before any answer the page says %q", got)
	}
	if got := readXLIFF(t, d.path).Pairs[0].Target; got != before {
		t.Errorf("on disk: %q", got)
	}
	js[bool](p, `getSelection().selectAllChildren(document.getElementById("source")), release(), true`)
	p.saved()
	shown(before)
	if got := js[string](p, `getSelection().toString()`); !strings.Contains(got, "réaliste") {
		t.Errorf("the answer took the selection away: %q", got)
	}
	if !js[bool](p, `document.getElementById("conflict").hidden`) {
		t.Error("an editor is in conflict with himself")
	}
	if got := readXLIFF(t, d.path).Pairs; got[0].Target != before || got[0].State != translate.Translated || got[1].Target != "Fourth." || got[1].State != translate.Translated {
		t.Errorf("on disk: %+v %+v", got[0], got[1])
	}
	// An undo that the server refuses leaves what is true.
	edit("Fifth.")
	p.saved()
	other := readXLIFF(t, d.path)
	other.Pairs[0].Target = "Changed elsewhere."
	js[bool](p, `(() => { const f = window.fetch; window.fetch = (u, o) => String(u).includes("/api/document") ? new Promise(() => {}) : f(u, o); return true; })()`)
	writeXLIFF(t, d.path, other)
	p.keys("u")
	p.wait(`document.getElementById("target").textContent === "Changed elsewhere."`)
	p.wait(`!document.getElementById("conflict").hidden`)
}
