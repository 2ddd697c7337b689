package output

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"depeche/segment"
	"depeche/translate"
)

// readXLIFF reads XLIFF 1.2 and 2.0 to 2.2, ours or another tool's. Optional parts may
// be missing; inline codes of other tools, which a bitext has no place for,
// are reported as findings.
func readXLIFF(r io.Reader, name string) ([]*translate.Bitext, error) {
	x, err := newXLIFFReader(r, name)
	if err != nil {
		return nil, err
	}
	return x.read()
}

func newXLIFFReader(r io.Reader, name string) (*xliffReader, error) {
	t, err := parseXML(r, name)
	if err != nil {
		return nil, err
	}
	if t.root.name.Local != "xliff" {
		return nil, t.errorf(t.root.offset, "not XLIFF: the root element is <%s>", t.root.name.Local)
	}
	return &xliffReader{t: t, ns: t.root.name.Space}, nil
}

func (x *xliffReader) read() ([]*translate.Bitext, error) {
	t, root := x.t, x.t.root
	switch v := root.attr("version"); v {
	case "2.0", "2.1", "2.2":
	case "1.2", "1.1":
		return x.read12()
	default:
		return nil, t.errorf(root.offset, "XLIFF version %q; versions 1.1, 1.2 and 2.0 to 2.2 are read here", v)
	}
	source, err := x.lang(root, "srcLang")
	if err != nil {
		return nil, err
	}
	target, err := x.lang(root, "trgLang")
	if err != nil {
		return nil, err
	}
	var texts []*translate.Bitext
	for _, f := range root.all(x.ns, "file") {
		b, err := x.file(f, isPreserve(root, false))
		if err != nil {
			return nil, err
		}
		b.Document.Lang, b.Lang = source, target
		texts = append(texts, b)
	}
	if len(texts) == 0 {
		return nil, t.errorf(root.offset, "no <file> in the XLIFF")
	}
	return texts, nil
}

type xliffReader struct {
	t     *xmlTree
	ns    string
	whole bool   // a unit of 1.2 is one segment, however it is cut
	at    []int  // where each pair begins in the file
	state []bool // whether the file gives it a state
}

func (x *xliffReader) lang(root *node, attr string) (language.Tag, error) {
	v := root.attr(attr)
	if v == "" {
		return language.Und, nil
	}
	tag, err := language.Parse(v)
	if err != nil {
		return tag, x.t.errorf(root.offset, "%s %q is no language tag", attr, v)
	}
	return tag, nil
}

func isPreserve(n *node, inherited bool) bool {
	switch n.attrNS(xmlNS, "space") {
	case "preserve":
		return true
	case "default":
		return false
	}
	return inherited
}

func (x *xliffReader) file(f *node, preserve bool) (*translate.Bitext, error) {
	b := &translate.Bitext{Document: &segment.Document{Name: xmlPlain(f.attr("original"))}}
	d := b.Document
	m := f.first(nsMDA, "metadata")
	doc := metaFields(metaGroupOf(m, "document", ""))
	d.Encoding = doc["encoding"]
	d.Meta = segment.Meta{Title: doc["title"], Date: doc["date"], Byline: doc["byline"], Agency: doc["agency"],
		Place: doc["place"], URL: doc["url"], URN: doc["urn"]}
	if doc["skeleton"] == "source" {
		d.Source = xmlPlain(f.first(x.ns, "skeleton").text())
	}
	run := metaFields(metaGroupOf(m, "run", ""))
	b.Run = translate.Run{Fingerprint: run["fingerprint"], Backend: run["backend"], Model: run["model"], Glossary: run["glossary"], Tool: run["tool"]}

	ids := &idSet{used: make(map[string]bool)}
	if err := x.units(f, isPreserve(f, preserve), b, ids); err != nil {
		return nil, err
	}
	ids.assign(b)
	if len(b.Pairs) > 0 {
		for _, n := range f.first(x.ns, "notes").elements(x.ns, "note") {
			addComment(&b.Pairs[0], xmlPlain(n.text()))
		}
	}
	return b, nil
}

// units reads the units under a file or group, in the order of the document.
func (x *xliffReader) units(parent *node, preserve bool, b *translate.Bitext, ids *idSet) error {
	for _, k := range parent.kids {
		var err error
		switch {
		case k.is(x.ns, "unit"):
			err = x.unit(k, isPreserve(k, preserve), b, ids)
		case k.is(x.ns, "group"):
			err = x.units(k, isPreserve(k, preserve), b, ids)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (x *xliffReader) unit(u *node, preserve bool, b *translate.Bitext, ids *idSet) error {
	m := u.first(nsMDA, "metadata")
	meta := metaFields(metaGroupOf(m, "block", ""))
	block := segment.Block{Kind: segment.Paragraph, Span: parseSpan(meta["span"]), Dateline: parseSpan(meta["dateline"])}
	if kind, ok := strings.CutPrefix(u.attr("type"), ours); ok && kind != "" {
		block.Kind = segment.Kind(kind)
	}
	block.Level, _ = strconv.Atoi(meta["level"])
	if !within(block.Span, b.Document.Source) {
		block.Span = segment.Span{}
	}

	var parts []*unitPart
	data := x.originalData(u)
	var text strings.Builder
	for _, k := range u.kids {
		isSegment := k.is(x.ns, "segment")
		if !isSegment && !k.is(x.ns, "ignorable") {
			continue
		}
		s := k.first(x.ns, "source")
		if s == nil {
			return x.t.errorf(k.offset, "<%s> has no <source>", k.name.Local)
		}
		source := inline{x: x, data: data, preserve: isPreserve(s, preserve)}
		if err := source.read(s); err != nil {
			return err
		}
		start := text.Len()
		text.WriteString(source.text.String())
		if !isSegment || meta["bare"] != "" {
			continue
		}
		p := &unitPart{node: k, id: k.attr("id"), source: source}
		if target := k.first(x.ns, "target"); target != nil {
			p.target = inline{x: x, data: data, preserve: isPreserve(target, preserve)}
			if err := p.target.read(target); err != nil {
				return err
			}
			p.hasTarget = true
		}
		p.span = segment.Span{Start: start, End: text.Len()}
		parts = append(parts, p)
	}
	block.Text = text.String()
	if !within(block.Dateline, block.Text) {
		block.Dateline = segment.Span{}
	}
	pairs := make([]translate.Pair, len(parts))
	for i, p := range parts {
		x.pair(&pairs[i], p, metaGroupOf(m, "segment", p.id))
		pairs[i].Block = len(b.Document.Blocks)
	}
	x.terms(u, parts, pairs)
	x.matches(u, parts, pairs)
	x.notes(u, parts, pairs)
	for i, p := range parts {
		reportCodes(&pairs[i], p)
		ids.add(u.attr("id"), p.id)
		x.at, x.state = append(x.at, p.node.offset), append(x.state, p.node.attr("state") != "")
		block.Segments = append(block.Segments, pairs[i].Source)
	}
	b.Document.Blocks = append(b.Document.Blocks, block)
	b.Pairs = append(b.Pairs, pairs...)
	return nil
}

// unitPart is a <segment> on its way to a pair.
type unitPart struct {
	node           *node
	id             string
	span           segment.Span // in the block's text
	source, target inline
	hasTarget      bool
	findings       map[string]*node // metadata of findings by ID
}

func (x *xliffReader) pair(p *translate.Pair, part *unitPart, meta *node) {
	fields := metaFields(meta)
	text := part.source.text.String()
	p.Source = segment.Segment{ID: part.id, Text: text, Span: part.span, Quotes: parseQuotes(fields["quotes"], text)}
	p.Target = part.target.text.String()
	if kind, ok := strings.CutPrefix(part.node.attr("subState"), ours); ok && kind != "" {
		p.Origin = parseOrigin(fields)
		p.Origin.Kind = translate.OriginKind(kind)
		if made := fields["made"]; made != "" && p.Target != "" && made != checksum(p.Target) {
			p.Origin = translate.Origin{Kind: translate.Human}
		}
	} else {
		// Without our subState the target is another tool's work: a tool that
		// changes the state has to take the old subState away.
		p.Origin.Kind = translate.None
		if p.Target != "" {
			p.Origin.Kind = translate.Human
		}
	}
	p.Links = parseLinks(fields["alignment"], text, p.Target)
	if score, err := strconv.ParseFloat(fields["score"], 64); err == nil && !math.IsNaN(score) && !math.IsInf(score, 0) {
		p.Score, p.HasScore = score, true
	}
	part.findings = make(map[string]*node)
	for _, g := range meta.elements(nsMDA, "metaGroup") {
		part.findings[g.attr("id")] = g
	}
	state := part.node.attr("state")
	p.State = parseState(state)
	if p.State == "" {
		p.State = translate.Initial
		p.Findings = append(p.Findings, translate.Finding{Rule: "unknown-state", Level: translate.LevelWarning,
			Message: fmt.Sprintf("The file gives the state %q, which XLIFF 2 does not have; it is read as initial.", state)})
	}
}

// parseState knows the four states of XLIFF 2, none, and the names that XLIFF
// 1.2 had for the same things; anything else is "".
func parseState(s string) translate.State {
	switch s {
	case "", "initial", "new", "needs-translation":
		return translate.Initial
	case "translated", "needs-review-translation", "needs-review-adaptation", "needs-review-l10n":
		return translate.Translated
	case "reviewed", "signed-off":
		return translate.Reviewed
	case "final":
		return translate.Final
	}
	return ""
}

// idSet gives the segments of a document their IDs. XLIFF has them unique in a
// unit and optional, a bitext wants them unique in the document.
type idSet struct {
	units, segments []string
	used            map[string]bool
	clash           bool
}

func (s *idSet) add(unit, id string) {
	s.units = append(s.units, unit)
	s.segments = append(s.segments, id)
	s.clash = s.clash || !nmtoken(id) || s.used[id]
	s.used[id] = true
}

func (s *idSet) assign(b *translate.Bitext) {
	if !s.clash {
		return
	}
	used := make(map[string]bool)
	inBlock := 0
	for i := range b.Pairs {
		if i == 0 || b.Pairs[i].Block != b.Pairs[i-1].Block {
			inBlock = 0
		}
		base := strings.Trim(s.units[i]+"-"+s.segments[i], "-")
		if !nmtoken(base) {
			base = "s" + strconv.Itoa(i+1)
		}
		id := base
		for n := 2; used[id]; n++ {
			id = base + "-" + strconv.Itoa(n)
		}
		used[id] = true
		b.Pairs[i].Source.ID = id
		b.Document.Blocks[b.Pairs[i].Block].Segments[inBlock].ID = id
		inBlock++
	}
}
