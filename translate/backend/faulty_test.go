package backend

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"depeche/glossary"
	"depeche/segment"
	"depeche/translate"
)

// machines are what may sit behind a backend: one that translates and copies
// what it does not know, and those that do to terms what engines do.
var machines = map[string]func(string) string{
	"good": wordByWord,
	"drops what it does not know": func(text string) string {
		return strings.Join(strings.Fields(acronyms.ReplaceAllString(wordByWord(text), "")), " ")
	},
	"changes case and spacing": func(text string) string {
		n := 0
		return acronyms.ReplaceAllStringFunc(wordByWord(text), func(s string) string {
			if s == "ISIS" || s == "EI" {
				return strings.ToLower(s)
			}
			n++
			return []string{strings.ToLower(s), strings.Join(strings.Split(s, ""), " "), s[:1] + strings.ToLower(s[1:])}[n%3]
		})
	},
	"translates terms wrongly": func(text string) string {
		text = strings.NewReplacer("ISIS", "Islamic State", "EI", "Islamic State", "Daesh", "the Islamic State group", "djihadistes", "holy warriors",
			"takfiriste", "Takfirist").Replace(wordByWord(text))
		return acronyms.ReplaceAllString(text, "organisation")
	},
	"gives the source back": func(text string) string { return text },
}

var acronyms = regexp.MustCompile(`\b[A-Z]{2,}\b`)

func wordByWord(text string) string {
	return strings.NewReplacer("Les ", "The ", "Le ", "The ", "les ", "the ", "le ", "the ", "la ", "the ", "l'", "the ", "L'", "The ", " de ", " of ", "d'", "of ",
		"ont attaqué", "attacked", "une base", "a base", "près", "near", "a revendiqué", "claimed", "attentat contre", "attack on", "groupe", "group",
		"a fui", "fled", "hier soir", "last night", "combattants", "fighters", "population", "people", "contre", "against", "affrontent", "are clashing with",
		"membres", "members", "demandent", "are asking", "aide", "help").Replace(text)
}

const faultyTerms = "source,target,forbidden,pos\n" +
	"Daesh|EI|groupe Daesh,ISIS,Islamic State|Islamic State group|EI|Daesh,proper\n" +
	"ONU,the UN,UNO,proper\n" +
	"djihadiste,jihadist,holy warrior,noun\n" +
	"takfiriste,takfiri,takfirist,adjective\n"

// dispatchOfTerms holds a term in most of its places.
var dispatchOfTerms = []string{
	"Les djihadistes de l'EI ont attaqué une base de l'ONU près de la population.",
	"Daesh (EI) a revendiqué hier soir l'attentat contre les membres de l'ONU.",
	"Le groupe takfiriste a fui hier soir contre la population.",
	"Les combattants de l'EI affrontent hier soir les membres de Daesh.",
	"Les membres de la population demandent hier soir l'aide de l'ONU.",
}

// TestFaultyMachines holds for every backend: whatever the machine behind it
// does, no placeholder reaches the page, no forbidden form goes unsaid, and
// the term stands as often as in the source or a finding says why not.
func TestFaultyMachines(t *testing.T) {
	terms, err := glossary.ReadCSV(strings.NewReader(faultyTerms), "desk")
	if err != nil {
		t.Fatal(err)
	}
	g, err := glossary.New(glossary.Set{Name: "desk", Terms: terms})
	if err != nil {
		t.Fatal(err)
	}
	for name, machine := range machines {
		for _, s := range subjects() {
			t.Run(s.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				fake := newService(func(int, []string) string { return "" })
				fake.machine = machine
				checkFaulty(t, g, name, s.open(t, fake))
			})
		}
		t.Run("exec/"+name, func(t *testing.T) {
			t.Parallel()
			checkFaulty(t, g, name, newExec(t, "machine "+name))
		})
		for service, open := range keepers { // which apply the glossary themselves, before the machine spoils it
			t.Run(service+" with a glossary of its own/"+name, func(t *testing.T) {
				t.Parallel()
				k := &keeper{machine: machine}
				checkFaulty(t, g, name, open(t, k)())
				if k.made != 1 {
					t.Error("the service has no glossary")
				}
			})
		}
	}
	for _, name := range []string{"local", "apertium"} {
		t.Run(name, func(t *testing.T) {
			b, err := New(name, Config{})
			if err == nil {
				err = ready(t.Context(), b)
			}
			if err != nil {
				t.Skip(err)
			}
			checkFaulty(t, g, "", b)
		})
	}
}

func checkFaulty(t *testing.T, g *glossary.Glossary, fault string, b translate.Backend) {
	p := &translate.Pipeline{Glossary: g, Backend: Wrap(b, conformanceOfPrograms), To: language.English}
	doc := &segment.Document{Name: "d", Lang: language.French}
	for _, text := range dispatchOfTerms {
		doc.Blocks = append(doc.Blocks, segment.Block{Kind: segment.Paragraph, Text: text, Span: segment.Span{End: len(text)}})
	}
	bitext, _, err := p.Run(t.Context(), doc, nil)
	Close(p.Backend)
	if err != nil {
		t.Fatal(err)
	}
	if len(bitext.Pairs) != len(dispatchOfTerms) {
		t.Fatal(len(bitext.Pairs), "segments")
	}
	for _, pair := range bitext.Pairs {
		source, target := pair.Source.Text, pair.Target
		ms := g.Find(source, glossary.FindOptions{})
		said := slices.ContainsFunc(pair.Findings, func(f translate.Finding) bool {
			return glossary.IsRule(f.Rule) && f.Message != "" && (!f.Source.Empty() || !f.Target.Empty()) || f.Level == translate.LevelError
		})
		for _, sent := range []string{g.Protect(source, ms).Text, g.ProtectAs(source, ms, glossary.StrategyCode).Text, g.ProtectAs(source, ms, glossary.StrategyMarkup).Text} {
			for _, token := range append(acronyms.FindAllString(sent, -1), "<x", "</x") {
				loose := regexp.MustCompile(`(?i)` + strings.Join(strings.Split(regexp.QuoteMeta(token), ""), `[\s.-]?`))
				if !strings.Contains(source, token) && token != "ISIS" && token != "UN" && loose.MatchString(target) {
					t.Errorf("%q holds the placeholder %q", target, token)
				}
			}
		}
		for _, term := range terms(ms) {
			for _, form := range term.Forbidden {
				if strings.Contains(target, form) && !said {
					t.Errorf("%q holds the forbidden %q, and nothing is said", target, form)
				}
			}
			want, got := 0, strings.Count(target, term.Target)
			for _, m := range ms {
				if m.Term == term {
					want++
				}
			}
			if got != want && !said {
				t.Errorf("%q stands %d× in %q and %d× in the source, and nothing is said", term.Target, got, target, want)
			}
			if (fault == "good" || fault == "changes case and spacing") && got != want {
				t.Errorf("%q: %q stands %d×, want %d", target, term.Target, got, want)
			}
		}
		if strings.Contains(target, "ISIS (ISIS)") || strings.Contains(target, "the ISIS") || target == "" {
			t.Errorf("%q", target)
		}
		if fault == "gives the source back" && translate.Worst(pair.Findings) != translate.LevelError {
			t.Errorf("%q is passed off as a translation", target)
		}
		if t.Failed() {
			t.Logf("%s\n→ %s\n%+v", source, target, pair.Findings)
		}
	}
}

func terms(ms []glossary.Match) (list []*glossary.Term) {
	for _, m := range ms {
		if !slices.Contains(list, m.Term) {
			list = append(list, m.Term)
		}
	}
	return list
}
