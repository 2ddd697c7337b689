package output

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"depeche/segment"
	"depeche/translate"
)

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
