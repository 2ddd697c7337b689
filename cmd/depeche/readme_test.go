package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestREADME runs every command of the README's sh blocks, in order, in one
// folder that holds the repository's samples. `go run ./cmd/depeche` is the
// program under test, and the test command is not run inside itself.
func TestREADME(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	n := 0
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		for _, line := range strings.Split(strings.TrimSpace(block[1]), "\n") {
			line = strings.Replace(line, "go run ./cmd/depeche", "depeche", 1)
			if !strings.HasPrefix(line, "depeche ") {
				continue
			}
			n++
			fmt.Fprintf(&script, "exec sh -c '%s'\n", strings.ReplaceAll(line, "'", "''"))
		}
	}
	if n < 5 {
		t.Fatalf("%d commands found in the README", n)
	}
	script.WriteString("exists out/lavrov-syrie.html out/lavrov-syrie.xlf\n")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "readme.txtar"), []byte(script.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: dir, Setup: func(env *testscript.Env) error {
		isolate(env)
		env.Setenv("DEPECHE_CONFIG", "depeche.toml")
		if err := os.WriteFile(filepath.Join(env.WorkDir, "depeche.toml"), nil, 0o666); err != nil {
			return err
		}
		for _, sample := range []string{"testdata/lavrov-syrie.txt", "glossary/testdata/sample.csv"} {
			data, err := os.ReadFile(filepath.Join("../..", sample))
			if err != nil {
				return err
			}
			to := filepath.Join(env.WorkDir, sample)
			if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
				return err
			}
			if err := os.WriteFile(to, data, 0o666); err != nil {
				return err
			}
		}
		return nil
	}})
}

// isolate keeps a script away from the user's own configuration and memory.
func isolate(env *testscript.Env) {
	env.Setenv("HOME", env.WorkDir)
	for _, name := range []string{"CONFIG", "DATA", "CACHE"} {
		env.Setenv("XDG_"+name+"_HOME", filepath.Join(env.WorkDir, "."+strings.ToLower(name)))
	}
}
