package marian

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// optionsName is the item that holds a model's options as YAML.
const optionsName = "special:model.yml"

// readBin reads a Marian binary model file, format version 1: a header of
// counts and lengths, the names, the shapes, padding to 256 bytes and the data
// (marian-dev, src/common/binary.cpp). The tensors share b's memory.
func readBin(b []byte) (map[string]tensor, error) {
	r := &byteReader{rest: b, size: len(b)}
	version, count := r.u64(), r.u64()
	if version != 1 {
		return nil, fmt.Errorf("no model file of Marian: it begins with %q, not with version 1", b[:min(8, len(b))])
	}
	if r.err != nil {
		return nil, r.err
	}
	if count > uint64(len(r.rest))/32 {
		return nil, fmt.Errorf("%d items in a file of %d bytes", count, len(b))
	}
	type header struct{ name, kind, dims, data uint64 }
	headers := make([]header, count)
	for i := range headers {
		headers[i] = header{r.u64(), r.u64(), r.u64(), r.u64()}
	}
	names := make([]string, count)
	for i, h := range headers {
		name := r.take(h.name)
		if r.err == nil && (len(name) == 0 || name[len(name)-1] != 0 || bytes.IndexByte(name, 0) != len(name)-1) {
			return nil, fmt.Errorf("item %d: broken name", i)
		}
		names[i] = string(bytes.TrimSuffix(name, []byte{0}))
	}
	shapes := make([][]int, count)
	for i, h := range headers {
		if h.dims > 8 {
			return nil, fmt.Errorf("item %q: %d dimensions", names[i], h.dims)
		}
		shapes[i] = make([]int, h.dims)
		for j := range shapes[i] {
			shapes[i][j] = int(r.i32())
		}
	}
	r.take(r.u64())
	tensors := make(map[string]tensor, count)
	for i, h := range headers {
		t := tensor{kind: elementType(h.kind), shape: shapes[i], data: r.take(h.data)}
		if r.err != nil {
			return nil, fmt.Errorf("item %q: %w", names[i], r.err)
		}
		if err := t.check(); err != nil {
			return nil, fmt.Errorf("item %q: %w", names[i], err)
		}
		if _, twice := tensors[names[i]]; twice {
			return nil, fmt.Errorf("item %q stands twice", names[i])
		}
		tensors[names[i]] = t
	}
	return tensors, r.err
}

var errShort = errors.New("file ends too early")

// byteReader takes little-endian numbers and blocks off a buffer. After the
// first failure it gives zeros.
type byteReader struct {
	rest []byte
	size int
	err  error
}

func (r *byteReader) take(n uint64) []byte {
	if r.err == nil && n > uint64(len(r.rest)) {
		r.err = fmt.Errorf("%w: %d bytes wanted at offset %d of %d", errShort, n, r.size-len(r.rest), r.size)
	}
	if r.err != nil {
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

func (r *byteReader) u64() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *byteReader) i32() int32 {
	if b := r.take(4); b != nil {
		return int32(binary.LittleEndian.Uint32(b))
	}
	return 0
}
