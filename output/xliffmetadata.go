package output

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"depeche/segment"
	"depeche/translate"
)

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
