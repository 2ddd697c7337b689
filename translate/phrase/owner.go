package phrase

import "strings"

// owners gives, for each son, sa or ses that belongs to a man or a woman, his
// or her: the engine learned from debates, where parliaments and commissions
// own, and says its. What belongs to a country, an agency or a thing stays.
func owners(tokens []token) []string {
	list := make([]string, len(tokens))
	for i, t := range tokens {
		switch strings.ToLower(t.text) {
		case "son", "sa", "ses":
			list[i] = owner(tokens[:i])
		}
	}
	return list
}

// owner looks back for the nearest that can own: a title, a name of two words,
// or an institution.
func owner(tokens []token) string {
	at := func(i int) string {
		if i < 0 {
			return ""
		}
		return tokens[i].text
	}
	for i := len(tokens) - 1; i >= 0; i-- {
		w := tokens[i].text
		low := strings.ToLower(w)
		name := startsUpper(w) && hasLetter(w) && !acronym(w)
		switch {
		case w == "!" || w == "?" || w == ";" || w == "." && !titles[strings.ToLower(at(i-1))]:
			return ""
		case women[low] || low == "mme" || low == "mlle":
			return "her"
		case men[low] && !name, men[low] && determiners[strings.ToLower(at(i-1))], w == "M" && at(i+1) == ".":
			return "his"
		case acronym(w):
			return ""
		case name && i > 0 && startsUpper(at(i-1)) && hasLetter(at(i-1)) && !acronym(at(i-1)):
			first := i - 1
			for first > 0 && startsUpper(at(first-1)) && hasLetter(at(first-1)) && !determiners[strings.ToLower(at(first-1))] {
				first--
			}
			switch before := strings.ToLower(at(first - 1)); {
			case at(first) == "Mme" || at(first) == "Mlle":
				return "her"
			case determiners[before] || determiners[strings.ToLower(at(first))]:
				return "" // la Maison Blanche
			case before == "à" || before == "en": // à New York
				i = first
				continue
			}
			return firstNames[strings.ToLower(at(first))] // none for Northern Rock
		case name && i > 0 && determiners[strings.ToLower(at(i-1))]:
			return "" // la Russie
		}
	}
	return ""
}

// persons says for each qui whether it stands for somebody: who, not which.
func persons(tokens []token) []bool {
	list := make([]bool, len(tokens))
	those := false // ceux qui affrontent l'EI, qui détestent l'EI
	for i, t := range tokens {
		if t.text == "." {
			those = false
		}
		if strings.ToLower(t.text) != "qui" || i == 0 {
			continue
		}
		noun := i - 1
		if tokens[noun].text == "," && noun > 0 {
			noun--
		}
		w := strings.ToLower(tokens[noun].text)
		list[i] = people[strings.TrimSuffix(w, "s")] || men[strings.TrimSuffix(w, "s")] || women[strings.TrimSuffix(w, "s")] ||
			startsUpper(tokens[noun].text) && owner(tokens[:i]) != "" || those && noun < i-1
		those = those || w == "ceux" || w == "celui"
	}
	return list
}

// humans gives he or she for each il or elle that does what people do, or stands
// behind somebody in the sentence: alone, the search takes most for things.
func humans(tokens []token) []string {
	list := make([]string, len(tokens))
	for i, t := range tokens {
		pronoun := map[string]string{"il": "he", "elle": "she"}[strings.ToLower(t.text)]
		if pronoun == "" {
			continue
		}
		for j := i + 1; j < len(tokens) && j <= i+6 && hasLetter(tokens[j].text); j++ {
			w := tokens[j].text
			speaks := (told[w] || saying[w]) && owner(tokens[:i]) != "" // an institution speaks, too
			if human[strings.TrimSuffix(w, "e")] || speaks || held(tokens[j:]) || w == "est" && j+1 < len(tokens) && born[strings.TrimSuffix(tokens[j+1].text, "e")] {
				list[i] = pronoun
				break
			}
			if !passed[w] {
				break
			}
		}
	}
	return list
}

// held reports whether words say that somebody is in the hands of justice: mis
// en examen, placée sous contrôle judiciaire.
func held(tokens []token) bool {
	if len(tokens) < 3 {
		return false
	}
	switch strings.TrimSuffix(tokens[0].text, "e") {
	case "mis", "placé", "remis":
	default:
		return false
	}
	switch tokens[2].text {
	case "examen", "garde", "détention", "contrôle", "cause", "liberté", "résidence":
		return true
	}
	return false
}

var (
	// participles of what people do and what is done to them
	human = words(`né décédé élu réélu nommé condamné arrêté interpellé blessé tué marié hospitalisé libéré démissionné succombé relaxé acquitté écroué inculpé incarcéré
		soupçonné poursuivi jugé entendu interrogé enlevé assassiné exécuté abattu opéré soigné naturalisé exilé réfugié fui vécu grandi étudié enseigné travaillé joué marqué
		inscrit chanté écrit publié épousé divorcé avoué nié démenti plaidé rencontré reçu remercié félicité salué voté milité combattu déposé menti pleuré
		souri ri crié hurlé parlé répondu raconté cru pensé su voulu aimé`)
	born   = words("né mort décédé âgé")
	passed = words("ne n' a avait aurait est était serait sera aura été pas plus jamais également aussi ensuite enfin déjà toujours alors donc ainsi finalement longtemps notamment brièvement s' se")
	people = words(`ceux celui homme femme enfant jeune personne gen habitant manifestant soldat policier gendarme pompier secouriste otage migrant réfugié combattant
		rebelle jihadiste djihadiste terroriste élu victime survivant rescapé touriste étudiant élève professeur enseignant salarié employé ouvrier agriculteur
		électeur militant citoyen adolescent bébé passager voyageur voisin parent proche prisonnier détenu agresseur assaillant tireur kamikaze fidèle`)
	determiners = words("le la les l' un une des du aux au d' cette ce")
	titles      = words("m mm mme dr st")
	men         = words(`président ministre chef roi pape général colonel capitaine directeur secrétaire patron entraîneur sélectionneur joueur homme
		responsable député sénateur maire avocat juge procureur père fils frère mari prince émir dirigeant opposant candidat chancelier homologue suspect
		journaliste médecin chanteur acteur réalisateur écrivain policier soldat pilote conducteur auteur chercheur économiste diplomate ambassadeur
		gouverneur vice-président ex-président attaquant buteur gardien défenseur champion vainqueur garçon`)
	women = words(`présidente directrice reine chancelière femme mère fille soeur sœur épouse princesse candidate députée sénatrice avocate joueuse
		chanteuse actrice réalisatrice écrivaine policière chercheuse ambassadrice vice-présidente ex-présidente championne dirigeante opposante duchesse`)
	firstNames = func() map[string]string {
		m := make(map[string]string)
		for w := range words(`angela marine anne christine ursula theresa hillary kamala giorgia valérie élisabeth elisabeth elizabeth catherine nathalie michelle marie
		ségolène sophie julie isabelle sandrine florence caroline claire camille emma louise jeanne simone nicole monique brigitte carla rachida najat
		roselyne cécile delphine amélie mathilde manon clémentine audrey aurore charlotte hélène laurence martine michèle aung benazir dilma
		cristina margaret meghan kate diana jacinda sanna magdalena mette greta malala oprah serena venus naomi simona iga aryna beyoncé taylor rihanna
		madonna melania ivanka nancy sonia indira golda tzipi leïla leila fatima aïcha yulia ioulia svetlana maria maryam nadia nadine yaël rima hala`) {
			m[w] = "her"
		}
		for w := range words(`adam alain alassane albert alexandre alexandrin alexeï alexis ali anders andré andreï angelo anthony antoine antonio antony ariel arnaud arthur
			bachar barack ben benjamin benoît bernard bill bob boris bruno carlos charles christian christophe daniel david denis dmitri dominique donald
			édouard edouard elon emmanuel enrique éric eric erdogan étienne evo fabien fabrice fidel félix francis françois franck frédéric gabriel george
			georges gérald gérard gilles giorgio giuseppe grégory guillaume gustavo guy hassan henri hervé hugo hugues ibrahim igor imran ismaïl jacques
			jair james jean jean-claude jean-jacques jean-luc jean-marc jean-marie jean-michel jean-noël jean-paul jean-pierre jérôme jim joe joël john
			jordan jorge josé joseph juan jules julien justin karim keir kevin kofi kylian lakhdar laurent léon lionel louis luc luis marc mario mark martin
			mason mathieu matteo matthieu mauricio maurice max maxime michael michel mikhaïl mike mohamed mohammed mahmoud moussa narendra nelson nicolas
			noël olaf olivier omar oscar pablo pascal patrick paul pedro peter philippe pierre rachid rafael raphaël raoul raúl raymond recep rené
			richard rishi robert roberto roger romain ronald saddam salvador samuel sébastien sergueï sergio serge simon stanislas stéphane steve
			sylvain théo thierry thomas tony victor viktor vincent vladimir volodymyr walter william xavier xi yann yannick yasser yves zinédine`) {
			m[w] = "his"
		}
		return m
	}()
)
