package dictionary

import (
	"strings"
	"unicode/utf8"
)

// verbForms are the forms of an English verb beside its infinitive.
type verbForms struct{ third, past, participle, ing string }

// forms conjugates an English verb, of which the first word changes, in American
// spelling.
func forms(verb string) verbForms {
	base, rest := verb, ""
	if i := strings.IndexByte(verb, ' '); i > 0 {
		base, rest = verb[:i], verb[i:]
	}
	f := verbForms{third: thirdPerson(base)}
	stem := base
	if doubles(base) {
		stem += base[len(base)-1:]
	}
	switch {
	case base == "be":
		return verbForms{"is" + rest, "was" + rest, "been" + rest, "being" + rest}
	case strings.HasSuffix(base, "ie"): // lying
		f.ing = base[:len(base)-2] + "ying"
	case strings.HasSuffix(base, "e") && !strings.HasSuffix(base, "ee") && !strings.HasSuffix(base, "oe") && !strings.HasSuffix(base, "ye") && base != "singe":
		f.ing = base[:len(base)-1] + "ing"
	case strings.HasSuffix(base, "ic"): // panicking
		f.ing = base + "king"
	default:
		f.ing = stem + "ing"
	}
	switch irregular, ok := strong[base]; {
	case ok:
		f.past, f.participle = irregular[0], irregular[1]
	case strings.HasSuffix(base, "e"):
		f.past = base + "d"
	case strings.HasSuffix(base, "y") && !vowel(base, 2):
		f.past = base[:len(base)-1] + "ied"
	case strings.HasSuffix(base, "ic"):
		f.past = base + "ked"
	default:
		f.past = stem + "ed"
	}
	if f.participle == "" {
		f.participle = f.past
	}
	return verbForms{f.third + rest, f.past + rest, f.participle + rest, f.ing + rest}
}

func thirdPerson(base string) string {
	switch {
	case base == "have":
		return "has"
	case strings.HasSuffix(base, "y") && !vowel(base, 2):
		return base[:len(base)-1] + "ies"
	}
	for _, end := range []string{"s", "x", "z", "ch", "sh", "o"} {
		if strings.HasSuffix(base, end) {
			return base + "es"
		}
	}
	return base + "s"
}

// doubles reports whether the last consonant is written twice before -ed and
// -ing: stop, equip, refer.
func doubles(base string) bool {
	n := len(base)
	if n < 3 || utf8.RuneCountInString(base) != n || vowel(base, 1) || strings.IndexByte("wxyhs", base[n-1]) >= 0 && base != "quiz" || !vowel(base, 2) {
		return stressed[base]
	}
	if vowel(base, 3) && !strings.HasPrefix(base[n-3:], "ui") || strings.HasSuffix(base, "en") && n > 4 {
		return stressed[base]
	}
	vowels := 0
	for i := range base[:n-2] {
		if strings.IndexByte("aeiouy", base[i]) >= 0 && !(base[i] == 'u' && i > 0 && base[i-1] == 'q') && !(base[i] == 'y' && i == 0) {
			vowels++
		}
	}
	return vowels == 0 || stressed[base]
}

// vowel reports whether the n-th letter from the end is one.
func vowel(w string, n int) bool { return len(w) >= n && strings.IndexByte("aeiou", w[len(w)-n]) >= 0 }

// stressed are verbs of several syllables that double their last consonant.
var stressed = set(`admit refer prefer occur regret commit omit permit submit transmit emit remit control patrol enrol compel expel propel repel dispel rebel excel
	equip outwit unwrap unplug unzip kidnap handicap worship deter infer confer defer transfer incur concur recur acquit allot abet annul unpin zigzag backpedal entrap
	outfit format program reset upset debug eavesdrop overlap unclog bus gas`)

// strong are the irregular verbs: past and participle by infinitive.
var strong = func() map[string][2]string {
	m := make(map[string][2]string)
	for line := range strings.Lines(irregularVerbs) {
		f := strings.Fields(line)
		for i := 0; i+2 < len(f); i += 3 {
			m[f[i]] = [2]string{f[i+1], f[i+2]}
		}
	}
	return m
}()

// Three words a verb, one verb beside the other.
const irregularVerbs = `
arise arose arisen awake awoke awoken bear bore borne beat beat beaten become became become begin began begun
bend bent bent bet bet bet bid bid bid bind bound bound bite bit bitten bleed bled bled
blow blew blown break broke broken breed bred bred bring brought brought broadcast broadcast broadcast build built built
burn burned burned burst burst burst buy bought bought cast cast cast catch caught caught choose chose chosen
cling clung clung come came come cost cost cost creep crept crept cut cut cut deal dealt dealt
dig dug dug do did done draw drew drawn drink drank drunk drive drove driven eat ate eaten
fall fell fallen feed fed fed feel felt felt fight fought fought find found found flee fled fled
fling flung flung fly flew flown forbid forbade forbidden forecast forecast forecast foresee foresaw foreseen forget forgot forgotten
forgive forgave forgiven forgo forwent forgone freeze froze frozen get got gotten give gave given go went gone
grind ground ground grow grew grown hang hung hung have had had hear heard heard hide hid hidden
hit hit hit hold held held hurt hurt hurt keep kept kept kneel knelt knelt know knew known
lay laid laid lead led led leave left left lend lent lent let let let lie lay lain
light lit lit lose lost lost make made made mean meant meant meet met met mislead misled misled
mistake mistook mistaken mow mowed mown outdo outdid outdone outbid outbid outbid overcome overcame overcome overdo overdid overdone
overhear overheard overheard override overrode overridden oversee oversaw overseen overtake overtook overtaken overthrow overthrew overthrown
pay paid paid prove proved proven put put put quit quit quit read read read rebuild rebuilt rebuilt
redo redid redone remake remade remade repay repaid repaid rethink rethought rethought retake retook retaken rewrite rewrote rewritten rid rid rid
ride rode ridden ring rang rung rise rose risen run ran run say said said see saw seen
seek sought sought sell sold sold send sent sent set set set sew sewed sewn shake shook shaken
shed shed shed shine shone shone shoot shot shot show showed shown shrink shrank shrunk shut shut shut
sing sang sung sink sank sunk sit sat sat sleep slept slept slide slid slid sling slung slung
slit slit slit sow sowed sown speak spoke spoken spend spent spent spin spun spun spit spat spat
split split split spread spread spread spring sprang sprung stand stood stood steal stole stolen stick stuck stuck
sting stung stung stink stank stunk strew strewed strewn stride strode stridden strike struck struck string strung strung
strive strove striven swear swore sworn sweep swept swept swell swelled swollen swim swam swum swing swung swung
take took taken teach taught taught tear tore torn tell told told think thought thought throw threw thrown
thrust thrust thrust tread trod trodden undercut undercut undercut undergo underwent undergone understand understood understood
undertake undertook undertaken undo undid undone uphold upheld upheld upset upset upset wake woke woken wear wore worn
weave wove woven weep wept wept win won won wind wound wound withdraw withdrew withdrawn withhold withheld withheld
withstand withstood withstood wring wrung wrung write wrote written
`

func set(text string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(text) {
		m[w] = true
	}
	return m
}
