package glossary

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"depeche/segment"
)

// genText draws a French text with terms in it, and without.
func genText(t *rapid.T) string {
	pieces := rapid.SliceOfN(rapid.SampledFrom([]string{
		"Daesh", "l'EI", "d’EI", "l'État islamique", "(EI)", "Daesh (EI)", "le groupe « Etat islamique » (EI)", "takfiriste", "l'ONU", "Otan",
		"l'Organisation mondiale de la santé (OMS)", "Le Monde", "djihadistes", "les ONG", "le Kremlin", "a dit", "et", "ou", ",", ".", "contre", "« Non »", "XQ", "xqa", "12.000", "\u00a0", "é", "Q", "X", "de", "—",
	}), 1, 14).Draw(t, "pieces")
	return strings.Join(pieces, " ")
}

// TestNothingLostNothingLeft: whatever an engine does to the placeholders, none
// is left in the target, and each term is there or a finding says that it is not.
func TestNothingLostNothingLeft(t *testing.T) {
	news := News()
	news.Known = false
	terms, err := Load("testdata/sample.csv")
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(Set{Name: "sample", Terms: terms}, news)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := genText(t)
		how := rapid.SampledFrom([]Strategy{StrategyAuto, StrategyCopy, StrategyCode, StrategyMarkup, StrategyLeave}).Draw(t, "strategy")
		name := rapid.SampledFrom([]string{"honest", "drops", "case", "spaces", "doubles", "wrong", "source", "garbage"}).Draw(t, "backend")
		seed := rapid.Uint64().Draw(t, "seed")
		ms := g.Find(text, FindOptions{})
		p := g.ProtectAs(text, ms, how)
		answer := faulty(name, p.Text, p, rand.New(rand.NewPCG(seed, 1)))
		target, problems := p.Restore(answer)
		left := strings.ToLower(target)
		for _, s := range p.slots {
			if s.token != "" && strings.Contains(left, strings.ToLower(s.token)) {
				t.Fatalf("%q is left in %q (answer %q)", s.token, target, answer)
			}
		}
		if how == StrategyCode && strings.Contains(left, strings.ToLower(p.code.prefix)) && len(ms) > 0 {
			t.Fatalf("%q is left in %q (answer %q)", p.code.prefix, target, answer)
		}
		if strayTag.MatchString(target) {
			t.Fatalf("a tag is left in %q", target)
		}
		checked := g.Check(text, target, ms)
		for _, q := range append(problems, checked...) {
			if q.Target.Start < 0 || q.Target.End > len(target) || q.Source.End > len(text) || q.Target.Start > q.Target.End {
				t.Fatalf("a place outside the texts: %+v", q)
			}
		}
		found := 0
		g.Locate(target, ms, func(int, segment.Span) { found++ })
		if found < len(ms) && !slices.ContainsFunc(checked, func(q Problem) bool {
			return q.Rule == RuleMissing || q.Rule == RuleCount || q.Error && (q.Rule == RuleCopied || q.Rule == RuleForbidden)
		}) {
			t.Fatalf("%d of %d terms in %q and no finding", found, len(ms), target)
		}
		if name == "honest" && found < len(ms) {
			t.Fatalf("an honest engine lost a term: %q → %q → %q (%v)", text, p.Text, target, checked)
		}
		for _, banned := range []string{"ISIL", "Islamic State", "Daesh"} {
			if regexp.MustCompile(`(^|[^\pL\pN\pM_.@/])`+banned+`($|[^\pL\pN\pM_.@/])`).MatchString(target) && !slices.ContainsFunc(checked, func(q Problem) bool { return q.Error && q.Rule == RuleForbidden }) {
				t.Fatalf("%q got through in %q", banned, target)
			}
		}
		again, _ := g.Repair(target, ms)
		if again != target {
			t.Fatalf("a second repair changes %q into %q", target, again)
		}
	})
}

// TestProtectIsReversible: what stands outside the terms goes through untouched.
func TestProtectIsReversible(t *testing.T) {
	g := sample(t)
	rapid.Check(t, func(t *rapid.T) {
		text := genText(t)
		ms := g.Find(text, FindOptions{})
		at := 0
		for _, m := range ms {
			if m.Whole.Start < at || m.Whole.End > len(text) || m.Span.Start < m.Whole.Start || m.Span.End > m.Whole.End || m.Target == "" {
				t.Fatalf("%q: %+v", text, m)
			}
			at = m.Whole.End
		}
		p := g.ProtectAs(text, ms, StrategyCode)
		at = 0
		for i, m := range ms {
			if !strings.Contains(p.Text, text[at:m.Whole.Start]) || p.Text[p.slots[i].span.Start:p.slots[i].span.End] != p.slots[i].token {
				t.Fatalf("%q: %q", text, p.Text)
			}
			at = m.Whole.End
		}
		if !strings.HasSuffix(p.Text, text[at:]) {
			t.Fatalf("%q: %q", text, p.Text)
		}
		if fmt.Sprint(g.Find(text, FindOptions{})) != fmt.Sprint(ms) {
			t.Fatalf("%q: another answer the second time", text)
		}
	})
}

// faulty is an engine that copies the text and does the named thing to it.
func faulty(name, text string, p *Protected, r *rand.Rand) string {
	each := func(f func(string) string) string {
		for _, s := range p.slots {
			if s.token != "" {
				text = strings.ReplaceAll(text, s.token, f(s.token))
			}
		}
		return text
	}
	switch name {
	case "drops":
		return each(func(s string) string {
			if r.IntN(2) == 0 {
				return ""
			}
			return s
		})
	case "case":
		return each(func(s string) string {
			return strings.Map(func(c rune) rune {
				if r.IntN(2) == 0 {
					return unicode.ToLower(c)
				}
				return c
			}, s)
		})
	case "spaces":
		return each(func(s string) string {
			var b strings.Builder
			for i, c := range s {
				if i > 0 && r.IntN(2) == 0 {
					b.WriteByte(" -\u00a0."[r.IntN(2)])
				}
				b.WriteRune(c)
			}
			return b.String()
		})
	case "doubles":
		return each(func(s string) string { return s + " " + s })
	case "wrong":
		wrong := []string{"Islamic State", "ISIL", "IS", "EI", "Daesh", "the Islamic State group", "UNO", "isis"}
		out := each(func(string) string { return wrong[r.IntN(len(wrong))] })
		return strings.ReplaceAll(out, "ISIS", wrong[r.IntN(len(wrong))])
	case "source":
		return p.source
	case "garbage":
		runes := []rune(text)
		for range 1 + len(runes)/6 {
			i := r.IntN(len(runes))
			switch r.IntN(3) {
			case 0:
				runes[i] = rune("XQABcsé <>\"'x1 "[r.IntN(12)])
			case 1:
				runes = slices.Delete(runes, i, i+1)
			case 2:
				k := r.IntN(len(runes))
				runes[i], runes[k] = runes[k], runes[i]
			}
			if len(runes) == 0 {
				return ""
			}
		}
		return string(runes)
	}
	return text
}

// TestFaultyBackends shows what becomes of one sentence in each faulty engine's
// hands, with a placeholder and with a name.
func TestFaultyBackends(t *testing.T) {
	terms, err := ReadCSV(strings.NewReader("source,target,forbidden\nEI|Daesh,ISIS,Islamic State\nconseil des sages,council of elders,wise men\n"), "x")
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(Set{Name: "x", Terms: terms})
	if err != nil {
		t.Fatal(err)
	}
	const source = "Le conseil des sages condamne l'EI."
	for _, c := range []struct{ answer, target, rules string }{
		{"The XQA condemns ISIS.", "The council of elders condemns ISIS.", ""},
		{"The condemns.", "The condemns.", "term-missing term-missing"},
		{"The xqa condemns isis.", "The council of elders condemns ISIS.", ""},
		{"The X Q A condemns I S I S.", "The council of elders condemns I S I S.", "term-missing"},
		{"The wise men condemn the Islamic State.", "The council of elders condemn ISIS.", "term-repaired term-repaired"},
		{source, "Le council of elders condamne l'ISIS.", "term-repaired term-repaired"},
		{"", "", "term-missing term-missing"},
	} {
		ms := g.Find(source, FindOptions{})
		p := g.Protect(source, ms)
		target, problems := p.Restore(c.answer)
		var rules []string
		for _, q := range append(problems, g.Check(source, target, ms)...) {
			rules = append(rules, q.Rule)
		}
		if target != c.target || strings.Join(rules, " ") != c.rules {
			t.Errorf("%q\n  got  %q %v\n  want %q %v", c.answer, target, rules, c.target, c.rules)
		}
	}
}

// TestRestoreAligned places a term that the engine translated into something
// unheard of by the alignment of its placeholder.
func TestRestoreAligned(t *testing.T) {
	terms, _ := ReadCSV(strings.NewReader("source,target\nconseil des sages,council of elders\nEI,ISIS\n"), "x")
	g, err := New(Set{Name: "x", Terms: terms})
	if err != nil {
		t.Fatal(err)
	}
	const source = "Le conseil des sages condamne l'EI."
	ms := g.Find(source, FindOptions{})
	p := g.Protect(source, ms)
	const answer = "The zorglub condemns the enemy."
	link := func(a, b string) Link {
		i, k := strings.Index(p.Text, a), strings.Index(answer, b)
		return Link{Source: segment.Span{Start: i, End: i + len(a)}, Target: segment.Span{Start: k, End: k + len(b)}}
	}
	links := []Link{link("Le", "The"), link("XQA", "zorglub"), link("condamne", "condemns"), link("ISIS", "the"), link("ISIS", "enemy")}
	if target, _ := p.RestoreAligned(answer, links); target != "The council of elders condemns ISIS." {
		t.Error(target)
	}
	// A word that another source word is aligned to as well is not replaced.
	if target, _ := p.RestoreAligned(answer, append(links, link("condamne", "enemy"))); target != "The council of elders condemns the enemy." {
		t.Error(target)
	}
	// Broken links do no harm.
	if target, _ := p.RestoreAligned(answer, []Link{{Source: segment.Span{Start: 0, End: 900}, Target: segment.Span{Start: 5, End: 900}}, {Source: segment.Span{Start: -3, End: 5}, Target: segment.Span{Start: 9, End: 2}}}); target != answer {
		t.Error(target)
	}
}

func TestMarkup(t *testing.T) {
	g := sample(t)
	const source = "Daesh menace l'ONU."
	ms := g.Find(source, FindOptions{})
	p := g.ProtectAs(source, ms, StrategyMarkup)
	if want := `<x id="1">ISIS</x> menace la <x id="2">UN</x>.`; p.Text != want {
		t.Errorf("got %s", p.Text)
	}
	for answer, want := range map[string]string{
		`<x id="1">ISIS</x> threatens the <x id="2">UN</x>.`:         "ISIS threatens the UN.",
		`<x id = “1”>Isis</x > threatens the <X ID="2"> UNO </X>.`:   "ISIS threatens the UN.",
		`<x id="1">ISIS threatens the <x id="2">UN</x>.`:             "ISIS threatens the UN.",
		`<x id="7">ISIS</x> threatens the <x id="2"></x>.`:           "ISIS threatens the UN.",
		`The <x id="2">UN</x> is threatened by <x id="1">Daesh</x>.`: "The UN is threatened by ISIS.",
		`&lt;x id="1"&gt;ISIS&lt;/x&gt; threatens <x id="2">the UN.`: "ISIS threatens the UN.",
	} {
		if target, _ := p.Restore(answer); target != want {
			t.Errorf("%s\n  got  %s\n  want %s", answer, target, want)
		}
	}
}

// TestManyTerms needs placeholders of two letters.
func TestManyTerms(t *testing.T) {
	var csv, text, want strings.Builder
	csv.WriteString("source,target\n")
	for i := range 60 {
		fmt.Fprintf(&csv, "mot numéro%d,word number%d\n", i, i)
		fmt.Fprintf(&text, "un mot numéro%d, ", i)
		fmt.Fprintf(&want, "un word number%d, ", i)
	}
	terms, err := ReadCSV(strings.NewReader(csv.String()), "x")
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(Set{Name: "x", Terms: terms})
	if err != nil {
		t.Fatal(err)
	}
	ms := g.Find(text.String(), FindOptions{})
	p := g.Protect(text.String(), ms)
	if len(ms) != 60 || !strings.Contains(p.Text, "XQAA,") {
		t.Fatalf("%d matches, sent %s", len(ms), p.Text)
	}
	target, problems := p.Restore(p.Text)
	if target != strings.TrimSpace(want.String()) || len(problems) > 0 {
		t.Errorf("%s %v", target, problems)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("Tous ceux qui affrontent l'EI, Daesh (EI) « l’État\u00a0islamique »")
	f.Add("D'EI. O.N.U. @afp daesh.fr \xff\u00adl'")
	g := sample(f)
	f.Fuzz(func(t *testing.T, text string) {
		ms := g.Find(text, FindOptions{})
		at := 0
		for _, m := range ms {
			if m.Whole.Start < at || m.Whole.Start > m.Span.Start || m.Span.Start >= m.Span.End || m.Span.End > m.Whole.End || m.Whole.End > len(text) {
				t.Fatalf("%+v", m)
			}
			at = m.Whole.End
		}
		for _, how := range []Strategy{StrategyAuto, StrategyCode, StrategyMarkup} {
			p := g.ProtectAs(text, ms, how)
			target, problems := p.Restore(p.Text)
			for _, q := range append(problems, g.Check(text, target, ms)...) {
				_ = q.Target.Of(target) + q.Source.Of(text)
			}
			if target, _ = p.Restore(text); how == StrategyCode && len(ms) > 0 && strings.Contains(strings.ToLower(target), strings.ToLower(p.code.prefix)) {
				t.Fatalf("left: %q", target)
			}
		}
		g.Coverage([]string{text})
	})
}

// TestOneFindingForOneFault: what stands in a target in a wrong form is not
// missing besides.
func TestOneFindingForOneFault(t *testing.T) {
	terms, err := ReadCSV(strings.NewReader("source,target,forbidden\nDaesh|EI,ISIS,ISIL|Islamic State|Daesh\nconseil des sages,council of elders,wise men\n"), "x")
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(Set{Name: "x", Terms: terms})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ source, target, want string }{
		{"Daesh recule.", "Daesh is retreating.", `term-forbidden "Daesh"→"Daesh"`},
		{"L'EI recule.", "EI is retreating.", `term-copied "EI"→"EI"`},
		{"L'EI recule.", "They are retreating.", `term-missing "EI"→""`},
		{"L'EI et Daesh reculent.", "ISIL is retreating.", `term-forbidden "EI"→"ISIL" term-missing "Daesh"→""`},
		{"L'EI et Daesh reculent.", "ISIL and Daesh are retreating.", `term-forbidden "EI"→"ISIL" term-forbidden "Daesh"→"Daesh"`},
		{"L'EI et Daesh reculent.", "ISIS and Daesh are retreating.", `term-forbidden "Daesh"→"Daesh"`},
		{"Daesh et le conseil des sages.", "Daesh and the wise men.", `term-forbidden "Daesh"→"Daesh" term-forbidden "conseil des sages"→"wise men"`},
		{"Un conseil des sages.", "An council of elders.", `term-article "conseil des sages"→"An council of elders"`},
		{"L'EI recule.", "The ISIS is retreating.", `term-article "EI"→"The ISIS"`},
		{"Daesh et le conseil des sages.", "Daesh.", `term-forbidden "Daesh"→"Daesh" term-missing "conseil des sages"→""`},
	} {
		var got []string
		for _, p := range g.Check(c.source, c.target, g.Find(c.source, FindOptions{})) {
			got = append(got, fmt.Sprintf("%s %q→%q", p.Rule, p.Source.Of(c.source), p.Target.Of(c.target)))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s / %s\n  got  %s\n  want %s", c.source, c.target, strings.Join(got, " "), c.want)
		}
	}
}
