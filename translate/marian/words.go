package marian

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/translate/marian/sentencepiece"
)

// wordInfo says how a target piece stands in a text.
type wordInfo struct {
	begins bool // begins with a space: a new word
	letter bool // its first character after that is a letter or a digit
	opens  bool // what follows it may stand without a space
}

// indexWords finds the pieces with a meaning of their own and describes the
// others.
func (m *Model) indexWords() error {
	m.end = m.targetVoc.ID("</s>")
	if m.end < 0 {
		return fmt.Errorf("no piece %q", "</s>")
	}
	if end := m.sourceVoc.ID("</s>"); end != m.end {
		return fmt.Errorf("%q is piece %d and %d of the two vocabularies", "</s>", end, m.end)
	}
	m.unknown = -1
	m.targetSize = min(m.targetVoc.Len(), m.net.targetWords)
	m.words = make([]wordInfo, m.targetSize)
	m.allowed = newWordSet(m.net.targetWords)
	for id := range m.words {
		id := int32(id)
		switch m.targetVoc.Kind(id) {
		case sentencepiece.Unknown:
			m.unknown = id
		case sentencepiece.Byte:
			m.words[id].letter = true
		}
		if m.canProduce(id) {
			m.producible = append(m.producible, id)
			m.allowed.add(id)
		}
		text, begins := strings.CutPrefix(m.targetVoc.Piece(id), sentencepiece.Space)
		m.words[id].begins = begins
		if first, _ := utf8.DecodeRuneInString(text); unicode.IsLetter(first) || unicode.IsDigit(first) {
			m.words[id].letter = true
		}
		last, _ := utf8.DecodeLastRuneInString(text)
		m.words[id].opens = strings.ContainsRune("([{\"'“‘«-–—/", last)
	}
	return nil
}

// canProduce reports whether a translation may hold the word: all but the
// unknown one, symbols of the training and rows beyond the vocabulary.
func (m *Model) canProduce(id int32) bool {
	if int(id) >= m.targetSize {
		return false
	}
	switch m.targetVoc.Kind(id) {
	case sentencepiece.Unknown, sentencepiece.Unused, sentencepiece.UserDefined:
		return false
	case sentencepiece.Control:
		return id == m.end
	}
	return true
}
