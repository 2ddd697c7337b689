package review

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"depeche/translate"
)

// browser starts Debian's chromium, or skips.
func browser(t testing.TB) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is absent: the page is not tested in a browser")
	}
	o := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1400, 900))
	ctx, cancel := context.WithTimeout(context.Background(), 120*time.Second)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, o...)
	t.Cleanup(cancel)
	return ctx
}

// tab is one tab of the browser, at the review page.
type tab struct {
	t   testing.TB
	ctx context.Context
}

func open(t testing.TB, browser context.Context, url string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	p := &tab{t, ctx}
	p.do(chromedp.Navigate(url))
	p.wait(`document.getElementById("position")?.textContent.startsWith("Segment")`)
	return p
}

func (p *tab) do(a chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, a); err != nil {
		p.t.Fatal(err)
	}
}

// protocol sends a command of the DevTools protocol.
func (p *tab) protocol(method string, params any) {
	p.t.Helper()
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		var answer map[string]any
		return chromedp.Void{}, t.Call(ctx, method, params, &answer)
	})
}

func js[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// wait waits until the expression holds.
func (p *tab) wait(expression string) {
	p.t.Helper()
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(25 * time.Millisecond) {
		v, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if err == nil && v {
			return
		}
		if time.Now().After(end) {
			p.shot("failed")
			p.t.Fatalf("never: %s (%v)\n%s", expression, err, js[string](p, `document.getElementById("saved").textContent + " | " + document.getElementById("position").textContent + " | " + document.getElementById("target").textContent`))
		}
	}
}

func (p *tab) keys(s string) {
	p.t.Helper()
	for _, r := range s {
		p.press(string(r), 0)
	}
}

// press sends one key as a keyboard does: a page that takes the key for itself
// leaves no character behind.
func (p *tab) press(key string, modifiers int) {
	p.t.Helper()
	text := key
	switch {
	case key == "Enter":
		text = "\r"
	case len(key) > 1:
		text = ""
	}
	if modifiers != 0 {
		text = ""
	}
	code := map[string]int{"Enter": 13, "Escape": 27}[key]
	p.protocol("Input.dispatchKeyEvent", map[string]any{"type": "keyDown", "key": key, "text": text, "modifiers": modifiers, "windowsVirtualKeyCode": code})
	p.protocol("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "modifiers": modifiers, "windowsVirtualKeyCode": code})
}

// at waits for the nth segment.
func (p *tab) at(n int) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`document.getElementById("position").textContent.startsWith("Segment %d ")`, n))
}

func (p *tab) saved() {
	p.t.Helper()
	p.wait(`document.getElementById("saved").textContent === "Saved"`)
}

// write types a text in place of what the editing field holds.
func (p *tab) write(text string) {
	p.t.Helper()
	p.wait(`!document.getElementById("edit").hidden`)
	js[bool](p, `(() => { const e = document.getElementById("edit"); e.focus(); e.select(); return true; })()`)
	p.do(chromedp.KeyEvent(text))
}

func (p *tab) accept() { p.t.Helper(); p.press("Enter", 2) }

// shot keeps a picture where SHOTS names a folder.
func (p *tab) shot(name string) {
	p.t.Helper()
	dir := os.Getenv("SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Log(err)
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		p.t.Error(err)
	}
}

func TestKeyboard(t *testing.T) {
	d := newDesk(t, dispatch)
	p := open(t, browser(t), d.url)
	p.shot("page")
	on := func(i int) translate.Pair { return readXLIFF(t, d.path).Pairs[i] }

	// Going.
	p.at(1)
	p.keys("jj")
	p.at(3)
	p.keys("k")
	p.at(2)

	// Accept; the file has it when the page says so.
	p.keys("k")
	p.at(1)
	p.keys("a")
	p.at(2)
	p.saved()
	if got := on(0); got.State != translate.Reviewed || got.Origin.Kind != translate.Machine {
		t.Errorf("accepted: %+v", got)
	}
	if n := js[string](p, `document.querySelector("#documents small").textContent`); !strings.HasPrefix(n, "1 of 6") {
		t.Errorf("progress: %s", n)
	}

	// Edit and accept in one go.
	p.keys("e")
	p.write("More than 240,000 people have died.")
	p.accept()
	p.at(3)
	p.saved()
	if got := on(1); got.Target != "More than 240,000 people have died." || got.State != translate.Reviewed || got.Origin.By != "marie" {
		t.Errorf("edited: %+v", got)
	}
	// What the machine said stands against it.
	p.keys("k")
	p.at(2)
	p.wait(`document.querySelector("#machine del")?.textContent === "24,000" && document.querySelector("#machine ins").textContent === "240,000"`)
	p.shot("machine-against-edit")

	// Undo twice: the edit, then the accepted one.
	p.keys("u")
	p.wait(`document.getElementById("target").textContent === "More than 24,000 people have died."`)
	p.saved()
	if got := on(1); got.Target != "More than 24,000 people have died." || got.Origin.Kind != translate.Machine {
		t.Errorf("undone: %+v", got)
	}
	p.keys("u")
	p.at(1)
	p.saved()
	if got := on(0); got.State != translate.Translated {
		t.Errorf("undone: %+v", got)
	}

	// Escape keeps what was typed, without accepting it.
	p.press("Enter", 0)
	p.write("“It is not realistic,” Mr. Lavrov said.")
	p.press("Escape", 0)
	p.saved()
	if got := on(0); got.Target != "“It is not realistic,” Mr. Lavrov said." || got.State != translate.Translated || got.Origin.Kind != translate.Human {
		t.Errorf("kept: %+v", got)
	}

	// A comment.
	p.keys("c")
	p.wait(`document.activeElement.id === "note"`)
	p.do(chromedp.KeyEvent("Ask Moscow"))
	p.press("Enter", 2)
	p.wait(`document.getElementById("comment-line").textContent === "Ask Moscow"`)
	p.saved()
	if got := on(0); got.Comment != "Ask Moscow" {
		t.Errorf("comment: %+v", got)
	}
	// The memory has the edit, too.
	found, err := d.memory.Lookup(t.Context(), query(readXLIFF(t, d.path), 0))
	if err != nil || len(found) == 0 || found[0].Target != on(0).Target {
		t.Errorf("memory: %+v %v", found, err)
	}
	p.keys("?")
	p.wait(`!document.getElementById("keys").hidden`)
	p.shot("keys")
}

func TestFindingsAndFilters(t *testing.T) {
	d := newDesk(t, dispatch, checked)
	p := open(t, browser(t), d.url)
	p.keys("jj")
	p.keys("kk")
	p.keys("n")
	p.at(2)
	// The wrong number is marked in both texts, and the finding says what.
	p.wait(`document.querySelector("#source mark.error")?.textContent === "240.000" && document.querySelector("#target mark.error")?.textContent === "24,000"`)
	p.wait(`document.querySelector("#findings .error")?.textContent.includes("240.000 became 24,000")`)
	p.shot("finding")
	// The suggestion is one key away.
	p.keys("g")
	p.wait(`document.getElementById("edit").value === "More than 240,000 people have died."`)
	p.wait(`document.querySelectorAll("#findings li").length === 0`) // checked while typing
	p.accept()
	p.saved()

	// Filter by finding: Daesh is forbidden… here missing its term.
	js[bool](p, `(() => { const s = document.getElementById("finding"); s.value = "any"; s.dispatchEvent(new Event("change")); return true; })()`)
	p.wait(`document.getElementById("source").textContent.startsWith("Daesh")`)
	p.wait(`document.querySelector("#terms")?.textContent.includes("ISIS")`)
	js[bool](p, `(() => { const s = document.getElementById("finding"); s.value = ""; s.dispatchEvent(new Event("change")); const st = document.getElementById("state"); st.value = "reviewed"; st.dispatchEvent(new Event("change")); return true; })()`)
	p.at(2)
	p.wait(`document.getElementById("position").textContent.includes("1 of 1 shown")`)
	js[bool](p, `(() => { const st = document.getElementById("state"); st.value = ""; st.dispatchEvent(new Event("change")); document.activeElement.blur(); return true; })()`)
	// Search goes over both languages, without accents.
	p.keys("/")
	p.wait(`document.activeElement.id === "search"`)
	p.do(chromedp.KeyEvent("president"))
	p.wait(`document.getElementById("position").textContent.includes("1 of 1 shown")`)
	p.at(3)
}

// checked runs the checks before the page opens, as translate does.
func checked(o *Options) {
	for _, path := range o.Files {
		f, err := openFile(path)
		if err != nil {
			panic(err)
		}
		s := &server{Options: *o, terms: o.Glossary}
		c := &change{apply: func(f *file) error { return nil }}
		c.apply = func(f *file) error {
			for _, b := range f.texts {
				for i := range b.Pairs {
					s.check(b, &b.Pairs[i])
				}
			}
			c.changed = true
			return nil
		}
		if f.do(context.Background(), nil, c); c.err != nil {
			panic(c.err)
		}
	}
}

func TestMemoryTermsConcordance(t *testing.T) {
	d := newDesk(t, dispatch)
	// A near match of the third segment and something for the concordance.
	other := bitext(t, "archive.txt", "Le président a parlé. Le ministre a refusé. | The president spoke. The minister refused.\nLe cessez-le-feu tient. | The truce holds.")
	for i := range other.Pairs {
		other.Pairs[i].Origin = translate.Origin{Kind: translate.Human, By: "paul"}
		if err := d.memory.Save(t.Context(), []translate.Entry{Entry(other, i)}); err != nil {
			t.Fatal(err)
		}
	}
	p := open(t, browser(t), d.url)
	p.keys("jj")
	p.at(3)
	p.wait(`document.querySelector("#memory del")?.textContent === "refusé" && document.querySelector("#memory ins")?.textContent === "répondu"`)
	p.shot("memory")
	p.keys("1")
	p.wait(`document.getElementById("edit").value === "The president spoke. The minister refused."`)
	p.press("Escape", 0)
	p.saved()
	p.keys("u")
	p.wait(`document.getElementById("target").textContent === "The president spoke. The minister answered."`)

	// Concordance of the selection.
	js[bool](p, `(() => { const r = document.createRange(), n = document.getElementById("source").firstChild; r.setStart(n, 3); r.setEnd(n, 12); getSelection().removeAllRanges(); getSelection().addRange(r); return true; })()`)
	p.keys("o")
	p.wait(`document.getElementById("words").value === "président" && document.querySelector("#found mark")?.textContent === "président"`)
	if _, ok := any(d.memory).(Concordancer); ok {
		p.wait(`document.getElementById("found").textContent.includes("refusé")`)
	}

	// A term from the selection: the glossary has it and the page shows it.
	p.keys("t")
	p.wait(`document.activeElement.id === "term-source" && document.activeElement.value === "président"`)
	js[bool](p, `(() => { document.getElementById("term-target").focus(); return true; })()`)
	p.do(chromedp.KeyEvent("chairman"))
	p.press("Enter", 0)
	p.wait(`document.getElementById("terms").textContent.includes("chairman")`)
	p.wait(`document.getElementById("findings").textContent.includes("chairman")`)
	p.shot("term")
}

func TestSplitAndJoin(t *testing.T) {
	d := newDesk(t, dispatch)
	p := open(t, browser(t), d.url)
	p.keys("jj")
	p.at(3)
	p.keys("s")
	p.wait(`document.activeElement.id === "split-source"`)
	p.wait(`document.getElementById("split-source-text").textContent.replace(/\s+/g, " ") === "Le président a parlé. ✂ Le ministre a répondu."`)
	p.shot("split")
	p.press("Enter", 0)
	p.wait(`document.getElementById("source").textContent === "Le président a parlé."`)
	p.saved()
	if b := readXLIFF(t, d.path); len(b.Pairs) != 7 || b.Pairs[3].Target != "The minister answered." {
		t.Errorf("split: %+v", b.Pairs)
	}
	p.keys("m")
	p.wait(`document.getElementById("source").textContent === "Le président a parlé. Le ministre a répondu."`)
	p.saved()
	if b := readXLIFF(t, d.path); len(b.Pairs) != 6 || b.Pairs[2].Target != "The president spoke. The minister answered." {
		t.Errorf("join: %+v", b.Pairs)
	}
}

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

// TestAccessible looks at what a screen reader and a phone get.
func TestAccessible(t *testing.T) {
	d := newDesk(t, dispatch, checked)
	p := open(t, browser(t), d.url)
	p.keys("j")
	p.at(2)
	p.wait(`document.getElementById("say").textContent.includes("Plus de 240.000")`) // it is spoken
	nameless := js[[]string](p, `[...document.querySelectorAll("button, input, select, textarea, progress")].filter((e) => !(e.textContent.trim() || e.getAttribute("aria-label") || (e.labels && e.labels.length))).map((e) => e.outerHTML)`)
	if len(nameless) > 0 {
		t.Errorf("controls without a name: %v", nameless)
	}
	if langs := js[string](p, `document.getElementById("source").lang + document.getElementById("target").lang`); langs != "fren" {
		t.Errorf("languages: %s", langs)
	}
	if n := js[int](p, `new Set([...document.querySelectorAll("[id]")].map((e) => e.id)).size - document.querySelectorAll("[id]").length`); n != 0 {
		t.Errorf("%d doubled ids", -n)
	}
	// Nothing is loaded from elsewhere, and the policy stopped nothing.
	if urls := js[[]string](p, `performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !n.startsWith(location.origin))`); len(urls) > 0 {
		t.Errorf("from elsewhere: %v", urls)
	}
	// Only Tab and Enter: the buttons do what the keys do.
	js[bool](p, `document.getElementById("accept").focus(), true`)
	p.press("Enter", 0)
	p.at(3)
	p.saved()
	p.protocol("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": "dark"}}})
	p.keys("k")
	p.shot("dark")
	p.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	p.shot("phone")
	if wide := js[int](p, `document.documentElement.scrollWidth`); wide > 390 {
		t.Errorf("the page is %d pixels wide on a phone of 390", wide)
	}
	if small := js[int](p, `[...document.querySelectorAll(".buttons button")].filter((b) => b.offsetParent && b.getBoundingClientRect().height < 40).length`); small > 0 {
		t.Errorf("%d buttons are too small for fingers", small)
	}
}

// BenchmarkKeyPress10000 measures from a key press to the painted segment in
// a document of 10,000 segments, and what a press costs the page in processor
// time, which other work on the machine does not lengthen: cpu-ms/press is all
// that the page's thread did, saving included, script-ms/press its script.
func BenchmarkKeyPress10000(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.xlf")
	writeXLIFF(b, path, blocks(many(10000, func(i int) int { return i })))
	d := &desk{path: path}
	d.serve(b, Options{Files: []string{path}})
	defer d.stop()
	p := open(b, browser(b), d.url)
	js[bool](p, `(() => { window.worst = 0; window.total = 0; window.presses = 0; window.handler = 0; document.addEventListener("keydown", (e) => { const t = e.timeStamp; window.began = performance.now(); requestAnimationFrame(() => { const m = new MessageChannel(); m.port1.onmessage = () => { const d = performance.now() - t; worst = Math.max(worst, d); total += d; presses++; }; m.port2.postMessage(0); }); }, true); addEventListener("keydown", () => { handler = Math.max(handler, performance.now() - began); }); return true; })()`)
	p.protocol("Performance.enable", map[string]any{"timeDomain": "threadTicks"})
	before := p.metrics()
	for b.Loop() {
		p.keys("ja")
	}
	p.saved()
	after := p.metrics()
	p.keys("/")
	searching := p.metrics()
	const word = "minister 99"
	p.do(chromedp.KeyEvent(word))
	found := p.metrics()
	presses := js[float64](p, `window.presses`)
	b.ReportMetric(1000*(found["TaskDuration"]-searching["TaskDuration"])/float64(len(word)), "search-cpu-ms/press")
	b.ReportMetric(js[float64](p, `window.worst`), "worst-ms/press")
	b.ReportMetric(js[float64](p, `window.total`)/presses, "ms/press")
	b.ReportMetric(js[float64](p, `window.handler`), "worst-script-ms")
	b.ReportMetric(1000*(after["TaskDuration"]-before["TaskDuration"])/presses, "cpu-ms/press")
	b.ReportMetric(1000*(after["ScriptDuration"]-before["ScriptDuration"])/presses, "script-ms/press")
	b.ReportMetric(1000*(after["LayoutDuration"]-before["LayoutDuration"]+after["RecalcStyleDuration"]-before["RecalcStyleDuration"])/presses, "layout-ms/press")
}

// metrics are the browser's own counts for the tab, in seconds.
func (p *tab) metrics() map[string]float64 {
	p.t.Helper()
	out := make(map[string]float64)
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		var answer struct {
			Metrics []struct {
				Name  string  `json:"name"`
				Value float64 `json:"value"`
			} `json:"metrics"`
		}
		err := t.Call(ctx, "Performance.getMetrics", map[string]any{}, &answer)
		for _, m := range answer.Metrics {
			out[m.Name] = m.Value
		}
		return chromedp.Void{}, err
	})
	return out
}
