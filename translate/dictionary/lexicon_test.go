package dictionary

import (
	"strings"
	"testing"
)

// What a lexicon makes of single words; a bar parts alternatives, behind "se " a
// word stands behind its pronoun.
func TestLexicon(t *testing.T) {
	lexicon, err := ReadLexicon(`
n fourmi = ant
n cheval = horse | steed
n œil/yeux = eye
n mobilier/- = furniture
n -/fiançailles = engagement
n brebis = ewe
a fourchu = forked
a gracieux = graceful
a roux/rousse/roux/rousses = red-haired
p verni = lucky
v brouter = graze
v plonger = dive
v placer = place
v jeter = throw
v régler = settle
v semer = sow
v noyer = drown
v rechercher = search for
v célébrer = celebrate
v surgir = pop up
v tordre = wring
v s'escrimer = struggle
v se blottir = huddle
v voyager = travel
x hé/ohé = hey
`)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ french, english string }{
		{"fourmi", "ant"}, {"fourmis", "ants"}, {"cheval", "horse | steed"}, {"chevaux", "horses | steeds"},
		{"œil", "eye"}, {"yeux", "eyes"}, {"mobilier", "furniture"}, {"mobiliers", ""}, {"fiançailles", "engagement"}, {"-", ""},
		{"brebis", "ewe | ewes"},
		{"fourchu", "forked"}, {"fourchues", "forked"}, {"gracieuse", "graceful"}, {"gracieux", "graceful"}, {"rousses", "red-haired"}, {"vernies", "lucky"},
		{"brouter", "graze | to graze | grazing"}, {"broute", "grazes | graze"}, {"broutent", "graze"}, {"broutées", "grazed"},
		{"broutant", "grazing"}, {"broutait", "grazed | was grazing"}, {"broutaient", "grazed | were grazing"}, {"broutèrent", "grazed"},
		{"broutera", "will graze"}, {"brouteraient", "would graze"}, {"broutard", ""},
		{"plongeaient", "dived | were diving"}, {"plaçons", "place"}, {"jette", "throws | throw"}, {"jettera", "will throw"}, {"jeté", "thrown"}, {"jeta", "threw"},
		{"règle", "settles | settle"}, {"réglé", "settled"}, {"recherche", "searches for | search for"}, {"recherché", "searched for"}, {"célèbre", "celebrates | celebrate"}, {"célébrent", ""}, {"sème", "sows | sow"}, {"semée", "sown"}, {"noient", "drown"}, {"noyé", "drowned"},
		{"surgit", "pops up | pop up"}, {"surgissent", "pop up"}, {"surgissait", "popped up | was popping up"},
		{"tord", "wrings | wring"}, {"tordu", "wrung"}, {"tordra", "will wring"},
		{"se escrime", "struggles | struggle"}, {"escrime", ""}, {"se blottissent", "huddle"}, {"blottie", "huddled"}, {"se broute", ""},
		{"voyagé", "traveled"}, {"ohé", "hey"},
	} {
		w, behind := strings.CutPrefix(test.french, "se ")
		list := lexicon.find(w, behind)
		var got []string
		for _, m := range list {
			got = append(got, m.english)
		}
		if s := strings.Join(got, " | "); s != test.english {
			t.Errorf("%s: %q, want %q", test.french, s, test.english)
		}
	}
}

func TestLexiconErrors(t *testing.T) {
	for line, want := range map[string]string{
		"n fourmi":                 "no entry",
		"q fourmi = ant":           `no kind "q"`,
		"n = ant":                  "no entry",
		"n a/b/c = ant":            "two forms",
		"a roux/rousse = red":      "four forms",
		"v craindre/e = fear":      "one form",
		"v pouvoir = can":          "-er, -ir or -dre",
		"n fourmi = ant | ":        "empty",
		"n fourmi/ = ant":          "empty form",
		"v assister vite = attend": "no preposition",
	} {
		_, err := ReadLexicon("# words\n" + line)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

func TestForms(t *testing.T) {
	for _, test := range []string{
		"stop stops stopped stopped stopping", "equip equips equipped equipped equipping", "open opens opened opened opening",
		"carry carries carried carried carrying", "play plays played played playing", "lie lies lay lain lying", "go goes went gone going",
		"panic panics panicked panicked panicking", "agree agrees agreed agreed agreeing", "throw throws threw thrown throwing",
		"refer refers referred referred referring", "visit visits visited visited visiting", "quit quits quit quit quitting",
		"fix fixes fixed fixed fixing", "pass passes passed passed passing", "set sets set set setting", "run runs ran run running",
		"model models modeled modeled modeling", "rain rains rained rained raining", "heat heats heated heated heating", "have has had had having",
		"be is was been being", "dye dyes dyed dyed dyeing", "play around:plays around:played around:played around:playing around",
	} {
		sep := " "
		if strings.Contains(test, ":") {
			sep = ":"
		}
		want := strings.Split(test, sep)
		f := forms(want[0])
		if got := []string{want[0], f.third, f.past, f.participle, f.ing}; strings.Join(got, sep) != test {
			t.Errorf("%s: %q", want[0], got)
		}
	}
}

func FuzzLexicon(f *testing.F) {
	f.Add("n œil/yeux = eye | a\nv s'effondrer = break down\na roux/rousse/roux/rousses = red", "il s'est effondré")
	f.Add("v jeter = throw\nf sort = comes out\np verni = lucky\nn -/frais = costs", "Paris ne jette pas les frais")
	f.Fuzz(func(t *testing.T, lexicon, text string) {
		l, err := ReadLexicon(lexicon)
		if err != nil {
			return
		}
		look(t, &Dictionary{&Phrasebook{}, l}, text)
	})
}
