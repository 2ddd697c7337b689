package check

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"depeche/segment"
	"depeche/translate"
)

// checked is a file with an error, a warning and a clean segment, with what
// XML and JSON must escape.
func checked(file string) []Checked {
	b := &translate.Bitext{Document: &segment.Document{Name: "a & b"}}
	for i, p := range [][2]string{
		{"Plus de 240.000 morts & <A>.", "More than 24,000 dead & <A>."},
		{"Il n'est pas \x01 venu.", "He \x01 came."},
		{"Il dort.", "He sleeps."},
	} {
		pair := pairOf(p[0], p[1])
		pair.Source.ID = string(rune('a' + i))
		b.Pairs = append(b.Pairs, pair)
	}
	Run(b, Config{})
	return []Checked{{file, []*translate.Bitext{b}, map[string]int{"a": 7}}}
}

func TestSARIF(t *testing.T) {
	for file, want := range map[string]string{"out/a b#1.xlf": "out/a%20b%231.xlf", filepath.Join(string(filepath.Separator), "x", "é.xlf"): "file:///x/%C3%A9.xlf"} {
		var out bytes.Buffer
		if err := SARIF(&out, checked(file), "0.1"); err != nil {
			t.Fatal(err)
		}
		var log struct {
			Schema  string `json:"$schema"`
			Version string
			Runs    []struct {
				Tool struct {
					Driver struct {
						Name  string
						Rules []struct{ ID string }
					}
				}
				Results []struct {
					RuleID, Level string
					Message       struct{ Text string }
					Locations     []struct {
						PhysicalLocation struct {
							ArtifactLocation struct{ URI string }
							Region           *struct{ StartLine int }
						}
					}
					Properties struct {
						SourceSpan, TargetSpan []int
						Suggestion             string
					}
				}
			}
		}
		if err := json.Unmarshal(out.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		if log.Version != "2.1.0" || log.Schema == "" || len(log.Runs) != 1 || len(log.Runs[0].Results) != 2 {
			t.Fatalf("%+v", log)
		}
		run := log.Runs[0]
		rules := make(map[string]bool)
		for _, r := range run.Tool.Driver.Rules {
			rules[r.ID] = true
		}
		for _, r := range run.Results {
			if !rules[r.RuleID] || r.Message.Text == "" || r.Level != "error" && r.Level != "warning" && r.Level != "note" {
				t.Errorf("%+v", r)
			}
			if got := r.Locations[0].PhysicalLocation.ArtifactLocation.URI; got != want {
				t.Errorf("%s: URI %q, want %q", file, got, want)
			} else if _, err := url.Parse(got); err != nil {
				t.Error(err)
			}
		}
		first := run.Results[0]
		if first.RuleID != "number" || first.Locations[0].PhysicalLocation.Region.StartLine != 7 || run.Results[1].Locations[0].PhysicalLocation.Region != nil {
			t.Errorf("%+v", run.Results)
		}
		if p := first.Properties; len(p.SourceSpan) != 2 || len(p.TargetSpan) != 2 || p.Suggestion != "240,000" {
			t.Errorf("%+v", p)
		}
	}
}

func TestJUnit(t *testing.T) {
	var out bytes.Buffer
	if err := JUnit(&out, checked("a.xlf")); err != nil {
		t.Fatal(err)
	}
	var all junitSuites
	if err := xml.Unmarshal(out.Bytes(), &all); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	s := all.Suites[0]
	if all.Tests != 3 || all.Failures != 1 || s.Tests != 3 || s.Failures != 1 || s.Name != "a & b" {
		t.Errorf("%+v", all)
	}
	if f := s.Cases[0].Failure; len(f) != 1 || f[0].Type != "number" || !strings.Contains(f[0].Text, "& <A>") || s.Cases[0].Line != 7 {
		t.Errorf("%+v", s.Cases[0])
	}
	if c := s.Cases[1]; len(c.Failure) != 0 || !strings.Contains(c.Out, "negation") {
		t.Errorf("%+v", c)
	}
	if c := s.Cases[2]; len(c.Failure) != 0 || c.Out != "" {
		t.Errorf("%+v", c)
	}
}

// TestConfig: rules are switched off, get other levels, and wrong names are
// errors.
func TestConfig(t *testing.T) {
	level := func(c Config) translate.Level {
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		return translate.Worst(findings("Plus de 240.000 morts.", "More than 24,000 dead.", c))
	}
	if got := level(Config{}); got != translate.LevelError {
		t.Errorf("as it is: %q", got)
	}
	if got := level(Config{Levels: map[string]string{"number": "info"}}); got != translate.LevelInfo {
		t.Errorf("info: %q", got)
	}
	if got := level(Config{Levels: map[string]string{"number": "off"}}); got != "" {
		t.Errorf("off: %q", got)
	}
	for _, c := range []Config{{Levels: map[string]string{"nmber": "info"}}, {Levels: map[string]string{"number": "loud"}}, {Friends: []string{"absent.tsv"}}} {
		if err := c.Validate(); err == nil {
			t.Errorf("%+v is valid", c)
		}
	}
}
