package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// side is one language of the corpus: its words by falling frequency, and the
// sentences as word numbers.
type side struct {
	words []string
	count []uint32
	total float64 // of the counts
	sents [][]uint32
}

// readSide reads tokenised sentences, one a line, and puts sentence-initial
// words into the case that they have elsewhere.
func readSide(name string) (*side, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	ids := make(map[string]uint32, 1<<20)
	var words []string
	id := func(w string) uint32 {
		if i, ok := ids[w]; ok {
			return i
		}
		w = strings.Clone(w)
		i := uint32(len(words))
		ids[w] = i
		words = append(words, w)
		return i
	}
	var sents [][]uint32
	var inner []uint32 // counts away from the start of a sentence
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		fields := strings.Split(in.Text(), " ")
		s := make([]uint32, len(fields))
		for i, w := range fields {
			s[i] = id(w)
		}
		sents = append(sents, s)
		start := true
		for _, w := range s {
			for int(w) >= len(inner) {
				inner = append(inner, make([]uint32, len(inner)+1024)...)
			}
			if !start {
				inner[w]++
			}
			start = opens(words[w]) || start && !hasLetter(words[w])
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	inner = append(inner, make([]uint32, len(words)-min(len(words), len(inner)))...)
	// The case that a word has away from the start of a sentence.
	recase := make(map[uint32]uint32)
	for i := range words {
		w := words[i]
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(r) {
			continue
		}
		low := strings.ToLower(w)
		if j, ok := ids[low]; ok && inner[j] > inner[i] {
			recase[uint32(i)] = j
		}
	}
	count := make([]uint32, len(words))
	for _, s := range sents {
		start := true
		for i, w := range s {
			next := opens(words[w]) || start && !hasLetter(words[w])
			if start {
				if j, ok := recase[w]; ok {
					s[i] = j
				}
			}
			start = next
			count[s[i]]++
		}
	}
	// Number the words by falling frequency.
	order := make([]uint32, len(words))
	for i := range order {
		order[i] = uint32(i)
	}
	sort.Slice(order, func(a, b int) bool {
		if count[order[a]] != count[order[b]] {
			return count[order[a]] > count[order[b]]
		}
		return words[order[a]] < words[order[b]]
	})
	rank := make([]uint32, len(words))
	out := &side{sents: sents}
	for r, i := range order {
		rank[i] = uint32(r)
		out.words = append(out.words, words[i])
		out.count = append(out.count, count[i])
		out.total += float64(count[i])
	}
	for _, s := range sents {
		for i := range s {
			s[i] = rank[s[i]]
		}
	}
	return out, nil
}

// opens reports whether a sentence may begin behind the word.
func opens(w string) bool {
	switch w {
	case ".", "!", "?", ":", "\"", "...":
		return true
	}
	return false
}

func hasLetter(w string) bool { return strings.ContainsFunc(w, unicode.IsLetter) }

// The parts of the text: what a pair is worth depends on where it was seen.
const (
	debates = iota
	everyday
	technical
	press // each sentence pressTimes times
)

// pressTimes is how often the text has each sentence of the press.
const pressTimes = 3

// readParts reads the name of each sentence's corpus, one a line.
func readParts(name string, sentences int) ([]uint8, error) {
	names, err := lines(name)
	if err != nil {
		return nil, err
	}
	if len(names) != sentences {
		return nil, fmt.Errorf("%s: %d lines for %d sentences", name, len(names), sentences)
	}
	list := make([]uint8, len(names))
	for i, n := range names {
		switch n {
		case "europarl":
			list[i] = debates
		case "tatoeba", "guides", "govca2", "sdg", "mozweb":
			list[i] = everyday
		case "press":
			list[i] = press
		default:
			list[i] = technical
		}
	}
	return list, nil
}
