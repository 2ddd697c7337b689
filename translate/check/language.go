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
var loans = strings.Fields(`fait accompli résumé café cafés cliché clichés fiancé fiancée façade façades décor entrée entrées débâcle détente élite élites émigré émigrés exposé
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
	quoted := quotations(t.target)
	var found []word
	for i, w := range words {
		part := elided(w.text)
		plain := strings.ToLower(part)
		if within(quoted, w.span.Start) { // an English text speaks of French words in marks
			continue
		}
		if !lowerWord(part) && !(w.start && !allCapitals(part) && lowerWord(plain) && i+1 < len(words) && lowerWord(words[i+1].text)) {
			continue
		}
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
	reNegation = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:ne |n['’])(?:[\pL'’-]+,? ){1,5}?(pas|plus|jamais|rien|aucune?|personne|guère|nullement|ni)(?:[^\pL]|$)|(?:^|[^\pL])(?:ne |n['’])(pas|jamais|rien|plus) [\pL'’-]+(?:er|ir|re|oir)\b|(?:^|[^\pL])(rien|personne|aucune? \pL+)(?: \pL+)? (?:ne |n['’])`)
	// What English says without "not" for a French negation.
	reNegative = regexp.MustCompile(`(?i)\b(?:no|not|non|nor|none|never|nothing|nobody|no-one|neither|nowhere|without|cannot|cant|dont|wont|hardly|barely|scarcely|rarely|seldom|unable|unless|without|instead|rather|fail(?:s|ed|ing|ure|ures)?|refus(?:e|es|ed|ing|al)|den(?:y|ies|ied|ying|ial)|lack(?:s|ed|ing)?|absen(?:t|ce)|prevent(?:s|ed|ing)?|avoid(?:s|ed|ing)?|reject(?:s|ed|ing|ion)?|stop(?:s|ped)?|ceas(?:e|es|ed)|miss(?:es|ed|ing)?|few|fewer|little|least|less|only|just|any|anyone|anything|remember\w*|feel free|make sure|(?:is|are|was|were|goes|going|went|seriously) wrong|s[ck]eptic\w*|anti-\w+|anti\w+ic|unti\w+|expir\w+|differ\w*|defici\w*|regardless|barr\w+|resist\w*|poor\w*|weak\w*|clear of|off|away|out of|apart|as (?:normal|usual)|still|insuff\w+|inadeq\w+|shun\w*|spurn\w*|halt\w*|withdr\w+|exclu(?:de|des|ded|ding|sive)|forbid(?:den|s)?|prohibit(?:s|ed)?|ban(?:ned|s)?|beyond|free of|far from|too|but|except|until|ignor(?:e|es|ed|ing)|false|unlike|despite|regardless|minus|zero|otherwise|lest|keep(?:s|ing)? from|kept from|wrongly|illegal\w*|illicit|invalid\w*|irre\w+|irra\w+|ir(?:regular|rational)\w*|impossib\w+|imposs\w*|imp(?:erfect|roper|recise)\w*|immov\w+|inevitab\w+|ina\w+|inc(?:ap|om|on|or)\w+|ind(?:ep|isp|iff|ef)\w+|ine\w+|inf(?:req|ert)\w+|ins(?:uff|ig|tab|ecure)\w*|inv(?:is|al)\w+|inop\w+|una\w+|unb\w+|unc\w+|und(?:o|ue|es|is)\w*|une\w+|unf\w+|unh\w+|unj\w+|unk\w+|unl\w+|unm\w+|unn\w+|uno\w+|unp\w+|unr\w+|uns\w+|unt(?:o|r|e)\w+|unu\w+|unv\w+|unw\w+|dis(?:ag|app|lik|reg|cont|cour|ob|tr|resp|sat|bel|own)\w*|mis(?:s|un|lead|tak)\w*|devoid|spared?|withheld|refrain\w*|abstain\w*|oppos\w+|contrary|declin\w+|neglect\w*|remain\w* to|yet to|anymore|any more|any longer|hard(?:er)? to|difficult\w*|(?:\w+less(?:ly)?))\b|n['’]t\b|\bnon-`)
	reNotReal  = regexp.MustCompile(`(?i)n['’]est-ce pas|n['’]y a-t-il pas|n['’](?:oubli|hésit)ez|n['’]import|ne peut plus|de rien n['’]|pas sans |n['’]en faut pas|ne tard|ne (?:serai|fau|fû|pourrai|devrai)\w*[- ]\w* ?pas|jamais (?:été )?(?:aussi|autant|plus)|ne (?:fait|font|laisse|manque)\w* (?:aucun|pas) |qui n['’](?:est|était|était) pas un|ne .{1,40} (?:pas|plus) (?:seulement|uniquement|moins|simplement|que)\b|pas (?:moins|plus) de\b|n['’]en \pL+ pas moins|n['’]empêche|ne .{1,30}plus que\b|n['’].{1,30}plus que\b|ne manque\w* pas|ne cess|ne peu\w* que|rien (?:d['’]autre )?que|pourquoi (?:ne|n['’])|[-–](?:t-)?(?:il|elle|on|ils|elles|vous|nous|tu) pas\b|plus (?:que|tard|tôt|grand|d(?:e|['’]) ?\d)`)
)

// Words that deny by themselves, and those of reNegative that do so only in
// some sentences.
var (
	reDenial = regexp.MustCompile(`(?i)\b(?:no|not|non|nor|none|never|nothing|nobody|no-one|neither|nowhere|without|cannot)\b|n['’]t\b`)
	reMild   = regexp.MustCompile(`(?i)^(?:but|too|only|just|any\w*|off|away|out of|still|fewer|less|least|apart|otherwise|instead|rather|until|yet to|remember\w*|make sure|differ\w*|barr\w+|resist\w*|anti-\w+)$`)
)

// negationLost reports a source with ne … pas and its like whose translation
// has no word that denies, or none near the words that are denied.
func negationLost(t *text) {
	if strings.HasSuffix(strings.TrimSpace(t.source), "?") || reNotReal.MatchString(t.source) {
		return
	}
	all := reNegation.FindAllStringSubmatchIndex(t.source, -1)
	if len(all) == 0 {
		return
	}
	negative := slices.DeleteFunc(reNegative.FindAllStringIndex(t.target, -1), func(n []int) bool { return t.ownNegative(strings.TrimSpace(t.target[n[0]:n[1]])) })
	denials := 0
	for _, n := range negative {
		if reDenial.MatchString(t.target[n[0]:n[1]]) {
			denials++
		}
	}
	for _, m := range all {
		at := segment.Span{Start: -1}
		for g := 2; at.Start < 0; g += 2 {
			at = segment.Span{Start: m[g], End: m[g+1]}
		}
		if len(negative) == 0 || denials < len(all) && t.affirmed(m[0], at.End, negative) {
			t.report(at, segment.Span{}, "", "“%s” of the source has no counterpart: is the negation lost?", at.Of(t.source))
			return
		}
	}
}

// ownNegatives are words of the target that deny or may deny, with the French
// words that they stand for without any ne … pas.
var ownNegatives = map[string][]string{"without": {"sans"}, "until": {"jusqu"}, "unless": {"moins", "sauf"}, "but": {"mais", "or"}, "too": {"trop", "aussi"}, "still": {"encore", "toujours"}, "only": {"seul", "uniquement", "seulement", "que"}, "just": {"juste", "seulement", "simplement"}, "few": {"peu", "quelques"}, "little": {"peu", "petit"}, "less": {"moins"}, "least": {"moins"}, "fewer": {"moins"}, "nor": {"ni"}, "out of": {"hors"}, "off": {"eteint"}, "away": {"loin"},
	"despite": {"malgre", "depit"}, "except": {"sauf", "hormis", "excep"}, "otherwise": {"sinon", "autrement"}, "rather": {"plutot"}, "instead": {"lieu", "plutot"}, "apart": {"part"}, "beyond": {"dela"}, "unfortunately": {"malheureusement"}, "hard to": {"difficile"}, "regardless": {"quel", "independamment", "sans"}}

// ownNegative reports whether a word that denies stands for a word of the
// source that does so itself, such as sans, refuser or illégal, and so answers
// to no ne … pas.
func (t *text) ownNegative(denial string) bool {
	f := fold(denial)
	if reDenial.MatchString(denial) && ownNegatives[f] == nil {
		return false
	}
	start, s := f[:min(len(f), max(4, len(f)*5/8))], stem(f)
	return slices.ContainsFunc(t.wordsOf(0), func(w word) bool {
		own := fold(elided(w.text))
		switch own {
		case "pas", "plus", "jamais", "rien", "aucun", "aucune", "personne", "guere", "nullement":
			return false
		}
		if slices.ContainsFunc(ownNegatives[f], func(fr string) bool {
			return own == fr || len(fr) > 4 && strings.HasPrefix(own, fr) || own == fr+"e" || own == fr+"s" || own == fr+"es"
		}) {
			return true
		}
		return len(f) > 3 && len(own) > 3 && (strings.HasPrefix(own, start) || slices.ContainsFunc(lexicon()[stem(own)], func(e string) bool { return e == s || len(e) > 3 && strings.HasPrefix(s, e) }))
	})
}

// affirmed reports whether the words that the source denies from start to a few
// words after end have translations in the target, all of them far from a word
// that may deny.
func (t *text) affirmed(start, end int, negative [][]int) bool {
	target := t.wordsOf(1)
	type denial struct {
		at     int  // index of the word in the target
		strong bool // reaches over commas
	}
	var near []denial
	for _, n := range negative {
		if reMild.MatchString(strings.TrimSpace(t.target[n[0]:n[1]])) {
			continue
		}
		for i, w := range target {
			if w.span.Start < n[1] && n[0] < w.span.End {
				near = append(near, denial{i, reDenial.MatchString(t.target[n[0]:n[1]])})
			}
		}
	}
	found, after := 0, 0
	for _, w := range t.wordsOf(0) {
		if w.span.Start < start {
			continue
		}
		if w.span.Start >= end {
			if after++; after > 4 || strings.ContainsAny(t.source[end:w.span.Start], ",;:.") {
				break
			}
		}
		f := fold(elided(w.text))
		if len(f) < 4 || everywhere[f] {
			continue
		}
		words := lexicon()[stem(f)]
		for i, e := range target {
			look := fold(e.text)
			if !slices.Contains(words, stem(look)) && !(len(f) > 4 && strings.HasPrefix(look, f[:max(4, len(f)*5/8)])) {
				continue
			}
			found++
			if slices.ContainsFunc(near, func(d denial) bool {
				between := t.target[min(e.span.Start, target[d.at].span.Start):max(e.span.Start, target[d.at].span.Start)]
				return d.at-i <= 4 && i-d.at <= 7 && (d.strong || !strings.ContainsAny(between, ",;:"))
			}) {
				return false
			}
		}
	}
	return found > 0
}
