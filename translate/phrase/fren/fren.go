// Package fren holds the phrase engine's French→English model and
// its rules for unknown words. MODEL_CARD.md says what they were made of and how
// good they are.
package fren

import (
	_ "embed"
	"errors"
	"sync"

	"depeche/translate/phrase"
)

// Name is the model's name, part of a run's fingerprint: another model and
// other rules have another name.
const Name = "phrases-fren-1.5"

//go:embed fren.phrases
var model []byte

//go:embed fren.rules
var rules []byte

//go:embed fren.swaps
var swaps []byte

// Card says what the model was made of and how good it is, in Markdown.
//
//go:embed MODEL_CARD.md
var Card string

// Size is the bytes that the model takes in the program.
func Size() int { return len(model) + len(rules) + len(swaps) }

// Engine opens the model once; all callers share it.
var Engine = sync.OnceValues(open)

func open() (*phrase.Engine, error) {
	e, err := phrase.Open(model)
	if err != nil {
		return nil, err
	}
	return e, errors.Join(e.Guess(rules), e.Swap(swaps))
}
