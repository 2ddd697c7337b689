package marian

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// small is a toy that a test of files can afford.
func small(seed uint64) toy {
	return toy{dim: 16, hidden: 32, heads: 2, encoder: 2, decoder: 2, words: alphabet(6), bytes: true, seed: seed}
}

// npz is a NumPy archive of the tensors.
func npz(t testing.TB, tensors map[string]tensor, method uint16) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		x := tensors[name]
		descr := map[elementType]string{float32Type: "<f4", int8Type: "|i1"}[x.kind]
		header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s,), }", descr, strings.Trim(strings.ReplaceAll(fmt.Sprint(x.shape), " ", ", "), "[]"))
		header += strings.Repeat(" ", 63-(len(header)+10)%64) + "\n"
		w, err := z.CreateHeader(&zip.FileHeader{Name: name + ".npy", Method: method})
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte("\x93NUMPY\x01\x00"))
		w.Write(binary.LittleEndian.AppendUint16(nil, uint16(len(header))))
		w.Write([]byte(header))
		w.Write(x.data)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// list is a shortlist that allows every source word the given target words.
func list(words int, first uint64, targets func(source int) []uint32) []byte {
	var offsets, indices []byte
	n := 0
	for s := range words {
		offsets = binary.LittleEndian.AppendUint64(offsets, uint64(n))
		for _, id := range targets(s) {
			indices = binary.LittleEndian.AppendUint32(indices, id)
			n++
		}
	}
	offsets = binary.LittleEndian.AppendUint64(offsets, uint64(n))
	var body []byte
	for _, v := range []uint64{first, 50, uint64(words + 1), uint64(n)} {
		body = binary.LittleEndian.AppendUint64(body, v)
	}
	body = append(append(body, offsets...), indices...)
	out := binary.LittleEndian.AppendUint64(nil, shortlistMagic)
	return append(binary.LittleEndian.AppendUint64(out, shortlistSum(body)), body...)
}

func one(t testing.TB, m *Model, text string, o Options) Output {
	t.Helper()
	out, err := m.Translate(t.Context(), []Input{{Text: text}}, o)
	if err != nil {
		t.Fatal(err)
	}
	return out[0]
}

// TestFormats loads one model in all formats.
func TestFormats(t *testing.T) {
	y := small(9)
	files := y.files()
	want := one(t, loadOn(t, "", files), "abc de fab", Options{})
	for name, model := range map[string][]byte{
		"stored npz":     npz(t, y.tensors(), zip.Store),
		"compressed npz": npz(t, y.tensors(), zip.Deflate),
		"unaligned":      append([]byte{0}, files.Model...)[1:],
	} {
		f := files
		f.Model = model
		if got := one(t, loadOn(t, "", f), "abc de fab", Options{}); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s:\n%+v, want\n%+v", name, got, want)
		}
	}
	for _, alphas := range []bool{true, false} {
		f := files
		f.Model = writeBin(quantized(y.tensors(), alphas))
		m := loadOn(t, "", f)
		got := one(t, m, "abc de fab", Options{})
		if difference := math.Abs(got.Score - want.Score); difference > 0.2 {
			t.Errorf("int8, multipliers %v: score %v, float32 has %v", alphas, got.Score, want.Score)
		}
		// a row has its own multiplier: neighbours must not matter
		out, err := m.Translate(t.Context(), []Input{{Text: "fff e"}, {Text: "abc de fab"}, {Text: "a b c d e f"}}, Options{Threads: 1})
		if err != nil || fmt.Sprint(out[1]) != fmt.Sprint(got) {
			t.Errorf("int8, multipliers %v: %+v in a batch, %+v alone (%v)", alphas, out[1], got, err)
		}
	}
}

func TestSeparateVocabularies(t *testing.T) {
	y := small(2)
	y.separate = true
	m := y.load(t)
	if m.sharedVoc || m.net.source == m.net.target {
		t.Error("the vocabularies are one")
	}
	if out := one(t, m, "abc de", Options{}); out.Text == "" || out.Copied {
		t.Errorf("%+v", out)
	}
}

func TestShortlist(t *testing.T) {
	y := small(4)
	f := y.files()
	f.Shortlist = list(y.size(), 3, func(s int) []uint32 { return []uint32{uint32(260 + s%5)} })
	m := loadOn(t, "", f)
	out := one(t, m, "abc", Options{})
	part := m.newPart(Input{Text: "abc"}, 0, 3, Options{}.withDefaults())
	set := newWordSet(m.net.targetWords)
	m.shortlist.choose(set, part.source, true, nil)
	words := set.sorted()
	if len(words)%8 != 0 || !slices.IsSorted(words) {
		t.Errorf("words %v", words)
	}
	for _, id := range m.tokens(m.targetVoc.Encode(out.Text)) {
		if !slices.Contains(words, id) {
			t.Errorf("%q has word %d, not among %v", out.Text, id, words)
		}
	}
	f.Shortlist[len(f.Shortlist)-9] ^= 1
	if _, err := Load(f); err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("a changed shortlist: %v", err)
	}
	f.Shortlist = list(y.size(), 3, func(int) []uint32 { return []uint32{9999} })
	if _, err := Load(f); err == nil || !strings.Contains(err.Error(), "target word 9999") {
		t.Errorf("a shortlist of another vocabulary: %v", err)
	}
}

func TestOpen(t *testing.T) {
	y := small(1)
	y.separate = true
	f := y.files()
	shortlist := list(y.size(), 200, func(int) []uint32 { return nil })
	folder := fstest.MapFS{
		"model.enja.intgemm.alphas.bin": {Data: f.Model}, "srcvocab.enja.spm": {Data: f.SourceVocab}, "trgvocab.enja.spm": {Data: f.TargetVocab},
		"lex.50.50.enja.s2t.bin": {Data: shortlist}, "manifest.json": {Data: []byte("{}")},
	}
	embedded, err := OpenFS(folder)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, file := range folder {
		if err := os.WriteFile(filepath.Join(dir, name), file.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	mapped, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := one(t, embedded, "abc de", Options{}), one(t, mapped, "abc de", Options{}); fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("%+v and %+v", a, b)
	}
	if err := mapped.Close(); err != nil {
		t.Error(err)
	}
	for remove, want := range map[string]string{
		"model.enja.intgemm.alphas.bin": "no model*.bin",
		"trgvocab.enja.spm":             "without a trgvocab*.spm",
		"srcvocab.enja.spm":             "no vocab*.spm",
	} {
		less := maps.Clone(folder)
		delete(less, remove)
		if _, err := OpenFS(less); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("without %s: %v", remove, err)
		}
	}
	folder["model.fren.npz"] = &fstest.MapFile{}
	folder["model.fren.bin"] = &fstest.MapFile{}
	if _, err := OpenFS(folder); err == nil || !strings.Contains(err.Error(), "several files could be the model") {
		t.Errorf("two models: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "nothing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	if _, err := OpenFS(fstest.MapFS{}); !errors.Is(err, ErrNoModel) {
		t.Errorf("empty folder: %v", err)
	}
}

func TestOptionsRefused(t *testing.T) {
	text := small(1).options()
	for _, c := range []struct{ old, new, want string }{
		{"dec-cell: ssru", "dec-cell: gru", `option "dec-cell": "gru" is not supported`},
		{"transformer-postprocess: dan", "transformer-postprocess: da", `option "transformer-postprocess"`},
		{"type: transformer", "type: s2s", `option "type"`},
		{"type: transformer", "type: transformer\ntransformer-ffn-activation: swish", `option "transformer-ffn-activation": "swish"`},
		{"type: transformer", "type: transformer\ntransformer-tied-layers: [1, 1]", `option "transformer-tied-layers"`},
		{"type: transformer", "type: transformer\nwarp-drive: true", `unknown option "warp-drive"`},
		{"tied-embeddings-all: true", "tied-embeddings-all: false", `option "tied-embeddings"`},
		{"enc-depth: 2", "enc-depth: 0", `option "enc-depth"`},
		{"enc-depth: 2", "enc-depth: 2\nenc-depth: 2", `options:8`},
		{"transformer-heads: 2", "transformer-heads: 3", `option "transformer-heads"`},
		{"dim-emb: 16", "dim-emb: 99999999999999999999", `option "dim-emb"`},
		{"transformer-heads: 2\n", "", `option "transformer-heads"`},
		{"dec-cell: ssru\n", "", `option "dec-cell" is missing`},
	} {
		if _, err := parseConfig(strings.Replace(text, c.old, c.new, 1)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", c.new, err, c.want)
		}
	}
	if _, err := parseConfig(text + "transformer-tied-layers:\n  []\ninput-types:\n  []\ntransformer-preprocess: \"\"\n"); err == nil {
		t.Error("an option that stands twice is accepted")
	}
}

func TestParametersRefused(t *testing.T) {
	for _, c := range []struct {
		change func(map[string]tensor)
		want   string
	}{
		{func(m map[string]tensor) { delete(m, "encoder_l2_ffn_W1") }, `"encoder_l2_ffn_W1": missing`},
		{func(m map[string]tensor) { m["encoder_l3_self_Wq"] = m["encoder_l2_self_Wq"] }, `unknown parameter "encoder_l3_self_Wq"`},
		{func(m map[string]tensor) { m["encoder_l1_self_Wq"] = m["encoder_l1_ffn_W1"] }, `"encoder_l1_self_Wq": shape 16×32, want 16×16`},
		{func(m map[string]tensor) {
			m["decoder_l1_rnn_bf"] = floatTensor(slices.Repeat([]float32{float32(math.NaN())}, 16), 1, 16)
		}, `"decoder_l1_rnn_bf": element 0 is NaN`},
		{func(m map[string]tensor) { delete(m, optionsName) }, "no options"},
	} {
		tensors := small(1).tensors()
		c.change(tensors)
		f := small(1).files()
		f.Model = writeBin(tensors)
		if _, err := Load(f); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}

// TestTruncated loads beginnings of files and files with a byte changed.
func TestTruncated(t *testing.T) {
	f := small(1).files()
	for n := 0; n < len(f.Model); n += 1 + n/7 {
		cut := f
		cut.Model = f.Model[:n]
		if _, err := Load(cut); err == nil {
			t.Errorf("%d of %d bytes load", n, len(f.Model))
		}
	}
}

func FuzzModel(f *testing.F) {
	y := toy{dim: 8, hidden: 8, heads: 2, encoder: 1, decoder: 1, words: alphabet(2), seed: 1}
	f.Add(y.files().Model)
	f.Add(writeBin(quantized(y.tensors(), true)))
	f.Add(writeBin(quantized(y.tensors(), false)))
	f.Add(npz(f, y.tensors(), zip.Store))
	f.Add(npz(f, y.tensors(), zip.Deflate))
	vocabulary := y.vocabulary()
	f.Fuzz(func(t *testing.T, model []byte) {
		before := allocated()
		m, err := Load(Files{Model: model, SourceVocab: vocabulary})
		if grown := allocated() - before; grown > 100<<20 {
			t.Fatalf("%d bytes allocated for a file of %d", grown, len(model))
		}
		if err == nil {
			one(t, m, "ab a", Options{Beam: 2, Threads: 1})
		}
	})
}

func allocated() uint64 {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.TotalAlloc
}

func FuzzShortlist(f *testing.F) {
	f.Add(list(5, 2, func(s int) []uint32 { return []uint32{uint32(s)} }), true)
	f.Fuzz(func(t *testing.T, data []byte, mend bool) {
		if mend && len(data) > 16 { // a right checksum lets more through
			binary.LittleEndian.PutUint64(data[8:], shortlistSum(data[16:]))
		}
		s, err := readShortlist(data, 8)
		if err != nil {
			return
		}
		set := newWordSet(8)
		s.choose(set, []int32{0, 1, 7}, true, []int32{3})
		for _, id := range set.sorted() {
			if id < 0 || id >= 8 {
				t.Errorf("word %d", id)
			}
		}
	})
}

func FuzzOptions(f *testing.F) {
	f.Add(small(1).options())
	f.Add("a:\n  - 1\n  - \"x y\"\nb: [1, 2]\nc:\n  []\n")
	f.Fuzz(func(t *testing.T, text string) { parseConfig(text) })
}
