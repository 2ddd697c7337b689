package main

import (
	"path/filepath"
	"testing"

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
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			isolate(env)
			return nil
		},
	})
}
