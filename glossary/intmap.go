package glossary

// intMap maps numbers to small numbers: open addressing, nothing is removed.
// It is what matching spends its time in; a Go map takes twice as long. Key
// and value lie side by side: a look costs one cache line.
type intMap struct {
	slots []slot64
	n     int
}

type slot64 struct {
	key  uint64 // 0 is an empty place
	val  int32
	also int32 // the user's own
}

func mix(k uint64) uint64 {
	k *= 0x9e3779b97f4a7c15
	return k ^ k>>32
}

// find is the place of a key, nil if it has none.
func (m *intMap) find(key uint64) *slot64 {
	slots := m.slots
	if len(slots) == 0 {
		return nil
	}
	key++
	for i := mix(key); ; i++ {
		switch s := &slots[i&uint64(len(slots)-1)]; s.key {
		case key:
			return s
		case 0:
			return nil
		}
	}
}

// put is the place of a key, a new one with the value 0 if it has none yet. It
// is good until the next call.
func (m *intMap) put(key uint64) *slot64 {
	if 2*m.n >= len(m.slots) {
		old := m.slots
		*m = intMap{slots: make([]slot64, max(64, 2*len(old)))}
		for _, s := range old {
			if s.key != 0 {
				*m.put(s.key - 1) = s
			}
		}
	}
	key++
	i := mix(key) & uint64(len(m.slots)-1)
	for m.slots[i].key != 0 && m.slots[i].key != key {
		i = (i + 1) & uint64(len(m.slots)-1)
	}
	if m.slots[i].key == 0 {
		m.n++
		m.slots[i].key = key
	}
	return &m.slots[i]
}
