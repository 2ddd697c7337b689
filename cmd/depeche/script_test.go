package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts call the program as `depeche`, and fakes of what
// is outside it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"depeche": main,
		"upper":   upper,
		"ledger":  ledger,
	})
}

// TestScripts runs the command lines under testdata/script.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"waitfile": waitFile,
			"waitgrep": waitGrep,
			"registry": serveRegistry,
		},
		Condition: haveShared,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			isolate(env)
			return nil
		},
	})
}

// waitFile waits until a file is there.
func waitFile(ts *testscript.TestScript, _ bool, args []string) {
	await(ts, args[0], func() bool {
		_, err := os.Stat(ts.MkAbs(args[0]))
		return err == nil
	})
}

// waitGrep waits until a file has a text.
func waitGrep(ts *testscript.TestScript, _ bool, args []string) {
	await(ts, args[1], func() bool {
		data, err := os.ReadFile(ts.MkAbs(args[1]))
		return err == nil && strings.Contains(string(data), args[0])
	})
}

func await(ts *testscript.TestScript, what string, ok func() bool) {
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			ts.Fatalf("%s: waited in vain", what)
		}
	}
}
