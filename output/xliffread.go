package output

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

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

func parseOrigin(fields map[string]string) translate.Origin {
	o := translate.Origin{Kind: translate.OriginKind(fields["origin"]), Backend: fields["backend"], Model: fields["model"], By: fields["by"]}
	o.Match, _ = strconv.Atoi(fields["match"])
	if when, err := time.Parse(time.RFC3339Nano, fields["time"]); err == nil {
		o.Time = when
	}
	return o
}

// owner finds the pair that a thing with an ID like "s1.t2" belongs to: by the
// ID's beginning, else the first one.
func owner(id, ending string, parts []*unitPart) int {
	if i := strings.LastIndex(id, ending); i > 0 {
		for k, p := range parts {
			if p.id == id[:i] {
				return k
			}
		}
	}
	return 0
}

func (x *xliffReader) terms(u *node, parts []*unitPart, pairs []translate.Pair) {
	if len(parts) == 0 {
		return
	}
	for _, e := range u.first(nsGLS, "glossary").elements(nsGLS, "glossEntry") {
		term := e.first(nsGLS, "term")
		t := translate.Term{Entry: xmlPlain(term.text()), Preferred: xmlPlain(e.first(nsGLS, "translation").text()),
			Note: xmlPlain(e.first(nsGLS, "definition").text())}
		if term != nil {
			t.Glossary = xmlPlain(term.attr("source"))
		}
		id := e.attr("id")
		k := owner(id, idTerm, parts)
		if ref := strings.TrimPrefix(e.attr("ref"), "#"); ref != "" {
			for i, p := range parts {
				s, inSource := p.source.marks[ref]
				g, inTarget := p.target.marks[ref]
				s, g = placed(s), placed(g)
				if inSource || inTarget {
					k, t.Source, t.Target = i, s, g
					break
				}
			}
		}
		pairs[k].Terms = append(pairs[k].Terms, t)
	}
}

func (x *xliffReader) matches(u *node, parts []*unitPart, pairs []translate.Pair) {
	for _, e := range u.first(nsMTC, "matches").elements(nsMTC, "match") {
		source, target := e.first(x.ns, "source"), e.first(x.ns, "target")
		if source == nil || target == nil || len(parts) == 0 {
			continue // a candidate without both sides helps nobody
		}
		data := x.originalData(e)
		s, t := inline{x: x, data: data, preserve: true}, inline{x: x, data: data, preserve: true}
		if s.read(source) != nil || t.read(target) != nil {
			continue
		}
		fields := metaFields(metaGroupOf(e.first(nsMDA, "metadata"), "match", ""))
		m := translate.Match{Source: s.text.String(), Target: t.text.String(), Origin: parseOrigin(fields),
			State: translate.State(fields["state"]), Note: fields["note"]}
		if percent, err := strconv.Atoi(fields["percent"]); err == nil {
			m.Percent = percent
		} else {
			similarity, _ := strconv.ParseFloat(e.attr("similarity"), 64)
			m.Percent = int(max(0, min(similarity, 100)))
			if e.attr("type") == "icm" {
				m.Percent = 101
			}
			m.Origin.Backend = xmlPlain(e.attr("origin"))
		}
		ref, k := strings.TrimPrefix(e.attr("ref"), "#"), 0
		for i, p := range parts {
			_, marked := p.source.marks[ref]
			if p.id == ref || marked {
				k = i
				break
			}
		}
		pairs[k].Matches = append(pairs[k].Matches, m)
	}
}

func (x *xliffReader) notes(u *node, parts []*unitPart, pairs []translate.Pair) {
	if len(parts) == 0 {
		return
	}
	for _, n := range u.first(x.ns, "notes").elements(x.ns, "note") {
		id, text := n.attr("id"), xmlPlain(n.text())
		if level, ok := strings.CutPrefix(n.attr("category"), ours); ok {
			k := owner(id, idFinding, parts)
			p := &pairs[k]
			fields := metaFields(parts[k].findings[id])
			f := translate.Finding{Rule: fields["rule"], Level: translate.Level(level), Message: text, Suggestion: fields["suggestion"],
				Source: parseSpan(fields["source"]), Target: parseSpan(fields["target"])}
			if !within(f.Source, p.Source.Text) {
				f.Source = segment.Span{}
			}
			if !within(f.Target, p.Target) {
				f.Target = segment.Span{} // the target was edited
			}
			p.Findings = append(p.Findings, f)
			continue
		}
		k := owner(id, idComment, parts)
		for i, p := range parts {
			if id != "" && (p.source.notes[id] || p.target.notes[id]) {
				k = i
			}
		}
		addComment(&pairs[k], text)
	}
	for i, p := range parts {
		for _, c := range append(p.source.comments, p.target.comments...) {
			addComment(&pairs[i], c)
		}
	}
}

func addComment(p *translate.Pair, text string) {
	if text == "" {
		return
	}
	if p.Comment != "" {
		p.Comment += "\n"
	}
	p.Comment += text
}

// reportCodes turns inline codes, which pairs cannot hold, into findings.
func reportCodes(p *translate.Pair, part *unitPart) {
	report := func(side string, codes []string) {
		if len(codes) > 0 {
			p.Findings = append(p.Findings, translate.Finding{Rule: "inline-code", Level: translate.LevelWarning,
				Message: fmt.Sprintf("The %s had inline codes that are not kept as codes: %s.", side, strings.Join(codes, ", "))})
		}
	}
	report("source", part.source.codes)
	report("target", part.target.codes)
	if part.hasTarget && part.node != nil {
		if order := part.node.first(part.source.x.ns, "target").attr("order"); order != "" {
			p.Findings = append(p.Findings, translate.Finding{Rule: "target-order", Level: translate.LevelWarning,
				Message: fmt.Sprintf("The file puts this target at place %s of its unit; it is read in the order of the source.", order)})
		}
	}
}

// metaGroupOf finds our metadata group of a category, with that ID if one is asked for.
func metaGroupOf(m *node, category, id string) *node {
	for _, g := range m.elements(nsMDA, "metaGroup") {
		if g.attr("category") == ours+category && (id == "" || g.attr("id") == id) {
			return g
		}
	}
	return nil
}

func metaFields(g *node) map[string]string {
	fields := make(map[string]string)
	for _, m := range g.elements(nsMDA, "meta") {
		fields[m.attr("type")] = xmlPlain(m.text())
	}
	return fields
}

// placed is the span, or the zero span for one that covers nothing: of no
// place, whatever its offset.
func placed(s segment.Span) segment.Span {
	if s.Empty() {
		return segment.Span{}
	}
	return s
}

// parseSpan reads what spanText and rawSpan write; anything else is the zero span.
func parseSpan(s string) segment.Span {
	a, b, ok := strings.Cut(s, "-")
	start, err1 := strconv.Atoi(a)
	end, err2 := strconv.Atoi(b)
	if !ok || err1 != nil || err2 != nil || start < 0 || end < start {
		return segment.Span{}
	}
	return segment.Span{Start: start, End: end}
}

func parseQuotes(s, text string) []segment.Quotation {
	var quotes []segment.Quotation
	for _, field := range strings.Fields(s) {
		part := strings.Split(field, ":")
		if len(part) != 3 {
			continue
		}
		q := segment.Quotation{Span: parseSpan(part[0]), Opened: strings.Contains(part[2], "o"), Closed: strings.Contains(part[2], "c")}
		q.Level, _ = strconv.Atoi(part[1])
		if within(q.Span, text) {
			quotes = append(quotes, q)
		}
	}
	return quotes
}

// parseLinks leaves out links that no longer fit the texts.
func parseLinks(s, source, target string) []translate.Link {
	var links []translate.Link
	for _, field := range strings.Fields(s) {
		a, b, _ := strings.Cut(field, ":")
		l := translate.Link{Source: parseSpan(a), Target: parseSpan(b)}
		if !l.Source.Empty() && !l.Target.Empty() && within(l.Source, source) && within(l.Target, target) {
			links = append(links, l)
		}
	}
	return links
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

// inline reads the content of a <source> or <target>.
type inline struct {
	x        *xliffReader
	data     map[string]string // originalData of the unit by ID
	preserve bool
	text     strings.Builder
	marks    map[string]segment.Span
	notes    map[string]bool // IDs of notes that the text refers to
	comments []string
	codes    []string
}

func (x *xliffReader) originalData(u *node) map[string]string {
	data := make(map[string]string)
	for _, d := range u.first(x.ns, "originalData").elements(x.ns, "data") {
		data[d.attr("id")] = d.text()
	}
	return data
}

func (in *inline) read(n *node) error {
	for _, k := range n.kids {
		if k.name.Local == "" {
			in.chars(k.data)
			continue
		}
		if k.name.Space != in.x.ns {
			return in.x.t.errorf(k.offset, "<%s> of another vocabulary inside text", k.name.Local)
		}
		if err := in.element(k); err != nil {
			return err
		}
	}
	return nil
}

func (in *inline) element(k *node) error {
	switch k.name.Local {
	case "cp":
		r, err := strconv.ParseUint(k.attr("hex"), 16, 32)
		if err != nil || r > utf8.MaxRune || r >= 0xD800 && r < 0xE000 {
			return in.x.t.errorf(k.offset, "<cp hex=%q> is no character", k.attr("hex"))
		}
		in.text.WriteRune(rune(r))
	case "mrk":
		start := in.text.Len()
		if err := in.read(k); err != nil {
			return err
		}
		in.mark(k, segment.Span{Start: start, End: in.text.Len()})
	case "sm":
		in.mark(k, segment.Span{Start: in.text.Len(), End: in.text.Len()})
	case "em":
		if s, ok := in.marks[k.attr("startRef")]; ok {
			s.End = in.text.Len()
			in.marks[k.attr("startRef")] = s
		}
	case "pc":
		in.code(k)
		return in.read(k)
	case "ph":
		in.code(k)
		if len(k.kids) > 0 {
			return in.read(k) // XLIFF 1.2 has the code inside
		}
		// A placeholder stands for text ("%d", "{name}"): keep that where the file tells it.
		for _, text := range []string{in.data[k.attr("dataRef")], k.attr("disp"), k.attr("equiv")} {
			if text != "" {
				in.text.WriteString(text)
				break
			}
		}
	case "sc", "ec", "x", "bx", "ex", "bpt", "ept", "it": // the latter six are XLIFF 1.2
		in.code(k)
	case "g", "sub":
		in.code(k)
		return in.read(k)
	default:
		return in.x.t.errorf(k.offset, "<%s> inside text", k.name.Local)
	}
	return nil
}

func (in *inline) code(k *node) {
	id := k.attr("id")
	if id == "" {
		id = k.attr("startRef")
	}
	in.codes = append(in.codes, fmt.Sprintf("<%s %s>", k.name.Local, id))
}

func (in *inline) mark(k *node, s segment.Span) {
	if in.marks == nil {
		in.marks, in.notes = make(map[string]segment.Span), make(map[string]bool)
	}
	in.marks[k.attr("id")] = s
	if k.attr("type") == "comment" {
		if v := k.attr("value"); v != "" {
			in.comments = append(in.comments, v)
		}
		ref := k.attr("ref")
		in.notes[ref[strings.LastIndexAny(ref, "#/=")+1:]] = true
	}
}

// chars adds text; without xml:space="preserve" runs of white space are one space.
func (in *inline) chars(s string) {
	if in.preserve {
		in.text.WriteString(s)
		return
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ' ', '\t', '\n', '\r':
			if n := in.text.Len(); n == 0 || in.text.String()[n-1] != ' ' {
				in.text.WriteByte(' ')
			}
		default:
			in.text.WriteByte(c)
		}
	}
}
