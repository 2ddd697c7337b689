package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"depeche/translate/phrase"
)

// features is what extraction leaves for tuning and packing: the words of
// both languages and the phrase pairs.
type features struct {
	source, target []string
	pairs          []pair
	kinds          *kinds         // of turns, made by learn
	rules          []phrase.Guess // for unknown words, made by learn
}

// learn makes of the pairs what is learned from all of them.
func (f *features) learn() {
	if f.kinds == nil {
		f.sortTurns()
		f.rules = f.guesses()
	}
}

// create writes a file; a writer's error stays with it until the end.
func create(name string, write func(w *bufio.Writer) error) error {
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	defer out.Close()
	w := bufio.NewWriterSize(out, 1<<20)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return out.Close()
}

func (f *features) write(name string) error { return create(name, f.put) }

func (f *features) put(w *bufio.Writer) error {
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
		buf = append(buf, p.where, p.lost, p.added)
		for _, x := range p.numbers() {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(*x))
		}
		w.Write(buf)
	}
	return nil
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
	var buf [4]byte
	if _, err := io.ReadFull(r, buf[:3]); err != nil {
		return err
	}
	p.where, p.lost, p.added = buf[0], buf[1], buf[2]
	for _, x := range p.numbers() {
		if _, err := io.ReadFull(r, buf[:]); err != nil {
			return err
		}
		*x = math.Float32frombits(binary.LittleEndian.Uint32(buf[:]))
	}
	return nil
}

// numbers are what a file keeps of a pair besides its words and counts.
func (p *pair) numbers() []*float32 {
	list := []*float32{&p.pef, &p.pfe, &p.lexef, &p.lexfe}
	for k := range p.turn {
		for i := range p.turn[k] {
			list = append(list, &p.turn[k][i])
		}
	}
	return list
}
