package pdf

import (
	"encoding/binary"
	"sort"
)

// tables gives the tables of a TrueType file.
func tables(font []byte) map[string][]byte {
	out := make(map[string][]byte)
	n := int(binary.BigEndian.Uint16(font[4:]))
	for i := range n {
		e := font[12+16*i:]
		at, size := binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])
		out[string(e[:4])] = font[at : at+size]
	}
	return out
}

// subset makes a TrueType file of some glyphs, those that they are composed
// of, and glyph 0. It gives the new number of each glyph. The fonts are the
// program's own, so that it does not doubt them.
func subset(font []byte, glyphs []uint16) ([]byte, map[uint16]uint16) {
	t := tables(font)
	long := binary.BigEndian.Uint16(t["head"][50:]) == 1
	outline := func(g uint16) []byte {
		if long {
			return t["glyf"][binary.BigEndian.Uint32(t["loca"][4*int(g):]):binary.BigEndian.Uint32(t["loca"][4*int(g)+4:])]
		}
		return t["glyf"][2*int(binary.BigEndian.Uint16(t["loca"][2*int(g):])) : 2*int(binary.BigEndian.Uint16(t["loca"][2*int(g)+2:]))]
	}
	want := map[uint16]bool{0: true}
	todo := append([]uint16{0}, glyphs...)
	for len(todo) > 0 {
		g := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		want[g] = true
		components(outline(g), func(at int, part uint16) {
			if !want[part] {
				todo = append(todo, part)
			}
		})
	}
	list := make([]uint16, 0, len(want))
	for g := range want {
		list = append(list, g)
	}
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	place := make(map[uint16]uint16, len(list))
	for i, g := range list {
		place[g] = uint16(i)
	}
	var glyf, loca, hmtx []byte
	metrics := int(binary.BigEndian.Uint16(t["hhea"][34:]))
	for _, g := range list {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		start := len(glyf)
		glyf = append(glyf, outline(g)...)
		components(glyf[start:], func(at int, part uint16) {
			binary.BigEndian.PutUint16(glyf[start+at:], place[part])
		})
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		if int(g) < metrics {
			hmtx = append(hmtx, t["hmtx"][4*int(g):4*int(g)+4]...)
		} else { // the last advance holds for all others
			hmtx = append(hmtx, t["hmtx"][4*(metrics-1):4*(metrics-1)+2]...)
			hmtx = append(hmtx, t["hmtx"][4*metrics+2*(int(g)-metrics):][:2]...)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	copied := func(name string) []byte { return append([]byte(nil), t[name]...) }
	head, hhea, maxp := copied("head"), copied("hhea"), copied("maxp")
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets
	binary.BigEndian.PutUint32(head[8:], 0)
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(list)))
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(list)))
	return pack([]table{{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}}), place
}

// components calls f for each glyph that a composed glyph is made of, with
// the place of its number in the outline.
func components(outline []byte, f func(at int, glyph uint16)) {
	if len(outline) < 10 || int16(binary.BigEndian.Uint16(outline)) >= 0 {
		return
	}
	const words, scale, more, xyScale, twoByTwo = 1, 8, 32, 64, 128
	for at := 10; ; {
		flags := binary.BigEndian.Uint16(outline[at:])
		f(at+2, binary.BigEndian.Uint16(outline[at+2:]))
		at += 6
		if flags&words != 0 {
			at += 2
		}
		switch {
		case flags&scale != 0:
			at += 2
		case flags&xyScale != 0:
			at += 4
		case flags&twoByTwo != 0:
			at += 8
		}
		if flags&more == 0 {
			return
		}
	}
}

type table struct {
	name string
	data []byte
}

// pack makes a TrueType file of tables, which are sorted by name.
func pack(list []table) []byte {
	n := len(list)
	power, log := 1, 0
	for power*2 <= n {
		power, log = power*2, log+1
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, power * 16, log, n*16 - power*16} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at := 12 + 16*n
	headAt := 0
	for _, t := range list {
		out = append(out, t.name...)
		out = binary.BigEndian.AppendUint32(out, checksum(t.data))
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
		if t.name == "head" {
			headAt = at
		}
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range list {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	binary.BigEndian.PutUint32(out[headAt+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(data []byte) uint32 {
	var sum uint32
	for len(data) >= 4 {
		sum += binary.BigEndian.Uint32(data)
		data = data[4:]
	}
	var last [4]byte
	copy(last[:], data)
	return sum + binary.BigEndian.Uint32(last[:])
}
