package output

import (
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"depeche/translate"
)

// changePart changes one part of an archive.
func changePart(t *testing.T, data []byte, part string, change func(string) string) []byte {
	t.Helper()
	names, parts := unzip(t, data)
	before := parts[part]
	if parts[part] = change(before); parts[part] == before {
		t.Fatal("nothing changed in " + part)
	}
	return rezip(t, names, parts)
}

// rezip packs parts, in order.
func rezip(tb testing.TB, names []string, parts map[string]string) []byte {
	tb.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		w.Write([]byte(parts[name]))
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

const oldWords, newWords = "“It is not realistic, President Putin made that very clear,” Mr. Lavrov said.", "“That is unrealistic; President Putin said so,” Mr. Lavrov said."

func plainEdit(s string) string { return strings.Replace(s, oldWords, newWords, 1) }

// TestEditsComeBack writes the sample in each format that editors change,
// changes one target as they would, and merges.
func TestEditsComeBack(t *testing.T) {
	when := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		format, file string
		change       func(*testing.T, []byte) []byte
	}{
		{"xliff", "e.xlf", func(_ *testing.T, d []byte) []byte { return []byte(plainEdit(string(d))) }},
		{"xliff12", "e.xlf", func(_ *testing.T, d []byte) []byte { return []byte(plainEdit(string(d))) }},
		{"csv", "e.csv", func(_ *testing.T, d []byte) []byte { return []byte(plainEdit(string(d))) }},
		{"tsv", "e.tsv", func(_ *testing.T, d []byte) []byte { return []byte(plainEdit(string(d))) }},
		{"csv", "semicolons.csv", func(_ *testing.T, d []byte) []byte { // as a French spreadsheet saves it
			return []byte(plainEdit(string(d)))
		}},
		{"md", "e.md", func(_ *testing.T, d []byte) []byte { return []byte(plainEdit(string(d))) }},
		{"po", "e.po", func(_ *testing.T, d []byte) []byte { return []byte(plainEdit(string(d))) }},
		{"docx-review", "e.docx", func(t *testing.T, d []byte) []byte {
			return changePart(t, d, "word/document.xml", plainEdit)
		}},
		{"docx-review", "tracked.docx", func(t *testing.T, d []byte) []byte {
			return changePart(t, d, "word/document.xml", func(s string) string { // runs split, changes tracked, quotes of the source made curly
				s = strings.Replace(s, `<w:t xml:space="preserve">`+oldWords+`</w:t></w:r>`, `<w:t>“That is</w:t></w:r><w:del w:id="9" w:author="x"><w:r><w:delText>It is not realistic</w:delText></w:r></w:del><w:ins w:id="8" w:author="x"><w:r><w:t xml:space="preserve"> unrealistic; President</w:t></w:r></w:ins><w:r><w:t xml:space="preserve"> Putin said so,” Mr. Lavrov said.</w:t></w:r>`, 1)
				return strings.Replace(s, `"Ce n'est pas réaliste`, "« Ce n’est pas réaliste", 1)
			})
		}},
		{"xlsx", "e.xlsx", func(t *testing.T, d []byte) []byte {
			f, err := excelize.OpenReader(bytes.NewReader(d))
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellStr("Translation", "C10", newWords); err != nil {
				t.Fatal(err)
			}
			var buf bytes.Buffer
			if err := f.Write(&buf); err != nil {
				t.Fatal(err)
			}
			return buf.Bytes()
		}},
	} {
		t.Run(c.format+" "+c.file, func(t *testing.T) {
			b := lavrov(t)
			data := write(t, c.format, Options{}, b)
			if c.file == "semicolons.csv" {
				data = []byte(semicolons(b))
			}
			edits, err := ReadEdits(c.file, data)
			if err != nil {
				t.Fatal(err)
			}
			if changed, err := Merge([]*translate.Bitext{b}, edits, "a.keller", when); err != nil || len(changed[0]) != 0 {
				t.Fatalf("unchanged rows changed %v: %v", changed, err)
			}
			if edits, err = ReadEdits(c.file, c.change(t, data)); err != nil {
				t.Fatal(err)
			}
			changed, err := Merge([]*translate.Bitext{b}, edits, "a.keller", when)
			if err != nil || len(changed[0]) != 1 || changed[0][0] != 8 {
				t.Fatalf("changed %v: %v", changed, err)
			}
			p := b.Pairs[8]
			if p.Target != newWords || p.State != translate.Reviewed || p.Origin != (translate.Origin{Kind: translate.Human, By: "a.keller", Time: when}) {
				t.Errorf("%+v", p)
			}
			if err := sound([]*translate.Bitext{b}); err != nil {
				t.Error(err)
			}
		})
	}
}

func tableHead(comma string) string { return strings.Join(tableHeader, comma) }

func semicolons(b *translate.Bitext) string {
	s := "\ufeff" + tableHead(";") + "\r\n"
	for i := range b.Pairs {
		for k, f := range tableRecord(&b.Pairs[i]) {
			if k > 0 {
				s += ";"
			}
			s += `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
		}
		s += "\r\n"
	}
	return s
}

// TestEditsInLibreOffice has another program save the review table.
func TestEditsInLibreOffice(t *testing.T) {
	soffice := program(t, "soffice")
	b := lavrov(t)
	for _, c := range []struct{ format, filter string }{{"docx-review", "docx:Office Open XML Text"}, {"xlsx", "xlsx:Calc MS Excel 2007 XML"}} {
		ext := c.filter[:4]
		dir := t.TempDir()
		in := filepath.Join(dir, "in."+ext)
		if err := os.WriteFile(in, write(t, c.format, Options{}, b), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(soffice, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", c.filter, "--outdir", dir+"/out", in).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		data, err := os.ReadFile(dir + "/out/in." + ext)
		if err != nil {
			t.Skipf("%s: LibreOffice has no filter for it here", c.format)
		}
		edits, err := ReadEdits("in."+ext, data)
		if err != nil {
			t.Fatal(err)
		}
		if changed, err := Merge([]*translate.Bitext{b}, edits, "", time.Time{}); err != nil || len(changed[0]) > 0 {
			t.Errorf("%s: saving alone changed %v: %v", c.format, changed, err)
		}
	}
}

// TestMergeRefuses: whatever does not fit is named with its place, and nothing
// changes.
func TestMergeRefuses(t *testing.T) {
	rows := func() []Edit {
		edits, err := ReadEdits("e.csv", write(t, "csv", Options{}, lavrov(t)))
		if err != nil {
			t.Fatal(err)
		}
		edits[4].Target = "A good edit."
		return edits
	}
	for name, c := range map[string]struct {
		spoil func([]Edit) []Edit
		want  string
	}{
		"unknown": {func(e []Edit) []Edit { e[6].ID = "s0"; return e }, `e.csv:8: segment "s0" is not in lavrov-syrie.txt`},
		"missing": {func(e []Edit) []Edit { return append(e[:6], e[7:]...) }, "lavrov-syrie.txt: segment se0825c8a1d is missing"},
		"doubled": {func(e []Edit) []Edit { return append(e, e[6]) }, "e.csv:8: segment se0825c8a1d stands a second time; first at e.csv:8"},
		"stale":   {func(e []Edit) []Edit { e[6].Source += " Non."; return e }, "e.csv:8: the source of segment se0825c8a1d is another one"},
		"emptied": {func(e []Edit) []Edit { e[6].Target = ""; return e }, "e.csv:8: segment se0825c8a1d has lost its target"},
		"status":  {func(e []Edit) []Edit { e[6].State = "ok"; return e }, `e.csv:8: segment se0825c8a1d has the status "ok"`},
	} {
		b := lavrov(t)
		changed, err := Merge([]*translate.Bitext{b}, c.spoil(rows()), "x", time.Time{})
		if err == nil || !strings.Contains(err.Error(), c.want) || changed != nil {
			t.Errorf("%s: %v, %v; want %s", name, changed, err, c.want)
		}
		if dump([]*translate.Bitext{b}) != dump([]*translate.Bitext{lavrov(t)}) {
			t.Errorf("%s: something changed", name)
		}
	}
}
