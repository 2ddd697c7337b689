package check

import (
	"regexp"
	"slices"
	"strings"

	"depeche/segment"
)

// untranslated reports a target that is its source, or mostly French.
func untranslated(t *text) {
	lower, foreign, written := 0, 0, 0
	for _, w := range t.wordsOf(1) {
		if part := strings.ToLower(elided(w.text)); lowerWord(part) && (part == w.text || w.start || part != w.text && elided(w.text) != w.text) {
			lower++
			if french(part) {
				foreign++
				if !capitalised(w.text) {
					written++
				}
			}
		}
	}
	all := segment.Span{End: len(t.target)}
	switch {
	case written > 0 && squash(t.source) == squash(t.target):
		t.report(segment.Span{End: len(t.source)}, all, "", "the translation is the source")
	case foreign >= 3 && foreign*100 >= lower*45:
		t.report(segment.Span{End: len(t.source)}, all, "", "the translation is mostly French")
	}
}

// squash keeps letters and digits in lower case.
func squash(s string) string {
	return strings.Join(reWord.FindAllString(strings.ToLower(s), -1), " ")
}

// frenchEnding holds for words that no vocabulary has but that end as only
// French words do.
var frenchEnding = regexp.MustCompile(`(?:istes?|iques?|euses?|eux|ités?|tés?|tées?|aient|eraient|issement|ière|ières)$`)

// particles are French words that English texts hold inside names and titles.
var particles = map[string]bool{"de": true, "du": true, "des": true, "la": true, "le": true, "les": true, "et": true, "un": true, "une": true, "aux": true, "au": true, "sur": true, "en": true, "d": true, "l": true, "sous": true, "saint": true, "y": true, "par": true, "aux-": true}

// loans are words of the French vocabulary that English has borrowed.
var loans = strings.Fields(`résumé café cafés cliché clichés fiancé fiancée façade façades décor entrée entrées débâcle détente élite élites émigré émigrés exposé
 matinée née naïve naïveté première premières protégé protégés régime régimes séance séances soirée soirées touché coup coups état chargé chargés communiqué communiqués
 attaché attachés consommé crème brûlée croissant croissants déjà vu façon menu oeuvre œuvre raison être rendez-vous tête-à-tête vis-à-vis à la carte mode propos
 bourgeoisie bourgeois chic comte laissez-faire sans culotte baguette baguettes fraîche pâté foie gras roi ancien lycée lycées château châteaux sommelier gendarmerie gendarme gendarmes
 préfecture banlieue banlieues ennui genre genres milieu motif motifs nuance rapport rapporteur rapporteurs reportage reservoir silhouette souvenir souvenirs tableau tour acquis
 communautaire adieu amateur amateurs aide mémoire avant garde blasé bouquet brunette cachet carte chauffeur chic cinéma concierge connoisseur cortège corps crêpe crêpes cuisine
 décolletage dossier dossiers élan encore ensemble entente esprit etiquette faux femme fête flâneur force majeure forte franc-tireur frisson gaffe gauche haute hors impasse
 joie maître d'hôtel mélange ménage métier mousse noir nouveau nouvelle papier-mâché parole passé petit petite piste plat du jour pied précis prêt quiche quartier quartiers
 recherché ricochet risqué rôle rôles roué route sabotage sang-froid savant savoir faire simulacre suite table d'hôte terroir toilette tricolore trompe l'œil vin vignette voilà voyeur
 zouave burqa hijab radar tsar tsars fatwa patois créole créoles dauphin madame monsieur mademoiselle messieurs moi bon voyage vivre cru crus vigneron halal brut
 arrondissement arrondissements commune communes département départements maison`)

// untranslatedWords reports French words that were copied into the target.
func untranslatedWords(t *text) {
	source := make(map[string]bool)
	for _, w := range t.wordsOf(0) {
		source[strings.ToLower(w.text)] = true
		source[strings.ToLower(elided(w.text))] = true
	}
	words := t.wordsOf(1)
	var found []word
	lower := 0
	for i, w := range words {
		part := elided(w.text)
		plain := strings.ToLower(part)
		if !lowerWord(part) && !(w.start && lowerWord(plain) && i+1 < len(words) && lowerWord(words[i+1].text)) {
			continue
		}
		lower++
		if !source[plain] && !source[strings.ToLower(w.text)] || slices.Contains(loans, plain) || slices.Contains(t.config.Allow, plain) {
			continue
		}
		_, known := vocabulary[plain]
		switch {
		case known && !french(plain), !known && (!frenchEnding.MatchString(plain) || len(plain) < 6):
			continue
		case particles[plain] && !frenchAround(words, i), len(plain) < 3 && !particles[plain], foreignTitle(words, i):
			continue
		}
		found = append(found, w)
	}
	for _, w := range found {
		t.report(segment.Span{}, w.span, "", "“%s” was left in French", w.text)
	}
}

// frenchAround reports whether a neighbour of a particle is a French word in
// lower case: then the particle is no part of a name.
func frenchAround(words []word, i int) bool {
	for _, j := range []int{i - 1, i + 1} {
		if j < 0 || j >= len(words) {
			continue
		}
		if w := words[j].text; lowerWord(w) && french(w) && !slices.Contains(loans, w) {
			return true
		}
	}
	return false
}

// foreignTitle reports whether a word stands inside a French title or name:
// capitals on both sides, no further than two words away.
func foreignTitle(words []word, i int) bool {
	before, after := false, false
	for d := 1; d <= 2; d++ {
		if i-d >= 0 && capitalised(words[i-d].text) && (words[i].span.Start-words[i-d].span.End) < 8 {
			before = true
		}
		if i+d < len(words) && capitalised(words[i+d].text) {
			after = true
		}
	}
	return before && after
}

var (
	reNegation = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:ne |n['’])(?:[\pL'’-]+,? ){1,5}?(pas|plus|jamais|rien|aucune?|personne|guère|nullement)(?:[^\pL]|$)|(?:^|[^\pL])(?:ne |n['’])(pas|jamais|rien|plus) [\pL'’-]+(?:er|ir|re|oir)\b|(?:^|[^\pL])(rien|personne|aucune? \pL+)(?: \pL+)? (?:ne |n['’])`)
	// What English says without "not" for a French negation.
	reNegative = regexp.MustCompile(`(?i)\b(?:no|not|non|nor|none|never|nothing|nobody|no-one|neither|nowhere|without|cannot|cant|dont|wont|hardly|barely|scarcely|rarely|seldom|unable|unless|without|instead|rather|fail(?:s|ed|ing|ure|ures)?|refus(?:e|es|ed|ing|al)|den(?:y|ies|ied|ying|ial)|lack(?:s|ed|ing)?|absen(?:t|ce)|prevent(?:s|ed|ing)?|avoid(?:s|ed|ing)?|reject(?:s|ed|ing|ion)?|stop(?:s|ped)?|ceas(?:e|es|ed)|miss(?:es|ed|ing)?|few|fewer|little|least|less|only|just|exclu(?:de|des|ded|ding|sive)|forbid(?:den|s)?|prohibit(?:s|ed)?|ban(?:ned|s)?|beyond|free of|far from|too|but|except|until|ignor(?:e|es|ed|ing)|false|unlike|despite|regardless|minus|zero|otherwise|lest|keep(?:s|ing)? from|kept from|wrongly|illegal\w*|illicit|invalid\w*|irre\w+|irra\w+|ir(?:regular|rational)\w*|impossib\w+|imposs\w*|imp(?:erfect|roper|recise)\w*|immov\w+|inevitab\w+|ina\w+|inc(?:ap|om|on|or)\w+|ind(?:ep|isp|iff|ef)\w+|ine\w+|inf(?:req|ert)\w+|ins(?:uff|ig|tab|ecure)\w*|inv(?:is|al)\w+|inop\w+|una\w+|unb\w+|unc\w+|und(?:o|ue|es|is)\w*|une\w+|unf\w+|unh\w+|unj\w+|unk\w+|unl\w+|unm\w+|unn\w+|uno\w+|unp\w+|unr\w+|uns\w+|unt(?:o|r|e)\w+|unu\w+|unv\w+|unw\w+|dis(?:ag|app|lik|reg|cont|cour|ob|tr|resp|sat|bel|own)\w*|mis(?:s|un|lead|tak)\w*|devoid|spared?|withheld|refrain\w*|abstain\w*|oppos\w+|contrary|declin\w+|neglect\w*|remain\w* to|yet to|anymore|any more|any longer|hard(?:er)? to|difficult\w*|(?:\w+less(?:ly)?))\b|n['’]t\b|\bnon-`)
	reNotReal  = regexp.MustCompile(`(?i)n['’]est-ce pas|n['’]y a-t-il pas|ne .{1,40} (?:pas|plus) (?:seulement|uniquement|moins|simplement|que)\b|pas (?:moins|plus) de\b|ne .{1,30}plus que\b|n['’].{1,30}plus que\b|ne manque\w* pas|ne cess|ne peu\w* que|rien (?:d['’]autre )?que|pourquoi (?:ne|n['’])|[-–](?:t-)?(?:il|elle|on|ils|elles|vous|nous|tu) pas\b|plus (?:que|tard|tôt|grand|d(?:e|['’]) ?\d)`)
)

// negationLost reports a source with ne … pas and its like whose translation
// has no word that denies.
func negationLost(t *text) {
	m := reNegation.FindStringSubmatchIndex(t.source)
	if m == nil || reNotReal.MatchString(t.source) || strings.HasSuffix(strings.TrimSpace(t.source), "?") || reNegative.MatchString(t.target) {
		return
	}
	start, end := m[2], m[3]
	for g := 4; start < 0; g += 2 {
		start, end = m[g], m[g+1]
	}
	t.report(segment.Span{Start: start, End: end}, segment.Span{}, "", "“%s” of the source has no counterpart: is the negation lost?", t.source[start:end])
}
