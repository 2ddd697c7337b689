package output

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"depeche/translate"
)

// unzip gives the parts of an archive, in order.
func unzip(tb testing.TB, data []byte) (names []string, parts map[string]string) {
	tb.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		tb.Fatal(err)
	}
	parts = make(map[string]string)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			tb.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			tb.Fatal(err)
		}
		names = append(names, f.Name)
		parts[f.Name] = string(content)
	}
	return names, parts
}

// wordCells gives the text of the table cells of a DOCX, row by row.
func wordCells(tb testing.TB, document string) [][]string {
	tb.Helper()
	t, err := parseXML(strings.NewReader(document), "document.xml")
	if err != nil {
		tb.Fatal(err)
	}
	var rows [][]string
	for _, table := range t.root.first(nsWord, "body").all(nsWord, "tbl") {
		for _, tr := range table.all(nsWord, "tr") {
			var cells []string
			for _, tc := range tr.all(nsWord, "tc") {
				cells = append(cells, wordText(tc))
			}
			rows = append(rows, cells)
		}
	}
	return rows
}

func wordText(n *node) string {
	var b strings.Builder
	for _, k := range n.kids {
		switch k.name.Local {
		case "t":
			b.WriteString(k.text())
		case "br":
			b.WriteByte('\n')
		case "tab":
			b.WriteByte('\t')
		default:
			b.WriteString(wordText(k))
		}
	}
	return b.String()
}

func TestDOCXHolds(t *testing.T) {
	b := lavrov(t)
	b.Pairs[5].Target = "a\tb\nc  d\u202f\u00a0\u0153 \x01"
	b.Pairs[5].State = translate.Final
	_, parts := unzip(t, write(t, "docx-review", Options{}, b))
	rows := wordCells(t, parts["word/document.xml"])
	if len(rows) != len(b.Pairs)+1 {
		t.Fatalf("%d rows for %d segments", len(rows), len(b.Pairs))
	}
	for i, p := range b.Pairs {
		want := []string{p.Source.ID, p.Source.Text, clean(p.Target), p.Comment, string(p.State)}
		if strings.Join(rows[i+1], "|") != strings.Join(want, "|") {
			t.Errorf("row %d: %q, want %q", i+1, rows[i+1], want)
		}
	}
	_, parts = unzip(t, write(t, "docx", Options{}, b))
	document := parts["word/document.xml"]
	for _, r := range printRows(b, Options{}) {
		if !strings.Contains(wordText(&node{kids: []*node{mustParse(t, document)}}), r.source()) {
			t.Errorf("not in the document: %q", r.source())
		}
	}
	for what, want := range map[string]string{"a heading that navigates": `<w:pStyle w:val="Heading1"/>`, "a repeating header": "<w:tblHeader/>",
		"French": `<w:lang w:val="fr-FR"/>`, "English": `<w:lang w:val="en-US"/>`, "A4": `<w:pgSz w:w="11906" w:h="16838"/>`} {
		if !strings.Contains(document, want) {
			t.Errorf("no %s (%s)", what, want)
		}
	}
	if n := strings.Count(document, "<w:r>"); n != strings.Count(document, "<w:lang ")+strings.Count(document, "<w:footnoteReference ") {
		t.Errorf("some of %d runs have no language", n)
	}
	if !strings.Contains(parts["word/footnotes.xml"], "house name") {
		t.Error("no footnote for the term")
	}
	if notes := wordText(mustParse(t, parts["word/footnotes.xml"])); !strings.Contains(notes, "Error: The source says 240,000, the target 24,000. → 240,000") {
		t.Errorf("no footnote for the finding: %s", notes)
	}
	_, parts = unzip(t, write(t, "docx", Options{Unmarked: true}, b))
	if notes := wordText(mustParse(t, parts["word/footnotes.xml"])); strings.Contains(notes, "Error") || !strings.Contains(notes, "house name") {
		t.Errorf("footnotes of a document without findings: %s", notes)
	}
	_, parts = unzip(t, write(t, "docx", Options{Letter: true}, b))
	if !strings.Contains(parts["word/document.xml"], `<w:pgSz w:w="12240" w:h="15840"/>`) {
		t.Error("not on Letter paper")
	}
}

func mustParse(t *testing.T, document string) *node {
	t.Helper()
	tree, err := parseXML(strings.NewReader(document), "part.xml")
	if err != nil {
		t.Fatal(err)
	}
	return tree.root
}

// TestDOCXWellFormed parses every part of every layout.
func TestDOCXWellFormed(t *testing.T) {
	for _, format := range []string{"docx", "docx-review"} {
		for _, o := range []Options{{}, {Layout: Interleaved, Terms: "index"}, {Layout: SourceAbove, Paragraph: true, Credit: "a < b\x02"}} {
			for _, texts := range [][]*translate.Bitext{{lavrov(t)}, awkward()[:1]} {
				names, parts := unzip(t, write(t, format, o, texts...))
				if names[0] != "[Content_Types].xml" {
					t.Errorf("the first part is %s", names[0])
				}
				for _, name := range names {
					if mustParse(t, parts[name]); strings.HasPrefix(name, "word/") && strings.HasSuffix(name, ".xml") && !strings.Contains(parts["[Content_Types].xml"], `"/`+name+`"`) {
						t.Errorf("%s has no content type", name)
					}
				}
			}
		}
	}
}

// TestDOCXInLibreOffice opens the documents in another program and saves them
// there: nothing may be lost.
func TestDOCXInLibreOffice(t *testing.T) {
	soffice := program(t, "soffice")
	if testing.Short() {
		t.Skip("starts an office program")
	}
	b := lavrov(t)
	for _, format := range []string{"docx", "docx-review"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "in.docx"), write(t, format, Options{}, b), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(soffice, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "docx:Office Open XML Text", "--outdir", filepath.Join(dir, "out"), filepath.Join(dir, "in.docx"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		saved, err := os.ReadFile(filepath.Join(dir, "out/in.docx"))
		if err != nil {
			t.Fatal(err)
		}
		_, parts := unzip(t, saved)
		text := wordText(mustParse(t, parts["word/document.xml"]))
		for _, r := range printRows(b, Options{}) {
			for _, s := range []string{r.source(), r.target()} {
				if !strings.Contains(text, s) {
					t.Errorf("%s: lost %q", format, s)
				}
			}
		}
		if format == "docx" {
			if !strings.Contains(wordText(mustParse(t, parts["word/footnotes.xml"])), "house name") {
				t.Error("lost the footnotes")
			}
			continue
		}
		if n := len(wordCells(t, parts["word/document.xml"])); n != len(b.Pairs)+1 {
			t.Errorf("%d rows for %d segments", n, len(b.Pairs))
		}
		if !strings.Contains(wordText(mustParse(t, parts["word/comments.xml"])), "240,000") {
			t.Error("lost the findings")
		}
	}
}
