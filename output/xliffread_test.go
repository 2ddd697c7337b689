package output

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"depeche/translate"
)

// TestForeignXLIFF reads files as other tools write them. Beside each .xlf a
// .txt says what is read.
func TestForeignXLIFF(t *testing.T) {
	files, err := filepath.Glob("testdata/xliff/*.xlf")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := readXLIFF(bytes.NewReader(data), file)
		if err != nil {
			t.Error(err)
			continue
		}
		got := dump(texts)
		plain := strings.TrimSuffix(file, ".xlf") + ".txt"
		if *update {
			if err := os.WriteFile(plain, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(plain)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
		}
		roundTrip(t, texts...)
	}
}

// dump prints bitexts so that an editor can check them.
func dump(texts []*translate.Bitext) string {
	var b strings.Builder
	for _, text := range texts {
		fmt.Fprintln(&b, text.Document.Name, text.Document.Lang, text.Lang)
		block := -1
		for i := range text.Pairs {
			p := &text.Pairs[i]
			for block < p.Block {
				block++
				fmt.Fprintf(&b, "%s %q\n", text.Document.Blocks[block].Kind, text.Document.Blocks[block].Text)
			}
			fmt.Fprintf(&b, "  %s %s %s %q → %q\n", p.Source.ID, p.State, p.Origin.Kind, p.Source.Text, p.Target)
			if p.Comment != "" {
				fmt.Fprintf(&b, "    comment %q\n", p.Comment)
			}
			for _, f := range p.Findings {
				fmt.Fprintf(&b, "    %s %s %s\n", f.Level, f.Rule, f.Message)
			}
			for _, t := range p.Terms {
				fmt.Fprintf(&b, "    term %s %s %s > %s (%s)\n", t.Entry, rawSpan(t.Source), rawSpan(t.Target), t.Preferred, t.Glossary)
			}
			for _, m := range p.Matches {
				fmt.Fprintf(&b, "    match %d %q → %q %s\n", m.Percent, m.Source, m.Target, m.Origin.Backend)
			}
		}
	}
	return b.String()
}

func TestXLIFFErrors(t *testing.T) {
	in := func(unit string) string {
		return `<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="fr" trgLang="en"><file id="f">` + "\n" + unit + "</file></xliff>"
	}
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", "x.xlf:1:1: no XML element"},
		{"text", "Bonjour", "x.xlf:1:1: text outside the root element"},
		{"other XML", "<tmx/>", "x.xlf:1:1: not XLIFF: the root element is <tmx>"},
		{"version", `<xliff version="3.0"/>`, `x.xlf:1:1: XLIFF version "3.0"; versions 1.1, 1.2 and 2.0 to 2.2 are read here`},
		{"no file", `<xliff version="2.1" srcLang="fr"/>`, "x.xlf:1:1: no <file> in the XLIFF"},
		{"language", `<xliff version="2.1" srcLang="français"/>`, `x.xlf:1:1: srcLang "français" is no language tag`},
		{"cut off", strings.TrimSuffix(in(`<unit id="u"><segment>`), "</file></xliff>"), "x.xlf:2:23: unexpected EOF"},
		{"crossed tags", in("é<unit id='u'></segment>"), "x.xlf:2:25: element <unit> closed by </segment>"},
		{"DTD", "<?xml version='1.0'?>\n<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>\n" + in(""), "x.xlf:2:1: document types and entities are not accepted"},
		{"entity", in("<unit id='u'><segment><source>&e;</source></segment></unit>"), "x.xlf:2:34: invalid character entity &e;"},
		{"no source", in("<unit id='u'>é<segment/></unit>"), "x.xlf:2:15: <segment> has no <source>"},
		{"bad cp", in("<unit id='u'><segment><source><cp hex='D800'/></source></segment></unit>"), `x.xlf:2:31: <cp hex="D800"> is no character`},
		{"foreign inline", in("<unit id='u'><segment><source><b xmlns='h'/></source></segment></unit>"), "x.xlf:2:31: <b> of another vocabulary inside text"},
		{"unknown inline", in("<unit id='u'><segment><source><z/></source></segment></unit>"), "x.xlf:2:31: <z> inside text"},
		{"deep", strings.Repeat("<a>", 300), "x.xlf:1:604: elements nested deeper than 200"},
		{"two roots", "<a/><b/>", "x.xlf:1:5: a second root element <b>"},
		{"encoding", "<?xml version='1.0' encoding='x-none'?><a/>", `x.xlf:1:1: unknown encoding "x-none"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readXLIFF(strings.NewReader(c.file), "x.xlf")
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestXLIFFEncodings(t *testing.T) {
	data := write(t, "xliff", Options{}, lavrov(t))
	want := dump([]*translate.Bitext{lavrov(t)})
	encode := func(order unicode.Endianness, bom unicode.BOMPolicy) []byte {
		out, err := unicode.UTF16(order, bom).NewEncoder().Bytes(data)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	latin := []byte(`<?xml version="1.0" encoding="ISO-8859-1"?><xliff version="2.1" srcLang="fr"><file id="f"><unit id="u"><segment id="s"><source>` + "\xe9t\xe9" + `</source></segment></unit></file></xliff>`)
	for name, file := range map[string][]byte{"UTF-8 with mark": append([]byte("\ufeff"), data...), "UTF-16 LE": encode(unicode.LittleEndian, unicode.UseBOM),
		"UTF-16 BE": encode(unicode.BigEndian, unicode.UseBOM), "UTF-16 without mark": encode(unicode.LittleEndian, unicode.IgnoreBOM), "Latin-1": latin} {
		texts, err := readXLIFF(bytes.NewReader(file), "x.xlf")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "Latin-1" {
			if got := texts[0].Pairs[0].Source.Text; got != "été" {
				t.Errorf("%s: %q", name, got)
			}
		} else if got := dump(texts); got != want {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
}

// TestXLIFFEdited changes a file as a translation tool does.
func TestXLIFFEdited(t *testing.T) {
	file := string(write(t, "xliff", Options{}, lavrov(t)))
	edited := strings.Replace(file, `state="initial" subState="depeche:machine">`, `state="reviewed">`, 1)
	edited = strings.Replace(edited, "“I think President Obama heard what Mr. Putin had to say.", "He said.", 1)
	if edited == file {
		t.Fatal("nothing edited")
	}
	texts, err := readXLIFF(strings.NewReader(edited), "x.xlf")
	if err != nil {
		t.Fatal(err)
	}
	p := texts[0].Pairs[9]
	if p.Target != "He said." || p.State != translate.Reviewed || p.Origin.Kind != translate.Human || p.Origin.Backend != "" {
		t.Errorf("%+v", p)
	}
	if len(p.Findings) != 1 || p.Findings[0].Rule != "quotes-unbalanced" {
		t.Errorf("findings %+v", p.Findings)
	}
	if err := sound(texts); err != nil {
		t.Error(err)
	}
}

func TestDetect(t *testing.T) {
	xliff := string(write(t, "xliff", Options{}, lavrov(t)))
	for _, c := range []struct{ name, data, want string }{
		{"a.xlf", "", "xliff"}, {"a.XLIFF", "", "xliff"}, {"a.xml", xliff, "xliff"}, {"-", xliff, "xliff"},
		{"a.xlf", string(write(t, "xliff12", Options{}, lavrov(t))), "xliff12"}, {"a.xml", `<x:xliff xmlns:x="` + nsXLIFF12 + `">`, "xliff12"},
	} {
		if f, err := Detect(c.name, []byte(c.data)); err != nil || f.Name != c.want {
			t.Errorf("Detect(%q): %v, %v", c.name, f, err)
		}
	}
	if f, err := Detect("a.html", []byte("<html>")); err == nil {
		t.Errorf("a page was taken for %s", f.Name)
	}
}

func TestForFile(t *testing.T) {
	for name, want := range map[string]string{"a.html": "html", "a.fragment.html": "fragment", "A.DOCX": "docx", "a.review.docx": "docx-review", "x/a.v12.xlf": "xliff12",
		"a.xlf": "xliff", "a.b.md": "md", "a.ninjs.json": "ninjs", "a.newsml.xml": "newsml-g2", "a.json": "", "fragment.html": "html", "a": "", "a.md/b": ""} {
		f, err := ForFile(name)
		if want == "" && err == nil || want != "" && (err != nil || f.Name != want) {
			t.Errorf("ForFile(%q): %v, %v; want %q", name, f, err, want)
		}
	}
}

// TestXLIFF12 writes for older tools and reads back what such a file can hold.
func TestXLIFF12(t *testing.T) {
	schema := schemas(t, "xliff12/xliff-core-1.2-strict.xsd")
	catalog := schemas(t, "catalog.xml")
	t.Setenv("XML_CATALOG_FILES", catalog)
	for name, texts := range map[string][]*translate.Bitext{"sample": {lavrov(t)}, "awkward": awkward()} {
		data := write(t, "xliff12", Options{}, texts...)
		validate(t, name+".xlf", data, program(t, "xmllint"), "--nonet", "--noout", "--schema", schema)
		back, err := readXLIFF(bytes.NewReader(data), "x.xlf")
		if err != nil {
			t.Fatal(err)
		}
		for i, b := range texts {
			for k, p := range b.Pairs {
				q := back[i].Pairs[k]
				if q.Source.ID != p.Source.ID || q.Source.Text != p.Source.Text || q.Target != p.Target || q.Comment != p.Comment || len(q.Findings) != len(p.Findings) ||
					p.Target != "" && q.State != p.State {
					t.Errorf("%s: wrote %+v, read %+v", name, p, q)
				}
			}
		}
		if err := sound(back); err != nil {
			t.Error(err)
		}
	}
}
