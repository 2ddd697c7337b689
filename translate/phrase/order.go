package phrase

import "math"

// orderModel says which French word the next English one belongs to, given the
// one that the last belongs to and those that are done: what a jump is worth
// depends on the words and not on its length alone (the alignment model of
// Alkhouli et al. 2016, with the convolutions of the joint model). It is a
// softmax over the places that are left. How well a place follows another is
// the product of two vectors, one of either word, another one of the last
// English word and the place, and what each word makes of the distance.
type orderModel struct {
	places matrix // for each French word: what it asks, its key, distances behind it and before it, a bias
	word   matrix // what an English word asks
	width  int    // of what is asked and of keys
}

const (
	orderReach     = 10 // places farther apart than this are alike
	orderDistances = 2*orderReach + 1
	orderBack      = -4 // back to a word that is done, of which the model knows nothing
)

// order is the order model at one sentence.
type order struct {
	m    *jointModel
	keys [][]float32          // of each place
	odds [][]float32          // of a place after a place
	word map[uint16][]float32 // times these after an English word
}

// newOrder reads the convolutions' output, dim numbers a French word.
func (m *jointModel) newOrder(x []float32) *order {
	n, size, width := len(x)/m.dim, m.order.places.n, m.order.width
	y := make([]float32, n*size)
	m.cpu.Float(y, x, m.order.places.weights, n, m.dim, size, m.order.places.bias)
	o := &order{m, make([][]float32, n), make([][]float32, n), make(map[uint16][]float32)}
	for j := range n {
		o.keys[j] = y[j*size+width:][:width]
	}
	for i := range n {
		ask, behind := y[i*size:][:width], y[i*size+2*width:][:orderDistances]
		row := make([]float32, n)
		for j := range row {
			d := min(max(j-i, -orderReach), orderReach) + orderReach
			before := y[j*size+2*width+orderDistances:][:orderDistances+1]
			row[j] = asked(ask, o.keys[j]) + behind[d] + before[d] + before[orderDistances]
		}
		o.odds[i] = exponentials(row)
	}
	o.word[JointNone] = make([]float32, n)
	for j := range n {
		o.word[JointNone][j] = 1
	}
	return o
}

func asked(ask, key []float32) float32 {
	var sum float32
	for i, x := range ask {
		sum += float32(x * key[i])
	}
	return sum / float32(math.Sqrt(float64(len(ask))))
}

// exponentials are those of the numbers, but for one factor.
func exponentials(x []float32) []float32 {
	top := x[0]
	for _, v := range x {
		top = max(top, v)
	}
	for i, v := range x {
		x[i] = float32(math.Exp(float64(max(-40, v-top))))
	}
	return x
}

// after gives how much likelier an English word makes each place.
func (o *order) after(word uint16) []float32 {
	if v, ok := o.word[word]; ok {
		return v
	}
	m := o.m
	ask, v := make([]float32, m.order.width), make([]float32, len(o.keys))
	m.cpu.Float(ask, m.before.vector(int(word)), m.order.word.weights, 1, m.word, m.order.width, nil)
	for j, key := range o.keys {
		v[j] = asked(ask, key)
	}
	o.word[word] = exponentials(v)
	return v
}

// score is the natural logarithm of the probability that the English word
// after word belongs to place at, when word belongs to place last. Places count
// JointBegin, done does not.
func (o *order) score(done coverage, word uint16, last, at uint8) float32 {
	left := func(j int) bool { return j == int(last) || done.free(j-1, j) }
	if !left(int(at)) {
		return orderBack
	}
	odds, times := o.odds[last], o.after(word)
	var sum float32
	for j := 1; j < len(odds); j++ {
		if left(j) {
			sum += float32(odds[j] * times[j])
		}
	}
	return max(jointFloor, float32(math.Log(float64(float32(odds[at]*times[at])/sum))))
}

// phrase scores the places of a choice's words, and gives that of the last.
// Another English word for the same French one costs nothing: with a price on
// it, "according to" loses to "in".
func (o *order) phrase(done coverage, past uint64, last uint8, c *choice) (float32, uint8) {
	var sum float32
	for k, w := range c.joint {
		at := c.at[k]
		if at != last {
			sum += o.score(done, uint16(past), last, at)
		}
		done = done.with(int(at)-1, int(at))
		last, past = at, then(past, w)
	}
	return sum, last
}
