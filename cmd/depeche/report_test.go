package main

import (
	"encoding/json"
	"regexp"
	"testing"
)

// TestReportKeys wants one spelling of the keys of a run's report.
func TestReportKeys(t *testing.T) {
	d := newDesk(t)
	d.dispatches(2)
	if said, code := d.run("translate", "in", "-o", "out/", "--report", "report/run.json"); code != 0 {
		t.Fatal(said)
	}
	var all map[string]any
	if err := json.Unmarshal([]byte(d.files("report")["run.json"]), &all); err != nil {
		t.Fatal(err)
	}
	plain := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	n := 0
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, value := range v {
				if n++; !plain.MatchString(key) {
					t.Errorf("a key %q", key)
				}
				walk(value)
			}
		case []any:
			for _, value := range v {
				walk(value)
			}
		}
	}
	walk(all)
	spent, _ := all["spent"].([]any)
	if n < 40 || len(spent) != 1 || spent[0].(map[string]any)["requests"] == 0.0 {
		t.Errorf("%d keys, spent %v", n, spent)
	}
}

func TestFindings(t *testing.T) {
	for _, c := range []struct {
		errs, warnings int
		want           string
	}{{0, 0, "no findings"}, {1, 0, "1 segment with errors"}, {0, 2, "2 segments with warnings"}, {2, 1, "2 segments with errors, 1 with warnings"}} {
		if got := findings(c.errs, c.warnings); got != c.want {
			t.Errorf("%d, %d: %q", c.errs, c.warnings, got)
		}
	}
}
