package typography

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A change of spelling: a word that ends in one of the endings behind one of the stems
// gets the British stem. An ending "=" stands for none.
type spelling struct {
	from, to string // what ends the stem
	stems    string
	endings  string
}

var spellings = []spelling{
	{"or", "our", "arbor ardor armor behavior candor clamor color demeanor discolor dishonor enamor endeavor favor fervor flavor harbor honor humor labor misbehavior neighbor odor parlor rancor rigor rumor savior savor splendor succor tumor valor vapor vigor watercolor",
		"= s ed ing er ers able ably ite ites itism ful fully less hood hoods ly y ies al"},
	{"er", "re", "amphitheater caliber center centimeter fiber kilometer liter luster meager meter millimeter milliliter niter ocher saber scepter sepulcher somber specter theater", "= s"},
	{"er", "r", "center", "ed ing"},
	{"maneuver", "manoeuvre", "maneuver", "= s"}, {"maneuver", "manoeuvr", "maneuver", "ed ing"},
	{"ense", "ence", "defense license offense pretense", "= s less"},
	{"l", "ll", "bevel bejewel cancel channel chisel counsel dial duel enamel equal fuel funnel grovel initial jewel label level libel marshal marvel model panel pedal pencil quarrel refuel remodel rival shovel shrivel signal snorkel spiral stencil swivel total towel travel tunnel unravel yodel", "ed ing er ers or ors ous ously"},
	{"ll", "l", "distill enroll enthrall fulfill instill", "= s ment ments"},
	{"skillful", "skilful", "skillful", "= ly"}, {"willful", "wilful", "willful", "= ly"}, {"installment", "instalment", "installment", "= s"},
	{"yz", "ys", "analyz breathalyz catalyz paralyz", "e ed es ing er ers"},
	{"og", "ogue", "analog catalog dialog epilog monolog prolog travelog", "= s"},
	{"old", "ould", "mold", "= s ed ing y"}, {"olt", "oult", "molt", "= s ed ing"}, {"older", "oulder", "smolder", "= s ed ing"},
	{"ow", "ough", "plow snowplow", "= s ed ing"}, {"skeptic", "sceptic", "skeptic", "= s al ally ism"}, {"gray", "grey", "gray", "= s er est ish ness"},
	{"practic", "practis", "practic", "ed ing"}, {"archeolog", "archaeolog", "archeolog", "y ical ist ists"},
	{"pediatric", "paediatric", "pediatric", "= s ian ians"}, {"orthopedic", "orthopaedic", "orthopedic", "= s"}, {"anesthe", "anaesthe", "anesthe", "sia tic tics tist tists tized"},
	{"hemo", "haemo", "hemo", "globin philia philiac rrhage rrhages rrhagic rrhaging"}, {"councilor", "councillor", "councilor", "= s"}, {"artifact", "artefact", "artifact", "= s"},
	{"airplane", "aeroplane", "airplane", "= s"}, {"mustache", "moustache", "mustache", "= s d"}, {"pajama", "pyjama", "pajama", "= s"}, {"sulfur", "sulphur", "sulfur", "= ic ous"},
	{"fet", "foet", "fet", "us uses al"}, {"aging", "ageing", "aging", "="}, {"acknowledgment", "acknowledgement", "acknowledgment", "= s"}, {"jewelry", "jewellery", "jewelry", "="},
	{"woolen", "woollen", "woolen", "= s"}, {"aluminum", "aluminium", "aluminum", "="}, {"leukemia", "leukaemia", "leukemia", "= s"}, {"anemi", "anaemi", "anemi", "a c"},
	{"diarrhea", "diarrhoea", "diarrhea", "="}, {"estrogen", "oestrogen", "estrogen", "= s"}, {"likable", "likeable", "likable", "="}, {"sizable", "sizeable", "sizable", "="},
	{"cozy", "cosy", "cozy", "="}, {"donut", "doughnut", "donut", "= s"}, {"specialty", "speciality", "specialty", "="}, {"specialties", "specialities", "specialties", "="},
	{"toward", "towards", "toward", "="}, {"mom", "mum", "mom", "= s"}, {"furor", "furore", "furor", "="}, {"program", "programme", "program", "= s"},
}

var britishWords = func() map[string]string {
	m := make(map[string]string)
	for _, s := range spellings {
		for stem := range strings.FieldsSeq(s.stems) {
			for end := range strings.FieldsSeq(s.endings) {
				end = strings.TrimPrefix(end, "=")
				m[stem+end] = strings.TrimSuffix(stem, s.from) + s.to + end
			}
		}
	}
	return m
}()

var (
	// reIze are verbs in -ize and what is made of them.
	reIze = regexp.MustCompile(`^(\pL{3,})iz(e|es|ed|ing|er|ers|ation|ations|ational|able)$`)
	// reSized are words of which -ize is no ending.
	reSized = regexp.MustCompile(`^(?:.*siz|.*priz|.*seiz|.*maiz|.*baiz|capsiz|beliz)(?:e|es|ed|ing|er|ers|able)$`)
	// reOther stands before words that are spelled alike in Britain there: a computer program,
	// a gas meter, to license.
	reOther = map[string]*regexp.Regexp{"program": reComputer, "programs": reComputer, "meter": reGauge, "meters": reGauge, "license": reVerb}

	reComputer   = regexp.MustCompile(`(?i)\b(?:computer|software|malware)[ -]$`)
	reGauge      = regexp.MustCompile(`(?i)\b(?:gas|parking|water|electricity|smart|taxi|light|exposure)[ -]$`)
	reVerb       = regexp.MustCompile(`(?i)\b(?:to|will|would|can|could|must|may|might|not|they|we) $`)
	reEnglish    = regexp.MustCompile(`[\pL]+`)
	reFullStop   = regexp.MustCompile(`\b(Mr|Mrs|Ms|Dr)\.( \p{Lu})`)
	reMonthFirst = regexp.MustCompile(`\b(` + strings.Join(fullMonths[1:], "|") + `|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.?) ([12]?\d|3[01])(?:st|nd|rd|th)?((?: (?:to|and|or) |[-–])(?:[12]?\d|3[01]))?(?:, (\d{4}))?\b`)
	reMoreNumber = regexp.MustCompile(`^[.,]?\d`)
	reOnDate     = regexp.MustCompile(`(?:^|[,(] |\b(?i:on|the|by|since|until|from|to|of|before|after|between|and|through) )$`)
	reDateEnds   = regexp.MustCompile(`^(?:$|[.,;:!?)”])`)
	reSentence   = regexp.MustCompile(`(?:^|[.!?:][”’)]* )[“‘(]*$`)
)

// British gives an English text British spelling, dates and titles. Names keep their
// spelling (the Lincoln Center), and so does every phrase of kept.
func British(text string, kept []string) string {
	const first = '\ue000' // private use: one stands for each phrase that is kept
	if strings.ContainsRune(text, first) {
		kept = nil
	}
	var hidden []string
	for _, k := range kept {
		if strings.Contains(text, k) && len(hidden) < 1000 {
			text = strings.ReplaceAll(text, k, string(first+rune(len(hidden))))
			hidden = append(hidden, k)
		}
	}
	text = spelled(dayFirst(reFullStop.ReplaceAllString(text, "$1$2")))
	for i := len(hidden) - 1; i >= 0; i-- {
		text = strings.ReplaceAll(text, string(first+rune(i)), hidden[i])
	}
	return text
}

// dayFirst writes November 24, 2015 as 24 November 2015, and a date without a year where
// what stands beside it says that it is one.
func dayFirst(text string) string {
	var b strings.Builder
	done := 0
	for _, at := range reMonthFirst.FindAllStringSubmatchIndex(text, -1) {
		group := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return text[at[2*i]:at[2*i+1]]
		}
		tail := text[at[1]:]
		if reMoreNumber.MatchString(tail) || group(4) == "" && !reOnDate.MatchString(text[:at[0]]) && !reDateEnds.MatchString(tail) {
			continue
		}
		i := slices.IndexFunc(fullMonths[1:], func(name string) bool { return strings.HasPrefix(name, group(1)[:3]) })
		b.WriteString(text[done:at[0]])
		b.WriteString(strings.TrimSpace(group(2) + group(3) + " " + fullMonths[i+1] + " " + group(4)))
		done = at[1]
	}
	return b.String() + text[done:]
}

func spelled(text string) string {
	var b strings.Builder
	done := 0
	for _, at := range reEnglish.FindAllStringIndex(text, -1) {
		word := text[at[0]:at[1]]
		r, size := utf8.DecodeRuneInString(word)
		low := strings.ToLower(word)
		if unicode.IsUpper(r) && (word[size:] != low[size:] || !reSentence.MatchString(text[:at[0]]) || !goesOn(text[at[1]:])) {
			continue
		}
		to := briton(low)
		if to == low || joined(text, at) || reOther[low] != nil && reOther[low].MatchString(text[:at[0]]) {
			continue
		}
		if unicode.IsUpper(r) {
			to = strings.ToUpper(to[:1]) + to[1:]
		}
		b.WriteString(text[done:at[0]])
		b.WriteString(to)
		done = at[1]
	}
	return b.String() + text[done:]
}

// goesOn reports whether a word in small letters follows: not Labor Department, nor Gray, he said.
func goesOn(tail string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimPrefix(tail, " "))
	return strings.HasPrefix(tail, " ") && unicode.IsLower(r)
}

// joined reports whether a word is part of an address or a handle.
func joined(text string, at []int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
	after, n := utf8.DecodeRuneInString(text[at[1]:])
	beyond, _ := utf8.DecodeRuneInString(text[at[1]+n:])
	return strings.ContainsRune("@#/._&=", before) || strings.ContainsRune("@/_&=", after) || after == '.' && unicode.IsLetter(beyond)
}

// briton is the British form of an American word in small letters.
func briton(word string) string {
	if to, ok := britishWords[word]; ok {
		return to
	}
	if m := reIze.FindStringSubmatch(word); m != nil && !reSized.MatchString(word) {
		return m[1] + "is" + m[2]
	}
	return word
}
