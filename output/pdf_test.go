package output

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"depeche/translate"
)

func printed(t *testing.T, o Options, texts ...*translate.Bitext) []byte {
	t.Helper()
	if browserPath() == "" {
		t.Skip("no Chromium is installed")
	}
	var buf bytes.Buffer
	if err := writePDF(&buf, texts, o); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// TestPDF prints and reads the text back with poppler.
func TestPDF(t *testing.T) {
	b := lavrov(t)
	b.Pairs[4].Target += " \u00ab\u202foeuvre \u0153\u00a0\u00bb 5\u00a0\u20ac"
	data := printed(t, Options{}, b)
	if again := printed(t, Options{}, b); !bytes.Equal(data, again) {
		t.Error("two runs differ")
	}
	for what, want := range map[string]string{"tags": "/StructTreeRoot", "a language": "/Lang"} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("no %s in the PDF", what)
		}
	}
	cmd := exec.Command(program(t, "pdftotext"), "-raw", "-", "-")
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	text := letters(string(out))
	for _, r := range printRows(b, Options{}) {
		for _, s := range []string{r.source(), r.target()} {
			if !strings.Contains(text, letters(s)) {
				t.Errorf("not in the PDF: %q", s)
			}
		}
	}
}

// letters leaves out spaces and hyphens, which a page sets anew.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\f\t-\u00ad\u00a0\u202f\u2010", r) {
			return -1
		}
		return r
	}, s)
}

func TestCSSString(t *testing.T) {
	if got := cssString("a\"</style>\\\n"); got != `"a\22 \3C /style\3E \5C \A "` {
		t.Error(got)
	}
}
