package backend

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// process is a running pipeline of programs with one standard input and one
// standard output.
type process struct {
	In   io.WriteCloser
	Out  io.ReadCloser
	cmds []*exec.Cmd
	errs *tail
	once sync.Once
	died chan struct{} // closed when the first program has ended
	done chan struct{} // closed when all have
	fail error         // why the first one ended, nil for a success; valid after died
}

// start runs the stages, each reading what the one before it writes.
func start(stages [][]string, dir string, env []string) (*process, error) {
	p := &process{errs: &tail{}, died: make(chan struct{}), done: make(chan struct{})}
	var keep []io.Closer // this side's ends
	var pass []*os.File  // the children's ends, closed here once they run
	abort := func(err error) (*process, error) {
		for _, c := range keep {
			c.Close()
		}
		for _, f := range pass {
			f.Close()
		}
		for _, c := range p.cmds {
			if c.Process != nil {
				c.Process.Kill()
				c.Wait()
			}
		}
		return nil, err
	}
	in, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p.In, keep, pass = w, append(keep, w), append(pass, in)
	for _, s := range stages {
		out, w, err := os.Pipe()
		if err != nil {
			return abort(err)
		}
		cmd := exec.Command(s[0], s[1:]...)
		cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, env, in, w, p.errs
		// A grandchild that holds standard error open must not hold us.
		cmd.WaitDelay = time.Second
		pass = append(pass, out, w)
		if err := cmd.Start(); err != nil {
			return abort(err)
		}
		p.cmds = append(p.cmds, cmd)
		in = out
	}
	p.Out = in
	for _, f := range pass {
		if f != in {
			f.Close()
		}
	}
	var first sync.Once
	var all sync.WaitGroup
	for _, c := range p.cmds {
		all.Go(func() {
			err := c.Wait()
			first.Do(func() {
				if err != nil {
					p.fail = fmt.Errorf("%s: %w", filepath.Base(c.Path), err)
				}
				close(p.died)
			})
		})
	}
	go func() { all.Wait(); close(p.done) }()
	return p, nil
}

// Alive reports whether no program has ended yet.
func (p *process) Alive() bool {
	select {
	case <-p.died:
		return false
	default:
		return true
	}
}

// Kill ends the programs at once. It may be called more than once.
func (p *process) Kill() {
	p.once.Do(func() {
		p.In.Close()
		for _, c := range p.cmds {
			c.Process.Kill()
		}
		p.Out.Close()
	})
}

// Close lets the programs see the end of their input, gives them a moment to
// leave, and ends those that have not.
func (p *process) Close() error {
	p.In.Close()
	select {
	case <-p.done:
	case <-time.After(2 * time.Second):
	}
	p.Kill()
	<-p.done
	return nil
}

// Reason says why the programs ended, with their last words.
func (p *process) Reason(err error) error {
	select {
	case <-p.died:
		if p.fail != nil {
			err = p.fail
		}
	case <-time.After(time.Second):
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("it ended")
	}
	if words := p.errs.String(); words != "" {
		return fmt.Errorf("%w (%s)", err, words)
	}
	return err
}

// tail keeps the last line that a program wrote to standard error.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if n := len(t.buf) - 2048; n > 0 {
		t.buf = append(t.buf[:0], t.buf[n:]...)
	}
	return len(b), nil
}

// String is the last line that holds anything.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.TrimSpace(string(bytes.ToValidUTF8(t.buf, nil)))
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		text = text[i+1:]
	}
	return strings.TrimSpace(text)
}
