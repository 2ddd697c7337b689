package backend

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"depeche/translate/marian"
	"depeche/translate/typography"
)

// reForeign finds runs in other scripts than the model's, and pictographs: it
// knows them as single bytes, if at all.
var reForeign = regexp.MustCompile(foreignRune + `(?:[\pM\x{200c}\x{200d}\x{fe0f}]|` + foreignRune + `|[ \x{a0}'’·،.,-]+` + foreignLetter + `)*`)

const (
	foreignLetter = `[\p{Arabic}\p{Armenian}\p{Bengali}\p{Cyrillic}\p{Devanagari}\p{Ethiopic}\p{Georgian}\p{Greek}\p{Han}\p{Hangul}\p{Hebrew}\p{Hiragana}\p{Katakana}\p{Khmer}\p{Lao}\p{Myanmar}\p{Sinhala}\p{Tamil}\p{Telugu}\p{Thai}\p{Tibetan}]`
	foreignRune   = `(?:` + foreignLetter + `|[\x{2190}-\x{21ff}\x{2300}-\x{23ff}\x{25a0}-\x{27bf}\x{2b00}-\x{2bff}\x{1f000}-\x{1faff}])`
)

// mark is what stands for the k-th hidden part; the model has learned to copy such.
func mark(k int) string { return "⟦" + strconv.Itoa(k) + "⟧" }

// hide puts marks in the place of what the model cannot read and must not change:
// other scripts, pictographs, addresses, handles. Parts of terms stay.
func hide(text string, terms []marian.Term) (*edited, []string) {
	e := &edited{}
	if strings.ContainsAny(text, "⟦⟧") {
		e.keep(text, 0, len(text))
		return e, nil
	}
	spans := reForeign.FindAllStringIndex(text, -1)
	for _, s := range typography.Addresses(text) {
		if !slices.ContainsFunc(spans, func(o []int) bool { return o[0] < s.End && s.Start < o[1] }) {
			spans = append(spans, []int{s.Start, s.End})
		}
	}
	slices.SortFunc(spans, func(a, b []int) int { return a[0] - b[0] })
	var parts []string
	done := 0
	for _, s := range spans {
		if slices.ContainsFunc(terms, func(t marian.Term) bool { return t.Start < s[1] && s[0] < t.End }) {
			continue
		}
		e.keep(text, done, s[0])
		parts = append(parts, text[s[0]:s[1]])
		e.text.WriteString(mark(len(parts)))
		done = s[1]
	}
	e.keep(text, done, len(text))
	return e, parts
}

// shown puts the hidden parts back into a translation, and its alignment onto the
// text that they were hidden in.
func shown(o marian.Output, source *edited, parts []string) marian.Output {
	if len(parts) == 0 {
		return o
	}
	e := &edited{}
	done := 0
	for i := range o.Text {
		if i < done || !strings.HasPrefix(o.Text[i:], "⟦") {
			continue
		}
		for k, p := range parts {
			if m := mark(k + 1); strings.HasPrefix(o.Text[i:], m) {
				e.keep(o.Text, done, i)
				e.text.WriteString(p)
				done = i + len(m)
			}
		}
	}
	e.keep(o.Text, done, len(o.Text))
	moved(&o, e)
	for i, l := range o.Alignment {
		o.Alignment[i].Source = marian.Span{Start: source.back(l.Source.Start), End: source.back(l.Source.End)}
	}
	o.Alignment = slices.DeleteFunc(o.Alignment, func(l marian.Link) bool { return l.Source.Start >= l.Source.End })
	return o
}
