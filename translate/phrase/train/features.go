package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
)

// features is what extraction leaves for tuning and packing: the words of
// both languages and the phrase pairs.
type features struct {
	source, target []string
	pairs          []pair
}

func (f *features) write(name string) error {
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	defer out.Close()
	w := bufio.NewWriterSize(out, 1<<20)
	var buf []byte
	for _, words := range [][]string{f.source, f.target} {
		text := strings.Join(words, "\n")
		buf = binary.AppendUvarint(buf[:0], uint64(len(text)))
		w.Write(buf)
		w.WriteString(text)
	}
	buf = binary.AppendUvarint(buf[:0], uint64(len(f.pairs)))
	w.Write(buf)
	for i := range f.pairs {
		p := &f.pairs[i]
		buf = append(buf[:0], byte(len(p.src)), byte(len(p.tgt)))
		for _, x := range [][]uint32{p.src, p.tgt} {
			for _, id := range x {
				buf = binary.AppendUvarint(buf, uint64(id))
			}
		}
		buf = binary.AppendUvarint(buf, uint64(p.count))
		for _, x := range []float32{p.pef, p.pfe, p.lexef, p.lexfe} {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
		}
		w.Write(buf)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return out.Close()
}

func readFeatures(name string) (*features, error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	r := bufio.NewReaderSize(in, 1<<20)
	f := &features{}
	for _, words := range []*[]string{&f.source, &f.target} {
		n, err := binary.ReadUvarint(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		text := make([]byte, n)
		if _, err := io.ReadFull(r, text); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		*words = strings.Split(string(text), "\n")
	}
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f.pairs = make([]pair, n)
	for i := range f.pairs {
		if err := f.pairs[i].read(r); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return f, nil
}

func (p *pair) read(r *bufio.Reader) error {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	for i, n := range head {
		ids := make([]uint32, n)
		for j := range ids {
			x, err := binary.ReadUvarint(r)
			if err != nil {
				return err
			}
			ids[j] = uint32(x)
		}
		if i == 0 {
			p.src = ids
		} else {
			p.tgt = ids
		}
	}
	c, err := binary.ReadUvarint(r)
	if err != nil {
		return err
	}
	p.count = uint32(c)
	var buf [16]byte
	if _, err := io.ReadFull(r, buf[:]); err != nil {
		return err
	}
	for i, x := range []*float32{&p.pef, &p.pfe, &p.lexef, &p.lexfe} {
		*x = math.Float32frombits(binary.LittleEndian.Uint32(buf[4*i:]))
	}
	return nil
}
