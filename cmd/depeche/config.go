package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/adrg/xdg"
	"github.com/urfave/cli/v2"

	"depeche/translate/backend"
	"depeche/translate/check"
)

// config is what depeche.toml says. Besides the sections, every flag of every
// command is a key: `backend = "deepl"`, `max-cost = "5 EUR"`.
type config struct {
	file     string // "" without one
	defaults map[string]any
	applied  map[string]bool           // flags that it set
	Backends map[string]backend.Config `toml:"backends"`
	Check    check.Config              `toml:"check"`
}

// pathKeys are the keys whose values are files: relative ones are taken from
// the folder of the configuration, not from where the command is run.
var pathKeys = []string{"glossary", "abbreviations", "memory", "model"}

// loadConfig reads the configuration that the command line names, or the
// depeche.toml of this folder or the nearest one above, or the user's own.
func loadConfig(c *cli.Context) (*config, error) {
	logTo(c.App.ErrWriter, c.Bool("verbose"))
	file := c.String("config")
	if file == "" {
		file = findConfig()
	}
	cfg := &config{file: file}
	if file == "" {
		return cfg, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, usagef("configuration: %w", err)
	}
	if err := cfg.decode(data); err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return cfg, cfg.apply(c)
}

func findConfig() string {
	if dir, err := os.Getwd(); err == nil {
		for {
			if file := filepath.Join(dir, "depeche.toml"); isFile(file) {
				return file
			}
			up := filepath.Dir(dir)
			if up == dir {
				break
			}
			dir = up
		}
	}
	if file, err := xdg.SearchConfigFile("depeche/config.toml"); err == nil {
		return file
	}
	return ""
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

func (cfg *config) decode(data []byte) error {
	meta, err := toml.NewDecoder(bytes.NewReader(data)).Decode(cfg)
	if err == nil {
		_, err = toml.Decode(string(data), &cfg.defaults)
	}
	if err != nil {
		var parse toml.ParseError
		if errors.As(err, &parse) {
			return fmt.Errorf("%s:%d:%d: %s", cfg.file, parse.Position.Line, parse.Position.Col, parse.Message)
		}
		return fmt.Errorf("%s: %w", cfg.file, err)
	}
	delete(cfg.defaults, "backends")
	delete(cfg.defaults, "check")
	known := flagNames(commands())
	for _, key := range meta.Undecoded() {
		if len(key) == 1 && slices.Contains(known, key[0]) {
			continue
		}
		return fmt.Errorf("%s:%d:1: unknown key %q", cfg.file, lineOf(data, key[len(key)-1]), key.String())
	}
	return nil
}

// lineOf finds the line on which a key is set; the decoder does not tell.
func lineOf(data []byte, key string) int {
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimLeft(line, " \t[\"'")
		if strings.HasPrefix(line, key) {
			return i + 1
		}
	}
	return 1
}

func flagNames(list []*cli.Command) []string {
	var names []string
	for _, cmd := range list {
		for _, f := range cmd.Flags {
			names = append(names, f.Names()[0])
		}
		names = append(names, flagNames(cmd.Subcommands)...)
	}
	return names
}

// apply sets those flags of the command that neither the command line nor the
// environment has set.
func (cfg *config) apply(c *cli.Context) error {
	for _, f := range c.Command.Flags {
		name := f.Names()[0]
		value, ok := cfg.defaults[name]
		if !ok || c.IsSet(name) {
			continue
		}
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		for _, v := range list {
			text := fmt.Sprint(v)
			if slices.Contains(pathKeys, name) && !filepath.IsAbs(text) && !strings.Contains(text, ":") && text != "none" {
				text = filepath.Join(filepath.Dir(cfg.file), text)
			}
			if err := c.Set(name, text); err != nil {
				return usagef("%s: %s: %w", cfg.file, name, err)
			}
		}
		if cfg.applied == nil {
			cfg.applied = make(map[string]bool)
		}
		cfg.applied[name] = true
	}
	return nil
}

// notExist turns the operating system's words for a missing file into ours.
func notExist(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: no such file", name)
	}
	return err
}
