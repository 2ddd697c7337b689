package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"depeche/translate/phrase"
)

// The toy text: each noun with each adjective, its word order turned round.
var (
	nouns      = map[string]string{"dossier": "file", "conflit": "conflict", "journaliste": "journalist", "gouvernement": "government", "chat": "cat", "parlement": "parliament"}
	adjectives = map[string]string{"syrien": "Syrian", "russe": "Russian", "noir": "black", "allemand": "German", "grec": "Greek"}
)

// toyText writes the text and its forward alignment, without the pairs named
// in missing ("chat noir"), and gives the files' names.
func toyText(t *testing.T, missing ...string) (fr, en, forward, parts string) {
	t.Helper()
	var f, e, a, p strings.Builder
	for _, n := range sorted(nouns) {
		for _, j := range sorted(adjectives) {
			if slices.Contains(missing, n+" "+j) {
				continue
			}
			for range 3 {
				fmt.Fprintf(&f, "le %s %s dort .\n", n, j)
				fmt.Fprintf(&e, "the %s %s sleeps .\n", adjectives[j], nouns[n])
				a.WriteString("0-0 2-1 1-2 3-3 4-4\n")
				p.WriteString("tatoeba\n")
			}
		}
	}
	dir := t.TempDir()
	write := func(name string, b *strings.Builder) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	return write("fr", &f), write("en", &e), write("forward", &a), write("parts", &p)
}

func sorted(m map[string]string) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

func toySides(t *testing.T) (fr, en *side, there [][]link) {
	t.Helper()
	f, e, a, _ := toyText(t)
	fr, err := readSide(f)
	if err != nil {
		t.Fatal(err)
	}
	if en, err = readSide(e); err != nil {
		t.Fatal(err)
	}
	if there, err = readLinks(a, len(fr.sents)); err != nil {
		t.Fatal(err)
	}
	return fr, en, there
}

// The other direction finds the same partners, also where the forward one
// left a word without.
func TestBack(t *testing.T) {
	fr, en, there := toySides(t)
	want := slices.Clone(there[0])
	there[0] = slices.DeleteFunc(slices.Clone(there[0]), func(l link) bool { return l.s == 1 })
	got := back(fr, en, there)[0]
	slices.SortFunc(want, func(a, b link) int { return int(a.s) - int(b.s) })
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// The whole recipe: what was never seen together is put in its order by what
// the words did elsewhere.
func TestRecipe(t *testing.T) {
	fr, en, forward, parts := toyText(t, "dossier syrien", "chat noir")
	dir := t.TempDir()
	lm, feats, model := filepath.Join(dir, "lm"), filepath.Join(dir, "features"), filepath.Join(dir, "model")
	for _, args := range [][]string{
		{"lm", "-en", en, "-o", lm, "-prune", "1,1,1,1"},
		{"extract", "-fr", fr, "-en", en, "-forward", forward, "-parts", parts, "-o", feats},
		{"pack", "-features", feats, "-lm", lm, "-least", "1", "-loss", "0.5", "-o", model},
	} {
		if err := run(args); err != nil {
			t.Fatalf("%s: %v", args[0], err)
		}
	}
	e, err := openModel(model)
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"Le journaliste russe dort.":       "The Russian journalist sleeps.",
		"Le dossier syrien dort.":          "The Syrian file sleeps.",
		"Le chat noir dort.":               "The black cat sleeps.",
		"« Le gouvernement grec dort »":    "“The Greek government sleeps”",
		"Le chat (allemand) dort.":         "The cat (German) sleeps.",
		"LE PARLEMENT RUSSE DORT":          "THE RUSSIAN PARLIAMENT SLEEPS",
		"Le dossier syrien dort 12 jours.": "The Syrian file sleeps 12 jours.",
	} {
		out, err := e.Translate(context.Background(), phrase.Input{Text: in})
		if err != nil || out.Text != want {
			t.Errorf("%q gave %q, %v; want %q", in, out.Text, err, want)
		}
	}
}

// Tuning moves the weights to where the better of two translations wins.
func TestMira(t *testing.T) {
	good, bad := stats{match: [4]float64{9, 8, 7, 6}, total: [4]float64{10, 9, 8, 7}, length: 10, reference: 10},
		stats{match: [4]float64{5, 2, 1, 0}, total: [4]float64{10, 9, 8, 7}, length: 10, reference: 10}
	var pool [][]candidate
	for range 20 {
		var a, b weights
		a[pefWeight], a[lmWeight] = -9, -10
		b[pefWeight], b[lmWeight] = -5, -12
		pool = append(pool, []candidate{{a, good}, {b, bad}})
	}
	var w weights
	w[pefWeight], w[lmWeight], w[unknownWeight] = 0.5, 0.3, -5
	if dot(&w, &pool[0][0].x) > dot(&w, &pool[0][1].x) {
		t.Fatal("the better one wins before the tuning")
	}
	w = mira(pool, w)
	if dot(&w, &pool[0][0].x) <= dot(&w, &pool[0][1].x) {
		t.Errorf("the worse one still wins with %s", w)
	}
	if math.Abs(w[lmWeight]-0.3) > 1e-6 {
		t.Errorf("the language model's weight came to be %g", w[lmWeight])
	}
}

func TestBleu(t *testing.T) {
	one := compare(strings.Fields("the cat sat on the mat"), strings.Fields("the cat sat on the mat"))
	if b := one.bleu(); math.Abs(b-1) > 1e-9 {
		t.Errorf("the same text has %g", b)
	}
	short := compare(strings.Fields("the cat sat on the"), strings.Fields("the cat sat on the mat"))
	if b, want := short.bleu(), math.Exp(1-6.0/5); math.Abs(b-want) > 1e-9 {
		t.Errorf("a short text has %g, want %g", b, want)
	}
}

// A phrase that its words give at the same score is left out; one that they
// don't give stays.
func TestThin(t *testing.T) {
	p := func(src, tgt []uint32) *pair { return &pair{src: src, tgt: tgt} }
	list := []entry{
		{src: []uint32{1}, pairs: []*pair{p([]uint32{1}, []uint32{11})}, scores: []float32{-1}},
		{src: []uint32{2}, pairs: []*pair{p([]uint32{2}, []uint32{12})}, scores: []float32{-1}},
		{src: []uint32{1, 2}, pairs: []*pair{p([]uint32{1, 2}, []uint32{12, 11}), p([]uint32{1, 2}, []uint32{11, 12})}, scores: []float32{-1, -1.8}},
		{src: []uint32{2, 1}, pairs: []*pair{p([]uint32{2, 1}, []uint32{12, 11})}, scores: []float32{-1}},
	}
	got := thin(list, &weights{}, 0.5)
	if len(got) != 4 || len(got[2].pairs) != 1 || got[2].pairs[0].tgt[0] != 12 || got[3].pairs[0].src[0] != 2 {
		t.Errorf("%+v", got)
	}
}

// A phrase that one sentence of the press has is kept up to a length, and never a
// piece of an abbreviation.
func TestChoose(t *testing.T) {
	source, target := []string{"l'", "ONU", "a", "voté", "hier"}, []string{"the", "UN", "U", "voted", "yesterday"}
	f := &features{source: source, target: target}
	for _, p := range []struct {
		src, tgt []uint32
		count    uint32
		part     uint8
	}{
		{[]uint32{0, 1}, []uint32{0, 1}, pressTimes, press},
		{[]uint32{1}, []uint32{2}, 9, press},
		{[]uint32{4}, []uint32{3, 4}, pressTimes, press},
		{[]uint32{2, 3, 4}, []uint32{3, 4}, pressTimes, press},
		{[]uint32{3, 4, 2}, []uint32{3, 4}, 2 * pressTimes, press},
		{[]uint32{1, 2, 3}, []uint32{1, 3}, pressTimes, debates},
	} {
		f.pairs = append(f.pairs, pair{src: p.src, tgt: p.tgt, count: p.count, where: 1 << p.part})
	}
	var got []string
	for _, e := range f.choose(&weights{}, size{least: 3, most: 8, once: 2}) {
		var words []string
		for _, id := range e.src {
			words = append(words, source[id])
		}
		got = append(got, strings.Join(words, " "))
	}
	if want := []string{"l' ONU", "ONU a voté", "voté hier a"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
