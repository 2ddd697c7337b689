package score

import (
	"math"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// TER's limits, those of Tercom as sacreBLEU has them.
const (
	shiftSize       = 10
	shiftDistance   = 50
	shiftCandidates = 1000
	beam            = 25
	infinite        = 1 << 30
)

// terStats are the edits and the length of the reference. Snover et al. (2006).
func terStats(hypothesis, reference string) []float64 {
	words := func(s string) []string {
		// Unlike strings.ToLower, as Python: İ becomes two characters.
		return strings.FieldsFunc(cases.Lower(language.Und).String(s), space)
	}
	edits, length := Edits(words(hypothesis), words(reference))
	return []float64{float64(edits), float64(length)}
}

func terScore(stats []float64) float64 {
	switch {
	case stats[1] > 0:
		return 100 * stats[0] / stats[1]
	case stats[0] > 0:
		return 100
	}
	return 0
}

// Edits is the number of insertions, deletions, substitutions and shifts that
// turn the hypothesis into the reference, and the reference's length.
func Edits(hyp, ref []string) (edits, length int) {
	if len(ref) == 0 {
		return len(hyp), 0
	}
	d := newDistance(hyp, ref)
	shifts, checked := 0, 0
	for {
		gain, shifted := d.shift(&checked)
		if checked >= shiftCandidates || gain <= 0 {
			return shifts + d.total(), len(ref)
		}
		shifts++
		d = newDistance(shifted, ref)
	}
}

type operation byte

const (
	undefined operation = iota
	same
	substitute
	insert // a word of the reference
	remove // a word of the hypothesis
)

type cell struct {
	cost int32
	op   operation
}

// distance is the edit matrix of a hypothesis, by rows of hypothesis words,
// filled within a beam around the diagonal.
type distance struct {
	hyp, ref []string
	rows     [][]cell
	scratch  [][]cell
}

func newDistance(hyp, ref []string) *distance {
	d := &distance{hyp: hyp, ref: ref}
	d.rows, d.scratch = grid(len(hyp)+1, len(ref)+1), grid(len(hyp)+1, len(ref)+1)
	for j := range d.rows[0] {
		d.rows[0][j] = cell{int32(j), insert}
	}
	fill(d.rows, hyp, ref, 1)
	return d
}

func grid(rows, columns int) [][]cell {
	cells := make([]cell, rows*columns)
	out := make([][]cell, rows)
	for i := range out {
		out[i] = cells[i*columns : (i+1)*columns]
	}
	return out
}

func fill(rows [][]cell, hyp, ref []string, from int) {
	ratio := 1.0
	if len(hyp) > 0 {
		ratio = float64(len(ref)) / float64(len(hyp))
	}
	width := beam
	if beam < ratio/2 {
		width = int(math.Ceil(ratio/2 + beam))
	}
	for i := from; i <= len(hyp); i++ {
		row, above := rows[i], rows[i-1]
		for j := range row {
			row[j] = cell{infinite, undefined}
		}
		diagonal := int(math.Floor(float64(i) * ratio))
		low, high := max(0, diagonal-width), min(len(ref)+1, diagonal+width)
		if i == len(hyp) {
			high = len(ref) + 1
		}
		for j := low; j < high; j++ {
			if j == 0 {
				row[0] = cell{above[0].cost + 1, remove}
				continue
			}
			best := cell{above[j-1].cost + 1, substitute}
			if hyp[i-1] == ref[j-1] {
				best = cell{above[j-1].cost, same}
			}
			if c := above[j].cost + 1; c < best.cost {
				best = cell{c, remove}
			}
			if c := row[j-1].cost + 1; c < best.cost {
				best = cell{c, insert}
			}
			if best.cost < infinite {
				row[j] = best
			}
		}
	}
}

func (d *distance) total() int { return int(d.rows[len(d.hyp)][len(d.ref)].cost) }

// of is the distance of a shifted hypothesis; the rows up to the first word
// that differs are those of d.
func (d *distance) of(shifted []string) int {
	from := 1
	for from <= len(shifted) && shifted[from-1] == d.hyp[from-1] {
		from++
	}
	for i := range from {
		d.scratch[i], d.rows[i] = d.rows[i], d.scratch[i]
	}
	fill(d.scratch, shifted, d.ref, from)
	cost := int(d.scratch[len(shifted)][len(d.ref)].cost)
	for i := range from {
		d.scratch[i], d.rows[i] = d.rows[i], d.scratch[i]
	}
	return cost
}

// alignment follows the operations back: for each reference word the
// hypothesis word that it stands for, and which words of either are wrong.
func (d *distance) alignment() (align []int, refWrong, hypWrong []bool) {
	align = make([]int, len(d.ref))
	refWrong, hypWrong = make([]bool, len(d.ref)), make([]bool, len(d.hyp))
	i, j := len(d.hyp), len(d.ref)
	for i > 0 || j > 0 {
		switch d.rows[i][j].op {
		case same:
			i, j = i-1, j-1
			align[j] = i
		case substitute:
			i, j = i-1, j-1
			align[j] = i
			refWrong[j], hypWrong[i] = true, true
		case insert:
			j--
			align[j] = i - 1
			refWrong[j] = true
		default:
			i--
			hypWrong[i] = true
		}
	}
	return align, refWrong, hypWrong
}

// shift finds the move of a group of words that helps most. Ties go to the
// longest group, the earliest start and the earliest goal, as in Tercom.
func (d *distance) shift(checked *int) (gain int, words []string) {
	align, refWrong, hypWrong := d.alignment()
	before := d.total()
	type candidate struct {
		gain, length, start, goal int
		words                     []string
	}
	var best *candidate
	for start := range d.hyp {
		for at := max(0, start-shiftDistance); at < len(d.ref) && at <= start+shiftDistance; at++ {
			for length := 1; length <= shiftSize && start+length <= len(d.hyp) && at+length <= len(d.ref) && d.hyp[start+length-1] == d.ref[at+length-1]; length++ {
				if !slices.Contains(hypWrong[start:start+length], true) || !slices.Contains(refWrong[at:at+length], true) || start <= align[at] && align[at] < start+length {
					continue
				}
				previous := -1
				for offset := -1; offset < length; offset++ {
					goal := 0
					if at+offset >= 0 {
						goal = align[at+offset] + 1
					}
					if goal == previous {
						continue
					}
					previous = goal
					c := candidate{length: length, start: start, goal: goal, words: moved(d.hyp, start, length, goal)}
					c.gain = before - d.of(c.words)
					*checked++
					if best == nil || better(c.gain-best.gain, c.length-best.length, best.start-c.start, best.goal-c.goal, slices.Compare(c.words, best.words)) {
						best = &c
					}
				}
				if *checked >= shiftCandidates {
					return best.gain, best.words
				}
			}
		}
	}
	if best == nil {
		return 0, d.hyp
	}
	return best.gain, best.words
}

// better reports whether the first difference that is not 0 is positive.
func better(differences ...int) bool {
	for _, d := range differences {
		if d != 0 {
			return d > 0
		}
	}
	return false
}

// moved puts length words from start before goal.
func moved(words []string, start, length, goal int) []string {
	group := words[start : start+length]
	switch {
	case goal < start:
		return slices.Concat(words[:goal], group, words[goal:start], words[start+length:])
	case goal > start+length:
		return slices.Concat(words[:start], words[start+length:goal], group, words[goal:])
	}
	end := min(len(words), length+goal)
	return slices.Concat(words[:start], words[start+length:end], group, words[end:])
}
