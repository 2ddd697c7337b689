package glossary

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"depeche/segment"
)

var words = []string{"Daesh", "EI", "État islamique", "l'organisation « X »", "djihadiste", "œuvre", "naïf", "@afp", "=1+1", "#mot", "a, b; c", `"x"`, "<&>", "été", "S&P 500", "-", "a\tb"}

func genTerm(t *rapid.T) Term {
	word := rapid.SampledFrom(words)
	list := func(name string, least int) []string {
		l := rapid.SliceOfNDistinct(word, least, 4, rapid.ID[string]).Draw(t, name)
		if len(l) == 0 {
			return nil
		}
		for i := range l {
			l[i] = strings.Join(strings.Fields(l[i]), " ")
		}
		return l
	}
	term := Term{
		Sources: list("sources", 1), Allowed: list("allowed", 0), Forbidden: list("forbidden", 0), Context: list("context", 0),
		Article: rapid.SampledFrom([]Article{ArticleAuto, ArticleThe, ArticleNone}).Draw(t, "article"),
		Case:    rapid.SampledFrom([]Case{CaseAuto, CaseExact, CaseIgnore}).Draw(t, "case"),
		POS:     rapid.SampledFrom([]string{"", "noun", "proper", "verb", "adjective", "adverb", "other"}).Draw(t, "pos"),
		Domain:  rapid.SampledFrom([]string{"", "armée", "a|b"}).Draw(t, "domain"),
		Client:  rapid.SampledFrom([]string{"", "desk"}).Draw(t, "client"),
		Note:    rapid.SampledFrom([]string{"", "note", "deux; notes", "a | b"}).Draw(t, "note"),
		Keep:    rapid.Bool().Draw(t, "keep"),
	}
	if !term.Keep {
		targets := list("targets", 1)
		term.Target = targets[0]
		if len(targets) > 1 {
			term.Forms = targets
		}
	} else {
		term.Article = ArticleAuto // a table writes "the" with the target, and there is none
	}
	return term
}

// TestFormatsRoundTrip writes entries in each format and reads them back.
func TestFormatsRoundTrip(t *testing.T) {
	for _, f := range Formats {
		t.Run(f.Name, rapid.MakeCheck(func(t *rapid.T) {
			terms := rapid.SliceOfN(rapid.Custom(genTerm), 1, 4).Draw(t, "terms")
			var b bytes.Buffer
			if err := f.Write(&b, terms); err != nil {
				t.Fatal(err)
			}
			got, err := f.Read(bytes.NewReader(b.Bytes()), "file")
			if err != nil {
				t.Fatalf("%v\n%s", err, b.String())
			}
			opts := []cmp.Option{cmpopts.IgnoreFields(Term{}, "File", "Pos"), cmpopts.EquateEmpty()}
			if d := cmp.Diff(terms, got, opts...); d != "" {
				t.Errorf("%s\n%s", d, b.String())
			}
			if _, err := New(Set{Name: "file", Terms: got}); err != nil {
				t.Error(err)
			}
		}))
	}
}

// schemas is the folder of the TBX schemas; the test is skipped without it or
// without the program that uses them.
func schemas(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "shared", "schemas", "tbx")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no ../shared/schemas/tbx")
	}
	if _, err := exec.LookPath("jing"); err != nil {
		t.Skip("no jing (Debian package jing)")
	}
	return dir
}

func TestTBXIsValid(t *testing.T) {
	dir := schemas(t)
	full := Term{Sources: []string{"Daesh", "EI"}, Target: "ISIS", Forms: []string{"ISIS", "of ISIS"}, Allowed: []string{"a < b & c"}, Forbidden: []string{"ISIL"},
		Article: ArticleNone, Case: CaseExact, POS: "proper", Domain: "guerre", Client: "desk", Context: []string{"Syrie"}, Note: "note"}
	sample, err := Load("testdata/sample.csv")
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for name, terms := range map[string][]Term{"full": {full, {Sources: []string{"Le Monde"}, Keep: true}}, "sample": sample, "news": News().Terms} {
		var b bytes.Buffer
		if err := WriteTBX(&b, terms); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), name+".tbx")
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	for _, schema := range []string{"TBXcoreStructV03.rng", "TBX-Basic_DCA.sch"} {
		if out, err := exec.Command("jing", append([]string{filepath.Join(dir, schema)}, files...)...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", schema, err, out)
		}
	}
}

// TestTBXOfOthers reads what other programs write: statuses, languages with
// regions, the older structure.
func TestTBXOfOthers(t *testing.T) {
	const old = `<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en"><martifHeader/><text><body><termEntry id="1"><descrip type="subjectField">armed groups</descrip>
<langSet xml:lang="en-GB"><tig><term>Islamic State</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig>
<ntig><termGrp><term>IS group</term></termGrp></ntig>
<tig><term>ISIS</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></tig></langSet>
<langSet xml:lang="fr_FR"><tig><term>l'<hi>EI</hi></term></tig><tig><term>Daesh</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></tig></langSet>
<langSet xml:lang="de"><tig><term>IS</term></tig></langSet></termEntry></body></text></martif>`
	got, err := ReadTBX(strings.NewReader(old), "old.tbx")
	if err != nil {
		t.Fatal(err)
	}
	want := []Term{{Sources: []string{"Daesh", "l'EI"}, Target: "ISIS", Allowed: []string{"IS group"}, Forbidden: []string{"Islamic State"}, Domain: "armed groups"}}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(Term{}, "File", "Pos")); d != "" {
		t.Error(d)
	}
}

// TestReadFaults holds messages and places of faults.
func TestReadFaults(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"a.csv", "", "a.csv: the glossary is empty: it needs a header with at least source and target"},
		{"a.csv", "source,cible\nDaesh,ISIS\n,ISIS\n", "a.csv:3:1: the entry has no source term"},
		{"a.csv", "Cible;Terme source;Casse\nISIS;Daesh;\nISIS;EI;grand\n", `a.csv:3:9: unknown case rule "grand"; use exact, ignore or nothing`},
		{"a.csv", "source,target\nÉtat,\n", `a.csv:2:1: "État" has no target`},
		{"a.csv", "source,target,colour\nx,y,z\n", `a.csv:1:15: unknown column "colour"; known are source, target, allowed, forbidden, case, pos, article, domain, client, context, keep, note`},
		{"a.csv", "source,target,cible\nx,y,z\n", "a.csv:1:15: a second column for target"},
		{"a.csv", "source,target\nétat,\"a\"b\n", `a.csv:2:8: extraneous or missing " in quoted-field`},
		{"a.csv", "source,target\na,b,c\n", `a.csv:2:5: the cell "c" has no column in the header`},
		{"a.csv", "mot,target\na,b\n", `a.csv:1:1: unknown column "mot"; known are source, target, allowed, forbidden, case, pos, article, domain, client, context, keep, note
a.csv:1:1: the header needs the columns source and target`},
		{"a.csv", "a\x00\xff", "a.csv: this is no text file"},
		{"a.tsv", "source\ttarget\tpos\nx\ty\tchose\n", `a.tsv:2:5: unknown part of speech "chose"; use noun, proper, verb, adjective, adverb or other`},
		{"a.toml", "[[term]]\nsource = \"x\n", "a.toml:2:12: strings cannot contain newlines"},
		{"a.toml", "[[term]]\nsource='x'\ntarget='y'\n[[term]]\nsource='x'\ncolour='y'\n", `a.toml:4:1: unknown key "colour"`},
		{"a.toml", "x=1\n", `a.toml: unknown key "x"; entries are written [[term]]`},
		{"a.xlsx", "PK", "a.xlsx: this is no readable Excel workbook: zip: not a valid zip file"},
		{"a.tbx", "<html/>", `a.tbx:1:8: this is no TBX file: its root is "html"`},
		{"a.tbx", "", "a.tbx:1:1: this is no TBX file"},
		{"a.tbx", "<!DOCTYPE tbx [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<tbx><a>&x;</a></tbx>", "a.tbx:2:12: XML syntax error on line 2: invalid character entity &x;"},
		{"a.tbx", "<tbx>\n<text><body><conceptEntry id=\"1\"><langSec xml:lang=\"fr\"><termSec><term>x</term></termSec></langSec></conceptEntry></body></text></tbx>",
			`a.tbx:2:34: the concept of "x" has no English term that may be used`},
		{"a.doc", "", "a.doc: a glossary is a file with one of the endings .csv .tsv .xlsx .tbx .toml"},
	} {
		file := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(file)
		if err == nil {
			t.Errorf("%q: no error", c.text)
			continue
		}
		if got := strings.ReplaceAll(err.Error(), filepath.Dir(file)+"/", ""); got != c.want {
			t.Errorf("%q\n  got  %s\n  want %s", c.text, got, c.want)
		}
	}
}

// TestReadAsEditorsKeepThem reads tables with other names, orders,
// separators and encodings.
func TestReadAsEditorsKeepThem(t *testing.T) {
	want := []Term{{Sources: []string{"Daesh", "État islamique"}, Target: "ISIS", Forbidden: []string{"ISIL", "Islamic State"}, Note: "usage maison"}}
	utf16 := func(s string) string {
		b := []byte{0xff, 0xfe}
		for _, r := range s {
			b = append(b, byte(r), byte(r>>8))
		}
		return string(b)
	}
	plain := "source,target,forbidden,case,note\nDaesh|État islamique,ISIS,ISIL|Islamic State,,usage maison\n"
	french := "Remarque;Interdits;Français;Anglais\r\nusage maison;ISIL | Islamic State;Daesh | État islamique;ISIS\r\n"
	for name, text := range map[string]string{
		"plain":        plain,
		"mark":         "\ufeff" + plain,
		"french":       french,
		"windows-1252": strings.NewReplacer("É", "\xc9", "ç", "\xe7").Replace(french),
		"utf-16":       utf16(french),
		"tabs":         strings.ReplaceAll(french, ";", "\t"),
		"capitals":     "SOURCE,TARGET,FORBIDDEN,NOTES\n\nDaesh|État islamique|,ISIS,ISIL|Islamic State,usage maison\n,,,\n",
		"variants":     "terme,variantes,traduction,à éviter,commentaire\nDaesh,État islamique,ISIS,ISIL|Islamic State,usage maison\n",
	} {
		got, err := ReadCSV(strings.NewReader(text), name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(want, got, cmpopts.IgnoreFields(Term{}, "File", "Pos")); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	terms, err := ReadCSV(strings.NewReader("source,target\nONU,the UN|the United Nations\n"), "article")
	if err != nil || terms[0].Article != ArticleThe || terms[0].Target != "UN" || terms[0].Forms[1] != "United Nations" {
		t.Errorf("%+v %v", terms, err)
	}
}

func TestConflicts(t *testing.T) {
	read := func(name, text string) Set {
		terms, err := ReadCSV(strings.NewReader(text), name)
		if err != nil {
			t.Fatal(err)
		}
		return Set{Name: name, Terms: terms}
	}
	g, err := New(read("desk.csv", "source,target\nEI|Daesh,ISIS\n"), read("agence.csv", "source,target,context\nONU,UN,\nDAESH,IS,\nEI,IS,banque\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := `[agence.csv:3:1: "DAESH" is "IS" here and "ISIS" in desk.csv:2:1, which is used]`
	if got := fmt.Sprint(g.Conflicts()); got != want {
		t.Errorf("got %s", got)
	}
	if ms := g.Find("Daesh", FindOptions{}); len(ms) != 1 || ms[0].Target != "ISIS" {
		t.Errorf("%+v", ms)
	}
	_, err = New(Set{Name: "x", Terms: []Term{{Sources: []string{"a"}, File: "x.csv", Pos: segment.Pos{Line: 2, Column: 1}}}})
	if err == nil || err.Error() != `x.csv:2:1: "a" has no target` {
		t.Error(err)
	}
}

func TestHash(t *testing.T) {
	g, h := sample(t), sample(t)
	if g.Hash() != h.Hash() || len(g.Hash()) != 32 {
		t.Errorf("%s %s", g.Hash(), h.Hash())
	}
	terms, _ := Load("testdata/sample.csv")
	terms[0].Forbidden = terms[0].Forbidden[1:]
	if k, _ := New(Set{Name: "sample", Terms: terms}, News()); k.Hash() == g.Hash() {
		t.Error("a change does not change the hash")
	}
}

func FuzzRead(f *testing.F) {
	for i, format := range Formats {
		var b bytes.Buffer
		if err := format.Write(&b, News().Terms[:2]); err != nil {
			f.Fatal(err)
		}
		f.Add(i, b.Bytes())
	}
	f.Add(0, []byte("Cible;Terme source\nISIS;Daesh\n"))
	f.Fuzz(func(t *testing.T, i int, data []byte) {
		format := Formats[uint(i)%uint(len(Formats))]
		terms, err := format.Read(bytes.NewReader(data), "file")
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Message == "" {
				t.Errorf("no place: %v", err)
			}
			return
		}
		g, err := New(Set{Name: "file", Terms: terms})
		if err != nil {
			t.Fatalf("read, but refused: %v", err)
		}
		var b bytes.Buffer
		if err := WriteTOML(&b, terms); err != nil {
			t.Fatal(err)
		}
		again, err := ReadTOML(&b, "again")
		if len(terms) == 0 {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if k, err := New(Set{Name: "file", Terms: again}); err != nil || k.Hash() != g.Hash() {
			t.Errorf("other after a round trip: %v\n%+v\n%+v", err, terms, again)
		}
	})
}

// Headers as editors write them.
func TestColumnKey(t *testing.T) {
	for header, want := range map[string]string{
		"Source": "source", "Terme français": "source", "Source (FR)": "source", "FR": "source", "Termes": "source",
		"Cible": "target", "Traduction préférée": "target", "Terme anglais": "target", "Target term": "target", "EN :": "target",
		"Formes interdites": "forbidden", "Traductions interdites": "forbidden", "à éviter": "forbidden", "Forbidden forms": "forbidden",
		"Formes admises": "allowed", "Acceptées": "allowed", "CASSE": "case", "Sujet (rubrique)": "domain", "ne_pas_traduire": "keep", "Remarques": "note",
		"couleur": "",
	} {
		if got := columns[columnKey(header)]; got != want {
			t.Errorf("%q is %q, want %q", header, got, want)
		}
	}
}
