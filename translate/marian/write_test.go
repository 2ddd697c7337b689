package marian

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"
)

// writeBin writes Marian's binary format.
func writeBin(tensors map[string]tensor) []byte {
	names := slices.Sorted(maps.Keys(tensors))
	u64 := binary.LittleEndian.AppendUint64
	b := u64(u64(nil, 1), uint64(len(names)))
	for _, name := range names {
		t := tensors[name]
		b = u64(u64(u64(u64(b, uint64(len(name)+1)), uint64(t.kind)), uint64(len(t.shape))), uint64(len(t.data)))
	}
	for _, name := range names {
		b = append(append(b, name...), 0)
	}
	for _, name := range names {
		for _, d := range tensors[name].shape {
			b = binary.LittleEndian.AppendUint32(b, uint32(d))
		}
	}
	padding := ((len(b)+8)/256+1)*256 - len(b) - 8
	b = append(u64(b, uint64(padding)), make([]byte, padding)...)
	for _, name := range names {
		b = append(b, tensors[name].data...)
	}
	return b
}

func floatTensor(values []float32, shape ...int) tensor {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return tensor{float32Type, shape, b}
}

// dequantize makes all integer weights float32: those of embeddings as they
// lie, others transposed.
func dequantize(tensors map[string]tensor) map[string]tensor {
	out := maps.Clone(tensors)
	for name, t := range tensors {
		if strings.HasSuffix(name, "_QuantMultA") {
			delete(out, name)
		}
		if t.kind != intgemm8Type {
			continue
		}
		ints, q := t.ints()
		rows, cols, _ := t.matrix()
		values := make([]float32, len(ints))
		for i := range rows {
			for j := range cols {
				v := ints[i*cols+j]
				if !strings.Contains(name, "Wemb") {
					v = ints[j*rows+i]
				}
				values[i*cols+j] = float32(v) * (1 / q)
			}
		}
		out[name] = floatTensor(values, rows, cols)
	}
	return out
}
