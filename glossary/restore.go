package glossary

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
)

// Link aligns a span of the text that a backend got with one of its answer.
type Link struct{ Source, Target segment.Span }

// Restore puts the terms into the backend's answer. It copes with placeholders
// that changed their case or spacing, were doubled, inflected or dropped and
// with an engine that wrote a forbidden form or left the source's own: these
// are repaired, and reported as such. Whatever happens, no placeholder is left
// in the target. What is still missing then, Check reports. The problems'
// Target spans lie in the returned target.
func (p *Protected) Restore(answer string) (string, []Problem) {
	return p.RestoreAligned(answer, nil)
}

// RestoreAligned is Restore with the backend's word alignment between
// Protected.Text and the answer: a term that is in the answer in no form is
// put where its words are aligned to.
func (p *Protected) RestoreAligned(answer string, links []Link) (string, []Problem) {
	var problems []Problem
	if len(links) > 0 {
		answer = p.place(answer, links)
	}
	target, lost := p.decode(answer)
	target, repaired := p.glossary.Repair(target, p.matches)
	problems = append(problems, repaired...)
	for _, l := range lost {
		problems = append(problems, Problem{Rule: RuleLost, Message: l})
	}
	return target, problems
}

func markupOpen(i int) string { return `<x id="` + strconv.Itoa(i+1) + `">` }

const (
	tagOpen  = `(?:<|&lt;)\s*`
	tagClose = `\s*(?:>|&gt;)`
	tagID    = `x\s+id\s*=\s*(?:["“”«»'’]|&quot;|\s)*(\d+)(?:["“”«»'’]|&quot;|\s)*`
)

var (
	markup   = regexp.MustCompile(`(?i)` + tagOpen + tagID + tagClose + `([^<]*?)` + tagOpen + `/\s*x` + tagClose)
	strayTag = regexp.MustCompile(`(?i)` + tagOpen + `(?:/?\s*x|` + tagID + `)\s*/?` + tagClose)
)

// decode puts the terms in place of their placeholders.
func (p *Protected) decode(answer string) (string, []string) {
	var lost []string
	if slices.ContainsFunc(p.slots, func(s slot) bool { return s.how == StrategyMarkup }) {
		answer = markup.ReplaceAllStringFunc(answer, func(s string) string {
			f := markup.FindStringSubmatch(s)
			n, err := strconv.Atoi(f[1])
			if err != nil || n < 1 || n > len(p.matches) {
				return f[2]
			}
			return p.matches[n-1].Target
		})
		if strayTag.MatchString(answer) {
			lost = append(lost, "a tag of a term came back broken and was removed")
			answer = strayTag.ReplaceAllString(answer, "")
		}
	}
	if !slices.ContainsFunc(p.slots, func(s slot) bool { return s.how == StrategyCode }) {
		return answer, lost
	}
	found := p.code.find(answer)
	open := p.open(found)
	var edits []edit
	shouting := allCaps(p.source) && allCaps(answer) // a headline in capitals
	last := -1
	lastEnd := 0
	for _, f := range found {
		if f.n < 0 || f.n >= len(p.slots) || p.slots[f.n].how != StrategyCode {
			// No number of ours: it stands for a term that lacks its placeholder, if there is just one.
			if len(open) == 1 {
				f.n = open[0]
				open = nil
			} else {
				lost = append(lost, fmt.Sprintf("the placeholder %q belongs to no term and was removed", answer[f.start:f.end]))
				edits = append(edits, edit{spaceBefore(answer, f.start), f.end, ""})
				continue
			}
		}
		if f.n == last && strings.Trim(answer[lastEnd:f.start], " \u00a0\t,-") == "" {
			edits = append(edits, edit{lastEnd, f.end, ""}) // said twice
			lastEnd = f.end
			continue
		}
		m := &p.matches[f.n]
		form := m.Target
		if f.plural && !m.Term.Keep && !m.entry.bare && Plural(form) != form && m.Term.POS != "proper" {
			form = Plural(form)
		}
		switch {
		case shouting:
			form = strings.ToUpper(form)
		case atSentenceStart(answer, f.start):
			form = capitalize(form)
		}
		before, after := "", ""
		if wordEnds(answer[:f.start]) {
			before = " "
		}
		if wordStarts(answer[f.end:]) {
			after = " "
		}
		edits = append(edits, edit{f.start, f.end, before + form + after})
		last, lastEnd = f.n, f.end
	}
	return apply(answer, edits), lost
}

// open gives the matches with a placeholder that is not among those found.
func (p *Protected) open(found []foundCode) []int {
	var list []int
	for i, s := range p.slots {
		if s.how == StrategyCode && !slices.ContainsFunc(found, func(f foundCode) bool { return f.n == i }) {
			list = append(list, i)
		}
	}
	return list
}

func spaceBefore(s string, i int) int {
	for i > 0 && s[i-1] == ' ' {
		i--
	}
	return i
}

// foundCode is something in an answer that was a placeholder.
type foundCode struct {
	start, end int
	n          int // -1: unknown
	plural     bool
}

// find looks for placeholders in any case, also with spaces or marks between
// their letters, and for what is left of one.
func (c code) find(answer string) []foundCode {
	if !strings.Contains(strings.ToLower(squeeze(answer)), strings.ToLower(c.prefix)) {
		return nil
	}
	const sep = `[\s\x{a0}\x{202f}\x{ad}\x{200b}._*-]`
	body := ""
	for _, r := range c.prefix {
		body += string(r) + sep + `*`
	}
	letters := `([A-Z])`
	for k := 1; k < c.width; k++ {
		letters += sep + `*([A-Z])`
	}
	// One alternative per shape: tight anywhere, even inside a word; loose only as a word of its own; the prefix alone.
	re := regexp.MustCompile(`(?i)` + c.prefix + strings.Repeat(`[A-Z]`, c.width) + `|` + body + letters + `|` + c.prefix)
	var list []foundCode
	for at := 0; at < len(answer); {
		loc := re.FindStringIndex(answer[at:])
		if loc == nil {
			break
		}
		f := foundCode{start: at + loc[0], end: at + loc[1], n: -1}
		text := answer[f.start:f.end]
		tight := squeeze(text)
		if len(text) != len(tight) && (wordEnds(answer[:f.start]) || wordStarts(answer[f.end:]) && !pluralEnd(answer[f.end:])) {
			// "Malcolm X. Qatar": only looks like one. The prefix alone is still ours.
			if !strings.EqualFold(text[:min(len(text), len(c.prefix))], c.prefix) {
				_, n := utf8.DecodeRuneInString(answer[f.start:])
				at = f.start + n
				continue
			}
			f.end = f.start + len(c.prefix)
			tight = c.prefix
		}
		if id := tight[min(len(tight), len(c.prefix)):]; len(id) == c.width {
			f.n = c.number(id)
		}
		if pluralEnd(answer[f.end:]) {
			f.plural = true
			f.end++
		}
		list = append(list, f)
		at = f.end
	}
	return list
}

// pluralEnd reports whether s goes on with an "s" that ends a word.
func pluralEnd(s string) bool {
	return s != "" && (s[0] == 's' || s[0] == 'S') && !wordStarts(s[1:])
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

func atSentenceStart(s string, i int) bool {
	before := strings.TrimRight(s[:i], " \u00a0\u202f\"“«‘'([")
	if before == "" {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	return (r == '.' || r == '!' || r == '?') && len(before) < i
}

func capitalize(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if strings.ContainsFunc(s[n:], unicode.IsUpper) && !strings.Contains(s, " ") {
		return s // iPhone
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// place puts terms whose placeholder or form is nowhere in the answer at the
// words that the placeholder is aligned to, if nothing else claims them.
func (p *Protected) place(answer string, links []Link) string {
	t := newTarget(answer)
	occs := t.occurrences(entriesOf(p.matches))
	places := assign(p.matches, occs)
	var taken []segment.Span
	for _, o := range occs {
		taken = append(taken, o.span)
	}
	for _, f := range p.code.find(answer) {
		taken = append(taken, segment.Span{Start: f.start, End: f.end})
		if f.n >= 0 && f.n < len(places) && p.slots[f.n].how == StrategyCode {
			places[f.n] = 0
		}
	}
	var edits []edit
	for i := range p.matches {
		if places[i] >= 0 {
			continue
		}
		hull, ok := hull(links, p.slots[i].span, len(answer))
		if !ok || slices.ContainsFunc(taken, func(s segment.Span) bool { return s.Start < hull.End && hull.Start < s.End }) {
			continue
		}
		if slices.ContainsFunc(occs, func(o occurrence) bool { return o.kind > loose && o.entry == p.matches[i].entry }) {
			continue // a wrong form of it stands there: the repair takes that
		}
		taken = append(taken, hull)
		edits = append(edits, edit{hull.Start, hull.End, p.matches[i].Target})
	}
	return apply(answer, edits)
}

// hull is the part of the target that the source span is aligned to, if no
// word of another source span lies in it.
func hull(links []Link, source segment.Span, limit int) (segment.Span, bool) {
	h := segment.Span{Start: -1}
	inside := func(l Link) bool { return l.Source.Start < source.End && source.Start < l.Source.End }
	for _, l := range links {
		if l.Target.Empty() || l.Target.Start < 0 || l.Target.End > limit || !inside(l) {
			continue
		}
		if h.Start < 0 {
			h = l.Target
		}
		h.Start, h.End = min(h.Start, l.Target.Start), max(h.End, l.Target.End)
	}
	if h.Start < 0 {
		return h, false
	}
	for _, l := range links {
		if !inside(l) && l.Target.Start < h.End && h.Start < l.Target.End {
			return h, false
		}
	}
	return h, true
}
