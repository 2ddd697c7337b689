package quantity

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var months = map[string]int{
	"janvier": 1, "janv": 1, "jan": 1, "january": 1, "février": 2, "fevrier": 2, "févr": 2, "fév": 2, "fev": 2, "february": 2, "feb": 2,
	"mars": 3, "march": 3, "mar": 3, "avril": 4, "avr": 4, "april": 4, "apr": 4, "mai": 5, "may": 5, "juin": 6, "june": 6, "jun": 6,
	"juillet": 7, "juil": 7, "july": 7, "jul": 7, "août": 8, "aout": 8, "august": 8, "aug": 8, "septembre": 9, "september": 9, "sept": 9, "sep": 9,
	"octobre": 10, "october": 10, "oct": 10, "novembre": 11, "november": 11, "nov": 11, "décembre": 12, "decembre": 12, "déc": 12, "dec": 12, "december": 12,
}

func month(name string) int { return months[strings.ToLower(name)] }

var weekdays = [2]map[string]string{
	{"lundi": "mon", "mardi": "tue", "mercredi": "wed", "jeudi": "thu", "vendredi": "fri", "samedi": "sat", "dimanche": "sun"},
	{"Monday": "mon", "Tuesday": "tue", "Wednesday": "wed", "Thursday": "thu", "Friday": "fri", "Saturday": "sat", "Sunday": "sun"},
}

// cardinals of both languages; 0 marks a joining word.
var cardinals = [2]map[string]int{
	{
		"zéro": -1, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
		"onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "vingts": 20, "trente": 30,
		"quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "nonante": 90, "huitante": 80,
		"cent": 100, "cents": 100, "mille": 1000, "million": 1e6, "millions": 1e6, "milliard": 1e9, "milliards": 1e9,
		"dizaine": 10, "dizaines": 10, "douzaine": 12, "douzaines": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
		"cinquantaine": 50, "soixantaine": 60, "centaine": 100, "centaines": 100, "millier": 1000, "milliers": 1000,
	},
	{
		"zero": -1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
		"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
		"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
		"hundred": 100, "hundreds": 100, "thousand": 1000, "thousands": 1000, "million": 1e6, "millions": 1e6, "billion": 1e9, "billions": 1e9,
		"trillion": 1e12, "trillions": 1e12, "dozen": 12, "dozens": 12, "tens": 10, "score": 20,
	},
}

// ordinals end a number of several words: twenty-first, dix-septième.
var ordinals = [2]map[string]int{
	{"unième": 1, "deuxième": 2, "troisième": 3, "quatrième": 4, "cinquième": 5, "sixième": 6, "septième": 7, "huitième": 8, "neuvième": 9, "dixième": 10,
		"onzième": 11, "douzième": 12, "treizième": 13, "quatorzième": 14, "quinzième": 15, "seizième": 16},
	{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9},
}

// single words that stand for a value, or may.
var singles = [2]map[string][]string{
	{
		"premier": {"1"}, "première": {"1"}, "premiers": {"1"}, "premières": {"1"}, "second": {"2"}, "seconde": {"2"}, "seconds": {"2"}, "secondes": {"2"},
		"deuxième": {"2"}, "troisième": {"3"}, "quatrième": {"4"}, "cinquième": {"5"}, "sixième": {"6"}, "septième": {"7"}, "huitième": {"8"}, "neuvième": {"9"},
		"dixième": {"10"}, "onzième": {"11"}, "douzième": {"12"}, "treizième": {"13"}, "quatorzième": {"14"}, "quinzième": {"15"}, "seizième": {"16"},
		"vingtième": {"20"}, "trentième": {"30"}, "quarantième": {"40"}, "cinquantième": {"50"}, "soixantième": {"60"}, "unième": {"1"}, "centième": {"100"}, "millième": {"1000"},
		"tiers": {"3"}, "quart": {"4", "25", "15"}, "quarts": {"4"}, "moitié": {"0.5", "50", "2"}, "demi": {"0.5", "30", "6"}, "demie": {"0.5", "30"}, "double": {"2"}, "doubler": {"2"}, "doublé": {"2"}, "triple": {"3"},
		"triplé": {"3"}, "quadruple": {"4"}, "midi": {"12:00", "12"}, "minuit": {"0:00", "24:00", "0", "12:00"}, "décennie": {"10"}, "décennies": {"10"}, "siècle": {"100"},
		"aucun": {"0"}, "aucune": {"0"}, "trimestre": {"3", "4"}, "semestre": {"6"}, "quinquennat": {"5"}, "trentenaire": {"30"}, "centenaire": {"100"}, "bicentenaire": {"200"}, "millénaire": {"1000"},
		"un": {"1"}, "une": {"1"}, "seul": {"1"}, "seule": {"1"}, "quinze jours": {"2"}, "paire": {"2"}, "couple": {"2"}, "jumeaux": {"2"}, "fois": {"1"}, "tous": {"2"}, "bis": {"2"},
	},
	{
		"first": {"1"}, "second": {"2"}, "seconds": {"2"}, "third": {"3"}, "thirds": {"3"}, "fourth": {"4"}, "fourths": {"4"}, "fifth": {"5"}, "fifths": {"5"}, "sixth": {"6"}, "seventh": {"7"},
		"eighth": {"8"}, "ninth": {"9"}, "tenth": {"10"}, "eleventh": {"11"}, "twelfth": {"12"}, "thirteenth": {"13"}, "fourteenth": {"14"}, "fifteenth": {"15"},
		"sixteenth": {"16"}, "seventeenth": {"17"}, "eighteenth": {"18"}, "nineteenth": {"19"}, "twentieth": {"20"}, "thirtieth": {"30"}, "fortieth": {"40"}, "fiftieth": {"50"}, "sixtieth": {"60"}, "seventieth": {"70"}, "eightieth": {"80"}, "ninetieth": {"90"}, "hundredth": {"100"},
		"quarter": {"4", "25", "15", "3"}, "quarters": {"4"}, "half": {"0.5", "50", "2", "30", "6"}, "halves": {"0.5"}, "twice": {"2"}, "double": {"2"}, "doubled": {"2"}, "doubling": {"2"}, "triple": {"3"}, "tripled": {"3"},
		"thrice": {"3"}, "once": {"1"}, "noon": {"12:00", "12"}, "midday": {"12:00", "12"}, "midnight": {"0:00", "24:00", "0", "12:00"}, "fortnight": {"15", "14", "2"}, "decade": {"10"}, "decades": {"10"}, "century": {"100"}, "centuries": {"100"},
		"no": {"0"}, "none": {"0"}, "nil": {"0"}, "quarterly": {"3", "4"}, "centenary": {"100"}, "millennium": {"1000"}, "pair": {"2"}, "couple": {"2"}, "both": {"2"}, "a": {"1"}, "an": {"1"}, "one": {"1"}, "single": {"1"},
		"twenties": {"20", "1920", "2020"}, "thirties": {"30", "1930"}, "forties": {"40", "1940"}, "fifties": {"50", "1950"}, "sixties": {"60", "1960"},
		"seventies": {"70", "1970"}, "eighties": {"80", "1980"}, "nineties": {"90", "1990"}, "teens": {"10"}, "tenfold": {"10"}, "twofold": {"2"}, "threefold": {"3"}, "fourfold": {"4"}, "hundredfold": {"100"}, "monthly": {"1"}, "sole": {"1"},
	},
}

// letters finds months, weekdays, Roman numerals, codes such as G20 and
// numbers written out.
func (f *finder) letters(rest string) bool {
	word := rest
	if end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		word = rest[:end]
	}
	if tail := rest[len(word):]; tail != "" && isDigit(tail[0]) && (len(word) > 1 || word != "l") { // G20, MH17
		code := reCodeTail.FindString(rest)
		if _, unit := unitNames[f.lang][code]; unit {
			f.at += len(code)
			return true
		}
		return f.reference(len(code))
	}
	// The tables are asked before the expressions, which are dear: most words
	// are in none.
	low := strings.ToLower(word)
	if _, ok := months[low]; ok && f.month(rest, word) {
		return true
	}
	key := word
	if f.lang == French {
		key = low
	}
	if day, ok := weekdays[f.lang][key]; ok {
		return f.add(len(word), Token{Kind: Weekday, Values: []string{day}})
	}
	if strings.IndexByte("IVXLC", rest[0]) >= 0 {
		if m := reRoman.FindStringSubmatch(rest); m != nil && f.roman(m) {
			return true
		}
	}
	if _, ok := cardinals[f.lang][low]; ok && f.written(rest) {
		return true
	}
	if v, ok := singles[f.lang][low]; ok {
		return f.add(len(word), Token{Kind: Number, Values: v, Weak: true})
	}
	f.at += len(word)
	return true
}

// month reads a date that begins with a month, or a month alone.
func (f *finder) month(rest, word string) bool {
	if f.lang == English {
		if m := reEnMonth.FindStringSubmatch(rest); m != nil && f.date(len(m[0]), atoi(m[2]), month(m[1]), atoi(m[3]), true) {
			return true
		}
		m := reEnAlone.FindStringSubmatch(rest)
		return m != nil && m[1] == word && len(word) > 3 && f.add(len(word), Token{Kind: Date, Month: month(word), Weak: word == "May" || word == "March" || word == "August"})
	}
	if m := reFrMonth.FindStringSubmatch(rest); m != nil && len(word) > 3 && m[1] == word && strings.ToLower(word) == word && word != "sept" {
		return f.add(len(word), Token{Kind: Date, Month: month(word), Weak: word == "mars"})
	}
	return word == "mai" && f.add(len(word), Token{Kind: Date, Month: 5})
}

// roman reads XIXe, XIV; single letters only with an ordinal ending.
func (f *finder) roman(m []string) bool {
	// "Le" and "Ce" are no ordinals.
	if m[2] != "" && f.lang == English || m[2] == "" && len(m[1]) < 2 || m[1] == "L" || m[1] == "C" {
		return false
	}
	if after, _ := utf8.DecodeRuneInString(f.text[f.at+len(m[0]):]); letterOrDigit(after) {
		return false
	}
	values := map[byte]int{'I': 1, 'V': 5, 'X': 10, 'L': 50, 'C': 100}
	sum := 0
	for i := range len(m[1]) {
		v := values[m[1][i]]
		if i+1 < len(m[1]) && v < values[m[1][i+1]] {
			v = -v
		}
		sum += v
	}
	if sum <= 0 || Roman(sum) != m[1] {
		return false
	}
	return f.add(len(m[0]), Token{Kind: Ordinal, Values: []string{itoa(sum)}, Weak: m[2] == ""})
}

// Roman writes n, 1 to 399, in Roman numerals.
func Roman(n int) string {
	var b strings.Builder
	for _, d := range []struct {
		v int
		s string
	}{{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= d.v; n -= d.v {
			b.WriteString(d.s)
		}
	}
	return b.String()
}

var reNumberWord = regexp.MustCompile(`^(?:[ -]et[ -]|[ -]and[ -]|[ \x{a0}\x{202f}-])?(\pL+)`)

// written reads a cardinal in words, French or English, as far as it goes.
func (f *finder) written(rest string) bool {
	table := cardinals[f.lang]
	total, current, end, words, last := 0, 0, 0, 0, 0
	approx := false
	for end < len(rest) {
		m := reNumberWord.FindStringSubmatchIndex(rest[end:])
		if m == nil || words == 0 && m[2] != 0 {
			break
		}
		joined := rest[end : end+m[2]]
		word := strings.ToLower(rest[end+m[2] : end+m[3]])
		v, ok := table[word]
		if !ok || words > 0 && word == "score" {
			break
		}
		if v < 0 {
			v = 0
		}
		big := v >= 100 && !(v == 100 && last == 100) // no hundred hundred
		// A number stops where the next word can't go on with it: "deux, trois"
		// is stopped by the comma, "vingt mille" goes on, "six trois" does not.
		if words > 0 && !big && !(last >= 20 && v < 20 && (last < 100 || joined != "") || last >= 100 && v < 100 || last == 4 && v == 20 || last == 10 && v < 10 && strings.Contains(joined, "-") || last >= 1000) {
			break
		}
		if words > 0 && f.lang == French && (word == "un" || word == "une") && !strings.Contains(joined, "et") && !strings.Contains(joined, "-") &&
			(last < 100 || last > 1000 || strings.HasSuffix(strings.TrimRightFunc(f.text[:f.at], Space), "pour")) { // pour cent un an après
			break
		}
		switch {
		case v >= 1000:
			if current == 0 {
				current = 1
			}
			if total > 0 && v > total && total%v != 0 && total < v {
				current += total
				total = 0
			}
			total += current * v
			current = 0
		case v == 100:
			if current == 0 {
				current = 1
			}
			current *= 100
		case last == 4 && v == 20:
			current += 76
		default:
			if word == "dozen" && current > 0 {
				current *= 12
			} else {
				current += v
			}
		}
		approx = approx || strings.HasSuffix(word, "aine") || strings.HasSuffix(word, "aines") || strings.HasSuffix(word, "ier") || strings.HasSuffix(word, "iers") || f.lang == English && strings.HasSuffix(word, "s") && word != "six"
		last, words = v, words+1
		end += m[3]
	}
	if words == 0 {
		return false
	}
	n := total + current
	if m := reNumberWord.FindStringSubmatchIndex(rest[end:]); m != nil && m[2] > 1 || m != nil && strings.HasPrefix(rest[end:], "-") { // twenty-first, vingt et unième
		v := ordinals[f.lang][strings.ToLower(rest[end+m[2]:end+m[3]])]
		if v > 0 && (last >= 20 && last < 100 || last == 10 && v < 10) {
			n, end, approx = n+v, end+m[3], true
		}
	}
	t := Token{Kind: Number, Values: []string{itoa(n)}, Weak: n <= 2 || approx}
	switch strings.ToLower(rest[:end]) {
	case "neuf", "cent", "six", "un", "une", "one": // new, per cent, and whatever is counted on the fingers
		t.Weak = true
	}
	if before := strings.TrimRightFunc(f.text[:f.at], Space); f.lang == French && strings.HasSuffix(before, "années") {
		t.Values = append(t.Values, itoa(1900+n))
	}
	if f.lang == French && n == 15 {
		t.Values = append(t.Values, "2") // quinze jours = two weeks
	}
	if m := regexpHalf.FindString(rest[end:]); m != "" { // quatre ans et demi
		t.Values = append(t.Values, t.Values[0]+".5")
	}
	t.Unit, _ = unitAt(rest[end:], f.lang)
	return f.add(end, t)
}

var regexpHalf = regexp.MustCompile(`^(?: (?:\pL+ )?(?:et demie?|and a half)\b|-and-a-half)`)

var scales = [2]map[string]int{
	{"mille": 3, "millier": 3, "milliers": 3, "million": 6, "millions": 6, "milliard": 9, "milliards": 9, "billion": 12, "billions": 12, "Md": 9, "Mds": 9, "Mrd": 9, "mds": 9, "md": 9},
	{"hundred": 2, "thousand": 3, "million": 6, "millions": 6, "billion": 9, "billions": 9, "trillion": 12, "trillions": 12, "bn": 9, "tn": 12, "mn": 6, "k": 3, "K": 3},
}

var reScale = regexp.MustCompile(`^[ \x{a0}\x{202f}-]?(\pL+)`)

// scaleAt is the power of ten of the scale word at the start of tail and its
// length with the space before it. "M€" and "Md€" scale, too, and chains such
// as "mille milliards".
func scaleAt(tail string, lang Lang) (power, n int) {
	for {
		m := reScale.FindStringSubmatchIndex(tail[n:])
		if m == nil {
			return power, n
		}
		word := tail[n+m[2] : n+m[3]]
		p, ok := scales[lang][word]
		if !ok && len(word) > 3 { // BILLION
			p, ok = scales[lang][strings.ToLower(word)]
		}
		if !ok && (word == "M" || word == "m" || word == "k") {
			after := tail[n+m[3]:]
			ok = word == "M" && (strings.HasPrefix(after, " d'") || strings.HasPrefix(after, " d’")) || strings.HasPrefix(after, "€") || strings.HasPrefix(after, "$") || strings.HasPrefix(after, "£")
			if p = 6; word == "k" {
				p = 3
			}
		}
		if !ok {
			return power, n
		}
		power += p
		n += m[3]
	}
}

// unitNames gives the words and signs that may follow a number their symbol.
var unitNames = [2]map[string]string{
	{
		"%": "%", "pour cent": "%", "€": "EUR", "euro": "EUR", "euros": "EUR", "d'euros": "EUR", "d’euros": "EUR", "$": "USD", "dollar": "USD", "dollars": "USD", "de dollars": "USD",
		"£": "GBP", "livres sterling": "GBP", "de livres sterling": "GBP", "yen": "JPY", "yens": "JPY", "de yens": "JPY", "¥": "JPY", "francs suisses": "CHF", "roubles": "RUB", "de roubles": "RUB", "yuans": "CNY", "de yuans": "CNY",
		"km": "km", "kilomètre": "km", "kilomètres": "km", "m": "m", "mètre": "m", "mètres": "m", "cm": "cm", "centimètres": "cm", "mm": "mm", "millimètres": "mm",
		"kg": "kg", "kilo": "kg", "kilos": "kg", "kilogrammes": "kg", "g": "g", "grammes": "g", "t": "t", "tonne": "t", "tonnes": "t", "de tonnes": "t",
		"km/h": "km/h", "kilomètres/heure": "km/h", "kilomètres par heure": "km/h", "kilomètres à l'heure": "km/h", "miles par heure": "mph", "miles à l'heure": "mph", "miles à l’heure": "mph", "milles à l'heure": "mph", "km carrés": "km²", "kilomètres par seconde": "km/s", "miles carrés": "mi²", "milles carrés": "mi²", "kilomètres à l’heure": "km/h", "km²": "km²", "km2": "km²", "kilomètres carrés": "km²", "m²": "m²", "m2": "m²", "mètres carrés": "m²", "ha": "ha", "hectares": "ha", "d'hectares": "ha",
		"l": "l", "litres": "l", "°C": "°C", "°F": "°F", "degrés": "°C", "degrés Celsius": "°C", "miles": "mi", "milles": "nmi", "milles nautiques": "nmi", "milles marins": "nmi", "pieds": "ft", "pouces": "in", "livres": "lb", "nœuds": "kn", "MW": "MW", "GW": "GW", "kW": "kW", "kWh": "kWh",
	},
	{
		"%": "%", "percent": "%", "per cent": "%", "percentage": "%", "€": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "dollar": "USD", "dollars": "USD", "£": "GBP", "pounds sterling": "GBP",
		"yen": "JPY", "¥": "JPY", "Swiss francs": "CHF", "rubles": "RUB", "roubles": "RUB", "yuan": "CNY",
		"km": "km", "kilometer": "km", "kilometers": "km", "kilometre": "km", "kilometres": "km", "m": "m", "meter": "m", "meters": "m", "metre": "m", "metres": "m", "cm": "cm", "centimeters": "cm", "centimetres": "cm", "mm": "mm", "millimeters": "mm", "millimetres": "mm",
		"kg": "kg", "kilo": "kg", "kilos": "kg", "kilograms": "kg", "g": "g", "grams": "g", "t": "t", "ton": "t", "tons": "t", "tonne": "t", "tonnes": "t",
		"km/h": "km/h", "kph": "km/h", "kilometers per hour": "km/h", "kilometres per hour": "km/h", "kilometers an hour": "km/h", "kilometres an hour": "km/h", "miles an hour": "mph", "kilometers per second": "km/s", "kilometres per second": "km/s", "km²": "km²", "km2": "km²", "square kilometers": "km²", "square kilometres": "km²", "sq km": "km²", "m²": "m²", "m2": "m²", "square meters": "m²", "square metres": "m²", "ha": "ha", "hectares": "ha",
		"l": "l", "liters": "l", "litres": "l", "°C": "°C", "°F": "°F", "degrees Celsius": "°C", "degrees Fahrenheit": "°F", "degrees": "°C", "miles": "mi", "mi": "mi", "mile": "mi", "mph": "mph", "miles per hour": "mph", "mi/h": "mph", "nautical miles": "nmi", "feet": "ft", "foot": "ft", "ft": "ft", "inches": "in", "inch": "in", "in": "",
		"yards": "yd", "pounds": "lb", "lb": "lb", "lbs": "lb", "ounces": "oz", "oz": "oz", "knots": "kn", "acres": "acre", "square miles": "mi²", "sq mi": "mi²", "sq ft": "ft²", "square feet": "ft²", "gallons": "gal", "MW": "MW", "GW": "GW", "kW": "kW", "kWh": "kWh", "megawatts": "MW", "gigawatts": "GW", "kilowatts": "kW",
	},
}

var reUnit = regexp.MustCompile(`^(?:[ \x{a0}\x{202f}-]{0,2})((?:d['’]|de )?(?:[%€$£¥]|°[CF]\b|° ?[CF]\b|km/h|mi/h|km²|m²|kilomètres/heure|[\pL²2]+))((?: [\pL²2]+(?:['’]\pL+)?){0,3}|['’]\pL+)`)

// unitAt is the symbol of the unit that tail begins with and the length of it
// with the space before it; the longest name of up to three words counts.
func unitAt(tail string, lang Lang) (string, int) {
	m := reUnit.FindStringSubmatchIndex(tail)
	if m == nil {
		return "", 0
	}
	names := unitNames[lang]
	for end := m[1]; end >= m[3]; {
		name := strings.ReplaceAll(tail[m[2]:end], "° ", "°")
		if u := names[name]; u != "" {
			return u, end
		}
		cut := strings.LastIndexByte(tail[m[3]:max(end, m[3])], ' ')
		if cut < 0 {
			if end == m[3] {
				break
			}
			cut = 0
		}
		end = m[3] + cut
	}
	return "", 0
}

// currencyBefore finds "$" or "US$" or "EUR " right before a number, and
// where the sign begins.
func currencyBefore(before string) (string, int) {
	for _, c := range []struct{ sign, unit string }{{"US$", "USD"}, {"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}, {"¥", "JPY"}, {"EUR ", "EUR"}, {"USD ", "USD"}, {"$ ", "USD"}, {"€ ", "EUR"}, {"£ ", "GBP"}} {
		if strings.HasSuffix(before, c.sign) {
			return c.unit, len(before) - len(c.sign)
		}
	}
	return "", len(before)
}
