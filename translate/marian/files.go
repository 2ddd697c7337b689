package marian

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"depeche/translate/marian/gemm"
	"depeche/translate/marian/sentencepiece"
)

// Model is a translation model, ready for use by any number of goroutines.
type Model struct {
	net        *network
	cpu        *gemm.CPU
	sourceVoc  *sentencepiece.Model
	targetVoc  *sentencepiece.Model
	sharedVoc  bool
	shortlist  *shortlist // nil: all words, always
	words      []wordInfo // of the target vocabulary
	end        int32      // end of sentence
	unknown    int32
	targetSize int      // words of the vocabulary
	producible []int32  // words that a translation may hold
	allowed    *wordSet // the same
	whole      wholeOutput
	mu         sync.Mutex
	idle       []*workspace // left by earlier calls
	release    []func() error
	files      []File
}

// Files is the content of a model folder. The Model uses the slices as long
// as it lives and never writes to them, so they may be embedded in a program or
// mapped from files.
type Files struct {
	Model       []byte // Marian's binary format, or a NumPy archive
	SourceVocab []byte // SentencePiece
	TargetVocab []byte // nil: the same as SourceVocab
	Shortlist   []byte // binary lexical shortlist; may be nil
}

// ErrNoModel is the error of a folder that holds no model.
var ErrNoModel = errors.New("no model found")

// fileNames is what a folder's files are called, found by their patterns.
type fileNames struct{ model, source, target, shortlist string }

// findFiles picks the files of a model by Mozilla's names: model*.bin or
// model*.npz, vocab*.spm or srcvocab*.spm with trgvocab*.spm, and lex*.bin.
func findFiles(names []string) (fileNames, error) {
	var f fileNames
	var problems []error
	find := func(what string, patterns ...string) string {
		for _, pattern := range patterns {
			var found []string
			for _, name := range names {
				if ok, _ := filepath.Match(pattern, name); ok {
					found = append(found, name)
				}
			}
			switch {
			case len(found) == 1:
				return found[0]
			case len(found) > 1:
				problems = append(problems, fmt.Errorf("several files could be the %s: %s", what, strings.Join(found, ", ")))
				return ""
			}
		}
		return ""
	}
	f.model = find("model", "model*.bin", "model*.npz")
	f.shortlist = find("shortlist", "lex*.bin")
	if f.source = find("source vocabulary", "srcvocab*.spm"); f.source != "" {
		f.target = find("target vocabulary", "trgvocab*.spm")
		if f.target == "" {
			problems = append(problems, fmt.Errorf("%s without a trgvocab*.spm", f.source))
		}
	} else {
		f.source = find("vocabulary", "vocab*.spm")
	}
	switch {
	case len(problems) > 0:
	case f.model == "":
		problems = append(problems, fmt.Errorf("%w: no model*.bin or model*.npz", ErrNoModel))
	case f.source == "":
		problems = append(problems, fmt.Errorf("%w: no vocab*.spm beside %s", ErrNoModel, f.model))
	}
	return f, errors.Join(problems...)
}

// Open loads the model in a folder. Its files are mapped into memory where
// the system can and must not change until Close.
func Open(dir string) (*Model, error) {
	cpu, err := detect()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	names, err := findFiles(baseNames(entries))
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", dir, err)
	}
	var release []func() error
	m, err := load(cpu, names, func(name string) ([]byte, error) {
		b, free, err := mapFile(filepath.Join(dir, name))
		if err == nil {
			release = append(release, free)
		}
		return b, err
	})
	if err != nil {
		for _, free := range release {
			err = errors.Join(err, free())
		}
		return nil, fmt.Errorf("model %s: %w", dir, err)
	}
	m.release = release
	return m, nil
}

// OpenFS loads the model in the root of a file system, reading its files
// into memory.
func OpenFS(fsys fs.FS) (*Model, error) {
	cpu, err := detect()
	if err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	names, err := findFiles(baseNames(entries))
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	m, err := load(cpu, names, func(name string) ([]byte, error) { return fs.ReadFile(fsys, name) })
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return m, nil
}

func baseNames(entries []fs.DirEntry) []string {
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

func load(cpu *gemm.CPU, names fileNames, read func(string) ([]byte, error)) (*Model, error) {
	var files Files
	var used []File
	for _, f := range []struct {
		name string
		to   *[]byte
	}{
		{names.model, &files.Model},
		{names.source, &files.SourceVocab},
		{names.target, &files.TargetVocab},
		{names.shortlist, &files.Shortlist},
	} {
		if f.name == "" {
			continue
		}
		b, err := read(f.name)
		if err != nil {
			return nil, err
		}
		*f.to = b
		used = append(used, File{f.name, int64(len(b))})
	}
	m, err := newModelOn(cpu, files, names)
	if err != nil {
		return nil, err
	}
	m.files = used
	return m, nil
}

// Load makes a model of files in memory, without copying them.
func Load(files Files) (*Model, error) {
	cpu, err := detect()
	if err != nil {
		return nil, err
	}
	m, err := newModelOn(cpu, files, fileNames{"model", "vocabulary", "target vocabulary", "shortlist"})
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return m, nil
}

// ErrCPU is the error of a DEPECHE_CPU that this processor lacks or that is
// unknown.
var ErrCPU = gemm.ErrPath

// detect chooses the kernels that DEPECHE_CPU names, or the fastest.
func detect() (*gemm.CPU, error) {
	cpu, err := gemm.Detect(os.Getenv("DEPECHE_CPU"))
	if err != nil {
		return nil, fmt.Errorf("DEPECHE_CPU: %w", err)
	}
	return cpu, nil
}

func newModelOn(cpu *gemm.CPU, files Files, names fileNames) (*Model, error) {
	read := readBin
	if len(files.Model) > 4 && string(files.Model[:2]) == "PK" {
		read = readNpz
	}
	tensors, err := read(files.Model)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", names.model, err)
	}
	m := &Model{cpu: cpu}
	if m.net, err = readNetwork(tensors, cpu); err != nil {
		return nil, fmt.Errorf("%s: %w", names.model, err)
	}
	if m.sourceVoc, err = sentencepiece.Parse(files.SourceVocab); err != nil {
		return nil, fmt.Errorf("%s: %w", names.source, err)
	}
	m.targetVoc, m.sharedVoc = m.sourceVoc, true
	if files.TargetVocab != nil {
		if m.targetVoc, err = sentencepiece.Parse(files.TargetVocab); err != nil {
			return nil, fmt.Errorf("%s: %w", names.target, err)
		}
		m.sharedVoc = string(files.SourceVocab) == string(files.TargetVocab)
	}
	target := cmp.Or(names.target, names.source)
	for _, v := range []struct {
		name        string
		size, limit int
	}{
		{names.source, m.sourceVoc.Len(), m.net.sourceWords},
		{target, m.targetVoc.Len(), m.net.targetWords},
	} {
		if v.size > v.limit {
			return nil, fmt.Errorf("%s: %d pieces, but %s has %d words", v.name, v.size, names.model, v.limit)
		}
	}
	if err := m.indexWords(); err != nil {
		return nil, fmt.Errorf("%s: %w", target, err)
	}
	if files.Shortlist != nil {
		if m.shortlist, err = readShortlist(files.Shortlist, m.net.targetWords); err != nil {
			return nil, fmt.Errorf("%s: %w", names.shortlist, err)
		}
	}
	return m, nil
}

// Close gives back the memory that the model's files are mapped to. The
// model must not be in use.
func (m *Model) Close() error {
	var problems []error
	for _, free := range m.release {
		problems = append(problems, free())
	}
	m.release = nil
	return errors.Join(problems...)
}

// CPU names the processor path that the model runs on.
func (m *Model) CPU() string { return m.cpu.Name() }
