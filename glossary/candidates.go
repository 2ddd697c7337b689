package glossary

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/segment"
)

// candidate is a name or an acronym in a text. It is sure if its capital is
// not the sentence's own.
type candidate struct {
	span segment.Span
	sure bool
}

// names looks for candidates in one text.
type names struct {
	text string
	toks []token
}

// candidates finds names, which are runs of capitalised words with what
// belongs to them, and acronyms. What a wire service writes around a dispatch
// is none: slugs, bylines, signatures, days and months.
func candidates(text string) []candidate {
	n := names{text, scan(text, nil)}
	if n.byline() {
		return nil
	}
	var list []candidate
	for i := 0; i < len(n.toks); i++ {
		if !n.begins(i) {
			continue
		}
		first := n.opensSentence(i)
		end, acronym := i+1, n.acronym(i)
		for !acronym || n.hyphened(end) {
			k := n.goesOn(end)
			if k == 0 || k > end+1 && n.acronym(k-1) && n.mark(k-2) != '-' && !institutions[fold(n.word(i))] { // "Jean Dupont de l'ONU"
				break
			}
			end = k
		}
		start := i
		if !acronym {
			end = n.institution(i, end)
			start, end = n.ministry(i, end)
		}
		c := candidate{span: segment.Span{Start: int(n.toks[start].start), End: int(n.toks[end-1].end)}}
		c.sure = (acronym || !first || end > i+1 || start < i) && !allCaps(text)
		if n.worth(c, i, end, first) {
			list = append(list, c)
		}
		i = end - 1
	}
	return list
}

func (n *names) word(i int) string {
	if i < 0 || i >= len(n.toks) || !n.toks[i].word() {
		return ""
	}
	return n.text[n.toks[i].start:n.toks[i].end]
}

func (n *names) mark(i int) rune {
	if i < 0 || i >= len(n.toks) {
		return 0
	}
	return n.toks[i].mark()
}

func (n *names) capital(i int) bool { return startsUpper(n.word(i)) }

func (n *names) acronym(i int) bool {
	w := n.word(i)
	return utf8.RuneCountInString(w) > 1 && allCaps(strings.TrimRightFunc(w, unicode.IsDigit)) && !allCaps(n.text) && !initial(w)
}

// initial reports whether a word abbreviates a first name: "J", "J.P".
func initial(w string) bool {
	w = strings.ReplaceAll(w, ".", "") + strings.Repeat(" ", strings.Count(w, "."))
	return startsUpper(w) && (utf8.RuneCountInString(w) == 1 || strings.HasSuffix(w, " ") && utf8.RuneCountInString(w) == 3)
}

// begins reports whether a name may begin at token i.
func (n *names) begins(i int) bool {
	w := n.word(i)
	f := fold(w)
	switch {
	case !startsUpper(w), n.mark(i-1) == '@', titles[f], slugs[f], calendar[f], ranks[strings.ToLower(w)]:
		return false
	case n.opensSentence(i) && (frequent[f] || openers[f]), n.elided(i), n.demonym(i), n.signature(i):
		return false
	case f == "premier" || f == "premiere":
		return n.capital(i + 1)
	case utf8.RuneCountInString(w) == 1: // "sur X", but "J. Vingegaard", "N'Djamena"
		return (n.mark(i+1) == '.' || n.mark(i+1) == '\'') && n.capital(i+2)
	}
	return true
}

// openers begin sentences and no names.
var openers = wordSet(`selon depuis pendant lors apres avant chez tout toute tous toutes malgre contre pour dans sans entre cependant toutefois mais ainsi alors aussi enfin hier
demain aujourd quand lorsque comme puis ensuite surtout certains certaines plusieurs chaque quelques deux trois quatre cinq six sept huit neuf dix voici voila face grace quant
outre parmi suite apparemment peut cette cet ceux celui celle autre autres beaucoup encore deja ici jusqu afin interroge interrogee ne nee`)

// joining words stand inside names: "Ursula von der Leyen", "Conseil de l'Europe".
var joining = wordSet("de du des d la le les l von der van ben bin ibn al el of")

var titles = wordSet("m mm mme mmes mlle dr me mgr")

// ranks stand before names, with their accents: "Général", but "General Motors".
var ranks = wordSet(`président présidente ministre ministres roi reine pape prince princesse général générale colonel capitaine commandant amiral maréchal madame
monsieur mesdames messieurs maître docteur professeur secrétaire directeur directrice chancelier chancelière gouverneur sénateur député députée maire ambassadeur
ambassadrice procureur procureure juge émir sultan vice-président lieutenant sergent père soeur sœur`)

// calendar words have no entry, whoever capitalises them.
var calendar = wordSet(`lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
janv fev fevr avr juil sept oct nov dec`)

// slugs are what a wire service writes above, below and beside a dispatch.
var slugs = wordSet(`urgent flash alerte rectificatif correctif correction corrige actualisation actualise actualite actu bulletin snap lead papier point breaking exclusif
exclusivite embargo sous priorite attention photo photos video videos infographie infographies graphique son sons fin suite bis tag tags mots cles mot cle slug
source sources encadre reperes chronologie portrait interview entretien reportage analyse direct live update news dateline redige edite service gmt utc cet cest hnec
hnp est edt pdt lire suivre partager voir texte par propos recueillis version francaise depeche communique annule annulation rappel avis resume principal objet am pm nb
ndlr afp-services publie mis modifie heure heures`)

// agencies sign dispatches.
var agencies = wordSet(`afp reuters ap apa upi efe ansa dpa tass ria interfax xinhua sana irna isna wafa anadolu aa map aps tap belga ats keystone qna spa wam kuna bna vna yonhap
kcna kyodo bloomberg sputnik ani mna tanjug lusa ntb ritzau tt pap mti agerpres ukrinform unian petra nna ina saba`)

// signature reports whether token i is an agency that signs: "(AFP)", "Avec
// AFP et Reuters", "AFP/VNA".
func (n *names) signature(i int) bool {
	if !agencies[fold(n.word(i))] {
		return false
	}
	signs := map[string]bool{"avec": true, "et": true, "par": true, "source": true, "sources": true}
	for k, t := range n.toks {
		if w := fold(n.word(k)); t.word() && !agencies[w] && !signs[w] && !slugs[w] {
			before, after := n.mark(i-1), n.mark(i+1)
			return (before == '(' || before == '/') && (after == ')' || after == '/') || fold(n.word(i-1)) == "avec" && n.mark(i-2) == '('
		}
	}
	return true
}

// bylines begin what names the authors of a dispatch.
var bylines = wordSet("par reportage redige edite texte propos version correspondance")

// byline reports whether the text only says who wrote it: "Par Jean Dupont, à
// Genève", "(Rédigé par Jean Dupont)".
func (n *names) byline() bool {
	i := 0
	if n.mark(0) == '(' {
		i++
	}
	if !bylines[fold(n.word(i))] {
		return false
	}
	if i == 1 {
		return true
	}
	for k := i + 1; k < len(n.toks); k++ {
		switch w := fold(n.word(k)); {
		case !n.toks[k].word(), n.capital(k), joining[w], bylines[w], unicode.IsDigit(rune(w[0])):
		case w == "et", w == "avec", w == "a", w == "en", w == "recueillis", w == "francaise":
		default:
			return false
		}
	}
	return true
}

// goesOn gives the end of the name that ends at token end with the next
// capitalised word, 0 if there is none: at most an article and a preposition,
// a hyphen or an initial's full stop stand between.
func (n *names) goesOn(end int) int {
	k := end
	if n.mark(k) == '.' && initial(n.word(end-1)) {
		k++
	}
	for k < len(n.toks) && k < end+4 && (joining[fold(n.word(k))] || n.mark(k) == '\'' || n.mark(k) == '-' || n.mark(k) == '&') {
		k++
	}
	f := fold(n.word(k))
	if !n.capital(k) || titles[f] || calendar[f] || k > end && n.elided(k) {
		return 0
	}
	return k + 1
}

// hyphened reports whether a hyphen follows that binds, as in "CAC-40".
func (n *names) hyphened(end int) bool { return n.mark(end) == '-' && n.capital(end+1) }

// elided reports whether token i is an elided word at the start of a sentence
// or of a run: "L'Elysée", but "N'Djamena".
func (n *names) elided(i int) bool {
	w := n.word(i)
	return n.mark(i+1) == '\'' && utf8.RuneCountInString(w) <= 2 && strings.ContainsRune("aeiouyh", rune((fold(n.word(i+2)) + " ")[0]))
}

// peoples whose names do not end like most.
var peoples = wordSet(`russe turc turque grec grecque suisse belge allemand allemande espagnol espagnole slovene slovaque tcheque arabe kurde serbe croate bulgare afghan afghane
catalan catalane basque corse breton bretonne perse persan moldave suede suedoise letton lettone slave monegasque ouzbek kazakh kirghiz tadjik turkmene ouzbeke sahraoui
sahraouie israelite mongol mongole roumain scandinave balte asiatique`)

// demonym reports whether token i names people by their country, which every
// engine knows: "les Français", "le Slovène Tadej Pogacar".
func (n *names) demonym(i int) bool {
	before := fold(n.word(i - 1))
	if n.mark(i-1) == '\'' {
		before = fold(n.word(i-2)) + "'"
	}
	switch before {
	case "le", "la", "l'", "les", "un", "une", "des", "du", "d'", "de", "au", "aux", "ces", "deux", "trois":
	default:
		return false
	}
	f := strings.TrimSuffix(fold(n.word(i)), "s")
	if peoples[f] {
		return true
	}
	for _, e := range []string{"ai", "aise", "oi", "oise", "ien", "ienne", "een", "eenne", "ain", "aine"} {
		if strings.HasSuffix(f, e) && len(f) > len(e)+2 {
			return true
		}
	}
	return false
}

// institutions go on in small letters: "Conseil de sécurité", "Organisation
// mondiale de la santé".
var institutions = wordSet(`academie agence alliance armee armees assemblee association autorite banque brigade brigades bureau caisse centre chambre coalition comite commission
communaute compagnie confederation conference conseil coordination corps cour croissant direction federation fondation fonds force forces front garde groupe haut haute institut
ligue marine mission mouvement observatoire office organisation parlement parti programme rassemblement republique secretariat senat service societe syndicat traite tribunal
union unites universite haut-commissariat commissariat etat-major`)

// institution gives the end of an institution whose capitalised words end at
// end: adjectives and complements belong to it, up to its acronym in brackets.
func (n *names) institution(i, end int) int {
	for k := end; k < len(n.toks) && k < end+12 && n.toks[k].word() || n.mark(k) == '\'' || n.mark(k) == '-'; k++ {
		if n.mark(k+1) == '(' && n.acronym(k+2) && n.mark(k+3) == ')' && n.initials(i, k+1, n.word(k+2)) {
			return k + 1
		}
	}
	if !institutions[fold(n.word(i))] {
		return end
	}
	for end < len(n.toks) {
		k := end
		if adjective(n.word(k)) {
			end++
			continue
		}
		if w := fold(n.word(k)); w != "de" && w != "du" && w != "des" && w != "d" && w != "pour" && w != "contre" {
			break
		}
		for k++; k < len(n.toks) && (n.mark(k) == '\'' || len(n.word(k)) < 4 && joining[fold(n.word(k))]); k++ {
		}
		if w := n.word(k); len(w) < 4 || calendar[fold(w)] || unicode.IsDigit(rune(w[0])) || n.toks[k-1].end != n.toks[k].start && !n.toks[k].space {
			break
		}
		end = k + 1
	}
	return end
}

// initials reports whether the words from i to end begin with the letters of
// the acronym, in their order.
func (n *names) initials(i, end int, acronym string) bool {
	left := []byte(fold(acronym))
	for k := i; k < end && len(left) > 0; k++ {
		if w := fold(n.word(k)); w != "" && w[0] == left[0] {
			left = left[1:]
		}
	}
	return len(left) == 0 && fold(n.word(i))[0] == fold(acronym)[0]
}

// adjective reports whether a word in small letters looks like an adjective of
// relation, which belongs to an institution's name.
func adjective(w string) bool {
	if w == "" || startsUpper(w) || len(w) < 4 {
		return false
	}
	f := strings.TrimSuffix(fold(w), "s")
	for _, e := range []string{"al", "ale", "aux", "au", "ique", "ien", "ienne", "een", "eenne", "ain", "aine", "ai", "aise", "oi", "oise", "aire", "iste", "if", "ive", "nel", "nelle", "iel", "ielle", "arabe", "russe", "uni", "unie", "etrangere", "public", "publique", "libre", "democrate", "rouge"} {
		if strings.HasSuffix(f, e) && len(f) > len(e)-1 {
			return true
		}
	}
	return peoples[f]
}

// ministry takes along what belongs to the name before its capital: "ministère
// des Affaires étrangères", "armée de l'Air", "al-Chifa".
func (n *names) ministry(i, end int) (int, int) {
	k := i - 1
	if n.mark(k) == '-' && !n.toks[i].space && arabic[n.word(i-2)] {
		return i - 2, end
	}
	for k > 0 && i-k < 4 && (n.mark(k) == '\'' || joining[n.word(k)]) {
		k--
	}
	if k == i-1 || k < 0 {
		return i, end
	}
	switch n.word(k) {
	case "ministère", "ministères", "ministre", "ministres", "secrétariat", "département", "armée", "palais", "droits":
		for adjective(n.word(end)) {
			end++
		}
		return k, end
	}
	return i, end
}

// arabic articles stand before names.
var arabic = wordSet("al el an as ar ad at az ash ech")

// generic words say too little alone.
var generic = wordSet(`etat etats dieu internet president premier nord sud est ouest affaires histoire eglise republique grand grande saint sainte droit madame web ier`)

// worth reports whether a candidate says something that an entry could be for.
func (n *names) worth(c candidate, i, end int, first bool) bool {
	form := c.span.Of(n.text)
	f := fold(form)
	switch {
	case utf8.RuneCountInString(form) < 2, generic[f], first && frequent[f]:
		return false
	case institutions[strings.TrimSuffix(f, "s")] && !n.acronym(i), century(form): // "l'Assemblée", "XVe"
		return false
	case end == i+1 && utf8.RuneCountInString(form) < 3 && !allCaps(form): // "8 Md€"
		return false
	}
	return !slices.ContainsFunc(strings.FieldsFunc(f, func(r rune) bool { return r == ' ' || r == '-' || r == '\'' }), func(w string) bool {
		return slugs[w] && allCaps(form)
	})
}

// century reports whether a word is a Roman numeral, also with its ending.
func century(w string) bool {
	w = strings.TrimSuffix(w, "e")
	return w != "" && strings.Trim(w, "IVXL") == ""
}

// opensSentence reports whether a capital at token i may be the sentence's own.
func (n *names) opensSentence(i int) bool {
	if i == 0 {
		return true
	}
	switch n.mark(i - 1) {
	case '.':
		return !titles[fold(n.word(i-2))] && !initial(n.word(i-2)) // M. Lavrov, J. Biden
	case '!', '?', ':', '"', '…', dash, ';', '•', '*', '·', '>', '|', '(', '[', '/', '–':
		return true
	}
	return false
}
