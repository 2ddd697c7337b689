package check

import (
	"os"
	"strings"
	"testing"

	"depeche/translate"
)

// TestFaults reads testdata/faults/RULE.txt: 20 pairs with a fault that the
// rule must report and 20 near misses that it must not. " || " stands between
// the two sources or targets of the rules that compare segments. Over all
// rules recall is at least 90 %, and no rule is below 75 %.
func TestFaults(t *testing.T) {
	hits, faults, alarms, clean := 0, 0, 0, 0
	for i := range Table {
		rule := Table[i].Name
		data, err := os.ReadFile("testdata/faults/" + rule + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		h, f, a, c := 0, 0, 0, 0
		for n, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			if strings.HasPrefix(line, "#") {
				continue
			}
			field := strings.SplitN(line+" ", " | ", 3)
			if len(field) != 3 {
				t.Fatalf("%s.txt:%d: want kind | French | English", rule, n+1)
			}
			found := reported(rule, field[1], strings.TrimSuffix(field[2], " "))
			switch field[0] {
			case "fault":
				f++
				if found {
					h++
				} else if testing.Verbose() {
					t.Logf("missed: %s.txt:%d: %s", rule, n+1, line)
				}
			case "clean":
				c++
				if found {
					a++
					t.Logf("false alarm: %s.txt:%d: %s", rule, n+1, line)
				}
			default:
				t.Fatalf("%s.txt:%d: kind %q", rule, n+1, field[0])
			}
		}
		if f < 20 || c < 20 {
			t.Errorf("%s: %d faults and %d near misses, want 20 of each", rule, f, c)
		}
		if h*100 < f*75 {
			t.Errorf("%s: only %d of %d faults were found", rule, h, f)
		}
		if a > 2 {
			t.Errorf("%s: %d of %d near misses were reported", rule, a, c)
		}
		if testing.Verbose() {
			t.Logf("%-20s recall %2d/%d, false alarms %d/%d", rule, h, f, a, c)
		}
		hits, faults, alarms, clean = hits+h, faults+f, alarms+a, clean+c
	}
	t.Logf("recall %.1f %%, false alarms %.1f %%", 100*float64(hits)/float64(faults), 100*float64(alarms)/float64(clean))
	if hits*100 < faults*90 {
		t.Errorf("recall is %d of %d", hits, faults)
	}
	if alarms*100 > clean*2 {
		t.Errorf("%d of %d near misses were reported", alarms, clean)
	}
}

// reported runs all rules over the case and looks for one.
func reported(rule, source, target string) bool {
	sources, targets := strings.Split(source, " || "), strings.Split(target, " || ")
	b := &translate.Bitext{}
	for i := range max(len(sources), len(targets)) {
		b.Pairs = append(b.Pairs, pairOf(sources[min(i, len(sources)-1)], targets[min(i, len(targets)-1)]))
	}
	Run(b, Config{})
	for i := range b.Pairs {
		for _, f := range b.Pairs[i].Findings {
			if f.Rule == rule {
				return true
			}
		}
	}
	return false
}
