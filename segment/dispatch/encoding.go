package dispatch

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
)

// ErrNotText is wrapped by the errors for input that is no plain text.
var ErrNotText = errors.New("not plain text")

// Decode gives data as a string together with the IANA name of the encoding
// that it was read in: the one called label, or if that is empty the one that
// a byte order mark, UTF-8 validity or the French letters speak for. A byte
// order mark is no part of the text. Errors begin with name, and with line and
// column if a byte has no meaning in the encoding.
func Decode(data []byte, name, label string) (text, iana string, err error) {
	if label != "" {
		return decodeAs(data, name, label)
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")) && magic(data) == "":
		return decodeUTF8(data, name)
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return decodeUTF16(data, name, "utf-16")
	}
	if what := magic(data); what != "" {
		return "", "", fmt.Errorf("%s: %w: this is %s", name, ErrNotText, what)
	}
	if label := wide(data); label != "" {
		return decodeUTF16(data, name, label)
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return "", "", fmt.Errorf("%s: %w: binary data (a zero byte)", at(name, string(data[:i])), ErrNotText)
	}
	controls := 0
	for _, b := range data {
		if b < ' ' && !bytes.ContainsRune([]byte("\t\n\v\f\r\x01\x02\x03\x04\x1a\x1b"), rune(b)) {
			controls++
		}
	}
	if controls*20 > len(data) {
		return "", "", fmt.Errorf("%s: %w: binary data (%d control characters)", name, ErrNotText, controls)
	}
	if utf8.Valid(data) {
		return string(data), "utf-8", nil
	}
	if good, bad := sequences(data); good >= 4*bad {
		return decodeUTF8(data, name) // UTF-8 with a broken byte: its error says where
	}
	return guess(data)
}

// magic says what a file of a well-known format is; "" for all others.
func magic(data []byte) string {
	// Tags may be written in capitals, and stand behind a byte order mark and white space.
	tags := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 1024)], []byte("\xEF\xBB\xBF"))))
	for _, m := range []struct{ head, what string }{
		{"%PDF-", "a PDF document; extract its text first"},
		{"PK\x03\x04", "a ZIP archive (as DOCX, ODT, EPUB and XLSX are)"},
		{"PK\x05\x06", "an empty ZIP archive"},
		{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Microsoft Office document (DOC, XLS); save it as text"},
		{"{\\rtf", "an RTF document; save it as text"},
		{"\x1F\x8B", "gzip data; unpack it first"},
		{"BZh", "bzip2 data; unpack it first"},
		{"\xFD7zXZ\x00", "xz data; unpack it first"},
		{"\x28\xB5\x2F\xFD", "zstd data; unpack it first"},
		{"7z\xBC\xAF\x27\x1C", "a 7z archive"},
		{"Rar!\x1A\x07", "a RAR archive"},
		{"\x89PNG\r\n", "a PNG picture"},
		{"\xFF\xD8\xFF", "a JPEG picture"},
		{"GIF8", "a GIF picture"},
		{"II*\x00", "a TIFF picture"},
		{"MM\x00*", "a TIFF picture"},
		{"ID3", "an MP3 recording"},
		{"OggS", "an Ogg recording"},
		{"RIFF", "a RIFF recording or picture (WAV, AVI, WebP)"},
		{"\x7FELF", "a program"},
		{"SQLite format 3\x00", "an SQLite database"},
		{"<?xml", "an XML document (as XLIFF and TMX are); give the text that it was made of"},
		{"<xliff", "an XLIFF document; give the text that it was made of"},
		{"<!doctype html", "an HTML page; save it as text"},
		{"<html", "an HTML page; save it as text"},
	} {
		if bytes.HasPrefix(data, []byte(m.head)) || m.head[0] == '<' && bytes.HasPrefix(tags, []byte(m.head)) {
			return m.what
		}
	}
	return ""
}

// wide recognises UTF-16 without a byte order mark by its zero bytes: in Latin
// text, nearly every second byte is one.
func wide(data []byte) string {
	if len(data) < 2 || len(data)%2 != 0 {
		return ""
	}
	head := data[:min(len(data), 4096)]
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case zeros[1]*10 > half*6 && zeros[0]*20 < half:
		return "utf-16le"
	case zeros[0]*10 > half*6 && zeros[1]*20 < half:
		return "utf-16be"
	}
	return ""
}

// sequences counts the multi-byte sequences of UTF-8 and the bytes that are in
// none.
func sequences(data []byte) (good, bad int) {
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		data = data[n:]
	}
	return good, bad
}

// decodeAs reads data in the encoding that the user named.
func decodeAs(data []byte, name, label string) (text, iana string, err error) {
	plain := strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(strings.TrimSpace(label)))
	switch plain {
	case "utf-8", "utf8":
		return decodeUTF8(data, name)
	case "utf-16", "utf16", "utf-16le", "utf16le", "utf-16be", "utf16be":
		return decodeUTF16(data, name, strings.Replace(plain, "utf16", "utf-16", 1))
	case "latin1", "latin-1", "iso8859-1", "iso-8859-1", "l1":
		// Files called so mostly hold the typographic marks of its superset.
		for _, b := range data {
			if 0x80 <= b && b <= 0x9F {
				return decodeBytes(data, name, charmap.Windows1252, "windows-1252")
			}
		}
		return decodeBytes(data, name, charmap.ISO8859_1, "iso-8859-1")
	case "cp1252", "windows1252", "ansi":
		plain = "windows-1252"
	case "mac", "macroman", "mac-roman", "x-mac-roman":
		plain = "macintosh"
	case "latin9", "latin-9", "iso8859-15":
		plain = "iso-8859-15"
	case "cp850", "dos":
		plain = "ibm850"
	}
	e, err := ianaindex.IANA.Encoding(plain)
	if err != nil || e == nil {
		return "", "", fmt.Errorf("%s: unknown encoding %q; known are utf-8, utf-16, windows-1252, iso-8859-1, iso-8859-15, macintosh, ibm850 and other IANA names", name, label)
	}
	if iana, err := ianaindex.IANA.Name(e); err == nil {
		plain = strings.ToLower(iana)
	}
	if c, ok := e.(*charmap.Charmap); ok {
		return decodeBytes(data, name, c, plain)
	}
	b, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return "", "", fmt.Errorf("%s: %s: %w", name, plain, err)
	}
	if i := bytes.IndexRune(b, utf8.RuneError); i >= 0 {
		return "", "", fmt.Errorf("%s: bytes that are not %s", at(name, string(b[:i])), plain)
	}
	return string(b), plain, nil
}

func decodeUTF8(data []byte, name string) (text, iana string, err error) {
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return "", "", fmt.Errorf("%s: byte 0x%02X is not UTF-8", at(name, string(data[:i])), data[i])
		}
		i += n
	}
	return string(data), "utf-8", nil
}

// decodeUTF16 reads UTF-16; label is utf-16, utf-16le or utf-16be. A byte
// order mark overrides it, without either the order is big-endian (RFC 2781).
func decodeUTF16(data []byte, name, label string) (text, iana string, err error) {
	big := label != "utf-16le"
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) {
		big, data = false, data[2:]
	} else if bytes.HasPrefix(data, []byte("\xFE\xFF")) {
		big, data = true, data[2:]
	} else if label == "utf-16" && wide(data) == "utf-16le" {
		big = false
	}
	iana = "utf-16le"
	if big {
		iana = "utf-16be"
	}
	unit := func(i int) rune {
		if big {
			return rune(data[i])<<8 | rune(data[i+1])
		}
		return rune(data[i+1])<<8 | rune(data[i])
	}
	var b strings.Builder
	b.Grow(len(data)/2 + len(data)/16)
	for i := 0; i < len(data); i += 2 {
		if i+1 == len(data) {
			return "", "", fmt.Errorf("%s: the text ends within a UTF-16 unit", at(name, b.String()))
		}
		r := unit(i)
		if utf16.IsSurrogate(r) {
			if i+3 < len(data) {
				if pair := utf16.DecodeRune(r, unit(i+2)); pair != unicode.ReplacementChar {
					b.WriteRune(pair)
					i += 2
					continue
				}
			}
			return "", "", fmt.Errorf("%s: half a UTF-16 surrogate pair (0x%04X)", at(name, b.String()), r)
		}
		b.WriteRune(r)
	}
	return b.String(), iana, nil
}

// decodeBytes reads an encoding of one byte a character.
func decodeBytes(data []byte, name string, c *charmap.Charmap, iana string) (string, string, error) {
	var b strings.Builder
	b.Grow(len(data) + len(data)/8)
	for _, x := range data {
		r := c.DecodeByte(x)
		if r == utf8.RuneError || c == charmap.Windows1252 && 0x80 <= r && r <= 0x9F {
			return "", "", fmt.Errorf("%s: byte 0x%02X is not %s", at(name, b.String()), x, iana)
		}
		b.WriteRune(r)
	}
	return b.String(), iana, nil
}

// at gives "name:line:column" of what follows text.
func at(name, text string) string {
	lines, line := 1, text
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' || text[i] == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			lines++
			line = text[i+1:]
		}
	}
	return fmt.Sprintf("%s:%d:%d", name, lines, utf8.RuneCountInString(line)+1)
}

// guess reads data in the encoding of one byte a character whose letters make
// the best French.
func guess(data []byte) (text, iana string, err error) {
	var best encoding.Encoding
	top := 0
	for _, c := range []struct {
		charmap *charmap.Charmap
		iana    string
	}{
		{charmap.Windows1252, "windows-1252"}, // first of equals
		{charmap.ISO8859_15, "iso-8859-15"},
		{charmap.Macintosh, "macintosh"},
		{charmap.CodePage850, "ibm850"},
	} {
		if n := frenchness(data, c.charmap); best == nil || n > top {
			best, top, iana = c.charmap, n, c.iana
		}
	}
	b, err := best.NewDecoder().Bytes(data)
	return string(b), iana, err
}

// frenchness adds up how well the characters beyond ASCII that data stands for
// in c fit into French text.
func frenchness(data []byte, c *charmap.Charmap) int {
	sum := 0
	for i, b := range data {
		if b < utf8.RuneSelf {
			continue
		}
		before, after := ' ', ' '
		if i > 0 {
			before = c.DecodeByte(data[i-1])
		}
		if i+1 < len(data) {
			after = c.DecodeByte(data[i+1])
		}
		sum += fits(before, c.DecodeByte(b), after)
	}
	return sum
}

func fits(before, r, after rune) int {
	switch {
	case strings.ContainsRune("éèàêçôîâûùëïüœæ", r):
		if unicode.IsUpper(before) && unicode.IsUpper(after) {
			return -4
		}
		if !unicode.IsLetter(before) && !unicode.IsLetter(after) && r != 'à' {
			return -4
		}
		return 6
	case strings.ContainsRune("ÉÈÀÊÇÔÎÂÛÙËÏÜŒÆ", r):
		if unicode.IsLower(before) || !unicode.IsLetter(after) && !unicode.IsLetter(before) && r != 'À' {
			return -6
		}
		return 3
	case r == '’' || r == '‘':
		if unicode.IsLetter(before) && unicode.IsLetter(after) {
			return 6
		}
		return 1
	case r == '«' || r == '“':
		if unicode.IsLetter(before) {
			return -4
		}
		return 4
	case r == '»' || r == '”':
		if unicode.IsLetter(after) {
			return -4
		}
		return 4
	case r == '\u00a0':
		if unicode.IsLetter(before) && unicode.IsLetter(after) {
			return 0
		}
		return 4
	case strings.ContainsRune("…–—€°•", r):
		return 3
	case strings.ContainsRune("ñáíóúÁÍÓÚäöÄÖß£²³½§·", r):
		return -1
	case r == utf8.RuneError || unicode.IsControl(r):
		return -12
	}
	return -5
}
