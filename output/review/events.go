package review

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// event tells the tabs that a file changed.
type event struct {
	File    int    `json:"file"`
	Version int    `json:"version"`
	Tab     string `json:"tab,omitempty"`  // who did it
	Disk    bool   `json:"disk,omitempty"` // another program did
	Error   string `json:"error,omitempty"`
}

// events shares events out to the open streams.
type events struct {
	mu     sync.Mutex
	open   map[chan event]bool
	closed bool
}

func (e *events) send(ev event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for c := range e.open {
		select {
		case c <- ev:
		default: // a tab that does not read will ask anew
		}
	}
}

func (e *events) join() chan event {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := make(chan event, 64)
	if e.closed {
		close(c)
		return c
	}
	if e.open == nil {
		e.open = make(map[chan event]bool)
	}
	e.open[c] = true
	return c
}

func (e *events) leave(c chan event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.open, c)
}

func (e *events) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	for c := range e.open {
		close(c)
		delete(e.open, c)
	}
}

// stream sends events as they come, and a sign of life in between.
func (s *server) stream(w http.ResponseWriter, r *http.Request) {
	c := s.events.join()
	defer s.events.leave(c)
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	beat := time.NewTicker(10 * time.Second)
	defer beat.Stop()
	fmt.Fprint(w, ": here\n\n")
	for {
		if flush.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			fmt.Fprint(w, ": here\n\n")
		case ev, ok := <-c:
			if !ok {
				return
			}
			data, err := json.Marshal(ev)
			if err != nil {
				return
			}
			fmt.Fprintf(w, "data: %s\n\n", data)
		}
	}
}
