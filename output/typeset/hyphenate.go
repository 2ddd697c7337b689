package typeset

import (
	"embed"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// The patterns of TeX's hyph-utf8, each with its licence, from Debian's
// texlive-lang-french and texlive-lang-english (2022.20230122-1).
//
//go:embed hyph/*.tex
var patternFiles embed.FS

// Patterns hyphenate the words of one language with Liang's algorithm.
type Patterns struct {
	values     map[string][]uint8 // of the letters of a pattern: the digits before, between and behind them
	exceptions map[string][]int   // words with all of their places
	longest    int                // letters of the longest pattern
	left       int                // letters that stay together at a word's beginning
	right      int                // and at its end

	apostrophes bool // the patterns know of apostrophes, which end a word elsewhere
}

// patternsFor gives the patterns of a language, nil where there are none.
func patternsFor(tag language.Tag) (*Patterns, error) {
	base, _ := tag.Base()
	file := ""
	switch base.String() {
	case "fr":
		file = "hyph-fr"
	case "en":
		file = "hyph-en-us"
		if region, how := tag.Region(); how == language.Exact && region.String() != "US" {
			file = "hyph-en-gb"
		}
	default:
		return nil, nil
	}
	data, err := patternFiles.ReadFile("hyph/" + file + ".tex")
	if err != nil {
		return nil, err
	}
	p, err := ParsePatterns(string(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	p.left, p.right, p.apostrophes = 2, 3, file == "hyph-fr"
	return p, nil
}

// ParsePatterns reads a pattern file of TeX: the groups \patterns{…} and
// \hyphenation{…}, with comments after %.
func ParsePatterns(text string) (*Patterns, error) {
	p := &Patterns{values: make(map[string][]uint8), exceptions: make(map[string][]int), left: 2, right: 3}
	group := ""
	for n, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "%")
		line = strings.ReplaceAll(strings.ReplaceAll(line, "{", " { "), "}", " } ")
		for _, word := range strings.Fields(line) {
			switch {
			case strings.HasPrefix(word, `\`):
				group = word
			case word == "{":
			case word == "}":
				group = ""
			case group == `\patterns`:
				if err := p.pattern(word); err != nil {
					return nil, fmt.Errorf("line %d: %w", n+1, err)
				}
			case group == `\hyphenation`:
				var places []int
				at := 0
				for _, r := range word {
					if r == '-' {
						places = append(places, at)
					} else {
						at++
					}
				}
				p.exceptions[strings.ReplaceAll(word, "-", "")] = places
			}
		}
	}
	if len(p.values) == 0 {
		return nil, fmt.Errorf("no \\patterns{…}")
	}
	return p, nil
}

// pattern takes in one pattern: letters with digits between them.
func (p *Patterns) pattern(s string) error {
	var letters []rune
	values := []uint8{0}
	for _, r := range s {
		if r >= '0' && r <= '9' {
			values[len(values)-1] = uint8(r - '0')
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(".'’-", r) {
			return fmt.Errorf("pattern %q: %q is neither a letter nor a digit", s, r)
		}
		letters = append(letters, r)
		values = append(values, 0)
	}
	if len(letters) == 0 {
		return fmt.Errorf("pattern %q has no letters", s)
	}
	p.values[string(letters)] = values
	p.longest = max(p.longest, len(letters))
	return nil
}

// Places gives the places within a word, in bytes, at which it may be divided.
// A word is letters and apostrophes: anything else gives none.
func (p *Patterns) Places(word string) []int {
	letters := make([]rune, 0, len(word)+2)
	offsets := make([]int, 0, len(word)+2)
	letters, offsets = append(letters, '.'), append(offsets, 0)
	for i, r := range word {
		switch {
		case r == '’':
			r = '\''
		case r == '\'', unicode.IsMark(r):
		case !unicode.IsLetter(r):
			return nil
		}
		letters = append(letters, unicode.ToLower(r))
		offsets = append(offsets, i)
	}
	n := len(letters) - 1 // letters of the word
	if n < p.left+p.right {
		return nil
	}
	if places, ok := p.exceptions[string(letters[1:])]; ok {
		var out []int
		for _, k := range places {
			out = append(out, offsets[k+1])
		}
		return out
	}
	letters = append(letters, '.')
	values := make([]uint8, len(letters)+1) // values[i] stands before letters[i]
	key := make([]byte, 0, 64)
	for from := range letters {
		key = key[:0]
		for to := from; to < len(letters) && to-from < p.longest; to++ {
			key = appendRune(key, letters[to])
			for k, v := range p.values[string(key)] {
				values[from+k] = max(values[from+k], v)
			}
		}
	}
	var out []int
	for k := p.left; k <= n-p.right; k++ { // k letters stand before the place
		if values[k+1]%2 == 1 && letters[k] != '\'' && letters[k+1] != '\'' && !unicode.IsMark(letters[k+1]) {
			out = append(out, offsets[k+1])
		}
	}
	return out
}

func appendRune(b []byte, r rune) []byte {
	if r < 0x80 {
		return append(b, byte(r))
	}
	return append(b, string(r)...)
}

// hyphens gives the places at which a word with its punctuation may be divided.
func (s *Setter) hyphens(lang language.Tag, text string) ([]int, error) {
	patterns, known := s.patterns[lang]
	if !known {
		var err error
		if patterns, err = patternsFor(lang); err != nil {
			return nil, err
		}
		s.patterns[lang] = patterns
	}
	if patterns == nil {
		return nil, nil
	}
	key := placesKey{patterns, text}
	if places, ok := s.places[key]; ok {
		return places, nil
	}
	from := strings.IndexFunc(text, unicode.IsLetter)
	var places []int
	if from >= 0 {
		to := from
		upper, letters := 0, 0
		for to < len(text) {
			r, n := utf8.DecodeRuneInString(text[to:])
			if !unicode.IsLetter(r) && !unicode.IsMark(r) && !(patterns.apostrophes && (r == '\'' || r == '’')) {
				break
			}
			if unicode.IsUpper(r) {
				upper++
			}
			letters++
			to += n
		}
		behind := strings.TrimPrefix(strings.TrimPrefix(strings.TrimLeft(text[to:], "'’"), "s"), "ve") // of "minister’s", "they’ve"
		rest := strings.IndexFunc(behind, unicode.IsLetter) >= 0 || strings.ContainsAny(text, "0123456789@/")
		if !rest && (upper < 2 || letters > 10) { // neither an address nor an acronym
			for _, k := range patterns.Places(text[from:to]) {
				places = append(places, from+k)
			}
		}
	}
	s.places[key] = places
	return places, nil
}
