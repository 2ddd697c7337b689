package score

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// lines reads a file of segments.
func lines(t testing.TB, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimRight(string(data), "\n"), "\n")
}

// TestStored compares with what sacreBLEU 2.6.0 computed for the sets under
// testdata: NAME.hyp, NAME.ref, and NAME.json with its scores in the order of
// Metrics.
func TestStored(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d sets, %v", len(files), err)
	}
	for _, file := range files {
		base := strings.TrimSuffix(file, ".json")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var want []float64
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		compare(t, base, lines(t, base+".hyp"), lines(t, base+".ref"), want)
	}
}

func compare(t *testing.T, name string, hyp, ref []string, want []float64) {
	t.Helper()
	c, err := NewCorpus(hyp, ref)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for m, metric := range Metrics {
		if got := c.Score(m); math.Abs(got-want[m]) >= 0.005 {
			t.Errorf("%s: %s is %.4f, sacreBLEU says %.4f", name, metric.Name, got, want[m])
		}
	}
}

// program asks sacreBLEU, one corpus at a time.
const program = `
import sys, json
from sacrebleu.metrics import BLEU, CHRF, TER
h, r = ([l.rstrip("\n") for l in open(f, encoding="utf-8", newline="\n")] for f in sys.argv[1:3])
print(json.dumps([m.corpus_score(h, [r]).score for m in (BLEU(), CHRF(), TER())]))
`

// TestLive compares with sacreBLEU on the development set, where python3 (or
// the interpreter that PYTHON names) has it.
func TestLive(t *testing.T) {
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import sacrebleu").Run(); err != nil {
		t.Skip("python3 with sacrebleu is absent; PYTHON may name an interpreter that has it")
	}
	dir := filepath.Join("..", "..", "..", "..", "shared", "eval")
	systems, _ := filepath.Glob(filepath.Join(dir, "flores-dev.*.en"))
	if len(systems) == 0 {
		t.Skip("../shared/eval is absent")
	}
	for _, system := range systems {
		ref := filepath.Join(dir, "flores-dev.en")
		out, err := exec.Command(python, "-c", program, system, ref).Output()
		if err != nil {
			t.Fatal(err)
		}
		var want []float64
		if err := json.Unmarshal(out, &want); err != nil {
			t.Fatal(err)
		}
		t.Log(filepath.Base(system), want)
		compare(t, filepath.Base(system), lines(t, system), lines(t, ref), want)
	}
}

const bootstrapProgram = `
import sys, json
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.significance import PairedTest
a, b, r = ([l.rstrip("\n") for l in open(f, encoding="utf-8", newline="\n")] for f in sys.argv[1:4])
_, scores = PairedTest([("a", a), ("b", b)], {"BLEU": BLEU(references=[r]), "chrF2": CHRF(references=[r]), "TER": TER(references=[r])}, references=None, test_type="bs", n_samples=1000)()
print(json.dumps([[float(x) for x in (scores[k][1].p_value, scores[k][1].mean, scores[k][1].ci)] for k in ("BLEU", "chrF2", "TER")]))
`

// TestBootstrapLive compares p-values, means and intervals with sacreBLEU's.
func TestBootstrapLive(t *testing.T) {
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import sacrebleu").Run(); err != nil {
		t.Skip("python3 with sacrebleu is absent; PYTHON may name an interpreter that has it")
	}
	dir := filepath.Join("..", "..", "..", "..", "shared", "eval", "flores-dev.")
	if _, err := os.Stat(dir + "google.en"); err != nil {
		t.Skip("../shared/eval is absent")
	}
	out, err := exec.Command(python, "-c", bootstrapProgram, dir+"google.en", dir+"microsoft.en", dir+"en").Output()
	if err != nil {
		t.Fatal(err)
	}
	var want [][3]float64
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	ref := lines(t, dir+"en")
	a, _ := NewCorpus(lines(t, dir+"google.en"), ref)
	b, _ := NewCorpus(lines(t, dir+"microsoft.en"), ref)
	got, err := Bootstrap(a, b, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range got {
		if have := [3]float64{c.P, c.IntervalB.Mean, c.IntervalB.Half}; math.Abs(have[0]-want[i][0]) > 1e-9 || math.Abs(have[1]-want[i][1]) >= 0.005 || math.Abs(have[2]-want[i][2]) >= 0.005 {
			t.Errorf("%s: %v, sacreBLEU says %v", c.Metric.Name, have, want[i])
		}
	}
}

func TestBootstrap(t *testing.T) {
	var ref, good, bad []string
	for i := range 60 {
		ref = append(ref, fmt.Sprintf("the minister number %d spoke in Moscow about the war in Syria", i))
		good = append(good, fmt.Sprintf("the minister number %d spoke in Moscow about war in Syria", i))
		bad = append(bad, fmt.Sprintf("minister %d has talked at Moscow on the Syria war", i))
	}
	a, _ := NewCorpus(bad, ref)
	b, _ := NewCorpus(good, ref)
	far, err := Bootstrap(a, b, 200)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range far {
		if c.P > 0.05 || c.Difference*float64(c.Metric.Better) <= 0 {
			t.Errorf("%s: p %.3f, difference %.1f for systems that are far apart", c.Metric.Name, c.P, c.Difference)
		}
	}
	equal, _ := Bootstrap(a, a, 200)
	for _, c := range equal {
		if c.P < 0.9 || c.Difference != 0 {
			t.Errorf("%s: p %.3f for a system and itself", c.Metric.Name, c.P)
		}
	}
	short, _ := NewCorpus(bad[:3], ref[:3])
	if _, err := Bootstrap(a, short, 0); err == nil {
		t.Error("systems of different length were compared")
	}
	if _, err := NewCorpus(bad, ref[:1]); err == nil {
		t.Error("hypotheses without references were taken")
	}
}

// TestSamples: the generator draws what NumPy's does.
func TestSamples(t *testing.T) {
	r := seeded()
	var got []int
	for range 20 {
		got = append(got, r.below(997))
	}
	want := "[697 226 786 315 203 794 640 674 985 389 836 331 565 596 212 186 228 670 611 938]"
	if fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

func BenchmarkTER(b *testing.B) {
	hyp, ref := lines(b, "testdata/news.hyp"), lines(b, "testdata/news.ref")
	for b.Loop() {
		for i := range hyp {
			terStats(hyp[i], ref[i])
		}
	}
}
