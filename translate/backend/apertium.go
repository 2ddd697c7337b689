package backend

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"depeche/translate"
)

// apertiumPivots are the chains of modes for a pair of languages, the best
// first. French to English goes through Spanish or Catalan; on FLORES devtest
// they reach 15.2 and 14.4 BLEU.
var apertiumPivots = map[string][][]string{
	"fr-en": {{"fr-en"}, {"fra-eng"}, {"fr-es", "spa-eng"}, {"fra-cat", "cat-eng"}},
}

// apertiumData is where Debian keeps the language data.
const apertiumData = "/usr/share/apertium"

func openApertium(name string, cfg Config) (translate.Backend, error) {
	if cfg.BaseURL != "" {
		return openAPy(name, cfg)
	}
	dir := cfg.Data
	if dir == "" {
		dir = os.Getenv("APERTIUM_DATADIR")
	}
	if dir == "" {
		dir = apertiumData
	}
	return &apertium{name: name, cfg: cfg, dir: dir,
		lock: make(chan struct{}, 1), running: map[string]*process{}}, nil
}

// apertium runs the programs of one or more Apertium modes as one pipeline,
// started once and kept running: each text ends with a NUL, upon which every
// program of the pipeline flushes.
type apertium struct {
	name string
	cfg  Config
	dir  string

	lock    chan struct{} // held by the one request that is in the pipeline
	mu      sync.Mutex    // guards running and closed
	running map[string]*process
	closed  bool
}

func (a *apertium) Info() translate.Info {
	chain := a.cfg.Modes
	if len(chain) == 0 {
		chain, _ = a.chain(language.French, language.English)
	}
	return translate.Info{Name: a.name, Model: strings.Join(chain, "+"), MaxItems: lower(64, a.cfg.MaxItems), MaxChars: a.cfg.MaxChars}
}

// chain gives the modes for a pair of languages.
func (a *apertium) chain(from, to language.Tag) ([]string, error) {
	if len(a.cfg.Modes) > 0 {
		return a.cfg.Modes, nil
	}
	f, _ := from.Base()
	t, _ := to.Base()
	pair := f.String() + "-" + t.String()
	chains := apertiumPivots[pair]
	if chains == nil {
		chains = [][]string{{pair}, {f.ISO3() + "-" + t.ISO3()}}
	}
	for _, c := range chains {
		if !slices.ContainsFunc(c, func(mode string) bool { _, err := os.Stat(a.modeFile(mode)); return err != nil }) {
			return c, nil
		}
	}
	e := &translate.Error{Backend: a.name, Cause: translate.CauseConfig,
		Message: fmt.Sprintf("%s holds no modes for %s to %s", a.dir, from, to), Remedy: "install the language pairs, or name modes in the configuration"}
	if pair == "fr-en" {
		e.Remedy = "install them: apt install apertium apertium-fr-es apertium-eng-spa"
	}
	return nil, e
}

func (a *apertium) modeFile(mode string) string {
	return filepath.Join(a.dir, "modes", mode+".mode")
}

// nullFlush names the programs of Apertium that know the option -z.
var nullFlush = []string{"lt-proc", "apertium-tagger", "apertium-pretransfer", "lrx-proc", "apertium-transfer",
	"apertium-interchunk", "apertium-postchunk", "apertium-anaphora", "cg-proc", "lsx-proc", "hfst-proc"}

// Ready looks for the modes and their first program.
func (a *apertium) Ready(context.Context) error {
	chain, err := a.chain(language.French, language.English)
	if err != nil {
		return err
	}
	for _, mode := range chain {
		stages, err := a.stages(mode)
		if err != nil {
			return a.unreadable(mode, err)
		}
		for _, s := range stages {
			if _, err := exec.LookPath(s[0]); err != nil {
				return a.unstartable(err)
			}
		}
	}
	return nil
}

func (a *apertium) unreadable(mode string, err error) error {
	return &translate.Error{Backend: a.name, Cause: translate.CauseConfig, Message: "cannot read mode " + mode, Err: err,
		Remedy: "install the language pair, or correct modes in the configuration"}
}

func (a *apertium) unstartable(err error) error {
	return &translate.Error{Backend: a.name, Cause: translate.CauseConfig, Message: "cannot start Apertium", Err: err,
		Remedy: "install it: apt install apertium apertium-fr-es apertium-eng-spa"}
}

// stages reads a mode file: a shell pipeline in which $1 stands for the
// generator's option and $2 for the tagger's. The generator gets -n: it then
// writes unknown words as they are, without the marks *, @ and #.
func (a *apertium) stages(mode string) ([][]string, error) {
	text, err := os.ReadFile(a.modeFile(mode))
	if err != nil {
		return nil, err
	}
	words, err := shellWords(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.modeFile(mode), err)
	}
	var stages [][]string
	var stage []string
	for _, w := range append(words, "|") {
		switch w {
		case "|":
			if len(stage) == 0 {
				return nil, fmt.Errorf("%s: an empty command in the pipeline", a.modeFile(mode))
			}
			stages, stage = append(stages, stage), nil
		case "$1":
			stage = append(stage, "-n")
		case "$2":
		default:
			stage = append(stage, w)
			if len(stage) == 1 && slices.Contains(nullFlush, filepath.Base(w)) {
				stage = append(stage, "-z")
			}
		}
	}
	return stages, nil
}

// shellWords splits a command line as a shell does, as far as mode files need
// it: white space, pipes, single and double quotes, backslashes.
func shellWords(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	open := false // a word has begun
	var quote rune
	end := func() {
		if open {
			words = append(words, word.String())
		}
		word.Reset()
		open = false
	}
	escaped := false
	for _, r := range s {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case quote != 0 && r == quote:
			quote = 0
		case quote == '\'':
			word.WriteRune(r)
		case r == '\\':
			escaped, open = true, true
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, open = r, true
		case r == '|':
			end()
			words = append(words, "|")
		case r == ' ' || r == '\t' || r == '\n' || r == '\r':
			end()
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if quote != 0 || escaped {
		return nil, errors.New("a quote is not closed")
	}
	end()
	return words, nil
}

func (a *apertium) Translate(ctx context.Context, req translate.Request) ([]translate.Result, error) {
	select {
	case a.lock <- struct{}{}:
		defer func() { <-a.lock }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p, err := a.pipeline(req.From, req.To)
	if err != nil {
		return nil, err
	}
	results := make([]translate.Result, 0, len(req.Items))
	done := make(chan error, 1)
	go func() { done <- a.converse(p, req.Items, &results) }()
	select {
	case err = <-done:
	case <-ctx.Done():
		// Half a batch stands in the pipeline: only a new one is clean.
		p.Kill()
		<-done
		return fill(results, len(req.Items), ctx.Err())
	}
	if err == nil {
		return results, nil
	}
	p.Kill()
	err = &translate.Error{Backend: a.name, Cause: translate.CauseTemporary, Message: "a program of the pipeline failed", Err: p.Reason(err),
		Remedy: "reinstall the language data: apt install --reinstall apertium apertium-fr-es apertium-eng-spa"}
	return fill(results, len(req.Items), err)
}

// fill gives the answers that arrived, and the error for the others.
func fill(results []translate.Result, n int, err error) ([]translate.Result, error) {
	return whole(append(results, failed(n-len(results), err)...))
}

// converse writes the texts and reads one answer for each.
func (a *apertium) converse(p *process, items []translate.Item, results *[]translate.Result) error {
	go func() {
		w := bufio.NewWriter(p.In)
		for _, item := range items {
			w.WriteString(deformat(item.Text))
			w.WriteByte(0)
		}
		w.Flush() // a failure shows as the end of the answers
	}()
	r := bufio.NewReader(p.Out)
	for _, item := range items {
		answer, err := r.ReadString(0)
		if err != nil {
			return err
		}
		*results = append(*results, translate.Result{Text: reformat(item.Text, strings.TrimSuffix(answer, "\x00"))})
	}
	return nil
}

// pipeline gives the running programs for a pair of languages and starts them
// where there are none or one has died.
func (a *apertium) pipeline(from, to language.Tag) (*process, error) {
	chain, err := a.chain(from, to)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil, &translate.Error{Backend: a.name, Cause: translate.CauseConfig, Message: "is closed"}
	}
	key := strings.Join(chain, "+")
	if p := a.running[key]; p != nil {
		if p.Alive() {
			return p, nil
		}
		p.Kill()
		delete(a.running, key)
	}
	var stages [][]string
	for _, mode := range chain {
		s, err := a.stages(mode)
		if err != nil {
			return nil, a.unreadable(mode, err)
		}
		stages = append(stages, s...)
	}
	// The programs take UTF-8 from the locale, which a cron job may lack.
	p, err := start(stages, "", append(os.Environ(), "LC_ALL=C.UTF-8"))
	if err != nil {
		return nil, a.unstartable(err)
	}
	a.running[key] = p
	return p, nil
}

// Close ends the programs.
func (a *apertium) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	for _, p := range a.running {
		p.Close()
	}
	a.running = nil
	return nil
}
