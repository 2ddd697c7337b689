package check

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
)

// repeatable are words that English may set twice in a row.
var repeatable = []string{"that", "had", "very", "no", "yes", "so", "bye", "ha", "blah", "never", "again", "many", "really", "far", "more", "knock", "tut", "her", "is", "do", "in", "on", "to"}

// repeatedWord reports "the the".
func repeatedWord(t *text) {
	words := t.wordsOf(1)
	for i := 1; i < len(words); i++ {
		a, b := words[i-1], words[i]
		if a.text != b.text && (a.text != strings.ToLower(a.text) && !a.start || strings.ToLower(a.text) != b.text) {
			continue
		}
		low := strings.ToLower(b.text)
		if strings.TrimSpace(t.target[a.span.End:b.span.Start]) != "" || !lowerWord(low) || slices.Contains(repeatable, low) || capitalised(b.text) && !a.start || sourceDoubles(t) {
			continue
		}
		if i > 1 && strings.EqualFold(words[i-2].text, b.text) {
			continue // a loop
		}
		t.report(segment.Span{}, segment.Span{Start: a.span.Start, End: b.span.End}, a.text, "“%s” stands twice", b.text)
	}
}

// sourceDoubles reports a doubled word in the source other than "nous nous".
func sourceDoubles(t *text) bool {
	words := t.wordsOf(0)
	for i := 1; i < len(words); i++ {
		if a, b := strings.ToLower(words[i-1].text), strings.ToLower(words[i].text); a == b && a != "nous" && a != "vous" && a != "en" {
			return true
		}
	}
	return false
}

// loop reports words or groups of words that follow themselves: one word three
// times, two words three times, three or more twice.
func loop(t *text) {
	target := lowered(t.wordsOf(1))
	at, n, times := repetition(target)
	if times == 0 {
		if run := runOf(t.target); !run.Empty() && runOf(t.source).Empty() {
			t.report(segment.Span{}, run, "", "one character repeats itself")
		}
		return
	}
	if _, _, s := repetition(lowered(t.wordsOf(0))); s > 0 {
		return
	}
	words := t.wordsOf(1)
	span := segment.Span{Start: words[at].span.Start, End: words[at+n*times-1].span.End}
	t.report(segment.Span{}, span, words[at].span.Of(t.target), "“%s” repeats itself", strings.Join(target[at:at+n], " "))
	last := &t.findings[len(t.findings)-1]
	last.Suggestion = t.target[words[at].span.Start:words[at+n-1].span.End]
}

func lowered(ws []word) []string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = strings.ToLower(w.text)
	}
	return out
}

// repetition finds the first group of n words that follows itself.
func repetition(w []string) (at, n, times int) {
	for n := 1; n <= min(12, len(w)/2); n++ {
		need := 2
		if n < 3 {
			need = 3
		}
		for at := 0; at+n*need <= len(w); at++ {
			times := 1
			for at+n*(times+1) <= len(w) && slices.Equal(w[at:at+n], w[at+n*times:at+n*(times+1)]) {
				times++
			}
			if times >= need && (n > 3 || times > 2) && !digitsOnly(w[at:at+n]) {
				return at, n, times
			}
		}
	}
	return 0, 0, 0
}

func digitsOnly(w []string) bool {
	return !slices.ContainsFunc(w, func(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) >= 0 })
}

// runOf finds one letter or mark six times in a row.
func runOf(s string) segment.Span {
	var last rune
	start, n := 0, 0
	for i, r := range s {
		if r != last {
			last, start, n = r, i, 0
		}
		if n++; n == 6 && r != '.' && r != '-' && r != '_' && r != '*' && r != '=' && !unicode.IsDigit(r) && !unicode.IsSpace(r) {
			return segment.Span{Start: start, End: i + utf8.RuneLen(r)}
		}
	}
	return segment.Span{}
}

var (
	reEnd    = regexp.MustCompile(`[.!?…]+[»”"’')\]\x{a0}\x{202f}]*[ \x{a0}\x{202f}]+(?:[«“"‘'(\[—–-][ \x{a0}\x{202f}]*)?(?:[\p{Lu}\d])`)
	reAbbrev = regexp.MustCompile(`(?:^|[^\pL])(?:\p{Lu}|MM?|Mme|Mlle|Me|Mgr|St|Ste|Dr|Pr|Mr|Mrs|Ms|Prof|Gen|Col|Lt|Sgt|Gov|Sen|Rep|Rev|Jr|Sr|Inc|Ltd|Co|Corp|No|vs|etc|cf|p|art|vol|éd|ed|Jan|Feb|Aug|Sept|Oct|Nov|Dec|janv|févr|juil|oct|nov|déc|av|apr|env|approx|Mt|Ave|Blvd|Fig|U\.S|U\.K|a\.m|p\.m|D\.C|\d+)\.$`)
)

// sentences cuts a text at its full stops, well enough to count.
func sentences(s string) []string {
	var out []string
	start := 0
	for from := 0; ; {
		loc := reEnd.FindStringIndex(s[from:])
		if loc == nil {
			break
		}
		stop := from + loc[0] + 1
		_, last := utf8.DecodeLastRuneInString(s[:from+loc[1]])
		next := from + loc[1] - last
		from = next
		if s[stop-1] == '.' && reAbbrev.MatchString(s[max(0, stop-12):stop]) {
			continue
		}
		out = append(out, s[start:next])
		start = next
	}
	if strings.TrimSpace(s[start:]) != "" {
		out = append(out, s[start:])
	}
	return out
}

// sentenceLost reports a source sentence that nothing in a target with fewer
// sentences answers to: the target's length fits the source without it.
func sentenceLost(t *text) {
	source, target := sentences(t.source), sentences(t.target)
	if len(source) < 2 || len(target) >= len(source) {
		return
	}
	if span, ok := t.unanswered(source, 0); ok {
		t.report(span, segment.Span{}, "", "a sentence seems to be missing: %d in the source, %d in the translation", len(source), len(target))
	}
}

// sentenceAdded reports a target sentence that nothing in the source answers to.
func sentenceAdded(t *text) {
	source, target := sentences(t.source), sentences(t.target)
	if len(target) < 2 || len(target) <= len(source) {
		return
	}
	if span, ok := t.unanswered(target, 1); ok {
		t.report(segment.Span{}, span, "", "the translation has a sentence more: %d in the source, %d in the translation", len(source), len(target))
	}
}

// unanswered finds the sentence of one side (0 for the source) that has the
// least evidence in the other. Besides, the length must fit a text without that
// sentence better: English has 93 characters for 100 of French.
func (t *text) unanswered(sentences []string, side int) (segment.Span, bool) {
	mine, other, ratio := t.source, t.target, 1/0.93
	if side == 1 {
		mine, other, ratio = t.target, t.source, 0.93
	}
	length := float64(utf8.RuneCountInString(mine))
	have := float64(utf8.RuneCountInString(other)) * ratio
	at := 0
	for i, s := range sentences {
		span := segment.Span{Start: at, End: at + len(strings.TrimRight(s, " \u00a0"))}
		at += len(s)
		gone := float64(utf8.RuneCountInString(s))
		if have > length+0.4*gone || speaker(sentences, i) {
			continue
		}
		share, n := t.evidence(s, side)
		if have > length-0.2*gone && (share > 0 || n < 5) { // the rest is longer than expected: then nothing at all may speak for it
			continue
		}
		if have > length-0.6*gone && (share > 0 || n < 4) { // lengths vary: then nothing may speak for it
			continue
		}
		if share <= 0.25 && n >= 2 || n < 2 && share == 0 && have < length-0.85*gone {
			return span, true
		}
	}
	return segment.Span{}, false
}

// speaker reports whether a sentence only says who speaks, as minutes do:
// "on behalf of the group. – Mr President, …".
func speaker(sentences []string, i int) bool {
	end := strings.TrimRight(sentences[i], " \u00a0")
	if strings.HasSuffix(end, "-") || strings.HasSuffix(end, "–") || strings.HasSuffix(end, "—") {
		return true
	}
	return i+1 < len(sentences) && strings.ContainsRune("-–—", []rune(sentences[i+1])[0]) && len(end) < 60
}

// length compares the lengths in characters as Gale and Church (1993) do: the
// difference from the expected length in units of its standard deviation.
func length(t *text) {
	s, d := float64(utf8.RuneCountInString(t.source)), float64(utf8.RuneCountInString(t.target))
	if s < 12 && d < 25 {
		return
	}
	deviation := (d - 0.93*s) / math.Sqrt(max(s, 20)*3.2)
	switch {
	case d < 0.45*s && deviation < -2.1 || deviation < -5.6 && d < 0.56*s:
		t.report(segment.Span{End: len(t.source)}, segment.Span{End: len(t.target)}, "", "the translation is much shorter than the source (%.0f %%)", 100*d/s)
	case d > 1.75*s && deviation > 4.2:
		t.report(segment.Span{End: len(t.source)}, segment.Span{End: len(t.target)}, "", "the translation is much longer than the source (%.0f %%)", 100*d/s)
	}
}

// endMark compares what the two texts end with.
func endMark(t *text) {
	s, d := ending(t.source), ending(t.target)
	end := strings.TrimRight(t.target, "\u00a0 ")
	_, n := utf8.DecodeLastRuneInString(end)
	at := segment.Span{Start: len(end) - n, End: len(end)}
	switch {
	case s == d || item(t, s == '?' || d == '?'):
	case s == '?' && d == '.' && reIndirect.MatchString(t.target) || d == '?' && (s == 0 || s == '.' && reAsking.MatchString(t.source)):
		// a question in other words, or a heading without its mark
	case s == '?' || d == '?':
		t.report(segment.Span{}, at, "", "the source ends with “%s”, the translation with “%s”", name(s), name(d))
	case (s == '.' || s == '!') && (d == 0 || d == ','):
		t.report(segment.Span{}, at, "", "the full stop is lost")
	case s == ':' && d == '.':
		t.report(segment.Span{}, at, "", "the colon at the end is lost")
	case d == ':' || d == ',' && s != ';' && s != ':':
		t.report(segment.Span{}, at, "", "the translation ends with “%s”, the source with “%s”", name(d), name(s))
	}
}

// item reports whether the pair looks like an item of a list or a label, whose
// end marks languages set each in its own way: it begins in lower case, ends
// with a semicolon or, unless it asks, has only a few words.
func item(t *text, asks bool) bool {
	for side, text := range []string{t.source, t.target} {
		if !asks && len(t.wordsOf(side)) < 4 {
			return true
		}
		if r, _ := utf8.DecodeRuneInString(text); unicode.IsLower(r) || ending(text) == ';' {
			return true
		}
	}
	return false
}

var (
	// What makes a statement of a question and asks without a question mark.
	reIndirect = regexp.MustCompile(`(?i)\b(?:whether|question|ask(?:s|ed)?|wonder\w*|know|can i|may i|could (?:i|you)|let me|i would like)\b`)
	reAsking   = regexp.MustCompile(`(?i)\?|question|demand|savoir|est-ce|puis-je|pourquoi|comment|peut-être|voudrais|[-–](?:t-)?(?:il|elle|on|ils|elles|vous|nous|tu|ce)\b`)
)

func name(r rune) string {
	if r == 0 {
		return "no mark"
	}
	return string(r)
}

// ending is the last mark of a text, quotation marks and brackets left aside:
// one of . ! ? : ; , or 0.
func ending(s string) rune {
	s = strings.TrimRight(s, " \u00a0\u202f»”\"’')]“‘*_")
	r, _ := utf8.DecodeLastRuneInString(s)
	switch r {
	case '.', '!', '?', ':', ';', ',':
		return r
	case '…':
		return '.'
	}
	return 0
}

var (
	reSpaceBefore = regexp.MustCompile(`[\pL\d)»”"'’][ \x{a0}\x{202f}\x{2009}]+([;:!?,.»])(?:[\s\x{a0}»”"'’)]|$)|\d[ \x{a0}\x{202f}\x{2009}]+(%)`)
	reGap         = regexp.MustCompile(` [,.](?:\s|$)`)
	reNoSpace     = regexp.MustCompile(`(?:\p{Ll}{2}|[»”)])([,;:!?])\p{L}{2}|\p{Ll}{3}(\.)\p{Lu}\p{Ll}|\p{Ll}{2}([.!?,])“\pL`)
	reDoubled     = regexp.MustCompile(`([,;:])[,;:]|[^.](\.\.)(?:[^.]|$)|[!?](\.)(?:\s|$)`)
	reGuillemet   = regexp.MustCompile(`[«»]`)
)

// spacing reports what is not English: guillemets, spaces before marks, none
// after them, doubled marks.
func spacing(t *text) {
	if t.config.Keep {
		return
	}
	skip := addresses(t.target)
	for _, p := range []struct {
		re      *regexp.Regexp
		message string
	}{
		{reGuillemet, "guillemets are no English quotation marks"},
		{reSpaceBefore, "no space stands before this mark in English"},
		{reNoSpace, "a space is missing after this mark"},
		{reDoubled, "a mark stands twice"},
	} {
		for _, m := range p.re.FindAllStringSubmatchIndex(t.target, 3) {
			at := segment.Span{Start: m[0], End: m[1]}
			for g := 2; g+1 < len(m); g += 2 {
				if m[g] >= 0 {
					at = segment.Span{Start: m[g], End: m[g+1]}
				}
			}
			around := t.target[m[0]:m[1]]
			if mark := t.target[at.Start]; p.re == reSpaceBefore && (mark == ',' || mark == '.') && reGap.MatchString(t.source) {
				continue // something was taken out of both texts
			}
			if within(skip, at.Start) || p.re != reGuillemet && p.re != reSpaceBefore && (strings.Contains(t.source, around) || p.re.MatchString(t.source)) {
				continue
			}
			t.report(segment.Span{}, at, "", "%s", p.message)
			break
		}
	}
}
