// Lexicon makes ../lexicon.txt: which stems of French and English words
// translate each other, counted in pairs of sentences.
//
//	xz -dc europarl-0*.tsv.xz | go run ./translate/check/lexicon > translate/check/lexicon.txt
//
// It reads lines of French, a tab and English; of more columns the last two.
package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"

	"depeche/translate/check"
)

// Limits of what is kept.
const (
	least  = 40   // times that a stem must stand
	dice   = 0.06 // weakest association
	widest = 4    // translations of a stem
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	french, english, both := make(map[string]int), make(map[string]int), make(map[[2]string]int)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) < 2 {
			continue
		}
		a, b := check.Stems(f[len(f)-2]), check.Stems(f[len(f)-1])
		for _, w := range b {
			english[w]++
		}
		for _, v := range a {
			french[v]++
			for _, w := range b {
				both[[2]string{v, w}]++
			}
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	type candidate struct {
		word  string
		score float64
	}
	list := make(map[string][]candidate)
	for p, n := range both {
		if french[p[0]] < least || english[p[1]] < least || strings.HasPrefix(p[1], p[0][:min(4, len(p[0]))]) {
			continue // look-alikes are seen without a list
		}
		if s := 2 * float64(n) / float64(french[p[0]]+english[p[1]]); s >= dice {
			list[p[0]] = append(list[p[0]], candidate{p[1], s})
		}
	}
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintln(out, "# Stems of French words and of the English words that translate them, from the\n# strongest; made by the program in the folder lexicon from public parallel texts.")
	var stems []string
	for s := range list {
		stems = append(stems, s)
	}
	slices.Sort(stems)
	for _, s := range stems {
		c := list[s]
		slices.SortFunc(c, func(a, b candidate) int {
			if a.score != b.score {
				if a.score > b.score {
					return -1
				}
				return 1
			}
			return strings.Compare(a.word, b.word)
		})
		fmt.Fprint(out, s)
		for _, x := range c[:min(widest, len(c))] {
			fmt.Fprint(out, " ", x.word)
		}
		fmt.Fprintln(out)
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
