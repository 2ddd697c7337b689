// Package fren holds the phrase engine's French→English model. MODEL_CARD.md
// says what it was made of and how good it is.
package fren

import (
	_ "embed"
	"sync"

	"depeche/translate/phrase"
)

// Name is the model's name, part of a run's fingerprint: another model, and an
// engine that makes something else of it, have another name.
const Name = "phrases-fren-4"

//go:embed fren.phrases
var model []byte

//go:embed phrasebook.txt
var phrasebook string

//go:embed lexicon.txt
var lexicon string

// Card says what the model was made of and how good it is, in Markdown.
//
//go:embed MODEL_CARD.md
var Card string

// Size is the bytes that the model takes in the program.
func Size() int { return len(model) }

// Engine opens the model once; all callers share it.
var Engine = sync.OnceValues(open)

func open() (*phrase.Engine, error) {
	type read struct {
		lexicon *phrase.Lexicon
		err     error
	}
	words := make(chan read, 1)
	go func() { // beside the rest, to open sooner
		l, err := phrase.ReadLexicon(lexicon)
		words <- read{l, err}
	}()
	e, err := phrase.Open(model)
	if err != nil {
		return nil, err
	}
	if err := e.AddPhrasebook(phrasebook); err != nil {
		return nil, err
	}
	w := <-words
	e.SetLexicon(w.lexicon)
	return e, w.err
}
