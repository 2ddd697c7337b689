package memory

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/encoding/ianaindex"
	textunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// scanner reads the XML of TMX files, several times as fast as encoding/xml,
// which a test compares it with. It is as strict, and stricter: names are
// ASCII, and no token, depth or number of attributes is unbounded. Entities
// are the five of XML and numbers; declarations are passed over.
type scanner struct {
	in   io.Reader
	buf  []byte // of it, what is not read yet from pos on
	pos  int
	lost int // lines and, of the last line, bytes that were before buf
	col  int
	end  error // of in

	name   string // of an element that begins or ends, without its prefix
	attrs  []attribute
	text   string
	open   []string // elements, with their prefixes
	closed bool     // the element that began has no content
	names  map[string]string
}

type attribute struct{ space, name, value string }

// token is what the scanner has come to.
type token int

const (
	begins token = iota // an element: name, attrs
	ends                // an element: name
	chars               // text
)

const (
	mostToken = 1 << 24 // bytes
	mostDepth = 100     // elements in each other
	mostAttrs = 100     // of an element
	mostNames = 1000    // names and values that are kept
)

var declared = regexp.MustCompile(`^<\?xml\s[^?]*\bencoding\s*=\s*["']([^"']*)["']`)

// newScanner reads a file in the encoding that its byte order mark or its
// declaration says.
func newScanner(r io.Reader) (*scanner, error) {
	// A byte order mark says which Unicode it is, whatever the declaration says.
	in := bufio.NewReader(transform.NewReader(bufio.NewReaderSize(r, 1<<16), textunicode.BOMOverride(transform.Nop)))
	s := &scanner{in: in, names: make(map[string]string)}
	head, err := in.Peek(1000)
	if err != nil && err != io.EOF && !errors.Is(err, bufio.ErrBufferFull) {
		return s, err
	}
	m := declared.FindSubmatch(head)
	if m == nil {
		return s, nil
	}
	label := string(m[1])
	if l := strings.ToLower(label); l == "" || strings.HasPrefix(l, "utf-16") || l == "utf-8" || l == "utf8" {
		return s, nil
	}
	enc, err := ianaindex.IANA.Encoding(label)
	if err != nil || enc == nil {
		return s, s.fault(0, fmt.Sprintf("unknown encoding %q", label))
	}
	s.in = enc.NewDecoder().Reader(in)
	return s, nil
}

// fault is an error in a file, at a line and column.
type fault struct {
	line, col int
	message   string
}

func (f *fault) Error() string { return fmt.Sprintf("%d:%d: %s", f.line, f.col, f.message) }

// fault is an error at a place in buf.
func (s *scanner) fault(at int, message string) error {
	line, col := s.position(min(at, len(s.buf)))
	return &fault{line, col, message}
}

// skip goes behind the end of the element that has begun.
func (s *scanner) skip() error {
	for depth := len(s.open); len(s.open) >= depth; {
		if _, err := s.next(); err != nil {
			return err
		}
	}
	return nil
}

// position gives line and column, in bytes, of a place in buf.
func (s *scanner) position(at int) (line, col int) {
	before := s.buf[:at]
	line, col = s.lost+bytes.Count(before, []byte{'\n'}), s.col+at
	if i := bytes.LastIndexByte(before, '\n'); i >= 0 {
		col = at - i - 1
	}
	return line + 1, col + 1
}

// more reads on. Offsets into buf change by the value.
func (s *scanner) more() (shift int, err error) {
	if s.end != nil {
		return 0, s.end
	}
	if len(s.buf)-s.pos > mostToken {
		return 0, s.fault(s.pos, "a tag or text has more than 16 MB")
	}
	line, col := s.position(s.pos)
	s.lost, s.col = line-1, col-1
	shift = s.pos
	n := copy(s.buf, s.buf[s.pos:])
	s.buf, s.pos = s.buf[:n], 0
	s.buf = slices.Grow(s.buf, 1<<16)
	for range 100 {
		read, err := s.in.Read(s.buf[n : n+1<<16])
		s.buf = s.buf[:n+read]
		if s.end = err; read > 0 || err != nil {
			if read == 0 {
				return shift, err
			}
			return shift, nil
		}
	}
	return shift, io.ErrNoProgress
}

// find gives the place of the first of some text in buf, from a place on.
func (s *scanner) find(from int, what string) (int, error) {
	for {
		if i := bytes.Index(s.buf[from:], []byte(what)); i >= 0 {
			return from + i, nil
		}
		next := max(from, len(s.buf)-len(what)+1)
		shift, err := s.more()
		if err != nil {
			return 0, s.early(err)
		}
		from = next - shift
	}
}

// early is the error where the file ends within something.
func (s *scanner) early(err error) error {
	if err == io.EOF {
		return s.fault(len(s.buf), "unexpected end of the file")
	}
	return err
}

// next goes to the next token. It gives io.EOF at the end.
func (s *scanner) next() (token, error) {
	if s.closed {
		s.closed = false
		s.open = s.open[:len(s.open)-1]
		return ends, nil
	}
	for {
		if s.pos == len(s.buf) {
			if _, err := s.more(); err != nil {
				if err == io.EOF && len(s.open) > 0 {
					err = s.early(err)
				}
				return 0, err
			}
		}
		if s.buf[s.pos] != '<' {
			return chars, s.characters()
		}
		for len(s.buf)-s.pos < len("<![CDATA[") {
			if _, err := s.more(); err == io.EOF {
				break
			} else if err != nil {
				return 0, err
			}
		}
		rest := s.buf[s.pos:]
		switch {
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			end, err := s.find(s.pos+9, "]]>")
			if err != nil {
				return 0, err
			}
			s.text, err = s.decode(s.pos+9, end, inCDATA)
			s.pos = end + 3
			return chars, err
		case bytes.HasPrefix(rest, []byte("<!--")):
			end, err := s.find(s.pos+4, "-->")
			if err != nil {
				return 0, err
			}
			if i := s.pos + 4 + bytes.Index(s.buf[s.pos+4:end+2], []byte("--")); i < end {
				return 0, s.fault(i, `"--" within a comment`)
			}
			s.pos = end + 3
		case bytes.HasPrefix(rest, []byte("<?")):
			end, err := s.find(s.pos+2, "?>")
			if err != nil {
				return 0, err
			}
			if s.word(s.pos+2) == s.pos+2 {
				return 0, s.fault(s.pos, "a name is expected behind <?")
			}
			s.pos = end + 2
		case bytes.HasPrefix(rest, []byte("<![")), bytes.HasPrefix(rest, []byte("<!-")):
			return 0, s.fault(s.pos, "neither a comment nor a CDATA section")
		case bytes.HasPrefix(rest, []byte("<!")):
			if err := s.declaration(); err != nil {
				return 0, err
			}
		default:
			return s.tag()
		}
	}
}

// declaration passes over <!DOCTYPE …> with what is in it.
func (s *scanner) declaration() error {
	depth, quote := 0, byte(0)
	for i := s.pos + 2; ; i++ {
		if i == len(s.buf) {
			shift, err := s.more()
			if err != nil {
				return s.early(err)
			}
			i -= shift
		}
		switch c := s.buf[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '-' && bytes.HasSuffix(s.buf[:i], []byte("<!-")) && i-3 > s.pos: // a comment
			end, err := s.findBehind(&i, "-->")
			if err != nil {
				return err
			}
			i, depth = end+2, depth-1
		case c == '<':
			depth++
		case c == '>' && depth == 0:
			s.pos = i + 1
			return nil
		case c == '>':
			depth--
		}
	}
}

// findBehind is find behind a place that moves with buf.
func (s *scanner) findBehind(at *int, what string) (int, error) {
	offset := *at + 1 - s.pos
	end, err := s.find(*at+1, what)
	*at = s.pos + offset - 1
	return end, err
}

// characters reads the text up to the next tag.
func (s *scanner) characters() error {
	from := s.pos
	for {
		if i := bytes.IndexByte(s.buf[from:], '<'); i >= 0 {
			end := from + i
			text, err := s.decode(s.pos, end, inElement)
			s.text, s.pos = text, end
			return err
		}
		next := len(s.buf)
		shift, err := s.more()
		if err == io.EOF {
			text, err := s.decode(s.pos, len(s.buf), inElement)
			s.text, s.pos = text, len(s.buf)
			return err
		}
		if err != nil {
			return err
		}
		from = next - shift
	}
}

// tag reads <name …>, <name …/> or </name>.
func (s *scanner) tag() (token, error) {
	end, quote := s.pos+1, byte(0)
	for ; ; end++ {
		if end == len(s.buf) {
			shift, err := s.more()
			if err != nil {
				return 0, s.early(err)
			}
			end -= shift
		}
		c := s.buf[end]
		switch {
		case c == '<':
			return 0, s.fault(end, "a < within a tag")
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		}
		if c == '>' && quote == 0 {
			break
		}
	}
	begin := s.pos
	s.pos = end + 1
	if s.buf[begin+1] == '/' {
		at := s.word(begin + 2)
		full := string(s.buf[begin+2 : at])
		if s.blank(at) != end || full == "" {
			return 0, s.fault(begin, "an element name is expected between </ and >")
		}
		if len(s.open) == 0 {
			return 0, s.fault(begin, fmt.Sprintf("unexpected end element </%s>", full))
		}
		if last := s.open[len(s.open)-1]; last != full {
			return 0, s.fault(begin, fmt.Sprintf("element <%s> closed by </%s>", last, full))
		}
		s.open = s.open[:len(s.open)-1]
		_, name, ok := split(full)
		s.name = name
		if !ok {
			return 0, s.fault(begin, "a name has several colons")
		}
		return ends, nil
	}
	return s.element(begin, end)
}

// element reads the tag that begins an element.
func (s *scanner) element(begin, end int) (token, error) {
	at := s.word(begin + 1)
	full := s.keep(s.buf[begin+1 : at])
	_, name, ok := split(full)
	if full == "" || !ok {
		return 0, s.fault(begin, "an element name is expected behind <")
	}
	if len(s.open) == mostDepth {
		return 0, s.fault(begin, "too many elements in each other")
	}
	s.open = append(s.open, full)
	s.name, s.attrs = name, s.attrs[:0]
	for {
		at = s.blank(at)
		if at == end {
			return begins, nil
		}
		if s.buf[at] == '/' && at+1 == end {
			s.closed = true
			return begins, nil
		}
		last := s.word(at)
		space, name, ok := split(s.keep(s.buf[at:last]))
		if last == at || !ok {
			return 0, s.fault(at, "an attribute name is expected")
		}
		if at = s.blank(last); s.buf[at] != '=' {
			return 0, s.fault(at, "an attribute without =")
		}
		at = s.blank(at + 1)
		quote := s.buf[at]
		if quote != '"' && quote != '\'' {
			return 0, s.fault(at, "an attribute value without quotation marks")
		}
		last = at + 1 + bytes.IndexByte(s.buf[at+1:end], quote)
		if last == at {
			return 0, s.fault(at, "an attribute value without its end")
		}
		value, err := s.decode(at+1, last, inAttribute)
		if err != nil {
			return 0, err
		}
		if len(s.attrs) == mostAttrs {
			return 0, s.fault(begin, "too many attributes")
		}
		s.attrs = append(s.attrs, attribute{space, name, s.keep([]byte(value))})
		at = last + 1
	}
}

// word gives the end of a name.
func (s *scanner) word(at int) int {
	begin := at
	for at < len(s.buf) {
		c := s.buf[at]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == ':' ||
			at > begin && ('0' <= c && c <= '9' || c == '-' || c == '.')) {
			break
		}
		at++
	}
	return at
}

// blank gives the end of white space.
func (s *scanner) blank(at int) int {
	for at < len(s.buf) && (s.buf[at] == ' ' || s.buf[at] == '\n' || s.buf[at] == '\t' || s.buf[at] == '\r') {
		at++
	}
	return at
}

// split parts a name from its prefix.
func split(full string) (space, name string, ok bool) {
	space, name, found := strings.Cut(full, ":")
	if !found || space == "" || name == "" {
		return "", full, strings.Count(full, ":") < 2
	}
	return space, name, !strings.Contains(name, ":")
}

// keep gives a string that is there once, if it is short.
func (s *scanner) keep(b []byte) string {
	if kept, ok := s.names[string(b)]; ok {
		return kept
	}
	text := string(b)
	if len(text) < 40 && len(s.names) < mostNames {
		s.names[text] = text
	}
	return text
}
