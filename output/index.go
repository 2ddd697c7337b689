package output

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"html"
	"html/template"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"depeche/translate"
)

//go:embed page/index.html
var indexHTML string

//go:embed page/index.css
var indexCSS string

var indexTemplate = template.Must(template.New("").Parse(indexHTML))

// IndexEntry is what an index says of one bilingual page. A page bears its
// own entry in its head, so that an index can be made of a folder's pages.
type IndexEntry struct {
	Path     string   `json:"-"` // of the page below the index's folder, with slashes
	Title    string   `json:"title"`
	To       string   `json:"to"`
	ToDir    string   `json:"toDir,omitempty"`
	Source   string   `json:"source"` // the title in the source language
	From     string   `json:"from"`
	FromDir  string   `json:"fromDir,omitempty"`
	Date     string   `json:"date,omitempty"`  // as the document has it
	Facts    string   `json:"facts,omitempty"` // "14 sentences: 14 translated."
	Findings []string `json:"findings,omitempty"`
}

// Href is the link to the page.
func (e IndexEntry) Href() string { return (&url.URL{Path: e.Path}).String() }

// indexEntry describes a page of these texts.
func indexEntry(texts []*translate.Bitext, o Options) IndexEntry {
	b := texts[0]
	e := IndexEntry{Title: clean(title(b, o)), To: b.Lang.String(), ToDir: direction(b.Lang),
		From: b.Document.Lang.String(), FromDir: direction(b.Document.Lang), Date: clean(b.Document.Meta.Date), Facts: strings.TrimSuffix(tally(texts), ".")}
	if e.Source, _ = headline(b); e.Source == "" || len(texts) > 1 {
		e.Source = b.Document.Name
	}
	if len(texts) > 1 {
		e.Facts = counted(len(texts), "document") + ", " + e.Facts
	}
	e.Source = clean(e.Source)
	count := map[translate.Level]int{}
	for _, b := range texts {
		for _, r := range printRows(b, Options{}) {
			for _, f := range o.findings(r.pairs[0]) {
				count[f.Level]++
			}
		}
	}
	for _, level := range []translate.Level{translate.LevelError, translate.LevelWarning} {
		if n := count[level]; n > 0 {
			e.Findings = append(e.Findings, counted(n, levelNoun[level]))
		}
	}
	return e
}

// about is the entry as the page's head has it.
func (e IndexEntry) about() string {
	data, err := json.Marshal(e)
	if err != nil {
		return "" // strings always marshal
	}
	return string(data)
}

// indexHead is how much of a page holds its entry.
const indexHead = 64 << 10

var (
	aboutMeta = regexp.MustCompile(`<meta name="depeche" content="([^"]*)">`)
	indexMeta = []byte(`<meta name="depeche-index" `)
)

// ReadIndexEntry gives the entry that one of our pages bears. It reads no more
// than the page's head.
func ReadIndexEntry(r io.Reader) (e IndexEntry, ok bool) {
	data, err := io.ReadAll(io.LimitReader(r, indexHead))
	if err != nil {
		return e, false
	}
	m := aboutMeta.FindSubmatch(data)
	if m == nil || json.Unmarshal([]byte(html.UnescapeString(string(m[1]))), &e) != nil {
		return e, false
	}
	return e, true
}

// IsIndex reports whether a page is one that WriteIndex wrote.
func IsIndex(page []byte) bool { return bytes.Contains(page[:min(len(page), indexHead)], indexMeta) }

// WriteIndex writes a page with links to bilingual pages, in the order of
// their paths.
func WriteIndex(w io.Writer, title string, entries []IndexEntry) error {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b IndexEntry) int {
		if c := strings.Compare(path.Dir(a.Path), path.Dir(b.Path)); c != 0 {
			return c
		}
		return strings.Compare(a.Path, b.Path)
	})
	css := pageCSS + indexCSS
	buf := bufio.NewWriterSize(w, 1<<16)
	err := indexTemplate.ExecuteTemplate(buf, "index", struct {
		Title, Policy string
		Style         template.CSS
		Entries       []IndexEntry
	}{title, "default-src 'none'; style-src " + cspHash(css) + "; base-uri 'none'; form-action 'none'", template.CSS(css), entries})
	if err != nil {
		return err
	}
	return buf.Flush()
}
