package backend

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/zalando/go-keyring"

	"depeche/translate"
)

// Config is what a section [backends.NAME] of the configuration can hold. A
// backend reads the fields that it has use for; zero values stand for its
// defaults.
type Config struct {
	// Type is the backend in Table that a section of another name configures,
	// so that two servers of one kind can stand side by side.
	Type string `toml:"type"`

	Model    string `toml:"model"`
	BaseURL  string `toml:"base_url"`
	Project  string `toml:"project"`
	Location string `toml:"location"`

	KeyEnv      string `toml:"key_env"`     // environment variable that holds the key
	KeyFile     string `toml:"key_file"`    // file that holds the key alone
	Credentials string `toml:"credentials"` // Google: file with the credentials; empty: application default credentials

	Formality  string   `toml:"formality"`
	Glossary   string   `toml:"glossary"`             // the service's own glossary, by its name or ID
	IgnoreCase bool     `toml:"glossary_ignore_case"` // Google
	Contextual bool     `toml:"glossary_contextual"`  // Google: the model fits the terms into the sentence
	Terms      string   `toml:"terms"`                // "protect": keep no glossary of ours at the service
	Bucket     string   `toml:"bucket"`               // Google: Cloud Storage bucket through which glossaries are handed over
	Style      []string `toml:"style"`                // rules of style for a language model, one sentence each
	Data       string   `toml:"data"`                 // adaptive data set (Google), data directory (Apertium), model (local)

	Command []string          `toml:"command"` // exec: program and arguments
	Env     map[string]string `toml:"env"`     // exec: added to the environment
	Dir     string            `toml:"dir"`     // exec: working directory
	Modes   []string          `toml:"modes"`   // Apertium: modes in order, e.g. ["fr-es", "spa-eng"]

	Beam int `toml:"beam"` // local: width of the search

	Timeout  Duration `toml:"timeout"`   // of one request
	MaxItems int      `toml:"max_items"` // lower limits than the service's own
	MaxChars int      `toml:"max_chars"`

	Rate        float64 `toml:"rate"`        // requests per second
	CharRate    float64 `toml:"char_rate"`   // characters per second
	Concurrency int     `toml:"concurrency"` // requests in flight
	Retries     int     `toml:"retries"`     // further tries after the first one; -1: none

	Price *Price `toml:"price"` // overrides the built-in price

	// Getenv and Insecure are for tests: the environment to read keys from
	// (os.Getenv if nil), and gRPC without TLS and credentials.
	Getenv   func(string) string `toml:"-"`
	Insecure bool                `toml:"-"`

	storage  string // address of Cloud Storage, in tests
	describe bool   // open without key, to see what the backend says of itself
}

// Duration is a time.Duration that is written "30s" in TOML.
type Duration time.Duration

// UnmarshalText reads a duration as time.ParseDuration does.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return err
	}
	if v < 0 {
		return fmt.Errorf("negative duration %q", text)
	}
	*d = Duration(v)
	return nil
}

// or is the duration, or def if it is zero.
func (d Duration) or(def time.Duration) time.Duration {
	if d == 0 {
		return def
	}
	return time.Duration(d)
}

// Keyring is the service name under which keys stand in the system's keyring;
// the user name there is the backend's name.
const Keyring = "depeche"

func (c Config) getenv(name string) string {
	if c.Getenv != nil {
		return c.Getenv(name)
	}
	return os.Getenv(name)
}

// askedWait is how long the service asked to wait, 0 if it did not say.
func askedWait(err error) time.Duration {
	var e *translate.Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}

// errNoKey says that a key stands nowhere.
var errNoKey = errors.New("no key")

// key finds the secret of a backend: in the environment variable that the
// configuration names, in the usual ones, in the file that the configuration
// names, in the keyring. The error is errNoKey if there is none, or says why
// a place that was named cannot be read; it never holds the key.
func (c Config) key(name string, usual ...string) (string, error) {
	if c.describe {
		return "describe", nil
	}
	if c.KeyEnv != "" {
		usual = []string{c.KeyEnv}
	}
	for _, v := range usual {
		if k := strings.TrimSpace(c.getenv(v)); k != "" {
			return checkKey(k, "environment variable "+v)
		}
	}
	if c.KeyFile != "" {
		text, err := os.ReadFile(c.KeyFile)
		if err != nil {
			return "", fmt.Errorf("key file: %w", err)
		}
		if k := strings.TrimSpace(string(text)); k != "" {
			return checkKey(k, "key file "+c.KeyFile)
		}
		return "", fmt.Errorf("key file %s is empty", c.KeyFile)
	}
	if c.Getenv == nil {
		if k, err := keyring.Get(Keyring, name); err == nil && strings.TrimSpace(k) != "" {
			return checkKey(strings.TrimSpace(k), "keyring")
		}
	}
	return "", errNoKey
}

// checkKey refuses what can't be a header's value, before a library quotes it
// in an error.
func checkKey(key, where string) (string, error) {
	if strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("the key in %s holds a space, a line break or a letter that no key has", where)
	}
	return key, nil
}

// keyError is the error of a backend without its key.
func keyError(name string, err error, usual string) error {
	e := &translate.Error{Backend: name, Cause: translate.CauseAuth, Message: err.Error(),
		Remedy: fmt.Sprintf("set %s, or key_file under [backends.%s] in the configuration, or store the key in the keyring (service %q, user %q)", usual, name, Keyring, name)}
	return e
}

// lower is the smaller of two limits of which zero means none.
func lower(a, b int) int {
	switch {
	case a <= 0:
		return max(b, 0)
	case b <= 0:
		return a
	}
	return min(a, b)
}

// settings joins "name=value" pairs in stable order, without the empty ones.
func settings(pairs ...string) string {
	var out []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, pairs[i]+"="+pairs[i+1])
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}
