package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Split cuts the text of one block into segments. Segments and the white
// space between them give text back byte for byte.
func (s *Splitter) Split(text string) []Segment {
	max := s.QuotesMax
	if max == 0 {
		max = DefaultQuotesMax
	}
	quotes := pairs(text)
	inside := func(i int) bool {
		for _, q := range quotes {
			if q.Start < i && i < q.End && !s.InsideQuotes && utf8.RuneCountInString(q.Of(text)) <= max {
				return true
			}
		}
		return false
	}
	var out []Segment
	start := 0
	add := func(end int) {
		t := text[start:end]
		lead := len(t) - len(strings.TrimLeftFunc(t, unicode.IsSpace))
		t = strings.TrimSpace(t)
		if t == "" {
			return
		}
		sp := Span{start + lead, start + lead + len(t)}
		seg := Segment{Text: t, Span: sp}
		for _, q := range quotes {
			if q.Start >= sp.Start && q.End <= sp.End {
				seg.Quotes = append(seg.Quotes, Quotation{Span: Span{q.Start - sp.Start, q.End - sp.Start}, Level: 1, Opened: true, Closed: true})
			}
		}
		out = append(out, seg)
		start = end
	}
	for i, r := range text {
		if !strings.ContainsRune(".!?…", r) {
			continue
		}
		j := i + utf8.RuneLen(r)
		rest := strings.TrimLeft(text[j:], ".!?…")
		for {
			t := strings.TrimLeftFunc(rest, unicode.IsSpace)
			if c, n := utf8.DecodeRuneInString(t); n > 0 && (strings.ContainsRune("»”)]", c) || c == '"' && inside(len(text)-len(t))) {
				rest = t[n:]
				continue
			}
			break
		}
		end := len(text) - len(rest)
		next := strings.TrimLeftFunc(rest, unicode.IsSpace)
		if len(next) == len(rest) {
			continue
		}
		c, _ := utf8.DecodeRuneInString(next)
		if unicode.IsLower(c) || c == ',' || inside(end) || end <= start {
			continue
		}
		if r == '.' {
			w := text[strings.LastIndexFunc(text[:i], func(r rune) bool { return !unicode.IsLetter(r) })+1 : i]
			if strings.Contains(" M MM Mme Mlle Dr Me Pr Mgr St art av p ", " "+strings.TrimLeft(w, " ")+" ") || len(w) == 1 && unicode.IsUpper(rune(w[0])) {
				continue
			}
		}
		add(end)
	}
	add(len(text))
	return out
}

func pairs(text string) []Span {
	var out []Span
	open := -1
	for i, r := range text {
		switch {
		case r == '«' || r == '“':
			open = i
		case open >= 0 && (r == '»' || r == '”' || r == '"'):
			out = append(out, Span{open, i + utf8.RuneLen(r)})
			open = -1
		case r == '"':
			open = i
		}
	}
	return out
}

// Document splits every block of d, gives Block.Segments anew and then every
// segment its ID.
func (s *Splitter) Document(d *Document) {
	for i := range d.Blocks {
		b := &d.Blocks[i]
		switch b.Kind {
		case DateLine, Headline, Repeat, Heading, Byline, Signature, Alert, Separator:
			b.Segments = nil
			if t := strings.TrimSpace(b.Text); t != "" {
				at := strings.Index(b.Text, t)
				b.Segments = []Segment{{Text: t, Span: Span{at, at + len(t)}}}
			}
		default:
			b.Segments = s.Split(b.Text)
		}
	}
	d.Identify()
}
