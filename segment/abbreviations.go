package segment

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed abbreviations.txt
var abbreviationsText string

// french is the built-in list.
var french = must(ReadAbbreviations("", strings.NewReader("")))

func must(a *Abbreviations, err error) *Abbreviations {
	if err != nil {
		panic(err) // the list is part of the program
	}
	return a
}

// Abbreviations is a list of abbreviations that end in a full stop. It does
// not change after it was read and is safe for concurrent use.
type Abbreviations struct {
	kinds map[string]abbreviation // by the folded last word, or by the whole of several words
	long  map[string]bool         // last words, folded, that abbreviations of several words end in
}

// abbreviation is what is known of one entry, by the case that it occurs in.
type abbreviation struct {
	lower, capital abbreviationKind
}

type abbreviationKind uint8

const (
	notAbbreviation abbreviationKind = iota
	neverEnds
	beforeName
	beforeNumber
	mayEnd
	ends
)

var abbreviationKinds = map[string]abbreviationKind{
	"": neverEnds, "name": beforeName, "number": beforeNumber, "open": mayEnd, "end": ends,
}

// ReadAbbreviations reads a list of abbreviations, in the form of the
// built-in one that abbreviations.txt holds, and gives it together with the
// built-in one; a later entry replaces an earlier one. A line that is no entry
// is an error that begins with "name:line:column:".
func ReadAbbreviations(name string, r io.Reader) (*Abbreviations, error) {
	a := &Abbreviations{kinds: make(map[string]abbreviation, 1024), long: make(map[string]bool)}
	if err := a.read("abbreviations.txt", strings.NewReader(abbreviationsText)); err != nil {
		return nil, err
	}
	if err := a.read(name, r); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Abbreviations) read(name string, r io.Reader) error {
	lines := bufio.NewScanner(r)
	n := 0
	for lines.Scan() {
		n++
		line := lines.Text()
		if n == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if i := strings.IndexByte(line, '#'); i >= 0 {
			line = line[:i]
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		if !utf8.ValidString(line) {
			return fmt.Errorf("%s:%d:1: the line is not UTF-8", name, n)
		}
		if err := a.add(line); err != nil {
			return fmt.Errorf("%s:%d:%w", name, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s:%d:1: %w", name, n+1, err)
	}
	return nil
}

// add adds the entry of one line. Its error begins with the column.
func (a *Abbreviations) add(line string) error {
	words := strings.Fields(line)
	kind := ""
	if last := words[len(words)-1]; len(words) > 1 && !endsAbbreviation(last) {
		kind, words = last, words[:len(words)-1]
	}
	column := func(word string) int { return utf8.RuneCountInString(line[:strings.Index(line, word)]) + 1 }
	k, ok := abbreviationKinds[kind]
	if !ok {
		return fmt.Errorf("%d: %q is none of: name, number, open, end", column(kind), kind)
	}
	last := words[len(words)-1]
	if !endsAbbreviation(last) {
		return fmt.Errorf("%d: %q ends in no full stop", column(last), last)
	}
	entry := strings.Join(words, " ")
	var buf [maxAbbreviation]byte
	folded, ok := foldAbbreviation(entry, buf[:0])
	if !ok {
		return fmt.Errorf("%d: %q is longer than %d bytes", column(words[0]), entry, maxAbbreviation)
	}
	known := a.kinds[string(folded)]
	r, n := utf8.DecodeRuneInString(entry)
	if !unicode.IsUpper(r) {
		known.lower = k
	}
	if unicode.IsUpper(r) || len(entry) > n+1 {
		known.capital = k // a single capital is somebody's initial
	}
	a.kinds[string(folded)] = known
	if len(words) > 1 {
		tail, _ := foldAbbreviation(last, buf[:0])
		a.long[string(tail)] = true
	}
	return nil
}

func endsAbbreviation(w string) bool { return strings.HasSuffix(w, ".") || strings.HasSuffix(w, "!") }

const maxAbbreviation = 32

// foldAbbreviation appends s to buf in lower case, white space as one space;
// ok is false if it does not fit.
func foldAbbreviation(s string, buf []byte) (folded []byte, ok bool) {
	space := false
	for i := 0; i < len(s); {
		if len(buf)+3 > cap(buf) {
			return nil, false
		}
		c := s[i]
		if c < utf8.RuneSelf && c > ' ' {
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			buf = append(buf, c)
			space = false
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case !unicode.IsSpace(r):
			buf = utf8.AppendRune(buf, unicode.ToLower(r))
			space = false
		case !space:
			buf = append(buf, ' ')
			space = true
		}
		i += n
	}
	return buf, true
}

// kind looks the word text[start:end] up, whose full stop is its last byte,
// together with the words before it. It gives the start of the abbreviation.
func (a *Abbreviations) kind(text string, start, end int) (abbreviationKind, int) {
	var buf [maxAbbreviation]byte
	w, ok := foldAbbreviation(text[start:end], buf[:0])
	if !ok {
		return notAbbreviation, start
	}
	if a.long[string(w)] {
		var long [maxAbbreviation]byte
		for words, s := 0, start; words < 2; words++ {
			s = wordBefore(text, s)
			if s < 0 {
				break
			}
			if e, ok := foldAbbreviation(text[s:end], long[:0]); ok {
				if k := a.kinds[string(e)].in(text[s:]); k != notAbbreviation {
					return k, s
				}
			}
		}
	}
	return a.kinds[string(w)].in(text[start:]), start
}

// in gives the kind for the case of the letter at the start of text.
func (a abbreviation) in(text string) abbreviationKind {
	if r, _ := utf8.DecodeRuneInString(text); unicode.IsUpper(r) {
		return a.capital
	}
	return a.lower
}
