package dispatch

import (
	"cmp"
	"strings"

	"depeche/segment"
)

// readText reads plain text.
func readText(data []byte, name string, o Options) (*segment.Document, error) {
	source, encoding, err := Decode(data, name, o.Encoding)
	if err != nil {
		return nil, err
	}
	d := &segment.Document{Name: name, Lang: o.Lang, Encoding: encoding, Source: source}
	ps := paragraphs(source, lines(source))
	d.Blocks = make([]segment.Block, len(ps))
	for i, p := range ps {
		d.Blocks[i] = segment.Block{Kind: segment.Paragraph, Text: p.text, Span: p.span}
	}
	classify(d, ps)
	return d, nil
}

// headlineMax is the length of the longest headline in bytes.
const headlineMax = 300

// classify gives the blocks of d their kinds and fills d.Meta. Signatures and
// separators are found first: they have their place and shape alone. Then the
// blocks are read from the top: what comes before the first paragraph is
// heading matter.
func classify(d *segment.Document, ps []paragraph) {
	body := len(d.Blocks) // index of the first signature at the end
	for body > 0 {
		b := &d.Blocks[body-1]
		if k := standing(b.Text); k == segment.Separator {
			b.Kind = k
		} else if len(d.Blocks) > 1 && body > 1 && signature(b.Text) {
			b.Kind = segment.Signature
			if d.Meta.Agency == "" {
				d.Meta.Agency = agency(b.Text)
			}
		} else {
			break
		}
		body--
	}
	c := classifier{Document: d, paragraphs: ps, body: body}
	for i := range body {
		c.block(i)
	}
	c.lead()
}

// classifier reads the blocks of a document from the top.
type classifier struct {
	*segment.Document
	paragraphs []paragraph
	body       int   // index behind the last block of text
	prose      []int // indices of the paragraphs so far
	byline     int   // index of the byline; 0 if there is none
	headline   int   // 1 + index of the headline; 0 if there is none
}

func (c *classifier) block(i int) {
	b := &c.Blocks[i]
	header := len(c.prose) == 0
	text := b.Text
	if k := standing(text); k != "" {
		b.Kind = k
		if (k == segment.Alert || k == segment.Correction && header) && c.Meta.Title == "" {
			c.Meta.Title = behindKeyword(text)
		}
		return
	}
	if header || i == 0 {
		if dateLine(text) {
			b.Kind = segment.DateLine
			if c.Meta.Date == "" {
				c.Meta.Date = text
			}
			if place := placeOfDate(text); place != "" && c.Meta.Place == "" {
				c.Meta.Place = place
			}
			return
		}
	}
	if c.headline > 0 && sameText(text, c.Blocks[c.headline-1].Text) {
		b.Kind = segment.Repeat
		return
	}
	if name, ok := byline(text); ok {
		b.Kind = segment.Byline
		if c.Meta.Byline == "" {
			c.Meta.Byline = name
		}
		c.byline = i
		return
	}
	if c.listAt(i) {
		b.Kind = segment.Item
		b.Level = c.level(i)
		c.prose = append(c.prose, i)
		return
	}
	if header && i+1 < c.body && (len(text) < 40 && agency(text) != "" && signature(text)) {
		b.Kind = segment.Signature // under the title of a web page
		return
	}
	if header && datelineAlone(text) {
		b.Kind = segment.DateLine
		d := parseDateline(text + " x")
		c.Meta.Place, c.Meta.Agency, c.Meta.Date = cmp.Or(c.Meta.Place, d.place), cmp.Or(c.Meta.Agency, d.agency), cmp.Or(c.Meta.Date, d.date)
		return
	}
	untitled := header && c.headline == 0 && i+1 < c.body && title(text, headlineMax) && !asks(text)
	if dl := parseDateline(text); !dl.span.Empty() && !(dl.weak && untitled) {
		b.Dateline = dl.span
		if c.Meta.Place == "" {
			c.Meta.Place = dl.place
		}
		if dl.agency != "" {
			c.Meta.Agency = dl.agency
		}
		if c.Meta.Date == "" {
			c.Meta.Date = dl.date
		}
		c.prose = append(c.prose, i)
		return
	}
	if header && label(text) {
		b.Kind, b.Level = segment.Heading, 1
		return
	}
	if untitled {
		b.Kind = segment.Headline
		c.headline = i + 1
		c.Meta.Title = text
		return
	}
	if i+1 < c.body && c.paragraphs[i].alone && intertitle(text) || between(text) || header && c.headline > 0 && i+1 < c.body && title(text, headlineMax) && !asks(text) {
		b.Kind, b.Level = segment.Heading, 1
		return
	}
	if strings.HasPrefix(text, "> ") {
		b.Kind = segment.Quote
	}
	c.prose = append(c.prose, i)
}

// lead finds the summary: the first paragraph under the headline, where the
// text itself begins behind it, with a dateline, a byline or of its own.
func (c *classifier) lead() {
	if c.headline == 0 || len(c.prose) < 3 {
		return
	}
	b := &c.Blocks[c.prose[0]]
	if b.Kind != segment.Paragraph || !b.Dateline.Empty() || len(b.Text) > 600 || strings.HasSuffix(b.Text, ":") || asks(b.Text) || c.byline > 0 && c.byline < c.prose[0] {
		return
	}
	b.Kind = segment.Lead
}

// listAt says whether block i is in a list: it begins with a marker that says
// so alone, or has a neighbour with a marker of the same kind.
func (c *classifier) listAt(i int) bool {
	m := marker(c.Blocks[i].Text)
	if m == "" || m == "•" {
		return m != ""
	}
	return i > 0 && marker(c.Blocks[i-1].Text) == m || i+1 < c.body && marker(c.Blocks[i+1].Text) == m ||
		i > 0 && strings.HasSuffix(c.Blocks[i-1].Text, ":")
}

// level gives the level of the list item i by its indent: one more than that
// of the item before it if it stands further right.
func (c *classifier) level(i int) int {
	indent := c.paragraphs[i].lines[0].indent
	for j := i - 1; j >= 0 && c.Blocks[j].Kind == segment.Item; j-- {
		switch at := c.paragraphs[j].lines[0].indent; {
		case at < indent:
			return c.Blocks[j].Level + 1
		case at == indent:
			return c.Blocks[j].Level
		}
	}
	return 1
}
