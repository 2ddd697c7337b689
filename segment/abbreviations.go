package segment

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Abbreviations is a list of abbreviations that end in a full stop.
type Abbreviations struct {
	words map[string]bool
}

// ReadAbbreviations reads a list of abbreviations, one a line, and adds it to
// the built-in one. Name stands in error messages.
func ReadAbbreviations(name string, r io.Reader) (*Abbreviations, error) {
	a := &Abbreviations{words: map[string]bool{}}
	for _, w := range strings.Fields("M. MM. Mme. Mlle. Dr. Me. Pr. Mgr. St. art. av. apr. p. ex. env. vol. no. fig. cf. boul. dép. lieut. gén. col. cap.") {
		a.words[w] = true
	}
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if !strings.HasSuffix(line, ".") {
			return nil, fmt.Errorf("%s:%d:1: abbreviation %q does not end in a full stop", name, n, line)
		}
		a.words[line] = true
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return a, nil
}
