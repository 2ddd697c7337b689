package memory

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depeche/translate"
)

// Fuzzy matches are found by their rare words (prefix filtering, Chaudhuri et
// al. 2006). Two texts of which at most 30 in 100 words differ share at least
// 70 in 100, so that with the words in one fixed order, rare ones first, the
// first 30 in 100 and one more of each must have a word in common: only those
// are indexed and looked up. What is rare is fixed by a list of common words,
// common in French news and politics, so that the order never changes.

//go:embed common.txt
var commonText string

// common are the places of the common words in the order of prefix, by their hashes.
var common = func() map[uint64]uint64 {
	m := make(map[uint64]uint64)
	list := strings.Fields(commonText)
	for i, w := range list {
		h := uint64(fnvBasis)
		for j := range len(w) {
			h = (h ^ uint64(w[j])) * fnvPrime
		}
		m[h>>wordShift] = uint64(2 + len(list) - i)
	}
	return m
}()

// Words are known by a 40 bit FNV-1a hash: shorter keys in the file.
const (
	fnvBasis  = 14695981039346656037
	fnvPrime  = 1099511628211
	wordShift = 24
	wordMask  = 1<<(64-wordShift) - 1
)

// LeastFuzzy is the lowest percentage that the index can find.
const LeastFuzzy = 70

// prefix gives the hashes of those words of a normalised text that stand in
// the index, and the number of all its words. Words are those of the function
// words.
func prefix(normalised string) (hashes []uint64, size int) {
	var space [64]uint64
	list := space[:0]
	hash, number, within := uint64(fnvBasis), true, false
	end := func() {
		if !within {
			return
		}
		h := hash >> wordShift
		switch place := common[h]; {
		case place != 0:
			h |= place << (64 - wordShift)
		case number: // rare, but the first thing to differ
			h |= 1 << (64 - wordShift)
		}
		list = append(list, h)
		hash, number, within = fnvBasis, true, false
	}
	for i := 0; i < len(normalised); {
		c := normalised[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case 'A' <= c && c <= 'Z':
				c += 'a' - 'A'
				fallthrough
			case 'a' <= c && c <= 'z':
				number = false
				fallthrough
			case '0' <= c && c <= '9':
				hash, within = (hash^uint64(c))*fnvPrime, true
			default:
				end()
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(normalised[i:])
		i += n
		r = unicode.ToLower(r)
		if !inWord(r) {
			end()
			continue
		}
		number, within = false, true
		var form [utf8.UTFMax]byte
		for _, c := range form[:utf8.EncodeRune(form[:], r)] {
			hash = (hash ^ uint64(c)) * fnvPrime
		}
	}
	end()
	size = len(list)
	slices.Sort(list)
	hashes = slices.Clone(list[:min(size*(100-LeastFuzzy)/100+1, size)])
	for i := range hashes {
		hashes[i] &= wordMask
	}
	slices.Sort(hashes)
	return slices.Compact(hashes), size
}

// editors is the maker of all entries of people.
var editors = maker(translate.Human, nil)

// makerTag is 0 for an editor, and for an engine a number below 1<<tagBits that
// tells its entries from those of nearly all others.
func makerTag(maker int64) uint64 {
	if maker == editors {
		return 0
	}
	return 1 + uint64(maker)%(1<<tagBits-1)
}

// The index has a row for each word, maker and block of entries, in which each
// entry of the block with the word in its prefix takes three bytes: its place
// in the block and its number of words, at most 255. So a row is as long as
// what it is made of, however few entries were saved at a time, and a run that
// asks for others' entries never reads the row of its own.
const (
	tagBits   = 14
	blockBits = 14
)

// posting says that an entry has a word in its prefix. Postings in order are
// in the order of the table.
type posting struct {
	key   uint64 // word and maker's tag
	entry uint64 // identity and size
}

func newPosting(word, tag uint64, id int64, size int) posting {
	return posting{word<<tagBits | tag, uint64(id)<<8 | uint64(min(size, 255))}
}

func (p posting) word() int64  { return int64(p.key >> tagBits) }
func (p posting) maker() int64 { return int64(p.key & (1<<tagBits - 1)) }
func (p posting) id() int64    { return int64(p.entry >> 8) }
func (p posting) block() int64 { return p.id() >> blockBits }

// postings are those of several entries.
type postings []posting

// index adds the postings of the entries that are new.
func (x postings) index(list []*record) postings {
	for _, r := range list {
		if r.added == 0 {
			continue // one with the same words stands there
		}
		tag := makerTag(r.slot.maker)
		for _, h := range r.prefix {
			x = append(x, newPosting(h, tag, r.added, r.size))
		}
	}
	return x
}

// row is a row of the index.
type row struct {
	word, maker, block int64
	list               []byte
}

// rows sorts the postings and gives the rows that they make. Their lists are
// valid until the next.
func (x postings) rows(f func(row) error) error {
	slices.SortFunc(x, func(a, b posting) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.entry, b.entry)) })
	for begin, end := 0, 0; begin < len(x); begin = end {
		list := make([]byte, 0, 3)
		for end < len(x) && x[end].key == x[begin].key && x[end].block() == x[begin].block() {
			list = pack(list, x[end])
			end++
		}
		if err := f(row{x[begin].word(), x[begin].maker(), x[begin].block(), list}); err != nil {
			return err
		}
	}
	return nil
}

// pack adds a posting to the list of a row.
func pack(list []byte, p posting) []byte {
	place := p.id() & (1<<blockBits - 1)
	return append(list, byte(place>>8), byte(place), byte(p.entry))
}

// unpack calls f for every entry of a row.
func unpack(block int64, list []byte, f func(id int64, size int)) {
	for ; len(list) >= 3; list = list[3:] {
		f(block<<blockBits|int64(list[0])<<8|int64(list[1]), int(list[2]))
	}
}
