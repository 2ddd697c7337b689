package memory

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"depeche/translate"
)

// importBatch is how many units, or bytes of text, are saved in one transaction.
const (
	importBatch = 50_000
	importBytes = 32 << 20
)

// Imported counts what became of a file's units.
type Imported struct {
	Units   int // saved
	Older   int // left out, since the memory has the same source with a later change
	Skipped int // without both languages, or with an empty side
}

// tmxUnit is a translation unit of TMX 1.4b.
type tmxUnit struct {
	attrs    []attribute
	notes    []string
	props    []tmxProp
	variants []tmxVariant
}

type tmxProp struct{ Type, Value string }

// tmxVariant is a text of a unit: without inline codes, and all of it as XML
// if it has some.
type tmxVariant struct{ lang, text, inner string }

// attr is the value of an attribute; that of XML's own name space counts where
// there are two.
func attr(attrs []attribute, name string) string {
	value := ""
	for _, a := range attrs {
		if a.name == name && (value == "" || a.space != "") {
			value = a.value
		}
	}
	return value
}

// readUnit reads a tu element that has begun.
func readUnit(s *scanner) (*tmxUnit, error) {
	u := &tmxUnit{attrs: slices.Clone(s.attrs)}
	for {
		switch t, err := s.next(); {
		case err != nil:
			return nil, err
		case t == ends:
			return u, nil
		case t != begins:
			continue
		}
		var err error
		switch s.name {
		case "note":
			var v tmxVariant
			v, err = readText(s)
			u.notes = append(u.notes, v.text)
		case "prop":
			var v tmxVariant
			kind := attr(s.attrs, "type")
			v, err = readText(s)
			u.props = append(u.props, tmxProp{kind, v.text})
		case "tuv":
			err = u.readVariant(s, attr(s.attrs, "lang"))
		default:
			err = s.skip()
		}
		if err != nil {
			return nil, err
		}
	}
}

// readVariant reads a tuv element that has begun.
func (u *tmxUnit) readVariant(s *scanner, lang string) error {
	for {
		switch t, err := s.next(); {
		case err != nil:
			return err
		case t == ends:
			return nil
		case t != begins:
			continue
		}
		if s.name != "seg" {
			if err := s.skip(); err != nil {
				return err
			}
			continue
		}
		v, err := readText(s)
		if err != nil {
			return err
		}
		v.lang = lang
		u.variants = append(u.variants, v)
	}
}

// readText reads a seg element that has begun. The text inside bpt, ept, it,
// ph and ut is code of the document's format and no words; hi and sub hold
// words.
func readText(s *scanner) (tmxVariant, error) {
	var text []string
	var inner strings.Builder
	code, tagged := 0, false
	within := len(s.open)
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return tmxVariant{}, err
		case t == begins:
			if !tagged {
				tagged = true
				_ = xml.EscapeText(&inner, []byte(strings.Join(text, "")))
			}
			if isCode(s.name) {
				code++
			}
			inner.WriteString("<" + s.name)
			for _, a := range s.attrs {
				inner.WriteString(" " + a.name + `="`)
				_ = xml.EscapeText(&inner, []byte(a.value))
				inner.WriteByte('"')
			}
			inner.WriteByte('>')
		case t == chars:
			if code == 0 {
				text = append(text, s.text)
			}
			if tagged {
				_ = xml.EscapeText(&inner, []byte(s.text))
			}
		case len(s.open) < within:
			return tmxVariant{text: strings.Join(text, ""), inner: inner.String()}, nil
		default:
			inner.WriteString("</" + s.name + ">")
			if isCode(s.name) {
				code--
			}
		}
	}
}

func isCode(name string) bool {
	switch name {
	case "bpt", "ept", "it", "ph", "ut":
		return true
	}
	return false
}

// ImportTMX saves the units of a TMX file that have both languages. The file
// is read as a stream. An error begins with name, line and column; the units
// before it stay saved.
func (m *Memory) ImportTMX(ctx context.Context, r io.Reader, name, from, to string, progress func(units int)) (Imported, error) {
	var done Imported
	// The next units are read while the disk writes the ones before.
	ctx, cancel := context.WithCancel(ctx)
	type part struct {
		list  []*record
		units int
	}
	batches := make(chan part)
	defer func() {
		cancel()
		for range batches { // until nobody reads the file any more
		}
	}()
	var wrong error // with the file; set when batches is closed
	skipped := 0
	go func() {
		defer close(batches)
		var batch []translate.Entry
		size := 0
		send := func() bool {
			select {
			case batches <- part{records(batch), len(batch)}:
				batch, size = make([]translate.Entry, 0, len(batch)), 0
				return true
			case <-ctx.Done():
				return false
			}
		}
		err := readUnits(r, func(u *tmxUnit) bool {
			e, ok := u.entry(name, from, to)
			if !ok {
				skipped++
				return true
			}
			batch, size = append(batch, e), size+len(e.Source)+len(e.Target)+len(e.SourceXML)+len(e.TargetXML)
			return len(batch) < importBatch && size < importBytes || send()
		})
		var place *fault
		if errors.As(err, &place) {
			wrong = fmt.Errorf("%s:%w", name, err)
		} else if err != nil {
			wrong = fmt.Errorf("%s: %w", name, err)
		}
		send()
	}()
	var later backlog
	for b := range batches {
		older, err := m.save(ctx, b.list, true, &later)
		if err == nil && len(later.postings) > mostBacklog {
			err = m.work(ctx, &later)
		}
		if err != nil {
			return done, err
		}
		done.Units += b.units - older
		done.Older += older
		if progress != nil {
			progress(done.Units)
		}
	}
	done.Skipped = skipped
	if err := ctx.Err(); err != nil {
		return done, err
	}
	return done, errors.Join(wrong, m.work(ctx, &later))
}

// readUnits calls f for the units of a TMX file until it gives false.
func readUnits(r io.Reader, f func(*tmxUnit) bool) error {
	s, err := newScanner(r)
	if err != nil {
		return err
	}
	for root := false; ; {
		t, err := s.next()
		switch {
		case err == io.EOF && !root:
			return &fault{1, 1, "this is no TMX file: it is empty"}
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case t == chars && !root && strings.TrimSpace(s.text) != "":
			return &fault{1, 1, "this is no TMX file: it begins with text"}
		case t != begins:
			continue
		case !root && s.name != "tmx":
			return s.fault(s.pos, fmt.Sprintf("this is no TMX file: its root is <%s>", s.name))
		}
		root = true
		if s.name != "tu" {
			continue
		}
		u, err := readUnit(s)
		if err != nil {
			return err
		}
		if !f(u) {
			return nil
		}
	}
}

// entry makes an entry of a unit; false if it lacks one of the languages.
func (u *tmxUnit) entry(name, from, to string) (translate.Entry, bool) {
	by := attr(u.attrs, "changeid")
	if by == "" {
		by = attr(u.attrs, "creationid")
	}
	e := translate.Entry{Query: translate.Query{From: from, To: to}, Document: name, State: translate.Translated,
		Origin: translate.Origin{Kind: translate.Human, By: by}, Note: strings.Join(u.notes, "\n")}
	for _, v := range u.variants {
		switch base(v.lang) {
		case base(from):
			e.Source, e.From, e.SourceXML = v.text, v.lang, v.inner
		case base(to):
			e.Target, e.To, e.TargetXML = v.text, v.lang, v.inner
		}
	}
	e.Uses, _ = strconv.Atoi(attr(u.attrs, "usagecount"))
	for _, name := range []string{"creationdate", "changedate"} {
		if t, err := time.Parse("20060102T150405Z", attr(u.attrs, name)); err == nil {
			e.Origin.Time = t
		}
	}
	for _, p := range u.props {
		switch p.Type {
		case "x-depeche-origin":
			e.Origin.Kind = translate.OriginKind(p.Value)
		case "x-depeche-backend":
			e.Backend, e.Origin.Backend = p.Value, p.Value
		case "x-depeche-model":
			e.Model, e.Origin.Model = p.Value, p.Value
		case "x-depeche-settings":
			e.Settings = p.Value
		case "x-depeche-glossary":
			e.Glossary = p.Value
		case "x-depeche-state":
			e.State = translate.State(p.Value)
		case "x-document":
			e.Document = p.Value
		case "x-context-pre":
			e.Previous = p.Value
		case "x-context-post":
			e.Next = p.Value
		}
	}
	return e, strings.TrimSpace(e.Source) != "" && strings.TrimSpace(e.Target) != ""
}

// ExportTMX writes all entries of a language pair as TMX 1.4b, in the order in
// which they came, as a stream. It gives their number.
func (m *Memory) ExportTMX(ctx context.Context, w io.Writer, from, to, tool string) (int, error) {
	out := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintf(out, `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
<header creationtool="depeche" creationtoolversion="%s" segtype="sentence" o-tmf="depeche" adminlang="en" srclang="%s" datatype="plaintext"/>
<body>
`, escape(tool), escape(from))
	n := 0
	err := m.each(ctx, from, to, func(f *found) error {
		n++
		return writeUnit(out, f)
	})
	if err != nil {
		return n, err
	}
	fmt.Fprint(out, "</body>\n</tmx>\n")
	return n, out.Flush()
}

func writeUnit(w io.Writer, f *found) error {
	d, err := f.details()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, `<tu changedate="%s"`, time.Unix(f.changed, 0).UTC().Format("20060102T150405Z"))
	if f.uses > 0 {
		fmt.Fprintf(w, ` usagecount="%d"`, f.uses)
	}
	if f.author != "" {
		fmt.Fprintf(w, ` changeid="%s"`, escape(f.author))
	}
	fmt.Fprint(w, ">\n")
	if f.note != "" {
		fmt.Fprintf(w, "<note>%s</note>\n", escape(f.note))
	}
	for _, p := range []tmxProp{{"x-depeche-origin", f.kind}, {"x-depeche-backend", f.backend}, {"x-depeche-model", f.model},
		{"x-depeche-settings", f.settings}, {"x-depeche-glossary", f.glossary}, {"x-depeche-state", f.state}, {"x-document", f.document},
		{"x-context-pre", d.Previous}, {"x-context-post", d.Next}} {
		if p.Value != "" {
			fmt.Fprintf(w, "<prop type=\"%s\">%s</prop>\n", p.Type, escape(p.Value))
		}
	}
	source, target := escape(f.source), escape(f.target)
	if d.SourceXML != "" {
		source = d.SourceXML
	}
	if d.TargetXML != "" {
		target = d.TargetXML
	}
	_, err = fmt.Fprintf(w, "<tuv xml:lang=\"%s\"><seg>%s</seg></tuv>\n<tuv xml:lang=\"%s\"><seg>%s</seg></tuv>\n</tu>\n",
		escape(f.from), source, escape(f.to), target)
	return err
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
