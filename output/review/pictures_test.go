package review

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"depeche/translate"
)

const longDispatch = `Russie/USA : continuer à se parler pour trouver un compromis sur la Syrie (Lavrov) | Russia/US: keep talking to find a compromise on Syria (Lavrov)
"Des discussions entre les ministères de la Défense, entre les ministères des Affaires étrangères", vont avoir lieu pour "rendre la destruction de Daesh plus réalisable". | “Discussions between the ministries of defense, between the ministries of foreign affairs” will take place to “make the destruction of Daesh more feasible.”
Moscou et Washington vont continuer à se parler pour trouver un compromis dans le dossier syrien, c'est ce qu'a déclaré mardi le chef de la diplomatie russe Sergueï Lavrov après la rencontre Obama-Poutine. | Moscow and Washington will continue to talk to find a compromise on the Syrian issue, Russian Foreign Minister Sergei Lavrov said on Wednesday after the Obama-Putin meeting.
"Ce n'est pas réaliste. Le président Poutine l'a signifié très clairement", a déclaré M. Lavrov. | “This is not realistic. President Putin made that very clear,” Mr. Lavrov said.
Barack Obama a reconnu que "les Etats-Unis étaient prêts à travailler avec tous les pays, y compris la Russie et l'Iran", dans l'espoir de trouver une porte de sortie à la guerre qui a fait plus de 240.000 morts en quatre ans et demi. | Barack Obama acknowledged that “the United States was ready to work with all countries, including Russia and Iran,” in the hope of finding a way out of the war that has killed more than 24,000 people in four and a half years.
Avec AFP | With AFP`

// TestPictures takes pictures of the page in each of its states, for people to
// look at: SHOTS names the folder for them.
func TestPictures(t *testing.T) {
	if os.Getenv("SHOTS") == "" {
		t.Skip("SHOTS names no folder for pictures")
	}
	for _, look := range []struct {
		name, scheme string
		width        int64
	}{{"wide", "light", 1400}, {"wide-dark", "dark", 1400}, {"phone", "light", 390}, {"phone-dark", "dark", 390}} {
		d := newDesk(t, longDispatch, checked)
		other := bitext(t, "archive.txt", `"Ce n'est pas réaliste. Le président Assad l'a signifié très clairement", a déclaré M. Lavrov. | “It is unrealistic. President Assad made it quite clear,” Mr. Lavrov said. | human:paul`)
		if err := d.memory.Save(t.Context(), []translate.Entry{Entry(other, 0)}); err != nil {
			t.Fatal(err)
		}
		p := open(t, browser(t), d.url)
		p.protocol("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": look.scheme}}})
		if look.width < 500 {
			p.do(chromedp.EmulateViewport(look.width, 844, chromedp.EmulateMobile))
		}
		shot := func(state string) { t.Helper(); p.shot(fmt.Sprintf("%s-%s", look.name, state)) }
		shot("list")
		p.keys("j")
		shot("term-finding")
		p.keys("jjj")
		p.at(5)
		shot("finding")
		p.keys("e")
		p.wait(`!document.getElementById("edit").hidden`)
		shot("edit")
		p.press("Escape", 0)
		p.keys("k")
		p.at(4)
		p.wait(`document.querySelector("#memory del")`)
		shot("memory")
		p.keys("c")
		p.wait(`document.activeElement.id === "note"`)
		p.do(chromedp.KeyEvent("Ask Moscow whether he said it in English."))
		shot("comment")
		p.press("Enter", 2)
		p.saved()
		shot("commented")
		p.keys("s")
		p.wait(`document.activeElement.id === "split-source"`)
		shot("split")
		p.press("Enter", 0)
		p.wait(`document.querySelector("#position").textContent.includes("of 7")`)
		shot("after-split")
		p.keys("m")
		p.wait(`document.querySelector("#position").textContent.includes("of 6")`)
		p.keys("kk")
		p.at(2)
		js[bool](p, `(() => { const r = document.createRange(), w = document.createTreeWalker(document.getElementById("source"), NodeFilter.SHOW_TEXT); let n; while ((n = w.nextNode())) { const i = n.data.indexOf("Défense"); if (i >= 0) { r.setStart(n, i); r.setEnd(n, i + 7); } } getSelection().removeAllRanges(); getSelection().addRange(r); return true; })()`)
		p.keys("o")
		p.wait(`document.querySelector("#found mark")`)
		shot("concordance")
		p.keys("t")
		p.wait(`document.activeElement.id === "term-source"`)
		shot("term")
		p.press("Escape", 0)
		p.keys("/")
		p.do(chromedp.KeyEvent("obama"))
		p.wait(`document.getElementById("position").textContent.includes("shown")`)
		shot("search")
		js[bool](p, `(() => { const s = document.getElementById("search"); s.value = ""; s.dispatchEvent(new Event("input")); document.getElementById("segment").focus(); return true; })()`)
		// Somebody else writes the segment while it is edited.
		p.keys("e")
		p.write("My text of this segment.")
		text := readXLIFF(t, d.path)
		at := js[int](p, `+document.getElementById("position").textContent.match(/\d+/)[0]`) - 1
		text.Pairs[at].Target, text.Pairs[at].Findings, text.Pairs[at].Terms = "Another program’s text.", nil, nil
		js[bool](p, `(() => { window.fetch = ((f) => (u, o) => String(u).includes("/api/document") ? new Promise(() => {}) : f(u, o))(window.fetch); return true; })()`)
		writeXLIFF(t, d.path, text)
		p.press("Escape", 0)
		p.wait(`!document.getElementById("conflict").hidden`)
		shot("conflict")
		js[bool](p, `document.getElementById("keep-mine").click(), true`)
		p.saved()
		d.stop()
		p.keys("jac")
		p.wait(`document.getElementById("saved").className === "bad"`)
		shot("lost-connection")
	}
}
