package output

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"time"

	"depeche/segment"
	"depeche/translate"
)

// XLIFF 2.1 (OASIS Standard, 13 February 2018) is the working file: it holds
// everything that a bitext knows. Each document is a <file>, each block a
// <unit>, each segment a <segment>; white space between segments stands in
// <ignorable>. Terms use the glossary module and are marked in the text,
// matches the translation candidates module, findings and comments are notes,
// and what XLIFF has no place for is metadata under categories "depeche:…".
const (
	nsXLIFF = "urn:oasis:names:tc:xliff:document:2.0"
	nsMDA   = "urn:oasis:names:tc:xliff:metadata:2.0"
	nsGLS   = "urn:oasis:names:tc:xliff:glossary:2.0"
	nsMTC   = "urn:oasis:names:tc:xliff:matches:2.0"

	ours = "depeche:" // prefix of our values of type, subState and category
)

// Endings of the IDs of what belongs to a segment: term 2 of segment s1 is
// "s1.t2", its comment "s1.c".
const (
	idTerm    = ".t"
	idFinding = ".f"
	idMatch   = ".m"
	idComment = ".c"
)

func writeXLIFF(w io.Writer, texts []*translate.Bitext, _ Options) error {
	_, err := writeXLIFFUnits(w, texts)
	return err
}

// writeXLIFFUnits writes the file and says where the unit of each block of
// each document stands in it.
func writeXLIFFUnits(w io.Writer, texts []*translate.Bitext) ([][]segment.Span, error) {
	if err := sound(texts); err != nil {
		return nil, err
	}
	source, target := texts[0].Document.Lang, texts[0].Lang
	x := newXML(w)
	x.open("xliff", "xmlns", nsXLIFF, "xmlns:gls", nsGLS, "xmlns:mtc", nsMTC, "xmlns:mda", nsMDA,
		"version", "2.1", "srcLang", source.String(), "trgLang", target.String())
	units := make([][]segment.Span, len(texts))
	for i, b := range texts {
		if b.Document.Lang != source || b.Lang != target {
			return nil, fmt.Errorf("%s: %s to %s; one XLIFF file holds one pair of languages, here %s to %s",
				b.Document.Name, b.Document.Lang, b.Lang, source, target)
		}
		units[i] = writeXLIFFFile(x, i+1, b)
	}
	x.close()
	return units, x.flush()
}

func writeXLIFFFile(x *xmlWriter, n int, b *translate.Bitext) []segment.Span {
	d := b.Document
	x.open("file", "id", "f"+strconv.Itoa(n), "original", d.Name, "canResegment", "no", "xml:space", "preserve")
	skeleton := ""
	if d.Source != "" {
		// The text as it was read: what stands between the blocks, and line
		// breaks inside them, is nowhere else.
		x.leaf("skeleton", d.Source)
		skeleton = "source"
	}
	var m metadata
	m.group("document", "", "encoding", d.Encoding, "title", d.Meta.Title, "date", d.Meta.Date, "byline", d.Meta.Byline,
		"agency", d.Meta.Agency, "place", d.Meta.Place, "url", d.Meta.URL, "urn", d.Meta.URN, "skeleton", skeleton)
	m.group("run", "", "fingerprint", b.Run.Fingerprint, "backend", b.Run.Backend, "model", b.Run.Model,
		"glossary", b.Run.Glossary, "tool", b.Run.Tool)
	m.write(x)
	if len(d.Blocks) == 0 {
		x.void("group", "id", "empty")
	}
	pairs, units := b.Pairs, make([]segment.Span, len(d.Blocks))
	for i := range d.Blocks {
		k := len(d.Blocks[i].Segments)
		units[i].Start = x.at()
		writeXLIFFUnit(x, i+1, &d.Blocks[i], pairs[:k])
		units[i].End = x.at()
		pairs = pairs[k:]
	}
	x.close()
	return units
}

func writeXLIFFUnit(x *xmlWriter, n int, block *segment.Block, pairs []translate.Pair) {
	translatable := ""
	if block.Kind == segment.Separator || len(pairs) == 0 {
		translatable = "no"
	}
	x.open("unit", "id", "u"+strconv.Itoa(n), "type", ours+string(block.Kind), "translate", translatable)
	writeMatches(x, pairs)
	writeGlossary(x, pairs)

	var m metadata
	level, bare := "", ""
	if block.Level != 0 {
		level = strconv.Itoa(block.Level)
	}
	if len(pairs) == 0 {
		bare = "yes" // XLIFF wants a segment in each unit; this block has none
	}
	m.group("block", "", "level", level, "span", spanText(block.Span), "dateline", spanText(block.Dateline), "bare", bare)
	for i := range pairs {
		pairMetadata(&m, &pairs[i])
	}
	m.write(x)
	writeNotes(x, pairs)

	end := 0
	gap := func(to int) {
		if to > end {
			x.open("ignorable")
			writeInline(x, "source", block.Text[end:to])
			x.close()
		}
	}
	if len(pairs) == 0 {
		x.open("segment")
		writeInline(x, "source", block.Text)
		x.close()
		end = len(block.Text)
	}
	for i := range pairs {
		p := &pairs[i]
		gap(p.Source.Span.Start)
		end = p.Source.Span.End
		kind := ""
		if p.Origin.Kind != "" {
			kind = ours + string(p.Origin.Kind)
		}
		x.open("segment", "id", p.Source.ID, "state", string(p.State), "subState", kind)
		inSource := termMarks(p, func(t *translate.Term) segment.Span { return t.Source })
		inTarget := termMarks(p, func(t *translate.Term) segment.Span { return t.Target })
		cross := crossing(inSource) || crossing(inTarget) // both sides mark alike
		writeMarked(x, "source", p.Source.Text, inSource, cross)
		if p.Target != "" {
			writeMarked(x, "target", p.Target, inTarget, cross)
		}
		x.close()
	}
	gap(len(block.Text))
	x.close()
}

// mark is a part of a text that has an ID.
type mark struct {
	id   string
	span segment.Span
}

func termMarks(p *translate.Pair, of func(*translate.Term) segment.Span) []mark {
	var marks []mark
	for i := range p.Terms {
		if s := of(&p.Terms[i]); !s.Empty() {
			marks = append(marks, mark{p.Source.ID + idTerm + strconv.Itoa(i+1), s})
		}
	}
	sort.SliceStable(marks, func(i, j int) bool {
		a, b := marks[i].span, marks[j].span
		return a.Start < b.Start || a.Start == b.Start && a.End > b.End
	})
	return marks
}

// writeInline writes a <source> or <target> without marks.
func writeInline(x *xmlWriter, name, text string) { writeMarked(x, name, text, nil, false) }

// writeMarked writes a <source> or <target>. Marks, in order of their starts,
// become <mrk>, or <sm/> and <em/> where some cross each other; characters
// that XML lacks become <cp/>.
func writeMarked(x *xmlWriter, name, text string, marks []mark, cross bool) {
	x.indent()
	x.begin(name)
	if cross {
		writeCrossing(x, text, marks)
	} else {
		at := 0
		writeNested(x, text, &at, len(text), &marks)
	}
	x.end()
}

// crossing reports whether any two of the sorted marks overlap without one
// lying in the other.
func crossing(marks []mark) bool {
	var ends []int
	for _, m := range marks {
		for len(ends) > 0 && ends[len(ends)-1] <= m.span.Start {
			ends = ends[:len(ends)-1]
		}
		if len(ends) > 0 && ends[len(ends)-1] < m.span.End {
			return true
		}
		ends = append(ends, m.span.End)
	}
	return false
}

func writeNested(x *xmlWriter, text string, at *int, end int, marks *[]mark) {
	for len(*marks) > 0 && (*marks)[0].span.Start < end {
		m := (*marks)[0]
		*marks = (*marks)[1:]
		writeChars(x, text[*at:m.span.Start])
		*at = m.span.Start
		x.begin("mrk", "id", m.id, "type", "term", "ref", "#gls="+m.id)
		writeNested(x, text, at, m.span.End, marks)
		x.end()
	}
	writeChars(x, text[*at:end])
	*at = end
}

func writeCrossing(x *xmlWriter, text string, marks []mark) {
	ends := append([]mark(nil), marks...)
	sort.SliceStable(ends, func(i, j int) bool { return ends[i].span.End < ends[j].span.End })
	at := 0
	for len(ends) > 0 {
		if len(marks) > 0 && marks[0].span.Start < ends[0].span.End {
			m := marks[0]
			marks = marks[1:]
			writeChars(x, text[at:m.span.Start])
			at = m.span.Start
			x.point("sm", "id", m.id, "type", "term", "ref", "#gls="+m.id)
			continue
		}
		writeChars(x, text[at:ends[0].span.End])
		at = ends[0].span.End
		x.point("em", "startRef", ends[0].id)
		ends = ends[1:]
	}
	writeChars(x, text[at:])
}

func writeChars(x *xmlWriter, s string) {
	from := 0
	for i, r := range s {
		if !xmlChar(r) {
			x.text(s[from:i])
			x.point("cp", "hex", fmt.Sprintf("%04X", r))
			from = i + len(string(r))
		}
	}
	x.text(s[from:])
}

func writeGlossary(x *xmlWriter, pairs []translate.Pair) {
	opened := false
	for i := range pairs {
		for j := range pairs[i].Terms {
			t := &pairs[i].Terms[j]
			if !opened {
				x.open("gls:glossary")
				opened = true
			}
			id, ref := pairs[i].Source.ID+idTerm+strconv.Itoa(j+1), ""
			if !t.Source.Empty() || !t.Target.Empty() {
				ref = "#" + id
			}
			x.open("gls:glossEntry", "id", id, "ref", ref)
			x.leaf("gls:term", t.Entry, "source", t.Glossary)
			x.leaf("gls:translation", t.Preferred)
			if t.Note != "" {
				x.leaf("gls:definition", t.Note)
			}
			x.close()
		}
	}
	if opened {
		x.close()
	}
}

func writeMatches(x *xmlWriter, pairs []translate.Pair) {
	opened := false
	for i := range pairs {
		for j, m := range pairs[i].Matches {
			if !opened {
				x.open("mtc:matches")
				opened = true
			}
			kind := "tm"
			switch {
			case m.Percent > 100:
				kind = "icm"
			case m.Percent == 100:
				kind = "idm"
			}
			percent := strconv.Itoa(max(0, min(m.Percent, 100))) + ".0"
			x.open("mtc:match", "id", pairs[i].Source.ID+idMatch+strconv.Itoa(j+1), "ref", "#"+pairs[i].Source.ID,
				"type", kind, "similarity", percent, "matchQuality", percent, "origin", m.Origin.Backend)
			var meta metadata
			meta.group("match", "", append([]string{"percent", strconv.Itoa(m.Percent), "state", string(m.State), "note", m.Note}, originFields(m.Origin)...)...)
			meta.write(x)
			writeInline(x, "source", m.Source)
			writeInline(x, "target", m.Target)
			x.close()
		}
	}
	if opened {
		x.close()
	}
}

func writeNotes(x *xmlWriter, pairs []translate.Pair) {
	opened := false
	note := func(id, applies, category, priority, text string) {
		if !opened {
			x.open("notes")
			opened = true
		}
		x.leaf("note", text, "id", id, "appliesTo", applies, "category", category, "priority", priority)
	}
	for i := range pairs {
		p := &pairs[i]
		if p.Comment != "" {
			note(p.Source.ID+idComment, "", "comment", "", p.Comment)
		}
		for j, f := range p.Findings {
			applies := ""
			switch {
			case !f.Target.Empty():
				applies = "target"
			case !f.Source.Empty():
				applies = "source"
			}
			priority := map[translate.Level]string{translate.LevelError: "1", translate.LevelWarning: "3", translate.LevelInfo: "5"}[f.Level]
			note(p.Source.ID+idFinding+strconv.Itoa(j+1), applies, ours+string(f.Level), priority, f.Message)
		}
	}
	if opened {
		x.close()
	}
}

// pairMetadata adds what a <segment> has no attribute for.
func pairMetadata(m *metadata, p *translate.Pair) {
	fields := originFields(p.Origin)[2:] // the kind is the segment's subState
	if p.HasScore {
		fields = append(fields, "score", strconv.FormatFloat(p.Score, 'g', -1, 64))
	}
	if p.Target != "" && !p.Edited() {
		fields = append(fields, "made", checksum(p.Target))
	}
	fields = append(fields, "quotes", quotesText(p.Source.Quotes), "alignment", linksText(p.Links))
	var findings []metaGroup
	for j, f := range p.Findings {
		g := newGroup("finding", p.Source.ID+idFinding+strconv.Itoa(j+1), "rule", f.Rule,
			"source", spanText(f.Source), "target", spanText(f.Target), "suggestion", f.Suggestion)
		if len(g.fields) > 0 {
			findings = append(findings, g)
		}
	}
	m.groups = append(m.groups, newGroup("segment", p.Source.ID, fields...))
	m.groups[len(m.groups)-1].groups = findings
}

// checksum is equal for texts that differ in white space alone. It tells a
// target that was edited where nothing else says so, as a plain editor leaves it.
func checksum(text string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return hex.EncodeToString(sum[:4])
}

func originFields(o translate.Origin) []string {
	match, when := "", ""
	if o.Match != 0 {
		match = strconv.Itoa(o.Match)
	}
	if !o.Time.IsZero() {
		when = o.Time.Format(time.RFC3339Nano)
	}
	return []string{"origin", string(o.Kind), "backend", o.Backend, "model", o.Model, "by", o.By, "time", when, "match", match}
}

// metadata is an <mda:metadata>; a group without content is left out.
type metadata struct{ groups []metaGroup }

type metaGroup struct {
	category, id string
	fields       []string // types and values in turn, none empty
	groups       []metaGroup
}

func newGroup(category, id string, fields ...string) metaGroup {
	g := metaGroup{category: category, id: id}
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i+1] != "" {
			g.fields = append(g.fields, fields[i], fields[i+1])
		}
	}
	return g
}

func (m *metadata) group(category, id string, fields ...string) {
	m.groups = append(m.groups, newGroup(category, id, fields...))
}

func (m *metadata) write(x *xmlWriter) {
	opened := false
	for _, g := range m.groups {
		if len(g.fields)+len(g.groups) == 0 {
			continue
		}
		if !opened {
			x.open("mda:metadata")
			opened = true
		}
		g.write(x)
	}
	if opened {
		x.close()
	}
}

func (g *metaGroup) write(x *xmlWriter) {
	x.open("mda:metaGroup", "id", g.id, "category", ours+g.category)
	for i := 0; i < len(g.fields); i += 2 {
		x.leaf("mda:meta", g.fields[i+1], "type", g.fields[i])
	}
	for i := range g.groups {
		g.groups[i].write(x)
	}
	x.close()
}

// spanText is "12-18", in bytes of UTF-8, and "" for an empty span.
func spanText(s segment.Span) string {
	if s.Empty() {
		return ""
	}
	return strconv.Itoa(s.Start) + "-" + strconv.Itoa(s.End)
}

func rawSpan(s segment.Span) string { return strconv.Itoa(s.Start) + "-" + strconv.Itoa(s.End) }

// quotesText lists quotations as "START-END:LEVEL:oc", where o stands for an
// opening mark in the segment and c for a closing one.
func quotesText(quotes []segment.Quotation) string {
	var b strings.Builder
	for i, q := range quotes {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(rawSpan(q.Span) + ":" + strconv.Itoa(q.Level) + ":")
		if q.Opened {
			b.WriteByte('o')
		}
		if q.Closed {
			b.WriteByte('c')
		}
	}
	return b.String()
}

// linksText lists links as "START-END:START-END", source before target.
func linksText(links []translate.Link) string {
	var b strings.Builder
	for i, l := range links {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(rawSpan(l.Source) + ":" + rawSpan(l.Target))
	}
	return b.String()
}
