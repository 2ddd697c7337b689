// Package fren holds the phrase engine's French→English model. MODEL_CARD.md
// says what it was made of and how good it is.
package fren

import (
	"cmp"
	_ "embed"
	"sync"

	"golang.org/x/sync/errgroup"

	"depeche/translate/phrase"
)

// Name is the model's name, part of a run's fingerprint: another model, and an
// engine that makes something else of it, have another name.
const Name = "phrases-fren-5"

//go:embed fren.phrases
var model []byte

//go:embed phrasebook.txt
var news string

//go:embed general.txt
var general string

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
	var book *phrase.Phrasebook
	var words *phrase.Lexicon
	var group errgroup.Group // beside the rest, to open sooner
	group.Go(func() (err error) {
		book, err = phrase.ReadPhrasebook(news, general)
		return err
	})
	group.Go(func() (err error) {
		words, err = phrase.ReadLexicon(lexicon)
		return err
	})
	e, err := phrase.Open(model)
	if err := cmp.Or(err, group.Wait()); err != nil {
		return nil, err
	}
	e.SetPhrasebook(book)
	e.SetLexicon(words)
	return e, nil
}
