package output

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"depeche/translate"
)

// browsers are the names under which Chromium is installed.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// pdfTimeout bounds one run of the browser.
const pdfTimeout = 2 * time.Minute

// writePDF prints the page through Chromium, which sets, hyphenates and tags
// it in both languages and embeds its fonts. The fonts are the machine's own.
func writePDF(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	browser := browserPath()
	if browser == "" {
		return errors.New("PDF is printed through Chromium, which is not installed; install Debian's chromium, or write docx or html")
	}
	dir, err := os.MkdirTemp("", "depeche-pdf-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var page bytes.Buffer
	p := newHTMLPage(texts, o)
	p.restyle(pageCSS + pdfCSS(title(texts[0], o), o.Letter))
	if err := pageTemplate.ExecuteTemplate(&page, "page", p); err != nil {
		return err
	}
	in, out := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(in, page.Bytes(), 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), pdfTimeout)
	defer cancel()
	args := []string{"--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--no-pdf-header-footer", "--export-tagged-pdf", "--user-data-dir=" + filepath.Join(dir, "profile"), "--print-to-pdf=" + out}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // the browser refuses to run as root with it
	}
	if message, err := exec.CommandContext(ctx, browser, append(args, "file://"+in)...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(browser), err, lastLine(message))
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return fmt.Errorf("%s printed nothing: %w", filepath.Base(browser), err)
	}
	_, err = w.Write(fixedDates(data, o.Time))
	return err
}

// browserPath is the installed Chromium, "" without one.
func browserPath() string {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func lastLine(b []byte) string {
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return lines[len(lines)-1]
}

// restyle gives the page another style and allows it.
func (p *htmlPage) restyle(css string) {
	p.Style = template.CSS(css)
	p.Policy = strings.Replace(p.Policy, cspHash(pageCSS), cspHash(css), 1)
}

// pdfCSS sets the paper, the running title and the page number.
func pdfCSS(title string, letter bool) string {
	paper := "A4"
	if letter {
		paper = "letter"
	}
	const small = "font: 8pt system-ui, sans-serif; color: #555; "
	return "\n@page { size: " + paper + "; margin: 18mm 16mm; @top-left { " + small + "content: " + cssString(title) + " }" +
		" @bottom-center { " + small + "content: counter(page) \" / \" counter(pages) } }\n@media print { .paragraph .cell { text-align: justify; } }\n"
}

// cssString quotes a text for CSS, and so that no markup can end the style.
func cssString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range clean(s) {
		if r < 0x20 || strings.ContainsRune(`"\<>&`, r) {
			fmt.Fprintf(&b, `\%X `, r)
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

var pdfDate = regexp.MustCompile(`/(CreationDate|ModDate) \(D:\d{14}[^)]*\)`)

// fixedDates puts the document's time, or none in particular, where the
// browser put the present. The length of each date stays, and so do the
// places that the file's table gives.
func fixedDates(data []byte, when time.Time) []byte {
	if when.IsZero() {
		when = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return pdfDate.ReplaceAllFunc(data, func(old []byte) []byte {
		at := bytes.IndexByte(old, ':') + 1
		return append(append(append([]byte(nil), old[:at]...), when.UTC().Format("20060102150405")...), old[at+14:]...)
	})
}
