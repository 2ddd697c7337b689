//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package marian

import (
	"fmt"
	"os"
)

// mapFile reads a file: this system has no mapping in the standard library.
func mapFile(name string) ([]byte, func() error, error) {
	b, err := os.ReadFile(name)
	if err == nil && len(b) == 0 {
		err = fmt.Errorf("%s is empty", name)
	}
	return b, func() error { return nil }, err
}
