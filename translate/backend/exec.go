package backend

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"

	"depeche/translate"
)

// The exec backend is the plug for everything that has no backend of its own:
// a program that reads one JSON object a line on standard input and answers
// each with one on standard output, in any order, flushing after each line:
//
//	→ {"id":"1","text":"Bonjour le monde."}
//	← {"id":"1","text":"Hello world."}
//	← {"id":"2","error":"too long"}
//
// The environment variables DEPECHE_FROM and DEPECHE_TO hold the languages.
// The program is started once for each pair of languages, kept running, and
// restarted with the next request when it has died. A whole one in ten lines:
//
//	#!/usr/bin/env python3
//	import json, sys
//
//	def translate(text):
//	    return text.upper()  # your engine here
//
//	for line in sys.stdin:
//	    item = json.loads(line)
//	    answer = {"id": item["id"], "text": translate(item["text"])}
//	    print(json.dumps(answer, ensure_ascii=False), flush=True)
type execBackend struct {
	name string
	cfg  Config

	mu      sync.Mutex
	running map[string]*conversation // by pair of languages
	closed  bool
}

func openExec(name string, cfg Config) (translate.Backend, error) {
	if len(cfg.Command) == 0 || cfg.Command[0] == "" {
		return nil, &translate.Error{Backend: name, Cause: translate.CauseConfig, Message: "no program is configured",
			Remedy: fmt.Sprintf("set command = [\"program\", \"argument\"] under [backends.%s] in the configuration", name)}
	}
	return &execBackend{name: name, cfg: cfg, running: map[string]*conversation{}}, nil
}

func (b *execBackend) Info() translate.Info {
	model := b.cfg.Model
	if model == "" {
		model = strings.Join(b.cfg.Command, " ")
	}
	return translate.Info{Name: b.name, Model: model,
		MaxItems: lower(64, b.cfg.MaxItems), MaxChars: b.cfg.MaxChars}
}

// execLine is a line of the protocol, in both directions.
type execLine struct {
	ID    string  `json:"id"`
	Text  *string `json:"text,omitempty"`
	Error string  `json:"error,omitempty"`
}

func (b *execBackend) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c, err := b.conversation(req)
	if err != nil {
		return nil, err
	}
	waits := make([]chan execLine, len(req.Items))
	ids := make([]string, len(req.Items))
	for i := range req.Items {
		ids[i], waits[i] = c.expect()
	}
	defer c.forget(ids)
	// The program may answer before it has read everything, so reading goes on
	// in the conversation while this writes.
	sent := make(chan error, 1)
	go func() { sent <- c.send(ids, req.Items) }()
	results := make([]translate.Result, len(req.Items))
	for i := 0; i < len(waits); {
		select {
		case line := <-waits[i]:
			results[i] = b.result(line)
			i++
		case err := <-sent:
			sent = nil
			if err != nil {
				c.process.Kill() // what it has answered already still arrives
			}
		case <-c.ended:
			return b.rest(results, waits[i:], b.died(c))
		case <-ctx.Done():
			if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return b.rest(results, waits[i:], ctx.Err()) // the late answers are dropped
			}
			c.process.Kill() // it hangs: the next request gets a new one
			return b.rest(results, waits[i:], &translate.Error{Backend: b.name, Cause: translate.CauseTemporary,
				Message: b.cfg.Command[0] + " gave no answer in time",
				Remedy:  "see that it flushes its output after every line, or set a longer timeout"})
		}
	}
	return results, nil
}

// rest collects, after the end, what the program had answered before, so that
// this is not asked again. The others fail with err.
func (b *execBackend) rest(results []translate.Result, waits []chan execLine, err error) ([]translate.Result, error) {
	first := len(results) - len(waits)
	for i, ch := range waits {
		select {
		case line := <-ch:
			results[first+i] = b.result(line)
		default:
			results[first+i].Err = err
		}
	}
	return whole(results)
}

// Ready looks for the program.
func (b *execBackend) Ready(context.Context) error {
	if _, err := exec.LookPath(b.cfg.Command[0]); err != nil {
		return b.unstartable(err)
	}
	return nil
}

func (b *execBackend) unstartable(err error) error {
	e := &translate.Error{Backend: b.name, Cause: translate.CauseConfig, Message: "cannot start " + b.cfg.Command[0], Err: err,
		Remedy: fmt.Sprintf("correct command under [backends.%s] in the configuration", b.name)}
	if errors.Is(err, exec.ErrNotFound) {
		e.Message, e.Err = fmt.Sprintf("there is no program %q", b.cfg.Command[0]), nil
	}
	return e
}

func (b *execBackend) result(line execLine) translate.Result {
	switch {
	case line.Error != "":
		return translate.Result{Err: &translate.Error{Backend: b.name, Cause: translate.CauseRequest, Message: "the program refused this text: " + clip(line.Error, 300)}}
	case line.Text == nil:
		return translate.Result{Err: &translate.Error{Backend: b.name, Cause: translate.CauseAnswer, Message: "the program's answer holds no text"}}
	}
	return translate.Result{Text: strings.TrimSpace(*line.Text)}
}

// died says why a program ended before it had answered.
func (b *execBackend) died(c *conversation) error {
	var te *translate.Error
	if errors.As(c.err, &te) {
		return te
	}
	return &translate.Error{Backend: b.name, Cause: translate.CauseTemporary, Message: b.cfg.Command[0] + " failed",
		Err: c.process.Reason(c.err), Remedy: "run it by hand to see why"}
}

// conversation gives the running program for the request's languages, and
// starts it where there is none or it has died.
func (b *execBackend) conversation(req translate.Request) (*conversation, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, &translate.Error{Backend: b.name, Cause: translate.CauseConfig, Message: "is closed"}
	}
	pair := req.From.String() + " " + req.To.String()
	if c := b.running[pair]; c != nil {
		select {
		case <-c.ended:
		default:
			return c, nil
		}
	}
	env := append(os.Environ(), "DEPECHE_FROM="+req.From.String(), "DEPECHE_TO="+req.To.String())
	for k, v := range b.cfg.Env {
		env = append(env, k+"="+v)
	}
	p, err := start([][]string{b.cfg.Command}, b.cfg.Dir, env)
	if err != nil {
		return nil, b.unstartable(err)
	}
	c := &conversation{name: b.name, process: p, waiting: map[string]chan execLine{}, ended: make(chan struct{})}
	b.running[pair] = c
	go c.read()
	return c, nil
}

// Close ends the programs.
func (b *execBackend) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for _, c := range b.running {
		c.process.Close()
		<-c.ended
	}
	b.running = nil
	return nil
}

// conversation is a running program with the questions that it has not yet
// answered. Any number of requests may be under way in it.
type conversation struct {
	name    string
	process *process
	write   sync.Mutex

	mu      sync.Mutex
	last    int
	waiting map[string]chan execLine

	ended chan struct{}
	err   error // why it ended; valid after ended
}

// expect makes an ID that no other question to this program has.
func (c *conversation) expect() (string, chan execLine) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	id, ch := strconv.Itoa(c.last), make(chan execLine, 1)
	c.waiting[id] = ch
	return id, ch
}

func (c *conversation) forget(ids []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		delete(c.waiting, id)
	}
}

func (c *conversation) send(ids []string, items []translate.Item) error {
	c.write.Lock()
	defer c.write.Unlock()
	w := bufio.NewWriter(c.process.In)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i, id := range ids {
		if err := enc.Encode(execLine{ID: id, Text: &items[i].Text}); err != nil {
			return err
		}
	}
	return w.Flush()
}

// maxLine is more than any answer to a segment can need.
const maxLine = 16 << 20

// read hands each answer to who waits for it, until the program ends or
// writes what is no answer. A second answer to one question, and one to a
// question that nobody asked or that was given up, are dropped.
func (c *conversation) read() {
	defer close(c.ended)
	scanner := bufio.NewScanner(c.process.Out)
	scanner.Buffer(nil, maxLine)
	for scanner.Scan() {
		if strings.TrimSpace(scanner.Text()) == "" {
			continue
		}
		var line execLine
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil || line.ID == "" {
			c.err = &translate.Error{Backend: c.name, Cause: translate.CauseAnswer,
				Message: fmt.Sprintf("the program wrote %q, not a line of the form {\"id\":…,\"text\":…}", clip(scanner.Text(), 80)),
				Remedy:  "let it write messages to standard error"}
			c.process.Kill()
			return
		}
		c.mu.Lock()
		ch := c.waiting[line.ID]
		delete(c.waiting, line.ID)
		c.mu.Unlock()
		if ch != nil {
			ch <- line
		}
	}
	c.err = scanner.Err()
	if c.err == nil {
		c.err = errors.New("it ended before it had answered")
	}
	c.process.Kill()
}

// clip shortens a text for a message.
func clip(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n]) + "…"
}
