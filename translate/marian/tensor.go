package marian

import (
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"
)

// elementType is a tensor's element type as Marian numbers it: the size in
// the low byte, the class above it.
type elementType uint64

const (
	float32Type  elementType = 0x0404
	int8Type     elementType = 0x0101
	intgemm8Type elementType = 0x4101
)

func (t elementType) String() string {
	switch t {
	case float32Type:
		return "float32"
	case int8Type:
		return "int8"
	case intgemm8Type:
		return "intgemm8"
	case 0x0402:
		return "float16"
	case 0x0408:
		return "float64"
	case 0x4102:
		return "intgemm16"
	}
	return fmt.Sprintf("type %#04x", uint64(t))
}

// tensor is a named array of a model file. Its data may lie in a mapped file:
// it is never written to.
type tensor struct {
	kind  elementType
	shape []int
	data  []byte // at least the elements; little-endian, row-major
}

// elements is the number of elements that the shape has.
func (t tensor) elements() int {
	n := 1
	for _, d := range t.shape {
		n *= d
	}
	return n
}

// matrix is the tensor's shape as rows and columns; a vector is one row.
func (t tensor) matrix() (rows, cols int, err error) {
	switch len(t.shape) {
	case 1:
		return 1, t.shape[0], nil
	case 2:
		return t.shape[0], t.shape[1], nil
	}
	return 0, 0, fmt.Errorf("shape %v is no matrix", t.shape)
}

// check holds the size of the data against shape and type. limit bounds the
// number of elements of any array.
func (t tensor) check() error {
	const limit = 1 << 28
	n := int64(1)
	for _, d := range t.shape {
		if d < 0 || d > limit || n*int64(d) > limit {
			return fmt.Errorf("shape %v", t.shape)
		}
		n *= int64(d)
	}
	need := n
	switch t.kind {
	case float32Type:
		need = 4 * n
	case intgemm8Type:
		need = n + 4 // the multiplier follows the elements
	case int8Type:
	default:
		return fmt.Errorf("element type %v is not supported", t.kind)
	}
	if int64(len(t.data)) < need {
		return fmt.Errorf("%d bytes of data, shape %v needs %d", len(t.data), t.shape, need)
	}
	return nil
}

// floats is the tensor's data as float32 values. They lie in the model file
// where its alignment and the machine's byte order allow that.
func (t tensor) floats() []float32 {
	n := t.elements()
	if n == 0 {
		return nil
	}
	if littleEndian && uintptr(unsafe.Pointer(&t.data[0]))%4 == 0 {
		return unsafe.Slice((*float32)(unsafe.Pointer(&t.data[0])), n)
	}
	values := make([]float32, n)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(t.data[4*i:]))
	}
	return values
}

// ints is the data of an intgemm8 tensor and its multiplier: a weight is
// ints/multiplier.
func (t tensor) ints() (values []int8, multiplier float32) {
	n := t.elements()
	if n == 0 {
		return nil, 0
	}
	return unsafe.Slice((*int8)(unsafe.Pointer(&t.data[0])), n),
		math.Float32frombits(binary.LittleEndian.Uint32(t.data[n:]))
}

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1
