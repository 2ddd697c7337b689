package glossary

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"depeche/segment"
)

const (
	tbxNS = "urn:iso:std:iso:30042:ed-2"
	// tbxNote begins the notes that hold what TBX-Basic has no category for.
	tbxNote = "depeche: "
)

// Administrative statuses of TBX-Basic.
const (
	preferredTerm  = "preferredTerm-admn-sts"
	admittedTerm   = "admittedTerm-admn-sts"
	deprecatedTerm = "deprecatedTerm-admn-sts"
	supersededTerm = "supersededTerm-admn-sts"
)

// tbxTerm is a termSec.
type tbxTerm struct {
	lang, text, status, pos, kind string
}

// tbxEntry is a conceptEntry.
type tbxEntry struct {
	pos                 segment.Pos
	terms               []tbxTerm
	domain, client, def string
	notes, extras       []string
}

// ReadTBX reads the French and English terms of a TBX file: TBX-Basic of ISO
// 30042:2019 in DCA style, and its forerunner with martif, termEntry and
// langSet. Deprecated and superseded English terms are forbidden, admitted
// ones allowed; the preferred one is the target. Entities other than XML's
// own are refused.
func ReadTBX(r io.Reader, name string) ([]Term, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	text, err := decode(data)
	if err != nil {
		return nil, &Error{File: name, Message: err.Error()}
	}
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // decoded above
	p := tbxReader{d: d, name: name}
	if err := p.read(); err != nil {
		line, col := d.InputPos()
		return nil, &Error{name, at(text, lineStarts(text), line, col), err.Error()}
	}
	var terms []Term
	for _, e := range p.entries {
		t, err := e.term(name)
		if err != nil {
			p.errs = append(p.errs, &Error{name, e.pos, err.Error()})
			continue
		}
		terms = append(terms, t)
	}
	return terms, errors.Join(p.errs...)
}

type tbxReader struct {
	d       *xml.Decoder
	name    string
	entries []*tbxEntry
	errs    []error
}

// read walks through the elements; a stack of names is all the state it needs.
func (p *tbxReader) read() error {
	var stack []string
	var entry *tbxEntry
	var term *tbxTerm
	var lang, kind string
	var text strings.Builder
	root := ""
	for {
		tok, err := p.d.Token()
		if err == io.EOF {
			if root == "" {
				return errors.New("this is no TBX file")
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if len(stack) > 64 {
				return errors.New("elements are nested too deeply")
			}
			stack = append(stack, tok.Name.Local)
			if root == "" {
				if root = tok.Name.Local; root != "tbx" && root != "martif" {
					return fmt.Errorf("this is no TBX file: its root is %q", root)
				}
				if s := attr(tok, "style"); s != "" && s != "dca" {
					return fmt.Errorf("the style %q is not supported; export it in DCA style", s)
				}
			}
			switch tok.Name.Local {
			case "conceptEntry", "termEntry":
				line, col := p.d.InputPos()
				entry = &tbxEntry{pos: segment.Pos{Offset: int(p.d.InputOffset()), Line: line, Column: col}}
				p.entries = append(p.entries, entry)
			case "langSec", "langSet":
				lang = attr(tok, "lang")
			case "term":
				if entry != nil {
					entry.terms = append(entry.terms, tbxTerm{lang: lang})
					term = &entry.terms[len(entry.terms)-1]
				}
				text.Reset()
			case "descrip", "admin", "termNote", "note":
				kind = attr(tok, "type")
				text.Reset()
			}
		case xml.CharData:
			text.Write(tok)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
			if entry == nil {
				continue
			}
			value := strings.Join(strings.Fields(text.String()), " ")
			switch tok.Name.Local {
			case "term":
				term.text = value
			case "termNote":
				if term == nil {
					continue
				}
				switch kind {
				case "administrativeStatus", "normativeAuthorization":
					term.status = value
				case "partOfSpeech":
					term.pos = value
				case "termType":
					term.kind = value
				}
			case "descrip":
				switch kind {
				case "subjectField":
					entry.domain = value
				case "definition":
					entry.def = value
				}
			case "admin":
				if kind == "customerSubset" {
					entry.client = value
				}
			case "note":
				value = strings.TrimSpace(text.String())
				if rest, ok := strings.CutPrefix(value, tbxNote); ok {
					entry.extras = append(entry.extras, rest)
				} else if value != "" {
					entry.notes = append(entry.notes, value)
				}
			case "termSec", "tig", "ntig":
				term = nil
			case "conceptEntry", "termEntry":
				entry = nil
			}
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// term makes an entry of a concept.
func (e *tbxEntry) term(name string) (Term, error) {
	t := Term{File: name, Pos: e.pos, Domain: e.domain, Client: e.client, Note: strings.Join(e.notes, "\n")}
	if t.Note == "" {
		t.Note = e.def
	}
	var forms []string
	for _, s := range e.terms {
		if s.text == "" {
			return t, errors.New("a term is empty")
		}
		old := s.status == deprecatedTerm || s.status == supersededTerm || strings.HasPrefix(s.status, "deprecated") || strings.HasPrefix(s.status, "superseded")
		switch base := strings.ToLower(strings.SplitN(strings.ReplaceAll(s.lang, "_", "-"), "-", 2)[0]); {
		case base == "fr" || base == "fra" || base == "fre":
			if strings.HasPrefix(s.status, "preferred") && len(t.Sources) > 0 {
				t.Sources = slices.Insert(t.Sources, 0, s.text)
			} else {
				t.Sources = append(t.Sources, s.text) // deprecated French still stands in dispatches
			}
			if t.POS == "" && s.pos != "" {
				if pos, err := parsePOS(s.pos); err == nil {
					t.POS = pos
				} else {
					t.POS = "other"
				}
			}
		case base != "en" && base != "eng":
		case old:
			t.Forbidden = append(t.Forbidden, s.text)
		case t.Target == "" || strings.HasPrefix(s.status, "preferred") && !e.preferred(t.Target):
			if t.Target != "" {
				t.Allowed = slices.Insert(t.Allowed, 0, t.Target)
			}
			t.Target = s.text
		case s.kind == "variant":
			forms = append(forms, s.text)
		default:
			t.Allowed = append(t.Allowed, s.text)
		}
	}
	if t.Target != "" {
		t.setTargets(append([]string{t.Target}, forms...))
	}
	if len(t.Sources) == 0 {
		return t, errors.New("the concept has no French term")
	}
	for _, pair := range e.extras {
		if key, value, ok := strings.Cut(pair, "="); ok {
			if err := t.set(key, value); err != nil {
				return t, err
			}
		}
	}
	if t.Keep && t.Target == t.Sources[0] {
		t.Target = ""
	}
	if t.Target == "" && !t.Keep {
		return t, fmt.Errorf("the concept of %q has no English term that may be used", t.Sources[0])
	}
	return t, nil
}

func (e *tbxEntry) preferred(text string) bool {
	return slices.ContainsFunc(e.terms, func(s tbxTerm) bool { return s.text == text && strings.HasPrefix(s.status, "preferred") })
}

// WriteTBX writes the entries as TBX-Basic in DCA style. What TBX-Basic has no
// category for (case rule, article, context words, "do not translate") stands
// in notes that ReadTBX reads back.
func WriteTBX(w io.Writer, terms []Term) error {
	var b strings.Builder
	b.WriteString(xml.Header)
	b.WriteString(`<tbx xmlns="` + tbxNS + `" type="TBX-Basic" style="dca" xml:lang="fr">
  <tbxHeader>
    <fileDesc>
      <sourceDesc>
        <p>Glossary, French to English</p>
      </sourceDesc>
    </fileDesc>
  </tbxHeader>
  <text>
    <body>
`)
	for i := range terms {
		t := &terms[i]
		fmt.Fprintf(&b, "      <conceptEntry id=\"c%d\">\n", i+1)
		line := func(indent, tag, kind, value string) {
			if value == "" {
				return
			}
			if kind != "" {
				kind = ` type="` + kind + `"`
			}
			b.WriteString(indent + "<" + tag + kind + ">")
			xml.EscapeText(&b, []byte(value))
			b.WriteString("</" + tag + ">\n")
		}
		line("        ", "descrip", "subjectField", t.Domain)
		line("        ", "admin", "customerSubset", t.Client)
		line("        ", "note", "", t.Note)
		for _, x := range t.extras() {
			line("        ", "note", "", tbxNote+x)
		}
		term := func(text, status, pos, kind string) {
			b.WriteString("          <termSec>\n")
			line("            ", "term", "", text)
			line("            ", "termNote", "administrativeStatus", status)
			line("            ", "termNote", "partOfSpeech", pos)
			line("            ", "termNote", "termType", kind)
			b.WriteString("          </termSec>\n")
		}
		pos := t.POS
		if pos == "proper" {
			pos = "noun"
		}
		b.WriteString("        <langSec xml:lang=\"fr\">\n")
		for k, s := range t.Sources {
			status, kind := admittedTerm, ""
			if k == 0 {
				status = preferredTerm
			}
			if allCaps(s) {
				kind = "acronym"
			}
			term(s, status, pos, kind)
		}
		b.WriteString("        </langSec>\n        <langSec xml:lang=\"en\">\n")
		target := t.Target
		if target == "" {
			target = t.Sources[0] // kept as it is
		}
		term(target, preferredTerm, pos, "")
		for k, f := range t.Forms {
			if k > 0 {
				term(f, admittedTerm, pos, "variant")
			}
		}
		for _, f := range t.Allowed {
			term(f, admittedTerm, pos, "")
		}
		for _, f := range t.Forbidden {
			term(f, deprecatedTerm, pos, "")
		}
		b.WriteString("        </langSec>\n      </conceptEntry>\n")
	}
	if len(terms) == 0 {
		return errors.New("a TBX file needs at least one entry")
	}
	b.WriteString("    </body>\n  </text>\n</tbx>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// extras is what TBX-Basic has no category for.
func (t *Term) extras() []string {
	var list []string
	add := func(key, value string) {
		if value != "" {
			list = append(list, key+"="+value)
		}
	}
	add("case", string(t.Case))
	if t.POS == "proper" {
		add("pos", t.POS)
	}
	add("article", string(t.Article))
	add("context", strings.Join(t.Context, "|"))
	if t.Keep {
		add("keep", "yes")
	}
	return list
}
