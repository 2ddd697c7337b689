package glossary

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What stands between two names of one thing, in French.
const (
	gap     = `[\s\x{a0}\x{202f}]`
	quotes  = `(?:` + gap + `*["«»“”„‟]` + gap + `*)?`
	apos    = `['’\x{2bc}]`
	article = `(?:(?:[ld]|de l|à l)` + apos + `|(?:le|la|les|de|du|des|de la)` + gap + `+)?`
	acronym = `(?:acronyme|sigle|nom|abréviation)(?:` + gap + `(?:en` + gap + `)?(?:arabe|anglais|français|complet|officiel))?`
	called  = `(?:ou(?:` + gap + `(?:encore|bien|plutôt))?|alias|dite?s?|soit|autrement dit|c` + apos + `est-à-dire|ex|ancien(?:ne)?(?:ment)?` +
		`|(?:aussi|également|encore|parfois)` + gap + `(?:appelée?s?|nommée?s?|dite?s?|connue?s?)(?:` + gap + `sous` + gap + `(?:le nom|l` + apos + `acronyme|le sigle)(?:` + gap + `arabe)?)?` +
		`|connue?s?` + gap + `sous` + gap + `(?:le nom|l` + apos + `acronyme|le sigle)(?:` + gap + `arabe)?` +
		`|(?:autre` + gap + `nom|` + acronym + `))`
	lead   = `(?:` + called + `(?:` + gap + `+|-)(?:(?:de|du|pour)` + gap + `+|d` + apos + `)?)`
	remark = `(?:[,\s\x{a0}]+(?:en` + gap + `(?:arabe|anglais|français)|(?:selon|d` + apos + `après|de)` + gap + `(?:son|leur|l` + apos + `)` + gap + `?` + acronym + `|(?:son` + gap + `|l` + apos + `)?` + acronym + `))?`
)

var (
	openParen   = regexp.MustCompile(`(?i)^` + quotes + gap + `*[(\[]` + gap + `*` + lead + `?` + article + quotes + `$`)
	insideParen = regexp.MustCompile(`(?i)^` + quotes + remark + gap + `*(?:[,/;-]|ou|et)?` + gap + `*` + lead + `?` + article + quotes + `$`)
	closeParen  = regexp.MustCompile(`(?i)^` + quotes + remark + gap + `*[)\]]`)
	goesOn      = regexp.MustCompile(`^` + quotes + gap + `*[,;]` + gap + `*`)
	byComma     = regexp.MustCompile(`(?i)^` + quotes + gap + `*,` + gap + `*` + lead + article + quotes + `$`)
	byWord      = regexp.MustCompile(`(?i)^` + quotes + gap + `+` + lead + article + quotes + `$`)
	bySlash     = regexp.MustCompile(`(?i)^` + quotes + gap + `?[/–—-]` + gap + `?` + article + quotes + `$`)
	bySpace     = regexp.MustCompile(`^` + gap + `+$`)
	bareComma   = regexp.MustCompile(`(?i)^` + quotes + gap + `*,` + gap + `*(?:l` + apos + `|(?:le|la|les)` + gap + `+)?` + quotes + `$`)
	commaAfter  = regexp.MustCompile(`(?i)^` + quotes + remark + gap + `*,`)
	dashAround  = regexp.MustCompile(`^` + quotes + gap + `+[–—-]` + gap)
	quoteAfter  = regexp.MustCompile(`^` + gap + `*["»”]`)
)

// collapse lets names of one thing fall together that stand in apposition:
// "Daesh (EI)", "Daesh, ou EI,", "EI/Daesh". The first one's Whole then covers
// them all, so that source and target are counted alike.
func collapse(text string, list []Match) []Match {
	out := list[:0]
	for i := 0; i < len(list); {
		m := list[i]
		i++
		for i < len(list) && m.tail == "" && list[i].Span.Start-m.Whole.End < 100 && m.sameThing(&list[i]) {
			n := m.join(text, list[i:])
			if n == 0 {
				break
			}
			i += n
		}
		out = append(out, m)
	}
	return out
}

func (m *Match) sameThing(o *Match) bool {
	return !m.Term.Keep && !o.Term.Keep && m.Term.POS != "verb" && m.Term.POS != "adjective" &&
		(m.Term == o.Term || m.entry.group == o.entry.group)
}

// otherName reports whether two matches are different names: "l'EI, Daesh,"
// but not "Daesh, Daesh".
func (m *Match) otherName(text string, o *Match) bool {
	return fold(m.Span.Of(text)) != fold(o.Span.Of(text))
}

// join takes the following matches into m as far as they stand in apposition
// to it, and says how many.
func (m *Match) join(text string, next []Match) int {
	between := text[m.Whole.End:next[0].Span.Start]
	after := text[next[0].Span.End:]
	switch marks := strings.ContainsAny(between, "([,/–—-"); {
	case !marks && bySpace.MatchString(between) && m.otherName(text, &next[0]), !marks && byWord.MatchString(between):
		m.swallow(text, next[0].Span.End+m.closingQuote(text, between, after))
	case !marks: // as between most names
		return 0
	case openParen.MatchString(between):
		n := 1
		end := next[0].Span.End
		for n < len(next) && m.sameThing(&next[n]) && insideParen.MatchString(text[end:next[n].Span.Start]) {
			end = next[n].Span.End
			n++
		}
		if s := closeParen.FindString(text[end:]); s != "" {
			m.swallow(text, end+len(s))
			return n
		}
		if s := goesOn.FindString(text[end:]); s != "" && strings.Contains(text[end:], ")") {
			m.swallow(text, end+len(s))
			m.tail += " ("
			return n
		}
		return 0
	case byComma.MatchString(between):
		m.swallow(text, next[0].Span.End+len(commaAfter.FindString(after)))
	case dashAround.MatchString(between) && bySlash.MatchString(between) && dashAround.MatchString(after):
		m.swallow(text, next[0].Span.End+len(strings.TrimRightFunc(dashAround.FindString(after), unicode.IsSpace)))
	case byWord.MatchString(between), bySlash.MatchString(between):
		m.swallow(text, next[0].Span.End+m.closingQuote(text, between, after))
	case bareComma.MatchString(between) && m.otherName(text, &next[0]):
		end := next[0].Span.End
		if s := commaAfter.FindString(after); s != "" && verbFollows(after[len(s):]) {
			end += len(s)
		}
		m.swallow(text, end)
	default:
		return 0
	}
	return 1
}

// closingQuote is the length of a closing mark after the second name whose
// opening one lies between the two.
func (m *Match) closingQuote(text, between, after string) int {
	if q := strings.TrimRightFunc(between, unicode.IsSpace); q != "" && strings.ContainsAny(q[max(0, len(q)-3):], "\"«“") {
		return len(quoteAfter.FindString(after))
	}
	return 0
}

// swallow extends Whole to end. A closing quotation mark that goes down with
// it takes its opening one along, or is put back behind the term.
func (m *Match) swallow(text string, end int) {
	gone := text[m.Whole.End:end]
	m.Whole.End = end
	opens := strings.Count(gone, "«") + strings.Count(gone, "“")
	closes := strings.Count(gone, "»") + strings.Count(gone, "”")
	straight := strings.Count(gone, `"`)
	if closes <= opens && straight%2 == 0 {
		return
	}
	lead := strings.TrimRightFunc(m.lead, unicode.IsSpace)
	for _, mark := range []string{"«", "“", `"`} {
		if rest, ok := strings.CutSuffix(lead, mark); ok && (mark == `"`) == (straight%2 == 1) {
			m.lead = rest
			return
		}
	}
	before := strings.TrimRightFunc(text[:m.Whole.Start], unicode.IsSpace)
	r, n := utf8.DecodeLastRuneInString(before)
	switch {
	case closes > opens && (r == '«' || r == '“'), straight%2 == 1 && r == '"':
		m.Whole.Start = len(before) - n
		m.elisionBefore(text)
	case closes > opens && strings.Contains(gone, "»"):
		m.tail = " »"
	case closes > opens:
		m.tail = "”"
	default:
		m.tail = `"`
	}
}

// elisionBefore takes an article before a swallowed opening quotation mark.
func (m *Match) elisionBefore(text string) {
	low := strings.ToLower(strings.ReplaceAll(text[:m.Whole.Start], "’", "'"))
	if !m.entry.bare || len(low) != len(strings.ReplaceAll(text[:m.Whole.Start], "’", "'")) {
		return
	}
	for _, a := range []struct{ french, lead string }{{"l'", ""}, {"d'", "de "}, {"le ", ""}, {"la ", ""}, {"du ", "de "}, {"au ", "à "}} {
		if head, ok := strings.CutSuffix(low, a.french); ok && (head == "" || !wordEnds(head)) {
			cut := len(a.french)
			if strings.HasSuffix(text[:m.Whole.Start], "’") {
				cut += len("’") - 1
			}
			m.Whole.Start -= cut
			m.lead = a.lead
			return
		}
	}
}

func wordEnds(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return wordRune(r)
}

// verbFollows reports whether a finite verb or a relative clause follows.
func verbFollows(s string) bool {
	f := strings.Fields(strings.ToLower(s))
	if len(f) == 0 {
		return true
	}
	w := strings.Trim(f[0], ".,;:!?")
	switch {
	case w == "":
		return true
	case strings.HasPrefix(w, "n'"), strings.HasPrefix(w, "n’"), strings.HasPrefix(w, "s'"), strings.HasPrefix(w, "s’"):
		return true
	}
	switch w {
	case "a", "ont", "avait", "avaient", "est", "sont", "était", "étaient", "sera", "seront", "aura", "auront", "qui", "dont", "que", "où",
		"ne", "se", "peut", "doit", "contrôle", "revendique", "menace", "fait", "va", "vont", "n", "y", "en":
		return true
	}
	return false
}
