package review

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"depeche/glossary"
	"depeche/translate"
	"depeche/translate/memory"
)

// watchPresses notes in the page how long each key press takes: from the
// moment that the browser got the key until the page's answer is painted, and
// in script alone.
const watchPresses = `(() => {
	window.presses = [];
	document.addEventListener("keydown", (e) => {
		const press = { key: e.key, at: e.timeStamp, began: performance.now() };
		window.painted = new Promise((done) => requestAnimationFrame(() => {
			const m = new MessageChannel();
			m.port1.onmessage = () => { press.painted = performance.now() - press.at; presses.push(press); done(true); };
			m.port2.postMessage(0);
		}));
		window.press = press;
	}, true);
	addEventListener("keydown", () => { press.script = performance.now() - press.began; });
	return true;
})()`

// BenchmarkKeyPress10000 measures each kind of key in a document of 10,000
// segments with its memory, glossary and findings: from the key press to the
// painted answer, the mean and the worst. The next key comes as soon as the
// answer to the one before is painted. What a press costs in processor time
// stands beside, which other work on the machine does not lengthen: of the
// page's thread, of all the browser, and of the server (and of this test).
func BenchmarkKeyPress10000(b *testing.B) {
	dir := b.TempDir()
	path := filepath.Join(dir, "a.xlf")
	writeXLIFF(b, path, blocks(spoken(10000)))
	m, err := memory.Open(b.Context(), filepath.Join(dir, "memory.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	g, err := glossary.New(glossary.Set{Name: "desk", Terms: []glossary.Term{{Sources: []string{"ministre"}, Target: "minister"}}})
	if err != nil {
		b.Fatal(err)
	}
	o := Options{Files: []string{path}, Memory: m, Glossary: g, Editor: "marie", Drafts: filepath.Join(dir, "drafts")}
	checked(&o)
	d := &desk{path: path}
	d.serve(b, o)
	defer d.stop()
	p := open(b, browser(b), d.url)
	p.protocol("Performance.enable", map[string]any{"timeDomain": "threadTicks"})
	js[bool](p, watchPresses)
	const word = "minister 99"
	letters := func(i int) string { // the word, letter by letter, and back
		if i %= 2 * len(word); i < len(word) {
			return word[i : i+1]
		}
		return "Backspace"
	}
	for _, kind := range []struct {
		name          string
		before, after func()
		key           func(i int) string
	}{
		{name: "next", key: func(int) string { return "j" }},
		{name: "previous", key: func(int) string { return "k" }},
		{name: "finding", key: func(int) string { return "n" }},
		{name: "accept", key: func(int) string { return "a" }},
		{name: "undo", key: func(int) string { return "u" }},
		{name: "letter", before: func() { p.keys("e") }, key: letters, after: func() { p.press("Escape", 0) }},
		{name: "save", key: func(i int) string { return []string{"e", "x", "Escape", "j"}[i%4] }, after: func() { p.press("Escape", 0) }},
		{name: "search", before: func() { p.keys("/") }, key: letters, after: func() { p.clear("search") }},
		{name: "filter", before: func() { p.keys("f") }, key: func(i int) string {
			if i%10 < 5 {
				return "ArrowDown"
			}
			return "ArrowUp"
		}, after: func() { p.clear("finding") }},
	} {
		b.Run(kind.name, func(b *testing.B) {
			p := &tab{b, p.ctx}
			if kind.before != nil {
				kind.before()
			}
			js[bool](p, `presses.length = 0, true`)
			before, spent := p.metrics(), spentBy(b)
			n := 0
			for b.Loop() {
				p.press(kind.key(n), 0)
				p.painted()
				n++
			}
			p.saved()
			after, spentAfter := p.metrics(), spentBy(b)
			presses := js[[]struct{ Painted, Script float64 }](p, `presses`)
			if kind.after != nil {
				kind.after()
			}
			worst, total, script := 0.0, 0.0, 0.0
			for i, x := range presses {
				if os.Getenv("PRESSES") != "" && x.Painted > 50 {
					fmt.Printf("%s %d: %.1f script %.1f\n", kind.name, i, x.Painted, x.Script)
				}
				worst, total, script = max(worst, x.Painted), total+x.Painted, max(script, x.Script)
			}
			each := float64(len(presses))
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(worst, "worst-ms")
			b.ReportMetric(total/each, "mean-ms")
			b.ReportMetric(script, "worst-script-ms")
			b.ReportMetric(1000*(after["TaskDuration"]-before["TaskDuration"])/each, "page-cpu-ms")
			b.ReportMetric(1000*(spentAfter.browser-spent.browser)/each, "browser-cpu-ms")
			b.ReportMetric(1000*(spentAfter.server-spent.server)/each, "server-cpu-ms")
		})
	}
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

// painted waits for the answer to the last key.
func (p *tab) painted() {
	p.t.Helper()
	p.protocol("Runtime.evaluate", map[string]any{"expression": "window.painted", "awaitPromise": true})
}

// clear empties a field of the page's tools.
func (p *tab) clear(id string) {
	p.t.Helper()
	js[bool](p, fmt.Sprintf(`(() => { const e = document.getElementById(%q); e.value = ""; e.dispatchEvent(new Event(e.tagName === "SELECT" ? "change" : "input")); document.getElementById("segment").focus(); return true; })()`, id))
}

// spent is processor time in seconds: of this process, which is the server
// and the test, and of all processes that it started, which are the browser.
type spent struct{ server, browser float64 }

func spentBy(t testing.TB) spent {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	s := spent{server: time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()}
	parent, ticks := map[int]int{}, map[int]float64{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		data, err := os.ReadFile(path)
		if err != nil {
			continue // it ended
		}
		f := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		parent[pid], _ = strconv.Atoi(f[1])
		user, _ := strconv.ParseFloat(f[11], 64)
		system, _ := strconv.ParseFloat(f[12], 64)
		ticks[pid] = user + system
	}
	for pid := range ticks {
		for up := parent[pid]; up > 1; up = parent[up] {
			if up == os.Getpid() {
				s.browser += ticks[pid] / 100
				break
			}
		}
	}
	return s
}

// spoken is a document of n segments in which every tenth lost a number.
func spoken(n int) *translate.Bitext {
	b := many(n, func(i int) int { return i })
	for i := range b.Pairs {
		if i%10 != 0 {
			b.Pairs[i].Target = fmt.Sprintf("Minister number %d spoke about file %d in city %d.", i, i*3, i%17)
		}
	}
	return b
}
