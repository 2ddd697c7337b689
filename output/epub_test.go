package output

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"depeche/segment"
	"depeche/translate"
)

func TestEPUBValid(t *testing.T) {
	java := program(t, "java")
	const jar = "/usr/share/java/epubcheck.jar"
	if _, err := os.Stat(jar); err != nil {
		t.Skip("EPUBCheck is not installed")
	}
	withHeading := lavrov(t)
	withHeading.Document.Blocks[6].Kind, withHeading.Document.Blocks[6].Level = segment.Heading, 1
	withHeading.Pairs[7].Target, withHeading.Pairs[7].Terms, withHeading.Pairs[7].Findings = "", nil, nil
	validate(t, "book.epub", write(t, "epub", Options{Title: "A & B", Credit: "A. Keller", Time: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)},
		withHeading, awkward()[0]), java, "-jar", jar)
	validate(t, "notes.epub", write(t, "epub", Options{Layout: SourceAbove, Terms: "notes"}, withHeading, lavrov(t)), java, "-jar", jar)
}

func TestEPUBHolds(t *testing.T) {
	b := lavrov(t)
	data := write(t, "epub", Options{}, b)
	if want := []byte("PK\x03\x04"); !bytes.HasPrefix(data, want) || string(data[30:58]) != "mimetypeapplication/epub+zip" {
		t.Errorf("the file begins with %q", data[:60])
	}
	_, parts := unzip(t, data)
	text := mustText(t, strings.Replace(parts["EPUB/text-1.xhtml"], "<!DOCTYPE html>", "", 1))
	for _, r := range printRows(b, Options{}) {
		if !strings.Contains(text, r.source()) || !strings.Contains(text, r.target()) {
			t.Errorf("not in the book: %q", r.source())
		}
	}
	names, _ := unzip(t, write(t, "epub", Options{}, b, &translate.Bitext{Document: b.Document, Lang: b.Lang, Pairs: b.Pairs}))
	if n := strings.Count(strings.Join(names, " "), "text-"); n != 2 {
		t.Errorf("%d chapters for two documents", n)
	}
}

func mustText(t *testing.T, document string) string { return mustParse(t, document).text() }
