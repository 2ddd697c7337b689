package typography

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
	"depeche/translate/quantity"
)

// Literal is a part of a French text whose English form is a matter of rule.
type Literal struct {
	Span    segment.Span
	English string
}

var (
	reCopied   = regexp.MustCompile(`https?://[^\s»”"<>]+|www\.[^\s»”"<>]+|[\pL\d][\pL\d._+-]*@[\pL\d-]+\.[\pL\d.-]+[\pL\d]|[@#][\pL_][\pL\d_]*`)
	reSlug     = regexp.MustCompile(`^\p{Lu}[\pL\d.]*(?:-[\pL\d.]+){2,}$`)
	reScore    = regexp.MustCompile(`\d+(?:[-–/]\d+)+`)
	reName     = regexp.MustCompile(`\p{Lu}\pL*-\d+|(?:\p{Lu}+\d+)+\p{Lu}*|\d+[A-Z]{1,3}`) // F-16, Covid-19, M23, H5N1, 4G
	reInitials = regexp.MustCompile(`(?:\pL\.){2,}|[A-LN-ZÉ]\.(?:-[A-ZÉ]\.)?`)
	reFirst    = regexp.MustCompile(`\p{Lu}[\pL’'-]*\p{Ll} $`)
	reExtra    = regexp.MustCompile(`(\d+)(?:re|e|ème)?\+(\d+)`)
	reMinister = regexp.MustCompile(`^[ \x{a0}\x{202f}](?i:ministre|secrétaire|cercle)`)
	reZone     = regexp.MustCompile(`^[ \x{a0}\x{202f}(]{1,2}(?:GMT|UTC|CET|CEST|(?i:heures?|locales?)\b)`)
	reOf       = regexp.MustCompile(`^[ \x{a0}\x{202f}]d(?:e[ \x{a0}\x{202f}]|['’])`)
	reAt       = regexp.MustCompile(`(?:^|[^\pL'’-])(de \d{1,2}[ \x{a0}\x{202f}]?[hH]\d* )?((?:A|À|à|(?:D|d)e)[ \x{a0}\x{202f}])$`)
	reHalf     = regexp.MustCompile(`^[ \x{a0}](?:du matin|de l['’]après-midi|du soir)\b`)
	reOfScale  = regexp.MustCompile(`^[ \x{a0}\x{202f}]d(?:e\b|['’])`) // million de, millions d'
	reDegrees  = regexp.MustCompile(`^[ \x{a0}\x{202f}]?°(?:[ \x{a0}\x{202f}]?([CFNSEOW])\b)?`)
	reSigned   = regexp.MustCompile(`(?:^|[ \x{a0}\x{202f}(])[+\x{2212}-]$`)
	reUntil    = regexp.MustCompile(`^[ \x{a0}\x{202f}](?:à|-|–)[ \x{a0}\x{202f}]\d{1,2}[ \x{a0}\x{202f}]?(?:[hH]|heures)`)
)

var (
	// reWithin stands before minutes that belong to an hour or to a degree.
	reWithin = regexp.MustCompile(`(?:\d[ \x{a0}\x{202f}]?h(?:eures?)?[ \x{a0}\x{202f}]?|°)$`)
	reArea   = regexp.MustCompile(`^[ \x{a0}\x{202f}]?(ha|m²|m2)(?:[^\pL\d]|$)`)
	areas    = map[string]string{"ha": " hectares", "m²": " square meters", "m2": " square meters"}
	reDomain = regexp.MustCompile(`(?:^|[^\pL\d@./-])([a-z\d][a-z\d-]*(?:\.[a-z\d-]+)*\.(?:fr|com|org|net|info|uk)(?:/[^\s»”"<>]*)?)(?:[^\pL\d-]|$)`)
)

// reHoliday is a date that has become a name: le 11-Septembre, le 14-Juillet.
var reHoliday = regexp.MustCompile(`(\d{1,2})(?:er)?-(\pL{3,9})`)

var frenchMonths = []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}

// literalRules give the English form of the first group.
var literalRules = []struct {
	re      *regexp.Regexp
	english string
}{
	{regexp.MustCompile(`\p{Lu}[\pL’'.-]*[,(] ?((\d{1,3})[ \x{a0}\x{202f}]ans)(?:[,.;)]|$)`), "$2"}, // Karim, 34 ans,
	{regexp.MustCompile(`((?i:n)[°ºᵒ][ \x{a0}\x{202f}]?(\d{2}-\d{2}\.\d{3}))\b`), "No. $2"},
	{regexp.MustCompile(`((?i:n)[°ºᵒ][ \x{a0}\x{202f}]?(\d+))`), "No. $2"},
	{regexp.MustCompile(`(pp?\.)[ \x{a0}\x{202f}]?\d`), "$1"},
	{regexp.MustCompile(`(?i:pourvoi|affaire|dossier|arrêt|requête|RG) (\d{2}-\d{2}\.\d{3})\b`), "$1"},
	{regexp.MustCompile(`((\d+)[ \x{a0}\x{202f}]?(?:min|mn|minutes)[ \x{a0}\x{202f}]?(\d\d)(?:[ \x{a0}\x{202f}]?s(?:ec)?\b)?)(?:[^\d\pL]|$)`), "$2 minutes $3 seconds"},
	{regexp.MustCompile(`(1[ \x{a0}\x{202f}]?(?:min|mn)\b)`), "1 minute"},
	{regexp.MustCompile(`(\d+[ \x{a0}](?:bis|ter)\b)`), "$1"},
	{regexp.MustCompile(`(?:^|[\pL,;:.] )(Me) (?:[A-SU-ZÀ-Ý]|T[a-np-zà-ÿ])\pL`), "lawyer"},
	{regexp.MustCompile(`((\d+)[ \x{a0}\x{202f}]?(?:min|mn)\b)`), "$2 minutes"},
	{regexp.MustCompile(`((\d{1,2})['’′](\d\d)(?:"|″|''|’’)(\d{1,3}))\b`), "$2:$3.$4"},
	{regexp.MustCompile(`((\d{1,2})['’′](\d\d)(?:"|″|''|’’)?)(?:[^\d\pL]|$)`), "$2:$3"},
	{regexp.MustCompile(`((\d{1,2})(?:''|’’|"|″)(\d{1,3}))\b`), "$2.$3"},
	{regexp.MustCompile(`(24[ \x{a0}]?h(?:eures)?(?:[ \x{a0}]?/[ \x{a0}]?| sur )24)`), "24 hours a day"},
	{regexp.MustCompile(`((?:7|sept)[ \x{a0}]?j(?:ours)?(?:[ \x{a0}]?/[ \x{a0}]?| sur )(?:7|sept))`), "7 days a week"},
}

// Literals gives the parts of a French text whose English form is a matter of
// rule, in order and apart from each other: times (14h30), ordinals in digits,
// amounts (2,8 Md€, 240.000), scores and ranges (3-2, 2015-2016), names
// with digits (F-16, M23), initials, addresses and handles, dates in figures, dockets, areas, lawyers' titles; and the whole of a
// slug (FOOT-LIGUE1-OM-PSG). An engine that learned words from text is better
// not asked for them.
func Literals(source string) []Literal {
	if reSlug.MatchString(source) {
		return []Literal{{segment.Span{End: len(source)}, source}}
	}
	var list []Literal
	put := func(start, end int, english string) {
		l := Literal{segment.Span{Start: start, End: end}, english}
		if !slices.ContainsFunc(list, func(o Literal) bool { return o.Span.Start < end && start < o.Span.End }) {
			list = append(list, l)
		}
	}
	for _, a := range Addresses(source) {
		put(a.Start, a.End, a.Of(source))
	}
	if !strings.ContainsAny(source, "0123456789.") && !strings.Contains(source, "Me") {
		return list
	}
	for _, m := range reExtra.FindAllStringSubmatchIndex(source, -1) {
		if whole(source, m[0], m[1]) {
			put(m[0], m[1], source[m[2]:m[3]]+"+"+source[m[4]:m[5]])
		}
	}
	for _, rule := range literalRules {
		for _, m := range rule.re.FindAllStringSubmatchIndex(source, -1) {
			if start, end := m[2], m[3]; whole(source, start, end) && !reWithin.MatchString(source[:start]) {
				put(start, end, string(rule.re.ExpandString(nil, rule.english, source, m)))
			}
		}
	}
	for _, m := range reHoliday.FindAllStringSubmatchIndex(source, -1) {
		if n := slices.Index(frenchMonths, strings.ToLower(source[m[4]:m[5]])); n >= 0 && whole(source, m[0], m[1]) {
			span, english := dated(source, segment.Span{Start: m[0], End: m[1]}, "", fullMonths[n+1]+" "+source[m[2]:m[3]])
			put(span.Start, span.End, english)
		}
	}
	for _, q := range quantity.Find(source, quantity.French) {
		if span, english := literal(source, q); english != "" {
			put(span.Start, span.End, english)
		}
	}
	for _, re := range []*regexp.Regexp{reName, reScore, reInitials} {
		for _, m := range re.FindAllStringIndex(source, -1) {
			if !whole(source, m[0], m[1]) {
				continue
			}
			if re == reInitials {
				if !initials(source, m[0], m[1]) {
					continue
				}
				first := reFirst.FindString(source[:m[0]])
				if before := source[:m[0]-len(first)]; strings.HasSuffix(before, " ") && !strings.HasSuffix(before, ". ") && !strings.HasSuffix(before, "« ") {
					m[0] = len(before) // the first name stays beside it
				}
			}
			put(m[0], m[1], source[m[0]:m[1]])
		}
	}
	slices.SortFunc(list, func(a, b Literal) int { return a.Span.Start - b.Span.Start })
	return list
}

// Addresses gives the links, mail addresses, handles and hashtags of a text.
func Addresses(source string) []segment.Span {
	var list []segment.Span
	for _, m := range reCopied.FindAllStringIndex(source, -1) {
		list = append(list, segment.Span{Start: m[0], End: m[0] + len(strings.TrimRight(source[m[0]:m[1]], ".,;:!?"))})
	}
	for _, m := range reDomain.FindAllStringSubmatchIndex(source, -1) {
		span := segment.Span{Start: m[2], End: m[2] + len(strings.TrimRight(source[m[2]:m[3]], ".,;:!?"))}
		if !slices.ContainsFunc(list, func(o segment.Span) bool { return o.Start < span.End && span.Start < o.End }) {
			list = append(list, span)
		}
	}
	return list
}

// whole reports whether no letter, digit, hyphen or decimal stands at the ends
// of a part of the text.
func whole(s string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:start])
	after, n := utf8.DecodeRuneInString(s[end:])
	beyond, _ := utf8.DecodeRuneInString(s[end+n:])
	return !joins(before) && !joins(after) && (after != '.' && after != ',' && after != '+' || !unicode.IsDigit(beyond)) && before != '.' && before != ',' && before != '+'
}

func joins(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' || r == '@' || r == '/'
}

// initials reports whether a letter with its full stop is part of a name ("Karim
// B., 34 ans", "J. Dupont") or of an abbreviation ("s.p."), rather than the
// last of a sentence.
func initials(s string, start, end int) bool {
	if strings.Count(s[start:end], ".") > 1 {
		return true
	}
	tail := s[end:]
	if strings.HasPrefix(tail, ",") {
		return true
	}
	rest := strings.TrimLeft(tail, " \u00a0\u202f")
	r, _ := utf8.DecodeRuneInString(rest)
	before, _ := utf8.DecodeLastRuneInString(s[:start])
	return rest != tail && (unicode.IsUpper(r) || unicode.IsLower(r) && unicode.IsSpace(before))
}

// literal gives the English form of a quantity, and the part of the text that
// it stands for; "" where the engine knows better.
func literal(source string, q quantity.Token) (segment.Span, string) {
	text, tail := q.Span.Of(source), source[q.Span.End:]
	switch {
	case q.Kind == quantity.Time && q.Hour <= 24 && strings.ContainsAny(text, "hH"):
		return timeLiteral(source, q)
	case q.Kind == quantity.Ordinal && isDigit(text[0]):
		if q.Values[0] == "1" && reMinister.MatchString(tail) {
			return q.Span, ""
		}
		return q.Span, englishForm(source, q)
	case q.Kind == quantity.Number && q.Digits:
		return numberLiteral(source, q)
	case q.Kind == quantity.Date && q.Year > 99 && q.Day > 0 && q.Month > 0 && isDigit(text[0]) && strings.ContainsAny(text, "./"):
		return dated(source, q.Span, "on ", fullMonths[q.Month]+" "+strconv.Itoa(q.Day)+", "+strconv.Itoa(q.Year))
	}
	return q.Span, ""
}

var reDatedBefore = regexp.MustCompile(`(?:^|[ \x{a0}(«])([Ll]e )$`)

// reSince are words behind which a date has no preposition of its own.
var reSince = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:depuis|dès|avant|après|et|ou|entre|pour|vers|que|sur|jusqu['’]à?|d['’]ici) $`)

// dated takes the article along, which English has not: le 5.11.2024, on November 5, 2024.
func dated(source string, span segment.Span, on, english string) (segment.Span, string) {
	m := reDatedBefore.FindStringSubmatch(source[:span.Start])
	if m == nil {
		return span, english
	}
	span.Start -= len(m[1])
	if reSince.MatchString(source[:span.Start]) {
		return span, english
	}
	return span, on + english
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// timeLiteral takes the preposition along: "à 14h30", at 2:30 p.m.
func timeLiteral(source string, q quantity.Token) (segment.Span, string) {
	span, tail := q.Span, source[q.Span.End:]
	from := strings.HasSuffix(strings.TrimRightFunc(source[:span.Start], quantity.Space), "de") && reUntil.MatchString(tail)
	if !from && !clockTime(source, q) {
		if strings.Contains(span.Of(source), "heure") {
			return span, ""
		}
		return span, duration(q.Hour, q.Minute)
	}
	half := reHalf.FindString(tail) // a.m. and p.m. say it
	hour := q.Hour
	if hour < 12 && half != "" && !strings.HasSuffix(half, "matin") {
		hour += 12
	}
	english := strings.TrimSuffix(clock(hour, q.Minute), ".") + stop(tail[len(half):])
	span.End += len(half)
	m := reAt.FindStringSubmatch(source[:span.Start])
	if m == nil || reDeparture.MatchString(strings.TrimRightFunc(source[:span.Start], quantity.Space)) {
		return span, english
	}
	span.Start -= len(m[2])
	switch {
	case from && strings.ContainsAny(m[2], "dD"):
		return span, "from " + english
	case m[1] != "":
		return span, "to " + english
	}
	return span, "at " + english
}

// numberLiteral takes along what belongs to the number: its degrees, its sign,
// its currency, and the "de" behind a million.
func numberLiteral(source string, q quantity.Token) (segment.Span, string) {
	span, text, tail := q.Span, q.Span.Of(source), source[q.Span.End:]
	sign, signed := "", span
	if reSigned.MatchString(source[:span.Start]) {
		r, n := utf8.DecodeLastRuneInString(source[:span.Start])
		signed.Start -= n
		if sign = "-"; r == '+' {
			sign = "+"
		}
	}
	if m := reDegrees.FindStringSubmatch(tail); m != nil {
		return segment.Span{Start: signed.Start, End: span.End + len(m[0])}, sign + english(text, q) + "°" + strings.Replace(m[1], "O", "W", 1)
	}
	if m := reArea.FindStringSubmatch(tail); m != nil && q.Scale == "" {
		return segment.Span{Start: span.Start, End: span.End + strings.Index(tail, m[1]) + len(m[1])}, english(text, q) + areas[m[1]]
	}
	if q.Scale == "" && q.Unit == "%" && sign != "" {
		return segment.Span{Start: signed.Start, End: q.Whole.End}, sign + english(text, q) + "%"
	}
	form := english(text, q)
	if q.Scale == "k" && strings.Contains(q.Values[0], ".") {
		return span, ""
	} else if q.Scale == "k" {
		form = grouped(q.Values[0])
	} else if q.Scale != "" {
		scale := englishScale[q.Scale]
		if scale == "" {
			return span, ""
		}
		form = english(strings.TrimRightFunc(digits(text), quantity.Space), q) + " " + scale
	}
	if currency := currencySigns[q.Unit]; currency != "" && strings.ContainsAny(q.Whole.Of(source), "€$£") {
		return segment.Span{Start: min(span.Start, q.Whole.Start), End: max(span.End, q.Whole.End)}, currency + form
	}
	if q.Scale == "" {
		return span, englishForm(source, q)
	}
	span.End += len(reOfScale.FindString(tail))
	return span, form
}

var currencySigns = map[string]string{"EUR": "€", "USD": "$", "GBP": "£"}

// english writes the digits of a French number as English does.
func english(number string, q quantity.Token) string {
	q.Scale, q.Span = "", segment.Span{End: len(number)}
	if form := englishForm(number, q); form != "" {
		return form
	}
	return number
}

// stop is the full stop of "p.m.", unless the sentence's own comes.
func stop(tail string) string {
	if strings.HasPrefix(strings.TrimLeft(tail, "»” \u00a0\u202f"), ".") {
		return ""
	}
	return "."
}

func duration(hours, minutes int) string {
	count := func(n int, unit string) string {
		if n != 1 {
			unit += "s"
		}
		return strconv.Itoa(n) + " " + unit
	}
	switch {
	case minutes == 0:
		return count(hours, "hour")
	case hours == 0:
		return count(minutes, "minute")
	}
	return count(hours, "hour") + " " + count(minutes, "minute")
}
