package output

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"depeche/segment"
	"depeche/translate"
)

// ninjs 3.0 (IPTC, News in JSON) is for news systems: one object that holds
// the translation, with its source as an association.

type ninjsItem struct {
	Standard       *ninjsStandard  `json:"standard,omitempty"`
	URI            string          `json:"uri"`
	Name           string          `json:"name,omitempty"` // of an association
	Rel            string          `json:"rel,omitempty"`  // of an association
	Type           string          `json:"type"`
	Language       string          `json:"language"`
	VersionCreated string          `json:"versionCreated,omitempty"`
	EdNote         string          `json:"edNote,omitempty"`
	Title          string          `json:"title,omitempty"`
	By             string          `json:"by,omitempty"`
	Located        string          `json:"located,omitempty"`
	Headlines      []ninjsHeadline `json:"headlines,omitempty"`
	Bodies         []ninjsBody     `json:"bodies,omitempty"`
	Associations   []ninjsItem     `json:"associations,omitempty"`
}

type ninjsStandard struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Schema  string `json:"schema"`
}

type ninjsHeadline struct {
	Role        string `json:"role"`
	ContentType string `json:"contentType"`
	Value       string `json:"value"`
}

type ninjsBody struct {
	Role        string `json:"role"`
	ContentType string `json:"contentType"`
	Value       string `json:"value"`
}

func writeNinjs(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	if len(texts) != 1 {
		return fmt.Errorf("ninjs holds one document, not %d", len(texts))
	}
	b := texts[0]
	from, to := newsURIs(b)
	source, target := headline(b)
	sourceText, targetText := newsBodies(b)
	item := newNinjs(to, b.Lang.String(), target, targetText)
	item.Standard = &ninjsStandard{"ninjs", "3.0", "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json"}
	item.Title, item.By, item.EdNote = clean(title(b, o)), clean(o.Credit), newsNote(b)
	if !o.Time.IsZero() {
		item.VersionCreated = o.Time.UTC().Format(time.RFC3339)
	}
	original := newNinjs(from, b.Document.Lang.String(), source, sourceText)
	original.Name, original.Rel = "source", "derivedFrom"
	original.Title, original.By = clean(b.Document.Meta.Title), clean(b.Document.Meta.Byline)
	item.Located, original.Located = clean(b.Document.Meta.Place), clean(b.Document.Meta.Place)
	item.Associations = []ninjsItem{original}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(item)
}

func newNinjs(uri, lang, headline string, paragraphs []string) ninjsItem {
	item := ninjsItem{URI: uri, Type: "text", Language: lang}
	if headline != "" {
		item.Headlines = []ninjsHeadline{{"main", "text/plain", clean(headline)}}
	}
	if len(paragraphs) > 0 {
		item.Bodies = []ninjsBody{{"main", "text/plain", clean(strings.Join(paragraphs, "\n\n"))}}
	}
	return item
}

// newsBodies are the paragraphs below the headline in both languages.
func newsBodies(b *translate.Bitext) (source, target []string) {
	for _, r := range printRows(b, Options{Paragraph: true}) {
		if r.block.Kind != segment.Headline {
			source, target = append(source, r.source()), append(target, newsTarget(&r))
		}
	}
	return source, target
}

// untranslated stands for a sentence without a translation.
const untranslated = "[…]"

// newsURIs identify the source and its translation. A source that has no URI
// of its own gets one from its name and text; the translation's follows from
// the source's, so that a later version keeps it.
func newsURIs(b *translate.Bitext) (source, target string) {
	m := b.Document.Meta
	for _, s := range []string{m.URN, m.URL} {
		if u, err := url.Parse(s); err == nil && u.IsAbs() && source == "" {
			source = u.String()
		}
	}
	if source == "" {
		var text strings.Builder
		for _, block := range b.Document.Blocks {
			text.WriteString(block.Text + "\n")
		}
		source = uuid(b.Document.Name, b.Document.Lang.String(), text.String())
	}
	return source, uuid(source, b.Lang.String())
}

// uuid is a UUID of version 8 (RFC 9562), which is made from a hash of parts.
func uuid(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	h[6], h[8] = h[6]&0x0f|0x80, h[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
