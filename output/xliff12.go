package output

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"depeche/segment"
	"depeche/translate"
)

// XLIFF 1.2 (OASIS Standard, 1 February 2008) is for older translation tools:
// a <trans-unit> per segment, so that each has its state and notes, in a
// <group> per block. Only the working file (2.1) holds everything.
const nsXLIFF12 = "urn:oasis:names:tc:xliff:document:1.2"

func writeXLIFF12(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	x := newXML(w)
	x.open("xliff", "xmlns", nsXLIFF12, "version", "1.2")
	for _, b := range texts {
		d := b.Document
		date := ""
		if !o.Time.IsZero() {
			date = o.Time.UTC().Format("2006-01-02T15:04:05Z")
		}
		name := d.Name
		if name == "" {
			name = "-" // must not be absent
		}
		x.open("file", "original", name, "source-language", d.Lang.String(), "target-language", b.Lang.String(),
			"datatype", "plaintext", "date", date, "xml:space", "preserve")
		if tool, version, _ := strings.Cut(b.Run.Tool, " "); tool != "" {
			x.open("header")
			x.void("tool", "tool-id", tool, "tool-name", tool, "tool-version", version)
			x.close()
		}
		x.open("body")
		pairs := b.Pairs
		for i := range d.Blocks {
			k := len(d.Blocks[i].Segments)
			if k > 0 {
				x.open("group", "id", "b"+strconv.Itoa(i+1), "restype", "x-"+string(d.Blocks[i].Kind), "xml:space", "preserve")
				for j := range pairs[:k] {
					writeTransUnit(x, &pairs[j])
				}
				x.close()
			}
			pairs = pairs[k:]
		}
		x.close()
		x.close()
	}
	x.close()
	return x.flush()
}

func writeTransUnit(x *xmlWriter, p *translate.Pair) {
	approved := ""
	if p.State == translate.Reviewed || p.State == translate.Final {
		approved = "yes"
	}
	x.open("trans-unit", "id", p.Source.ID, "approved", approved, "xml:space", "preserve")
	x.leaf("source", p.Source.Text)
	segmented := func(name, text string, attrs ...string) {
		x.indent()
		x.begin(name, attrs...)
		x.begin("mrk", "mtype", "seg", "mid", "1")
		x.text(xmlSafe(text))
		x.end()
		x.end()
	}
	segmented("seg-source", p.Source.Text)
	if p.Target != "" {
		segmented("target", p.Target, "state", state12[p.State], "state-qualifier", qualifier12(p.Origin))
	} else {
		segmented("target", p.Source.Text, "state", untranslated12) // tools such as OmegaT 3 show what stands in targets
	}
	if p.Comment != "" {
		x.leaf("note", p.Comment, "annotates", "target")
	}
	for _, f := range p.Findings {
		priority := map[translate.Level]string{translate.LevelError: "1", translate.LevelWarning: "3"}[f.Level]
		x.leaf("note", string(f.Level)+" "+f.Rule+": "+f.Message, "from", "depeche", "priority", priority, "annotates", "target")
	}
	for _, m := range p.Matches {
		x.open("alt-trans", "match-quality", strconv.Itoa(min(m.Percent, 100))+"%", "origin", m.Origin.Backend, "xml:space", "preserve")
		x.leaf("source", m.Source)
		x.leaf("target", m.Target)
		x.close()
	}
	x.close()
}

var state12 = map[translate.State]string{
	translate.Initial: "needs-review-translation", translate.Translated: "translated",
	translate.Reviewed: "signed-off", translate.Final: "final",
}

// untranslated12 is the state of a target that is the source still.
const untranslated12 = "new"

// qualifier12 says where a target comes from.
func qualifier12(o translate.Origin) string {
	switch {
	case o.Kind == translate.Machine:
		return "leveraged-mt"
	case o.Kind == translate.Memory && o.Match >= 100:
		return "exact-match"
	case o.Kind == translate.Memory:
		return "fuzzy-match"
	}
	return ""
}

// file12 reads a <file> of XLIFF 1.2. What comes from other tools may have one
// unit per paragraph, segmented by <mrk mtype="seg"> in seg-source and target.
func (x *xliffReader) file12(f *node) (*translate.Bitext, error) {
	b := &translate.Bitext{Document: &segment.Document{Name: xmlPlain(f.attr("original"))}}
	var err error
	if b.Document.Lang, err = x.lang(f, "source-language"); err != nil {
		return nil, err
	}
	if b.Lang, err = x.lang(f, "target-language"); err != nil {
		return nil, err
	}
	ids := &idSet{used: make(map[string]bool)}
	if body := f.first(x.ns, "body"); body != nil {
		if err := x.units12(body, isPreserve(f, false), b, ids, false); err != nil {
			return nil, err
		}
	}
	ids.assign(b)
	return b, nil
}

// units12 reads what stands under a body or group. The units of one of our
// groups are the segments of a block; any other unit is a block of its own.
func (x *xliffReader) units12(parent *node, preserve bool, b *translate.Bitext, ids *idSet, joined bool) error {
	for _, k := range parent.kids {
		var err error
		switch {
		case k.is(x.ns, "group"):
			kind, ours := strings.CutPrefix(k.attr("restype"), "x-")
			if ours {
				b.Document.Blocks = append(b.Document.Blocks, segment.Block{Kind: segment.Kind(kind)})
			}
			err = x.units12(k, isPreserve(k, preserve), b, ids, ours)
		case k.is(x.ns, "trans-unit"):
			if !joined {
				b.Document.Blocks = append(b.Document.Blocks, segment.Block{Kind: segment.Paragraph})
			}
			err = x.unit12(k, isPreserve(k, preserve), b, ids)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (x *xliffReader) unit12(u *node, preserve bool, b *translate.Bitext, ids *idSet) error {
	source := u.first(x.ns, "source")
	if source == nil {
		return x.t.errorf(u.offset, "<trans-unit> has no <source>")
	}
	target := u.first(x.ns, "target")
	segments, targets := segs12(u.first(x.ns, "seg-source")), map[string]*node{}
	if len(segments) == 0 {
		segments = []*node{source}
		targets[""] = target
	} else {
		for _, m := range segs12(target) {
			targets[m.attr("mid")] = m
		}
		if len(targets) == 0 && len(segments) == 1 {
			targets[segments[0].attr("mid")] = target // a tool took the mark away
		}
	}
	if unmarked := strings.TrimSpace(target.text()); unmarked != "" && len(targets) == 0 {
		return x.t.errorf(target.offset, "<target> of unit %s has none of the segments of its <seg-source>", u.attr("id"))
	}
	if x.whole && len(segments) > 1 {
		segments, targets = []*node{source}, map[string]*node{"": joined12(target)}
	}
	block := &b.Document.Blocks[len(b.Document.Blocks)-1]
	for i, s := range segments {
		part := &unitPart{node: u, id: u.attr("id"), source: inline{x: x, preserve: preserve}}
		if len(segments) > 1 {
			part.id += "-" + s.attr("mid")
		}
		if err := part.source.read(s); err != nil {
			return err
		}
		part.target = inline{x: x, preserve: preserve}
		if t := targets[s.attr("mid")]; t != nil {
			if err := part.target.read(t); err != nil {
				return err
			}
		}
		p := translate.Pair{Block: len(b.Document.Blocks) - 1, Target: xmlPlain(part.target.text.String()), State: translate.Initial, Origin: translate.Origin{Kind: translate.None}}
		if block.Text != "" {
			block.Text += " "
		}
		text := xmlPlain(part.source.text.String())
		p.Source = segment.Segment{ID: part.id, Text: text, Span: segment.Span{Start: len(block.Text), End: len(block.Text) + len(text)}}
		block.Text += text
		if p.Target == text && target != nil && (target.attr("state") == untranslated12 || target.attr("state") == "needs-translation") {
			p.Target, part.target.codes = "", nil
		}
		if p.Target != "" {
			p.State, p.Origin.Kind = parseState12(target.attr("state"), u.attr("approved")), translate.Human
			switch q := target.attr("state-qualifier"); {
			case q == "exact-match", q == "fuzzy-match", strings.HasPrefix(q, "leveraged-tm"):
				p.Origin.Kind = translate.Memory
			case q == "leveraged-mt", q == "mt-suggestion":
				p.Origin.Kind = translate.Machine
			}
		}
		if i == 0 {
			x.notes12(u, &p)
		}
		part.node = nil
		reportCodes(&p, part)
		block.Segments = append(block.Segments, p.Source)
		b.Pairs = append(b.Pairs, p)
		ids.add(u.attr("id"), part.id)
		x.at, x.state = append(x.at, u.offset), append(x.state, stated12(u, target))
	}
	return nil
}

// stated12 reports whether the file says how far a target has come. A filled
// target that is called new still is the work of a tool that keeps no states.
func stated12(u, target *node) bool {
	return u.attr("approved") == "yes" || target != nil && target.attr("state") != "" && target.attr("state") != untranslated12
}

// joined12 is a target without the indentation that stands around and between
// its segments.
func joined12(target *node) *node {
	if target == nil {
		return nil
	}
	n := *target
	n.kids = nil
	for i, k := range target.kids {
		if k.name.Local == "" && strings.TrimSpace(k.data) == "" {
			if i == 0 || i == len(target.kids)-1 {
				continue
			}
			k = &node{data: " ", offset: k.offset}
		}
		n.kids = append(n.kids, k)
	}
	return &n
}

func (x *xliffReader) notes12(u *node, p *translate.Pair) {
	for _, n := range u.all(x.ns, "note") {
		text := xmlPlain(n.text())
		if n.attr("from") != "depeche" {
			addComment(p, text)
			continue
		}
		head, message, _ := strings.Cut(text, ": ")
		level, rule, _ := strings.Cut(head, " ")
		p.Findings = append(p.Findings, translate.Finding{Level: translate.Level(level), Rule: rule, Message: message})
	}
}

// segs12 gives the segments that are marked in a seg-source or target.
func segs12(n *node) []*node {
	var out []*node
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name.Local == "mrk" && k.attr("mtype") == "seg" {
			out = append(out, k)
		} else {
			out = append(out, segs12(k)...)
		}
	}
	return out
}

func parseState12(state, approved string) translate.State {
	switch {
	case state == "final":
		return translate.Final
	case state == "signed-off", approved == "yes":
		return translate.Reviewed
	case state == "translated", state == "": // a target without a state is somebody's translation
		return translate.Translated
	}
	return translate.Initial
}

func (x *xliffReader) read12() ([]*translate.Bitext, error) {
	var texts []*translate.Bitext
	for _, f := range x.t.root.all(x.ns, "file") {
		b, err := x.file12(f)
		if err != nil {
			return nil, err
		}
		texts = append(texts, b)
	}
	if len(texts) == 0 {
		return nil, fmt.Errorf("%s: no <file> in the XLIFF", x.t.name)
	}
	return texts, nil
}
