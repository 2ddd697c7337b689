package glossary

// intMap maps numbers to small numbers: open addressing, nothing is removed.
// It is what matching spends its time in; a Go map takes twice as long.
type intMap struct {
	keys []uint64 // 0 is an empty place
	vals []int32
	n    int
}

func mix(k uint64) uint64 {
	k *= 0x9e3779b97f4a7c15
	return k ^ k>>32
}

func (m *intMap) get(key uint64) (int32, bool) {
	if m.n == 0 {
		return 0, false
	}
	key++
	for i := mix(key); ; i++ {
		i &= uint64(len(m.keys) - 1)
		switch m.keys[i] {
		case key:
			return m.vals[i], true
		case 0:
			return 0, false
		}
	}
}

func (m *intMap) put(key uint64, val int32) {
	if 2*m.n >= len(m.keys) {
		old := *m
		size := max(64, 2*len(old.keys))
		*m = intMap{keys: make([]uint64, size), vals: make([]int32, size)}
		for i, k := range old.keys {
			if k != 0 {
				m.put(k-1, old.vals[i])
			}
		}
	}
	key++
	i := mix(key) & uint64(len(m.keys)-1)
	for m.keys[i] != 0 && m.keys[i] != key {
		i = (i + 1) & uint64(len(m.keys)-1)
	}
	if m.keys[i] == 0 {
		m.n++
	}
	m.keys[i], m.vals[i] = key, val
}
