package output

import (
	"fmt"
	"io"
	"strings"
	"time"

	"depeche/translate"
)

// writeTMX writes TMX 1.4b (LISA OSCAR, 26 April 2005), level 1: plain text
// segments. A segment without a target is a unit with its source alone.
func writeTMX(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	tool, version, _ := strings.Cut(texts[0].Run.Tool, " ")
	if tool == "" {
		tool = "depeche"
	}
	if version == "" {
		version = "unknown"
	}
	source := texts[0].Document.Lang
	x := newXML(w)
	x.open("tmx", "version", "1.4")
	x.open("header", "creationtool", tool, "creationtoolversion", version, "segtype", "sentence", "o-tmf", "depeche",
		"adminlang", "en", "srclang", source.String(), "datatype", "plaintext", "creationdate", tmxTime(o.Time))
	x.leaf("prop", "1", "type", "x-tmx-level")
	x.close()
	x.open("body")
	for _, b := range texts {
		if b.Document.Lang != source {
			return fmt.Errorf("%s is in %s; one TMX file has one source language, here %s", b.Document.Name, b.Document.Lang, source)
		}
		for i := range b.Pairs {
			writeTU(x, b, &b.Pairs[i])
		}
	}
	x.close()
	x.close()
	return x.flush()
}

func writeTU(x *xmlWriter, b *translate.Bitext, p *translate.Pair) {
	by := p.Origin.By
	if by == "" {
		by = p.Origin.Backend
	}
	x.open("tu", "tuid", p.Source.ID, "creationid", by, "changedate", tmxTime(p.Origin.Time), "changeid", p.Origin.By)
	if p.Comment != "" {
		x.leaf("note", p.Comment)
	}
	for _, prop := range [][2]string{
		{"x-document", b.Document.Name}, {"x-kind", string(b.Document.Blocks[p.Block].Kind)}, {"x-state", string(p.State)},
		{"x-origin", originText(p.Origin)}, {"x-model", p.Origin.Model}, {"x-glossary", b.Run.Glossary},
	} {
		if prop[1] != "" {
			x.leaf("prop", prop[1], "type", prop[0])
		}
	}
	variant := func(lang, text string) {
		x.open("tuv", "xml:lang", lang)
		x.leaf("seg", text)
		x.close()
	}
	variant(b.Document.Lang.String(), p.Source.Text)
	if p.Target != "" {
		variant(b.Lang.String(), p.Target)
	}
	x.close()
}

// tmxTime is a time as TMX has it, "" for none.
func tmxTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("20060102T150405Z")
}
