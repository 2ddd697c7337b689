package review

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"depeche/translate"
)

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
