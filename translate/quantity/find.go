package quantity

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
)

// finder walks through a text; step looks for one quantity at its place.
type finder struct {
	text   string
	lang   Lang
	at     int
	tokens []Token
}

const (
	sp      = `[ \x{a0}\x{202f}\x{2009}\x{2007}]`
	frMonth = `(?i:(janvier|janv|jan|février|fevrier|févr|fév|fev|mars|avril|avr|mai|juin|juillet|juil|août|aout|septembre|sept|octobre|oct|novembre|nov|décembre|decembre|déc|dec)\b\.?)`
	enMonth = `((?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b)\.?`
)

var (
	reISO      = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)\b`)
	reNumeric  = regexp.MustCompile(`^(\d{1,2})([-/.])(\d{1,2})([-/.])(\d{4}|\d\d)\b`)
	reFrDate   = regexp.MustCompile(`^(\d{1,2})(?:er|ᵉʳ)?` + sp + frMonth + `(?:` + sp + `(\d{4})\b)?`)
	reEnDate   = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)?` + sp + `(?:of` + sp + `)?` + enMonth + `(?:,?` + sp + `(\d{4})\b)?`)
	reEnMonth  = regexp.MustCompile(`^` + enMonth + sp + `(\d{1,2})(?:st|nd|rd|th)?\b(?:,?` + sp + `(\d{4})\b)?`)
	reFrMonth  = regexp.MustCompile(`^` + frMonth)
	reEnAlone  = regexp.MustCompile(`^` + enMonth)
	reFrTime   = regexp.MustCompile(`^(\d{1,2})` + sp + `?(?:[hH]` + sp + `?(\d\d)\b|heures?` + sp + `(\d\d)\b|(?:[hH]|heures?)\b)`)
	reClock    = regexp.MustCompile(`^(\d{1,2})[:.](\d\d)(?::\d\d)?(?:` + sp + `?([aApP])\.?[mM]\b\.?)`)
	reColon    = regexp.MustCompile(`^(\d{1,2}):(\d\d)(?::\d\d)?\b`)
	reEnHour   = regexp.MustCompile(`^(\d{1,2})(?:` + sp + `?([aApP])\.?[mM]\b\.?|` + sp + `o['’]clock\b)`)
	reLasting  = regexp.MustCompile(`^(\d{1,2})[ \x{a0}]hours?(?: and|,)?[ \x{a0}](\d{1,2})[ \x{a0}]minutes?\b`)
	reTaken    = regexp.MustCompile(`^(\d{1,2})(?:['’′](\d\d)\b(?:"|″|''|’’)?|` + sp + `?(?:min(?:utes?)?|mn)(?:` + sp + `et|` + sp + `and|,)?` + sp + `?(\d{1,2})` + sp + `?(?:s|sec|secondes?|seconds?)\b|` + sp + `?(?:min|mn)` + sp + `?(\d\d)\b)`) // 1'32", 1 min 32 s, 1 min 32
	reDocket   = regexp.MustCompile(`^\d{2}-\d{2}\.\d{3}\b`)
	reDocketOf = regexp.MustCompile(`(?i)(?:n[°ºᵒ]|\bno\.?|pourvoi|affaire|dossier|arrêt|requête|rg|appeal|case|order)[ \x{a0}]?$`)
	reSeconds  = regexp.MustCompile(`^(\d{1,2})(?:''|’’|"|″)(\d{1,3})\b`) // 9''80, seconds
	reMilitary = regexp.MustCompile(`^([01]\d|2[0-3])([0-5]\d)` + sp + `(?:GMT|UTC|hours)\b`)
	rePhone    = regexp.MustCompile(`^(?:0 ?8\d\d(?:[ .\x{a0}-]\d{3}){2}|\+\d{1,3}(?:[ .\x{a0}-]?\(?\d{1,4}\)?){2,6}|0\d(?:[ .\x{a0}-]\d\d){4})\b`)
	reDotted   = regexp.MustCompile(`^\d+(?:\.\d+){2,}\b`)
	reAddress  = regexp.MustCompile(`^(?:[12]\d\d\.){3}[12]\d\d$`)
	reGrouped  = regexp.MustCompile(`^\d{1,3}(?:[ \x{a0}\x{202f}\x{2009}\x{2007}]\d{3})+\b`)
	reOrdinal  = regexp.MustCompile(`^(?:ers?|res?|ères?|èmes?|ièmes?|eme|es?|nde?s?|ᵉ|ᵉʳ)\b`)
	reEnOrd    = regexp.MustCompile(`^(?:st|nd|rd|th)s?\b`)
	reRoman    = regexp.MustCompile(`^([IVXLC]+)(er|re|ère|e|ème|ᵉʳ|ᵉ)?\b`)
	reCodeTail = regexp.MustCompile(`^[\pL\d]+`)
	reLink     = regexp.MustCompile(`^(?:(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+|[@#]\w+)`)
	reRefWord  = regexp.MustCompile(`(?i)(?:\b(?:v|ver|vers|version|art|article|articles|al|alinéa|para|paragraphe|paragraph|section|sec|chap|chapitre|chapter|règle|rule|annexe|annex|n|no|nr|fig|figure|tableau|table|p|page|release|firmware|kernel|noyau|debian|ubuntu|fedora|linux|windows|macos|ios|android|chrome|firefox|python|java|php|perl|ruby|go|gnome|kde|postgresql|mysql|sqlite|openssl|apache|nginx)\.?|n[°ºᵒ]|§|#)` + sp + `?$`)
)

// step finds the quantity that begins at f.at, if one does.
func (f *finder) step() bool {
	rest := f.text[f.at:]
	r, size := utf8.DecodeRuneInString(rest)
	before, _ := utf8.DecodeLastRuneInString(f.text[:f.at])
	if f.at > 0 && (letterOrDigit(before) || before == '_') {
		f.at += size
		return true
	}
	// The expression is dear, and few words can begin a link.
	if at := strings.IndexAny(rest, "@ \n"); r == 'h' || r == 'w' || r == '#' || at >= 0 && rest[at] == '@' {
		if m := reLink.FindString(rest); m != "" {
			f.at += len(m)
			return true
		}
	}
	switch {
	case r == '+' && phone(rest) > 0:
		return f.reference(phone(rest))
	case '0' <= r && r <= '9':
		return f.digits(rest)
	case unicode.IsLetter(r):
		return f.letters(rest)
	}
	return false
}

func (f *finder) add(n int, t Token) bool {
	t.Span = segment.Span{Start: f.at, End: f.at + n}
	t.Whole = t.Span
	f.at += n
	f.tokens = append(f.tokens, t)
	return true
}

func (f *finder) reference(n int) bool {
	literal := f.text[f.at : f.at+n]
	t := Token{Kind: Reference, Digits: true, Values: []string{bare(literal)}}
	if strings.Count(literal, ".") == 1 { // figure 1.1
		t.Values = append(t.Values, literal)
	}
	return f.add(n, t)
}

// bare keeps the letters and digits of a reference.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if letterOrDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}

func itoa(n int) string { return strconv.Itoa(n) }

func atoi(s string) int {
	n, _ := strconv.Atoi(s) // the patterns give at most four digits
	return n
}

// date adds a date, unless its parts can't be one.
func (f *finder) date(n, day, month, year int, digits bool) bool {
	if day > 31 || month > 12 || day == 0 && month == 0 {
		return false
	}
	return f.add(n, Token{Kind: Date, Day: day, Month: month, Year: year, Digits: digits})
}

func (f *finder) time(n, hour, minute int, half string) bool {
	if hour > 24 || minute > 59 {
		return false
	}
	clock := func(h int) string { return itoa(h) + ":" + strconv.Itoa(100 + minute)[1:] }
	t := Token{Kind: Time, Digits: true, Hour: hour, Minute: minute}
	switch strings.ToLower(half) {
	case "p":
		t.Hour = hour%12 + 12
		t.Values = []string{clock(t.Hour)}
	case "a":
		t.Hour = hour % 12
		t.Values = []string{clock(t.Hour)}
	default:
		t.Values = []string{clock(hour)}
		if hour <= 12 && f.lang == English {
			t.Values = append(t.Values, clock(hour%12+12), clock(hour%12))
		}
	}
	if hour == 24 {
		t.Values = append(t.Values, "0:"+strconv.Itoa(100 + minute)[1:])
	}
	if minute == 0 { // "24 h" is a duration, too
		t.Values = append(t.Values, itoa(hour))
	} else if minute%15 == 0 { // 2h30 = 2.5 hours
		t.Values = append(t.Values, itoa(hour)+"."+strings.TrimRight(itoa(minute*100/60), "0"))
	}
	return f.add(n, t)
}

func (f *finder) digits(rest string) bool {
	if m := reISO.FindStringSubmatch(rest); m != nil && f.date(len(m[0]), atoi(m[3]), atoi(m[2]), atoi(m[1]), true) {
		return true
	}
	if m := reNumeric.FindStringSubmatch(rest); m != nil && m[2] == m[4] {
		day, month := atoi(m[1]), atoi(m[3])
		if month > 12 || f.lang == English && m[2] == "/" && day <= 12 {
			day, month = month, day
		}
		if f.date(len(m[0]), day, month, atoi(m[5]), true) {
			return true
		}
	}
	if n := phone(rest); n > 0 {
		return f.reference(n)
	}
	if f.lang == French {
		if m := reFrDate.FindStringSubmatch(rest); m != nil && f.date(len(m[0]), atoi(m[1]), month(m[2]), atoi(m[3]), true) {
			return true
		}
	}
	if m := reEnDate.FindStringSubmatch(rest); f.lang == English && m != nil && f.date(len(m[0]), atoi(m[1]), month(m[2]), atoi(m[3]), true) {
		return true
	}
	if m := reClock.FindStringSubmatch(rest); m != nil && f.time(len(m[0]), atoi(m[1]), atoi(m[2]), m[3]) {
		return true
	}
	if m := reColon.FindStringSubmatch(rest); m != nil && f.time(len(m[0]), atoi(m[1]), atoi(m[2]), "") {
		return true
	}
	if m := reLasting.FindStringSubmatch(rest); m != nil && f.time(len(m[0]), atoi(m[1]), atoi(m[2]), "") {
		return true
	}
	if m := reDocket.FindString(rest); m != "" && reDocketOf.MatchString(f.text[max(0, f.at-12):f.at]) {
		return f.reference(len(m))
	}
	if m := reSeconds.FindStringSubmatch(rest); m != nil {
		return f.add(len(m[0]), Token{Kind: Number, Digits: true, Values: []string{scaled(m[1]+"."+m[2], 0)}})
	}
	if m := reTaken.FindStringSubmatch(rest); m != nil && f.time(len(m[0]), atoi(m[1]), atoi(m[2]+m[3]+m[4]), "") {
		return true
	}
	if m := reMilitary.FindStringSubmatch(rest); m != nil {
		return f.time(4, atoi(m[1]), atoi(m[2]), "")
	}
	if m := reEnHour.FindStringSubmatch(rest); m != nil && f.time(len(m[0]), atoi(m[1]), 0, m[2]) {
		return true
	}
	if m := reFrTime.FindStringSubmatch(rest); m != nil && f.time(len(m[0]), atoi(m[1]), atoi(m[2]+m[3]), "") {
		return true
	}
	if m := reDotted.FindString(rest); m != "" && (!groupsOf3(m, ".") || reAddress.MatchString(m)) {
		return f.reference(len(m))
	}
	return f.number(rest)
}

// phone is the length of the telephone number that rest begins with; +187 is
// none.
func phone(rest string) int {
	m := rePhone.FindString(rest)
	if strings.HasPrefix(m, "+") && len(bare(m)) < 8 {
		return 0
	}
	return len(m)
}

// groupsOf3 reports whether s is 1 to 3 digits and then groups of three.
func groupsOf3(s, sep string) bool {
	groups := strings.Split(s, sep)
	if len(groups) < 2 || len(groups[0]) > 3 || groups[0][0] == '0' {
		return false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return false
		}
	}
	return true
}

// literal is the longest run of digits with single separators . or , and, of
// three digits each, '.
func literal(rest string) string {
	n := 0
	for n < len(rest) && isDigit(rest[n]) {
		n++
	}
	for n+1 < len(rest) && (rest[n] == '.' || rest[n] == ',' || rest[n] == '\'') && isDigit(rest[n+1]) {
		run := len(digitsOf(rest[n+1:]))
		if rest[n] == '\'' && run != 3 {
			break
		}
		n += 1 + run
	}
	return rest[:n]
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (f *finder) number(rest string) bool {
	t := Token{Kind: Number, Digits: true}
	lit := literal(rest)
	if m := reGrouped.FindString(rest); len(m) > len(lit) || m != "" && !strings.ContainsAny(lit, ".,") {
		if tail := rest[len(m):]; len(tail) > 1 && (tail[0] == ',' || tail[0] == '.') && isDigit(tail[1]) {
			lit = m + tail[:1] + digitsOf(tail[1:])
		} else {
			lit = m
		}
	}
	whole, frac, grouped, ok := f.read(lit)
	if !ok { // "2,3,4" is a list
		for lit != "" {
			n := len(digitsOf(lit))
			f.add(n, Token{Kind: Number, Digits: true, Values: []string{scaled(lit[:n], 0)}})
			lit = lit[n:]
			if lit != "" {
				f.at, lit = f.at+1, lit[1:]
			}
		}
		return true
	}
	t.Grouped, t.Decimal = grouped, frac != ""
	value := scaled(whole+"."+frac, 0)
	t.Values = []string{value}
	n := len(lit)
	if (grouped || t.Decimal) && reRefWord.MatchString(f.text[max(0, f.at-20):f.at]) && strings.IndexFunc(lit, Space) < 0 {
		return f.reference(n)
	}
	tail := rest[n:]
	if f.lang == English && strings.Contains(lit, ".") && groupsOf3(lit, ".") { // left in French form
		t.Values = append(t.Values, strings.ReplaceAll(lit, ".", ""))
	}
	r, _ := utf8.DecodeRuneInString(tail)
	switch {
	case f.lang == French && reOrdinal.MatchString(tail), reEnOrd.MatchString(tail):
		m := reEnOrd.FindString(tail)
		if f.lang == French && reOrdinal.MatchString(tail) {
			m = reOrdinal.FindString(tail)
		}
		t.Kind = Ordinal
		return f.add(n+len(m), t)
	case strings.HasPrefix(tail, "s") && (len(tail) == 1 || !letterOrDigit(rune(tail[1]))): // 1990s
		t.Values = append(t.Values, value[max(0, len(value)-2):])
		if len(value) == 2 {
			t.Values = append(t.Values, "19"+value, "20"+value)
		}
		return f.add(n+1, t)
	}
	if sc, m := scaleAt(tail, f.lang); sc > 0 {
		t.Values = []string{scaled(value, sc)}
		t.Scale = strings.TrimFunc(tail[:m], Space)
		n += m
		tail = rest[n:]
	}
	unit, m := unitAt(tail, f.lang)
	if unit == "" && unicode.IsLetter(r) && t.Scale == "" { // 39C, 4G
		return f.reference(n + len(reCodeTail.FindString(tail)))
	}
	t.Unit = unit
	start := f.at
	f.add(n, t)
	last := &f.tokens[len(f.tokens)-1]
	last.Whole.End += m
	if unit == "" {
		last.Unit, last.Whole.Start = currencyBefore(f.text[:start])
	}
	f.prefixed(last)
	return true
}

func digitsOf(s string) string {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return s[:n]
}

// prefixed makes a reference of the digits in F-16 and Covid-19, which may be
// written with the number alone, and gives decades their year.
func (f *finder) prefixed(t *Token) {
	before := f.text[:t.Span.Start]
	if strings.HasSuffix(before, "-") || strings.HasSuffix(before, "\u2011") {
		word := before[strings.LastIndexFunc(before, func(r rune) bool { return !letterOrDigit(r) && r != '-' && r != '\u2011' })+1:]
		if r, _ := utf8.DecodeRuneInString(word); unicode.IsUpper(r) {
			t.Kind = Reference
		}
	}
	if f.lang == French && strings.HasSuffix(strings.TrimRightFunc(before, Space), "années") && len(t.Values[0]) == 2 {
		t.Values = append(t.Values, "19"+t.Values[0], "20"+t.Values[0])
	}
}

// read splits a literal into its whole and fractional digits by the rules of
// the finder's language; ok is false for lists such as 2,3,4.
func (f *finder) read(lit string) (whole, frac string, grouped, ok bool) {
	spaces := strings.IndexFunc(lit, Space) >= 0
	plain := strings.Map(func(r rune) rune {
		if Space(r) || r == '\'' {
			return -1
		}
		return r
	}, lit)
	dots, commas := strings.Count(plain, "."), strings.Count(plain, ",")
	group := "."
	if f.lang == English {
		group = ","
	}
	switch {
	case dots == 0 && commas == 0:
		return plain, "", spaces || len(plain) < len(lit), true
	case dots > 0 && commas > 0: // the last one is the decimal mark
		point := plain[strings.LastIndexAny(plain, ".,"):][:1]
		group = map[string]string{".": ",", ",": "."}[point]
		whole, frac, _ = cutLast(plain, point)
		if !groupsOf3(whole, group) {
			return "", "", false, false
		}
		return strings.ReplaceAll(whole, group, ""), frac, true, true
	case strings.Contains(plain, group) && groupsOf3(plain, group) && !spaces:
		return strings.ReplaceAll(plain, group, ""), "", true, true
	case dots+commas > 1:
		sep := ","
		if dots > 0 {
			sep = "."
		}
		if groupsOf3(plain, sep) {
			return strings.ReplaceAll(plain, sep, ""), "", true, true
		}
		return "", "", false, false
	}
	sep := plain[strings.IndexAny(plain, ".,"):][:1]
	if sep == "," && f.lang == English && !spaces { // 3,5 in an English text: French form or a list
		whole, frac, _ = strings.Cut(plain, sep)
		return whole, frac, false, len(frac) <= 2
	}
	whole, frac, _ = strings.Cut(plain, sep)
	return whole, frac, spaces, true
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// ranges lets "2 à 3 millions" and "2 to 3 million" stand for 2 or 2 million,
// and 1914–18 for 1918.
func (f *finder) ranges() {
	for i := 0; i+1 < len(f.tokens); i++ {
		a, b := &f.tokens[i], &f.tokens[i+1]
		if !a.Digits || a.Kind != Number || b.Kind != Number && b.Kind != Time {
			continue
		}
		between := strings.Trim(f.text[a.Span.End:b.Span.Start], " \u00a0\u202f")
		if b.Kind == Time { // de 18 à 19 heures, 6 or 7 p.m.
			if hour := atoi(a.Values[0]); itoa(hour) == a.Values[0] && hour <= 24 && (between == "à" || between == "ou" || between == "et" || between == "to" || between == "or" || between == "and" || between == "-" || between == "–") {
				if b.Hour >= 12 && hour < 12 && f.lang == English {
					hour += 12
				}
				a.Values = append(a.Values, itoa(hour)+":00")
			}
			continue
		}
		switch between {
		case "à", "et", "ou", "to", "and", "or", "-", "–", "%", "% à", "% to":
		default:
			continue
		}
		if b.Unit != "" && a.Unit == "" {
			a.Unit = b.Unit
		}
		if b.Scale != "" && a.Scale == "" {
			if n, _ := scaleAt(" "+b.Scale, f.lang); n > 0 {
				a.Values = append(a.Values, scaled(a.Values[0], n))
			}
		}
		if len(a.Values[0]) == 4 && len(b.Values[0]) == 2 && (between == "-" || between == "–") {
			b.Values = append(b.Values, a.Values[0][:2]+b.Values[0])
		}
	}
}
