// Package fren holds the French→English model in the program. MODEL_CARD.md says
// what it was made of and how good it is.
package fren

import (
	"embed"
	"io/fs"

	"depeche/translate/marian"
)

// Name is the model's name, part of a run's fingerprint: another model, and an
// engine that makes something else of it, have another name.
const Name = "marian-fren-2"

//go:embed *.bin *.spm
var files embed.FS

// Card says what the model was made of and how good it is, in Markdown.
//
//go:embed MODEL_CARD.md
var Card string

// Size is the bytes that the model takes in the program.
func Size() int {
	size := 0
	for _, pattern := range []string{"*.bin", "*.spm"} {
		names, _ := fs.Glob(files, pattern)
		for _, name := range names {
			if info, err := fs.Stat(files, name); err == nil {
				size += int(info.Size())
			}
		}
	}
	return size
}

// Open gives the model, ready for use. The error is that of a processor that
// DEPECHE_CPU asks for and that is not there.
func Open() (*marian.Model, error) { return marian.OpenFS(files) }
