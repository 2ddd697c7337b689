package segment_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"depeche/segment"
)

// shared is where the development sets lie, beside the repository.
const shared = "../../shared/segmentation"

// TestDevelopmentSets holds the splitter to its goals on the development sets,
// by their own measure.
func TestDevelopmentSets(t *testing.T) {
	script := filepath.Join(shared, "score.py")
	if _, err := os.Stat(script); err != nil {
		t.Skipf("no development sets: %v", err)
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to score with")
	}
	for set, least := range map[string]float64{"sequoia-annodis": 99.0, "sequoia-frwiki": 99.0, "gsd-dev": 99.0} {
		t.Run(set, func(t *testing.T) {
			dump, err := exec.Command(python, script, "dump", set).Output()
			if err != nil {
				t.Fatal(err)
			}
			answer := filepath.Join(t.TempDir(), "answer.jsonl")
			if err := os.WriteFile(answer, splitLines(t, dump), 0o644); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(python, script, "score", set, answer).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			t.Logf("%s", out)
			for name, ok := range map[string]func(float64) bool{
				"Fp":   func(v float64) bool { return v >= least },
				"QI5":  func(v float64) bool { return v == 100 },
				"orph": func(v float64) bool { return v == 0 },
				"att":  func(v float64) bool { return v == 0 },
			} {
				m := regexp.MustCompile(`'` + name + `': ([\d.]+)`).FindSubmatch(out)
				if m == nil {
					t.Fatalf("no %s in %s", name, out)
				}
				if v, err := strconv.ParseFloat(string(m[1]), 64); err != nil || !ok(v) {
					t.Errorf("%s = %s misses its goal", name, m[1])
				}
			}
		})
	}
}

// splitLines answers JSON lines {"i": n, "t": text} with {"i": n, "s": [sentence, ...]}.
func splitLines(t *testing.T, dump []byte) []byte {
	var s segment.Splitter
	var out bytes.Buffer
	lines := bufio.NewScanner(bytes.NewReader(dump))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var in struct {
			I int    `json:"i"`
			T string `json:"t"`
		}
		if err := json.Unmarshal(lines.Bytes(), &in); err != nil {
			t.Fatal(err)
		}
		answer := struct {
			I int      `json:"i"`
			S []string `json:"s"`
		}{I: in.I}
		for _, seg := range s.Split(in.T) {
			answer.S = append(answer.S, seg.Text)
		}
		b, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(b, '\n'))
	}
	return out.Bytes()
}

// TestGoldenRules runs the published rules of other splitters.
func TestGoldenRules(t *testing.T) {
	f, err := os.Open(filepath.Join(shared, "golden_fr.jsonl"))
	if err != nil {
		t.Skipf("no golden rules: %v", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	var s segment.Splitter
	for lines.Scan() {
		var rule struct {
			Name, Input string
			Sentences   []string
		}
		if err := json.Unmarshal(lines.Bytes(), &rule); err != nil {
			t.Fatal(err)
		}
		t.Run(rule.Name, func(t *testing.T) {
			got := s.Split(rule.Input)
			ok := len(got) == len(rule.Sentences)
			for i := 0; ok && i < len(got); i++ {
				ok = got[i].Text == rule.Sentences[i]
			}
			if !ok {
				t.Errorf("%q\ngives %d segments:", rule.Input, len(got))
				for _, g := range got {
					t.Errorf("  %q", g.Text)
				}
			}
		})
	}
}
