package glossary

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// plainFind tries each variant at each token: what find must find too.
func plainFind(m *matcher, text string) []string {
	reduced := func(w string) string {
		return string(reduce([]byte(fold(strings.ReplaceAll(w, ".", "")))))
	}
	toks := scan(text, nil)
	var list []string
	for i := range m.vars {
		v := &m.vars[i]
		var want []token
		for _, t := range scan(v.text, nil) {
			if !t.quote {
				want = append(want, t)
			}
		}
		like := func(w, t token) bool {
			if !w.word() || !t.word() {
				return w.class == t.class
			}
			a, b := v.text[w.start:w.end], text[t.start:t.end]
			return reduced(a) == reduced(b) || v.inflects && v.verb &&
				slices.ContainsFunc(conjugated(strings.ToLower(a)), func(f string) bool { return reduced(f) == reduced(b) })
		}
		for first := range toks {
			at, k := first, 0
			for at < len(toks) && k < len(want) {
				if toks[at].quote && k > 0 {
					at++
					continue
				}
				if toks[at].quote || !like(want[k], toks[at]) {
					break
				}
				at, k = at+1, k+1
			}
			if k < len(want) {
				continue
			}
			if h, ok := m.verify(text, toks, first, at-1, v); ok {
				list = append(list, describe(h))
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func describe(h hit) string {
	return fmt.Sprintf("%06d-%06d %q %d %d", h.span.Start, h.span.End, h.v.text, h.v.entry, h.plural)
}

// TestFindsAll compares the matcher with the plainest one on glossaries and
// texts made of the same words, inflected, accented, in capitals, quoted.
func TestFindsAll(t *testing.T) {
	words := strings.Fields(`marche marché Marche MARCHÉ marches marcher marchons annoncer annonçait national nationale nationaux journal journaux travail travaux
		général générale GÉNÉRAL acteur actrice acteurs vendeuse vendeur actif actives bon bonne État ETAT etat islamique islamiques EI ei l' d’ qu' de des du la le les
		œuvre oeuvres ŒUVRE cœur Daesh O.N.U. ONU U.E. @afp @AFP chef d'état-major états-majors porte-parole anti-EI 2024 G7 x y_z -
		« » " ( ) , . — Al-Qaïda al-Qaida forces force kurdes kurde Москва москва constitutionnellement anticonstitutionnellement`)
	words = append(words, strings.Repeat("a", 59)+"s", strings.Repeat("é", 70), strings.Repeat("é", 69)+"e", "E\u0301tat", "Dae\u00adsh", "c'est-à-dire", "été", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghijklmnop", "abcdefghijklmno", "abcdefghijklmnopq")
	rapid.Check(t, func(t *rapid.T) {
		phrase := func(from, to int, label string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), from, to).Draw(t, label), rapid.SampledFrom([]string{" ", " ", "\u00a0", "-", "'"}).Draw(t, "joint"))
		}
		set := Set{Name: "x"}
		for range rapid.IntRange(1, 12).Draw(t, "entries") {
			set.Terms = append(set.Terms, Term{Sources: []string{phrase(1, 4, "source")}, Target: "X",
				POS:  rapid.SampledFrom([]string{"", "", "noun", "adjective", "verb", "proper"}).Draw(t, "pos"),
				Case: rapid.SampledFrom([]Case{CaseAuto, CaseAuto, CaseExact, CaseIgnore}).Draw(t, "case")})
		}
		g, err := New(set)
		if err != nil {
			t.Fatal(err)
		}
		text := phrase(1, 40, "text")
		var w workspace
		g.source.find(text, &w)
		var got []string
		for _, h := range w.hits {
			got = append(got, describe(h))
		}
		if !slices.IsSortedFunc(w.hits, func(a, b hit) int { return cmp.Compare(a.first, b.first) }) {
			t.Fatalf("%q: not in the order of the text: %q", text, got)
		}
		slices.Sort(got)
		got = slices.Compact(got)
		if want := plainFind(&g.source, text); !slices.Equal(got, want) {
			t.Fatalf("%+v in %q\n  got  %q\n  want %q", set.Terms, text, got, want)
		}
	})
}

// TestAgree compares words by their bytes and by their letters.
func TestAgree(t *testing.T) {
	letters := []rune("aeEéÉèÈœŒæÆoOcCçÇsSßøØ.ÿŸ1_\u0301\u0327\u00ad\u200dд")
	rapid.Check(t, func(t *rapid.T) {
		a := []rune(rapid.StringOfN(rapid.SampledFrom(letters), 0, 6, -1).Draw(t, "a"))
		b := slices.Clone(a)
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			i := rapid.IntRange(0, len(b)).Draw(t, "at")
			with := rapid.SliceOfN(rapid.SampledFrom(letters), 0, 2).Draw(t, "with")
			b = slices.Replace(b, i, min(len(b), i+rapid.IntRange(0, 2).Draw(t, "cut")), with...)
		}
		if got, want := agree(string(a), string(b)), lettersAgree(string(a), string(b)); got != want {
			t.Fatalf("%q and %q: got %v", string(a), string(b), got)
		}
	})
}

// FuzzScan holds what scan reads eight bytes at a time against a rune at a
// time, and that the tokens and the spaces between them are the text.
func FuzzScan(f *testing.F) {
	for _, s := range []string{"l’État islamique (EI), O.N.U. « a_b »", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "abcdefgh12345678 9", "\xc3(\xe2\x80", strings.Repeat("é", 80)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := int32(0)
		for _, k := range scan(text, nil) {
			if gap := text[end:k.start]; k.start < end || k.end <= k.start || strings.TrimFunc(gap, unicode.IsSpace) != "" {
				t.Fatalf("%q: %q lies between tokens", text, gap)
			}
			end = k.end
			w := text[k.start:k.end]
			if !k.word() || !utf8.ValidString(w) {
				continue
			}
			if i := strings.IndexFunc(strings.ReplaceAll(w, ".", ""), func(r rune) bool { return !wordRune(r) }); i >= 0 {
				t.Fatalf("%q: %q is no word", text, w)
			}
			if c := classOf(strings.ReplaceAll(w, ".", "")); c != k.class {
				t.Fatalf("%q: %q is of class %d, alone of %d", text, w, k.class, c)
			}
		}
	})
}
