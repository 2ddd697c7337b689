package typography

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// American gives the American spelling of an English word: organization,
// defense, labor, center, program. Other words, Labour with its capital (the
// party) among them, stay as they are.
func American(word string) string {
	if len(word) < 4 || word == "Labour" {
		return word
	}
	first, n := utf8.DecodeRuneInString(word)
	low := string(unicode.ToLower(first)) + word[n:]
	out := respell(low)
	if out == low {
		return word
	}
	if unicode.IsUpper(first) {
		return strings.ToUpper(out[:1]) + out[1:]
	}
	return out
}

func respell(w string) string {
	if to, ok := respelled[w]; ok {
		return to
	}
	if i := strings.Index(w, "our"); i > 1 {
		for _, prefix := range []string{"", "dis", "un", "mis", "de", "multi"} {
			if stem, ok := strings.CutPrefix(w[:i], prefix); ok && inOur[stem] {
				return w[:i] + "or" + w[i+3:]
			}
		}
	}
	if m := reIse.FindStringSubmatchIndex(w); m != nil && !keepIse.MatchString(w) {
		return w[:m[2]] + "iz" + w[m[3]:]
	}
	if strings.Contains(w, "ll") {
		if m := reDouble.FindStringSubmatch(w); m != nil {
			return m[1] + "l" + m[2]
		}
	}
	for _, end := range [...][2]string{{"metre", "meter"}, {"metres", "meters"}, {"centre", "center"}, {"centres", "centers"}} {
		if stem, ok := strings.CutSuffix(w, end[0]); ok { // kilometre, epicentre
			return stem + end[1]
		}
	}
	return w
}

var (
	// reIse is what has -ize in America, by the letters before it.
	reIse   = regexp.MustCompile(`^[a-z-]+(?:al|n|ol|il|ul|ar|or|er|ur|im|om|as|es|ic|at|et|it|ot|pt|og|ph|th|rd|id)(is)(?:e[dsr]?|ers|ing|ations?|ational|able)$`)
	keepIse = regexp.MustCompile(`^(?:un)?(?:(?:com)?promis|arise|arising|exercis|excis|incis|concise|valise|treatise|cerise|tennis|disguis|anise|denise|elise)`)
	// reDouble doubles no l in America.
	reDouble = regexp.MustCompile(`^(trave|cance|labe|mode|signa|fue|counse|quarre|leve|tota|channe|dia|riva|tunne|unrave|marve|wooll?e|equa|initia|panne|shove|meta)ll(ed|ing|ers?|ors?|ous|ously)$`)
)

// inOur are the stems of the words in -our that America writes with -or.
var inOur = set(`lab harb neighb hon fav col behavi hum rum endeav vap rig val arm sav splend tum od clam cand ferv demean flav parl savi vig enam ranc succ`)

var respelled = pairs(`theatre theater theatres theaters fibre fiber fibres fibers litre liter litres liters spectre specter meagre meager calibre caliber
	lustre luster sabre saber sombre somber centred centered
	defence defense defences defenses defenceless defenseless offence offense offences offenses licence license licences licenses pretence pretense
	programme program programmes programs analyse analyze analysed analyzed analysing analyzing paralyse paralyze paralysed paralyzed paralysing paralyzing
	catalyse catalyze fulfil fulfill fulfils fulfills fulfilment fulfillment enrol enroll enrols enrolls enrolment enrollment skilful skillful wilful willful
	instalment installment instalments installments jewellery jewelry cheque check cheques checks ageing aging grey gray greyish grayish
	towards toward afterwards afterward tyre tire tyres tires plough plow ploughs plows mould mold moulds molds sceptic skeptic sceptics skeptics
	sceptical skeptical scepticism skepticism judgement judgment judgements judgments acknowledgement acknowledgment aluminium aluminum
	manoeuvre maneuver manoeuvres maneuvers manoeuvred maneuvered manoeuvring maneuvering haemorrhage hemorrhage paediatric pediatric foetus fetus
	practise practice practised practiced practising practicing whilst while amongst among learnt learned burnt burned artefact artifact artefacts artifacts
	enquiry inquiry enquiries inquiries sulphur sulfur woollen woolen yoghurt yogurt cosy cozy maths math sizeable sizable likeable likable
	grey-haired gray-haired aeroplane airplane aeroplanes airplanes pyjamas pajamas kerb curb dependant dependent`)

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

func pairs(words string) map[string]string {
	m := make(map[string]string)
	list := strings.Fields(words)
	for i := 0; i+1 < len(list); i += 2 {
		m[list[i]] = list[i+1]
	}
	return m
}
