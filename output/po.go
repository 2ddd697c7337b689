package output

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"depeche/translate"
)

// writePO writes a gettext catalogue: the segment's ID is the message's
// context, a draft is fuzzy, findings are extracted comments.
func writePO(w io.Writer, texts []*translate.Bitext, _ Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	if len(texts) > 1 {
		return fmt.Errorf("a catalogue holds one document, not %d", len(texts))
	}
	b := texts[0]
	var s strings.Builder
	fmt.Fprintf(&s, "msgid \"\"\nmsgstr \"\"\n%s\n%s\n%s\n", poQuote("Language: "+strings.ReplaceAll(b.Lang.String(), "-", "_")+"\n"),
		poQuote("MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"), poQuote("X-Source-Language: "+b.Document.Lang.String()+"\n"))
	for _, p := range b.Pairs {
		s.WriteByte('\n')
		for _, line := range strings.Split(p.Comment, "\n") {
			if line != "" {
				s.WriteString("# " + clean(line) + "\n")
			}
		}
		for _, f := range p.Findings {
			s.WriteString("#. " + string(f.Level) + " " + f.Rule + ": " + strings.ReplaceAll(clean(f.Message), "\n", " ") + "\n")
		}
		if p.State == translate.Initial && p.Target != "" {
			s.WriteString("#, fuzzy\n")
		}
		fmt.Fprintf(&s, "msgctxt %s\nmsgid %s\nmsgstr %s\n", poQuote(p.Source.ID), poQuote(p.Source.Text), poQuote(p.Target))
	}
	_, err := io.WriteString(w, s.String())
	return err
}

var poEscape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func poQuote(s string) string { return `"` + poEscape.Replace(clean(s)) + `"` }

func readPOEdits(name string, data []byte) ([]Edit, error) {
	var edits []Edit
	var e Edit
	var field *string
	fuzzy := false
	var header string
	finish := func() {
		if e.ID != "" || e.Source != "" {
			if fuzzy {
				e.State = translate.Initial
			}
			edits = append(edits, e)
		}
		e, fuzzy, field = Edit{}, false, nil
	}
	for n, line := range strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n") {
		line = strings.TrimSpace(line)
		fail := func(what string) error { return fmt.Errorf("%s:%d: %s", name, n+1, what) }
		switch {
		case line == "":
			continue
		case strings.HasPrefix(line, "#"):
			if field == &e.Target {
				finish()
			}
			fuzzy = fuzzy || strings.HasPrefix(line, "#,") && strings.Contains(line, "fuzzy")
			continue
		}
		keyword, quoted, _ := strings.Cut(line, " ")
		switch keyword {
		case "msgctxt", "msgid":
			if field == &e.Target || field == &header {
				finish()
			}
			if keyword == "msgctxt" {
				e.Place = fmt.Sprintf("%s:%d", name, n+1)
				field = &e.ID
			} else {
				field = &e.Source
			}
		case "msgstr":
			field = &e.Target
			if e.ID == "" && e.Source == "" {
				field = &header
			}
		default:
			quoted = line
		}
		text, err := strconv.Unquote(strings.TrimSpace(quoted))
		if err != nil || field == nil {
			return nil, fail("not a line of a PO file")
		}
		*field += text
	}
	finish()
	return edits, nil
}
