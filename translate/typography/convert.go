package typography

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"depeche/segment"
	"depeche/translate/quantity"
)

// Convert gives the English form of a block or a part of one that no backend
// is asked for: a date line, a dateline ("MOSCOU, 29 sept 2015 (AFP) -"), a
// byline, a signature. It reports false where it can't tell what the text
// says; the text then stays as it is.
func Convert(kind segment.Kind, text string) (string, bool) {
	switch kind {
	case segment.DateLine:
		if m := reDateline.FindStringSubmatch(text); m != nil {
			return dateline(m)
		}
		return dateLine(text)
	case segment.Byline, segment.Signature:
		return credit(text)
	}
	return text, false
}

// The groups are places, a country in brackets, a country behind a comma, the
// date, the agency and the mark at the end.
var reDateline = regexp.MustCompile(`^(\p{Lu}[\pL'’ -]*(?:/\p{Lu}[\pL'’ -]*)*)((?: \([\pL'’ -]+\))?)((?:, \p{Lu}[\pL'’ -]+)?)(?:, (?:(?i:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche),? )?(?:le )?(\d[^(]*?))?((?: ?\([\pL\d /,.-]+\))?)(\s*[-–—:.]*\s*)$`)

func dateline(m []string) (string, bool) {
	places, bracket, country, date, source, mark := m[1], strings.Trim(m[2], " ()"), strings.TrimLeft(m[3], ", "), strings.TrimSpace(m[4]), strings.TrimSpace(m[5]), m[6]
	names := strings.TrimRight(places, " -")
	if bracket+country+date+source == "" {
		mark = places[len(names):] + mark
	}
	list := strings.Split(names, "/")
	for i, p := range list {
		list[i] = placeLike(p)
	}
	out := strings.Join(list, "/")
	if bracket != "" {
		out += " (" + placeLike(bracket) + ")"
	}
	if country != "" {
		out += ", " + placeLike(country)
	}
	if date != "" {
		converted, ok := dateLine(date)
		if !ok {
			return "", false
		}
		out += ", " + converted
	}
	if source != "" { // an agency, or a country where no date follows
		out += " (" + placeLike(strings.Trim(source, "()")) + ")"
	}
	return out + mark, true
}

// placeLike is the English name of a place, in the capitals of the French.
func placeLike(fr string) string {
	en, ok := Place(fr)
	switch {
	case !ok:
		return fr
	case strings.ToUpper(fr) == fr:
		return strings.ToUpper(en)
	}
	return en
}

//go:embed places.tsv
var placesFile string

var places = parsePlaces(placesFile)

func parsePlaces(s string) map[string]string {
	m := make(map[string]string)
	for line := range strings.Lines(s) {
		fr, en, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok {
			m[fold(fr)] = en
		}
	}
	return m
}

var unaccent = strings.NewReplacer("à", "a", "â", "a", "ä", "a", "é", "e", "è", "e", "ê", "e", "ë", "e", "î", "i", "ï", "i", "ô", "o", "ö", "o", "ù", "u", "û", "u", "ü", "u", "ÿ", "y", "ç", "c", "œ", "oe", "æ", "ae", "’", "'")

// fold makes names in capitals without accents findable: ÉTATS-UNIS, Etats-Unis.
func fold(s string) string { return unaccent.Replace(strings.ToLower(s)) }

// Place gives the English name of a country, city or region that French calls
// otherwise (or the same), and whether it is known.
func Place(fr string) (string, bool) {
	en, ok := places[fold(fr)]
	return en, ok
}

// apMonths are the months as news agencies write them with a day.
var apMonths = [...]string{"", "Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."}

var fullMonths = [...]string{"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}

// reDayMonth is a date, or two in one month, with the day first.
var reDayMonth = regexp.MustCompile(`\b(\d{1,2}(?:(?: and | to | or |[-–])\d{1,2})?) (` + strings.Join(fullMonths[1:], "|") + `)\b(?: (\d{4})\b)?`)

// monthFirst writes those dates of the target as America does that the source
// has, too: 24 November 2015 as November 24, 2015.
func monthFirst(source, target string) string {
	if !reDayMonth.MatchString(target) {
		return target
	}
	var dates []quantity.Token
	for _, q := range quantity.Find(source, quantity.French) {
		if q.Kind == quantity.Date && q.Day > 0 && q.Month > 0 {
			dates = append(dates, q)
		}
	}
	return reDayMonth.ReplaceAllStringFunc(target, func(date string) string {
		m := reDayMonth.FindStringSubmatch(date)
		for _, q := range dates {
			if fullMonths[q.Month] != m[2] || !strings.HasSuffix(" "+m[1], strconv.Itoa(q.Day)) {
				continue
			}
			out := m[2] + " " + m[1]
			if m[3] != "" {
				out += ", " + m[3]
			}
			return out
		}
		return date
	})
}

// dateWords are the words besides dates and times that date lines hold.
var dateWords = map[string]string{
	"lundi": "Monday", "mardi": "Tuesday", "mercredi": "Wednesday", "jeudi": "Thursday", "vendredi": "Friday", "samedi": "Saturday", "dimanche": "Sunday",
	"le": "", "publié": "published", "publiée": "published", "publie": "published", "modifié": "updated", "actualisé": "updated",
	"à": "at", "et": "and", "ou": "or", "vers": "around",
	"heure": "", "heures": "", "de": "", "locale": "local time", "paris": "Paris time", "gmt": "GMT", "utc": "UTC", "cet": "CET", "cest": "CEST", "date": "date",
	"hier": "yesterday", "aujourd'hui": "today", "aujourd’hui": "today", "matin": "morning", "soir": "evening",
}

var reUpdated = regexp.MustCompile(`\b([Mm])ise? à jour\b`)

var reDateWord = regexp.MustCompile(`[\pL]+(?:['’]\pL+)?`)

// dateLine converts a line that holds a date, perhaps with a time and the
// words around them. A line whose words it does not know is refused, unless
// they are English already ("24-11-2024 07:45 AM Jerusalem Timing").
func dateLine(text string) (string, bool) {
	text = reUpdated.ReplaceAllString(text, "${1}odifié")
	found := quantity.Find(text, quantity.French)
	var parts []string
	put := func(s string, glue bool) {
		if s == "" {
			return
		}
		if glue && len(parts) > 0 {
			parts[len(parts)-1] += s
			return
		}
		parts = append(parts, s)
	}
	dates, end := 0, 0
	words := func(s string) bool {
		for s = strings.TrimSpace(strings.ReplaceAll(s, "\u00a0", " ")); s != ""; s = strings.TrimSpace(s) {
			loc := reDateWord.FindStringIndex(s)
			if loc == nil || loc[0] > 0 {
				stop := len(s)
				if loc != nil {
					stop = loc[0]
				}
				mark := strings.TrimSpace(s[:stop])
				switch mark {
				case ":", "(", ",", "-", "–", "|", "·", "/", ")", ".", ";":
				default:
					return false
				}
				put(mark, mark == "," || mark == ":" || mark == ")" || mark == "." || mark == ";")
				s = s[stop:]
				continue
			}
			word := s[loc[0]:loc[1]]
			english, ok := dateWords[strings.ToLower(word)]
			switch {
			case ok:
				if unicode.IsUpper([]rune(word)[0]) && english != "" {
					english = strings.ToUpper(english[:1]) + english[1:]
				}
				put(english, false)
			case word == "AM" || word == "PM" || word == "Jerusalem" || word == "Timing" || word == "Time" || unicode.IsUpper([]rune(word)[0]):
				put(word, false)
			default:
				return false
			}
			s = s[loc[1]:]
		}
		return true
	}
	for _, q := range found {
		if q.Kind == quantity.Weekday || !q.Digits && q.Kind != quantity.Date {
			continue // left to the words
		}
		if !words(text[end:q.Span.Start]) {
			return text, false
		}
		switch q.Kind {
		case quantity.Date:
			dates++
			if len(parts) > 0 && weekday(parts[len(parts)-1]) {
				put(",", true)
			}
			put(englishDate(q), false)
		case quantity.Time:
			if strings.ContainsAny(q.Span.Of(text), "hH") {
				put(clock(q.Hour, q.Minute), false)
			} else {
				put(q.Span.Of(text), false)
			}
		default:
			put(q.Span.Of(text), false)
		}
		end = q.Span.End
	}
	if dates == 0 || !words(text[end:]) {
		return text, false
	}
	return strings.ReplaceAll(strings.Join(parts, " "), "( ", "("), true
}

func weekday(s string) bool { return strings.HasSuffix(s, "day") && s != "today" && s != "yesterday" }

// englishDate writes what is known of a date: Sept. 29, 2015; November 2024.
func englishDate(q quantity.Token) string {
	year := q.Year
	if year > 0 && year < 100 {
		year += 2000
	}
	switch {
	case q.Day == 0 && year == 0:
		return fullMonths[q.Month]
	case q.Day == 0:
		return fullMonths[q.Month] + " " + strconv.Itoa(year)
	case year == 0:
		return fmt.Sprintf("%s %d", apMonths[q.Month], q.Day)
	}
	return fmt.Sprintf("%s %d, %d", apMonths[q.Month], q.Day, year)
}

// creditStarts and creditWords are what bylines and signatures say besides names.
var creditStarts = []struct{ fr, en string }{
	{"de notre envoyée spéciale", "From our special correspondent"}, {"de notre envoyé spécial", "From our special correspondent"},
	{"de nos envoyés spéciaux", "From our special correspondents"}, {"de nos correspondants", "From our correspondents"},
	{"de notre correspondante", "From our correspondent"}, {"de notre correspondant", "From our correspondent"},
	{"propos recueillis par", "Interview by"}, {"recueilli par", "Interview by"}, {"traduit par", "Translated by"}, {"édité par", "Edited by"},
	{"la rédaction avec", "Newsroom staff with"}, {"rédaction avec", "Newsroom staff with"}, {"source :", "Source:"}, {"source:", "Source:"}, {"sources :", "Sources:"}, {"sources:", "Sources:"},
	{"avec", "With"}, {"par", "By"}, {"d'après", "Based on"}, {"d’après", "Based on"},
}

var creditWords = strings.NewReplacer(" avec les agences", " with agencies", " avec agences", " with agencies", " avec ", " with ", " et ", " and ", "(avec ", "(with ",
	" (à ", " (in ", ", à ", ", in ", " à ", " in ", "les agences", "agencies", "agences", "agencies", "agence", "agency", "envoyée spéciale", "special correspondent", "envoyé spécial", "special correspondent",
	"correspondante", "correspondent", "correspondant", "correspondent", "la rédaction", "newsroom staff")

// credit converts a byline or signature: its first words, then "et" and
// "avec" between names.
func credit(text string) (string, bool) {
	trimmed := strings.TrimSpace(text)
	lower := strings.ToLower(trimmed)
	open := ""
	if strings.HasPrefix(trimmed, "(") {
		open, trimmed, lower = "(", trimmed[1:], lower[1:]
	}
	for _, c := range creditStarts {
		if strings.HasPrefix(lower, c.fr) && len(lower) > len(c.fr) && (lower[len(c.fr)] == ' ' || strings.HasSuffix(c.fr, ":")) {
			en := c.en
			switch first := trimmed[:len(c.fr)]; {
			case strings.ToUpper(first) == first:
				en = strings.ToUpper(en)
			case strings.ToLower(first) == first && open != "":
				en = strings.ToLower(en)
			}
			return open + en + creditNames(trimmed[len(c.fr):]), true
		}
	}
	if open == "" && strings.ContainsAny(trimmed, " ") && creditWords.Replace(trimmed) == trimmed && lower != trimmed && !allNames(trimmed) {
		return text, false
	}
	return open + creditNames(trimmed), true // "AFP", "jd/mc", "Reuters et AFP"
}

// creditNames converts what follows, place names included.
func creditNames(s string) string {
	s = creditWords.Replace(s)
	if i := strings.LastIndex(s, " in "); i >= 0 {
		place := strings.TrimRight(s[i+4:], ").,")
		s = s[:i+4] + placeLike(place) + s[i+4+len(place):]
	}
	return s
}

// allNames reports whether every word begins with a capital.
func allNames(s string) bool {
	for _, w := range strings.Fields(s) {
		if r := []rune(w)[0]; unicode.IsLetter(r) && !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}
