package glossary

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// WriteCSV writes the entries with a header, as ReadCSV reads them.
func WriteCSV(w io.Writer, terms []Term) error { return writeDelimited(w, terms, ',') }

// WriteTSV writes the entries with a header, as ReadTSV reads them.
func WriteTSV(w io.Writer, terms []Term) error { return writeDelimited(w, terms, '\t') }

func writeDelimited(w io.Writer, terms []Term, comma rune) error {
	rows, err := tableOf(terms)
	if err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.Comma = comma
	return c.WriteAll(rows)
}

// field is a column as it is written. The plain ones always stand in a table.
type field struct {
	name  string
	plain bool
	value func(*Term) []string
}

var fields = []field{
	{"source", true, func(t *Term) []string { return t.Sources }},
	{"target", true, func(t *Term) []string {
		list := append([]string(nil), t.Forms...)
		if len(list) == 0 && t.Target != "" {
			list = []string{t.Target}
		}
		if len(list) > 0 && t.Article == ArticleThe {
			list[0] = "the " + list[0]
		}
		return list
	}},
	{"allowed", false, func(t *Term) []string { return t.Allowed }},
	{"forbidden", true, func(t *Term) []string { return t.Forbidden }},
	{"case", true, func(t *Term) []string { return []string{string(t.Case)} }},
	{"pos", false, func(t *Term) []string { return []string{t.POS} }},
	{"article", false, func(t *Term) []string {
		if t.Article == ArticleNone {
			return []string{string(t.Article)}
		}
		return nil
	}},
	{"domain", false, func(t *Term) []string { return []string{t.Domain} }},
	{"client", false, func(t *Term) []string { return []string{t.Client} }},
	{"context", false, func(t *Term) []string { return t.Context }},
	{"keep", false, func(t *Term) []string {
		if t.Keep {
			return []string{"yes"}
		}
		return nil
	}},
	{"note", true, func(t *Term) []string { return []string{t.Note} }},
}

// tableOf gives the rows of a table, the header first. Columns that no entry
// fills are left out, except the plain ones.
func tableOf(terms []Term) ([][]string, error) {
	rows := make([][]string, len(terms)+1)
	for _, f := range fields {
		cells := make([]string, len(terms))
		filled := f.plain
		for i := range terms {
			values := f.value(&terms[i])
			for _, v := range values {
				if strings.Contains(v, "|") && f.name != "note" && f.name != "domain" && f.name != "client" {
					return nil, fmt.Errorf("%s: %q cannot stand in a table, where | separates values", place(&terms[i]), v)
				}
			}
			cells[i] = strings.Join(values, "|")
			filled = filled || cells[i] != ""
		}
		if !filled {
			continue
		}
		rows[0] = append(rows[0], f.name)
		for i, c := range cells {
			rows[i+1] = append(rows[i+1], c)
		}
	}
	return rows, nil
}
