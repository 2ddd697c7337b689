package backend

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"depeche/segment"
	"depeche/translate/marian"
	"depeche/translate/typography"
)

// reForeign finds runs in other scripts than the model's, and pictographs: it
// knows them as single bytes, if at all.
var reForeign = regexp.MustCompile(foreignRune + `(?:[\pM\x{200c}\x{200d}\x{fe0f}]|` + foreignRune + `|[ \x{a0}'’·،.,-]+` + foreignLetter + `)*`)

// reInserted is a verb that a journalist changed in a quotation: ils (étaient) prêts.
var reInserted = regexp.MustCompile(`\pL[,»]? (\()((?:ai|aurait|auraient|aura|auront|avaient|avait|avons|doit|doivent|devait|devaient|est|était|étaient|étions|êtes|fait|font|fut|furent|ont|peut|peuvent|pouvait|pouvaient|sera|serait|seraient|seront|sommes|sont|soit|soient|suis|va|vont))(\)) \pL`)

// bracketed puts brackets around the words for a verb that has some in the source.
func bracketed(source string, o marian.Output) marian.Output {
	for _, m := range reInserted.FindAllStringSubmatchIndex(source, -1) {
		start, end := len(o.Text), 0
		for _, l := range o.Alignment {
			if m[2] <= l.Source.Start && l.Source.End <= m[7] {
				start, end = min(start, l.Target.Start), max(end, l.Target.End)
			}
		}
		if start >= end || strings.Count(o.Text[start:end], " ") > 1 || strings.ContainsAny(o.Text[start:end], "()\"") {
			continue
		}
		e := &edited{}
		e.keep(o.Text, 0, start)
		e.text.WriteString("(")
		e.keep(o.Text, start, end)
		e.text.WriteString(")")
		e.keep(o.Text, end, len(o.Text))
		moved(&o, e)
	}
	return o
}

// reUnread finds words with Latin letters that it has never seen, as Vietnamese has them.
var reUnread = regexp.MustCompile(`[\pL\pM]*[\x{180}-\x{24f}\x{1e00}-\x{1eff}\x{2bb}-\x{2bf}][\pL\pM]*(?:[ -][\pL\pM]*[\x{180}-\x{24f}\x{1e00}-\x{1eff}][\pL\pM]*)*`)

const (
	foreignLetter = `[\p{Arabic}\p{Armenian}\p{Bengali}\p{Cyrillic}\p{Devanagari}\p{Ethiopic}\p{Georgian}\p{Greek}\p{Han}\p{Hangul}\p{Hebrew}\p{Hiragana}\p{Katakana}\p{Khmer}\p{Lao}\p{Myanmar}\p{Sinhala}\p{Tamil}\p{Telugu}\p{Thai}\p{Tibetan}]`
	foreignRune   = `(?:` + foreignLetter + `|[\x{2190}-\x{21ff}\x{221e}\x{2248}\x{2260}\x{2264}\x{2265}\x{2300}-\x{23ff}\x{25a0}-\x{27bf}\x{2b00}-\x{2bff}\x{1f000}-\x{1faff}])`
)

var reMark = regexp.MustCompile(`⟦(\d+)⟧`)

// mark is what stands for the k-th hidden part; the model has learned to copy such.
func mark(k int) string { return "⟦" + strconv.Itoa(k) + "⟧" }

// part is a part of an item and what stands for it in English.
type part struct {
	segment.Span
	english string
}

// hide puts marks in the place of what the model cannot read and must not change
// (other scripts, pictographs, addresses, handles), and of parts whose English is
// known. Parts of terms stay. A part that is a hyphen in English is one for the model,
// and of a verb that was put into a quotation it does not see the brackets.
func hide(text string, terms []marian.Term, known []part) (*edited, []string) {
	e := &edited{}
	if strings.ContainsAny(text, "⟦⟧") {
		e.keep(text, 0, len(text))
		return e, nil
	}
	parts := slices.Clone(known)
	put := func(start, end int, english string) {
		if !slices.ContainsFunc(parts, func(p part) bool { return p.Start < end && start < p.End }) &&
			!slices.ContainsFunc(terms, func(t marian.Term) bool { return t.Start < end && start < t.End }) {
			parts = append(parts, part{segment.Span{Start: start, End: end}, english})
		}
	}
	for _, s := range typography.Addresses(text) {
		put(s.Start, s.End, s.Of(text))
	}
	for _, re := range []*regexp.Regexp{reForeign, reUnread} {
		for _, m := range re.FindAllStringIndex(text, -1) {
			put(m[0], m[1], text[m[0]:m[1]])
		}
	}
	for _, m := range reInserted.FindAllStringSubmatchIndex(text, -1) {
		put(m[2], m[3], "")
		put(m[6], m[7], "")
	}
	for i, r := range text {
		if r == '\u2011' { // a hyphen that does not break
			put(i, i+len("\u2011"), "-")
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return a.Start - b.Start })
	var hidden []string
	done := 0
	for _, p := range parts {
		e.keep(text, done, p.Start)
		if p.english == "-" || p.english == "" {
			e.text.WriteString(p.english)
		} else {
			hidden = append(hidden, p.english)
			e.text.WriteString(mark(len(hidden)))
		}
		done = p.End
	}
	e.keep(text, done, len(text))
	return e, hidden
}

// shown puts the hidden parts back into a translation, each once, and its alignment onto
// the text that they were hidden in. A part whose mark was lost stands at the end.
func shown(o marian.Output, source *edited, parts []string) marian.Output {
	if len(parts) == 0 && len(source.runs) == 1 && source.runs[0].from == source.runs[0].to {
		return o
	}
	e := &edited{}
	done := 0
	keep := func(end int) { // without brackets that are left of a broken mark
		for i, r := range o.Text[:end] {
			if i >= done && len(parts) > 0 && (r == '⟦' || r == '⟧') {
				e.keep(o.Text, done, i)
				done = i + len("⟦")
			}
		}
		e.keep(o.Text, done, end)
	}
	stands := make([]bool, len(parts))
	for _, at := range reMark.FindAllStringSubmatchIndex(o.Text, -1) {
		k, err := strconv.Atoi(o.Text[at[2]:at[3]])
		if err != nil || k < 1 || k > len(parts) {
			continue
		}
		keep(at[0])
		if part := parts[k-1]; !stands[k-1] {
			if strings.HasPrefix(o.Text[at[1]:], ".") { // at 2 p.m. ends the sentence
				part = strings.TrimSuffix(part, ".")
			}
			e.text.WriteString(part)
		}
		stands[k-1], done = true, at[1]
	}
	keep(len(o.Text))
	for k, there := range stands {
		if !there {
			e.text.WriteString(" " + parts[k])
		}
	}
	moved(&o, e)
	for i, l := range o.Alignment {
		o.Alignment[i].Source = marian.Span{Start: source.back(l.Source.Start), End: source.back(l.Source.End)}
	}
	o.Alignment = slices.DeleteFunc(o.Alignment, func(l marian.Link) bool { return l.Source.Start >= l.Source.End })
	return o
}
