// Command train makes a model of the phrase engine from tokenised, aligned
// text. README.md beside it has the whole recipe.
//
//	train lm      -en FILE -o LM                              language model
//	train extract -fr FILE -en FILE -forward F -parts FILE -o FEATURES
//	train joint   -fr FILE -en FILE -forward F -lm LM -o TEXT     for joint.py
//	train tune    -features FEATURES -lm LM [-joint JOINT] -fr DEV.fr -en DEV.en   prints weights
//	train decode  -lm MODEL [-books FILE,FILE -lexicon FILE] -fr FILE -o FILE
//	train pack    -features FEATURES -lm LM [-joint JOINT] [-weights W] -o MODEL
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"depeche/translate/phrase"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say lm, extract, joint, tune, pack or decode")
	}
	flags := flag.NewFlagSet(args[0], flag.ExitOnError)
	fr := flags.String("fr", "", "tokenised French, a sentence a line")
	en := flags.String("en", "", "tokenised English, a sentence a line")
	forward := flags.String("forward", "", "word alignment, a French word or none for each English one")
	feats := flags.String("features", "", "what extract wrote")
	lmFile := flags.String("lm", "", "what lm wrote")
	parts := flags.String("parts", "", "the corpus that each sentence is of, one a line")
	worth := flags.Float64("worth", 0, "least loss of log-likelihood without an n-gram that is kept")
	weights := flags.String("weights", defaultWeights, "weights, separated by commas, in the order of pack.go")
	least := flags.Int("least", 2, "lowest count of a phrase of several words")
	once := flags.Int("once", 5, "words of the longest phrase that one sentence of the press is enough for")
	most := flags.Int("most", 8, "translations of a phrase")
	jointFile := flags.String("joint", "", "what joint.py wrote; a model without it has no joint model")
	loss := flags.Float64("loss", 0, "score that may be lost when shorter phrases stand for a longer one")
	prune := flags.String("prune", "1,1,2,3", "lowest counts of the language model's n-grams by order")
	books := flags.String("books", "", "phrasebooks to decode with, separated by commas")
	lexicon := flags.String("lexicon", "", "a lexicon to decode with")
	rounds := flags.Int("rounds", 7, "rounds of tuning")
	out := flags.String("o", "", "output file")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "lm":
		e, err := readSide(*en)
		if err != nil {
			return err
		}
		var cut [lmOrder + 1]uint32
		if _, err := fmt.Sscanf(*prune, "%d,%d,%d,%d", &cut[1], &cut[2], &cut[3], &cut[4]); err != nil {
			return fmt.Errorf("-prune %s: %w", *prune, err)
		}
		words := strings.Join(e.words[:min(len(e.words), lmWords-lmReserved)], "\n")
		if err := os.WriteFile(*out+".words", []byte(words), 0o666); err != nil {
			return err
		}
		return os.WriteFile(*out, packLM(estimate(e, cut, *worth)), 0o666)
	case "extract":
		f, e, err := readSides(*fr, *en)
		if err != nil {
			return err
		}
		part, err := readParts(*parts, len(f.sents))
		if err != nil {
			return err
		}
		there, err := readLinks(*forward, len(f.sents))
		if err != nil {
			return err
		}
		links := symmetrize(there, back(f, e, there), f, e)
		pairs := extract(f, e, links, part)
		reverse(pairs, f, e, links)
		lexical(pairs, f, e, links)
		return (&features{source: f.words, target: e.words, pairs: pairs}).write(*out)
	case "joint":
		f, e, err := readSides(*fr, *en)
		if err != nil {
			return err
		}
		links, err := readLinks(*forward, len(f.sents))
		if err != nil {
			return err
		}
		words, err := lines(*lmFile + ".words")
		if err != nil {
			return err
		}
		return jointText(*out, f, e, links, words)
	case "decode":
		e, err := openModel(*lmFile)
		if err != nil {
			return err
		}
		if err := teach(e, *books, *lexicon); err != nil {
			return err
		}
		source, err := lines(*fr)
		if err != nil {
			return err
		}
		return os.WriteFile(*out, []byte(strings.Join(decode(e, source), "\n")+"\n"), 0o666)
	case "pack", "tune":
		f, err := readFeatures(*feats)
		if err != nil {
			return err
		}
		lm, err := os.ReadFile(*lmFile)
		if err != nil {
			return err
		}
		var joint []byte
		if *jointFile != "" {
			if joint, err = os.ReadFile(*jointFile); err != nil {
				return err
			}
		}
		words, err := os.ReadFile(*lmFile + ".words")
		if err != nil {
			return err
		}
		f.renumber(strings.Split(string(words), "\n"))
		w, err := parseWeights(*weights)
		if err != nil {
			return err
		}
		if args[0] == "tune" {
			source, err := lines(*fr)
			if err != nil {
				return err
			}
			reference, err := lines(*en)
			if err != nil {
				return err
			}
			w, err = f.tune(lm, joint, w, source, reference, *rounds)
			fmt.Println(w)
			return err
		}
		return os.WriteFile(*out, f.pack(lm, joint, w, size{*least, *most, *once, float32(*loss)}), 0o666)
	}
	return fmt.Errorf("%s: say lm, extract, joint, tune, pack or decode", args[0])
}

// readSides reads both languages of a text.
func readSides(fr, en string) (f, e *side, err error) {
	if f, err = readSide(fr); err != nil {
		return nil, nil, err
	}
	if e, err = readSide(en); err != nil {
		return nil, nil, err
	}
	if len(f.sents) != len(e.sents) {
		return nil, nil, fmt.Errorf("%s has %d sentences, %s %d", fr, len(f.sents), en, len(e.sents))
	}
	return f, e, nil
}

func openModel(name string) (*phrase.Engine, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return phrase.Open(data)
}

func packLM(orders [lmOrder + 1]*ngrams) []byte {
	var entries [phrase.LMOrder + 1][]phrase.LMEntry
	for n := 1; n <= lmOrder; n++ {
		g := orders[n]
		for i, k := range g.key {
			if g.keep[i] || n == 1 {
				entries[n] = append(entries[n], phrase.LMEntry{Key: k, Prob: g.prob[i], Backoff: g.backoff[i]})
			}
		}
		fmt.Fprintf(os.Stderr, "order %d: %d kept\n", n, len(entries[n]))
	}
	return phrase.BuildLM(entries)
}

// teach gives an engine the phrasebooks and the lexicon that stand beside its model.
func teach(e *phrase.Engine, books, lexicon string) error {
	var texts []string
	for _, file := range strings.FieldsFunc(books, func(r rune) bool { return r == ',' }) {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		texts = append(texts, string(text))
	}
	b, err := phrase.ReadPhrasebook(texts...)
	if err != nil {
		return err
	}
	e.SetPhrasebook(b)
	if lexicon == "" {
		return nil
	}
	text, err := os.ReadFile(lexicon)
	if err != nil {
		return err
	}
	l, err := phrase.ReadLexicon(string(text))
	if err != nil {
		return err
	}
	e.SetLexicon(l)
	return nil
}
