package dispatch

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
)

// lineMax is the length in bytes of the longest line that is looked at for
// what stands on a line of its own.
const lineMax = 300

var (
	alertLine      = regexp.MustCompile(`^\W*(?:URGENT|FLASH|ALERTE|BULLETIN|DERNIÈRE MINUTE|PRIORITAIRE|Urgent|Alerte|Flash)(?:\s+(?:URGENT|INFO|AFP|\d+))*\s*(?:$|[:/!*–—-].*)`)
	correctionLine = regexp.MustCompile(`^\W*(?:` +
		`(?:RECTIFICATIF|RECTIFICATION|CORRECTIF|CORRECTION|ERRATUM|ERRATA|ANNULATION|MISE AU POINT|ANNULE ET REMPLACE|NOTE AUX? RÉDACTIONS?|NOTE AUX? REDACTIONS?|RÉPÉTITION|REPETITION)\b` +
		`|(?:Rectificatif|Correctif|Correction|Erratum|Rectification|Précision)\s*[:–—(-]` +
		`|(?:Corrige|Corrigée?|CORRIGE|Rectifie|Précise|Supprime|Ajoute|Actualise|Répétition)\s+.*\b(?:paragraphes?|titre|chapô|intertitre|dépêche|orthographe|légende|signature)\b` +
		`|(?:Bien|BIEN) lire\b|(?:Lire bien|Prière de lire)\b|(?:Cette dépêche|La présente dépêche) (?:annule|corrige|remplace))`)
	embargoLine = regexp.MustCompile(`^\W*(?:EMBARGO\b|SOUS EMBARGO|Embargo\s*:|Embargo (?:jusqu|levé|au|absolu|strict)|Sous embargo|(?i:ne pas (?:publier|diffuser) avant)|(?i:sous embargo jusqu)|(?i:embargo jusqu))`)
	endLine     = regexp.MustCompile(`^\W*(?:30|FIN|Fin|END|FIN DE (?:LA )?DÉPÊCHE|FIN DU COMMUNIQUÉ|fin du communiqué|À SUIVRE|A SUIVRE|à suivre)\W*$`)
	wireLine    = regexp.MustCompile(`^[A-Z]{3}\s?\d{2,5}\s+\d\s+[A-Z]{1,3}\s+\d{2,5}\b.*$|^[a-z]{2,}\d{3,5}[a-z]?$`)
)

// keywords are the first words, in lower case, of the lines that standing and
// byline look for: most lines are told apart from them by this alone.
var keywords = keywordTable(`urgent flash alerte bulletin dernière prioritaire
	rectificatif rectification correctif correction erratum errata annulation mise annule note répétition repetition
	précision corrige corrigé corrigée rectifie précise supprime ajoute actualise bien lire prière cette la
	embargo sous ne fin end à a
	par de propos recueilli signé auteur rédigé publié texte by`)

func keywordTable(words string) map[string]bool {
	t := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		t[w] = true
	}
	return t
}

// keyed says whether text begins with one of the keywords.
func keyed(text string) bool {
	start := strings.IndexFunc(text, unicode.IsLetter)
	if start < 0 {
		return false
	}
	word := text[start:min(len(text), start+40)]
	if end := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		word = word[:end]
	}
	return keywords[strings.ToLower(word)]
}

// standing gives the kind of a text that says by itself what it is: an alert,
// a correction, an embargo, a separator; "" for all others.
func standing(text string) segment.Kind {
	if len(text) > lineMax {
		return ""
	}
	switch {
	case strings.IndexFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0,
		len(text) < 40 && endLine.MatchString(text), hasDigit(text[:min(len(text), 16)]) && wireLine.MatchString(text):
		return segment.Separator
	case !keyed(text):
		return ""
	case embargoLine.MatchString(text):
		return segment.Embargo
	case correctionLine.MatchString(text):
		return segment.Correction
	case alertLine.MatchString(text):
		return segment.Alert
	}
	return ""
}

// alone says whether a line makes a block of its own even in the midst of
// others.
func alone(text string) bool {
	if len(text) > lineMax {
		return false
	}
	if standing(text) != "" || dateLine(text) || strings.Contains(text, "/") && signInits.MatchString(text) {
		return true
	}
	_, ok := byline(text)
	return ok
}

// behindKeyword gives the headline that an alert or a correction carries
// behind its keyword; "" if there is none.
func behindKeyword(text string) string {
	if strings.HasPrefix(text, "(") {
		return ""
	}
	if i := strings.IndexAny(text, ":–—-/!*"); i >= 0 {
		return strings.TrimFunc(text[i:], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(":–—-/!*", r) })
	}
	return ""
}

var labels = regexp.MustCompile(`^(?i:communiqué(?: de presse)?|communique(?: de presse)?|dépêche|dossier de presse|pour diffusion immédiate|point de presse|info\s+\p{L}+|actualités?|international|politique|économie|sport|culture|monde|france)\W*$`)

// slug is how news systems name a subject: "Israël-Gaza-conflit", "France/Politique".
var slug = regexp.MustCompile(`^\p{Lu}[\p{L}\d.]*(?:(?:-[\p{L}\d.]+){2,}|(?:/\p{Lu}[\p{L}\d.]*)+)$`)

// label says whether text, above the headline, names the sort of text or its
// section only.
func label(text string) bool {
	return len(text) < 60 && (labels.MatchString(text) || slug.MatchString(text))
}

var interview = regexp.MustCompile(`^(?:Q|R|Question|Réponse|QUESTION|RÉPONSE)[\s\x{a0}\x{202f}]?(?:[:.–—-])[\s\x{a0}\x{202f}]`)

var agencies = regexp.MustCompile(`\b(AFP|Reuters|REUTERS|Associated Press|AP|ANSA|EFE|DPA|dpa|Xinhua|XINHUA|TASS|Tass|RIA Novosti|Sputnik|Belga|BELGA|ATS|Ats|Keystone-ATS|APS|MAP|TAP|Anadolu|AA|PANAPRESS|APA|La Presse Canadienne|PC|Kyodo|Bloomberg|AGEFI|Agence Ecofin|Ecofin|News Press|NEWS Press|PRNewswire|Business Wire|BUSINESS WIRE|GLOBE NEWSWIRE|AEF|AIP|APP|ABI|Infosplus|UPI|KUNA|WAM|IRNA|SANA|Zonebourse|AOF|MT Newswires)\b`)

// agency finds the name of a news agency in text; "" if there is none.
func agency(text string) string { return agencies.FindString(text) }

var (
	signatureLine = regexp.MustCompile(`^(?:\(?(?i:avec|source\s*:|sources\s*:)\s+.{2,60}|©.{2,80}|\(c\) .{2,80}|\((?i:reporting by|édité par|edité par|version française|service français|rédigé par|rédaction|bureau|avec la contribution|reportage).*\)|` +
		`(?i:copyright)\b.{0,80}|(?i:tous droits (?:de reproduction et de représentation )?réservés).{0,80})$`)
	editors   = regexp.MustCompile(`^\(?.{3,120}(?i:, (?:édité|edité|rédigé|traduit|avec|version française) (?:par|de|pour|avec) ).{3,120}\)?$`)
	signInits = regexp.MustCompile(`^[a-zà-ÿ]{2,5}(?:-[a-zà-ÿ]{2,5})?(?:/[a-zà-ÿ]{2,6}(?:-[a-zà-ÿ]{2,5})?)*$|^[A-Z]{2,4}(?:/[A-Za-z]{2,5})+$`)
)

// signature says whether text, at the end of a dispatch, signs it: "Avec AFP",
// "jd/mc", "(Paul Dupont, édité par Anne Durand)".
func signature(text string) bool {
	if len(text) > lineMax {
		return false
	}
	bare := strings.Trim(text, "()[].,*/–—- \u00a0")
	if a := agency(bare); a != "" && len(bare) < len(a)+12 && !strings.ContainsAny(bare, ".!?") && len(strings.Fields(bare)) <= 4 {
		return true
	}
	return signInits.MatchString(text) || signatureLine.MatchString(text) && !sentences(text) || editors.MatchString(text)
}

// sentences says whether text ends like a sentence, with a stop and no bracket.
func sentences(text string) bool {
	return strings.HasSuffix(text, ".") && !strings.HasPrefix(text, "©")
}

const name = `\p{Lu}[\p{L}'’.-]*(?:\s+(?:(?:de|du|des|d'|van|von|der|le|la|el|al|ben|ibn|bin)\s+)*\p{Lu}[\p{L}'’.-]*)*`

var bylineText = regexp.MustCompile(`^(?:Par|PAR|par|De notre (?:envoyée?|correspondante?)|De nos (?:envoyée?s|correspondante?s)|Propos recueillis par|PROPOS RECUEILLIS PAR|Recueilli par|Signé|Auteur\s*:|Rédigé par|Publié par|Texte par\s*:|By)\s+(` + name + `(?:(?:\s*,\s*|\s+et\s+|\s*&\s*|\s+avec\s+)(?:(?:à|en|au|aux|de)\s+)?` + name + `)*(?:\s*[,(].{0,60}|\s+(?:à|en|au|aux)\s+.{1,60})?|(?:spéciale?|permanente?|particulière?|spéciaux|à|en)\b.{0,80})$`)

// byline gives the names of a byline: "Par Jean Dupont, à Moscou".
func byline(text string) (names string, ok bool) {
	if len(text) > 160 || !keyed(text) || ends(text) && !strings.HasSuffix(text, ")") {
		return "", false
	}
	m := bylineText.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return m[1], true
}

var listMarker = regexp.MustCompile(`^(?:([•‣◦▪●■►➤·])\s|([-–—*])\s+|(\d{1,2}(?:\.\d{1,2})?)\s?[.)°/-]\s+|(\(?[a-zA-Z]\))\s+|(\(\d{1,2}\))\s+|([IVX]{1,5})\s?[.)-]\s+)`)

// marker gives the kind of list marker that text begins with: "•", "-", "1",
// "a", "(1)", "I"; "" if it begins with none.
func marker(text string) string {
	m := listMarker.FindStringSubmatch(text[:min(len(text), 24)])
	for i, kind := range []string{"•", "-", "1", "a", "(1)", "I"} {
		if m != nil && m[i+1] != "" {
			return kind
		}
	}
	return ""
}

// title says whether text can be a headline of up to most bytes: it has no
// full stop at its end and none within.
func title(text string, most int) bool {
	if len(text) > most || strings.HasSuffix(text, ":") || strings.HasSuffix(text, ",") || strings.HasSuffix(text, ";") {
		return false
	}
	if r, _ := utf8.DecodeLastRuneInString(text); strings.ContainsRune(".…", r) && !strings.HasSuffix(text, "...") && r != '…' {
		return false
	}
	t := strings.TrimRight(text, "»”\")]’› \u00a0\u202f")
	if strings.HasSuffix(t, ".") && !strings.HasSuffix(t, "...") && len(text)-len(t) > 0 && len(text) > 120 {
		return false // a quotation that ends with its sentence
	}
	var s segment.Splitter
	return len(s.Split(text)) <= 2
}

// asks says whether text is a question or an answer of an interview.
func asks(text string) bool { return interview.MatchString(text) }

// intertitle says whether text, blank lines around it, can be a heading in the
// midst of a dispatch.
func intertitle(text string) bool {
	if len(text) > 120 || ends(text) && !strings.HasSuffix(text, "?") && !strings.HasSuffix(text, "!") || goesOn(text) {
		return false
	}
	if strings.HasSuffix(text, ":") || strings.HasSuffix(text, ";") || asks(text) {
		return false
	}
	if utf8.RuneCountInString(text) > 80 || len(strings.Fields(text)) > 12 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, "«“\"‹‘(–—- \u00a0\u202f"))
	return unicode.IsUpper(r) || unicode.IsDigit(r)
}

var dashed = regexp.MustCompile(`^[-–—]\s*\S.{1,78}\S\s*[-–—]$`)

// between recognises the wire form of a heading: "- Mécanismes appropriés -".
func between(text string) bool { return len(text) < 120 && dashed.MatchString(text) }

// sameText compares two texts by their letters and digits.
func sameText(a, b string) bool {
	if len(a) > 2*len(b)+16 || len(b) > 2*len(a)+16 {
		return false
	}
	fold := func(s string) string {
		return strings.Map(func(r rune) rune {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				return -1
			}
			return unicode.ToLower(r)
		}, s)
	}
	return fold(a) == fold(b)
}

func hasDigit(text string) bool { return strings.ContainsAny(text, "0123456789") }
