package review

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"depeche/translate"
)

// TestAxe asks axe-core about both pages. It is not part of the module: npm
// pack axe-core gives it, and AXE names its axe.min.js.
func TestAxe(t *testing.T) {
	if os.Getenv("AXE") == "" {
		t.Skip("AXE names no axe.min.js")
	}
	axe, err := os.ReadFile(os.Getenv("AXE"))
	if err != nil {
		t.Fatal(err)
	}
	b := browser(t)
	d := newDesk(t, longDispatch, checked)
	p := open(t, b, d.url)
	audit := func(p *tab, state string) {
		t.Helper()
		js[bool](p, string(axe)+"; true")
		js[bool](p, `(() => { window.violations = null; axe.run().then((r) => { violations = r.violations.map((v) => v.id + ": " + v.help + " " + v.nodes.map((n) => n.html.slice(0, 120) + " " + (n.any[0]?.message || "")).join(" | ")); }); return true; })()`)
		p.wait(`window.violations !== null`)
		for _, v := range js[[]string](p, `violations`) {
			t.Errorf("%s: %s", state, v)
		}
	}
	for _, scheme := range []string{"light", "dark"} {
		p.protocol("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}})
		audit(p, scheme+" list")
		p.keys("n")
		audit(p, scheme+" finding")
		p.keys("e")
		audit(p, scheme+" edit")
		p.press("Escape", 0)
		p.keys("c")
		audit(p, scheme+" comment")
		p.press("Escape", 0)
		p.keys("s")
		audit(p, scheme+" split")
		p.press("Escape", 0)
		p.keys("?")
		audit(p, scheme+" keys")
		p.keys("?")
	}
	p.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	audit(p, "phone")

	old, new := bitext(t, "a.xlf", "Un | One\nDeux mots ici | Two words here"), bitext(t, "a.xlf", "Un | The one\nDeux mots ici | Two words there")
	var out bytes.Buffer
	if err := Diff([]*translate.Bitext{old}, []*translate.Bitext{new}).HTML(&out); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "diff.html")
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(b)
	defer cancel()
	q := &tab{t, ctx}
	q.do(chromedp.Navigate("file://" + path))
	q.wait(`document.querySelector(".change")`)
	audit(q, "differences")
}
