package main

import (
	"fmt"
	"strconv"
	"strings"
)

// link is a pair of aligned word positions.
type link struct{ s, t uint8 }

// readLinks reads a word alignment, in Pharaoh format ("0-0 1-2").
func readLinks(name string, sentences int) ([][]link, error) {
	list, err := lines(name)
	if err != nil {
		return nil, err
	}
	if len(list) != sentences {
		return nil, fmt.Errorf("%s: %d alignments for %d sentences", name, len(list), sentences)
	}
	out := make([][]link, len(list))
	for i, l := range list {
		if out[i], err = pharaoh(l); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return out, nil
}

// symmetrize joins the two directions of a word alignment by
// grow-diag-final-and (Koehn et al. 2003).
func symmetrize(forward, reverse [][]link, fr, en *side) [][]link {
	out := make([][]link, len(forward))
	each(len(out), func(i int) {
		out[i] = growDiagFinalAnd(forward[i], reverse[i], len(fr.sents[i]), len(en.sents[i]))
	})
	return out
}

func pharaoh(line string) ([]link, error) {
	var list []link
	for _, f := range strings.Fields(line) {
		s, t, ok := strings.Cut(f, "-")
		i, err1 := strconv.Atoi(s)
		j, err2 := strconv.Atoi(t)
		if !ok || err1 != nil || err2 != nil || i > 255 || j > 255 {
			return nil, fmt.Errorf("%q is no alignment", f)
		}
		list = append(list, link{uint8(i), uint8(j)})
	}
	return list, nil
}

func growDiagFinalAnd(x, y []link, n, m int) []link {
	const inX, inY, chosen = 1, 2, 4
	grid := make([]uint8, n*m)
	ok := func(l link) bool { return int(l.s) < n && int(l.t) < m }
	for _, l := range x {
		if ok(l) {
			grid[int(l.s)*m+int(l.t)] |= inX
		}
	}
	for _, l := range y {
		if ok(l) {
			grid[int(l.s)*m+int(l.t)] |= inY
		}
	}
	rows, cols := make([]bool, n), make([]bool, m)
	var out []link
	add := func(i, j int) {
		grid[i*m+j] |= chosen
		rows[i], cols[j] = true, true
		out = append(out, link{uint8(i), uint8(j)})
	}
	for i := range n {
		for j := range m {
			if grid[i*m+j] == inX|inY {
				add(i, j)
			}
		}
	}
	near := [8][2]int{{-1, 0}, {0, -1}, {1, 0}, {0, 1}, {-1, -1}, {-1, 1}, {1, -1}, {1, 1}}
	for k := 0; k < len(out); k++ { // out grows while it is walked
		for _, d := range near {
			i, j := int(out[k].s)+d[0], int(out[k].t)+d[1]
			if i < 0 || j < 0 || i >= n || j >= m || grid[i*m+j] == 0 || grid[i*m+j]&chosen != 0 {
				continue
			}
			if !rows[i] || !cols[j] {
				add(i, j)
			}
		}
	}
	for _, bit := range [2]uint8{inX, inY} {
		for i := range n {
			for j := range m {
				if g := grid[i*m+j]; g&bit != 0 && g&chosen == 0 && !rows[i] && !cols[j] {
					add(i, j)
				}
			}
		}
	}
	return out
}
