package check

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"depeche/translate"
)

// Checked is a file with its bitexts, whose findings are reported.
type Checked struct {
	File  string
	Texts []*translate.Bitext
	Lines map[string]int // the line on which a segment stands in the file, from 1; may be nil
}

// Text writes one line per finding: file:line: segment: level: message (rule).
func Text(w io.Writer, files []Checked) error {
	for _, f := range files {
		for _, b := range f.Texts {
			for i := range b.Pairs {
				p := &b.Pairs[i]
				for _, finding := range p.Findings {
					place := f.File
					if n := f.Lines[p.Source.ID]; n > 0 {
						place += fmt.Sprint(":", n)
					}
					if _, err := fmt.Fprintf(w, "%s:%s: %s: %s (%s)\n", place, p.Source.ID, finding.Level, finding.Message, finding.Rule); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// JSON writes one object per finding and line, with the texts and both spans
// in bytes.
func JSON(w io.Writer, files []Checked) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, f := range files {
		for _, b := range f.Texts {
			for i := range b.Pairs {
				p := &b.Pairs[i]
				for _, x := range p.Findings {
					err := e.Encode(struct {
						File       string `json:"file"`
						Line       int    `json:"line,omitempty"`
						Document   string `json:"document"`
						ID         string `json:"id"`
						Rule       string `json:"rule"`
						Level      string `json:"level"`
						Message    string `json:"message"`
						Source     string `json:"source"`
						Target     string `json:"target"`
						SourceSpan []int  `json:"source_span,omitempty"`
						TargetSpan []int  `json:"target_span,omitempty"`
						Suggestion string `json:"suggestion,omitempty"`
					}{f.File, f.Lines[p.Source.ID], b.Document.Name, p.Source.ID, x.Rule, string(x.Level), x.Message, p.Source.Text, p.Target,
						place(x.Source.Start, x.Source.End), place(x.Target.Start, x.Target.End), x.Suggestion})
					if err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

func place(start, end int) []int {
	if end <= start {
		return nil
	}
	return []int{start, end}
}

// The parts of SARIF 2.1.0 (OASIS) that are written.
type (
	sarifText struct {
		Text string `json:"text"`
	}
	sarifRule struct {
		ID       string    `json:"id"`
		Short    sarifText `json:"shortDescription"`
		Defaults struct {
			Level string `json:"level"`
		} `json:"defaultConfiguration"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLocation struct {
		Physical struct {
			Artifact struct {
				URI string `json:"uri"`
			} `json:"artifactLocation"`
			Region *sarifRegion `json:"region,omitempty"`
		} `json:"physicalLocation"`
		Logical []map[string]string `json:"logicalLocations"`
	}
	sarifResult struct {
		RuleID     string            `json:"ruleId"`
		Level      string            `json:"level"`
		Message    sarifText         `json:"message"`
		Locations  []sarifLocation   `json:"locations"`
		Prints     map[string]string `json:"partialFingerprints"`
		Properties map[string]any    `json:"properties"`
	}
)

// SARIF writes the findings as a SARIF 2.1.0 log, for code hosts and CI.
func SARIF(w io.Writer, files []Checked, version string) error {
	rules := []sarifRule{}
	known := make(map[string]bool)
	addRule := func(name, about string, level translate.Level) {
		if known[name] {
			return
		}
		known[name] = true
		r := sarifRule{ID: name, Short: sarifText{about}}
		r.Defaults.Level = sarifLevel(level)
		rules = append(rules, r)
	}
	for i := range Table {
		addRule(Table[i].Name, Table[i].About, Table[i].Level)
	}
	results := []sarifResult{}
	for _, f := range files {
		for _, b := range f.Texts {
			for i := range b.Pairs {
				p := &b.Pairs[i]
				for _, x := range p.Findings {
					addRule(x.Rule, x.Rule, x.Level) // the glossary's and the backends'
					r := sarifResult{RuleID: x.Rule, Level: sarifLevel(x.Level), Message: sarifText{x.Message},
						Prints:     map[string]string{"segment/v1": p.Source.ID + "/" + x.Rule},
						Properties: map[string]any{"source": p.Source.Text, "target": p.Target}}
					if s := place(x.Source.Start, x.Source.End); s != nil {
						r.Properties["sourceSpan"] = s
					}
					if s := place(x.Target.Start, x.Target.End); s != nil {
						r.Properties["targetSpan"] = s
					}
					if x.Suggestion != "" {
						r.Properties["suggestion"] = x.Suggestion
					}
					var l sarifLocation
					l.Physical.Artifact.URI = uri(f.File)
					if n := f.Lines[p.Source.ID]; n > 0 {
						l.Physical.Region = &sarifRegion{n}
					}
					l.Logical = []map[string]string{{"name": p.Source.ID, "fullyQualifiedName": b.Document.Name + "#" + p.Source.ID}}
					r.Locations = []sarifLocation{l}
					results = append(results, r)
				}
			}
		}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(map[string]any{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"version": "2.1.0",
		"runs": []map[string]any{{
			"tool":       map[string]any{"driver": map[string]any{"name": "depeche", "version": version, "rules": rules}},
			"columnKind": "unicodeCodePoints",
			"results":    results,
		}},
	})
}

// uri is the reference to a file: relative as it was named, or file:///….
func uri(file string) string {
	u := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		u.Scheme, u.Path = "file", "/"+strings.TrimPrefix(u.Path, "/")
	}
	return u.String()
}

func sarifLevel(l translate.Level) string {
	if l == translate.LevelInfo {
		return "note"
	}
	return string(l)
}

// The parts of JUnit's XML that CI systems read.
type (
	junitFailure struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
	junitCase struct {
		Name    string         `xml:"name,attr"`
		Class   string         `xml:"classname,attr"`
		File    string         `xml:"file,attr"`
		Line    int            `xml:"line,attr,omitempty"`
		Failure []junitFailure `xml:"failure"`
		Out     string         `xml:"system-out,omitempty"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
)

// JUnit writes one test case per segment. Findings that are errors fail it;
// the others stand in its output.
func JUnit(w io.Writer, files []Checked) error {
	all := junitSuites{Name: "depeche check"}
	for _, f := range files {
		for _, b := range f.Texts {
			s := junitSuite{Name: b.Document.Name}
			for i := range b.Pairs {
				p := &b.Pairs[i]
				c := junitCase{Name: p.Source.ID, Class: b.Document.Name, File: f.File, Line: f.Lines[p.Source.ID]}
				for _, x := range p.Findings {
					if x.Level == translate.LevelError {
						c.Failure = append(c.Failure, junitFailure{x.Rule, x.Message, p.Source.Text + "\n" + p.Target})
					} else {
						c.Out += fmt.Sprintf("%s: %s (%s)\n", x.Level, x.Message, x.Rule)
					}
				}
				if len(c.Failure) > 1 { // readers expect one
					for _, more := range c.Failure[1:] {
						c.Failure[0].Text += "\n" + more.Message + " (" + more.Type + ")"
					}
					c.Failure = c.Failure[:1]
				}
				s.Failures += len(c.Failure)
				s.Cases = append(s.Cases, c)
			}
			s.Tests = len(s.Cases)
			all.Tests += s.Tests
			all.Failures += s.Failures
			all.Suites = append(all.Suites, s)
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
