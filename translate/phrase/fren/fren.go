// Package fren holds the phrase engine's French→English model. MODEL_CARD.md
// says what it was made of and how good it is.
package fren

import (
	_ "embed"
	"sync"

	"depeche/translate/phrase"
)

// Name is the model's name, part of a run's fingerprint: another model has
// another name.
const Name = "phrases-fren-1"

//go:embed fren.phrases
var model []byte

// Engine opens the model once; all callers share it.
var Engine = sync.OnceValues(func() (*phrase.Engine, error) { return phrase.Open(model) })
