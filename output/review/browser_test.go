package review

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
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
