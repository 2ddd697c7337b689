package review

import (
	"slices"
	"sort"
	"strings"

	"depeche/translate"
)

// link joins segments of the old and the new document, by index.
type link struct {
	old, new []int
	moved    bool
}

// Limits of the alignment of sources that changed.
const (
	likeness = 0.5 // least similarity of an edited source with its old form
	parts    = 4   // most segments that one is split into
)

// align joins the segments of two documents, in the order of the new one;
// what is gone stands after what it followed. Either may be nil.
func align(old, new *translate.Bitext) []link {
	a, b := sources(old), sources(new)
	pairOf := make([]int, len(b)) // index in a, -1 for none
	for j := range pairOf {
		pairOf[j] = -1
	}
	taken := make([]bool, len(a))
	join := func(i, j int) { pairOf[j], taken[i] = i, true }

	byID := make(map[string]int, len(a))
	for i, s := range a {
		byID[s.id] = i
	}
	for j, s := range b {
		// IDs of other tools may count lines: the same ID must mean a like text.
		if i, ok := byID[s.id]; ok && s.id != "" && !taken[i] && (a[i].key == s.key || similarity(a[i].words, s.words) >= likeness) {
			join(i, j)
		}
	}
	byText := make(map[string][]int)
	for i, s := range a {
		if !taken[i] {
			byText[s.key] = append(byText[s.key], i)
		}
	}
	for j, s := range b {
		if at := byText[s.key]; pairOf[j] < 0 && len(at) > 0 {
			join(at[0], j)
			byText[s.key] = at[1:]
		}
	}
	groups := regroup(a, b, taken, pairOf)
	moved := outOfOrder(pairOf)

	grouped := make(map[int]link) // by the first new index
	inGroup := make(map[int]bool)
	for _, g := range groups {
		grouped[g.new[0]] = g
		for _, j := range g.new {
			inGroup[j] = true
		}
		for _, i := range g.old {
			taken[i] = true
		}
	}
	var out []link
	for j := range b {
		switch g, ok := grouped[j]; {
		case ok:
			out = append(out, g)
		case inGroup[j]:
		case pairOf[j] >= 0:
			out = append(out, link{old: []int{pairOf[j]}, new: []int{j}, moved: moved[j]})
		default:
			out = append(out, link{new: []int{j}})
		}
	}
	return insertRemoved(out, taken)
}

// insertRemoved puts the segments that are gone after their predecessors.
func insertRemoved(links []link, taken []bool) []link {
	at := make(map[int]int) // old index → position in links
	for n, l := range links {
		for _, i := range l.old {
			at[i] = n
		}
	}
	follow := make(map[int][]link)
	place := -1
	for i := range taken {
		if n, ok := at[i]; ok {
			place = n
			continue
		}
		if !taken[i] {
			follow[place] = append(follow[place], link{old: []int{i}})
		}
	}
	out := slices.Clone(follow[-1])
	for n, l := range links {
		out = append(out, l)
		out = append(out, follow[n]...)
	}
	return out
}

type sourceText struct {
	id, key string
	words   []string
}

func sources(b *translate.Bitext) []sourceText {
	if b == nil {
		return nil
	}
	out := make([]sourceText, len(b.Pairs))
	for i := range b.Pairs {
		s := &b.Pairs[i].Source
		out[i] = sourceText{id: s.ID, key: folded(s.Text), words: plainWords(s.Text)}
	}
	return out
}

// plainWords are the words of a text in lower case, sorted.
func plainWords(s string) []string {
	var out []string
	for _, t := range tokens(s) {
		if isWord(t) {
			out = append(out, strings.ToLower(t))
		}
	}
	sort.Strings(out)
	return out
}

// similarity is Dice's coefficient of two sorted lists of words.
func similarity(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	shared := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch c := strings.Compare(a[i], b[j]); {
		case c == 0:
			shared, i, j = shared+1, i+1, j+1
		case c < 0:
			i++
		default:
			j++
		}
	}
	return 2 * float64(shared) / float64(len(a)+len(b))
}

// proposal is an alignment of what was left, with its similarity.
type proposal struct {
	old, new []int
	score    float64
}

// regroup aligns what is left: pairs of like sources are joined, and groups
// of neighbours are proposed as split or merged. The best come first; no
// segment is used twice.
func regroup(a, b []sourceText, taken []bool, pairOf []int) []link {
	byWord := make(map[string][]int)
	for i, s := range a {
		if taken[i] {
			continue
		}
		for _, w := range slices.Compact(slices.Clone(s.words)) {
			byWord[w] = append(byWord[w], i)
		}
	}
	var proposals []proposal
	for j, s := range b {
		if pairOf[j] >= 0 {
			continue
		}
		shared := make(map[int]int)
		for _, w := range slices.Compact(slices.Clone(s.words)) {
			if at := byWord[w]; len(at) <= 200 || len(s.words) < 4 { // not "de"
				for _, i := range at {
					shared[i]++
				}
			}
		}
		for i := range shared {
			if score := similarity(a[i].words, s.words); score >= likeness {
				proposals = append(proposals, proposal{[]int{i}, []int{j}, score})
			}
			for n := 2; n <= parts; n++ {
				if group, words := run(b, j, n, func(k int) bool { return pairOf[k] < 0 }); group != nil {
					if score := similarity(a[i].words, words); score >= 0.7 {
						proposals = append(proposals, proposal{[]int{i}, group, score + 0.02})
					}
				}
				if group, words := run(a, i, n, func(k int) bool { return !taken[k] }); group != nil {
					if score := similarity(words, s.words); score >= 0.7 {
						proposals = append(proposals, proposal{group, []int{j}, score + 0.02})
					}
				}
			}
		}
	}
	slices.SortStableFunc(proposals, func(x, y proposal) int {
		switch {
		case x.score != y.score:
			if x.score > y.score {
				return -1
			}
			return 1
		case x.new[0] != y.new[0]:
			return x.new[0] - y.new[0]
		}
		return x.old[0] - y.old[0]
	})
	usedNew := make(map[int]bool)
	usedOld := make(map[int]bool)
	var groups []link
	for _, p := range proposals {
		if slices.ContainsFunc(p.old, func(i int) bool { return usedOld[i] }) || slices.ContainsFunc(p.new, func(j int) bool { return usedNew[j] }) {
			continue
		}
		for _, i := range p.old {
			usedOld[i] = true
		}
		for _, j := range p.new {
			usedNew[j] = true
		}
		if len(p.old) == 1 && len(p.new) == 1 {
			pairOf[p.new[0]], taken[p.old[0]] = p.old[0], true
			continue
		}
		groups = append(groups, link{old: p.old, new: p.new})
	}
	return groups
}

// run is the group of n neighbours from at that are all free, with their words.
func run(s []sourceText, at, n int, free func(int) bool) ([]int, []string) {
	if at+n > len(s) {
		return nil, nil
	}
	var group []int
	var words []string
	for k := at; k < at+n; k++ {
		if !free(k) {
			return nil, nil
		}
		group = append(group, k)
		words = append(words, s[k].words...)
	}
	sort.Strings(words)
	return group, words
}

// outOfOrder marks the new segments whose old places don't ascend with the
// others: those outside a longest increasing subsequence.
func outOfOrder(pairOf []int) map[int]bool {
	var tails []int // new indices: ends of the best subsequences by length
	previous := make([]int, len(pairOf))
	for j, i := range pairOf {
		if i < 0 {
			continue
		}
		n := sort.Search(len(tails), func(k int) bool { return pairOf[tails[k]] >= i })
		previous[j] = -1
		if n > 0 {
			previous[j] = tails[n-1]
		}
		if n == len(tails) {
			tails = append(tails, j)
		} else {
			tails[n] = j
		}
	}
	moved := make(map[int]bool)
	for j, i := range pairOf {
		if i >= 0 {
			moved[j] = true
		}
	}
	if len(tails) > 0 {
		for j := tails[len(tails)-1]; j >= 0; j = previous[j] {
			delete(moved, j)
		}
	}
	return moved
}
