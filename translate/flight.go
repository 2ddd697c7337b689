package translate

import "sync"

// flights keeps documents that are translated side by side from paying twice
// for one text: the second waits for what the first one gets.
type flights struct {
	mu   sync.Mutex
	busy map[string]chan struct{}
}

// begin claims a text. If another document has claimed it, it gives the
// channel that is closed when that one is done with it.
func (f *flights) begin(key string) (wait <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c, ok := f.busy[key]; ok {
		return c
	}
	if f.busy == nil {
		f.busy = make(map[string]chan struct{})
	}
	f.busy[key] = make(chan struct{})
	return nil
}

// end gives a claimed text free. Its translation, if there is one, is in the
// memory by now.
func (f *flights) end(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c, ok := f.busy[key]; ok {
		close(c)
		delete(f.busy, key)
	}
}
