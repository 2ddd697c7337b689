package phrase

import (
	"cmp"
	"slices"
)

// A phrase's turns: the scores of what stands where in the source of its
// neighbour in the translation (lexicalised reordering: Tillmann 2004, Koehn
// et al. 2005). Adjectives, for example, swap with what follows them.
const (
	straight = iota // the neighbours are neighbours in the source too
	swapped         // they are, the other way round
	apart           // they are not
	turns
)

// turn scores a phrase's place behind its neighbour before it in the
// translation, and its neighbour's place behind it.
type turn struct{ before, after [turns]float32 }

// even is the turn of a word that is copied: it does not mind.
var even turn

// TurnKinds is how many kinds of turn a model tells apart, each way.
const TurnKinds = 16

// Turns are the weighted scores of each kind, straight, swapped and apart: the
// phrase after its neighbour, the neighbour after the phrase. A phrase's turn
// is two kinds, before in the upper four bits.
type Turns struct {
	Before, After [TurnKinds][turns]float32
}

// turned tells how source words [from, to) follow phrase [lastFrom, last).
func turned(lastFrom, last, from, to int) int {
	switch {
	case from == last:
		return straight
	case to == lastFrom:
		return swapped
	}
	return apart
}

// each gives the turn of every pair of kinds.
func (t *Turns) each() *[TurnKinds * TurnKinds]turn {
	var all [TurnKinds * TurnKinds]turn
	for i := range all {
		all[i] = turn{t.Before[i/TurnKinds], t.After[i%TurnKinds]}
	}
	return &all
}

// adjective is the turn of what likes least to stand where it stood.
func (t *Turns) adjective() turn {
	least := func(kinds *[TurnKinds][turns]float32) [turns]float32 {
		return slices.MinFunc(kinds[:], func(a, b [turns]float32) int { return cmp.Compare(a[straight]-a[swapped], b[straight]-b[swapped]) })
	}
	return turn{least(&t.Before), least(&t.After)}
}
