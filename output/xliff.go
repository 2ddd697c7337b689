package output

import (
	"fmt"
	"io"
	"strconv"

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
