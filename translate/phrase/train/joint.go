package main

import (
	"bufio"
	"encoding/binary"
	"fmt"

	"depeche/translate/phrase"
)

// jointText writes what joint.py learns from: for each sentence the numbers of
// French words and English ones in it, one more of either; the French words
// between JointBegin and JointEnd, the English ones with LMEnd behind; and the
// place among the former that each of the latter belongs to. Before all of them
// stand the classes of the French and English words that have numbers of their
// own, as rare words have them. Two bytes a number.
func jointText(name string, fr, en *side, forward [][]link, lmWords []string) error {
	source := make([]uint16, len(fr.words))
	for i, w := range fr.words {
		if source[i] = uint16(min(i, phrase.JointSource)); i >= phrase.JointSource {
			source[i] += uint16(phrase.JointClass(w))
		}
	}
	number := make(map[string]uint32, len(lmWords))
	for i, w := range lmWords {
		number[w] = uint32(i)
	}
	target := make([]uint16, len(en.words))
	for i, w := range en.words {
		n, ok := number[w]
		if id := phrase.LMWord(n); ok && id != phrase.LMUnknown && id < phrase.JointTarget {
			target[i] = id
		} else {
			target[i] = uint16(phrase.JointTarget + phrase.JointClass(w))
		}
	}
	return create(name, func(w *bufio.Writer) error {
		var buf []byte
		put := func(x int) { buf = binary.LittleEndian.AppendUint16(buf, uint16(x)) }
		for i := range phrase.JointSource {
			put(phrase.JointSource + classOf(fr.words, i))
		}
		for i := range phrase.JointTarget {
			put(phrase.JointTarget + classOf(lmWords, i-phrase.LMReserved))
		}
		w.Write(buf)
		for i, f := range fr.sents {
			e := en.sents[i]
			if len(f) > maxSentence || len(e) > maxSentence {
				return fmt.Errorf("sentence %d has %d and %d words; %d are the most", i+1, len(f), len(e), maxSentence)
			}
			buf = buf[:0]
			put(len(f) + 2)
			put(len(e) + 1)
			put(phrase.JointBegin)
			for _, x := range f {
				put(int(source[x]))
			}
			put(phrase.JointEnd)
			for _, x := range e {
				put(int(target[x]))
			}
			put(phrase.LMEnd)
			for _, at := range affiliated(forward[i], len(f), len(e)) {
				put(at + 1)
			}
			put(len(f) + 1)
			w.Write(buf)
		}
		return nil
	})
}

// classOf is the class of a word of a list, which may be shorter.
func classOf(words []string, i int) int {
	if i < 0 || i >= len(words) {
		return 0
	}
	return phrase.JointClass(words[i])
}

// affiliated gives the French word that each English one belongs to: its
// partner, or that of the nearest word with one, to the right if there are two.
func affiliated(links []link, n, m int) []int {
	own := make([]int, m)
	for j := range own {
		own[j] = -1
	}
	for _, l := range links {
		if int(l.s) < n && int(l.t) < m {
			own[l.t] = int(l.s)
		}
	}
	out := make([]int, m)
	for j := range out {
		out[j] = min(j, n-1)
		for d := range m {
			if k := j + d; k < m && own[k] >= 0 {
				out[j] = own[k]
				break
			}
			if k := j - d; k >= 0 && own[k] >= 0 {
				out[j] = own[k]
				break
			}
		}
	}
	return out
}
