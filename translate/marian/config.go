package marian

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// config is what the options in a model file say of its architecture.
type config struct {
	dim, heads, encoderLayers, decoderLayers int
	sourceWords, targetWords                 int
	tiedAll                                  bool // one matrix for source, target and output
	annotated                                bool // trained to read required terms in the source
	alignLayer                               int  // decoder layer, from 0, whose first head was trained on word alignments
}

// knownOptions says what values an option of a model file may have: any
// where it changes nothing here or is read below (nil), else those listed.
var knownOptions = map[string][]string{
	"type":                                  {"transformer"},
	"transformer-decoder-autoreg":           {"rnn"},
	"dec-cell":                              {"ssru"},
	"dec-cell-base-depth":                   nil, // Marian ignores it for this decoder
	"dec-cell-high-depth":                   nil,
	"transformer-preprocess":                {""},
	"transformer-postprocess":               {"dan"},
	"transformer-postprocess-emb":           {"d", ""},
	"transformer-postprocess-top":           {""},
	"transformer-ffn-depth":                 {"2"},
	"transformer-decoder-ffn-depth":         {"0", "2"},
	"transformer-ffn-activation":            {"relu"},
	"transformer-train-position-embeddings": {"false"},
	"transformer-no-projection":             {"false"},
	"transformer-rnn-projection":            {"false"},
	"transformer-no-bias":                   {"false"},
	"transformer-no-affine":                 {"false"},
	"transformer-pool":                      {"false"},
	"transformer-tied-layers":               {""},
	"transformer-depth-scaling":             nil, // initial weights only
	"transformer-guided-alignment-layer":    nil, // read below
	"transformer-heads":                     nil, // read below
	"transformer-dim-ffn":                   nil, // the matrices say it
	"transformer-decoder-dim-ffn":           nil,
	"layer-normalization":                   {"false"}, // of recurrent networks
	"tied-embeddings":                       {"true", "false"},
	"tied-embeddings-src":                   {"true", "false"},
	"tied-embeddings-all":                   {"true", "false"},
	"dim-emb":                               nil,
	"dim-vocabs":                            nil,
	"enc-depth":                             nil,
	"dec-depth":                             nil,
	"lemma-dim-emb":                         {"0", "-1", "false"},
	"lemma-dependency":                      {""},
	"factors-combine":                       {"sum", ""},
	"factors-dim-emb":                       {"0", ""},
	"output-omit-bias":                      {"false"},
	"right-left":                            {"false"},
	"skip":                                  {"false"},
	"ulr":                                   {"false"},
	"input-types":                           {""},
	"special-vocab":                         {""},
	"depeche-terms":                         {"annotated", ""}, // our own training's
	"version":                               nil,
	// of other model types
	"bert-train-type-embeddings":   nil,
	"bert-type-vocab-size":         nil,
	"bert-mask-symbol":             nil,
	"bert-sep-symbol":              nil,
	"bert-class-symbol":            nil,
	"bert-masking-fraction":        nil,
	"char-stride":                  nil,
	"char-highway":                 nil,
	"char-conv-filters-num":        nil,
	"char-conv-filters-widths":     nil,
	"dim-rnn":                      nil,
	"enc-type":                     nil,
	"enc-cell":                     nil,
	"enc-cell-depth":               nil,
	"transformer-aan-activation":   nil,
	"transformer-aan-depth":        nil,
	"transformer-aan-nogate":       nil,
	"transformer-dim-aan":          nil,
	"ulr-dim-emb":                  nil,
	"ulr-trainable-transformation": nil,
	"ulr-keys-vectors":             nil,
	"ulr-query-vectors":            nil,
	"ulr-dropout":                  nil,
	"ulr-softmax-temperature":      nil,
}

// The largest dimensions that a model may claim.
const (
	maxDim    = 8192
	maxLayers = 64
	maxWords  = 1 << 20
)

// parseConfig reads the options and refuses, by name, whatever this engine
// does not compute.
func parseConfig(text string) (config, error) {
	options, err := parseOptions(strings.TrimRight(text, "\x00"))
	if err != nil {
		return config{}, err
	}
	for _, o := range options {
		allowed, known := knownOptions[o.name]
		if !known {
			return config{}, fmt.Errorf("unknown option %q", o.name)
		}
		if allowed != nil && !slices.Contains(allowed, strings.Join(o.values, " ")) {
			return config{}, fmt.Errorf("option %q: %q is not supported", o.name, strings.Join(o.values, " "))
		}
	}
	value := func(name string) string {
		for _, o := range options {
			if o.name == name {
				return strings.Join(o.values, " ")
			}
		}
		return ""
	}
	for _, name := range []string{"type", "transformer-decoder-autoreg", "dec-cell", "transformer-postprocess"} {
		if value(name) == "" {
			return config{}, fmt.Errorf("option %q is missing", name)
		}
	}
	var c config
	number := func(name, text string, limit int) int {
		n, e := strconv.Atoi(text)
		if err == nil && (e != nil || n < 1 || n > limit) {
			err = fmt.Errorf("option %q: %q is no number from 1 to %d", name, text, limit)
		}
		return n
	}
	c.dim = number("dim-emb", value("dim-emb"), maxDim)
	c.heads = number("transformer-heads", value("transformer-heads"), maxDim)
	c.encoderLayers = number("enc-depth", value("enc-depth"), maxLayers)
	c.decoderLayers = number("dec-depth", value("dec-depth"), maxLayers)
	vocabs := strings.Fields(value("dim-vocabs"))
	if len(vocabs) != 2 {
		return config{}, fmt.Errorf("option %q: %d vocabularies, want 2", "dim-vocabs", len(vocabs))
	}
	c.sourceWords = number("dim-vocabs", vocabs[0], maxWords)
	c.targetWords = number("dim-vocabs", vocabs[1], maxWords)
	if err != nil {
		return config{}, err
	}
	if c.dim%c.heads != 0 || c.dim%2 != 0 {
		return config{}, fmt.Errorf("option %q: %d heads do not divide dimension %d", "transformer-heads", c.heads, c.dim)
	}
	c.tiedAll = value("tied-embeddings-all") == "true"
	if !c.tiedAll && (value("tied-embeddings") != "true" || value("tied-embeddings-src") == "true") {
		return config{}, fmt.Errorf("option %q: an output layer of its own is not supported", "tied-embeddings")
	}
	if c.tiedAll && c.sourceWords != c.targetWords {
		return config{}, fmt.Errorf("option %q: %d and %d words share one matrix", "tied-embeddings-all", c.sourceWords, c.targetWords)
	}
	c.annotated = value("depeche-terms") == "annotated"
	c.alignLayer = c.decoderLayers - 1
	if layer := value("transformer-guided-alignment-layer"); layer != "" && layer != "last" {
		c.alignLayer = number("transformer-guided-alignment-layer", layer, c.decoderLayers) - 1
	}
	return c, err
}

// namedValues is an option with its value, or the items of its list.
type namedValues struct {
	name   string
	values []string
}

// parseOptions reads the YAML that Marian writes into its models: a flat map of
// scalars and lists of scalars.
func parseOptions(text string) ([]namedValues, error) {
	var options []namedValues
	seen := map[string]bool{}
	for i, line := range strings.Split(text, "\n") {
		bare := strings.TrimSpace(line)
		switch {
		case bare == "" || strings.HasPrefix(bare, "#") || bare == "---" || bare == "...":
		case bare == "-" || strings.HasPrefix(bare, "- "):
			if len(options) == 0 {
				return nil, fmt.Errorf("options:%d: a list without a name", i+1)
			}
			o := &options[len(options)-1]
			o.values = append(o.values, scalar(bare[1:])...)
		case bare == "[]" && len(options) > 0 && line != bare:
		case line[0] == ' ' || line[0] == '\t':
			return nil, fmt.Errorf("options:%d: nested values are not expected", i+1)
		default:
			name, value, ok := strings.Cut(bare, ":")
			if !ok || seen[name] {
				return nil, fmt.Errorf("options:%d: %q is no new \"name: value\"", i+1, bare)
			}
			seen[name] = true
			options = append(options, namedValues{name, scalar(value)})
		}
	}
	return options, nil
}

// scalar is a plain or quoted value, or the items of a list in brackets.
func scalar(s string) []string {
	s = strings.TrimSpace(s)
	if inner, ok := strings.CutPrefix(s, "["); ok && strings.HasSuffix(inner, "]") {
		var items []string
		for _, item := range strings.Split(inner[:len(inner)-1], ",") {
			items = append(items, scalar(item)...)
		}
		return items
	}
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		s = s[1 : len(s)-1]
	}
	if s == "" || s == "~" {
		return nil
	}
	return []string{s}
}
