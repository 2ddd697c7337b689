// Peers splits the texts of JSON lines {"i": n, "t": text} with one of the
// splitters that are written in Go and answers {"i": n, "s": [sentence, ...]}.
// File descriptor 3 gets the seconds that splitting took, best of five, and
// the bytes that were split.
//
//	peers depeche|uax29|punkt [TRAINING]
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/clipperhouse/uax29/v2/sentences"
	punkt "github.com/neurosnap/sentences"

	"depeche/segment"
)

func main() {
	split, err := splitter(os.Args[1:])
	if err != nil {
		log.Fatal(err)
	}
	if err := run(split); err != nil {
		log.Fatal(err)
	}
}

func splitter(args []string) (func(string) []string, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("usage: peers depeche|uax29|punkt [TRAINING]")
	}
	switch args[0] {
	case "depeche":
		var s segment.Splitter
		return func(text string) (out []string) {
			for _, seg := range s.Split(text) {
				out = append(out, seg.Text)
			}
			return out
		}, nil
	case "uax29":
		return func(text string) (out []string) {
			for it := sentences.FromString(text); it.Next(); {
				out = append(out, it.Value())
			}
			return out
		}, nil
	case "punkt":
		if len(args) < 2 {
			return nil, fmt.Errorf("punkt wants its training file")
		}
		data, err := os.ReadFile(args[1])
		if err != nil {
			return nil, err
		}
		training, err := punkt.LoadTraining(data)
		if err != nil {
			return nil, err
		}
		t := punkt.NewSentenceTokenizer(training)
		return func(text string) (out []string) {
			for _, s := range t.Tokenize(text) {
				out = append(out, s.Text)
			}
			return out
		}, nil
	}
	return nil, fmt.Errorf("unknown splitter %q", args[0])
}

func run(split func(string) []string) error {
	var in []struct {
		I int    `json:"i"`
		T string `json:"t"`
	}
	size := 0
	for dec := json.NewDecoder(bufio.NewReader(os.Stdin)); dec.More(); {
		in = append(in, struct {
			I int    `json:"i"`
			T string `json:"t"`
		}{})
		if err := dec.Decode(&in[len(in)-1]); err != nil {
			return err
		}
		size += len(in[len(in)-1].T)
	}
	answers := make([][]string, len(in))
	best := time.Hour
	for range 5 {
		start := time.Now()
		for i := range in {
			answers[i] = split(in[i].T)
		}
		best = min(best, time.Since(start))
	}
	out := json.NewEncoder(os.Stdout)
	for i := range in {
		if err := out.Encode(map[string]any{"i": in[i].I, "s": answers[i]}); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(os.NewFile(3, "time"), best.Seconds(), size)
	return err
}
