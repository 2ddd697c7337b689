package output

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"depeche/segment"
	"depeche/translate"
)

// NewsML-G2 2.35 (IPTC) is for news systems: a news message with an item for
// each source and one for its translation, which links to it as derived from it.
const (
	nsNAR     = "http://iptc.org/std/nar/2006-10-01/"
	newsCodes = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_40.xml"
)

func writeNewsML(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	x := newXML(w)
	x.open("newsMessage", "xmlns", nsNAR)
	x.open("header")
	x.shown("sent", newsTime(o, texts...))
	x.close()
	x.open("itemSet")
	guids := make(map[string]string)
	for _, b := range texts {
		from, to := newsURIs(b)
		for _, guid := range []string{from, to} {
			if other, taken := guids[guid]; taken {
				return fmt.Errorf("%s and %s are one document: both are %s", other, b.Document.Name, guid)
			}
			guids[guid] = b.Document.Name
		}
		newsItem(x, b, o, from, "")
		newsItem(x, b, o, to, from)
	}
	x.close()
	x.close()
	return x.flush()
}

// newsItem writes the source or, with the source's guid, the translation as an
// item of its own.
func newsItem(x *xmlWriter, b *translate.Bitext, o Options, guid, derivedFrom string) {
	from, to := b.Document.Lang, b.Lang
	meta := b.Document.Meta
	lang, text, name, by := from, (*row).source, meta.Title, meta.Byline
	head, translated := headline(b)
	if derivedFrom != "" {
		lang, text, name, by, head = to, newsTarget, title(b, o), o.Credit, translated
	}
	x.open("newsItem", "standard", "NewsML-G2", "standardversion", "2.35", "conformance", "power", "guid", guid, "version", "1", "xml:lang", lang.String())
	x.void("catalogRef", "href", newsCodes)
	x.open("itemMeta")
	x.void("itemClass", "qcode", "ninat:text")
	x.open("provider", "literal", "provider")
	x.shown("name", cmp.Or(meta.Agency, b.Document.Name, "unknown"))
	x.close()
	x.shown("versionCreated", newsTime(o, b))
	if tool, version, _ := strings.Cut(b.Run.Tool, " "); tool != "" {
		x.shown("generator", tool, "versioninfo", version)
	}
	if name != "" {
		x.shown("title", name)
	}
	if derivedFrom != "" {
		x.shown("edNote", newsNote(b), "xml:lang", "en")
		x.void("link", "rel", "irel:derivedFrom", "residref", derivedFrom, "contenttype", "application/vnd.iptc.g2.newsitem+xml", "xml:lang", from.String())
	}
	x.close()
	x.open("contentMeta")
	if meta.Place != "" {
		x.open("located", "literal", "place")
		x.shown("name", meta.Place, "xml:lang", from.String())
		x.close()
	}
	x.void("language", "tag", lang.String())
	if head != "" {
		x.shown("headline", head, "xml:lang", lang.String())
	}
	if by != "" {
		x.shown("by", by)
	}
	x.close()
	x.open("contentSet")
	x.open("inlineXML", "contenttype", "application/xhtml+xml", "xml:lang", lang.String())
	x.open("html", "xmlns", nsXHTML, "xml:lang", lang.String(), "lang", lang.String(), "dir", direction(lang))
	x.open("head")
	x.shown("title", cmp.Or(head, name, b.Document.Name))
	x.close()
	x.open("body")
	newsBody(x, b, text)
	for range 5 { // body to newsItem
		x.close()
	}
}

// newsBody writes what stands below the headline as XHTML. List items have
// their own markers in their texts.
func newsBody(x *xmlWriter, b *translate.Bitext, text func(*row) string) {
	for _, r := range printRows(b, Options{Paragraph: true}) {
		content := text(&r)
		switch r.block.Kind {
		case segment.Headline: // is in the metadata
		case segment.Heading:
			x.shown("h"+strconv.Itoa(min(max(r.block.Level, 1)+1, 6)), content)
		case segment.Quote:
			x.open("blockquote")
			x.shown("p", content)
			x.close()
		case segment.Paragraph:
			x.shown("p", content)
		default:
			x.shown("p", content, "class", string(r.block.Kind))
		}
	}
}

// newsTarget is a row's target for readers. A sentence without a translation
// stands there as "[…]", so that its absence is seen.
func newsTarget(r *row) string {
	var parts []string
	for _, p := range r.pairs {
		parts = append(parts, cmp.Or(p.Target, untranslated))
	}
	return strings.Join(parts, " ")
}

// newsNote tells the editors who receive a translation how it came about.
func newsNote(b *translate.Bitext) string {
	return clean(strings.Join(provenance([]*translate.Bitext{b}, Options{}), " "))
}

// newsTime is when the version was made, which NewsML-G2 must have: the time
// asked for, else that of the last edit. Without either it is a day that says
// nothing, so that files repeat to the byte.
func newsTime(o Options, texts ...*translate.Bitext) string {
	when := o.Time
	for _, b := range texts {
		for i := range b.Pairs {
			if t := b.Pairs[i].Origin.Time; o.Time.IsZero() && t.After(when) {
				when = t
			}
		}
	}
	if when.IsZero() {
		when = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return when.UTC().Format(time.RFC3339)
}
