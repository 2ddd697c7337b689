package marian

// Description says what a model is.
type Description struct {
	Dim, Hidden, Heads           int
	EncoderLayers, DecoderLayers int
	Precision                    string // of the matrices: "float32", "int8", or "int8, calibrated"
	SourceWords, TargetWords     int    // pieces of the vocabularies
	SharedVocab                  bool
	Shortlist                    bool // restricts the target words of each sentence
	Annotated                    bool // trained to read required terms in the source
	Files                        []File
}

// File is a file of a model's folder.
type File struct {
	Name string
	Size int64
}

// Describe says what the model is.
func (m *Model) Describe() Description {
	n := m.net
	up := &n.encoder[0].ffn.up
	d := Description{
		Dim: n.dim, Hidden: up.out, Heads: n.heads, EncoderLayers: len(n.encoder), DecoderLayers: len(n.decoder),
		Precision: "float32", SourceWords: m.sourceVoc.Len(), TargetWords: m.targetVoc.Len(), SharedVocab: m.sharedVoc,
		Shortlist: m.shortlist != nil, Annotated: n.annotated, Files: m.files,
	}
	switch {
	case up.packed != nil && up.qa > 0:
		d.Precision = "int8, calibrated"
	case up.packed != nil:
		d.Precision = "int8"
	}
	return d
}

// Pieces is the number of the vocabulary's pieces that spell a French word, a space
// by itself not counted: the more there are, the more seldom the model has seen it.
func (m *Model) Pieces(word string) int {
	tokens := m.sourceVoc.Encode(word)
	if len(tokens) > 0 && m.sourceVoc.Decode([]int32{tokens[0].ID}) == "" {
		return len(tokens) - 1
	}
	return len(tokens)
}
