package glossary

import (
	"regexp"
	"strings"
)

// mirrorCut says what goes with the second name and what stays in its place.
type mirrorCut struct {
	skip int
	put  string
}

const enLead = `(?:(?:or|aka|a\.k\.a\.|alias|also called|also known as|known as|otherwise known as|formerly|so-called|the acronym|acronym of|i\.e\.|that is)\s+)`

var (
	enOpen   = regexp.MustCompile(`(?i)^["”“’]?\s*[(\[]\s*` + enLead + `?(?:the\s+)?["“‘]?$`)
	enClose  = regexp.MustCompile(`(?i)^["”’]?(?:[,\s]+(?:in (?:its )?(?:Arabic|English|French)(?: acronym)?|(?:its )?(?:Arabic|English|French) acronym|by its (?:Arabic|English|French) acronym))?\s*[)\]]`)
	enMore   = regexp.MustCompile(`^["”’]?\s*[,;]\s*`)
	enComma  = regexp.MustCompile(`(?i)^["”’]?\s*,\s*` + enLead + `(?:the\s+)?["“‘]?$`)
	enWord   = regexp.MustCompile(`(?i)^\s+` + enLead + `(?:the\s+)?$`)
	enSlash  = regexp.MustCompile(`^\s?[/–—-]\s?$`)
	enDash   = regexp.MustCompile(`^\s[–—-]\s`)
	enSpace  = regexp.MustCompile(`^\s+$`)
	enCommaB = regexp.MustCompile(`^["”’]?\s*,`)
)

// mirror reports whether what stands between two equal names, and behind the
// second one, is an apposition.
func mirror(between, after string) (mirrorCut, bool) {
	switch {
	case enOpen.MatchString(between):
		quoted := strings.ContainsAny(between[:1], `"`) || strings.HasPrefix(between, "”")
		put := ""
		if quoted {
			put = strings.TrimRight(between[:len(between)-len(strings.TrimLeft(between, `"”`))], " ")
		}
		if s := enClose.FindString(after); s != "" {
			return mirrorCut{len(s), put}, true
		}
		if s := enMore.FindString(after); s != "" && strings.Contains(after, ")") {
			return mirrorCut{len(s), put + " ("}, true
		}
	case enComma.MatchString(between):
		return mirrorCut{len(enCommaB.FindString(after)), ""}, true
	case enDash.MatchString(between) && enSlash.MatchString(between) && enDash.MatchString(after):
		return mirrorCut{len(enDash.FindString(after)) - 1, ""}, true
	case enWord.MatchString(between), enSlash.MatchString(between), enSpace.MatchString(between):
		return mirrorCut{}, true
	}
	return mirrorCut{}, false
}
