package phrase

import (
	"slices"
	"strings"
)

// Who said it stands behind the verb in French (…, a indiqué la police), before
// it in English (…, police said).

// attribution turns a verb of saying and its subject round where they follow a
// comma or a quotation: the search then reads them in English order. Walls keep
// them there.
func attribution(tokens []token, terms []Term) []token {
	open := false // inside a quotation
	for i := 1; i < len(tokens); i++ {
		mark := tokens[i-1].text
		open = open != (mark == `"`)
		what := mark == "qu'" && i > 1 && tokens[i-2].text == "ce" // c'est ce qu'a déclaré la police
		if mark != "," && (mark != `"` || open) && !what {
			continue
		}
		verb := said(tokens, i)
		if verb == i {
			continue
		}
		subject := aside(tokens, verb)
		end := speaker(tokens, subject)
		quoted := !open && (mark == `"` || i > 1 && tokens[i-2].text == `"`)
		if end == subject || !quoted && !what && (!speaks(tokens[subject:end]) || !complete(tokens[:i-1])) ||
			cuts(terms, tokens, i, subject, end) {
			continue
		}
		turned := slices.Concat(tokens[:i], tokens[subject:end], tokens[i:subject], tokens[end:])
		if what {
			turned[i-1].text = "que"
		}
		turned[i].wall, turned[i+end-subject].wall = true, true
		if end < len(turned) {
			turned[end].wall = true
		}
		tokens = turned
		i = end - 1 // what was turned round has no marks
	}
	return tokens
}

// cuts reports whether a term stands across the beginning of one of the tokens: it
// must stay whole.
func cuts(terms []Term, tokens []token, at ...int) bool {
	return slices.ContainsFunc(at, func(i int) bool {
		return i < len(tokens) && slices.ContainsFunc(terms, func(t Term) bool { return t.Start < tokens[i].start && tokens[i].start < t.End })
	})
}

// said gives the end of a verb of saying that begins with token i, or i.
func said(tokens []token, i int) int {
	at := func(i int) string {
		if i >= len(tokens) {
			return ""
		}
		return tokens[i].text
	}
	switch w := at(i); {
	case saying[w]:
		return i + 1
	case w == "a" || w == "ont" || w == "avait" || w == "avaient":
		next := i + 1
		if sayingAdverbs[at(next)] {
			next++
		}
		if told[at(next)] {
			return next + 1
		}
	case w == "s'" && (at(i+1) == "est" || at(i+1) == "sont"):
		if toldOfOneself[strings.TrimSuffix(strings.TrimSuffix(at(i+2), "s"), "e")] {
			return i + 3
		}
	}
	return i
}

// aside gives the end of the adverbs that stand between a verb of saying and
// its subject: mercredi soir, à l'AFP.
func aside(tokens []token, i int) int {
next:
	for i < len(tokens) {
		if sayingAdverbs[tokens[i].text] {
			i++
			continue
		}
		for _, phrase := range sayingPhrases {
			if i+len(phrase) <= len(tokens) && slices.EqualFunc(tokens[i:i+len(phrase)], phrase, func(t token, w string) bool { return t.text == w }) {
				i += len(phrase)
				continue next
			}
		}
		break
	}
	return i
}

// speaker gives the end of the subject that begins with token i, or i: there is
// none, it is long, or more is said of it behind a comma, where English leaves
// the order.
func speaker(tokens []token, i int) int {
	const most = 12
	if i >= len(tokens) || !subjectStart[tokens[i].text] && !startsUpper(tokens[i].text) {
		return i
	}
	for j := i; j < len(tokens) && j <= i+most; j++ {
		w := tokens[j].text
		switch {
		case w == "." && j > 0 && titles[strings.ToLower(tokens[j-1].text)]:
		case w == ".", w == "!", w == "?", j > i && !subjectStart[tokens[j-1].text] && (subjectEnd[w] || aside(tokens, j) > j):
			return spoken(tokens, i, j)
		case w == "" || !hasLetter(w) && !isNumber(w), auxiliaries[w], relative[w]:
			return i
		}
		if j+1 == len(tokens) {
			return spoken(tokens, i, j+1)
		}
	}
	return i
}

// spoken is end, or i where there is no more than an article before it.
func spoken(tokens []token, i, end int) int {
	if end == i+1 && subjectStart[tokens[i].text] {
		return i
	}
	return end
}

// speaks reports whether a subject is somebody who speaks.
func speaks(subject []token) bool {
	for _, t := range subject {
		if startsUpper(t.text) || speakers[t.text] {
			return true
		}
		if !subjectStart[t.text] && t.text != "autre" && t.text != "même" {
			return false
		}
	}
	return false
}

// complete reports whether words have a finite verb outside a relative clause,
// so that what follows them is no predicate of theirs.
func complete(tokens []token) bool {
	inside := false
	for i := len(tokens) - 1; i >= 0; i-- { // from the last sentence end on
		if tokens[i].text == "." || tokens[i].text == `"` {
			tokens = tokens[i+1:]
			break
		}
	}
	for _, t := range tokens {
		switch w := strings.ToLower(t.text); {
		case relative[w]:
			inside = true
		case w == ",":
			inside = false
		case !inside && (finite[w] || len(w) > 6 && (strings.HasSuffix(w, "aient") || strings.HasSuffix(w, "eront") || strings.HasSuffix(w, "èrent"))):
			return true
		}
	}
	return false
}

var (
	subjectStart = words("le la les l' un une des du son sa ses leur leurs ce cette ces M Mme deux trois plusieurs")
	subjectEnd   = words("lors devant dans sur après avant pour en au aux à selon sous depuis pendant face ;")
	relative     = words("qui que qu' dont où lequel laquelle lesquels")
	finite       = words(`est sont était étaient sera seront serait seraient a ont avait avaient aura auront aurait auraient va vont doit doivent peut peuvent
		fait font reste restent devrait devraient pourrait pourraient faut n'est s'est ne n'`)
	saying = words(`affirme affirment ajoute ajoutent annonce annoncent assure assurent avance avertit commente commentent confie confient confirme confirment
		conclut déclare déclarent déplore déplorent détaille dit disent estime estiment explique expliquent indique indiquent insiste insistent juge jugent
		lance martèle note notent observe observent plaide poursuit précise précisent prévient promet raconte racontent rappelle rappellent rapporte rapportent
		regrette regrettent relève relèvent résume soupire souligne soulignent soutient témoigne témoignent tranche reconnaît révèle révèlent`)
	told = words(`accusé admis affirmé ajouté annoncé argué assené assuré averti avancé avoué clamé commenté conclu confié confirmé conseillé constaté déclaré
		dénoncé déploré détaillé dit écrit estimé évoqué expliqué exhorté fustigé glissé indiqué insisté ironisé jugé lâché lancé martelé menacé mentionné
		noté nuancé observé plaidé poursuivi précisé prédit prévenu proclamé promis raconté rappelé rapporté réagi reconnu regretté relevé relaté renchéri
		répété répondu résumé rétorqué répliqué révélé salué signalé souligné soutenu soufflé tempéré témoigné titré tonné tranché twitté tweeté vanté`)
	toldOfOneself = words("agacé alarmé défendu désolé emporté enthousiasmé étonné exclamé félicité indigné inquiété insurgé interrogé justifié lamenté réjoui ému")
	sayingAdverbs = words(`lundi mardi mercredi jeudi vendredi samedi dimanche matin soir midi après-midi hier aujourd'hui également aussi notamment ainsi enfin ensuite
		auparavant encore même alors toutefois cependant brièvement sobrement`)
	sayingPhrases = func() (list [][]string) {
		for _, line := range []string{"à l' AFP", "à Reuters", "à la presse", "à des journalistes", "aux journalistes", "à la télévision", "de son côté", "de leur côté",
			"pour sa part", "par ailleurs", "dans un communiqué", "dans la soirée", "dans la matinée", "dans la nuit", "en fin de journée", "plus tard", "plus tôt",
			"à la mi-journée", "devant la presse", "sur Twitter", "sur X"} {
			list = append(list, strings.Fields(line))
		}
		return list
	}()
	speakers = words(`police gendarmerie ministre ministère ministres président présidente présidence porte-parole gouvernement source sources autorités autorité
		parquet procureur procureure préfecture préfet préfète maire mairie armée agence chaîne médias presse groupe entreprise compagnie constructeur
		responsable responsables organisation organisations association associations ONG journal quotidien hebdomadaire magazine institut banque secrétaire
		directeur directrice patron chef cheffe général colonel commandant opérateur exploitant avocat avocate avocats défense famille témoin témoins syndicat
		syndicats ambassade ambassadeur diplomate diplomates diplomatie expert experts analyste analystes économiste économistes chercheur chercheurs médecin
		médecins hôpital pompiers secouristes secours protection direction commission conseil parti opposition mouvement rébellion coalition observatoire
		premier première vice-président entraîneur sélectionneur joueur fédération club haut-commissaire émissaire envoyé télévision radio rapport étude enquête
		office bureau fonds syndicaliste député députée sénateur élu élus juge tribunal cour juridiction bulletin communiqué dirigeant dirigeants`)
)
