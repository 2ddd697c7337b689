package phrase

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// magic begins a model file; the format's version and a line feed come after.
// Version 1 has no turns and no rules for unknown words, version 2 no joint model.
const magic = "depeche phrases "

const version = 3

// Parts are what a model is made of: what BuildTable, BuildLM and BuildGuesses
// give, what joint.py wrote, or nothing, and the weights.
type Parts struct {
	Table, LM, Guesses, Joint []byte
	Weights                   Weights
}

// Pack joins the parts of a model to one file.
func Pack(p Parts) []byte {
	out := fmt.Appendf(nil, "%s%d\n", magic, version)
	for _, x := range p.Weights.list() {
		out = binary.LittleEndian.AppendUint32(out, uint32(int32(*x*1e6)))
	}
	out = binary.LittleEndian.AppendUint64(out, uint64(len(p.LM)))
	out = binary.LittleEndian.AppendUint64(out, uint64(len(p.Guesses)))
	out = binary.LittleEndian.AppendUint64(out, uint64(len(p.Joint)))
	out = append(out, p.LM...)
	out = append(out, p.Guesses...)
	out = append(out, p.Joint...)
	return append(out, p.Table...)
}

// Open reads a packed model. The engine keeps data and reads it in place.
func Open(data []byte) (*Engine, error) {
	rest, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok || len(rest) < 2 || rest[0] < '1' || rest[0] > '0'+version || rest[1] != '\n' {
		return nil, fmt.Errorf("this is no phrase model of version 1 to %d", version)
	}
	format := int(rest[0] - '0')
	data = rest[2:]
	e := &Engine{vote: format > 1}
	weights, sizes := e.weights.list(), format
	switch format {
	case 1:
		weights = weights[:4]
	case 2:
		weights = weights[:len(weights)-3]
	}
	if len(data) < 4*len(weights)+8*sizes {
		return nil, fmt.Errorf("phrase model: the weights are cut off")
	}
	for i, x := range weights {
		*x = float32(int32(binary.LittleEndian.Uint32(data[4*i:]))) / 1e6
	}
	data = data[4*len(weights):]
	names := [version]string{"the language model", "the list of rules for unknown words", "the joint model"}
	var parts [version][]byte
	heads, data := data[:8*sizes], data[8*sizes:]
	for i := range sizes {
		size := binary.LittleEndian.Uint64(heads[8*i:])
		if size > uint64(len(data)) {
			return nil, fmt.Errorf("phrase model: %s is cut off", names[i])
		}
		parts[i], data = data[:size], data[size:]
	}
	var err error
	if e.lm, err = readLM(parts[0], format); err != nil {
		return nil, err
	}
	if e.guesses, err = readGuesses(parts[1]); err != nil {
		return nil, err
	}
	if len(parts[2]) > 0 {
		if e.joint, err = readJoint(parts[2]); err != nil {
			return nil, err
		}
	}
	if e.table, err = readTable(data, format); err != nil {
		return nil, err
	}
	e.turns = e.weights.Turns.each()
	e.numbers = make(map[string]uint32, len(e.table.target))
	for i, word := range e.table.target {
		e.numbers[word] = uint32(i)
	}
	return e, nil
}
