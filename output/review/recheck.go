package review

import (
	"slices"
	"strings"

	"depeche/output"
	"depeche/translate"
	"depeche/translate/check"
)

// large is the number of segments above which a change looks at its own
// segments alone: the rules that compare segments with each other wait for the
// next depeche check, so that editing stays quick.
const large = 2000

// check finds a pair's terms and findings anew.
func (s *server) check(b *translate.Bitext, p *translate.Pair) {
	one := &translate.Bitext{Document: b.Document, Lang: b.Lang, Pairs: []translate.Pair{*p}}
	if g := s.glossary(); g != nil {
		translate.CheckTerms(one, g)
	}
	*p = one.Pairs[0]
	kept := slices.DeleteFunc(slices.Clone(p.Findings), func(f translate.Finding) bool {
		return check.Lookup(f.Rule) != nil || p.Origin.Kind == translate.Human && staleAfterEdit(f.Rule)
	})
	p.Findings = append(kept, check.Pair(p, s.Check)...)
}

// consistency compares the segments with each other, after the one at this
// place was changed, and gives the places that may differ now; none: all.
func (s *server) consistency(b *translate.Bitext, document, at int) []output.Place {
	if len(b.Pairs) <= large {
		check.Consistency(b, s.Check)
		return nil
	}
	return []output.Place{{Document: document, Block: b.Pairs[at].Block}}
}

// staleAfterEdit holds for findings about what a backend answered or the
// pipeline did: an editor's text is not that answer any more.
func staleAfterEdit(rule string) bool {
	return strings.HasPrefix(rule, "answer-") || strings.HasPrefix(rule, "backend-") || rule == "target-missing" || rule == "term-repaired" || rule == "term-lost"
}
