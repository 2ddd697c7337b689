package review

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strings"
)

//go:embed diff.html
var diffPage string

//go:embed diff.css
var diffStyle string

//go:embed diff.js
var diffScript string

// digest is the source expression of a content policy for an inline text.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

var diffTemplate = template.Must(template.New("diff").Funcs(template.FuncMap{
	"label":   func(c Change) string { return label(&c) },
	"sides":   func(c Change) []Side { return c.newOrOld() },
	"sources": func(s []Side) string { return texts(s, Side.source) },
	"targets": func(s []Side) string { return texts(s, Side.target) },
	"origins": origins,
	"same":    func(c Change) bool { return c.Target == nil && len(c.Old) > 0 && len(c.New) > 0 },
}).Parse(diffPage))

// origins says the states and origins of segments, each once.
func origins(sides []Side) string {
	var out []string
	for _, s := range sides {
		if o := s.State + " · " + s.Origin; !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	return strings.Join(out, "; ")
}

// HTML writes one page that needs no network: old and new side by side, a
// filter by kind, j and k to jump.
func (d *Differences) HTML(w io.Writer) error {
	return diffTemplate.Execute(w, struct {
		*Differences
		Style  template.CSS
		Script template.JS
		Policy string
		Kinds  []Kind
		Labels map[Kind]string
	}{d, template.CSS(diffStyle), template.JS(diffScript),
		"default-src 'none'; style-src " + digest(diffStyle) + "; script-src " + digest(diffScript) + "; base-uri 'none'; form-action 'none'",
		[]Kind{Retranslated, Edited, Split, Merged, Moved, Added, Removed, Status}, labels})
}
