package output

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"depeche/translate"
)

// writePO writes a gettext catalogue: the segment's ID is the message's
// context, a draft is fuzzy, findings are extracted comments.
func writePO(w io.Writer, texts []*translate.Bitext, o Options) error {
	if err := sound(texts); err != nil {
		return err
	}
	if len(texts) > 1 {
		return fmt.Errorf("a catalogue holds one document, not %d", len(texts))
	}
	b := texts[0]
	var s strings.Builder
	made := ""
	if !o.Time.IsZero() {
		made = "PO-Revision-Date: " + o.Time.UTC().Format("2006-01-02 15:04+0000") + "\n"
	}
	fmt.Fprintf(&s, "msgid \"\"\nmsgstr \"\"\n%s\n%s\n%s\n%s\n", poQuote("Project-Id-Version: "+strings.ReplaceAll(b.Document.Name, "\n", " ")+"\n"+made), poQuote("Language: "+strings.ReplaceAll(b.Lang.String(), "-", "_")+"\n"),
		poQuote("MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"), poQuote("X-Source-Language: "+b.Document.Lang.String()+"\n"))
	for _, p := range b.Pairs {
		s.WriteByte('\n')
		if p.Comment != "" {
			for _, line := range strings.Split(p.Comment, "\n") {
				s.WriteString(strings.TrimRight("# "+clean(line), " \r") + "\n")
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

// readPOEdits reads a catalogue as gettext's tools and editors save it.
func readPOEdits(name string, data []byte) ([]Edit, error) {
	text, err := decodePO(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var r poReader
	for n, line := range strings.Split(text, "\n") {
		if err := r.line(strings.TrimSpace(line), fmt.Sprintf("%s:%d", name, n+1)); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
		}
	}
	r.finish()
	return r.edits, nil
}

var poCharset = regexp.MustCompile(`(?i)charset=([A-Za-z0-9._:-]+)`)

// decodePO converts a catalogue to UTF-8 from the encoding that its header names.
func decodePO(data []byte) (string, error) {
	if utf8.Valid(data) {
		return strings.TrimPrefix(string(data), "\ufeff"), nil
	}
	m := poCharset.FindSubmatch(data)
	if m == nil {
		return "", errors.New("neither UTF-8 nor in an encoding that the header names")
	}
	enc, err := htmlindex.Get(string(m[1]))
	if err != nil {
		return "", fmt.Errorf("unknown encoding %q", m[1])
	}
	out, err := enc.NewDecoder().Bytes(data)
	return string(out), err
}

// poReader gathers messages from lines.
type poReader struct {
	edits   []Edit
	message Edit
	comment []string
	field   *string // that a line of text alone goes on with
	fuzzy   bool
	done    bool // the message has its msgstr
}

// finish ends a message. The header, which has no context and an empty msgid,
// is none. A message that is not fuzzy any more is what the editor stands for.
func (r *poReader) finish() {
	e := r.message
	if e.ID != "" || e.Source != "" {
		e.State = translate.Translated
		if r.fuzzy || e.Target == "" {
			e.State = translate.Initial
		}
		comment := strings.Join(r.comment, "\n")
		e.Comment = &comment
		r.edits = append(r.edits, e)
	}
	*r = poReader{edits: r.edits}
}

func (r *poReader) line(line, place string) error {
	if line == "" {
		return nil
	}
	if strings.HasPrefix(line, "#") {
		if r.done {
			r.finish()
		}
		switch {
		case strings.HasPrefix(line, "#,"):
			for _, flag := range strings.Split(line[2:], ",") {
				r.fuzzy = r.fuzzy || strings.TrimSpace(flag) == "fuzzy"
			}
		case line == "#":
			r.comment = append(r.comment, "")
		case strings.HasPrefix(line, "# "):
			r.comment = append(r.comment, strings.TrimSpace(line[2:]))
		}
		return nil // "#." and "#:" are ours, "#|" and "#~" what was
	}
	keyword, quoted := "", line
	if !strings.HasPrefix(line, `"`) {
		keyword, quoted, _ = strings.Cut(line, " ")
	}
	switch keyword {
	case "":
	case "msgctxt", "msgid":
		if r.done {
			r.finish()
		}
		if r.message.Place == "" {
			r.message.Place = place
		}
		if r.field = &r.message.Source; keyword == "msgctxt" {
			r.field = &r.message.ID
		}
	case "msgstr":
		r.field, r.done = &r.message.Target, true
	default:
		return errors.New("not a line of a PO file that we wrote")
	}
	text, err := strconv.Unquote(strings.TrimSpace(quoted))
	if err != nil || r.field == nil {
		return errors.New("not a line of a PO file")
	}
	*r.field += text
	return nil
}
