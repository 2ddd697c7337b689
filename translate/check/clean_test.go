package check

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"depeche/segment"
	"depeche/translate"
)

// pairOf makes a pair of two texts as a backend's answer stands in a bitext.
func pairOf(source, target string) translate.Pair {
	return translate.Pair{Source: segment.Segment{ID: "s1", Text: source, Span: segment.Span{End: len(source)}}, Target: target,
		State: translate.Translated, Origin: translate.Origin{Kind: translate.Machine}}
}

func findings(source, target string, c Config) []translate.Finding {
	p := pairOf(source, target)
	return Pair(&p, c)
}

// TestClean runs the checks over human translations: at most 5 % of them may
// carry a finding. CLEAN names another file of tab-separated pairs, and
// VERBOSE a rule whose findings are printed.
func TestClean(t *testing.T) {
	pairs := cleanPairs(t)
	if len(pairs) == 0 {
		t.Skip("no file of clean translations: ../shared/eval/flores-dev.{fr,en} is absent")
	}
	rules := make(map[string]int)
	carrying := 0
	for _, p := range pairs {
		found := findings(p[0], p[1], Config{})
		if len(found) > 0 {
			carrying++
		}
		for _, f := range found {
			rules[f.Rule]++
			if v := os.Getenv("VERBOSE"); v == f.Rule || v == "all" {
				t.Logf("%s: %s [%s]\n\t%s\n\t%s", f.Rule, f.Message, f.Target.Of(p[1]), p[0], p[1])
			}
		}
	}
	var lines []string
	for r, n := range rules {
		lines = append(lines, fmt.Sprintf("%5d %s", n, r))
	}
	slices.Sort(lines)
	slices.Reverse(lines)
	t.Logf("%d of %d carry a finding (%.1f %%)\n%s", carrying, len(pairs), 100*float64(carrying)/float64(len(pairs)), strings.Join(lines, "\n"))
	if os.Getenv("CLEAN") == "" && carrying*100 > len(pairs)*5 {
		t.Errorf("more than 5 %% of clean segments carry a finding")
	}
}

func cleanPairs(t *testing.T) [][2]string {
	t.Helper()
	var out [][2]string
	if file := os.Getenv("CLEAN"); file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if f := strings.Split(strings.TrimRight(line, "\n"), "\t"); len(f) >= 2 {
				out = append(out, [2]string{f[len(f)-2], f[len(f)-1]})
			}
		}
		return out
	}
	dir := filepath.Join("..", "..", "..", "shared", "eval")
	fr, err1 := os.ReadFile(filepath.Join(dir, "flores-dev.fr"))
	en, err2 := os.ReadFile(filepath.Join(dir, "flores-dev.en"))
	if err1 != nil || err2 != nil {
		return nil
	}
	a, b := strings.Split(strings.TrimSpace(string(fr)), "\n"), strings.Split(strings.TrimSpace(string(en)), "\n")
	for i := range min(len(a), len(b)) {
		out = append(out, [2]string{a[i], b[i]})
	}
	return out
}
