package typeset

import "math"

// item is what a paragraph is made of, as in Knuth and Plass: boxes, the
// spaces between them, and the places at which a line may end.
type item struct {
	kind    itemKind
	width   float64 // of a box or space; of the hyphen where a line ends at a place
	stretch float64 // of a space
	shrink  float64
	cost    float64 // of ending a line here; forced where one must
	hyphen  bool    // a hyphen is set where the line ends here
	piece   int     // the caller's
}

type itemKind uint8

const (
	box   itemKind = iota
	space          // a line may end before it
	place          // a line may end here
)

// forced is the cost of a place at which a line must end.
const forced = -1e4

// The costs of what is ugly.
const (
	lineCost        = 10
	twoHyphens      = 1e5 // two lines in a row end with a hyphen
	lastHyphen      = 1e6 // the line before the last does
	unevenLines     = 5e3 // a tight line beside a loose one
	tooWideCost     = 1e12
	raggedPerLine   = 0.18 // of the width: how far a ragged line may fall short before it is ugly
	loosestRatio    = 10.0
	shortLastCost   = 3e3 // the last line is hardly longer than an indent
	shortLastFactor = 0.12
)

// breakLines gives the items at which the lines end, the last being
// len(items), so that the whole paragraph looks best. No line is wider than
// width if that can be had; the first may be wider by more. Ragged lines are
// not stretched.
func breakLines(items []item, width, more float64, ragged bool) []int {
	n := len(items)
	// Sums before each item.
	w, st, sh := make([]float64, n+1), make([]float64, n+1), make([]float64, n+1)
	for i, it := range items {
		w[i+1], st[i+1], sh[i+1] = w[i], st[i], sh[i]
		if it.kind == place {
			continue
		}
		w[i+1] += it.width
		if it.kind == space {
			st[i+1] += it.stretch
			sh[i+1] += it.shrink
		}
	}
	// starts[i] is where a line begins after a break at i: behind its spaces.
	type node struct {
		at, start, prev int
		total           float64
		ratio           float64
		hyphen          bool
	}
	nodes := []node{{at: -1, prev: -1}}
	first := 0 // of the nodes from which a line can still begin
	for i := 0; i <= n; i++ {
		cost, hyphenWidth, hyphen := 0.0, 0.0, false
		if i < n {
			switch it := &items[i]; it.kind {
			case box:
				continue
			case space:
				cost = it.cost
			case place:
				cost, hyphenWidth, hyphen = it.cost, it.width, it.hyphen
			}
		} else {
			cost = forced
		}
		best := node{at: i, prev: -1, total: math.Inf(1), hyphen: hyphen}
		fit := first
		for k := first; k < len(nodes); k++ {
			a, width := &nodes[k], width
			if k == 0 {
				width += more
			}
			if a.at == i {
				continue
			}
			to := max(i, a.start)
			natural := w[to] - w[a.start] + hyphenWidth
			last := i == n || cost <= forced
			total, ratio := 0.0, 0.0
			switch gap := width - natural; {
			case gap < -1e-6 && (ragged || -gap > sh[to]-sh[a.start]+1e-6):
				// Too wide. Later breaks only make it wider, so the node is
				// done, unless it is the only one that is left.
				if k == fit && k < len(nodes)-1 && -gap-hyphenWidth > sh[to]-sh[a.start] {
					fit = k + 1
				}
				total = tooWideCost * (1 - gap)
			case gap < 0:
				ratio = gap / (sh[to] - sh[a.start])
				total = sq(lineCost + 100*-ratio*ratio*ratio)
			case last:
				total = sq(lineCost)
				if natural < width*shortLastFactor && k > 0 {
					total += shortLastCost
				}
			case ragged:
				ratio = gap / (width * raggedPerLine)
				total = sq(lineCost + 100*ratio*ratio)
			default:
				ratio = gap / math.Max(st[to]-st[a.start], width*0.004)
				r := math.Min(ratio, loosestRatio)
				total = sq(lineCost + 100*r*r*r)
				if ratio > loosestRatio {
					total *= 4
				}
			}
			if cost > 0 {
				total += sq(cost)
			}
			if hyphen && a.hyphen {
				total += twoHyphens
			}
			if i == n && a.hyphen {
				total += lastHyphen
			}
			if !last && math.Abs(ratio-a.ratio) > 1 && k > 0 {
				total += unevenLines
			}
			if total += a.total; total < best.total {
				best.prev, best.total, best.ratio = k, total, ratio
			}
		}
		first = fit
		best.start = skipSpaces(items, i)
		nodes = append(nodes, best)
		if i < n && cost <= forced {
			first = len(nodes) - 1
		}
	}
	var ends []int
	for k := len(nodes) - 1; k > 0; k = nodes[k].prev {
		ends = append(ends, nodes[k].at)
	}
	for i, j := 0, len(ends)-1; i < j; i, j = i+1, j-1 {
		ends[i], ends[j] = ends[j], ends[i]
	}
	return ends
}

// skipSpaces gives the first item from i on that a line can begin with.
func skipSpaces(items []item, i int) int {
	for i < len(items) && (items[i].kind == space || items[i].kind == place && items[i].cost > forced) {
		i++
	}
	return i
}

func sq(x float64) float64 { return x * x }
