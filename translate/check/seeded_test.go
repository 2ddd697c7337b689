package check

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"depeche/translate"
)

// seeds put one fault into a human translation, where there is a place for it.
// Any of the rules may find it.
var seeds = []struct {
	name  string
	rules []string
	fault func(source, target string) string // "" or the target itself: no place
}{
	{"a digit changed", []string{"number", "date", "time", "unit"}, func(_, t string) string {
		return replaceFirst(regexp.MustCompile(`\b\d{2,}`), t, func(s string) string {
			d := byte('0' + (s[len(s)-1]-'0'+3)%10)
			return s[:len(s)-1] + string(d)
		})
	}},
	{"a number dropped", []string{"number", "date", "time"}, func(_, t string) string {
		return replaceFirst(regexp.MustCompile(`\b\d[\d,.]*\d `), t, func(string) string { return "" })
	}},
	{"a mark of quotation dropped", []string{"quotes-unbalanced"}, func(_, t string) string {
		return replaceFirst(regexp.MustCompile(`["“”]`), t, func(string) string { return "" })
	}},
	{"the marks of speech dropped", []string{"quotes-lost"}, func(_, t string) string {
		if !regexp.MustCompile(`["“][^"”]{25,}["”]`).MatchString(t) {
			return ""
		}
		return strings.NewReplacer(`"`, "", "“", "", "”", "").Replace(t)
	}},
	{"a bracket dropped", []string{"brackets"}, func(_, t string) string { return strings.Replace(t, ")", "", 1) }},
	{"not dropped", []string{"negation-lost"}, func(s, t string) string {
		if !reNegation.MatchString(s) || reNotReal.MatchString(s) || strings.HasSuffix(s, "?") {
			return ""
		}
		return replaceFirst(regexp.MustCompile(`\b(?:do|does|did) not |\b(?:do|does|did)n['’]t | not\b|\B(?:n['’]t|n['’]t)\b`), t, func(string) string { return "" })
	}},
	{"a name spelt wrong", []string{"name-altered", "name-lost"}, func(s, t string) string {
		return inName(s, t, func(n string) string {
			i := len(n) / 2
			c := byte('o')
			if n[i] == 'o' {
				c = 'a'
			}
			return n[:i] + string(c) + n[i+1:]
		})
	}},
	{"a name dropped", []string{"name-lost"}, func(s, t string) string { return inName(s, t, func(string) string { return "someone" }) }},
	{"another month", []string{"date"}, func(s, t string) string {
		months := []string{"January", "February", "April", "June", "July", "September", "October", "November", "December"}
		return replaceFirst(regexp.MustCompile(`\b(?:`+strings.Join(months, "|")+`)\b`), t, func(m string) string {
			return months[(slices.Index(months, m)+4)%len(months)]
		})
	}},
	{"another weekday", []string{"date"}, func(s, t string) string {
		days := []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
		return replaceFirst(regexp.MustCompile(`\b(?:`+strings.Join(days, "|")+`)\b`), t, func(d string) string { return days[(slices.Index(days, d)+2)%7] })
	}},
	{"a word twice", []string{"repeated-word"}, func(_, t string) string {
		return replaceFirst(regexp.MustCompile(` (?:the|and|of|with|from|people|their) `), t, func(s string) string { return s + s[1:] })
	}},
	{"a word left in French", []string{"untranslated-word"}, func(s, t string) string {
		for _, w := range words(s) {
			if len(w.text) > 5 && lowerWord(w.text) && french(w.text) && !slices.Contains(loans, w.text) && !strings.Contains(t, w.text) {
				return replaceFirst(regexp.MustCompile(` [a-z]{5,} `), t, func(string) string { return " " + w.text + " " })
			}
		}
		return ""
	}},
	{"the last sentence dropped", []string{"sentence-lost", "length"}, func(s, t string) string {
		list := sentences(t)
		if len(sentences(s)) != len(list) || len(list) < 2 || len(list[len(list)-1]) < 30 {
			return ""
		}
		return strings.TrimSpace(strings.Join(list[:len(list)-1], ""))
	}},
	{"a sentence added", []string{"sentence-added"}, func(s, t string) string {
		if ending(s) != '.' || ending(t) != '.' {
			return ""
		}
		return t + " Witnesses later described scenes of panic downtown."
	}},
	{"the end dropped", []string{"end-mark"}, func(s, t string) string {
		if ending(s) != '.' {
			return ""
		}
		return strings.TrimSuffix(t, ".")
	}},
	{"a space before a mark", []string{"spacing"}, func(_, t string) string { return strings.Replace(t, ", ", " , ", 1) }},
	{"half of it", []string{"length", "sentence-lost"}, func(s, t string) string {
		if len(t) < 100 {
			return ""
		}
		end := strings.LastIndexByte(t[:len(t)*35/100], ' ')
		if end < 0 {
			return ""
		}
		return t[:end] + "."
	}},
	{"a loop", []string{"loop"}, func(_, t string) string {
		w := strings.Fields(strings.TrimRight(t, `."`))
		if len(w) < 8 {
			return ""
		}
		tail := " " + strings.Join(w[len(w)-4:], " ")
		return strings.Join(w, " ") + tail + tail + "."
	}},
	{"a placeholder", []string{"placeholder"}, func(_, t string) string { return strings.Replace(t, " ", " ⟦T1⟧ ", 1) }},
	{"commentary", []string{"commentary"}, func(_, t string) string { return "Here is the translation: " + t }},
	{"the source itself", []string{"untranslated"}, func(s, _ string) string { return s }},
	{"nothing", []string{"empty"}, func(_, t string) string { return " " }},
}

func replaceFirst(re *regexp.Regexp, s string, f func(string) string) string {
	loc := re.FindStringIndex(s)
	if loc == nil {
		return ""
	}
	return s[:loc[0]] + f(s[loc[0]:loc[1]]) + s[loc[1]:]
}

// inName changes a name that both texts have, in the target.
func inName(source, target string, f func(string) string) string {
	t := &text{source: source, target: target, config: &Config{}}
	for _, n := range names(t) {
		if len(n.text) > 5 && strings.Count(target, n.text) == 1 && strings.Count(source, n.text) == 1 && fold(n.text) == strings.ToLower(n.text) {
			return strings.Replace(target, n.text, f(n.text), 1)
		}
	}
	return ""
}

// TestSeeded seeds faults in real translations: at least 85 % of all and half
// of each kind are found.
func TestSeeded(t *testing.T) {
	pairs := cleanPairs(t)
	if len(pairs) == 0 {
		t.Skip("no file of clean translations: ../shared/eval/flores-dev.{fr,en} is absent")
	}
	shares := 0.0
	for _, seed := range seeds {
		hits, n := 0, 0
		for _, p := range pairs {
			faulty := seed.fault(p[0], p[1])
			if faulty == "" || faulty == p[1] || n == 100 {
				continue
			}
			n++
			if slices.ContainsFunc(findings(p[0], faulty, Config{}), func(f translate.Finding) bool { return slices.Contains(seed.rules, f.Rule) }) {
				hits++
			} else if testing.Verbose() {
				t.Logf("missed: %s\n\t%s\n\t%s", seed.name, p[0], faulty)
			}
		}
		if n == 0 {
			t.Fatalf("%s: no place", seed.name)
		}
		share := 100 * float64(hits) / float64(n)
		shares += share / float64(len(seeds))
		t.Logf("%-28s %3d of %3d (%.0f %%)", seed.name, hits, n, share)
		if share < 50 {
			t.Errorf("%s: found only %d of %d", seed.name, hits, n)
		}
	}
	t.Logf("mean of the kinds: %.1f %%", shares)
	if shares < 85 {
		t.Errorf("%.1f %% of the seeded faults are found", shares)
	}
}
