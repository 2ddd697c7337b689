package output

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"golang.org/x/net/html"

	"depeche/segment"
	"depeche/translate"
)

// browser is a page in a real browser; the test skips where there is none.
func browser(t *testing.T, width, height int64, page []byte) context.Context {
	t.Helper()
	path := program(t, "chromium")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write(page)
	}))
	t.Cleanup(server.Close)
	dir, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(dir), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height), chromedp.Navigate(server.URL)); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// ask evaluates an expression in the page.
func ask[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// TestPageWorks uses the page as a reader does, with its own policy in force.
func TestPageWorks(t *testing.T) {
	page := write(t, "html", Options{Paragraph: true}, lavrov(t))
	ctx := browser(t, 1400, 900, page)
	const litPair = `(() => { const on = [...document.querySelectorAll(".s.on")]; return on.map((e) => e.closest("[lang]").lang).join(" "); })()`

	do(t, ctx, chromedp.KeyEvent("\t"))
	for range 8 { // past links, to the first sentence
		if ask[bool](t, ctx, `document.activeElement.hasAttribute("data-s")`) {
			break
		}
		do(t, ctx, chromedp.KeyEvent("\t"))
	}
	if got := ask[string](t, ctx, litPair); got != "fr en" {
		t.Errorf("focus on the first sentence lights %q", got)
	}
	first := ask[string](t, ctx, `document.activeElement.dataset.s`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
	if got := ask[string](t, ctx, `document.activeElement.dataset.s`); got == first {
		t.Error("the arrow key does not walk to the next sentence")
	}
	if got := ask[string](t, ctx, litPair); got != "fr en" {
		t.Errorf("walking lights %q", got)
	}

	ask[bool](t, ctx, `(document.querySelector("a.term").focus(), true)`)
	if got := ask[string](t, ctx, `document.getElementById("tip").hidden ? "" : document.getElementById("tip").innerText`); !strings.Contains(got, "Daesh → ISIS") || !strings.Contains(got, "house name") {
		t.Errorf("focus on a term shows %q", got)
	}
	if !ask[bool](t, ctx, `document.getElementById(document.querySelector("a.term").getAttribute("aria-describedby")) !== null`) {
		t.Error("a term is not described")
	}
	do(t, ctx, chromedp.KeyEvent(kb.Escape))
	if !ask[bool](t, ctx, `document.getElementById("tip").hidden`) {
		t.Error("Escape leaves the term's note open")
	}
}

// TestPageLayout measures: side by side on a wide screen, one under the other
// on a phone, never wider than the screen.
func TestPageLayout(t *testing.T) {
	page := write(t, "html", Options{}, lavrov(t))
	for _, c := range []struct {
		width  int64
		beside bool
	}{{1400, true}, {390, false}} {
		ctx := browser(t, c.width, 900, page)
		beside := ask[bool](t, ctx, `(() => { const row = document.querySelector(".paragraph"), a = row.querySelector(".src").getBoundingClientRect(), b = row.querySelector(".trg").getBoundingClientRect(); return b.left >= a.right && Math.abs(a.top - b.top) < 3; })()`)
		if beside != c.beside {
			t.Errorf("%d pixels: side by side %v", c.width, beside)
		}
		if over := ask[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%d pixels: %d too wide", c.width, over)
		}
	}
}

// TestPageEscapes puts markup wherever a bitext has text: the page must hold
// the text and no element of it.
func TestPageEscapes(t *testing.T) {
	const evil = `"><script>x()</script><img src=x onerror=x()>'`
	b := lavrov(t)
	b.Document.Name, b.Run = evil, translate.Run{Fingerprint: evil, Backend: evil, Model: evil, Glossary: evil, Tool: evil}
	for i := range b.Document.Blocks {
		s := &b.Document.Blocks[i].Segments[0]
		s.Text = evil + s.Text
		s.Span.End += len(evil)
		b.Document.Blocks[i].Text = s.Text
		p := &b.Pairs[i]
		p.Source, p.Target, p.Comment = *s, evil, evil
		p.Origin.By, p.State = evil, translate.Reviewed
		p.Terms = []translate.Term{{Source: segment.Span{Start: 0, End: 5}, Entry: evil, Preferred: evil, Note: evil, Glossary: evil}}
		p.Findings = []translate.Finding{{Rule: evil, Level: translate.Level(evil), Message: evil, Suggestion: evil, Target: segment.Span{Start: 1, End: 4}}}
	}
	page := write(t, "html", Options{Title: evil, Credit: evil}, b)
	doc, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	scripts := 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" {
			scripts++
		}
		if n.Data == "img" {
			t.Error("an element of the text became one of the page")
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
				t.Errorf("attribute %s on <%s>", a.Key, n.Data)
			}
		}
	}
	if scripts != 1 {
		t.Errorf("%d scripts", scripts)
	}
}

// TestPageKeeps checks what a reader must find on the page.
func TestPageKeeps(t *testing.T) {
	b := lavrov(t)
	p := &b.Pairs[5]
	p.Target, p.State, p.Origin, p.Comment = "", translate.Initial, translate.Origin{Kind: translate.None}, ""
	p = &b.Pairs[6]
	p.Target = "\u00ab\u202fOui\u00a0\u00bb."
	p.Terms = nil
	page := string(write(t, "html", Options{}, b))
	for what, want := range map[string]string{
		"thin spaces":     "\u00ab\u202fOui\u00a0\u00bb.",
		"absent target":   "not translated",
		"policy":          `default-src &#39;none&#39;`,
		"language":        `lang="fr"`,
		"finding's level": `<p class="error"><b>Error</b>`,
		"suggestion":      "→ 240,000",
		"draft count":     "1 not translated",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s: %q is not on the page", what, want)
		}
	}
	if n := strings.Count(page, "compromise on Syria (Lavrov)</span>"); n != 1 {
		t.Errorf("the headline stands %d times", n)
	}
	if n := strings.Count(page, "<h1"); n != 1 {
		t.Errorf("%d first headings", n)
	}
	if strings.Contains(page, "http:") || strings.Contains(page, "https:") {
		t.Error("the page refers to the network")
	}
}

func TestStyledText(t *testing.T) {
	span := func(a, b int) segment.Span { return segment.Span{Start: a, End: b} }
	for _, c := range []struct {
		text  string
		parts []styled
		want  string
	}{
		{"a<b", nil, "a&lt;b"},
		{"abcd", []styled{{span(1, 3), "<i>", "</i>"}}, "a<i>bc</i>d"},
		{"abcd", []styled{{span(0, 4), "<i>", "</i>"}, {span(1, 2), "<b>", "</b>"}}, "<i>a<b>b</b>cd</i>"},
		{"abcd", []styled{{span(0, 2), "<i>", "</i>"}, {span(1, 4), "<b>", "</b>"}}, "<i>a<b>b</b></i><b>cd</b>"},
		{"abcd", []styled{{span(0, 3), "<a 1>", "</a>"}, {span(1, 4), "<a 2>", "</a>"}}, "<a 1>abc</a><a 2>d</a>"},
		{"abcd", []styled{{span(0, 0), "<i>", "</i>"}}, "abcd"},
		{"a\x00b", nil, "a\ufffdb"},
	} {
		if got := string(styledText(c.text, c.parts)); got != c.want {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
	}
}
