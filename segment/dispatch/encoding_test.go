package dispatch_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"depeche/segment/dispatch"
)

// TestGuess decodes French text from every encoding that is guessed.
func TestGuess(t *testing.T) {
	utf16 := func(e unicode.Endianness, b unicode.BOMPolicy) encoding.Encoding { return unicode.UTF16(e, b) }
	texts := []string{
		"Le président s’est dit « très préoccupé » par l’été à Nîmes…",
		"été",
		"À Genève, où l'on parlait déjà de la crise, ça n'a étonné personne.",
		"ÉLECTIONS : L'ÉLYSÉE DÉMENT",
		"Un café à 3 € — le cœur n'y est plus.",
	}
	for _, c := range []struct {
		want string
		enc  encoding.Encoding
		skip string // characters that the encoding does not have
	}{
		{"utf-8", encoding.Nop, ""},
		{"utf-8", unicode.UTF8BOM, ""},
		{"windows-1252", charmap.Windows1252, ""},
		{"macintosh", charmap.Macintosh, ""},
		{"iso-8859-15", charmap.ISO8859_15, "’…—"},
		{"ibm850", charmap.CodePage850, "’…€œ—"},
		{"utf-16le", utf16(unicode.LittleEndian, unicode.UseBOM), ""},
		{"utf-16be", utf16(unicode.BigEndian, unicode.UseBOM), ""},
		{"utf-16le", utf16(unicode.LittleEndian, unicode.IgnoreBOM), ""},
		{"utf-16be", utf16(unicode.BigEndian, unicode.IgnoreBOM), ""},
	} {
		for _, text := range texts {
			if strings.ContainsAny(text, c.skip) {
				continue
			}
			data, err := c.enc.NewEncoder().Bytes([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			got, iana, err := dispatch.Decode(data, "f", "")
			if err != nil || got != text {
				t.Errorf("%s: %q came back as %s %q, %v", c.want, text, iana, got, err)
			}
			if got, iana, err := dispatch.Decode(data, "f", c.want); err != nil || got != text || iana != c.want {
				t.Errorf("named %s: %q came back as %s %q, %v", c.want, text, iana, got, err)
			}
		}
	}
}

// TestUnreadable holds the messages for input that cannot be read.
func TestUnreadable(t *testing.T) {
	for _, c := range []struct{ name, data, encoding, want string }{
		{"pdf", "%PDF-1.7\n%\xE2\xE3\xCF\xD3", "", "a.txt: not plain text: this is a PDF document; extract its text first"},
		{"zip", "PK\x03\x04\x14\x00", "", "a.txt: not plain text: this is a ZIP archive (as DOCX, ODT, EPUB and XLSX are)"},
		{"xliff", "<?xml version=\"1.0\"?>\n<xliff>", "", "a.txt: not plain text: this is an XML document (as XLIFF and TMX are); give the text"},
		{"xml with a mark", "\xef\xbb\xbf<?xml version=\"1.0\"?>", "", "a.txt: not plain text: this is an XML document"},
		{"html", "\n<!DOCTYPE HTML>\n<p>Un.", "", "a.txt: not plain text: this is an HTML page; save it as text"},
		{"zero", "Un.\nDeux\x00 trois", "", "a.txt:2:5: not plain text: binary data (a zero byte)"},
		{"utf-8", "Un été.\nDeux \xe9t\xc3\xa9s.", "utf-8", "a.txt:2:6: byte 0xE9 is not UTF-8"},
		{"broken utf-8", "é à è ê î\r\nd\xff", "", "a.txt:2:2: byte 0xFF is not UTF-8"},
		{"windows-1252", "Un\rdeux \x81", "windows-1252", "a.txt:2:6: byte 0x81 is not windows-1252"},
		{"utf-16", "\xff\xfeU\x00n\x00\n\x00d", "", "a.txt:2:1: the text ends within a UTF-16 unit"},
		{"surrogate", "\xfe\xff\x00U\xd8\x00", "", "a.txt:1:2: half a UTF-16 surrogate pair (0xD800)"},
		{"unknown", "Un", "klingon", `a.txt: unknown encoding "klingon"; known are`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := dispatch.Read(strings.NewReader(c.data), "a.txt", dispatch.Options{Encoding: c.encoding})
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if not := strings.Contains(c.want, "not plain text"); errors.Is(err, dispatch.ErrNotText) != not {
				t.Errorf("errors.Is(%v, ErrNotText) is %t", err, !not)
			}
		})
	}
}
