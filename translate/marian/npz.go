package marian

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// readNpz reads a NumPy archive of little-endian float32 arrays in C order, as
// Marian's training writes it, with the options as an int8 array.
// Compressed members are read too; none may be larger than limit bytes.
func readNpz(b []byte) (map[string]tensor, error) {
	archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	tensors := make(map[string]tensor, len(archive.File))
	for _, f := range archive.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			return nil, fmt.Errorf("member %q is no .npy file", f.Name)
		}
		raw, err := readMember(b, f)
		if err != nil {
			return nil, fmt.Errorf("member %q: %w", name, err)
		}
		t, err := parseNpy(raw)
		if err == nil {
			err = t.check()
		}
		if err != nil {
			return nil, fmt.Errorf("member %q: %w", name, err)
		}
		if _, twice := tensors[name]; twice {
			return nil, fmt.Errorf("member %q stands twice", name)
		}
		tensors[name] = t
	}
	return tensors, nil
}

// readMember is a member's content. A stored one is not copied.
func readMember(b []byte, f *zip.File) ([]byte, error) {
	const limit = 1 << 31
	if f.UncompressedSize64 > limit {
		return nil, fmt.Errorf("%d bytes are more than %d", f.UncompressedSize64, int64(limit))
	}
	if f.Method == zip.Store {
		at, err := f.DataOffset()
		if err != nil {
			return nil, err
		}
		if at < 0 || at > int64(len(b)) || f.UncompressedSize64 > uint64(int64(len(b))-at) {
			return nil, errShort
		}
		return b[at : at+int64(f.UncompressedSize64)], nil
	}
	// deflate can't pack better than 1032 to 1
	if f.UncompressedSize64/1040 > f.CompressedSize64 {
		return nil, fmt.Errorf("claims %d bytes from %d", f.UncompressedSize64, f.CompressedSize64)
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, int64(f.UncompressedSize64)))
}

// parseNpy reads the .npy header, versions 1 and 2: a Python dictionary
// literal with the keys descr, fortran_order and shape.
func parseNpy(b []byte) (tensor, error) {
	if len(b) < 12 || string(b[:6]) != "\x93NUMPY" {
		return tensor{}, fmt.Errorf("no NumPy array")
	}
	start, size := 10, int(binary.LittleEndian.Uint16(b[8:]))
	if b[6] > 1 {
		start, size = 12, int(binary.LittleEndian.Uint32(b[8:]))
	}
	if size > len(b)-start {
		return tensor{}, errShort
	}
	header, data := string(b[start:start+size]), b[start+size:]
	value := func(key string) string {
		_, rest, ok := strings.Cut(header, "'"+key+"':")
		if !ok {
			return ""
		}
		rest = strings.TrimSpace(rest)
		if strings.HasPrefix(rest, "(") {
			inner, _, _ := strings.Cut(rest[1:], ")")
			return inner
		}
		v, _, _ := strings.Cut(rest, ",")
		return strings.Trim(v, " '}")
	}
	t := tensor{data: data}
	switch descr := value("descr"); descr {
	case "<f4":
		t.kind = float32Type
	case "|i1", "<i1", "|u1", "|S1":
		t.kind = int8Type
	default:
		return tensor{}, fmt.Errorf("element type %q is not supported", descr)
	}
	if value("fortran_order") != "False" {
		return tensor{}, fmt.Errorf("not in C order")
	}
	for _, d := range strings.Split(value("shape"), ",") {
		if d = strings.TrimSpace(d); d == "" {
			continue
		}
		n, err := strconv.ParseUint(d, 10, 31)
		if err != nil {
			return tensor{}, fmt.Errorf("shape (%s)", value("shape"))
		}
		t.shape = append(t.shape, int(n))
	}
	if len(t.shape) > 8 {
		return tensor{}, fmt.Errorf("%d dimensions", len(t.shape))
	}
	return t, nil
}
