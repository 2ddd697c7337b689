package gemm

import (
	"encoding/binary"
	mathbits "math/bits"
)

// The AVX2 kernel multiplies bytes with VPMADDUBSW, which adds two products in
// 16 bits and saturates. Here weights are laid out so that it cannot.
//
// A panel holds 16 columns in groups of 4 inputs. Of each column a group adds
// inputs 0 and 1, and 2 and 3; at depth 2 the sums of two neighbouring groups
// are added too before they are widened. With activations of at most most, such
// a sum fits if its positive weights add up to at most 32767/most, and its
// negative ones likewise. Where they add up to more, the largest of them move
// to an extra group, which is multiplied with the same four activations as the
// group that they come from, and whose sums fit. Sums of integers do not depend
// on their order, so the result stays exact.
//
// Activations behind a relu are stored without the 127 that others are shifted
// by; 127 times the sum of the column is added instead. That halves what a sum
// can become.
//
// A panel begins with 16 int32 to start the sums from, the distance from the
// end of its weights to its extra groups, their number, and the depth, each an
// int64. An extra group begins with the place of its inputs, counted from the
// end of the row, as an int64. asm/int8.go reads all this.
const (
	panelExtras  = 64
	panelCount   = 72
	panelDepth   = 80
	panelWeights = 128
	extraSize    = 8 + 16*4
)

// packPairs writes the columns row(0..n-1) as panels.
func (p *Int8) packPairs(row func(j int) []int8) {
	const cols = 16
	size := panelWeights + cols*p.k
	panels := (p.n + cols - 1) / cols
	if total := panels * size; cap(p.data) < total {
		p.data = make([]int8, total, total+total/16) // with room for the extra groups that trained weights need
	} else {
		p.data = p.data[:total]
		clear(p.data)
	}
	x := extraGroups{limit: 32767 / 254, depth: 1, heads: make([]int32, p.k/4)}
	if p.relu {
		x.limit = 32767 / 127
	}
	if p.crowded(row, x.limit) < 0.2 {
		x.depth = 2
	}
	for i := range panels {
		panel := p.data[i*size:][:size]
		from, count := len(x.data), 0
		for c := range min(cols, p.n-i*cols) {
			w := row(i*cols + c)
			if p.relu {
				putSum(panel[4*c:], w)
			}
			at := panelWeights + 4*c
			for l := 0; l < len(w); l += 4 {
				*(*[4]int8)(panel[at:]) = [4]int8(w[l:])
				at += 4 * cols
			}
			x.relieve(panel[panelWeights:], w, c)
		}
		if count = (len(x.data) - from) / extraSize; count > 0 {
			clear(x.heads)
		}
		put64(panel[panelExtras:], (panels-i-1)*size+from)
		put64(panel[panelCount:], count)
		put64(panel[panelDepth:], x.depth)
		x.panel = len(x.data)
	}
	p.data = append(p.data, x.data...)
}

// crowded is about how many of the pairs of groups of a panel hold weights
// that would have to move, at depth 2.
func (p *Int8) crowded(row func(j int) []int8, limit int) float64 {
	const cols = 16
	sample := min(p.n, 4*cols)
	full := make([]bool, (sample+cols-1)/cols*(p.k/8))
	for j := range sample {
		w := row(j)
		for l := 0; l+8 <= len(w); l += 8 {
			for lane := range 2 {
				if high, low := laneSums(w[l:l+8], lane); high > limit || low > limit {
					full[j/cols*(p.k/8)+l/8] = true
				}
			}
		}
	}
	n := 0
	for _, f := range full {
		if f {
			n++
		}
	}
	return float64(n) / float64(max(len(full), 1))
}

// laneSums adds the positive and the negative weights that are summed in one
// 16-bit lane: two of each group of w.
func laneSums(w []int8, lane int) (high, low int) {
	for i := 2 * lane; i < len(w); i += 4 {
		for _, v := range [2]int8(w[i:]) {
			high += max(0, int(v))
			low += max(0, -int(v))
		}
	}
	return high, low
}

// extraGroups collects the extra groups of panels.
type extraGroups struct {
	limit int // of the sum of the positive or the negative weights of a lane
	depth int
	data  []int8
	panel int     // where those of the panel begin
	heads []int32 // for each group of the panel 1 + the last extra group of its inputs, 0 for none
	next  []int32 // for each extra group the one before
}

// crowdedRow reports whether a sum of two neighbouring products of a row may be
// beyond limit times the largest activation.
func crowdedRow(w []int8, limit int) bool {
	for l := 0; l+8 <= len(w); l += 8 {
		if within(loadBytes(w[l:]), 64) {
			continue
		}
		for i := l; i < l+8; i += 2 {
			if abs(int(w[i])+int(w[i+1])) > limit {
				return true
			}
		}
	}
	return false
}

// within reports whether each of 8 weights is from -limit to limit-1; limit is
// a power of two.
func within(v uint64, limit byte) bool {
	const ones = 0x0101010101010101
	shifted := (v&(0x7f*ones) + uint64(limit)*ones) ^ v&(0x80*ones) // limit is added to each byte
	return shifted&(uint64(^(2*limit-1))*ones) == 0
}

// relieve moves weights of column c, which are w, out of sums that do not fit.
func (x *extraGroups) relieve(weights []int8, w []int8, c int) {
	span := 4 * x.depth
	// a power of two: sums of weights from -safe to safe-1 fit
	safe := byte(1) << (mathbits.Len(uint(x.limit/(2*x.depth))) - 1)
	for l := 0; l < len(w); l += 8 {
		if within(loadBytes(w[l:]), safe) {
			continue
		}
		for at := l; at < l+8; at += span {
			group := [8]int8(w[l : l+8])
			part := group[at-l:][:span]
			for lane := range 2 {
				for {
					high, low := laneSums(part, lane)
					if high <= x.limit && low <= x.limit {
						break
					}
					i := largest(part, lane, high > x.limit)
					x.put(at+i, len(w), c, part[i])
					part[i] = 0
					weights[(at+i)/4*64+4*c+(at+i)%4] = 0
				}
			}
		}
	}
}

// largest is the index of the largest positive, or the lowest negative, weight
// of a lane.
func largest(w []int8, lane int, positive bool) int {
	best := 2 * lane
	for i := 2 * lane; i < len(w); i += 4 {
		for j := i; j < i+2; j++ {
			if positive && w[j] > w[best] || !positive && w[j] < w[best] {
				best = j
			}
		}
	}
	return best
}

// put moves the weight of input l, of k, in column c.
func (x *extraGroups) put(l, k, c int, v int8) {
	at := 8 + 4*c + l%4
	e := x.heads[l/4]
	for ; e > 0; e = x.next[e-1] {
		group := x.data[x.panel+int(e-1)*extraSize:]
		if mate := group[at^1]; group[at] == 0 && abs(int(mate)+int(v)) <= x.limit {
			group[at] = v
			return
		}
	}
	n := (len(x.data) - x.panel) / extraSize
	x.next = append(x.next[:n], x.heads[l/4])
	x.heads[l/4] = int32(n + 1)
	x.data = append(x.data, make([]int8, extraSize)...)
	group := x.data[x.panel+n*extraSize:]
	put64(group, l/4*4-k)
	group[at] = v
}

func abs(n int) int { return max(n, -n) }

// loadBytes is 8 weights as one integer.
func loadBytes(w []int8) uint64 {
	b := (*[8]int8)(w)
	return uint64(uint8(b[0])) | uint64(uint8(b[1]))<<8 | uint64(uint8(b[2]))<<16 | uint64(uint8(b[3]))<<24 |
		uint64(uint8(b[4]))<<32 | uint64(uint8(b[5]))<<40 | uint64(uint8(b[6]))<<48 | uint64(uint8(b[7]))<<56
}

func put64(dst []int8, n int) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(n))
	for i, v := range b {
		dst[i] = int8(v)
	}
}
