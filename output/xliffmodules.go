package output

import (
	"strconv"
	"strings"
	"time"

	"depeche/segment"
	"depeche/translate"
)

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
