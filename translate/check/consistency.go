package check

import (
	"slices"
	"strings"

	"depeche/segment"
	"depeche/translate"
)

// translated reports whether a pair takes part in comparisons over the document.
func translated(p *translate.Pair) bool {
	return p.Target != "" && p.Origin.Kind != translate.Source && p.Origin.Kind != translate.Converted
}

// inconsistentTargets reports segments whose source stands elsewhere with
// another translation; the first translation sets the measure.
func inconsistentTargets(b *translate.Bitext) []placed {
	first := make(map[string]int)
	var out []placed
	for i := range b.Pairs {
		p := &b.Pairs[i]
		key := squash(p.Source.Text)
		if !translated(p) || strings.Count(key, " ") < 1 {
			continue
		}
		j, seen := first[key]
		if !seen {
			first[key] = i
			continue
		}
		if other := &b.Pairs[j]; squash(other.Target) != squash(p.Target) && ending(other.Source.Text) == ending(p.Source.Text) {
			out = append(out, placed{i, translate.Finding{Message: "the same source is translated otherwise in " + other.Source.ID + ": “" + other.Target + "”",
				Source: segment.Span{End: len(p.Source.Text)}, Target: segment.Span{End: len(p.Target)}, Suggestion: other.Target}})
		}
	}
	return out
}

// inconsistentSources reports segments whose translation stands elsewhere
// for a source that has little in common with theirs.
func inconsistentSources(b *translate.Bitext) []placed {
	first := make(map[string]int)
	var out []placed
	for i := range b.Pairs {
		p := &b.Pairs[i]
		key := squash(p.Target)
		if !translated(p) || strings.Count(key, " ") < 2 {
			continue
		}
		j, seen := first[key]
		if !seen {
			first[key] = i
			continue
		}
		if other := &b.Pairs[j]; !similar(other.Source.Text, p.Source.Text) {
			out = append(out, placed{i, translate.Finding{Message: "another source has the same translation in " + other.Source.ID + ": “" + other.Source.Text + "”",
				Source: segment.Span{End: len(p.Source.Text)}, Target: segment.Span{End: len(p.Target)}}})
		}
	}
	return out
}

// similar reports whether two texts share most of their words.
func similar(a, b string) bool {
	x, y := strings.Fields(squash(a)), strings.Fields(squash(b))
	shared := 0
	for _, w := range x {
		if slices.Contains(y, w) {
			shared++
		}
	}
	return shared*3 >= max(len(x), len(y))*2
}
