package review

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"depeche/translate"
)

// TestDiffPage opens the page of differences from a file, as an editor who was
// sent it does: keys jump, boxes filter, nothing is loaded.
func TestDiffPage(t *testing.T) {
	b := browser(t)
	old := bitext(t, "a.xlf", "Il y a 240.000 morts à Homs. | There are 240,000 dead in Homs.\nLe président a parlé. Le ministre a répondu. | The president spoke. The minister answered.\nDeux pays sont concernés. | Two countries are concerned.\nTrois villes tombent aujourd'hui. | Three cities fall today.")
	new := bitext(t, "a.xlf", "Trois villes tombent aujourd'hui. | Three cities fall today.\nIl y a 240.000 morts à Homs. | There are 24,000 dead in Homs. | human:Marie | reviewed\nLe président a parlé. | The president spoke.\nLe ministre a répondu. | The minister answered.\nDeux pays sont concernés. | Two countries are concerned.")
	d := Diff([]*translate.Bitext{old}, []*translate.Bitext{new})
	var out bytes.Buffer
	if err := d.HTML(&out); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "diff.html")
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(b)
	defer cancel()
	p := &tab{t, ctx}
	p.do(chromedp.Navigate("file://" + path))
	p.wait(`document.querySelectorAll(".change:not([hidden])").length === 3`)
	label := func() string { return js[string](p, `document.activeElement.getAttribute("aria-label") || ""`) }
	p.keys("j")
	first := label()
	p.keys("j")
	if second := label(); first == "" || second == first {
		t.Errorf("j does not jump: %q, %q", first, second)
	}
	p.keys("k")
	if again := label(); again != first {
		t.Errorf("k does not jump back: %q", again)
	}
	js[bool](p, `document.querySelector('#kinds input[value="moved"]').click(), true`)
	p.wait(`document.querySelectorAll(".change:not([hidden])").length === 2 && !document.querySelector('.change[data-kind="moved"]:not([hidden])')`)
	if del, ins := js[string](p, `document.querySelector('[data-kind="target"] del').textContent`), js[string](p, `document.querySelector('[data-kind="target"] ins').textContent`); del != "240,000" || ins != "24,000" {
		t.Errorf("marked: %q, %q", del, ins)
	}
	if n := js[int](p, `performance.getEntriesByType("resource").length`); n != 0 {
		t.Errorf("%d things were loaded", n)
	}
	p.shot("diff")
	p.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	if wide := js[int](p, `document.documentElement.scrollWidth`); wide > 390 {
		t.Errorf("the page is %d pixels wide on a phone of 390", wide)
	}
}
