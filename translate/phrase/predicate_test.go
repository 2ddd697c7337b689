package phrase

import (
	"strings"
	"testing"
)

// Words that are the verb of their clause have a star before them.
func TestPredicates(t *testing.T) {
	lexicon, err := ReadLexicon(`
v voter = vote
v annoncer = announce
v demander = ask for
v rassembler = bring together
v raconter = tell
v bloquer = block
v activer = activate
v étayer = support
v menacer = threaten
f sort = comes out
a complet/complète/complets/complètes = complete
v compléter = complete
`)
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{lexicon: lexicon}
	for _, text := range []string{
		"Le Sénat *vote le budget .",
		"Le vote du Sénat",
		"Un nouveau vote a lieu",
		"La ministre *annonce une réforme et *demande un délai .",
		"Une annonce du ministre",
		"La première demande d' asile",
		"L' exposition , qui dure un mois , *rassemble plus de 200 tableaux",
		"Le film *sort mercredi",
		"Son sort est connu",
		"Les objectifs de l' Italie étaient clairs",
		"La population active recule",
		"Une enquête complète",
		"La loi *complète un texte",
		"\" C' est fini \" , *raconte Karim",
		"Les forains *menacent de bloquer la ville",
		"Il vote souvent",
		"en fin de vote",
	} {
		words := strings.Fields(text)
		var tokens []token
		for _, w := range words {
			tokens = append(tokens, token{text: strings.TrimPrefix(w, "*")})
		}
		for i, verbs := range e.predicates(tokens) {
			if got, want := len(verbs) > 0, strings.HasPrefix(words[i], "*"); got != want {
				t.Errorf("%s: %q is a verb: %v", text, tokens[i].text, got)
			}
		}
	}
}

// What the verb of a clause becomes.
func TestPredicateForms(t *testing.T) {
	lexicon, err := ReadLexicon("v bloquer = block\nv posséder = own\nf sort = comes out")
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{lexicon: lexicon}
	for text, want := range map[string]string{
		"Paris bloque le texte":                        "blocks",
		"Les dockers bloquent le port":                 "block",
		"La police bloque la rue":                      "block",
		"Les États-Unis bloquent le texte":             "blocks",
		"Les dockers bloquent le port depuis hier":     "have been blocking",
		"La police bloque la rue depuis hier":          "have been blocking",
		"Les États-Unis bloquent le texte depuis hier": "has been blocking",
		"Le groupe possède le club depuis 2010":        "has owned",
		"Le groupe bloque , depuis Paris , le":         "blocks",
		"Le livre sort demain":                         "comes out",
	} {
		var got string
		var tokens []token
		for _, w := range strings.Fields(text) {
			tokens = append(tokens, token{text: w})
		}
		for _, verbs := range e.predicates(tokens) {
			if len(verbs) > 0 {
				got += verbs[0].english
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// What comes out of a small table and a lexicon together.
func TestPeriphrasis(t *testing.T) {
	var rare []string
	for i := range 4 * frequent {
		rare = append(rare, "w"+strings.Repeat("x", i%7)+string(rune('a'+i%26)))
	}
	french := "le la les il elle est sont a aurait auraient pu été ne pas se s' avant de d' près chez veut qui et . , \" si " + strings.Join(rare, " ") + " tué partir interdire Paris Nancy chat"
	english := "the it he she is are has have had would been not itself before of near at wants and who . , killed kill leave leaving ban banning Paris Nancy cat could reportedly if"
	parts := toyParts(french, english, []toyPair{
		{"le", "the", -2}, {"la", "the", -2}, {"les", "the", -2}, {"il", "he", -2}, {"elle", "she", -2}, {"est", "is", -2}, {"a", "has", -2},
		{"aurait", "would have", -2}, {"été", "been", -2}, {"ne", "not", -2}, {"pas", "not", -2}, {"de", "of", -2}, {"avant", "before", -2},
		{"chez", "home", -2}, {"près", "almost", -2}, {"veut", "wants", -2}, {"tué", "killed", -2}, {"partir", "leave", -2}, {"interdire", "ban", -2},
		{"si", "if", -0.1}, {".", ".", 0}, {",", ",", 0},
	})
	parts.Weights = Weights{LM: 0.2, Distortion: 1, Unknown: -10}
	e, err := Open(Pack(parts))
	if err != nil {
		t.Fatal(err)
	}
	lexicon, err := ReadLexicon("v brouter = graze\nv s'effondrer = collapse\nv retomber = fall back\nn brebis = ewe\nn -/frais = costs\nv déverser = dump\nn fumier/- = manure\nv bénéficier de = benefit from\nv bénéficier = benefit\na frais/fraîche/frais/fraîches = cool\nv assister à = attend\nv s'appuyer sur = rely on\nf tient à = insists on")
	if err != nil {
		t.Fatal(err)
	}
	e.SetLexicon(lexicon)
	for in, want := range map[string]string{
		"il ne broute pas":          "he does not graze",
		"il ne broutera pas":        "he will not graze",
		"il s'est effondré":         "he collapsed",
		"il s'était effondré":       "he had collapsed",
		"elle est retombée":         "she fell back",
		"il aurait tué":             "he reportedly killed",
		"il aurait été tué":         "he was reportedly killed",
		"si elle aurait tué":        "if she would have killed",
		"il aurait pu partir":       "he could have left",
		"il veut interdire":         "he wants to ban",
		"avant de partir":           "before leaving",
		"près de Nancy":             "near Nancy",
		"chez Nancy":                "at Nancy",
		"il assiste à Paris":        "he attends Paris",
		"il a assisté au chat":      "he attended the chat",
		"il s'appuie sur Paris":     "he relies on Paris",
		"elle tient à Paris":        "she insists on Paris",
		"nous broutons":             "nous graze",
		"le soldat ne l'aurait tué": "the soldat not would have killed it",
		"et":                        "et",
		"il veut et":                "he wants et",
		"Paris déverse du fumier":   "Paris dumps manure",
		"Paris bénéficie du fumier": "Paris benefits from the manure",
		"il a tué des brebis":       "he killed ewes",
		"les frais Nancy":           "the costs Nancy",
		"les brebis":                "the ewes",
		"la brebis":                 "the ewe",
		"il broute":                 "he grazes",
	} {
		out, err := e.Translate(t.Context(), Input{Text: in})
		if err != nil || out.Text != want {
			t.Errorf("%q gave %q, %v; want %q", in, out.Text, err, want)
		}
	}
}

// A term stays whatever the words around it mean with it.
func TestPeriphrasisTerms(t *testing.T) {
	e, err := Open(Pack(toyParts("il elle est a aurait se", "he she is has would itself", []toyPair{{"il", "he", -2}, {"elle", "she", -2}, {"est", "is", -2}, {"a", "has", -2}, {"aurait", "would", -2}, {"se", "itself", -2}})))
	if err != nil {
		t.Fatal(err)
	}
	lexicon, err := ReadLexicon("v brouter = graze\nv se blottir = huddle\nv retomber = fall back\nv assister à = attend\na syrien = Syrian\nx Syrie = Syria")
	if err != nil {
		t.Fatal(err)
	}
	e.SetLexicon(lexicon)
	for _, text := range []string{"il *aurait brouté", "il aurait *brouté", "il *vient de brouter", "elle *est retombée", "elle a assisté *à Paris", "il ne broute *pas", "il *se blottit", "*la Syrie", "*chez Paris", "trois *mille ans", "il *s' est blotti"} {
		before, rest, _ := strings.Cut(text, "*")
		word, _, _ := strings.Cut(rest, " ")
		in := Input{Text: before + rest, Terms: []Term{{len(before), len(before) + len(word), "ZZTERM"}}}
		if out, err := e.Translate(t.Context(), in); err != nil || strings.Count(out.Text, "ZZTERM") != 1 {
			t.Errorf("%s gave %q, %v", text, out.Text, err)
		}
	}
}
