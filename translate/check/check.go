// Package check finds what is doubtful in translations: a quotation mark that
// is lost, a number that changed, a sentence that is missing. Its rules stand
// in one table; each can be switched off or given another level. Precision
// counts more than recall: a desk that sees false alarms reads none.
package check

import (
	"fmt"
	"slices"
	"strings"

	"depeche/glossary"
	"depeche/segment"
	"depeche/translate"
	"depeche/translate/quantity"
)

// Rule is one line of Table.
type Rule struct {
	Name  string
	Level translate.Level // unless the configuration says otherwise
	About string          // one line for `depeche check --rules`

	pair func(*text)                      // looks at one pair
	all  func(*translate.Bitext) []placed // looks at the whole document
}

// placed is a finding of a pair, by its index.
type placed struct {
	pair    int
	finding translate.Finding
}

// Config chooses the rules and their levels; it decodes from [check] in
// depeche.toml. The zero Config runs every rule at its own level.
type Config struct {
	// Levels maps rule names to "error", "warning", "info" or "off".
	Levels map[string]string `toml:"levels"`
	// Friends names files of false friends besides the program's own list:
	// French word, wrong English words, right ones; tabs between, "/" within.
	Friends []string `toml:"false-friends"`
	// Allow lists words that are right though they look untranslated or lost.
	Allow []string `toml:"allow"`
	// Keep accepts the guillemets and spaces of the source's typography.
	Keep bool `toml:"keep-typography"`

	friends []friend
}

// Validate reports rule names and levels that don't exist and reads the files
// that the configuration names. Run and Pair work without it, but then use
// the program's own list of false friends alone.
func (c *Config) Validate() error {
	for name, level := range c.Levels {
		if Lookup(name) == nil && !glossary.IsRule(name) {
			return fmt.Errorf("unknown check %q; depeche check --rules lists them", name)
		}
		switch level {
		case "error", "warning", "info", "off":
		default:
			return fmt.Errorf("check %s: unknown level %q (error, warning, info or off)", name, level)
		}
	}
	c.friends = nil
	for _, file := range c.Friends {
		more, err := readFriends(file)
		if err != nil {
			return err
		}
		c.friends = append(c.friends, more...)
	}
	return nil
}

// Level is the level at which the configuration runs a rule, "" for off.
func (c *Config) Level(r *Rule) translate.Level {
	switch level, ok := c.Levels[r.Name]; {
	case !ok:
		return r.Level
	case level == "off":
		return ""
	default:
		return translate.Level(level)
	}
}

// Lookup finds a rule of Table by its name, nil if there is none.
func Lookup(name string) *Rule {
	for i := range Table {
		if Table[i].Name == name {
			return &Table[i]
		}
	}
	return nil
}

// Run checks a bitext and replaces the findings of this package's rules in
// each pair. Findings of others, such as the backend's, stay; the glossary's
// get the levels of the configuration.
func Run(b *translate.Bitext, c Config) {
	for i := range b.Pairs {
		p := &b.Pairs[i]
		p.Findings = append(others(p.Findings, &c), Pair(p, c)...)
	}
	Consistency(b, c)
}

// Consistency runs only those rules that compare segments of one document
// with each other, and replaces their findings.
func Consistency(b *translate.Bitext, c Config) {
	for i := range b.Pairs {
		b.Pairs[i].Findings = slices.DeleteFunc(b.Pairs[i].Findings, func(f translate.Finding) bool {
			r := Lookup(f.Rule)
			return r != nil && r.all != nil
		})
	}
	for i := range Table {
		r := &Table[i]
		level := c.Level(r)
		if r.all == nil || level == "" {
			continue
		}
		for _, f := range r.all(b) {
			f.finding.Rule, f.finding.Level = r.Name, level
			b.Pairs[f.pair].Findings = append(b.Pairs[f.pair].Findings, f.finding)
		}
	}
	for i := range b.Pairs {
		sortFindings(b.Pairs[i].Findings)
	}
}

// Pair gives the findings of this package's rules for one pair, without those
// rules that need the whole document.
func Pair(p *translate.Pair, c Config) []translate.Finding {
	switch p.Origin.Kind {
	case translate.Source, translate.Converted: // by rule, not by a translator
		return nil
	}
	t := &text{source: p.Source.Text, target: p.Target, config: &c, terms: p.Terms}
	if strings.TrimSpace(p.Target) == "" {
		if rule := Lookup("empty"); c.Level(rule) != "" {
			return []translate.Finding{{Rule: rule.Name, Level: c.Level(rule), Message: "the segment has no translation"}}
		}
		return nil
	}
	for i := range Table {
		r := &Table[i]
		t.rule, t.level = r.Name, c.Level(r)
		if r.pair != nil && t.level != "" {
			r.pair(t)
		}
	}
	sortFindings(t.findings)
	return t.findings
}

// others keeps the findings that none of the rules here made.
func others(findings []translate.Finding, c *Config) []translate.Finding {
	var out []translate.Finding
	for _, f := range findings {
		if Lookup(f.Rule) != nil {
			continue
		}
		if level, ok := c.Levels[f.Rule]; ok && glossary.IsRule(f.Rule) {
			if level == "off" {
				continue
			}
			f.Level = translate.Level(level)
		}
		out = append(out, f)
	}
	return out
}

// sortFindings puts the gravest first, then by place.
func sortFindings(findings []translate.Finding) {
	rank := map[translate.Level]int{translate.LevelError: 0, translate.LevelWarning: 1, translate.LevelInfo: 2}
	slices.SortStableFunc(findings, func(a, b translate.Finding) int {
		if d := rank[a.Level] - rank[b.Level]; d != 0 {
			return d
		}
		return a.Target.Start - b.Target.Start
	})
}

// text is a pair under examination with what several rules need of it.
type text struct {
	source, target string
	config         *Config
	rule           string
	level          translate.Level
	findings       []translate.Finding
	terms          []translate.Term // of the glossary, which looks after them itself

	compared *comparison
	followed []named
	words    [2][]word
}

// report adds a finding of the rule that runs.
func (t *text) report(source, target segment.Span, suggestion, message string, args ...any) {
	t.findings = append(t.findings, translate.Finding{Rule: t.rule, Level: t.level, Message: fmt.Sprintf(message, args...),
		Source: source, Target: target, Suggestion: suggestion})
}

// word is a run of letters, digits and inner hyphens or apostrophes.
type word struct {
	text  string
	span  segment.Span
	start bool // first of a sentence or of a quotation
}

// wordsOf gives the words of the source (0) or the target (1).
func (t *text) wordsOf(side int) []word {
	if t.words[side] == nil {
		s := t.source
		if side == 1 {
			s = t.target
		}
		t.words[side] = words(s)
	}
	return t.words[side]
}

// quantities compares the numbers of both texts, once.
func (t *text) quantities() *comparison {
	if t.compared == nil {
		t.compared = compare(quantity.Find(t.source, quantity.French), quantity.Find(t.target, quantity.English))
	}
	return t.compared
}
