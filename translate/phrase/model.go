package phrase

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// magic begins a model file of the one version that there is.
const magic = "depeche phrases 3\n"

// Parts are what a model is made of: what BuildTable, BuildLM and BuildGuesses
// give, what joint.py wrote, or nothing, and the weights.
type Parts struct {
	Table, LM, Guesses, Joint []byte
	Weights                   Weights
}

// Pack joins the parts of a model to one file.
func Pack(p Parts) []byte {
	out := []byte(magic)
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
	data, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		return nil, fmt.Errorf("this is no phrase model of version 3")
	}
	e := &Engine{}
	weights := e.weights.list()
	if len(data) < 4*len(weights)+8*3 {
		return nil, fmt.Errorf("phrase model: the weights are cut off")
	}
	for i, x := range weights {
		*x = float32(int32(binary.LittleEndian.Uint32(data[4*i:]))) / 1e6
	}
	data = data[4*len(weights):]
	heads, data := data[:8*3], data[8*3:]
	var parts [3][]byte
	for i, name := range []string{"the language model", "the list of rules for unknown words", "the joint model"} {
		size := binary.LittleEndian.Uint64(heads[8*i:])
		if size > uint64(len(data)) {
			return nil, fmt.Errorf("phrase model: %s is cut off", name)
		}
		parts[i], data = data[:size], data[size:]
	}
	var err error
	if e.lm, err = readLM(parts[0]); err != nil {
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
	if e.table, err = readTable(data); err != nil {
		return nil, err
	}
	e.turns, e.adjective = e.weights.Turns.each(), e.weights.Turns.adjective()
	e.numbers = make(map[string]uint32, len(e.table.target))
	for i, word := range e.table.target {
		e.numbers[word] = uint32(i)
	}
	return e, nil
}
